/** The texts of the catalogue about one code. The reference page and `hygge explain` print these texts, with the example of the code in `examples.json`. */
export interface CodeEntry {
  /** A heading of a few words. */
  readonly title: string;
  /** The meaning of the code, in one or two sentences. */
  readonly meaning: string;
  /** The usual cause, in one or two sentences. Absent: the meaning or the example names the cause. */
  readonly why?: string;
  /** Advice that helps in general; the advice of an actual error is always more precise. Absent: the example has the advice, and no report or notice shows the code. */
  readonly tryThis?: readonly [string, ...string[]];
}

/** The codes of one range, with texts by code (`HYG-2041`). */
export type Codes = Readonly<Record<`HYG-${number}`, CodeEntry>>;
