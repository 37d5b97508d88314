/** Temporary files, which native code (Polars, DuckDB) may write to by path. A crash loses all of them. */
export interface Scratch extends AsyncDisposable {
  /** Returns a new absolute path that ends in `suffix`. Nothing exists there yet. */
  path(suffix: string): Promise<string>;
  /** Removes the file at one path, to free its space. An absent file is fine. */
  free(path: string): Promise<void>;
}
