import { hash } from 'node:crypto';
import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import type { TokenCredential, TokenCredentialOptions } from '@azure/identity';
import type { AnonymousCredential, StorageSharedKeyCredential } from '@azure/storage-blob';
import { mustBeResolved, settingIn } from '../../errors/unresolved-setting.ts';
import type { Network } from '../../ports/network.ts';
import { Secret } from '../../ports/secret.ts';
import { secretValuesOf } from '../../ports/secrets/values.ts';
import { retryAfter } from '../http-outcome.ts';
import { endingOf, type RequestOutcome } from '../sent-request.ts';
import { signingIn, type TokenFailure } from '../sign-in.ts';
import { answerIn } from './answer.ts';
import { authorityHost, publicHost } from './authorities.ts';
import { readConnectionString } from './connection-string.ts';
import { type AzureKeys, credentialKind } from './keys.ts';

/** The options of the storage SDKs (Blob and Data Lake) in addition to an address. */
export interface SignIn {
  readonly credential: TokenCredential | StorageSharedKeyCredential | AnonymousCredential;
  /** The query for every address, `sv=…&sig=…` without `?`; null: none. */
  readonly query: Secret | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The account to sign in to. A key belongs to the name of the account; the cloud of its address issues the tokens. */
interface Account {
  readonly account: string;
  readonly accountUrl: string;
}

export async function signIn(keys: AzureKeys, { account, accountUrl }: Account, { network, env }: CredentialContext): Promise<SignIn> {
  const kind = credentialKind(keys);
  switch (kind) {
    case 'storage_key':
      return byKey(account, keys.storage_account_key);
    case 'connection_string': {
      const read = keys.connection_string && readConnectionString(keys.connection_string);
      return read?.key ? byKey(read.account ?? account, read.key) : byQuery(read?.sas ?? null);
    }
    case 'sas':
      return byQuery(keys.sas_token ?? null);
    case 'anonymous':
      return byQuery(null);
    default:
      return { credential: await tokens({ ...keys, credential: kind }, accountUrl, { network, env }), query: null };
  }
}

async function byKey(account: string, key: Secret | undefined): Promise<SignIn> {
  const { StorageSharedKeyCredential } = await import('@azure/storage-blob');
  return { credential: new StorageSharedKeyCredential(account, key?.reveal() ?? ''), query: null };
}

async function byQuery(query: Secret | null): Promise<SignIn> {
  const { AnonymousCredential } = await import('@azure/storage-blob');
  return { credential: new AnonymousCredential(), query: query && new Secret(query.reveal().replace(/^\?/, '')) };
}

/**
 * The identity of the process at Entra ID: a managed identity in the cloud, the signed-in account on a laptop.
 * @param clientId one of several user-assigned identities; null: AZURE_CLIENT_ID, or the only one.
 * @param accountUrl the account; null: not an account of Azure.
 */
export function defaultCredential(network: Network, clientId: string | null, accountUrl: string | null): Promise<TokenCredential> {
  return tokens({ credential: 'default', client_id: clientId ?? undefined }, accountUrl, { network, env: {} });
}

/**
 * The identity that a config names, for an API that trusts Entra ID.
 * @param of.accountUrl the API. @param of.anew how often the API refused a token that had not expired. A higher number drops the
 * SDK’s cached token.
 */
export function apiCredential(
  network: Network,
  keys: AzureKeys,
  { accountUrl, anew }: { readonly accountUrl: string; readonly anew: number },
): Promise<TokenCredential> {
  return tokens({ ...keys, credential: credentialKind(keys) }, accountUrl, { network, env: process.env }, anew);
}

/**
 * A token of the managed identity or the signed-in account, for a service that trusts Entra ID and issues another token in exchange.
 * @param audience the Application ID URI of the token. Throws the errors of @azure/identity.
 */
export async function entraToken(network: Network, audience: string, clientId: string | null): Promise<string> {
  const credential = await defaultCredential(network, clientId, null);
  return (await credential.getToken(`${audience}/.default`))?.token ?? '';
}

/** The process and the environment of the sign-in. */
interface CredentialContext {
  readonly network: Network;
  readonly env: Environment;
}

/** The token source of an identity. A process has one source for each identity, because the source keeps tokens and renews them. */
function tokens(keys: AzureKeys, accountUrl: string | null, { network, env }: CredentialContext, anew = 0): Promise<TokenCredential> {
  const { credential, tenant_id, client_id, client_secret, client_certificate_path } = keys;
  const clientId = client_id ?? settingIn(env, 'AZURE_CLIENT_ID') ?? settingIn(env, 'AzureWebJobsStorage__clientId');
  const secret = client_secret && hash('sha256', client_secret.reveal());
  // The SDK reads other variables from the environment of the process, even if `env` has other values.
  if (credential !== 'service_principal') mustBeResolved(process.env, /^AZURE_/);
  const host = authorityHost(accountUrl, env);
  // For the public cloud no host is given, so the SDK uses its default or the environment.
  const authority = host === publicHost ? undefined : `https://${host}`;
  const identity = JSON.stringify([credential, tenant_id, clientId, secret, client_certificate_path, authority, anew]);
  return network.kept('tokens of Entra ID', identity, () => checked({ ...keys, client_id: clientId }, authority, { network, env }));
}

/** A credential that reports a wrong key or file only when a token is needed, as a sign-in error. */
async function checked(keys: AzureKeys, authority: string | undefined, { network, env }: CredentialContext): Promise<TokenCredential> {
  const [identity, { createDefaultHttpClient }] = await Promise.all([import('@azure/identity'), import('@azure/core-rest-pipeline')]);
  const requests = new TokenRequests();
  // Requests are repeated here and not by the SDK, whose retries have no deadline and no cancellation.
  const options = { httpClient: requests.clientOver(createDefaultHttpClient()), retryOptions: { maxRetries: 0 } };
  let made: TokenCredential | undefined;
  const ask: TokenCredential['getToken'] = async (scopes, how) => {
    requests.forget();
    try {
      made ??= make(identity, keys, { env, authority, options });
      const token = await made.getToken(scopes, how);
      if (token !== null) secretValuesOf(network).add(token.token);
      return token;
    } catch (error) {
      // If the service requested a pause, the SDK’s credential then sends no request for a minute. So a new credential is made.
      made = undefined;
      const { unsigned, message } = answerIn(error);
      throw unsigned || (error instanceof Error && error.name === 'RestError') ? error : new identity.CredentialUnavailableError(message);
    }
  };
  return {
    getToken: (scopes, how) =>
      signingIn(authority ?? publicHost, () => ask(scopes, how), { network, judge: (error) => requests.failure() ?? lostByTool(error) }),
  };
}

/** The failure of a command-line tool, which sends its own requests to sign in and reports errors in its own words. */
function lostByTool(error: unknown): TokenFailure | undefined {
  const { message } = answerIn(error);
  const lost =
    /getaddrinfo|failed to (?:resolve|establish a new connection)|max retries exceeded|connection (?:reset|aborted|refused)|temporary failure in name resolution/i;
  const said = lost.exec(error instanceof Error ? error.message : message)?.[0];
  return said === undefined ? undefined : { service: publicHost, status: undefined, code: said, ending: 'undone', retryAfterMs: undefined };
}

function make(
  identity: typeof import('@azure/identity'),
  keys: AzureKeys,
  { env, authority, options }: { env: Environment; authority: string | undefined; options: TokenCredentialOptions },
): TokenCredential {
  const at = authority === undefined ? options : { ...options, authorityHost: authority };
  const { client_id: clientId, client_secret, client_certificate_path } = keys;
  const client = clientId === undefined ? {} : { clientId };
  const tenant = keys.tenant_id === undefined ? {} : { tenantId: keys.tenant_id };
  const [tenantId, mine] = [keys.tenant_id ?? '', clientId ?? ''];
  switch (keys.credential) {
    case 'managed_identity':
      return new identity.ManagedIdentityCredential({ ...options, ...client });
    case 'workload_identity': {
      const tokenFilePath = env.AZURE_FEDERATED_TOKEN_FILE;
      return new identity.WorkloadIdentityCredential({
        ...at,
        ...tenant,
        ...client,
        ...(tokenFilePath === undefined ? {} : { tokenFilePath }),
      });
    }
    case 'service_principal':
      return client_certificate_path === undefined
        ? new identity.ClientSecretCredential(tenantId, mine, client_secret?.reveal() ?? '', at)
        : new identity.ClientCertificateCredential(tenantId, mine, client_certificate_path, at);
    default:
      return new identity.DefaultAzureCredential({
        ...at,
        ...tenant,
        ...(clientId === undefined ? {} : { managedIdentityClientId: clientId }),
      });
  }
}

/** The address where a machine of Azure requests its own identity. On machines outside of Azure this address never answers, so a missing answer is not a failure of the network. */
const machineHost = '169.254.169.254';

/** Statuses of a machine's identity that is still being created, or moved: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#error-handling */
const notYet: ReadonlySet<number> = new Set([404, 410]);

/**
 * The requests for tokens of one identity. The SDK reports their outcome only in nested error sentences, so the requests themselves
 * are observed.
 */
class TokenRequests {
  #last: (RequestOutcome & { readonly host: string; readonly retryAfterMs: number | undefined }) | undefined;
  readonly #answered = new Set<string>();

  /** An HTTP client for the SDK, whose requests are observed. */
  clientOver(http: HttpClient): HttpClient {
    return { sendRequest: (request) => this.#send(http, request) };
  }

  async #send(http: HttpClient, request: PipelineRequest): Promise<PipelineResponse> {
    const { host } = new URL(request.url);
    try {
      const response = await http.sendRequest(request);
      this.#answered.add(host);
      const wait = retryAfter((name) => response.headers.get(name));
      this.#last = { host, status: response.status, code: '', retryAfterMs: wait };
      return response;
    } catch (error) {
      const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
      this.#last = { host, status: undefined, code: String(code ?? name ?? ''), retryAfterMs: undefined };
      throw error;
    }
  }

  /** Forgets the earlier outcome. Called before the next token is requested. */
  forget(): void {
    this.#last = undefined;
  }

  /** Why there is no token: the last request for a token was lost, or the service asked for a retry. Undefined: another reason. */
  failure(): TokenFailure | undefined {
    const last = this.#last;
    if (last === undefined) return undefined;
    const { host, status, retryAfterMs } = last;
    const isMachine = host === machineHost || !host.includes('.') || host.startsWith('127.0.0.1') || host.startsWith('localhost');
    if (host === machineHost && status === undefined && !this.#answered.has(host)) return undefined;
    const isPassing = status === undefined || status === 408 || status === 429 || status >= 500 || (isMachine && notYet.has(status));
    const code = last.code;
    const ending = endingOf({ status, code }, isPassing);
    if (ending === 'final') return undefined;
    return { service: isMachine ? 'the managed identity of this machine' : host, status, code, ending, retryAfterMs };
  }
}
