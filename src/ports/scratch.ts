/** Temporary files, which native code (Polars, DuckDB) may write by path. All temporary files are lost in a crash. */
export interface Scratch extends AsyncDisposable {
  /** Returns a new absolute path that ends in `suffix`. The file does not exist yet. */
  path(suffix: string): Promise<string>;
  /** Removes a file, to free its space. A missing file counts as removed. */
  free(path: string): Promise<void>;
}
