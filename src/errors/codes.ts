/** What the catalogue says about one code; the reference page is made from it. */
export interface CodeEntry {
  /** A few words, for headings. */
  readonly title: string;
  /** What it means, in a sentence or two. */
  readonly meaning: string;
  /** What helps in general; the error itself is always more precise. */
  readonly tryThis: readonly [string, ...string[]];
}

/** The codes of one range, by code (`HYG-2041`). */
export type Codes = Readonly<Record<`HYG-${number}`, CodeEntry>>;
