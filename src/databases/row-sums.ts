/** The SQL by which an engine sums rows as docs/building/row-sum.md defines it. No setting of a session, collation or order of rows changes a sum. */
import { textFamily } from '../frames/row-sum/text-family.ts';
import type { DataType } from '../frames/schema.ts';
import type { Session, SourceColumn } from './engine.ts';

/** A column whose values are summed. */
export interface ColumnToSum {
  readonly column: SourceColumn;
  /** As the home has it. `to_null`: a value that our type can't hold has no text. `fail`: its text is one that no value of our type has. */
  readonly specialValues: 'fail' | 'to_null';
}

/** The canonical text of a column, as an expression. */
export interface CanonicalText {
  readonly text: string;
  /** A condition without which the home reads null, whatever the text is. Absent: it reads null where the column is null. */
  readonly readIf?: string;
  /** The length of every text in bytes. Absent: it differs. */
  readonly fixedBytes?: number;
  /** Every text consists of ASCII characters. Absent: it may hold others. */
  readonly isAscii?: true;
}

/**
 * A canonical text of a statement. It is null where `hasValue` is not true. Elsewhere it must have a text: a text that the server could not make is null and has a
 * value, and then the row has no hash. Such a row never counts as one with a null.
 */
export interface SummedText extends CanonicalText {
  /** A condition: the home reads a value. Absent: always. */
  readonly hasValue?: string;
}

/** Why an engine can't give a canonical text, as the end of a sentence: `its text depends on settings of the session`. */
export interface NoCanonicalText {
  readonly unable: string;
}

/** What an engine says of its sums. Expressions are SQL; a hash is a signed 64-bit integer. */
export interface RowSums {
  /** The canonical text of a column, or why there is none. Columns of json, lists and structs, and columns of another kind than compared, are not asked for. */
  text(of: ColumnToSum): CanonicalText | NoCanonicalText;
  /** The hash of a canonical text; null for null. */
  hash(of: CanonicalText): string;
  /** The hash of the row text of these texts; null where one of them has a value and no text, and where the row text is longer than the server makes. */
  rowHash(texts: readonly SummedText[]): string;
  /** So many bits of a hash behind the first `from` bits, as an integer from 0. At most 35 bits in all. */
  bits(hash: string, from: number, count: number): string;
  /** The exact sum of hashes as an aggregate, `0` if there are none, as text. @param ofNull what each null adds, an integer; absent: nothing. */
  sumAsText(hash: string, ofNull?: string): string;
  /** An integer as text. */
  integerAsText(expression: string): string;
  /** Stands behind a derived table, so that each of its expressions is reckoned once for a row. Absent: the engine reckons them once anyway, or nothing helps. */
  readonly optimizerFence?: string;
  /** Sets how the statement is kept apart from writers, in front of it and as part of its batch. Absent: the session is set up for it. */
  readonly isolation?: string;
  /** Codes of errors by which a server refuses the statement itself, whatever the rows are: it has too many columns, say. Rows are read then. Absent: there are none. */
  readonly refusals?: ReadonlySet<string>;
  /** Why this server can't sum at all, as the end of a sentence; undefined: it can. Absent: every server can. */
  readonly whyUnableToSum?: (session: Session) => Promise<string | undefined>;
}

/** What an engine without MD5 selects of a column, of which a program makes the hash. */
export type RowText =
  /** The canonical text; null for null. `unable`: a condition for values that have another text. Absent: none has. */
  | { readonly text: string; readonly unable?: { readonly condition: string; readonly why: string } }
  /** A double, whose bits are the text. */
  | { readonly double: string };

/** What an engine without MD5 says of its texts. */
export interface RowTexts {
  /** The canonical text of a column, or why there is none. Not asked for as `RowSums.text` is not. */
  text(of: ColumnToSum): RowText;
}

/** Types whose canonical texts are comparable have the same kind. Undefined: their texts are made by reading only. */
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

/** How an engine spells an item of a row text. */
export interface RowTextSpelling {
  /** The length of a text in bytes, as text. */
  bytes(text: string): string;
  concat(...parts: readonly string[]): string;
  /** A literal. Absent: in quotes. */
  literal?(text: string): string;
}

/** An item of a row text as most engines spell it. */
export function rowTextItem(
  { text, fixedBytes, hasValue }: SummedText,
  { bytes, concat, literal = (one) => `'${one}'` }: RowTextSpelling,
): string {
  const whole = fixedBytes === undefined ? concat(bytes(text), literal(':'), text) : concat(literal(`${fixedBytes}:`), text);
  return hasValue === undefined ? whole : `CASE WHEN ${hasValue} THEN ${whole} ELSE ${literal('n')} END`;
}

/** Digits without zeros at the end of the fraction. @param digits a text that has a point. */
export const withoutZeros = (digits: string, rtrim = 'rtrim'): string => `${rtrim}(${rtrim}(${digits}, '0'), '.')`;

/** Hex digits of every NaN and of both zeros. */
export const nanBits = '7ff8000000000000';
export const zeroBits = '0000000000000000';
