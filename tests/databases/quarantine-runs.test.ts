/** `hygge quarantine` of whole runs into databases, and what is there afterwards by another client. */
import { readFileSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { duckdb, mariadb, onEach, postgres, sqlite, sqlserver } from './databases.ts';

const kinds = [postgres, mariadb, sqlite, duckdb, sqlserver];

const contract = (min: number) => `columns:\n  id: int64\n  at: date\n  n: { type: int64, min: ${min} }\n`;

// Statements of each are in quarantine-rows.test.ts.
onEach(whole ? kinds : [sqlite, postgres], 'rows in quarantine in $name', (database, kind) => {
  const isWhole = whole || kind === sqlite;
  beforeEach(() => database.cleared());

  const json = async (workspace: TestWorkspace, ...args: readonly string[]) => {
    const { code, stdout } = await inProcess([...args, '--output', 'json'], workspace.root, { SHOP_SECRET: database.password });
    const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
    return { code, rows: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
  };
  /** Rows and events of a command that has to end well. */
  const done = async (workspace: TestWorkspace, ...args: readonly string[]) => {
    const { code, rows } = await json(workspace, ...args);
    if (code !== 0) throw new Error(`hygge ${args.join(' ')} ended ${code}: ${JSON.stringify(rows)}`);
    return rows;
  };
  const opened = (more: string, csv: string, ofValidation = '') =>
    new TestWorkspace({
      'hygge.yml': `name: q\nconnections: { c: ${database.connection} }\nflows:\n  f: { home: { path: in, format: csv, types: { id: int64, at: date, n: int64 } }, store: { connection: c, table: e${database.keys} }${more}, validation: { contract: k.yml, mode: quarantine${ofValidation} } }\n`,
      'k.yml': contract(0),
      'in/a.csv': csv,
    });
  const settled = async () => [...(await database.sql('select id, n from e order by id, n'))];
  const waiting = async (workspace: TestWorkspace) =>
    (await json(workspace, 'quarantine', 'show', 'f.f')).rows.map(({ id, n }) => `${id} ${n}`).sort();

  if (isWhole)
    test('are listed and shown, leave by a replay once they keep the rules, and are dropped by run', async () => {
      using workspace = opened('', 'id,at,n\n1,2024-01-01,1\n2,2024-01-02,-2\n3,2024-01-02,-30\n');
      await done(workspace, 'go');
      const [listed] = (await json(workspace, 'quarantine', 'list')).rows;
      expect(listed).toMatchObject({ rule: 'n min', column: 'n', rows: 2, since: expect.stringMatching(/^20/), written_by: null });
      expect(await waiting(workspace)).toEqual(['2 -2', '3 -30']);
      expect((await json(workspace, 'quarantine', 'replay', 'f.f')).rows.at(-1)).toMatchObject({ pass: 0, warn: 1, rows: 0 });
      workspace.write({ 'k.yml': contract(-2) });
      expect((await json(workspace, 'quarantine', 'replay', 'f.f')).rows.at(-1)).toMatchObject({ rows: 1 });
      expect(await settled()).toEqual(['1 1', '2 -2']);
      expect(await waiting(workspace)).toEqual(['3 -30']);
      const { runs } = (await json(workspace, 'quarantine', 'list')).rows[0] as { readonly runs: readonly string[] };
      expect((await json(workspace, 'quarantine', 'drop', 'f.f', '--yes', '--run', 'another')).rows.at(-1)).toMatchObject({ skip: 1 });
      await done(workspace, 'quarantine', 'drop', 'f.f', '--yes', '--run', runs[0] ?? '');
      expect(await waiting(workspace)).toEqual([]);
      expect(await settled()).toEqual(['1 1', '2 -2']);
      // A full load reads everything again, and so does away with what was set apart.
      workspace.write({ 'k.yml': contract(0) });
      for (const _ of [1, 2]) await done(workspace, 'go');
      expect(await waiting(workspace)).toEqual(['2 -2', '3 -30']);
    });

  if (isWhole)
    test('settle by their key where no newer row of it has: newer rows of their key stay', async () => {
      using workspace = opened(
        ', run_type: incremental, watermark: { column: at, key: [id] }',
        'id,at,n\n1,2024-01-01,-1\n2,2024-01-01,-2\n3,2024-01-02,3\n4,2024-01-02,-4\n',
      );
      await done(workspace, 'go');
      workspace.write({ 'in/b.csv': 'id,at,n\n1,2024-01-05,11\n5,2024-01-05,-5\n' });
      await done(workspace, 'go');
      workspace.write({ 'k.yml': contract(-9) });
      const { rows } = await json(workspace, 'quarantine', 'replay', 'f.f');
      expect(rows.at(-1)).toMatchObject({ pass: 1, rows: 3 });
      expect(rows.find(({ event }) => event === 'entity_done')?.message).toBe(
        '3 rows left the quarantine and settled; 1 row left the quarantine and did not settle, because newer rows with the same key have settled',
      );
      expect(await settled()).toEqual(['1 11', '2 -2', '3 3', '4 -4', '5 -5']);
      expect(await waiting(workspace)).toEqual([]);
    });

  if (isWhole)
    test('of the open group settle as part of it: the next run replaces the group as it is then', async () => {
      using workspace = opened(
        ', run_type: incremental, watermark: { column: at }',
        'id,at,n\n1,2024-01-01,1\n2,2024-01-02,2\n3,2024-01-02,-3\n',
      );
      await done(workspace, 'go');
      workspace.write({ 'k.yml': contract(-9) });
      await done(workspace, 'quarantine', 'replay', 'f.f');
      expect(await settled()).toEqual(['1 1', '2 2', '3 -3']);
      expect((await json(workspace, 'go')).rows.at(-1)).toMatchObject({ skip: 1 });
      workspace.write({ 'k.yml': contract(0), 'in/a.csv': 'id,at,n\n1,2024-01-01,1\n2,2024-01-02,2\n3,2024-01-02,-3\n4,2024-01-02,4\n' });
      await done(workspace, 'go');
      expect(await settled()).toEqual(['1 1', '2 2', '4 4']);
      expect(await waiting(workspace)).toEqual(['3 -3']);
    });

  if (isWhole)
    test('of the open group stay in it when others are dropped: the next run still replaces them', async () => {
      using workspace = opened(', run_type: incremental, watermark: { column: at }', 'id,at,n\n1,2024-01-01,-1\n3,2024-01-02,3\n');
      await done(workspace, 'go');
      const [first] = (await json(workspace, 'quarantine', 'list')).rows as unknown as readonly { readonly runs: readonly string[] }[];
      workspace.write({ 'in/a.csv': 'id,at,n\n1,2024-01-01,-1\n3,2024-01-02,3\n2,2024-01-02,-2\n' });
      await done(workspace, 'go');
      await done(workspace, 'quarantine', 'drop', 'f.f', '--yes', '--run', first?.runs[0] ?? '');
      expect(await waiting(workspace)).toEqual(['2 -2']);
      workspace.write({ 'in/a.csv': 'id,at,n\n1,2024-01-01,-1\n3,2024-01-02,3\n2,2024-01-02,2\n' });
      await done(workspace, 'go');
      expect(await waiting(workspace)).toEqual([]);
      expect(await settled()).toEqual(['2 2', '3 3']);
    });

  // The server of the tests has one lock for everything, and the others have no pool that could be so small.
  if (kind === postgres || (whole && kind === mariadb))
    test('leave by several slices at once, over the fewest connections that there may be', async () => {
      const many = (from: number) => Array.from({ length: 501 }, (_, n) => `${from + n},2024-01-01,-1\n`).join('');
      using workspace = opened(', run_type: incremental', `id,at,n\n${many(1)}`);
      workspace.write({ 'hygge.yml': readFileSync(workspace.path('hygge.yml'), 'utf8').replace('"type":', '"pool_size":2,"type":') });
      await done(workspace, 'go');
      workspace.write({ 'in/b.csv': `id,at,n\n${many(1_001)}` });
      await done(workspace, 'go');
      await done(workspace, 'quarantine', 'show', 'f.f', '--to', 'mended.csv');
      workspace.write({ 'mended.csv': readFileSync(workspace.path('mended.csv'), 'utf8').replaceAll(/^(1|1001),(\S+?),-1/gm, '$1,$2,1') });
      await done(workspace, 'quarantine', 'replay', 'f.f', '--file', 'mended.csv');
      expect(await settled()).toEqual(['1 1', '1001 1']);
      workspace.write({ 'k.yml': contract(-1) });
      await done(workspace, 'quarantine', 'replay', 'f.f');
      expect(await settled()).toHaveLength(1_002);
      expect(await waiting(workspace)).toEqual([]);
    });
});
