import { hash } from 'node:crypto';
import type { AgentOptions } from 'node:https';
import { ConnectionError, HyggeError } from '../../errors/hygge-error.ts';
import { mustBeResolved } from '../../errors/unresolved-setting.ts';
import type { Network } from '../../ports/network.ts';
import { entraToken } from '../azure/credential.ts';
import { shown } from '../sent-request.ts';
import { signingIn, type TokenFailure } from '../sign-in.ts';
import { answerIn, endingOf, isPassing } from './answer.ts';
import { type AwsKeys, credentialKind, waysToSignIn } from './keys.ts';

/** The keys that sign requests. */
interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** The current keys. The SDK renews the keys some minutes before `expiration`. */
export type KeySource = () => Promise<Keys>;

interface CredentialContext {
  readonly network: Network;
  readonly region: string;
  readonly sockets: AgentOptions;
}

/**
 * The credentials of the process at AWS. Throws ConnectionError HYG-6402 if signing in is impossible, HYG-6052 if the service that signs in does not
 * answer.
 */
export function credentialsOf(keys: AwsKeys, asking: CredentialContext): KeySource {
  let source: Promise<KeySource> | undefined;
  const ask = async (): Promise<Keys> => {
    source ??= sourceOf(keys, asking);
    try {
      return await (await source)();
    } catch (error) {
      source = undefined;
      throw error;
    }
  };
  return async () => {
    try {
      return await signingIn(serviceOf(keys), ask, { network: asking.network, judge: (error) => lost(error, keys) });
    } catch (error) {
      throw error instanceof HyggeError ? error : unsigned(error, keys);
    }
  };
}

function serviceOf(keys: AwsKeys): string {
  return keys.sts_endpoint ?? 'the token service of AWS';
}

/** The failure of a request for keys. Undefined: the service answered, but gave no keys. */
function lost(error: unknown, keys: AwsKeys): TokenFailure | undefined {
  if (error instanceof HyggeError) return undefined;
  const answer = answerIn(error);
  if (isPassing(answer)) return { ...answer, service: serviceOf(keys), ending: endingOf(answer) };
  // After a failure, the SDK tries the next way to sign in, and reports only the failure of the last way.
  const isMeant = credentialKind(keys) === 'default' && inContainer.some((name) => (process.env[name] ?? '') !== '');
  if (!isMeant || answer.status !== undefined) return undefined;
  return { service: 'the credentials endpoint of this container', status: undefined, code: '', ending: 'undone', retryAfterMs: undefined };
}

/** The variables with the address where a container of AWS requests its identity. */
const inContainer = ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AWS_CONTAINER_CREDENTIALS_FULL_URI'];

/** A text that distinguishes identities without showing their names. Part of the key under which connections are shared. */
export function identityKey(keys: AwsKeys): string {
  const hidden = [keys.secret_access_key, keys.session_token].map((secret) => secret?.reveal() ?? '');
  return hash('sha256', JSON.stringify([{ ...keys, credential: credentialKind(keys) }, hidden]));
}

async function sourceOf(keys: AwsKeys, { network, region, sockets }: CredentialContext): Promise<KeySource> {
  const kind = credentialKind(keys);
  if (kind === 'anonymous') return async () => nobody;
  if (kind === 'keys') return async () => pairOf(keys) ?? nobody;
  // The SDK reads these variables from the environment of the process.
  mustBeResolved(process.env, /^AWS_/);
  const { fromNodeProviderChain, fromTemporaryCredentials, fromTokenFile, fromWebToken } = await import('@aws-sdk/credential-providers');
  const { profile, role_arn: roleArn = '', role_session_name: roleSessionName = 'hygge', external_id: ExternalId, sts_endpoint } = keys;
  const requestHandler = { httpAgent: sockets, httpsAgent: sockets };
  // `signingIn` repeats requests, so the SDK must not repeat them.
  const clientConfig = { region, maxAttempts: 1, requestHandler, ...(sts_endpoint === undefined ? {} : { endpoint: sts_endpoint }) };
  const named = profile === undefined ? {} : { profile };
  if (kind === 'default') return fromNodeProviderChain({ ...named, clientConfig });
  if (kind === 'assume_role') {
    const params = { RoleArn: roleArn, RoleSessionName: roleSessionName, ...(ExternalId === undefined ? {} : { ExternalId }) };
    const masterCredentials = pairOf(keys) ?? fromNodeProviderChain({ ...named, clientConfig: { region, maxAttempts: 1, requestHandler } });
    return fromTemporaryCredentials({ params, masterCredentials, clientConfig });
  }
  const { token_file: webIdentityTokenFile, entra_audience = '', entra_client_id } = keys;
  if (webIdentityTokenFile !== undefined) return fromTokenFile({ webIdentityTokenFile, roleArn, roleSessionName, clientConfig });
  return async () =>
    fromWebToken({
      webIdentityToken: await entraToken(network, entra_audience, entra_client_id ?? null),
      roleArn,
      roleSessionName,
      clientConfig,
    })();
}

function pairOf({ access_key_id: accessKeyId, secret_access_key, session_token }: AwsKeys): Keys | undefined {
  if (accessKeyId === undefined || secret_access_key === undefined) return undefined;
  const secretAccessKey = secret_access_key.reveal();
  return { accessKeyId, secretAccessKey, ...(session_token === undefined ? {} : { sessionToken: session_token.reveal() }) };
}

const nobody: Keys = { accessKeyId: '', secretAccessKey: '' };

function unsigned(error: unknown, keys: AwsKeys): ConnectionError {
  const kind = credentialKind(keys);
  const answer = answerIn(error);
  const from = keys.role_arn ?? keys.profile ?? 'AWS';
  const named = shown(answer);
  const message = error instanceof Error ? error.message.split('\n', 1)[0] : '';
  const said = message ? `${named}: ${message}` : `${named}.`;
  return new ConnectionError({
    code: 'HYG-6402',
    what: kind === 'default' ? 'No one is signed in to AWS here.' : `No one can be signed in as ${from}.`,
    why: [said],
    tryThis: waysToSignIn(kind),
  });
}
