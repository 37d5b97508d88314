/** Which texts the unique index of a source treats as equal. The index may treat other texts as equal as well. */
export interface KeyEquality {
  /**
   * The letters that are equal. `ascii`: small and capital ASCII letters. `case`: small and capital letters of other alphabets too.
   * `accents`: also letters with and without accents. `unknown`: more letters may be equal, by rules that only the source has.
   */
  readonly letters: 'exact' | 'ascii' | 'case' | 'accents' | 'unknown';
  /** Whether blanks at the end of a text are ignored. */
  readonly isPadded: boolean;
}

const isWider = ({ letters, isPadded }: KeyEquality): boolean => isPadded || letters !== 'exact';
const isFolded = ({ letters, isPadded }: KeyEquality): boolean => isPadded || (letters !== 'exact' && letters !== 'unknown');

/** How each column compares texts, by the name of the column. A column without an entry compares its texts exactly. */
export type KeyEqualities = Readonly<Record<string, KeyEquality>>;

const columnsThat =
  (is: (equality: KeyEquality) => boolean) =>
  (columns: Iterable<readonly [name: string, equality: KeyEquality]>): KeyEqualities =>
    Object.fromEntries([...columns].filter(([, equality]) => is(equality)));

/** The columns in which different texts may be equal. */
export const widerEqualities = columnsThat(isWider);

/** The columns in which different texts are known to be equal. */
export const foldedEqualities = columnsThat(isFolded);

/** The equalities of the columns, from the collations that a database names. A column that is not text has no collation. @param of returns the equality of a collation. */
export const collatedEqualities = (
  columns: readonly { readonly name?: string | null; readonly collation?: string | null }[],
  of: (collation: string) => KeyEquality,
): KeyEqualities =>
  widerEqualities(columns.flatMap(({ name, collation }) => (name == null || collation == null ? [] : [[name, of(collation)] as const])));
