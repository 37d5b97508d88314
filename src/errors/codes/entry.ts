/** The catalogue's text about one code. The reference page and `hygge explain` print it, with the example of the code in `examples.json`. */
export interface CodeEntry {
  /** A few words, for headings. */
  readonly title: string;
  /** What it means, in a sentence or two. */
  readonly meaning: string;
  /** The usual cause, in a sentence or two. Absent: the meaning or the example names it. */
  readonly why?: string;
  /** What helps in general; the error itself is always more precise. Absent: the example has the steps, and no report or notice prints the code. */
  readonly tryThis?: readonly [string, ...string[]];
}

/** The codes of one range, by code (`HYG-2041`). */
export type Codes = Readonly<Record<`HYG-${number}`, CodeEntry>>;
