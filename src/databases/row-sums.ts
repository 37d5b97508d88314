/** The SQL by which an engine sums rows. docs/building/row-sum.md defines the sums. The sums do not depend on session settings, collations or the order of rows. */
import { textFamily } from '../frames/row-sum/text-family.ts';
import type { DataType } from '../frames/schema.ts';
import type { Session, SourceColumn } from './engine.ts';

/** A column whose values are summed. */
export interface ColumnToSum {
  readonly column: SourceColumn;
  /** The setting of the home. `to_null`: a value that hygge’s type can’t store has no text. `fail`: such a value has a text that no value of hygge’s type has. */
  readonly specialValues: 'fail' | 'to_null';
}

/** The canonical text of a column, as an expression. */
export interface CanonicalText {
  readonly text: string;
  /** A condition for rows in which the home reads a value: if the condition is false, the home reads null, whatever the text is. Absent: the home reads null only if the column is null. */
  readonly readIf?: string;
  /** The length of every text in bytes. Absent: lengths differ. */
  readonly fixedBytes?: number;
  /** Every text has only ASCII characters. Absent: texts may have other characters. */
  readonly isAscii?: true;
}

/**
 * A canonical text in a statement. The text is null if `hasValue` is not true. If the server could not make the text of a value, the row has no hash. Such a
 * row never counts as a row with a null.
 */
export interface SummedText extends CanonicalText {
  /** A condition for rows in which the home reads a value. Absent: the home reads a value in all rows. */
  readonly hasValue?: string;
}

/** Why an engine can’t return a canonical text, as the end of a sentence: `its text depends on settings of the session`. */
export interface NoCanonicalText {
  readonly unable: string;
}

/** How an engine computes sums. Expressions are written in SQL. A hash is a signed 64-bit integer. */
export interface RowSums {
  /** The canonical text of a column, or the reason why the column has no canonical text. Not called for columns of json, lists and structs, or for columns whose kind differs from the compared kind. */
  text(of: ColumnToSum): CanonicalText | NoCanonicalText;
  /** An expression for the hash of a canonical text. The hash of null is null. */
  hash(of: CanonicalText): string;
  /** The hash of a row text, which consists of these texts. The hash is null if a value has no text, or if the row text is longer than the server allows. */
  rowHash(texts: readonly SummedText[]): string;
  /** The `count` bits of a hash after its first `from` bits, as an integer that is not negative. `from` and `count` together are at most 35. */
  bits(hash: string, from: number, count: number): string;
  /** An aggregate that sums hashes exactly, as text. The sum without hashes is `0`. @param ofNull an integer that each null adds; absent: nulls add nothing. */
  sumAsText(hash: string, ofNull?: string): string;
  /** An integer as text. */
  integerAsText(expression: string): string;
  /** A clause after a derived table that makes the engine compute each of its expressions once for each row. Absent: the engine does so anyway, or has no such clause. */
  readonly optimizerFence?: string;
  /** A statement before the sums, in the same batch, which isolates the sums from writers. Absent: the session is already isolated. */
  readonly isolation?: string;
  /** Codes of errors that refuse the statement itself, whatever the rows are, for example because of too many columns. In that case hygge reads the rows. Absent: the engine has no such errors. */
  readonly refusals?: ReadonlySet<string>;
  /** Why this server can’t compute sums at all, as the end of a sentence. Undefined: this server can compute sums. Absent: every server can. */
  readonly whyUnableToSum?: (session: Session) => Promise<string | undefined>;
}

/** The expression that an engine without MD5 selects for a column, so that hygge can compute the hash. */
export type RowText =
  /** The canonical text of the value, or null for null. `unable`: a condition for values whose text is not canonical. Absent: all texts are canonical. */
  | { readonly text: string; readonly unable?: { readonly condition: string; readonly why: string } }
  /** The column is a double, and hygge makes the canonical text from its bits. */
  | { readonly double: string };

/** How an engine without MD5 selects texts of rows. */
export interface RowTexts {
  /** The canonical text of a column, or the reason why the column has no canonical text. Not called for the same columns as `RowSums.text`. */
  text(of: ColumnToSum): RowText;
}

/** The kind of a type’s canonical texts. Texts of one kind are comparable. Undefined: hygge makes the type’s texts only when it reads the values. */
export function comparableTextKind(type: DataType): string | undefined {
  switch (type.kind) {
    case 'timestamp':
      return type.zone === undefined ? 'timestamp' : 'instant';
    case 'json':
    case 'list':
    case 'struct':
    case 'null':
      return undefined;
    default:
      return textFamily(type);
  }
}

/** The SQL syntax for an item of a row text. */
export interface RowTextSpelling {
  /** The length of a text in bytes, written as text. */
  bytes(text: string): string;
  concat(...parts: readonly string[]): string;
  /** Writes a literal. Absent: the text is quoted. */
  literal?(text: string): string;
}

/** An item of a row text in the syntax of most engines. */
export function rowTextItem(
  { text, fixedBytes, hasValue }: SummedText,
  { bytes, concat, literal = (one) => `'${one}'` }: RowTextSpelling,
): string {
  const whole = fixedBytes === undefined ? concat(bytes(text), literal(':'), text) : concat(literal(`${fixedBytes}:`), text);
  return hasValue === undefined ? whole : `CASE WHEN ${hasValue} THEN ${whole} ELSE ${literal('n')} END`;
}

/** Removes trailing zeros of the fraction. @param digits the text of a number with a point. */
export const withoutZeros = (digits: string, rtrim = 'rtrim'): string => `${rtrim}(${rtrim}(${digits}, '0'), '.')`;

/** The hex digits of the bits that stand for every NaN. `zeroBits` stands for both zeros. */
export const nanBits = '7ff8000000000000';
export const zeroBits = '0000000000000000';
