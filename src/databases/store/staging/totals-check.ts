/** Checks that a database staged the rows that were read, as far as sums and extremes of the values show. The number of rows alone would not reveal a garbled value. */
import type { StoreError } from '../../../errors/hygge-error.ts';
import { describeType } from '../../../frames/describe-type.ts';
import type { Column, DataType } from '../../../frames/schema.ts';
import { watermarkText } from '../../../frames/watermark-text.ts';
import type { OwnNote } from '../../../ports/notes.ts';
import type { Dialect, Row } from '../../engine.ts';
import { answerIn, sameSum, type Total } from '../../totals.ts';
import type { StagedTotals, StagingSide } from '../../writes.ts';
import { totalsMismatch } from '../errors.ts';

/** How an engine quotes names, and which totals it can compute. */
type ComparingDialect = Pick<Dialect, 'quote'> & { readonly staging: Pick<StagingSide, 'totals'> };

const measures = ['sum', 'days', 'min', 'max'] as const;

const alias = (measure: keyof StagedTotals, at: number) => `${measure}${at}`;

/** The expressions for a column’s totals in a SELECT list. Empty: the engine can’t compute totals of the column. */
export function totalsExpressions({ staging: { totals }, quote }: ComparingDialect, columns: readonly Column[]): readonly string[] {
  return columns.flatMap(({ name, type }, at) => {
    const asked = totals?.(quote(name), type) ?? {};
    return measures.flatMap((measure) => (asked[measure] === undefined ? [] : [`${asked[measure]} as ${alias(measure, at)}`]));
  });
}

/** The maximum number of columns in one result. PostgreSQL allows 1,664, and every engine allows a thousand. */
const mostAtOnce = 1_000;

/** Splits expressions into lists, each for one SELECT. */
export function splitIntoSelects(asked: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(asked.length / mostAtOnce) }, (_, at) => asked.slice(at * mostAtOnce, (at + 1) * mostAtOnce));
}

/** The plan’s notes on columns of which only rows and nulls are compared. */
export function notComparedNotes({ staging: { totals }, quote }: ComparingDialect, columns: readonly Column[]): readonly OwnNote[] {
  const left = columns.filter(({ name, type }) => totals !== undefined && Object.keys(totals(quote(name), type)).length === 0);
  if (left.length === 0) return [];
  // Nearly every table has text columns. If an engine compares no texts, the note has only their number.
  const texts = left.filter(({ type }) => type.kind === 'string');
  const each = texts.length > 1 ? left.filter((column) => !texts.includes(column)) : left;
  const some = each.slice(0, 5).map(({ name, type }) => `${name} (${describeType(type)})`);
  const more = each.length > some.length ? ` and ${each.length - some.length} more` : '';
  const named = [...(some.length === 0 ? [] : [`${some.join(', ')}${more}`]), ...(texts.length > 1 ? [`all ${texts.length} texts`] : [])];
  const text = `after staging, ${named.join(', and ')} ${left.length === 1 ? 'is' : 'are'} compared only by rows and nulls. All other columns are also compared by their sums or extremes`;
  return [{ code: 'database.counted_alone', text, params: { columns: left.map(({ name }) => name) } }];
}

/** HYG-4292 if the database’s totals differ from the totals of the sent rows. */
export function totalsMismatchIn(
  where: string,
  of: { readonly columns: readonly Column[]; readonly sent: readonly Total[]; readonly row: Row },
): StoreError | null {
  const { columns, sent, row } = of;
  for (const [at, column] of columns.entries())
    for (const measure of measures) {
      const [mine, theirs] = [sent[at]?.[measure], row[alias(measure, at)]];
      if (mine === undefined || theirs === null || theirs === undefined || isBeyondText(column.type, measure, mine)) continue;
      if (!isSame(column.type, measure, { mine, theirs }))
        return totalsMismatch(where, { column, measure, read: shown(column.type, measure, mine), held: heldText(theirs) });
    }
  return null;
}

/** Whether an extreme can’t be compared, because engines write years before 1 and after 9999 in different ways. Sums of such values can be compared. */
function isBeyondText(type: DataType, measure: keyof StagedTotals, text: string): boolean {
  return (
    (measure === 'min' || measure === 'max') &&
    (type.kind === 'date' || type.kind === 'timestamp') &&
    !/^(?!0000)\d{4}-/.test(watermarkText(type, BigInt(text)))
  );
}

function isSame(
  type: DataType,
  measure: keyof StagedTotals,
  { mine, theirs }: { readonly mine: string; readonly theirs: string },
): boolean {
  const answer = answerIn(type, measure, theirs);
  if (typeof answer === 'number') return answer === (type.kind === 'float32' ? Math.fround(Number(mine)) : Number(mine));
  if (answer === undefined || measure === 'min' || measure === 'max') return answer === BigInt(mine);
  return sameSum(type, BigInt(mine), answer);
}

/** A total for messages: `H L` becomes H times 2^32 plus L, and any other text stays as the database wrote it. */
function heldText(held: string): string {
  const [, high, low] = /^(-?\d+) (-?\d+)$/.exec(held) ?? [];
  return high === undefined || low === undefined ? held : `${(BigInt(high) << 32n) + BigInt(low)}`;
}

function shown(type: DataType, measure: keyof StagedTotals, text: string): string {
  if (type.kind === 'decimal' && type.scale > 0) {
    const digits = text.replace('-', '').padStart(type.scale + 1, '0');
    return `${text.startsWith('-') ? '-' : ''}${digits.slice(0, -type.scale)}.${digits.slice(-type.scale)}`;
  }
  const isTime = type.kind === 'date' || type.kind === 'timestamp';
  return measure === 'sum' || measure === 'days' || !isTime ? text : watermarkText(type, BigInt(text));
}
