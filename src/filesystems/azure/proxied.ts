import { Agent } from 'node:https';
import type { RequestPolicyFactory } from '@azure/storage-blob';
import { agentsKnowProxies } from '../../remote/proxies.ts';

/**
 * Keeps connections through a proxy (HTTPS_PROXY), which the SDK makes anew for each request: its agent has no keep-alive, and finds none of
 * its idle connections again when it is given one. Whether a request goes through the proxy stays the SDK's decision (NO_PROXY). A Node
 * that can't do it leaves things as they are.
 */
export function keptThroughProxies(): RequestPolicyFactory {
  let ours: Agent | undefined;
  return {
    create: (next) => ({
      sendRequest(request) {
        const proxy = agentsKnowProxies && proxyOf(request.agent);
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
