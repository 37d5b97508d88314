/** Converts lists and structs to JSON texts and back without loss, since a field of a CSV file can not contain nested values. */
import { isDeepStrictEqual } from 'node:util';
import type { Frame } from '../../engine/contracts/frame.ts';
import type { Cell } from '../../frames/cell.ts';
import { describeType } from '../../frames/describe-type.ts';
import { exactCell } from '../../frames/exact-json/exact-cell.ts';
import { exactJson } from '../../frames/exact-json/exact-json.ts';
import { type DataFrame, polars } from '../../frames/native.ts';
import type { Column, DataType, Schema } from '../../frames/schema.ts';
import { frameBuilder } from '../../frames/values/builders.ts';
import { overRows } from '../../frames/values/cells.ts';
import { asPolars, PolarsFrame } from '../../frames/values/polars-frame.ts';
import type { Json } from '../../ports/values.ts';

const isNested = ({ type }: Pick<Column, 'type'>): boolean => type.kind === 'list' || type.kind === 'struct';

/** The same columns, with the type text for columns of nested values. */
export function withNestedTexts(schema: Schema): Schema {
  return { columns: schema.columns.map((column) => (isNested(column) ? { ...column, type: { kind: 'string' } as const } : column)) };
}

/** The rows of a frame, with nested values replaced by JSON texts. */
export async function nestedAsTexts(frame: Frame): Promise<Frame> {
  const textOf = (value: Cell, { type }: Column): Cell => (value === null ? null : JSON.stringify(exactJson(type, value)));
  return replaced(frame, { schema: withNestedTexts(frame.schema), cell: textOf });
}

/**
 * Converts JSON texts back to nested values.
 * @param schema the columns of the frame with their true types.
 * @param misfit creates the error for a text that is not a value of its column. `row`: the number of the row in the frame, counted from 0.
 */
export async function textsAsNested(frame: Frame, schema: Schema, misfit: (column: Column, row: number) => Error): Promise<Frame> {
  const cellOf = (text: Cell, _: Column, { type }: Column): Cell => (text === null ? null : valueOfText(type, String(text)));
  return replaced(frame, { schema, cell: cellOf, misfit });
}

interface Replacement {
  readonly schema: Schema;
  /** Converts a nested value, or its text, from its own column to the column in `schema`. May throw if the value is not a value of that column. */
  readonly cell: (from: Cell, own: Column, to: Column) => Cell;
  readonly misfit?: (column: Column, row: number) => Error;
}

async function replaced(frame: Frame, { schema, cell, misfit }: Replacement): Promise<Frame> {
  const all = schema.columns.map((to, at) => ({ to, own: frame.schema.columns[at] ?? to }));
  const nested = all.filter(({ to, own }) => isNested(to) || isNested(own));
  const whole = asPolars(frame);
  if (nested.length === 0 || frame.rows === 0) return whole.told(schema);
  const data = await whole.collect();
  const before = { columns: nested.map(({ own }) => own) };
  const names = before.columns.map(({ name }) => name);
  const builder = await frameBuilder({ columns: nested.map(({ to }) => to) });
  const part = PolarsFrame.of({ schema: before, data: data.select(...names), bytes: frame.bytes });
  await overRows(part, (rows) => {
    let row = 0;
    for (const cells of rows) {
      for (const [at, { to, own }] of nested.entries()) {
        try {
          builder.columns[at]?.append(cell(cells[at] ?? null, own, to));
        } catch (error) {
          throw misfit?.(to, row) ?? error;
        }
      }
      builder.rowDone();
      row++;
    }
  });
  const built = await builder.take();
  const pl = await polars();
  const joined = pl.concat([data.drop(names), await built.collect()], { how: 'horizontal' }) as DataFrame;
  return PolarsFrame.of({ schema, data: joined.select(...schema.columns.map(({ name }) => name)), bytes: frame.bytes });
}

/** The value that a text means. Throws if the text does not have the form of the type. For such a text, `exactCell` returns another value, or no value. */
function valueOfText(type: DataType, text: string): Cell {
  const json = JSON.parse(text) as Json;
  const cell = exactCell(type, json);
  if (!isDeepStrictEqual(exactJson(type, cell), json)) throw new TypeError(`another value than ${describeType(type)} has`);
  return cell;
}
