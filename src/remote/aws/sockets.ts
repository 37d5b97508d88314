import type { AgentOptions } from 'node:https';
import { isBehindProxy } from '../proxies.ts';

/**
 * Reused connections: as many as the limiter of an account allows. If the environment names a proxy (HTTPS_PROXY, HTTP_PROXY,
 * NO_PROXY), connections go through the proxy. The SDK ignores these variables; Node’s own agents use them since 24.5 and
 * 22.21.
 */
export function kept(env: Readonly<Record<string, string | undefined>>): AgentOptions {
  return { keepAlive: true, maxSockets: 48, ...(isBehindProxy(env) ? { proxyEnv: { ...env } } : {}) };
}
