/** What everything that a side touches in its container starts with, as far as its path holds no pattern; '': anything. @param config its keys, `path` and `base` among them. */
export function prefixIn(config: object): string {
  const { base, path = '' } = config as { readonly base?: string; readonly path?: string };
  const written = base === undefined ? path : `${base}/`.replace(/^\/$/, '');
  const fixed = /^[^*?[\]{}]*/.exec(written)?.[0] ?? '';
  const isFolder = fixed === written && /(^|\/)[^/.]+$/.test(fixed);
  return isFolder ? `${fixed}/` : fixed;
}
