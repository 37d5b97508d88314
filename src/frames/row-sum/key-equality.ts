/** Which texts the unique index of a source takes for one. Two texts that this says nothing of may be equal there all the same. */
export interface KeyEquality {
  /**
   * Letters that are equal: of `ascii` the small and the capital ones, of `case` those of other alphabets too, of `accents` besides those with and without accents.
   * Of `unknown` others than the same ones may be, by rules that only the source has.
   */
  readonly letters: 'exact' | 'ascii' | 'case' | 'accents' | 'unknown';
  /** Blanks at the end do not count. */
  readonly isPadded: boolean;
}

const isWider = ({ letters, isPadded }: KeyEquality): boolean => isPadded || letters !== 'exact';
const isFolded = ({ letters, isPadded }: KeyEquality): boolean => isPadded || (letters !== 'exact' && letters !== 'unknown');

/** By the names of columns; a column that is not named has texts that are one only where they are the same. */
export type KeyEqualities = Readonly<Record<string, KeyEquality>>;

/** Those of these columns that are wider than their texts. */
export const widerEqualities = (columns: Iterable<readonly [name: string, equality: KeyEquality]>): KeyEqualities =>
  Object.fromEntries([...columns].filter(([, equality]) => isWider(equality)));

/** Those of columns whose collation a database names. A column without one is no text. @param of what a collation takes for one. */
export const collatedEqualities = (
  columns: readonly { readonly name?: string | null; readonly collation?: string | null }[],
  of: (collation: string) => KeyEquality,
): KeyEqualities =>
  widerEqualities(columns.flatMap(({ name, collation }) => (name == null || collation == null ? [] : [[name, of(collation)] as const])));

/** Those of these columns whose equal texts are known. */
export const foldedEqualities = (equalities: KeyEqualities): KeyEqualities =>
  Object.fromEntries(Object.entries(equalities).filter(([, equality]) => isFolded(equality)));
