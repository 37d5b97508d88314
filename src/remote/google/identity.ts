import { hash } from 'node:crypto';
import type { AuthClient, AwsClient as Aws, IdentityPoolClientOptions, UserRefreshClientOptions } from 'google-auth-library';
import { mustBeResolved } from '../../errors/unresolved-setting.ts';
import type { Network } from '../../ports/network.ts';
import type { Waiting } from '../../ports/retry.ts';
import { secretValuesOf } from '../../ports/secrets/values.ts';
import { entraToken } from '../azure/credential.ts';
import { signingIn, type TokenFailure } from '../sign-in.ts';
import { endedIn, endingOf, isPassing } from './answer.ts';
import { credentialKind, type GoogleKeys } from './keys.ts';

/** Headers of a request that prove its sender: lower-case name, value. */
export type Proof = Readonly<Record<string, string>>;

/** The identity of the process at Google. It keeps its token, and renews it some minutes before it expires. */
export interface Identity {
  /** Throws the library’s error if signing in is impossible; `endedIn` reads this error. */
  proof(): Promise<Proof>;
  /** Must be called if a proof was refused, so that the next proof is a new one. */
  disbelieved(proof: Proof): void;
}

type ReadFile = (path: string) => Promise<string>;

/** The usual scope of a token: the right to read, write and remove objects, but no right to buckets or other products. */
const usualScope = 'https://www.googleapis.com/auth/devstorage.read_write';

const nobody: Identity = { proof: async () => ({}), disbelieved: () => undefined };

interface IdentityRequest {
  readonly network: Network;
  /** Reads the text of a file of this machine. */
  readonly read: ReadFile;
  readonly waiting: Partial<Waiting> | undefined;
  /** The scope of the tokens; absent: read, write and remove objects. */
  readonly scope?: string;
}

/** The identity that a config names. A process shares one object for each identity. */
export function identityOf(keys: GoogleKeys, asking: IdentityRequest): Identity {
  if (credentialKind(keys) === 'anonymous') return nobody;
  const key = hash('sha256', JSON.stringify({ ...keys, service_account_json: keys.service_account_json?.reveal(), scope: asking.scope }));
  return asking.network.kept('identities at Google', key, () => kept(keys, asking));
}

/** An identity that keeps its client. The library is loaded when the first proof is needed. After a failed start, the next call tries again. */
function kept(keys: GoogleKeys, { network, read, waiting, scope = usualScope }: IdentityRequest): Identity {
  let client: Promise<AuthClient> | undefined;
  let last: Proof = {};
  return {
    proof() {
      const ask = async (): Promise<Proof> => {
        client ??= clientOf(keys, { network, read, scope }).then(sentOnce);
        const started = await client.catch((error: unknown) => {
          client = undefined;
          throw error;
        });
        last = Object.fromEntries(await started.getRequestHeaders());
        secretValuesOf(network).add((last.authorization ?? '').replace(/^\w+ /, ''));
        return last;
      };
      return signingIn('the token service of Google', ask, { network, judge: lost, waiting });
    },
    disbelieved(proof) {
      // If many requests with one token are refused, only the first refusal discards the token.
      if (proof.authorization !== last.authorization) return;
      client = undefined;
      last = {};
    },
  };
}

/** A client that sends each request once. `signingIn` repeats requests, because the library’s own retries have no deadline and no cancellation. */
function sentOnce(client: AuthClient): AuthClient {
  // Tokens of other systems are exchanged by an inner client with its own transporter, so the inner client is changed too.
  const { stsCredential: exchange } = client as unknown as { readonly stsCredential?: Pick<AuthClient, 'transporter'> };
  for (const { transporter } of exchange === undefined ? [client] : [client, exchange])
    transporter.interceptors.request.add({
      resolved: async (request) => {
        request.retryConfig = { ...request.retryConfig, retry: 0 };
        return request;
      },
    });
  return client;
}

/** The failure of a request for a token. Undefined: the service answered, but gave no token. */
function lost(error: unknown): TokenFailure | undefined {
  const ended = endedIn(error);
  return isPassing(ended) ? { ...ended, service: 'the token service of Google', ending: endingOf(ended) } : undefined;
}

/** The token service, the reader of keys, and the scope of the token. */
type Client = Pick<IdentityRequest, 'network' | 'read'> & { readonly scope: string };

async function clientOf(keys: GoogleKeys, { network, read, scope }: Client): Promise<AuthClient> {
  const { key_file, service_account_json } = keys;
  if (service_account_json !== undefined) return fromConfiguration(service_account_json.reveal(), scope);
  if (key_file !== undefined) return fromConfiguration(await read(key_file), scope);
  if (credentialKind(keys) === 'workload_identity') return federated(keys, network, scope);
  const { GoogleAuth } = await import('google-auth-library');
  // A project is given so that the library does not search for a project. hygge needs no project, and the search would query hosts that may be unreachable.
  // The library reads these variables from the environment of the process.
  mustBeResolved(process.env, /^GOOGLE_|^GCLOUD_/);
  return new GoogleAuth({ scopes: [scope], projectId: 'none' }).getClient();
}

class NotAKey extends Error {
  override readonly name = 'NotAKey';
  readonly code = 'neither a service account’s key nor a credential configuration';
}

/** A client from one of Google’s JSON files: the key of a service account, the configuration of a workload identity, or the sign-in of a person. */
async function fromConfiguration(text: string, scope: string): Promise<AuthClient> {
  const { AwsClient, IdentityPoolClient, JWT, UserRefreshClient } = await import('google-auth-library');
  const json = asObject(text);
  const { client_email: email, private_key: key, client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken } = json;
  if (email !== undefined && key !== undefined) return new JWT({ email, key, scopes: [scope] });
  if (refreshToken !== undefined) return new UserRefreshClient({ clientId, clientSecret, refreshToken } as UserRefreshClientOptions);
  const source: unknown = json.credential_source;
  if (json.type !== 'external_account' || typeof source !== 'object' || source === null) throw new NotAKey();
  const configuration: unknown = { ...json, scopes: [scope] };
  if ('environment_id' in source) return new AwsClient(configuration as ConstructorParameters<typeof Aws>[0]);
  return new IdentityPoolClient(configuration as IdentityPoolClientOptions);
}

/** The object in a JSON text. The parser’s error would quote the text, which may be a secret, so another error is thrown. */
function asObject(text: string): Readonly<Record<string, string | undefined>> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, string | undefined>;
  } catch {
    throw new NotAKey();
  }
}

/**
 * Exchanges a token of another identity provider for one of Google's, so that no secret is stored:
 * https://cloud.google.com/iam/docs/workload-identity-federation
 */
async function federated(keys: GoogleKeys, network: Network, scope: string): Promise<AuthClient> {
  const { IdentityPoolClient } = await import('google-auth-library');
  const { workload_identity_provider: provider = '', service_account_email: email, subject_token_file: file } = keys;
  const { entra_audience = '', entra_client_id } = keys;
  const host = '//iam.googleapis.com/';
  return new IdentityPoolClient({
    type: 'external_account',
    audience: provider.startsWith(host) ? provider : host + provider,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    scopes: [scope],
    ...(email === undefined
      ? {}
      : {
          service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${email}:generateAccessToken`,
        }),
    ...(file === undefined
      ? { subject_token_supplier: { getSubjectToken: () => entraToken(network, entra_audience, entra_client_id ?? null) } }
      : { credential_source: { file } }),
  });
}
