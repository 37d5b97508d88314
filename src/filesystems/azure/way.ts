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
  /** For clients of both SDKs, Blob and Data Lake, which share its type. */
  readonly pipeline: Pipeline;
  /** The query for every address, with its `?`; '' is nothing. It may be a signature: a secret. */
  readonly query: string;
}

export interface AzureSigner {
  /** `https://acct.dfs.core.windows.net`; of an emulator `http://127.0.0.1:10000/acct`. No slash at the end. */
  readonly accountUrl: string;
  /** The name of the account to which a key belongs. */
  readonly account: string;
  readonly keys: AzureKeys;
}

/**
 * Connections and tokens are kept in the pipeline: one for each account and identity of the process. Sends no request yet: the
 * first request reports a wrong key.
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
  // requests.ts decides about retries: the SDK knows neither the writes that must not be repeated, nor 429 and Retry-After.
  const pipeline = newPipeline(credential, { retryOptions: { maxTries: 1 } });
  // The SDK also uses ALL_PROXY.
  if (isBehindProxy(process.env, ['ALL_PROXY'])) pipeline.factories.push(keptThroughProxies());
  return { pipeline, query: query === null ? '' : `?${query.reveal()}` };
}

/**
 * Keeps connections through a proxy (HTTPS_PROXY), which the SDK opens again for each request: its agent has no keep-alive, and does
 * not reuse idle connections even with keep-alive. Whether a request goes through the proxy stays the SDK's decision (NO_PROXY). If
 * Node can't do this, nothing changes.
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
