import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Decoder } from '../../../src/formats/json/decoder.ts';
import { Document } from '../../../src/formats/json/document.ts';
import type { PinnedColumn } from '../../../src/formats/json/pinned.ts';
import type { BadPlace, RecordSink } from '../../../src/formats/json/record-sink.ts';
import { arrow } from '../../../src/frames/native.ts';
import { cases } from '../../support/samples.ts';
import { plain } from './over-text.ts';

const columns: readonly PinnedColumn[] = [
  { name: 'n', type: { kind: 'int64' }, path: ['n'] },
  { name: 'f', type: { kind: 'float64' }, path: ['f'] },
  { name: 't', type: { kind: 'string' }, path: ['t'] },
  { name: 'b', type: { kind: 'bool' }, path: ['b'] },
  { name: 'l', type: { kind: 'list', item: { kind: 'float64' } }, path: ['l'] },
  { name: 'j', type: { kind: 'json' }, path: ['j'] },
];

async function* pieces(text: string, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield Uint8Array.from(bytes.subarray(at, at + size));
    at += size;
  }
}

async function read(text: string, sizes: readonly number[], path: readonly string[]): Promise<{ rows: unknown[][]; bad: BadPlace[] }> {
  await using document = new Document('data', pieces(text, sizes));
  const decoder = new Decoder(
    await arrow(),
    document.lexer,
    columns.map((column) => ({ ...column, skipped: false, loose: false, asWritten: false })),
  );
  const bad: BadPlace[] = [];
  const sink: RecordSink = {
    record: () => decoder.record(),
    keep: () => {
      decoder.keep();
      return decoder.rows % 3 === 0;
    },
    undo: () => decoder.undo(),
    bad: (place) => {
      bad.push(place);
      return false;
    },
  };
  for await (const _ of document.records(path, sink));
  const table = decoder.take();
  const rows = Array.from({ length: table.numRows }, (_, row) =>
    decoder.schema.columns.map(({ type }, i) => plain(type, table.getChildAt(i)?.get(row))),
  );
  return { rows, bad };
}

const record = fc.record(
  {
    n: fc.maxSafeInteger(),
    f: fc.constantFrom(0.5, -12.25, 1e300, 5e-324, 1.2345678901234568e20),
    t: fc.string({ unit: fc.constantFrom('a', '"', '\\', ']', '🏡', '\n') }),
    b: fc.boolean(),
    l: fc.array(fc.constantFrom(1, 2.5, null)),
    j: fc.jsonValue({ depthSize: 'small' }),
  },
  { requiredKeys: [] },
);

test('wherever the bytes are cut, a document has the same records', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(record),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      fc.jsonValue(),
      fc.constantFrom(0, 2),
      async (some, sizes, around, indent) => {
        const text = JSON.stringify({ before: around, data: { 'in"': around, rows: some, after: around }, behind: around }, null, indent);
        const { rows, bad } = await read(text, sizes, ['data', 'rows']);
        expect(bad).toEqual([]);
        const exact = some.map((one) => [
          one.n === undefined ? null : String(one.n),
          one.f ?? null,
          one.t ?? null,
          one.b ?? null,
          one.l ?? null,
          one.j === undefined || one.j === null ? null : one.j,
        ]);
        expect(rows.map((row) => [...row.slice(0, 5), row[5] === null ? null : (JSON.parse(String(row[5])) as unknown)])).toEqual(
          JSON.parse(JSON.stringify(exact)),
        );
      },
    ),
    cases(200),
  );
});

test('a bad record is told from one whose rest has not come yet', async () => {
  const text = '[{"n":1},{"n":99999999999999999999},{"n":"x","t":"]},{"},{"f":99999999999999999999.5},{"n":1,"n":2},{"n":3}]';
  for (let size = 1; size < 30; size++) {
    const { rows, bad } = await read(text, [size], []);
    expect(rows.map(([n, f]) => [n, f])).toEqual([
      ['1', null],
      [null, 1e20],
      ['3', null],
    ]);
    expect(bad.map(({ offset, text }) => [offset, text])).toEqual([
      [9, '{"n":99999999999999999999}'],
      [36, '{"n":"x","t":"]},{"}'],
      [86, '{"n":1,"n":2}'],
    ]);
  }
});
