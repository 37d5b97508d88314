/** A container or bucket on a server of this machine, as proofs and benches use it: hygge is one of its clients, this is another. */
export interface LakePlace {
  /** A `home:` or `store:` there, as a map of YAML in one line. @param more further keys: `format: csv`. */
  side(path: string, more?: string): string;
  /** What hygge must find in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** How to come in with the service's own client, for bench/lake-by-sdk.mjs. */
  readonly sdk: Readonly<Record<string, string>>;
  /** Copies every file below a folder (hidden ones too) to a folder of this machine, with the service's own client. */
  download(folder: string, to: string): Promise<void>;
  /** What was begun and neither finished nor given up: open uploads, blocks of nothing. */
  unfinished(): Promise<readonly string[]>;
  /** Removes every file. */
  empty(): Promise<void>;
}

/** Its server goes when it is disposed of. */
export interface TestLake extends LakePlace, AsyncDisposable {}

export interface LakeKind {
  /** The `type:` in YAML. */
  readonly name: string;
  /** Why it can't be had here; undefined: it can. */
  readonly missing?: string;
  start(): Promise<TestLake>;
}
