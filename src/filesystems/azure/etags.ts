/** Etags come quoted in headers and bare in listings. '' stands for none. */
export function plain(etag: string | undefined): string {
  return (etag ?? '').replace(/^"(.*)"$/, '$1');
}

/** As conditions take it. */
export function quoted(etag: string | undefined): string {
  return etag === undefined || etag.startsWith('"') ? (etag ?? '') : `"${etag}"`;
}
