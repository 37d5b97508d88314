/** Keys that come more than once in a run, on their way into databases: the newest row of each settles, and the others lie in quarantine. */
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { cases, sampled, whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { type DatabaseKind, duckdb, firstOf, mariadb, onEach, postgres, sqlite, sqlserver } from './databases.ts';

const kinds: readonly DatabaseKind[] = whole ? [postgres, mariadb, sqlite, duckdb, sqlserver] : [mariadb, sqlite];

/** `at` tells which one is the newest, and `k` and `g` come more than once. */
interface Source {
  readonly id: number;
  readonly at: number | null;
  readonly k: string | null;
  readonly g: number | null;
}

const anyRows = fc
  .array(
    fc.record({
      at: fc.option(fc.integer({ min: 1, max: 4 }), { freq: 6 }),
      k: fc.option(fc.constantFrom('a', 'A', 'a ', '', 'é', 'z'), { freq: 6 }),
      g: fc.option(fc.integer({ min: 1, max: 3 }), { freq: 6 }),
      file: fc.integer({ min: 0, max: 2 }),
    }),
    { minLength: 1, maxLength: 24 },
  )
  .map((rows) => rows.map((one, id) => ({ ...one, id })));

const byNewest = (a: Source, b: Source) => (b.at ?? 0) - (a.at ?? 0) || a.id - b.id;

/** What has to settle, by a model that knows no SQL: of each key the newest row, and of several the first by its values. */
function survivors(rows: readonly Source[], keys: readonly (readonly (keyof Source)[])[]): readonly Source[] {
  let left = rows;
  for (const columns of keys) {
    const first = new Map<string, Source>();
    const keyOf = (row: Source) => (columns.some((name) => row[name] === null) ? null : JSON.stringify(columns.map((name) => row[name])));
    for (const row of [...left].sort(byNewest)) {
      const key = keyOf(row);
      if (key !== null && !first.has(key)) first.set(key, row);
    }
    left = left.filter((row) => keyOf(row) === null || first.get(keyOf(row) ?? '') === row);
  }
  return left;
}

const idsOf = (rows: readonly Source[]) => rows.map(({ id }) => id).sort((a, b) => a - b);

// Which row settles is decided by statements of each: SQLite is asked everything, and MariaDB is asked for the open group. A soak asks all.
onEach(kinds, 'rows whose keys come more than once, in $name', (database, kind) => {
  const isWhole = whole || kind === sqlite;
  beforeEach(() => database.cleared());

  const json = async (workspace: TestWorkspace, ...args: readonly string[]) => {
    const { code, stdout } = await inProcess([...args, '--output', 'json'], workspace.root, { SHOP_SECRET: database.password });
    const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
    const rows = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    return { code, rows, last: rows.at(-1) ?? {} };
  };
  const opened = (more: string, { contract = 'unique: [[k]]', validation = '' } = {}) =>
    new TestWorkspace({
      'hygge.yml': `name: q\nconnections: { c: ${database.connection} }\n`,
      'flows/f/flow.yml': `home: { path: in }\nstore: { connection: c, table: e${database.keys} }\n${more}validation: { contract: k.yml, mode: quarantine${validation} }\n`,
      'k.yml': `columns: { id: int64, at: int64, k: string, g: int64 }\n${contract}\n`,
      'in/.keep': '',
    });
  const values = (rows: readonly Source[]) =>
    rows.map(({ id, at, k, g }) => `(${id}, ${at ?? 'null'}, ${k === null ? 'null' : `'${k}'`}, ${g ?? 'null'})`).join(', ');
  const file = (workspace: TestWorkspace, name: string, rows: readonly Source[]) =>
    workspace.parquet(
      `in/${name}.parquet`,
      `select id::bigint as id, "at"::bigint as "at", k::varchar as k, g::bigint as g from (${rows.length === 0 ? 'select 1 as id, 1 as "at", null as k, 1 as g where false' : `values ${values(rows)}`}) t(id, "at", k, g)`,
    );
  const settled = async () => (await database.sql('select id from e order by id')).map(Number);
  const waiting = async (workspace: TestWorkspace) =>
    (await json(workspace, 'quarantine', 'show', 'f.f', '--rows', '1000')).rows.map(({ id, _rule }) => `${id} ${_rule}`).sort();
  /** What settled, and what lies apart. */
  const lie = async (workspace: TestWorkspace, there: readonly number[], ...apart: readonly string[]) =>
    expect([await settled(), await waiting(workspace)]).toEqual([there, apart]);

  if (isWhole)
    test('settle as a model says, whatever the order of rows and files, and each other row is in quarantine', async () => {
      await fc.assert(
        fc.asyncProperty(anyRows, fc.boolean(), async (rows, isIncremental) => {
          const expected = idsOf(survivors(isIncremental ? rows : withoutMarks(rows), [['k'], ['g', 'k'], ['g']]));
          const shuffles = [rows, [...rows].reverse()];
          let first: readonly string[] | undefined;
          for (const [nth, some] of shuffles.entries()) {
            await database.cleared();
            using workspace = opened(isIncremental ? 'run_type: incremental\nwatermark: { column: at, nulls: include }\n' : '', {
              contract: 'unique: [[k], [g, k], [g]]',
            });
            for (const at of [0, 1, 2])
              await file(
                workspace,
                `${at}`,
                some.filter((one) => (one.file + nth) % 3 === at),
              );
            const went = await json(workspace, 'go');
            const told = JSON.stringify([rows, isIncremental, nth, went.last]);
            expect(went.code, told).toBe(0);
            expect(await settled(), told).toEqual(expected);
            const apart = await waiting(workspace);
            expect(apart.length + expected.length, told).toBe(rows.length);
            expect(apart, told).toEqual(first ?? apart);
            first = apart;
            const [counted] = went.last.entities as readonly Record<string, number>[];
            expect([counted?.rows_read, counted?.rows, counted?.quarantined ?? 0], told).toEqual([
              rows.length,
              expected.length,
              apart.length,
            ]);
          }
        }),
        { ...cases(10), endOnFailure: true },
      );
    });

  const source = (id: number, at: number | null, k: string | null, g: number | null = null): Source => ({ id, at, k, g });
  const incremental = 'run_type: incremental\nwatermark: { column: at }\n';

  if (isWhole)
    test('of the open group are read again with it: they stay where nothing changed, and are replaced where something did', async () => {
      using workspace = opened(incremental);
      await file(workspace, 'a', [source(1, 1, 'a'), source(2, 2, 'a'), source(3, 2, 'a'), source(4, 2, 'b')]);
      expect(await json(workspace, 'go')).toMatchObject({ code: 0 });
      await lie(workspace, [2, 4], '1 uniqueness k', '3 uniqueness k');
      expect((await json(workspace, 'go')).last).toMatchObject({ skip: 1 });
      // New rows are compared with each other, and not with what settled.
      await file(workspace, 'b', [source(5, 3, 'a'), source(6, 3, 'a')]);
      expect((await json(workspace, 'go')).last).toMatchObject({ rows: 1 });
      await lie(workspace, [2, 4, 5], '1 uniqueness k', '3 uniqueness k', '6 uniqueness k');
      await file(workspace, 'b', [source(5, 3, 'b'), source(6, 3, 'a'), source(7, 3, 'a')]);
      expect(await json(workspace, 'go')).toMatchObject({ code: 0 });
      await lie(workspace, [2, 4, 5, 6], '1 uniqueness k', '3 uniqueness k', '7 uniqueness k');
      expect((await json(workspace, 'go')).last).toMatchObject({ skip: 1 });
      // A range takes its rows with it, here and apart.
      await file(workspace, 'a', [source(1, 1, 'a'), source(2, 1, 'a'), source(8, 1, 'c')]);
      expect(await json(workspace, 'backfill', 'f.f', '--from', '1', '--to', '3')).toMatchObject({ code: 0 });
      await lie(workspace, [1, 5, 6, 8], '2 uniqueness k', '7 uniqueness k');
      // Of two rows with a key one comes alone where only the other one lies outside of the range.
      await file(workspace, 'a', [source(1, 1, 'c'), source(8, 2, 'c')]);
      const again = async (to: string) =>
        expect(await json(workspace, 'backfill', 'f.f', '--from', '1', '--to', to, '--again')).toMatchObject({ code: 0 });
      await again('3');
      await lie(workspace, [5, 6, 8], '1 uniqueness k', '7 uniqueness k');
      await again('2');
      await lie(workspace, [1, 5, 6, 8], '7 uniqueness k');
    });

  const texts = [`date '2024-02-28' + n::int`, `'2024-02-0' || n`, '(n + 0.125)::decimal(20, 3)'];
  const times = ['timestamp', 'timestamptz'].map((type) => `${type} '2024-02-29 01:02:03.000004+00' + interval (n) second`);
  // The server of the tests that speaks SQL Server's protocol compares times as texts, in whatever form they come.
  const marks = kind === sqlserver ? texts : [...times, ...texts];
  const some = kind === sqlite ? [] : sampled(marks, marks.length, firstOf(kind));
  test.each(whole ? marks : some)('of the open group lie in it, where the watermark is %s', async (at) => {
    using workspace = opened(incremental);
    workspace.write({ 'k.yml': 'columns: { id: int64 }\ncomplete: false\nunique: [[k]]\n' });
    const load = (some: string) =>
      workspace.parquet('in/a.parquet', `select id::bigint as id, ${at} as "at", k from (values ${some}) t(id, n, k)`);
    await load(`(1, 1, 'a'), (2, 2, 'a'), (3, 2, 'a'), (4, 2, 'b')`);
    expect(await json(workspace, 'go')).toMatchObject({ code: 0 });
    await lie(workspace, [2, 4], '1 uniqueness k', '3 uniqueness k');
    await load(`(1, 1, 'a'), (3, 2, 'a'), (4, 2, 'b'), (5, 2, 'b')`);
    expect(await json(workspace, 'go')).toMatchObject({ code: 0 });
    await lie(workspace, [3, 4], '1 uniqueness k', '5 uniqueness k');
  });

  if (isWhole)
    test('are those of different rows, where rows are merged by another key: versions of one row are no duplicates', async () => {
      using workspace = opened('run_type: incremental\nwatermark: { column: at, key: [id] }\nwrite_strategy: merge\n');
      const versions = [
        source(1, 1, 'a', 1),
        source(1, 3, 'b', 3),
        source(2, 2, 'a', 2),
        source(3, 4, 'c', 1),
        source(4, 2, 'd', 1),
        source(4, 5, 'c', 2),
      ];
      await file(workspace, 'a', versions);
      expect((await json(workspace, 'go')).last).toMatchObject({ warn: 1 });
      // The newest rows of 3 and 4 have the same, so both versions of 3 or of 4 stay away.
      const now = async () => [await database.sql('select id, k, g from e order by id'), await waiting(workspace)];
      expect(await now()).toEqual([['1 b 3', '2 a 2', '4 c 2'], ['3 uniqueness k']]);
      await file(workspace, 'b', [
        source(5, 6, 'c', 1),
        source(4, 7, 'c', 3),
        source(5, 7, 'e', 9),
        source(6, 8, 'e', 1),
        source(5, 6, 'f', 1),
      ]);
      expect((await json(workspace, 'go')).last).toMatchObject({ warn: 1 });
      expect(await now()).toEqual([
        ['1 b 3', '2 a 2', '4 c 3', '6 e 1'],
        ['3 uniqueness k', '5 uniqueness k', '5 uniqueness k', '5 uniqueness k'],
      ]);
    });

  if (isWhole)
    test('are compared by verify as rows of the destination, as long as they are in quarantine', async () => {
      using workspace = opened(`${incremental}verify: { counts, on_difference: fail }\n`);
      await file(workspace, 'a', [source(1, 1, 'a'), source(2, 2, 'a'), source(3, 2, 'a'), source(4, 2, 'b')]);
      expect(await json(workspace, 'go')).toMatchObject({ code: 0 });
      const verified = async (...args: readonly string[]) => (await json(workspace, 'verify', 'f.f', '--pause', '0s', ...args)).code;
      expect([await verified(), await verified('--range', '2..3')]).toEqual([0, 0]);
      expect(await json(workspace, 'quarantine', 'drop', 'f.f', '--yes')).toMatchObject({ code: 0 });
      expect([await verified(), await verified('--range', '2..3')]).toEqual([1, 1]);
    });

  if (isWhole)
    test('come back by a replay as the very same rows, of whatever type', async () => {
      const columns = [
        ...[`id::bigint as id`, `'x' as k`, `(id * 0.1)::decimal(38, 10) as exact`, `(9007199254740993 + id)::bigint as long`],
        ...[
          `case when id = 2 then '-0.0'::double else id / 3 end as f`,
          `'a' || repeat(' ', id::int) as padded`,
          `('\\x0' || id || '\\x00')::blob as bytes`,
        ],
        ...[`date '2024-02-29' + id::int as day`, `timestamp '2024-02-29 01:02:03.000004' + interval (id) day as moment`],
        // As the statements would call what they add to the rows.
        ...['hygge_k0', 'hygge_of_0', 'HYGGE_PLACE', 'hygge_group'].map((name) => `id::bigint as ${name}`),
        ...[`{ n: 9007199254740993 + id, d: (id * 1.5)::decimal(20, 4), t: time '01:02:03.5', l: [id, null] } as nested`],
      ];
      const rows = `select ${columns.join(', ')} from range(1, 5) t(id)`;
      const loaded = async (contract: string) => {
        await database.cleared();
        using workspace = opened('', { contract });
        workspace.write({ 'k.yml': `columns: { id: int64 }\ncomplete: false\n${contract}\n` });
        await workspace.parquet('in/a.parquet', rows);
        expect(await json(workspace, 'go')).toMatchObject({ code: 0 });
        if (contract === '') return database.sql('select * from e order by id');
        expect(await settled()).toEqual([1]);
        workspace.write({ 'k.yml': 'columns: { id: int64 }\ncomplete: false\n' });
        expect((await json(workspace, 'quarantine', 'replay', 'f.f')).last).toMatchObject({ pass: 1, rows: 3 });
        return database.sql('select * from e order by id');
      };
      const whole = await loaded('');
      expect(whole).toHaveLength(4);
      expect(await loaded('unique: [[k]]')).toEqual(whole);
    });

  if (isWhole)
    test('are not compared with rows that lie apart for a rule, and a check that only warns looks at those that settle', async () => {
      using workspace = opened('', {
        contract: 'unique: [[k]]\nrules: [{ name: g is small, check: g < 3 }]',
        validation: ', quality: { checks: [{ type: uniqueness, columns: [g], on_fail: warn }] }',
      });
      await file(workspace, 'a', [source(1, 1, 'a', 3), source(2, 2, 'a', 1), source(3, 2, 'b', 1), source(4, 2, 'b', 2)]);
      const { rows } = await json(workspace, 'go');
      await lie(workspace, [2, 3], '1 g is small', '4 uniqueness k');
      expect(rows.filter(({ event }) => event === 'check')).toMatchObject([
        {
          kind: 'check',
          name: 'uniqueness g',
          outcome: 'warned',
          found: expect.stringContaining('1 key comes more than once, 1 row is too many'),
        },
        { kind: 'rule', name: 'g is small', outcome: 'quarantined', rows: 1, of: 4 },
        { kind: 'rule', name: 'uniqueness k', column: 'k', outcome: 'quarantined', rows: 1, of: 4, samples: ['a'] },
      ]);
    });
});

/** Without a watermark none is newer. */
const withoutMarks = (rows: readonly Source[]): readonly Source[] => rows.map((row) => ({ ...row, at: null }));
