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

const columnsThat =
  (is: (equality: KeyEquality) => boolean) =>
  (columns: Iterable<readonly [name: string, equality: KeyEquality]>): KeyEqualities =>
    Object.fromEntries([...columns].filter(([, equality]) => is(equality)));

/** The columns whose equality is wider than their texts. */
export const widerEqualities = columnsThat(isWider);

/** The columns with texts that differ and are known to be equal. */
export const foldedEqualities = columnsThat(isFolded);

/** The same of columns with the collations that a database names; a column that is not a text has none. @param of the equality of a collation. */
export const collatedEqualities = (
  columns: readonly { readonly name?: string | null; readonly collation?: string | null }[],
  of: (collation: string) => KeyEquality,
): KeyEqualities =>
  widerEqualities(columns.flatMap(({ name, collation }) => (name == null || collation == null ? [] : [[name, of(collation)] as const])));
