/** Paths that native code (Polars, DuckDB) may write to. Everything in it is lost at a crash: nothing durable lives here. */
export interface Scratch extends AsyncDisposable {
  /** A fresh absolute path ending in `suffix`; nothing exists there yet. */
  path(suffix: string): Promise<string>;
  /** Gives the space of one path back; absent is fine. */
  free(path: string): Promise<void>;
}
