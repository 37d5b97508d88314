/** Which texts the unique index of a source treats as equal. Texts that this does not mention may be equal there all the same. */
export interface KeyEquality {
  /**
   * Equal letters: `ascii`, small and capital ASCII letters; `case`, those of other alphabets too; `accents`, also letters with and without
   * accents. `unknown`: more letters may be equal, by rules that only the source has.
   */
  readonly letters: 'exact' | 'ascii' | 'case' | 'accents' | 'unknown';
  /** Blanks at the end do not count. */
  readonly isPadded: boolean;
}

const isWider = ({ letters, isPadded }: KeyEquality): boolean => isPadded || letters !== 'exact';
const isFolded = ({ letters, isPadded }: KeyEquality): boolean => isPadded || (letters !== 'exact' && letters !== 'unknown');

/** By the names of columns. A column that is not named compares its texts exactly. */
export type KeyEqualities = Readonly<Record<string, KeyEquality>>;

const columnsThat =
  (is: (equality: KeyEquality) => boolean) =>
  (columns: Iterable<readonly [name: string, equality: KeyEquality]>): KeyEqualities =>
    Object.fromEntries([...columns].filter(([, equality]) => is(equality)));

/** The columns in which different texts may be equal. */
export const widerEqualities = columnsThat(isWider);

/** The columns in which different texts are known to be equal. */
export const foldedEqualities = columnsThat(isFolded);

/** The same for columns with the collations that a database names; a column that is not text has none. @param of the equality of a collation. */
export const collatedEqualities = (
  columns: readonly { readonly name?: string | null; readonly collation?: string | null }[],
  of: (collation: string) => KeyEquality,
): KeyEqualities =>
  widerEqualities(columns.flatMap(({ name, collation }) => (name == null || collation == null ? [] : [[name, of(collation)] as const])));
