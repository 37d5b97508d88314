import type { AgentOptions } from 'node:https';
import { isBehindProxy } from '../proxies.ts';

/**
 * Connections that are kept: as many as the gate of an account lets pass, through a proxy where the environment names one (HTTPS_PROXY,
 * HTTP_PROXY, NO_PROXY), which the SDK does not look at. Node's own agents do since 24.5 and 22.21.
 */
export function kept(env: Readonly<Record<string, string | undefined>>): AgentOptions {
  return { keepAlive: true, maxSockets: 48, ...(isBehindProxy(env) ? { proxyEnv: { ...env } } : {}) };
}
