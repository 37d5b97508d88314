type Environment = Readonly<Record<string, string | undefined>>;

const usual = ['HTTPS_PROXY', 'HTTP_PROXY'];

/** Whether the environment sends requests through a proxy. @param more names of further variables that also name a proxy. */
export function isBehindProxy(env: Environment, more: readonly string[] = []): boolean {
  return [...usual, ...more].some((name) => [name, name.toLowerCase()].some((each) => (env[each] ?? '') !== ''));
}

/** Whether agents of this Node support proxies with `proxyEnv`: since 24.5 and 22.21. */
export const agentsKnowProxies = ((): boolean => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);
})();
