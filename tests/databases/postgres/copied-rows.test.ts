import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type SourceColumn, SpecialValue } from '../../../src/databases/engine.ts';
import { type Block, Blocks, blockBytes } from '../../../src/databases/postgres/copy/blocks.ts';
import { RowMessages } from '../../../src/databases/postgres/copy/messages.ts';
import { foldedBlock, UntouchedRows, untouchedColumns } from '../../../src/databases/postgres/copy/untouched-rows.ts';
import { totals } from '../../../src/databases/postgres/dialect.ts';
import { BlockDecoder, decoder } from '../../../src/databases/postgres/read.ts';
import { sameSum, type Total, Totals } from '../../../src/databases/totals.ts';
import type { Cell } from '../../../src/frames/cell.ts';
import type { DataFrame } from '../../../src/frames/native.ts';
import { overRows } from '../../../src/frames/values/cells.ts';
import { type FrameWriter, frameWriter } from '../../../src/frames/values/column-writers.ts';
import { extremesOf } from '../../../src/frames/values/extremes.ts';
import { fingerprintOf } from '../../../src/frames/values/fingerprint.ts';
import { PolarsFrame } from '../../../src/frames/values/polars-frame.ts';
import { watermarkText } from '../../../src/frames/watermark-text.ts';
import { behind, type CopiedRow, type CopiedType, columnOf, copiedTypes, copyOf, message, rowBytes } from '../../support/copied-rows.ts';
import { cases } from '../../support/samples.ts';

interface Table {
  readonly types: readonly CopiedType[];
  readonly rows: readonly CopiedRow[];
}

const nullable = (values: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer | null> => fc.option(values, { nil: null, freq: 6 });
const tables: fc.Arbitrary<Table> = fc.array(fc.constantFrom(...copiedTypes), { minLength: 1, maxLength: 5 }).chain((types) =>
  fc.record({
    types: fc.constant(types),
    rows: fc.array(fc.tuple(...types.map(({ usual }) => nullable(usual))), { maxLength: 40 }),
  }),
);

/** The rows of the blocks as they come, in pieces of so many bytes, in turn. */
function read(
  bytes: Buffer,
  of: { readonly columns: number; readonly pieces?: readonly number[]; readonly most?: number; readonly blocks?: Blocks },
) {
  const { columns, pieces = [65_536], most = 122_880, blocks = new Blocks() } = of;
  const taken: Block[] = [];
  let rest: Buffer | undefined;
  const messages = new RowMessages({
    ...{ columns, blocks },
    handBack: (bytes) => {
      rest = bytes;
    },
  });
  let at = 0;
  for (let turn = 0; at < bytes.length && rest === undefined; turn++) {
    const piece = Math.max(1, pieces[turn % pieces.length] ?? 1);
    // A socket gives its memory to what comes next.
    const lent = Buffer.from(bytes.subarray(at, at + piece));
    messages.put(lent);
    lent.fill(0xaa);
    at += piece;
    while (messages.look(most)) taken.push(messages.take());
  }
  const [, rows] = /COPY (\d+)/.exec(String(Buffer.concat([rest ?? Buffer.alloc(0), bytes.subarray(at)]))) ?? [];
  messages.end(rows === undefined ? undefined : Number(rows));
  if (messages.waiting > 0) taken.push(messages.take());
  return { blocks: taken, rows: messages.rows };
}

/** Each value by a call, row by row, as they lie. */
async function byCalls({ types, rows }: Table): Promise<DataFrame> {
  const writer = await frameWriter({ columns: types.map(columnOf) });
  const decoders = types.map(({ wire }, at) => decoder(wire, writer.writers[at] as FrameWriter['writers'][number], null));
  for (const row of rows)
    for (const [at, value] of row.entries()) {
      if (value === null) (writer.writers[at] as { null(): void }).null();
      else decoders[at]?.(value, 0, value.length);
    }
  return (await writer.take()).collect();
}

async function byColumns({ types }: Table, blocks: readonly Block[]): Promise<readonly DataFrame[]> {
  const columns = types.map(columnOf);
  const decoding = new BlockDecoder({
    columns,
    places: columns.map((_, place) => place),
    writer: await frameWriter({ columns }),
    special: null,
    isUnchecked: false,
  });
  const frames: DataFrame[] = [];
  for (const block of blocks) frames.push(await (await decoding.frame(block)).collect());
  return frames;
}

async function cellsOf({ types }: Table, frames: readonly DataFrame[]): Promise<readonly (readonly Cell[])[]> {
  const cells: (readonly Cell[])[] = [];
  for (const data of frames)
    await overRows(PolarsFrame.of({ schema: { columns: types.map(columnOf) }, data, bytes: 0 }), (rows) => {
      for (const row of rows) cells.push([...row]);
    });
  return cells;
}

/** What PostgreSQL is asked of the columns of a staged table. */
const totalsOf = (columns: readonly SourceColumn[]): Totals =>
  new Totals(columns, ({ name, type }) => Object.keys(totals(name, type)) as (keyof Total)[]);

/** The first total that differs; null: none does. Sums of whole numbers are kept as their engine keeps them. */
function mustBeAs(columns: readonly SourceColumn[], of: { readonly mine: Totals; readonly theirs: Totals }): unknown {
  const [mine, theirs] = [of.mine.of(), of.theirs.of()];
  for (const [at, { type }] of columns.entries()) {
    const [one = {}, other = {}] = [mine[at], theirs[at]];
    const isSame =
      Object.keys(other).join() === Object.keys(one).join() && one.days === other.days && one.min === other.min && one.max === other.max;
    const hasSum = one.sum !== undefined && other.sum !== undefined;
    if (!isSame || (hasSum && !sameSum(type, BigInt(one.sum ?? ''), BigInt(other.sum ?? '')))) return { type, one, other };
  }
  return null;
}

const hash = async (frame: DataFrame): Promise<bigint> => BigInt(`0x${(await fingerprintOf(frame)).hash}`);

test('rows are the same by columns as by calls, however their bytes are cut, between notices, and in however many frames', async () => {
  const cut = fc.record({
    pieces: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 }),
    most: fc.constantFrom(1, 7, 122_880),
    notices: fc.constantFrom(0, 1, 3),
    hasLoneHeader: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(tables, cut, async (table, { pieces, most, ...sent }) => {
      const { blocks, rows } = read(copyOf(table.rows, sent), { columns: table.types.length, pieces, most });
      expect(rows).toBe(table.rows.length);
      expect(blocks.every((block) => block.rows <= most)).toBe(true);
      expect(await cellsOf(table, await byColumns(table, blocks))).toEqual(await cellsOf(table, [await byCalls(table)]));
    }),
    cases(150),
  );
});

test('what rows come to is added up as exactly as by Polars: nulls, sums, edges and bounds', async () => {
  await fc.assert(
    fc.asyncProperty(tables, async (table) => {
      const columns = table.types.map(columnOf);
      const untouched = untouchedColumns(columns);
      if (untouched === undefined) throw new Error('all of these types are plain');
      const [mine, theirs] = [totalsOf(columns), totalsOf(columns)];
      for (const block of read(copyOf(table.rows), { columns: columns.length, most: 13 }).blocks) {
        const folded = foldedBlock(block, untouched);
        const [data] = await byColumns(table, [block]);
        if (folded === undefined || data === undefined) throw new Error('none of these values is special');
        mine.addTotals(folded);
        await theirs.add(data);
        expect(folded.map(({ nulls }) => nulls)).toEqual(data.nullCount().row(0).map(Number));
        for (const [at, { name, type }] of columns.entries()) {
          const { min, max } = folded[at] ?? {};
          if (typeof min !== 'bigint' || typeof max !== 'bigint') continue;
          expect({ min: watermarkText(type, min), max: watermarkText(type, max) }).toEqual(
            await extremesOf(data.lazy(), { column: name, type }),
          );
        }
      }
      expect(mustBeAs(columns, { mine, theirs })).toBeNull();
    }),
    cases(150),
  );
});

test('a special value sends its frame to the decoder, in whatever row it is, and the decoder says which', async () => {
  const special = copiedTypes.filter((type) => type.special.length > 0);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...special), fc.nat(), fc.array(fc.nat({ max: 1 }), { maxLength: 9 }), async (type, nth, before) => {
      const bad = type.special[nth % type.special.length] as Buffer;
      const [usual] = fc.sample(type.usual, { seed: nth, numRuns: 1 }) as [Buffer];
      const rows: readonly CopiedRow[] = [...before.map((is) => [is === 0 ? null : usual]), [bad], [usual]];
      const columns = [columnOf(type, 0)];
      const { blocks } = read(copyOf(rows), { columns: 1 });
      const untouched = untouchedColumns(columns);
      expect(untouched && foldedBlock(blocks[0] as Block, untouched)).toBeUndefined();
      const said = await byCalls({ types: [type], rows }).catch((error: Error) => error.message);
      await expect(byColumns({ types: [type], rows }, blocks)).rejects.toThrow(new SpecialValue(said as string));
    }),
    cases(150),
  );
});

test('a double that is infinite is looked into', () => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(Number.NEGATIVE_INFINITY);
  const type = copiedTypes.find(({ name }) => name === 'double precision') as CopiedType;
  const { blocks } = read(copyOf([[bytes]]), { columns: 1 });
  expect(foldedBlock(blocks[0] as Block, untouchedColumns([columnOf(type, 0)]) ?? never())).toBeUndefined();
});

test('values of the wrong size are refused as the decoder refuses them, and never continue as they came', async () => {
  const sized = copiedTypes.filter(({ wire }) => wire.as !== 'bytes');
  for (const type of sized) {
    const rows = [[Buffer.alloc(3, 1)]];
    const { blocks } = read(copyOf(rows), { columns: 1 });
    expect([type.name, foldedBlock(blocks[0] as Block, untouchedColumns([columnOf(type, 0)]) ?? never())]).toEqual([type.name, undefined]);
    await expect(byColumns({ types: [type], rows }, blocks)).rejects.toThrow(/bytes arrived/);
  }
});

test('28,000 rows, and values of more than a megabyte, are read and added up as they are, in memory that is used again', async () => {
  const of = (name: string) => copiedTypes.find((type) => type.name === name) as CopiedType;
  const types = [of('bigint'), of('text'), of('numeric(12,2)')];
  const some = fc.sample(fc.tuple(...types.map(({ usual }) => nullable(usual))), { seed: 61, numRuns: 350 });
  const wide: CopiedRow = [null, Buffer.from('ü'.repeat(700_000)), null];
  const rows = Array.from({ length: 80 }, () => [...some.slice(1), wide]).flatMap((chunk, at) =>
    at % 60 === 7 ? chunk : [...chunk.slice(0, -1), some[0] as CopiedRow],
  );
  const columns = types.map(columnOf);
  const untouched = untouchedColumns(columns) ?? never();
  const [mine, theirs] = [totalsOf(columns), totalsOf(columns)];
  const decoding = new BlockDecoder({
    columns,
    places: columns.map((_, place) => place),
    writer: await frameWriter({ columns }),
    special: null,
    isUnchecked: false,
  });
  const blocks = new Blocks();
  const messages = new RowMessages({ columns: columns.length, blocks, handBack: () => undefined });
  const hashes: bigint[] = [];
  const frame = async () => {
    const block = messages.take();
    mine.addTotals(foldedBlock(block, untouched) ?? never());
    const data = await (await decoding.frame(block)).collect();
    blocks.giveBack(block);
    await theirs.add(data);
    hashes.push(await hash(data));
  };
  const bytes = copyOf(rows);
  for (let at = 0; at < bytes.length; at += 50_001) {
    messages.put(bytes.subarray(at, at + 50_001));
    while (messages.look(8_000)) await frame();
  }
  messages.end(28_000);
  await frame();
  expect(mustBeAs(columns, { mine, theirs })).toBeNull();
  expect(hashes.length).toBeGreaterThan(3);
  expect(hashes.reduce((sum, one) => BigInt.asUintN(128, sum + one), 0n)).toBe(await hash(await byCalls({ types, rows })));
});

test('a sum that no double holds is exact', () => {
  const type = copiedTypes.find(({ name }) => name === 'numeric(18,0)') as CopiedType;
  // 4,503,599,627,370,495 each: their sum in doubles loses its last bits from the third on.
  const groups = [4503, 5996, 2737, 495];
  const value = Buffer.alloc(16);
  value.writeUInt16BE(4, 0);
  value.writeInt16BE(3, 2);
  for (const [at, group] of groups.entries()) value.writeUInt16BE(group, 8 + at * 2);
  const rows = Array.from({ length: 1_001 }, () => [value]);
  const { blocks } = read(copyOf(rows), { columns: 1 });
  const [folded] = foldedBlock(blocks[0] as Block, untouchedColumns([columnOf(type, 0)]) ?? never()) ?? [];
  expect(folded?.sum).toBe(4_503_599_627_370_495n * 1_001n);
});

test('rows that were given back are read no more, and their memory goes to the rows that come next', () => {
  const type = copiedTypes.find(({ name }) => name === 'integer') as CopiedType;
  const blocks = new Blocks();
  const { blocks: taken } = read(copyOf([[Buffer.alloc(4)]]), { columns: 1, blocks });
  const untouched = untouchedColumns([columnOf(type, 0)]) ?? never();
  const totals = foldedBlock(taken[0] as Block, untouched) ?? never();
  const rows = new UntouchedRows(taken[0] as Block, { ...untouched, totals, blocks });
  expect(blocks.take()).not.toBe(taken[0]);
  rows.giveBack();
  rows.giveBack();
  expect(() => rows.messages).toThrow('memory had been freed');
  expect(blocks.take()).toBe(taken[0]);
  expect(blocks.take()).not.toBe(taken[0]);
});

test.each([
  ['character varying', 1043, -1],
  ['a modifier', 1114, 3],
  ['an enum', 16_400, -1],
  ['an array', 1007, -1],
  ['numeric of 28 digits', 1700, ((28 << 16) | 2) + 4],
])('a column of %s is looked into', (_, oid, modifier) => {
  const column = { ...columnOf(copiedTypes[2] as CopiedType, 0), wire: JSON.stringify(['c', oid, modifier, { as: 'bytes' }]) };
  expect(untouchedColumns([column])).toBeUndefined();
});

const row = [Buffer.alloc(4, 1), null] as const;
const sent = copyOf([row, row]);
const head = message('H', Buffer.from([1, 0, 0]));
const rowsAs = (...messages: readonly Buffer[]): Buffer => Buffer.concat([head, ...messages, behind(messages.length)]);
const [header, trailer] = [Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1'), Buffer.from([0xff, 0xff])];
const begun = (...rows: readonly Buffer[]): Buffer => rowsAs(message('d', header), ...rows.map((one) => message('d', one)));
const resized = (by: number): Buffer => {
  const bytes = rowBytes(row);
  bytes.writeInt32BE(4 + by, 2);
  return bytes;
};

test.each([
  ['a value longer than its row', begun(resized(100), trailer), 'longer than its row'],
  ['a value shorter than its row', begun(resized(-1), trailer), /longer than its values|than its row|A value of/],
  ['a row that is cut', begun(rowBytes(row).subarray(0, -2), trailer), 'shorter than its values'],
  ['a row of one byte', begun(Buffer.alloc(1), trailer), 'shorter than its number of columns'],
  ['another number of columns', begun(rowBytes([null]), trailer), 'A row of 1 columns arrived where 2 were expected'],
  ['a row behind the end', begun(rowBytes(row), trailer, rowBytes(row)), 'A row arrived after the end of the COPY'],
  ['no end', begun(rowBytes(row)), 'The COPY ended in the middle'],
  ['no header', rowsAs(message('d', rowBytes(row))), 'not a binary COPY'],
  [
    'a header longer than its message',
    rowsAs(message('d', Buffer.concat([header.subarray(0, 15), Buffer.from([0, 0, 9, 9])]))),
    'header that is longer',
  ],
  [
    'a message of an impossible length',
    Buffer.concat([head, Buffer.from([0x64, 0xff, 0xff, 0xff, 0xff])]),
    'A message of 4294967295 bytes arrived',
  ],
  [
    'a row fewer than the server says',
    Buffer.concat([sent.subarray(0, -behind(2).length), behind(3)]),
    'says that it sent 3 rows, but 2 arrived',
  ],
  ['a server that does not count', Buffer.concat([sent.subarray(0, -behind(2).length), message('c')]), 'an unknown number of rows'],
])('a COPY with %s is refused by name', (_, bytes, told) => {
  expect(() => read(bytes, { columns: 2, pieces: [7] })).toThrow(told);
});

test('a COPY that is cut at any byte is refused', () => {
  const end = sent.length - behind(2).length;
  for (let at = 0; at < end; at++) expect(() => read(sent.subarray(0, at), { columns: 2, pieces: [5] })).toThrow();
  expect(read(sent, { columns: 2, pieces: [5] }).rows).toBe(2);
});

test('a frame has about so many bytes as are meant, and one that is larger has one row', () => {
  const large = Buffer.alloc(blockBytes + 1);
  const { blocks } = read(copyOf([[large], [Buffer.alloc(10)], [large]]), { columns: 1 });
  expect(blocks.map((block) => block.rows)).toEqual([1, 2]);
});

function never(): never {
  throw new Error('there is one');
}
