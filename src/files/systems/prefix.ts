/** The common prefix of all keys that a side uses in its container, up to the first pattern of its path; '': any. @param config the side's keys, including `path` and `base`. */
export function prefixIn(config: object): string {
  const { base, path = '' } = config as { readonly base?: string; readonly path?: string };
  const written = base === undefined ? path : `${base}/`.replace(/^\/$/, '');
  const fixed = /^[^*?[\]{}]*/.exec(written)?.[0] ?? '';
  const isFolder = fixed === written && /(^|\/)[^/.]+$/.test(fixed);
  return isFolder ? `${fixed}/` : fixed;
}
