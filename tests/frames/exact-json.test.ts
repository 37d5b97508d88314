import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cell } from '../../src/frames/cell.ts';
import { exactCell } from '../../src/frames/exact-json/exact-cell.ts';
import { exactJson } from '../../src/frames/exact-json/exact-json.ts';
import type { DataType } from '../../src/frames/schema.ts';
import { frameBuilder } from '../../src/frames/values/builders.ts';
import { overRows } from '../../src/frames/values/cells.ts';
import type { Json } from '../../src/ports/values.ts';
import { edgeColumns } from '../support/edge-values.ts';
import { anyColumn } from '../support/random-values.ts';
import { cases } from '../support/samples.ts';

const asText = (type: DataType, cell: Cell): string => JSON.stringify(exactJson(type, cell));
const back = (type: DataType, text: string): Cell => exactCell(type, JSON.parse(text) as Json);

test.each(edgeColumns)('a $name is the same value after it was JSON, as a frame holds it', async ({ name, type, values }) => {
  const schema = { columns: [{ name, type, nullable: true }] };
  const builder = await frameBuilder(schema);
  for (const [cell] of values) builder.append([cell]);
  const held = await overRows(await builder.take(), (rows) => Array.from(rows, ([cell = null]) => cell));
  expect(held.map((cell) => back(type, asText(type, cell)))).toEqual(held);
});

test('any value of any type is the same after it was JSON, however deep it lies', () => {
  fc.assert(
    fc.property(anyColumn, ({ type, values }) => {
      for (const cell of values) expect(back(type, asText(type, cell))).toEqual(cell);
    }),
    cases(300),
  );
});

test.each([
  [{ kind: 'int64' }, true],
  [{ kind: 'bool' }, 'true'],
  [{ kind: 'date' }, '2024-02-30'],
  [{ kind: 'timestamp', unit: 'ms' }, '2024-02-03T00:00:00.0001'],
  [{ kind: 'struct', fields: [] }, []],
  [{ kind: 'null' }, 1],
] as const satisfies readonly (readonly [DataType, Json])[])('a %o is never read from %o', (type, json) => {
  expect(() => exactCell(type, json)).toThrow(expect.objectContaining({ code: 'HYG-9001' }));
});
