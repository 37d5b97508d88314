import { Agent } from 'node:https';
import type { RequestPolicyFactory } from '@azure/storage-blob';

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
        const proxy = canProxy && proxyOf(request.agent);
        if (proxy) {
          ours ??= new Agent({ keepAlive: true, proxyEnv: { HTTPS_PROXY: proxy.href } });
          request.agent = ours;
        }
        return next.sendRequest(request);
      },
    }),
  };
}

/** Whether the SDK may send anything through a proxy. */
export function isBehindProxy(env: Readonly<Record<string, string | undefined>>): boolean {
  const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'];
  return [...names, ...names.map((name) => name.toLowerCase())].some((name) => env[name] !== undefined);
}

/** Node's own agents go through proxies since 24.5 and 22.21. */
const canProxy = ((): boolean => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);
})();

function proxyOf(agent: unknown): URL | undefined {
  return typeof agent === 'object' && agent !== null && 'proxy' in agent && agent.proxy instanceof URL ? agent.proxy : undefined;
}
