/** The SQL by which an engine sums rows as defined in docs/building/row-sum.md. The sums do not depend on session settings, collations or the order of rows. */
import { textFamily } from '../frames/row-sum/text-family.ts';
import type { DataType } from '../frames/schema.ts';
import type { Session, SourceColumn } from './engine.ts';

/** A column whose values are summed. */
export interface ColumnToSum {
  readonly column: SourceColumn;
  /** The setting of the home. `to_null`: a value that hygge's type can't store has no text. `fail`: its text is one that no value of hygge's type has. */
  readonly specialValues: 'fail' | 'to_null';
}

/** The canonical text of a column, as an expression. */
export interface CanonicalText {
  readonly text: string;
  /** A condition: where it is false, the home reads null, whatever the text is. Absent: it reads null only where the column is null. */
  readonly readIf?: string;
  /** The length of every text in bytes. Absent: lengths differ. */
  readonly fixedBytes?: number;
  /** Every text has only ASCII characters. Absent: it may have others. */
  readonly isAscii?: true;
}

/**
 * A canonical text in a statement. It is null where `hasValue` is not true. If a value has no text because the server could not make one, the row has no hash. Such
 * a row is never treated as one with a null.
 */
export interface SummedText extends CanonicalText {
  /** A condition for rows in which the home reads a value. Absent: all. */
  readonly hasValue?: string;
}

/** Why an engine can't return a canonical text, as the end of a sentence: `its text depends on settings of the session`. */
export interface NoCanonicalText {
  readonly unable: string;
}

/** How an engine computes sums. Expressions are SQL; a hash is a signed 64-bit integer. */
export interface RowSums {
  /** The canonical text of a column, or why there is none. Not called for columns of json, lists and structs, and of another kind than the one compared. */
  text(of: ColumnToSum): CanonicalText | NoCanonicalText;
  /** The hash of a canonical text; null for null. */
  hash(of: CanonicalText): string;
  /** The hash of the row text of these texts. It is null if one of them has a value and no text, or if the row text is longer than the server allows. */
  rowHash(texts: readonly SummedText[]): string;
  /** The `count` bits of a hash after its first `from` bits, as an integer from 0. At most 35 bits in all. */
  bits(hash: string, from: number, count: number): string;
  /** The exact sum of hashes as an aggregate, as text; `0` if there are none. @param ofNull what each null adds, an integer; absent: nothing. */
  sumAsText(hash: string, ofNull?: string): string;
  /** An integer as text. */
  integerAsText(expression: string): string;
  /** A clause after a derived table that makes the engine compute each of its expressions once for each row. Absent: the engine does so anyway, or there is no such clause. */
  readonly optimizerFence?: string;
  /** A statement before the sums, in the same batch, that isolates them from writers. Absent: the session is already set up for it. */
  readonly isolation?: string;
  /** Codes of errors by which a server refuses the statement itself, whatever the rows are, for example for too many columns. hygge then reads the rows. Absent: there are none. */
  readonly refusals?: ReadonlySet<string>;
  /** Why this server can't compute sums at all, as the end of a sentence; undefined: it can. Absent: every server can. */
  readonly whyUnableToSum?: (session: Session) => Promise<string | undefined>;
}

/** What an engine without MD5 selects for a column, so that hygge can compute the hash. */
export type RowText =
  /** The canonical text; null for null. `unable`: a condition for values that have another text. Absent: there are none. */
  | { readonly text: string; readonly unable?: { readonly condition: string; readonly why: string } }
  /** A double: its bits are the text. */
  | { readonly double: string };

/** The texts of an engine without MD5. */
export interface RowTexts {
  /** The canonical text of a column, or why there is none. Not called for the same columns as `RowSums.text`. */
  text(of: ColumnToSum): RowText;
}

/** Types with comparable canonical texts have the same kind. Undefined: hygge makes their texts only when it reads them. */
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
  /** The length of a text in bytes, as text. */
  bytes(text: string): string;
  concat(...parts: readonly string[]): string;
  /** A literal. Absent: it is quoted. */
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

/** Digits without trailing zeros of the fraction. @param digits a text that has a point. */
export const withoutZeros = (digits: string, rtrim = 'rtrim'): string => `${rtrim}(${rtrim}(${digits}, '0'), '.')`;

/** Hex digits of every NaN and of both zeros. */
export const nanBits = '7ff8000000000000';
export const zeroBits = '0000000000000000';
