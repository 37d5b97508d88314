import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { type Arrow, arrow, type DataFrame, polars } from '../native.ts';
import type { Column, Schema } from '../schema.ts';
import { toArrow } from '../values/from-polars.ts';
import { toPolars } from '../values/to-polars.ts';
import { type Cell, cellOf } from './canonical-text.ts';
import type { HashId } from './polish.ts';
import { TextBytes } from './text-bytes.ts';

/** How many rows are hashed between two turns of the event loop. So many rows take some tens of milliseconds. */
const rowsPerTurn = 16_384;
/** The number of bytes of an id. */
const width = { hex: 64, bytes: 32 } as const;

/**
 * Makes the ids as the columns of a separate frame, in the order of the rows. `data` has the columns of `schema`, which must have all
 * columns that the ids are made from. The native engine has no SHA-256, so JavaScript reads the values here. Only the columns that the ids
 * need leave the engine.
 */
export async function hashColumns(data: DataFrame, schema: Schema, ids: readonly HashId[]): Promise<DataFrame> {
  const [A, pl] = await Promise.all([arrow(), polars()]);
  const needed = schema.columns.flatMap((column, index) => (ids.some(({ from }) => from.includes(column.name)) ? [{ column, index }] : []));
  const all = data.getColumns();
  const columns = needed.map(({ column }) => column);
  const table = await toArrow(pl.DataFrame(needed.map(({ index }) => all[index])));
  const values: Uint8Array[] = [];
  for (const id of ids) values.push(await idsOf(table, { form: id.form, cellsOf: cellsFor(id, columns), rows: data.height }));
  return toPolars(tableOf(A, ids, values, data.height));
}

type CellsOf = (batch: Arrow.RecordBatch) => readonly Cell[];

function cellsFor(id: HashId, columns: readonly Column[]): CellsOf {
  return (batch) =>
    id.from.flatMap((name) => {
      const index = columns.findIndex((column) => column.name === name);
      const [column, data] = [columns[index], batch.data.children[index]];
      return column === undefined || data === undefined ? [] : [cellOf(column.type, data)];
    });
}

/** The bytes of all ids, one after another. */
async function idsOf(
  table: Arrow.Table,
  of: { readonly form: HashId['form']; readonly cellsOf: CellsOf; readonly rows: number },
): Promise<Uint8Array> {
  const size = width[of.form];
  const ids = Buffer.alloc(of.rows * size);
  const text = new TextBytes();
  let at = 0;
  for (const batch of table.batches) {
    const cells = of.cellsOf(batch);
    for (let row = 0; row < batch.numRows; row++) {
      text.clear();
      for (const cell of cells) cell(row, text);
      // The digest is made as hex even if bytes are wanted, because a Buffer for each row would take three times as long.
      ids.write(hash('sha256', text.bytes, 'hex'), at, of.form === 'hex' ? 'latin1' : 'hex');
      at += size;
      if (row % rowsPerTurn === rowsPerTurn - 1) await setImmediate();
    }
  }
  return ids;
}

function tableOf(A: typeof Arrow, ids: readonly HashId[], values: readonly Uint8Array[], rows: number): Arrow.Table {
  const children = ids.map(({ form }, index) => {
    const valueOffsets = Int32Array.from({ length: rows + 1 }, (_, row) => row * width[form]);
    const type = form === 'hex' ? new A.Utf8() : new A.Binary();
    return A.makeData({ type: type as Arrow.Utf8, length: rows, nullCount: 0, valueOffsets, data: values[index] ?? new Uint8Array(0) });
  });
  const fields = ids.map(({ name, form }) => new A.Field(name, form === 'hex' ? new A.Utf8() : new A.Binary(), true));
  const schema = new A.Schema(fields);
  const data = A.makeData({ type: new A.Struct(fields), length: rows, nullCount: 0, children });
  return new A.Table(schema, new A.RecordBatch(schema, data));
}
