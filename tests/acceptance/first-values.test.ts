import { readFileSync } from 'node:fs';
import pl from 'nodejs-polars';
import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../src/narrate/run/running-entity.ts';
import { duck } from '../support/duck.ts';
import { TestWorkspace } from '../support/workspace.ts';

const go = (workspace: TestWorkspace, ...more: readonly string[]) => workspace.run(['go', '--output', 'json', ...more]);

async function passes(workspace: TestWorkspace, ...more: readonly string[]): Promise<void> {
  const run = await go(workspace, ...more);
  expect(run.events.at(-1), run.stdout).toMatchObject({ pass: 1, error: 0 });
}

interface Listed {
  readonly name: string;
  readonly role: string;
  readonly rows: number;
  readonly source?: string;
  readonly sources?: readonly string[];
}

const listed = (workspace: TestWorkspace): readonly Listed[] =>
  (JSON.parse(readFileSync(workspace.path('lake/_hygge/f/f/current.json'), 'utf8')) as { files: readonly Listed[] }).files;

/** What column `n` is in every file that readers of the folder find. */
async function typesOf(workspace: TestWorkspace): Promise<readonly string[]> {
  const names = await duck(
    `select distinct filename from read_parquet('${workspace.path('lake')}/**/*.parquet', filename = true, union_by_name = true)`,
  );
  const types = await Promise.all(
    names.map(({ filename }) =>
      duck(`select column_type from (describe from read_parquet('${String(filename)}')) where column_name = 'n'`),
    ),
  );
  return [...new Set(types.flat().map(({ column_type }) => String(column_type)))];
}

/** Rows of the folder, as readers have them that know nothing of hygge, and as its own copy has them. */
async function readByAll(workspace: TestWorkspace): Promise<readonly Record<string, unknown>[]> {
  const rows = await duck(`select id, n from read_parquet('${workspace.path('lake')}/**/*.parquet') order by id`);
  const polars = await pl.scanParquet(`${workspace.path('lake')}/**/*.parquet`).collect();
  expect(polars.height).toBe(rows.length);
  const to = `copied${Math.max(...listed(workspace).map(({ name }) => Number.parseInt(name, 10) || 0))}`;
  const copy = await workspace.run(['copy', 'lake', to]);
  expect(copy.code, copy.stdout + copy.stderr).toBe(0);
  expect(await duck(`select id, n from read_parquet('${workspace.path(to)}/**/*.parquet') order by id`)).toEqual(rows);
  return rows;
}

const csv = (rows: readonly (readonly [number, string])[]) => `id,n\n${rows.map(([id, n]) => `${id},${n}\n`).join('')}`;
const ndjson = (rows: readonly (readonly [number, string])[]) =>
  rows.map(([id, n]) => `{"id":${id},"n":${n === '' ? 'null' : n}}\n`).join('');
const sources = { csv, ndjson } as const;
const flow = (config: string, home = 'in/*.csv') => ({ 'flows/f/flow.yml': `home: ${home}\nstore: ${config}\n` });
const byFile = 'lake\nrun_type: incremental';

describe('a column whose first values come on a later day', () => {
  it.each(Object.entries(sources))('has one type in all files, by file from %s', async (format, written) => {
    using workspace = new TestWorkspace({
      ...flow(byFile, `in/*.${format}`),
      [`in/1.${format}`]: written([
        [1, ''],
        [2, ''],
      ]),
    });
    await passes(workspace);
    const [first] = listed(workspace);
    workspace.write({
      [`in/2.${format}`]: written([
        [3, '7'],
        [4, ''],
      ]),
    });
    await passes(workspace);
    expect(await typesOf(workspace)).toEqual(['BIGINT']);
    expect(await readByAll(workspace)).toEqual([
      { id: '1', n: null },
      { id: '2', n: null },
      { id: '3', n: '7' },
      { id: '4', n: null },
    ]);
    expect(listed(workspace).map(({ name }) => name)).not.toContain(first?.name);
    // What a file holds is remembered as before.
    expect(listed(workspace).find(({ rows, source, sources: all }) => rows === 2 && (source ?? all?.[0])?.includes('1.'))).toBeDefined();
    workspace.write({ [`in/3.${format}`]: written([[5, '']]) });
    await passes(workspace);
    expect(await typesOf(workspace)).toEqual(['BIGINT']);
  });
});

const day = (rows: readonly (readonly [number, string, string])[]) => `id,d,n\n${rows.map((row) => `${row.join(',')}\n`).join('')}`;
const watermark = 'run_type: incremental\nwatermark: { column: d';

describe('and a watermark', () => {
  const before = [
    [1, '2026-01-01', ''],
    [2, '2026-01-02', ''],
    [3, '2026-01-02', ''],
  ] as const;
  const idsAndValues = async (workspace: TestWorkspace) => (await readByAll(workspace)).map(({ id, n }) => `${id} ${n}`);

  async function settled(more = '', store = 'lake'): Promise<TestWorkspace> {
    const workspace = new TestWorkspace({ ...flow(`${store}\n${watermark}${more} }`, 'in.csv'), 'in.csv': day(before) });
    await passes(workspace);
    expect(listed(workspace).filter(({ role }) => role === 'boundary')).toHaveLength(1);
    return workspace;
  }

  it('an open group that is as it was is closed by rows above it, in its new type', async () => {
    using workspace = await settled();
    workspace.write({ 'in.csv': day([...before, [4, '2026-01-03', '7']]) });
    await passes(workspace);
    expect(await typesOf(workspace)).toEqual(['BIGINT']);
    expect(await idsAndValues(workspace)).toEqual(['1 null', '2 null', '3 null', '4 7']);
    expect(
      listed(workspace)
        .filter(({ role }) => role === 'boundary')
        .map(({ rows }) => rows),
    ).toEqual([1]);
    // The group that was closed is nobody's to replace any more.
    workspace.write({ 'in.csv': day([...before, [4, '2026-01-03', '7'], [5, '2026-01-03', '8'], [6, '2026-01-04', '']]) });
    await passes(workspace);
    expect(await idsAndValues(workspace)).toEqual(['1 null', '2 null', '3 null', '4 7', '5 8', '6 null']);
  });

  it('a backfill rewrites what is outside of its range too, and the open group stays open', async () => {
    using workspace = await settled();
    workspace.write({ 'in.csv': day([[1, '2026-01-01', '7'], ...before.slice(1)]) });
    const backfill = await workspace.run(['backfill', 'f.f', '--from', '2026-01-01', '--to', '2026-01-02', '--output', 'json']);
    expect(backfill.code, backfill.stdout).toBe(0);
    expect(await typesOf(workspace)).toEqual(['BIGINT']);
    expect(await idsAndValues(workspace)).toEqual(['1 7', '2 null', '3 null']);
    expect(
      listed(workspace)
        .filter(({ role }) => role === 'boundary')
        .map(({ rows }) => rows),
    ).toEqual([2]);
    workspace.write({ 'in.csv': day([[1, '2026-01-01', '7'], ...before.slice(1), [4, '2026-01-02', '8'], [5, '2026-01-03', '']]) });
    await passes(workspace);
    expect(await idsAndValues(workspace)).toEqual(['1 7', '2 null', '3 null', '4 8', '5 null']);
  });

  it('an overlap replaces what it reads, and rewrites the rest', async () => {
    using workspace = await settled(', overlap: 1d');
    workspace.write({ 'in.csv': day([...before, [4, '2026-01-03', '']]) });
    await passes(workspace);
    workspace.write({ 'in.csv': day([...before.slice(0, 2), [3, '2026-01-02', '6'], [4, '2026-01-03', '7'], [5, '2026-01-03', '']]) });
    await passes(workspace);
    expect(await typesOf(workspace)).toEqual(['BIGINT']);
    expect(await idsAndValues(workspace)).toEqual(['1 null', '2 null', '3 6', '4 7', '5 null']);
  });

  it.each(['a backfill'])('%s that leaves rows of before the column came decides nothing about it', async (how) => {
    const lines = (days: readonly number[], more: string) => days.map((of) => `{"id":${of},"d":"2026-01-0${of}"${more}}\n`).join('');
    using workspace = new TestWorkspace({
      ...flow(`lake\n${watermark}${how === 'an overlap' ? ', overlap: 1d' : ''} }`, '{ path: in.ndjson, types: { d: date } }'),
      'in.ndjson': lines([1, 2, 3], ''),
    });
    await passes(workspace);
    workspace.write({ 'in.ndjson': lines([1, 2, 3, 4], ',"n":null') });
    if (how === 'a backfill') expect((await workspace.run(['backfill', 'f.f', '--from', '2026-01-02', '--to', '2026-01-03'])).code).toBe(0);
    expect((await go(workspace)).code).toBe(0);
    workspace.write({ 'in.ndjson': lines([1, 2, 3], ',"n":null') + lines([4, 5], ',"n":7') });
    await passes(workspace);
    expect(await typesOf(workspace)).toEqual(['BIGINT']);
    const rows = await duck(`select id, n from read_parquet('${workspace.path('lake')}/*.parquet', union_by_name = true) order by id`);
    expect(rows.map(({ id, n }) => `${id} ${n}`)).toEqual(['1 null', '2 null', '3 null', '4 7', '5 7']);
  });
});

describe('and other stores', () => {
  it('a changed file is replaced, and the others are written anew', async () => {
    using workspace = new TestWorkspace({
      ...flow(`${byFile}\nchanged_files: replace`),
      'in/1.csv': csv([[1, '']]),
      'in/2.csv': csv([[2, '']]),
    });
    await passes(workspace);
    workspace.write({
      'in/1.csv': csv([
        [1, '7'],
        [3, ''],
      ]),
    });
    await go(workspace);
    expect(await typesOf(workspace)).toEqual(['BIGINT']);
    expect(await readByAll(workspace)).toEqual([
      { id: '1', n: '7' },
      { id: '2', n: null },
      { id: '3', n: null },
    ]);
  });
});

describe('told', () => {
  it('before it is done, and files of others stay as they are', async () => {
    using workspace = new TestWorkspace({ ...flow(`${byFile}\nif_exists: append`), 'in/1.csv': csv([[1, '']]) });
    await workspace.parquet('lake/theirs.parquet', "select 9::bigint as id, 'x' as n");
    await go(workspace);
    const theirs = workspace.tree('lake').get('lake/theirs.parquet');
    workspace.write({ 'in/2.csv': csv([[3, '7']]) });
    const dry = await go(workspace, '--dry-run');
    const plan = dry.events.find(({ event }) => event === 'plan') as EventOf<'plan'>;
    expect(plan.drift).toMatchObject([
      { column: 'n', outcome: 'it had no value so far; its first values decide its type: it settles as int64' },
    ]);
    expect(plan.warnings.join()).toContain('n has no value so far: up to 1 settled file is rewritten');
    await go(workspace);
    expect(workspace.tree('lake').get('lake/theirs.parquet')).toBe(theirs);
    expect(
      (await duck(`describe from read_parquet('${workspace.path('lake')}/0*.parquet')`)).map(({ column_type }) => column_type),
    ).toEqual(['BIGINT', 'BIGINT']);
  });
});

describe('a source of parquet', () => {
  it('may say of a column that it knows no type of it', async () => {
    using workspace = new TestWorkspace(flow(byFile, 'in'));
    const write = (name: string, rows: pl.DataFrame) => {
      workspace.write({ [`in/${name}`]: '' });
      rows.writeParquet(workspace.path('in', name));
    };
    write('1.parquet', pl.DataFrame({ id: pl.Series('id', [1, 2], pl.Int64) }).withColumns(pl.lit(null).alias('n')));
    await passes(workspace);
    write('2.parquet', pl.DataFrame({ id: pl.Series('id', [3], pl.Int64), n: pl.Series('n', [7], pl.Int64) }));
    await passes(workspace);
    expect(await typesOf(workspace)).toEqual(['BIGINT']);
    expect(await readByAll(workspace)).toEqual([
      { id: '1', n: null },
      { id: '2', n: null },
      { id: '3', n: '7' },
    ]);
    write('3.parquet', pl.DataFrame({ id: pl.Series('id', [4], pl.Int64) }).withColumns(pl.lit(null).alias('n')));
    await passes(workspace);
    expect(await typesOf(workspace)).toEqual(['BIGINT']);
  });
});
