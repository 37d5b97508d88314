import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import type { Range } from '../../src/engine/contracts/replacing.ts';
import type { Store } from '../../src/engine/contracts/store.ts';
import { stagedFile } from '../../src/files/store/staging/staged-parts.ts';
import { fileStore } from '../../src/files/store/store.ts';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import { formatOf } from '../../src/formats/formats.ts';
import type { Cell } from '../../src/frames/cell.ts';
import type { DataType, Schema } from '../../src/frames/schema.ts';
import { frameBuilder } from '../../src/frames/values/builders.ts';
import { duck } from '../support/duck.ts';
import { edgeColumns } from '../support/edge-values.ts';
import { sampled } from '../support/samples.ts';
import { adding } from '../support/sim/rows.ts';
import { decided, place, run } from './settling.ts';

const never = new AbortController().signal;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hygge-rework-'));
});
afterEach(() => rm(folder, { recursive: true }));

const schemaOf = (type: DataType): Schema => ({
  columns: [
    { name: 'n', type: { kind: 'int64' }, nullable: true },
    { name: 'c', type, nullable: true },
  ],
});

/** n from 2 to below 4; rows without n stay. */
const range: Range = {
  column: 'n',
  type: { kind: 'int64' },
  from: { text: '2', inclusive: true },
  to: { text: '4', inclusive: false },
  group: 'rows',
};

/** One settled file of these rows, and what is staged in its place. */
async function rewritten(format: string, options: Readonly<Record<string, unknown>>, type: DataType, cells: readonly Cell[]) {
  await using scratch = realScratch();
  const made = await formatOf(format, options);
  const store: Store = fileStore({
    files: localFileSystem(folder),
    place: { ...place, extension: made.extension },
    where: 'lake/f',
    format: made,
    targetBytes: 1_000_000,
    random: realRandom(),
    scratch,
  });
  const schema = schemaOf(type);
  const builder = await frameBuilder(schema);
  for (const [i, cell] of cells.entries()) builder.append([i === 1 ? null : BigInt(i), cell]);
  const frame = await builder.take();
  const request = { run: run(1), writing: adding, slice: 0, schema, watermark: { column: 'n', type: range.type }, emptyPart: false };
  const frames = (async function* () {
    yield { frame, role: 'data' as const };
  })();
  const parts = await store.stage(request, frames, never);
  await store.commit({ ...(await decided(store, run(1), parts)), schema });
  const step = await store.rework?.plan({ range, retyped: [] });
  const [slice] = step && 'done' in step ? step.done.slices : [];
  if (!slice || !store.rework) throw new Error('the file does not straddle the range');
  const { rowsInRange, rowsOfPart } = await store.rework.count(slice, { range, retyped: [] }, never);
  const kept = store.rework.read(slice, { range, retyped: [] }, undefined, never);
  const staying = (async function* () {
    for await (const read of kept) if (!('checkpoint' in read)) yield { frame: read, role: 'data' as const };
  })();
  const first = await staying.next();
  if (first.done) throw new Error('nothing stays');
  const again = (async function* () {
    yield first.value;
    yield* staying;
  })();
  const after = await store.stage({ ...request, run: run(2), schema: first.value.frame.schema }, again, never);
  const path = (part: (typeof parts)[number] | undefined, staged: boolean) => {
    if (!part) throw new Error('there is no such part');
    return join(folder, staged ? stagedFile(part).staged : stagedFile(part).final);
  };
  return {
    before: path(parts[0], false),
    after: path(after[0], true),
    inside: rowsInRange,
    all: rowsOfPart,
    rows: after.reduce((sum, part) => sum + part.rows, 0),
  };
}

const cellsOf = (values: readonly (readonly [Cell, string | null])[]): readonly Cell[] => {
  const cells = values.map(([cell]) => cell);
  // At least one on each side of the range, and one without a watermark.
  return [...cells, ...cells, ...cells, ...cells, ...cells].slice(0, Math.max(6, cells.length));
};

describe('a file written anew keeps every value of the rows that stay', () => {
  test.each(sampled(edgeColumns, 2))('$name in parquet', async ({ type, shown, values }) => {
    const cells = cellsOf(values);
    const { before, after, inside, all, rows } = await rewritten('parquet', {}, type, cells);
    expect([inside, all, rows]).toEqual([2, cells.length, cells.length - 2]);
    const show = (file: string, where: string) =>
      duck(
        "set timezone = 'UTC'",
        `select n::varchar as n, typeof(c) as type, ${shown} as shown from read_parquet('${file}') ${where} order by n nulls first`,
      );
    expect(await show(after, '')).toEqual(await show(before, 'where n is null or n < 2 or n >= 4'));
  });

  const inText = edgeColumns.filter(({ type }) => type.kind !== 'null');
  const texts: readonly { readonly name: string; readonly format: string; readonly options: Readonly<Record<string, unknown>> }[] = [
    { name: 'CSV', format: 'csv', options: {} },
    {
      name: 'CSV of another dialect',
      format: 'csv',
      options: { delimiter: ';', header: false, quote_style: 'always', null_value: '\\NULL', line_ending: 'crlf' },
    },
    { name: 'compressed CSV', format: 'csv', options: { compression: 'zstd', quote_style: 'non_numeric' } },
    { name: 'NDJSON', format: 'ndjson', options: {} },
    { name: 'compressed NDJSON', format: 'ndjson', options: { compression: 'gzip' } },
    { name: 'JSON', format: 'json', options: {} },
  ];
  const nested = (kind: string) => kind === 'list' || kind === 'struct';
  const cases = texts.flatMap((how) =>
    inText.filter(({ type }) => how.format !== 'csv' || !nested(type.kind)).map((edge) => ({ ...how, edge, type: edge.name })),
  );
  test.each(sampled(cases, 8))('$type in $name', async ({ format, options, edge: { type, values } }) => {
    // JSON has no words for what is not finite; years of four digits are all that text can say.
    const sayable = values.filter(([cell]) => format === 'csv' || typeof cell !== 'number' || Number.isFinite(cell));
    const cells = cellsOf(sayable);
    const { before, after, inside, rows } = await rewritten(format, options, type, cells);
    expect([inside, rows]).toEqual([2, cells.length - 2]);
    const records = recordsOf(before, await plain(before));
    const kept = records.filter((_, i) => i !== 2 && i !== 3);
    expect(recordsOf(before, await plain(after, before)).sort()).toEqual(kept.sort());
  });
});

async function plain(path: string, named = path): Promise<string> {
  const body = await readFile(path);
  const bytes = named.endsWith('.gz') ? gunzipSync(body) : named.endsWith('.zst') ? zstdDecompressSync(body) : body;
  return bytes.toString('utf8');
}

/** Values of edge columns may hold line breaks: records begin with their number, or with nothing. */
function recordsOf(name: string, text: string): string[] {
  if (/\.csv/.test(name))
    return text
      .replace(/^n,c\r?\n|^"n","c"\r?\n/, '')
      .split(/\r?\n(?=\d+[,;]|"\d+"|,|\\NULL;)/)
      .map((record) => record.trimEnd());
  return text
    .replace(/^\[\n|\n\]\n?$/g, '')
    .split(/,?\n/)
    .filter((line) => line !== '');
}
