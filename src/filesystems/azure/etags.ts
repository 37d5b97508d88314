/** Etags are quoted in headers and unquoted in listings. '' means none. */
export function plain(etag: string | undefined): string {
  return (etag ?? '').replace(/^"(.*)"$/, '$1');
}

/** In the form for conditions. */
export function quoted(etag: string | undefined): string {
  return etag === undefined || etag.startsWith('"') ? (etag ?? '') : `"${etag}"`;
}
