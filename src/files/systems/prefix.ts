/** The common prefix of all object keys that a home or store uses, up to the first pattern in its path; '': any key. @param config of the home or store, including `path` and `base`. */
export function prefixIn(config: object): string {
  const { base, path = '' } = config as { readonly base?: string; readonly path?: string };
  const written = base === undefined ? path : `${base}/`.replace(/^\/$/, '');
  const fixed = /^[^*?[\]{}]*/.exec(written)?.[0] ?? '';
  const isFolder = fixed === written && /(^|\/)[^/.]+$/.test(fixed);
  return isFolder ? `${fixed}/` : fixed;
}
