import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { snapshotOf } from '../../../src/delta/log/log.ts';
import type { DeltaSnapshot } from '../../../src/delta/table.ts';
import { schemaOf } from '../../../src/delta/values/schema.ts';
import type { Frame } from '../../../src/engine/contracts/frame.ts';
import { localFileSystem } from '../../../src/filesystems/disk/local.ts';
import { parquetFormat } from '../../../src/formats/parquet/parquet.ts';
import { describeType } from '../../../src/frames/describe-type.ts';
import { exactJson } from '../../../src/frames/exact-json/exact-json.ts';
import type { Column } from '../../../src/frames/schema.ts';
import { overRows } from '../../../src/frames/values/cells.ts';
import { testFolder, testScratch, wholeFile } from '../../support/parquet-files.ts';
import { sampled } from '../../support/samples.ts';
import { describeSuites, missingSuite } from '../../support/suites.ts';
import { inMemory, openFile, readTable } from './reading.ts';

const suite = join(process.env.HYGGE_TEST_SUITES ?? '', 'delta');
const all = missingSuite('delta') === '' ? readdirSync(suite).filter((name) => existsSync(join(suite, name, 'about.json'))) : [];
interface About {
  readonly broken: boolean;
}
const aboutOf = (name: string): About => JSON.parse(readFileSync(join(suite, name, 'about.json'), 'utf8')) as About;
const good = all.filter((name) => !aboutOf(name).broken && existsSync(join(suite, name, 'rows.parquet')));

/** The table as its whole log says. */
async function snapshotIn(name: string, version?: number): Promise<DeltaSnapshot> {
  const folder = join(suite, name, 'table');
  const access = { files: localFileSystem(folder), signal: new AbortController().signal, table: name };
  const snapshot = await snapshotOf(access, version === undefined ? 'newest' : { version });
  // Absolute paths begin with the suite's folder, wherever it is.
  return JSON.parse(JSON.stringify(snapshot).replaceAll('@SUITE@', suite)) as DeltaSnapshot;
}

/** Rows as exact texts, sorted. */
async function textsOf(frames: readonly Frame[], columns: readonly Column[]): Promise<string[]> {
  const texts: string[] = [];
  for (const frame of frames) {
    const names = frame.schema.columns.map(({ name }) => name);
    const at = columns.map(({ name }) => names.indexOf(name));
    await overRows(frame, (rows) => {
      for (const row of rows) texts.push(JSON.stringify(columns.map(({ type }, i) => exactJson(type, row[at[i] as number] ?? null))));
    });
  }
  return texts.sort();
}

async function expectedRows(path: string): Promise<{ readonly frames: readonly Frame[]; readonly columns: readonly Column[] }> {
  const format = parquetFormat({ int96: 'microseconds' });
  const source = await openFile(path);
  const content = await format.inspect(source, null);
  const scratch = testScratch(await testFolder());
  const signal = new AbortController().signal;
  const frames: Frame[] = [];
  const request = {
    source,
    content,
    from: 0,
    to: content.pieces.length,
    window: wholeFile,
    frameBytes: 2 ** 25,
    frameRows: 10 ** 6,
    columns: null,
    scratch,
    signal,
  };
  for await (const frame of format.read(request)) if ('schema' in frame) frames.push(await inMemory(frame));
  return { frames, columns: content.schema.columns };
}

/** No matter of values: a catalogue has the newest commits, logs of types that it does not know are refused, and parquet files with a column `*` are refused (HYG-3109). */
const apart = ['kernel-catalog-managed', 'names-odd-unmapped', 'types-geo', 'types-variant-shredded'];

const readable = good.filter((name) => !apart.includes(name));

/** An empty partition value is null by the protocol; delta-rs wrote it for an empty string, and Spark and delta-rs read it as one. */
const emptyIsNull = ['rs-part-string-odd', 'rs-part-binary', 'mixed-part-odd'];

async function compare(name: string, { rows: file, version }: { readonly rows: string; readonly version?: number }): Promise<void> {
  const folder = join(suite, name, 'table');
  const table = await snapshotIn(name, version);
  const schema = schemaOf(table.metadata);
  const { frames: wanted, columns } = await expectedRows(join(suite, name, file));
  const scratch = testScratch(await testFolder());
  const frames = await readTable({ folder, table, scratch });
  for (const frame of frames) expect(frame.schema).toEqual(schema);
  expect(typesOf(schema.columns)).toEqual(typesOf(columns));
  const read = schema.columns.filter((column) => columns.some((other) => other.name === column.name));
  const rows = await textsOf(wanted, columns);
  expect(await textsOf(frames, read)).toEqual(emptyIsNull.includes(name) ? rows.map(withoutEmpty).sort() : rows);
}

function typesOf(columns: readonly Column[]): readonly string[] {
  return columns.filter(({ type }) => type.kind !== 'null').map(({ name, type }) => `${name} ${describeType(type)}`);
}

/** Their logs are in order; log/suite.test.ts has those whose log is refused. */
const broken: Readonly<Record<string, string>> = {
  'broken-dv-crc-flipped': 'HYG-3804',
  'broken-dv-cut': 'HYG-3804',
  'broken-dv-flipped': 'HYG-3804',
  'broken-dv-missing': 'HYG-3805',
  'broken-dv-offset': 'HYG-3804',
  'broken-dv-size': 'HYG-3804',
  'broken-partition-value': 'HYG-3803',
  'rs-part-decimal-negative': 'HYG-3803',
  'broken-file-cut': 'HYG-3806',
  'broken-file-swapped-rows': 'HYG-3806',
  'broken-cm-mode-unknown': 'HYG-3802',
  'broken-cm-no-physical': 'HYG-3802',
  'broken-schema-type': 'HYG-3801',
};

describeSuites('the rows of tables that others wrote', () => {
  test.each(sampled(readable, 2))('%s', async (name) => {
    await compare(name, { rows: 'rows.parquet' });
  });

  const versions = readable.flatMap((name) =>
    readdirSync(join(suite, name)).flatMap((file) => {
      const version = /^rows-v(\d+)\.parquet$/.exec(file)?.[1];
      return version === undefined ? [] : [[name, Number(version)] as const];
    }),
  );
  test.each(sampled(versions, 8))('%s at version %d', async (name, version) => {
    await compare(name, { rows: `rows-v${version}.parquet`, version });
  });

  test.each(Object.entries(broken))('%s is refused: %s', async (name, code) => {
    const folder = join(suite, name, 'table');
    const reading = async () => {
      return readTable({ folder, table: await snapshotIn(name), scratch: testScratch(await testFolder()) });
    };
    await expect(reading()).rejects.toThrow(expect.objectContaining({ code }) as Error);
  });

  test('a partition value that is missing is null', async () => {
    const name = 'broken-partition-value-missing';
    const folder = join(suite, name, 'table');
    const frames = await readTable({ folder, table: await snapshotIn(name), scratch: testScratch(await testFolder()) });
    const rows = await textsOf(frames, [{ name: 'p', type: { kind: 'int32' }, nullable: true }]);
    expect(rows).toContain('[null]');
  });
});

const withoutEmpty = (row: string): string => JSON.stringify((JSON.parse(row) as unknown[]).map((value) => (value === '' ? null : value)));
