/** An etag without quotes. Headers have etags with quotes, listings without. '': no etag. */
export function plain(etag: string | undefined): string {
  return (etag ?? '').replace(/^"(.*)"$/, '$1');
}

/** An etag with quotes, as conditions need it. */
export function quoted(etag: string | undefined): string {
  return etag === undefined || etag.startsWith('"') ? (etag ?? '') : `"${etag}"`;
}
