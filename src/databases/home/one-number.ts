/** The result of a query in a check: one number. */

import type { Frame } from '../../engine/contracts/frame.ts';
import type { OneNumber } from '../../engine/contracts/home.ts';
import { counted } from '../../errors/as-argument.ts';
import type { Cell } from '../../frames/cell.ts';
import { describeType } from '../../frames/describe-type.ts';
import { isSummed } from '../../frames/rules/measured-columns.ts';
import type { DataType } from '../../frames/schema.ts';
import { overRows } from '../../frames/values/cells.ts';
import type { Rejected } from '../../frames/values/rejected-rows.ts';
import { watermarkText } from '../../frames/watermark-text.ts';
import type { Relation } from '../engine.ts';

/** @param rows the rows of the query. Only as many rows are requested as show whether the result has too many. */
export async function numberIn({ columns }: Pick<Relation, 'columns'>, rows: AsyncIterable<Frame | Rejected>): Promise<OneNumber> {
  const [column, second] = columns;
  if (column === undefined || second !== undefined)
    return { problem: `The query returns ${counted(columns.length, 'column')}: ${columns.map(({ name }) => name).join(', ')}.` };
  let found: { readonly cell: Cell } | undefined;
  for await (const frame of rows) {
    if ('rejected' in frame || frame.rows === 0) continue;
    if (found !== undefined || frame.rows > 1) return { problem: 'The query returns more than one row.' };
    const cell = await overRows(frame, (cells) => [...cells][0]?.[0] ?? null);
    found = { cell };
  }
  if (found === undefined) return { problem: 'The query returns no row.' };
  if (found.cell === null) return { number: null };
  const number = numberText(column.type, found.cell);
  return number === undefined ? { problem: `The column ${column.name} is ${describeType(column.type)}, and not a number.` } : { number };
}

/** The number as text. Undefined: the cell is not a number. Numbers without a precision are read as texts. */
function numberText(type: DataType, cell: Cell): string | undefined {
  if (type.kind === 'decimal' && typeof cell === 'bigint') return watermarkText(type, cell);
  if (isSummed(type)) return String(cell);
  return type.kind === 'string' && typeof cell === 'string' && /^(-?\d+(\.\d+)?|NaN|-?Infinity)$/.test(cell) ? cell : undefined;
}
