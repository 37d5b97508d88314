import { hash } from 'node:crypto';
import { Agent } from 'node:https';
import type { Pipeline, RequestPolicyFactory } from '@azure/storage-blob';
import type { Network } from '../../ports/network.ts';
import { Secret } from '../../ports/secret.ts';
import { signIn } from '../../remote/azure/credential.ts';
import { type AzureKeys, azureKeyNames } from '../../remote/azure/keys.ts';
import { agentsKnowProxies, isBehindProxy } from '../../remote/proxies.ts';

/** How clients of an account send requests: signed, over reused connections. */
export interface Way {
  /** The pipeline for the clients of both SDKs, Blob and Data Lake, which have the same pipeline type. */
  readonly pipeline: Pipeline;
  /** The query for every address, with `?` at its beginning; '' without a query. The query may be a signature, which is a secret. */
  readonly query: string;
}

export interface AzureSigner {
  /** `https://acct.dfs.core.windows.net`, or `http://127.0.0.1:10000/acct` for an emulator. No slash at the end. */
  readonly accountUrl: string;
  /** The name of the account to which a key belongs. */
  readonly account: string;
  readonly keys: AzureKeys;
}

/**
 * The pipeline of an account and an identity, which keeps connections and tokens. The process has one pipeline for each pair. Sends no request. So if the
 * key is wrong, only the first later request fails.
 */
export function wayTo(network: Network, signing: AzureSigner): Promise<Way> {
  const { accountUrl, account, keys } = signing;
  const proofs = azureKeyNames.map((name) => {
    const value = keys[name];
    return value instanceof Secret ? hash('sha256', value.reveal()) : (value ?? null);
  });
  const identity = JSON.stringify([accountUrl, account, proofs]);
  return network.kept('ways to accounts of Azure', identity, () => open(network, signing));
}

async function open(network: Network, { account, accountUrl, keys }: AzureSigner): Promise<Way> {
  const [{ newPipeline }, { credential, query }] = await Promise.all([
    import('@azure/storage-blob'),
    signIn(keys, { account, accountUrl }, { network, env: process.env }),
  ]);
  // Requests are repeated in requests.ts and not by the SDK, because the SDK would repeat every write, and ignores status 429 and `Retry-After`.
  const pipeline = newPipeline(credential, { retryOptions: { maxTries: 1 } });
  // Unlike hygge’s other clients, the SDK also uses ALL_PROXY.
  if (isBehindProxy(process.env, ['ALL_PROXY'])) pipeline.factories.push(keptThroughProxies());
  return { pipeline, query: query === null ? '' : `?${query.reveal()}` };
}

/**
 * Reuses connections through a proxy (HTTPS_PROXY). The SDK opens a new connection for each request, because its proxy agent never
 * reuses idle connections. The SDK still decides whether a request goes through the proxy (NO_PROXY). A Node version without this
 * support keeps the SDK’s agent.
 */
function keptThroughProxies(): RequestPolicyFactory {
  let ours: Agent | undefined;
  return {
    create: (next) => ({
      sendRequest(request) {
        // For an emulator without TLS, the SDK's own agent is used.
        const proxy = agentsKnowProxies && request.url.startsWith('https:') && proxyOf(request.agent);
        if (proxy) {
          ours ??= new Agent({ keepAlive: true, proxyEnv: { HTTPS_PROXY: proxy.href } });
          request.agent = ours;
        }
        return next.sendRequest(request);
      },
    }),
  };
}

function proxyOf(agent: unknown): URL | undefined {
  return typeof agent === 'object' && agent !== null && 'proxy' in agent && agent.proxy instanceof URL ? agent.proxy : undefined;
}
