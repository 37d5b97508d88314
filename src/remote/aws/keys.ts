import * as z from 'zod';
import { type KeysOf, plainAddress, secret } from '../../ports/secret-schema.ts';

/** How to sign in to AWS, or to an S3-compatible service. The names are the same as in the config. */
export const credentialKinds = ['default', 'keys', 'assume_role', 'web_identity', 'anonymous'] as const;

export type CredentialKind = (typeof credentialKinds)[number];

const text = z.string().min(1);

/** Keys of a config for signing in. */
export const awsKeys = {
  credential: z
    .enum(credentialKinds)
    .optional()
    .describe(
      'How to sign in. default: environment, profile, SSO, or the role of the machine or service. Without this key, the other keys decide.',
    ),
  profile: text.optional().describe('A profile of ~/.aws/config.'),
  access_key_id: text.optional().describe('An access key.'),
  secret_access_key: secret().optional().describe('The secret of that access key.'),
  session_token: secret().optional().describe('Of temporary keys.'),
  role_arn: text
    .optional()
    .describe('A role to assume: arn:aws:iam::123456789012:role/hygge. With token_file or entra_audience, in exchange for their token.'),
  role_session_name: text
    .regex(/^[\w+=,.@-]{2,64}$/, '2 to 64 letters, digits and +=,.@-')
    .optional()
    .describe('The name of the session in CloudTrail. Default: hygge.'),
  external_id: text.optional().describe('The external ID that the trust policy of the role requires.'),
  token_file: text.optional().describe('A file with an OpenID Connect token. hygge exchanges the token for the role in role_arn.'),
  entra_audience: text
    .optional()
    .describe(
      'The Application ID URI for a token of Entra ID. hygge exchanges the token for the role in role_arn, so no key of AWS is stored in Azure.',
    ),
  entra_client_id: text.optional().describe('The id of the managed identity that requests the token, if there are several.'),
  sts_endpoint: plainAddress.optional().describe('The address of the service that grants roles, if it is not AWS’s own.'),
};

export type AwsKeys = KeysOf<typeof awsKeys>;

export const awsKeyNames = Object.keys(awsKeys) as readonly (keyof AwsKeys)[];

type Key = keyof AwsKeys;
const own: readonly Key[] = ['access_key_id', 'secret_access_key', 'session_token'];
const role: readonly Key[] = ['role_arn', 'role_session_name', 'sts_endpoint'];

/** The keys that each kind uses. */
const takes: Readonly<Record<CredentialKind, readonly Key[]>> = {
  default: ['profile'],
  keys: own,
  assume_role: [...role, ...own, 'profile', 'external_id'],
  web_identity: [...role, 'token_file', 'entra_audience', 'entra_client_id'],
  anonymous: [],
};

/** The kind in the config, else the kind that follows from the given keys. */
export function credentialKind(keys: AwsKeys): CredentialKind {
  if (keys.credential !== undefined) return keys.credential;
  if (keys.token_file !== undefined || keys.entra_audience !== undefined) return 'web_identity';
  if (keys.role_arn !== undefined) return 'assume_role';
  return keys.access_key_id === undefined && keys.secret_access_key === undefined ? 'default' : 'keys';
}

export interface KeyClash {
  readonly key: string;
  /** The missing key or value. A text that begins with a capital letter is a sentence. */
  readonly needs: string;
}

/** Keys that are missing or contradict each other. */
export function awsClash(keys: AwsKeys): KeyClash | undefined {
  const kind = credentialKind(keys);
  const idle = awsKeyNames.find((key) => key !== 'credential' && keys[key] !== undefined && !takes[kind].includes(key));
  if (idle !== undefined) return { key: idle, needs: `With credential ${kind}, ${idle} means nothing` };
  return pairClash(keys, kind) ?? roleClash(keys, kind);
}

function pairClash({ access_key_id, secret_access_key, session_token, profile }: AwsKeys, kind: CredentialKind): KeyClash | undefined {
  if (access_key_id !== undefined && profile !== undefined) return { key: 'profile', needs: 'Either access_key_id or profile, not both' };
  if (access_key_id !== undefined && secret_access_key === undefined)
    return { key: 'secret_access_key', needs: 'An access_key_id needs its secret_access_key' };
  const wanted = kind === 'keys' || secret_access_key !== undefined || session_token !== undefined;
  return wanted && access_key_id === undefined
    ? { key: 'access_key_id', needs: 'Credential keys needs access_key_id and secret_access_key' }
    : undefined;
}

function roleClash(keys: AwsKeys, kind: CredentialKind): KeyClash | undefined {
  if (kind !== 'assume_role' && kind !== 'web_identity') return undefined;
  const { role_arn, token_file, entra_audience, entra_client_id } = keys;
  if (role_arn === undefined) return { key: 'role_arn', needs: `Credential ${kind} needs role_arn` };
  if (!/^arn:[\w-]+:iam::\d*:role\/.+/.test(role_arn))
    return { key: 'role_arn', needs: 'A role is named arn:aws:iam::<account>:role/<name>' };
  if (token_file !== undefined && entra_audience !== undefined)
    return { key: 'entra_audience', needs: 'Either token_file or entra_audience, not both' };
  if (kind === 'web_identity' && token_file === undefined && entra_audience === undefined)
    return { key: 'token_file', needs: 'Credential web_identity needs token_file or entra_audience, for the token to exchange' };
  return entra_client_id !== undefined && entra_audience === undefined
    ? { key: 'entra_client_id', needs: 'Without entra_audience, entra_client_id means nothing' }
    : undefined;
}

/** The ways to sign in, by the kind of credential: for HYG-6402. */
export function waysToSignIn(kind: CredentialKind): readonly string[] {
  switch (kind) {
    case 'default':
      return [
        'On your machine: aws sso login, or aws configure. profile chooses one of several profiles.',
        'On AWS: give the machine or service that runs hygge a role.',
        'Elsewhere: role_arn with entra_audience or token_file, or access_key_id and secret_access_key.',
      ];
    case 'keys':
      return [
        'Check that access_key_id and secret_access_key are whole, belong together, and were not renewed or disabled.',
        'Temporary keys also need session_token, and expire after some hours.',
      ];
    case 'assume_role':
      return [
        'Check role_arn, and that the trust policy of that role lets this account assume the role (sts:AssumeRole; external_id, if the policy requires it).',
        'This account must be known to AWS as well: aws sts get-caller-identity.',
      ];
    case 'web_identity':
      return [
        'Check role_arn, and that its trust policy names the identity provider, the audience and the subject of the token (sts:AssumeRoleWithWebIdentity).',
        'Check token_file, or that entra_audience is the Application ID URI that the identity provider in IAM has as its audience.',
      ];
    case 'anonymous':
      return ['The bucket is not public: write access_key_id and secret_access_key, or remove credential.'];
  }
}
