import type { AgentOptions } from 'node:https';
import { isBehindProxy } from '../proxies.ts';

/**
 * Reused connections: as many as the limiter of an account allows, through a proxy if the environment names one (HTTPS_PROXY,
 * HTTP_PROXY, NO_PROXY). The SDK ignores these variables; Node's own agents use them since 24.5 and 22.21.
 */
export function kept(env: Readonly<Record<string, string | undefined>>): AgentOptions {
  return { keepAlive: true, maxSockets: 48, ...(isBehindProxy(env) ? { proxyEnv: { ...env } } : {}) };
}
