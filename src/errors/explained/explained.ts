import type { ErrorDetails } from '../../ports/events.ts';

/** More about a code than its heading: for the reference page and for `hygge explain`. */
export interface Explanation {
  /** How it usually comes about. */
  readonly why: string;
  /** One such error, as it was met. */
  readonly example: Omit<ErrorDetails, 'code'>;
}

/** Explanations of one range of codes. */
export type Explained<C> = { readonly [code in keyof C]?: Explanation };
