import * as z from 'zod';
import type { Secret } from '../../ports/secret.ts';
import { type KeysOf, secret } from '../../ports/secret-schema.ts';

/** How to sign in to Google Cloud. The names are the same as in the config. */
export const credentialKinds = ['default', 'service_account', 'workload_identity', 'anonymous'] as const;

export type CredentialKind = (typeof credentialKinds)[number];

/** Keys of a config for signing in. */
export const googleKeys = {
  credential: z.enum(credentialKinds).optional().meta({
    description:
      'How to sign in. default: the signed-in user, a service account in the cloud. service_account: by its key. workload_identity: by another system’s token. anonymous: public buckets. Without this key, the other keys decide.',
    default: 'default',
  }),
  key_file: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A JSON file with the key of a service account, or with the credential configuration of a workload identity. An absolute path.',
    ),
  service_account_json: secret().optional().describe('The content of a file as in key_file. A secret: keep it in a variable.'),
  workload_identity_provider: z
    .string()
    .min(1)
    .optional()
    .describe(
      'projects/<number>/locations/global/workloadIdentityPools/<pool>/providers/<provider>: the provider that accepts another system’s tokens.',
    ),
  service_account_email: z
    .string()
    .regex(/^[^@\s/:]+@[^@\s/:]+$/, 'the address of a service account')
    .optional()
    .describe('With workload_identity_provider: the service account to act as.'),
  subject_token_file: z.string().min(1).optional().describe('The file in which another system, such as Kubernetes, keeps its token.'),
  entra_audience: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Application ID URI, api://…: the token comes from Entra ID, for the managed identity or the user who is signed in to Azure.',
    ),
  entra_client_id: z.string().min(1).optional().describe('The id of the managed identity that requests the token, if there are several.'),
};

export type GoogleKeys = KeysOf<typeof googleKeys>;

export const googleKeyNames = Object.keys(googleKeys) as readonly (keyof GoogleKeys)[];

/** The keys that each kind uses. */
const takes: Readonly<Record<CredentialKind, readonly (keyof GoogleKeys)[]>> = {
  default: [],
  service_account: ['key_file', 'service_account_json'],
  workload_identity: ['workload_identity_provider', 'service_account_email', 'subject_token_file', 'entra_audience', 'entra_client_id'],
  anonymous: [],
};

/** The kind in the config, else the kind that follows from the given keys. */
export function credentialKind(keys: GoogleKeys): CredentialKind {
  if (keys.credential !== undefined) return keys.credential;
  if (keys.key_file !== undefined || keys.service_account_json !== undefined) return 'service_account';
  return keys.workload_identity_provider === undefined ? 'default' : 'workload_identity';
}

const provider = /^(\/\/iam\.googleapis\.com\/)?projects\/\d+\/locations\/[\w-]+\/workloadIdentityPools\/[\w-]+\/providers\/[\w-]+$/;
const exampleOfProvider = 'projects/123456789/locations/global/workloadIdentityPools/pool/providers/entra';

/** Keys that are missing or contradict each other: the key to change, and what this key needs, or a sentence. */
export function googleClash(keys: GoogleKeys): { readonly key: string; readonly needs: string } | undefined {
  const kind = credentialKind(keys);
  const idle = googleKeyNames.find((key) => key !== 'credential' && keys[key] !== undefined && !takes[kind].includes(key));
  if (idle !== undefined) return { key: idle, needs: `With credential ${kind}, ${idle} means nothing` };
  if (kind === 'service_account') return keyClash(keys);
  return kind === 'workload_identity' ? federationClash(keys) : undefined;
}

function keyClash({ key_file, service_account_json }: GoogleKeys): { readonly key: string; readonly needs: string } | undefined {
  if (key_file !== undefined && service_account_json !== undefined)
    return { key: 'service_account_json', needs: 'Either key_file or service_account_json, not both' };
  if (service_account_json !== undefined)
    return isKey(service_account_json)
      ? undefined
      : { key: 'service_account_json', needs: 'The whole JSON of the key, with client_email and private_key, is needed' };
  return key_file === undefined
    ? { key: 'key_file', needs: 'Credential service_account needs key_file or service_account_json' }
    : undefined;
}

function federationClash(keys: GoogleKeys): { readonly key: string; readonly needs: string } | undefined {
  const { workload_identity_provider: written, subject_token_file, entra_audience, entra_client_id } = keys;
  if (written === undefined || !provider.test(written))
    return {
      key: 'workload_identity_provider',
      needs: `Credential workload_identity needs the provider’s full name: ${exampleOfProvider}`,
    };
  if (subject_token_file !== undefined && entra_audience !== undefined)
    return { key: 'entra_audience', needs: 'Either subject_token_file or entra_audience, not both' };
  if (subject_token_file === undefined && entra_audience === undefined)
    return {
      key: 'subject_token_file',
      needs: 'Credential workload_identity needs subject_token_file or entra_audience, for the token to exchange',
    };
  return entra_client_id !== undefined && entra_audience === undefined
    ? { key: 'entra_client_id', needs: 'Without entra_audience, entra_client_id means nothing' }
    : undefined;
}

/** https://cloud.google.com/iam/docs/keys-create-delete */
function isKey(key: Secret): boolean {
  try {
    const read = JSON.parse(key.reveal()) as { readonly client_email?: unknown; readonly private_key?: unknown } | null;
    return typeof read?.client_email === 'string' && typeof read.private_key === 'string';
  } catch {
    return false;
  }
}

/** The ways to sign in, by the kind of credential: for HYG-6402. */
export function waysToSignIn(kind: CredentialKind): readonly string[] {
  switch (kind) {
    case 'default':
      return [
        'On your machine: gcloud auth application-default login',
        'On Google Cloud: give the machine or service that runs hygge a service account.',
        'Elsewhere: workload_identity_provider with subject_token_file or entra_audience, or key_file, or service_account_json.',
      ];
    case 'service_account':
      return [
        'Check that key_file or service_account_json is whole, and that neither the key nor its account was disabled or deleted.',
        'Check the clock of this machine: signatures are valid for an hour from the time of this clock.',
      ];
    case 'workload_identity':
      return [
        'Check the provider: its issuer, its allowed audiences and its condition must fit the token of subject_token_file or entra_audience.',
        'With service_account_email: grant the principal of the pool the role Workload Identity User (roles/iam.workloadIdentityUser) on this account.',
      ];
    case 'anonymous':
      return ['The bucket is not public: sign in with credential: default.'];
  }
}

/** The right to read or write that is missing, in the terms of the service: for HYG-6401. */
export function rightTo(kind: CredentialKind, doing: 'read' | 'write', place: string): string {
  if (kind === 'anonymous')
    return doing === 'read' ? `a credential, or make ${place} public` : 'a credential: anonymous writes are refused';
  return `the role ${roleTo(doing)} on ${place}`;
}

export function roleTo(doing: 'read' | 'write'): string {
  return doing === 'read' ? 'Storage Object Viewer (roles/storage.objectViewer)' : 'Storage Object User (roles/storage.objectUser)';
}
