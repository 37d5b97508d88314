/** Rows that settle apart in a database come back as the very same rows: of any type, once each, and beside those of an earlier version. */
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Frame } from '../../src/engine/contracts/frame.ts';
import type { QuarantinedPart } from '../../src/engine/contracts/replacing.ts';
import type { FrameToStage, Store, Supersede } from '../../src/engine/contracts/store.ts';
import type { Cell } from '../../src/frames/cell.ts';
import { exactJson } from '../../src/frames/exact-json/exact-json.ts';
import type { Column, Schema } from '../../src/frames/schema.ts';
import { frameBuilder } from '../../src/frames/values/builders.ts';
import { overRows } from '../../src/frames/values/cells.ts';
import { brokenSchema } from '../../src/frames/values/rejected-rows.ts';
import { committed } from '../support/commits.ts';
import { run } from '../support/connector-conformance/bench.ts';
import { decisionOver } from '../support/connector-conformance/decision.ts';
import { edgeColumns } from '../support/edge-values.ts';
import { noMariadb } from '../support/mariadb.ts';
import { noPostgres } from '../support/postgres.ts';
import { anyColumn } from '../support/random-values.ts';
import { cases, whole } from '../support/samples.ts';
import { adding } from '../support/sim/rows.ts';
import { openStore as openDuckdb } from './duckdb/support.ts';
import { openDatabase as openMariadb } from './mysql/support.ts';
import { cleared as clearPostgres, openDatabase as openPostgres } from './postgres/support.ts';
import { openStore as openSqlite } from './sqlite/support.ts';
import { openDatabase as openSqlServer } from './sqlserver/support.ts';

interface Opened extends AsyncDisposable {
  store(): Promise<Store>;
  cleared(): Promise<void>;
  /** Each row of `rejected` as its id and its text, by a client that is not ours. */
  stored(): Promise<readonly { readonly id: string; readonly row: string }[]>;
  /** The table `rejected`, in quotes. */
  readonly rejected: string;
  sql(...statements: readonly string[]): Promise<unknown>;
}

const engines: Readonly<Record<string, { readonly missing: string; open(): Promise<Opened> }>> = {
  SQLite: {
    missing: '',
    async open() {
      const opened = await openSqlite();
      return {
        store: () => opened.store(),
        cleared: () => opened.cleared(),
        stored: async () => opened.file.sql('select id, "row" from hygge_metadata_rejected') as never,
        rejected: 'hygge_metadata_rejected',
        sql: async (...all) => opened.file.sql('select 1', ...all),
        [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
      };
    },
  },
  DuckDB: {
    missing: '',
    async open() {
      const opened = await openDuckdb();
      return {
        store: () => opened.store(),
        cleared: () => opened.cleared(),
        stored: async () => (await opened.sql('select id, "row" from hygge_metadata.rejected')) as never,
        rejected: 'hygge_metadata.rejected',
        sql: (...all) => opened.sql(...all),
        [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
      };
    },
  },
  PostgreSQL: {
    missing: noPostgres(),
    async open() {
      const opened = await openPostgres();
      return {
        store: async () => opened.store(),
        cleared: () => clearPostgres(opened.db),
        stored: async () => (await opened.db.sql('select id, "row" from hygge_metadata.rejected')) as never,
        rejected: 'hygge_metadata.rejected',
        sql: (...all) => opened.db.sql(all.join('; ')),
        [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
      };
    },
  },
  MariaDB: {
    missing: noMariadb(),
    async open() {
      const opened = await openMariadb();
      return {
        store: () => opened.store(),
        cleared: () => opened.cleared(),
        stored: async () =>
          (await opened.lines(`select id, to_base64(\`row\`) from ${opened.metadata}.rejected`)).map((line) => {
            const [id = '', row = ''] = line.split('\t');
            return { id, row: Buffer.from(row.replaceAll('\\n', ''), 'base64').toString('utf8') };
          }),
        rejected: `${opened.metadata}.rejected`,
        sql: (...all) => opened.db.sql(all.join('; ')),
        [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
      };
    },
  },
  'SQL Server': {
    missing: '',
    async open() {
      const opened = await openSqlServer();
      return {
        store: () => opened.store(),
        cleared: async () => opened.db.clear(),
        stored: async () => (await opened.db.rows('hygge_metadata.rejected')) as never,
        rejected: '[hygge_metadata].rejected',
        sql: (...all) => opened.db.run(...all),
        [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
      };
    },
  },
};

interface BrokenRow {
  readonly cells: readonly Cell[];
  readonly id: string;
}

async function brokenFrame(columns: readonly Column[], rows: readonly BrokenRow[], runId: string): Promise<Frame> {
  const builder = await frameBuilder(brokenSchema({ columns }));
  for (const { cells, id } of rows) builder.append([...cells, 'a rule', null, 'why', runId, id]);
  return builder.take();
}

const cellsOf = (frame: Frame) => overRows(frame, (rows) => Array.from(rows, (row) => [...row]));

interface Commit {
  readonly epoch: number;
  readonly schema: Schema;
  readonly broken: readonly BrokenRow[];
  readonly supersede?: Supersede;
  readonly source?: string;
  readonly ofGroup?: true;
  readonly mark?: string;
}

/** One commit of such rows alone. */
async function commitBroken(store: Store, { epoch, schema, broken, supersede = { what: 'nothing' }, source, ofGroup, mark }: Commit) {
  const frames = (async function* (): AsyncGenerator<FrameToStage> {
    // As the engine does it: a first commit has at least a part without rows.
    if (epoch === 1) yield { frame: await (await frameBuilder(schema)).take(), role: 'data' };
    const frame = await brokenFrame(schema.columns, broken, run(epoch).entityRunId);
    if (broken.length > 0) yield { frame, role: 'broken', ...(ofGroup ? { ofGroup } : {}) };
  })();
  const column = schema.columns.find(({ name }) => name === mark);
  const watermark = column ? { column: column.name, type: column.type } : null;
  const request = { run: run(epoch), writing: adding, slice: 0, schema, watermark, emptyPart: false };
  const parts = await store.stage({ ...request, ...(source ? { source } : {}) }, frames, new AbortController().signal);
  expect(parts.reduce((sum, { role, rows }) => sum + (role === 'broken' ? rows : 0), 0)).toBe(broken.length);
  return committed(store, await decisionOver(store, { run: run(epoch), parts, supersede, schema }));
}

async function readBack(store: Store, isMeant = (_: QuarantinedPart) => true) {
  const found: { readonly part: QuarantinedPart; readonly schema: Schema; readonly rows: Cell[][] }[] = [];
  for (const part of (await store.quarantine?.parts()) ?? []) {
    if (!isMeant(part)) continue;
    for await (const frame of store.quarantine?.read(part.slice, new AbortController().signal) ?? [])
      found.push({ part, schema: frame.schema, rows: await cellsOf(frame) });
  }
  return found;
}

const names = ['id', '_rule', 'row', 'watermark', 'a b', '__proto__', 'é"', 'part'];

const frameOfAnything = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 5 }).chain((taken) =>
  fc.array(anyColumn, { minLength: taken.length, maxLength: taken.length }).map((columns) => {
    const length = Math.max(...columns.map(({ values }) => values.length));
    return {
      columns: taken.map((name, at): Column => ({ name, type: columns[at]?.type ?? { kind: 'bool' }, nullable: true })),
      rows: Array.from({ length }, (_, row) => columns.map(({ values }) => values[row] ?? null)),
    };
  }),
);

describe.each(Object.keys(engines))('rows in quarantine, in %s', (name) => {
  const engine = engines[name];
  if (engine === undefined || engine.missing !== '') {
    test.skip(`needs ${engine?.missing}`, () => {});
    return;
  }
  let opened: Opened;
  beforeAll(async () => {
    opened = await engine.open();
  });
  beforeEach(() => opened.cleared());
  afterAll(() => opened[Symbol.asyncDispose]());

  const isWhole = whole || name === 'SQLite';
  const idColumn: Column = { name: 'id', type: { kind: 'int64' }, nullable: true };
  const plain: Schema = { columns: [idColumn, { name: 'at', type: { kind: 'int64' }, nullable: true }] };
  const row = (id: bigint, at = 1): BrokenRow => ({ cells: [id, BigInt(at)], id: `${id}`.padStart(32, '0') });
  const ids = (rows: readonly (readonly Cell[])[]) => rows.map(([id]) => Number(id)).sort((a, b) => a - b);
  const idsIn = async (store: Store) => ids((await readBack(store)).flatMap(({ rows }) => rows));

  if (isWhole)
    test('come back as they were, with any values of any types under any names', async () => {
      // A table is made once, for the columns that settle: rows of other columns lie beside it.
      await commitBroken(await opened.store(), { epoch: 1, schema: plain, broken: [] });
      let epoch = 1;
      const check = async ({ columns, rows }: { readonly columns: readonly Column[]; readonly rows: readonly (readonly Cell[])[] }) => {
        const store = await opened.store();
        const broken = rows.map((cells, at): BrokenRow => ({ cells, id: `${at}`.padStart(32, '0') }));
        const runId = run(++epoch).entityRunId;
        const frames = (async function* (): AsyncGenerator<FrameToStage> {
          yield { frame: await brokenFrame(columns, broken, runId), role: 'broken' };
        })();
        const request = { run: run(epoch), writing: adding, slice: 0, schema: { columns }, watermark: null, emptyPart: false };
        const parts = await store.stage(request, frames, new AbortController().signal);
        const intent = await decisionOver(store, { run: run(epoch), parts, supersede: { what: 'all', foreign: 'keep' }, schema: plain });
        expect(await committed(store, intent)).toMatchObject({ outcome: 'committed' });
        const held = await cellsOf(await brokenFrame(columns, broken, runId));
        const found = await readBack(store);
        expect(found.flatMap(({ rows }) => rows)).toEqual(held);
        for (const { schema, part } of found) {
          expect(schema).toEqual(brokenSchema({ columns }));
          expect(part).toMatchObject({ because: 'rule', runs: [runId] });
        }
        const stored = [...(await opened.stored())].sort((a, b) => (a.id < b.id ? -1 : 1));
        const own = columns.map(({ name, type }, at) => [name, type, at] as const);
        expect(stored.map((one) => JSON.parse(one.row) as unknown)).toEqual(
          held.map((cells) =>
            JSON.parse(JSON.stringify(Object.fromEntries(own.map(([name, type, at]) => [name, exactJson(type, cells[at] ?? null)])))),
          ),
        );
      };
      const longest = Math.max(...edgeColumns.map(({ values }) => values.length));
      await check({
        columns: edgeColumns.map(({ name, type }) => ({ name, type, nullable: true })),
        rows: Array.from({ length: longest }, (_, at) => edgeColumns.map(({ values }) => values[at]?.[0] ?? null)),
      });
      await fc.assert(fc.asyncProperty(frameOfAnything, check), { ...cases(40), endOnFailure: true });
    });

  if (isWhole)
    test('are there once however often they are read, equal rows of one run as often as they are in it, and those of two files apart', async () => {
      const store = await opened.store();
      await commitBroken(store, { epoch: 1, schema: plain, broken: [row(1n), row(2n), row(2n)] });
      await commitBroken(store, { epoch: 2, schema: plain, broken: [row(2n), row(2n), row(3n)] });
      expect(await idsIn(store)).toEqual([1, 2, 2, 3]);
      await commitBroken(store, { epoch: 3, schema: plain, broken: [row(2n), row(2n), row(2n)] });
      expect(await idsIn(store)).toEqual([1, 2, 2, 2, 3]);
      await commitBroken(store, { epoch: 4, schema: plain, broken: [row(1n)], source: 'a.csv' });
      await commitBroken(store, { epoch: 5, schema: plain, broken: [row(1n)], source: 'b.csv' });
      await commitBroken(store, { epoch: 6, schema: plain, broken: [row(1n)], source: 'a.csv' });
      expect(await idsIn(store)).toEqual([1, 1, 1, 2, 2, 2, 3]);
    });

  test('go with what they came with: the open group, a range, everything', async () => {
    const store = await opened.store();
    const dated = { schema: plain, mark: 'at' };
    await commitBroken(store, { epoch: 1, ...dated, broken: [row(1n, 1), row(2n, 2)] });
    await commitBroken(store, { epoch: 2, ...dated, broken: [row(3n, 3)], ofGroup: true });
    const type = { kind: 'int64' } as const;
    const boundary = { what: 'boundary', column: 'at', type, text: '3', precision: 'exact', nulls: false, rows: 0 } as const;
    await commitBroken(store, { epoch: 3, ...dated, broken: [row(4n, 3)], ofGroup: true, supersede: boundary });
    expect(await idsIn(store)).toEqual([1, 2, 4]);
    // The group is closed by a commit that brings another one, and stays.
    await commitBroken(store, { epoch: 4, ...dated, broken: [row(5n, 5)], ofGroup: true });
    await commitBroken(store, { epoch: 5, ...dated, broken: [], supersede: { ...boundary, text: '5' } });
    expect(await idsIn(store)).toEqual([1, 2, 4]);
    // What was closed and is read again with the group is of the group again.
    await commitBroken(store, { epoch: 6, ...dated, broken: [row(4n, 3)], ofGroup: true });
    await commitBroken(store, { epoch: 7, ...dated, broken: [], supersede: boundary });
    expect(await idsIn(store)).toEqual([1, 2]);
    const edges = { from: { text: '1', inclusive: true }, to: { text: '2', inclusive: false } } as const;
    await commitBroken(store, {
      epoch: 8,
      ...dated,
      broken: [],
      supersede: { what: 'range', column: 'at', type, ranges: [edges], group: 'rows' },
    });
    expect(await idsIn(store)).toEqual([2]);
    await commitBroken(store, { epoch: 9, ...dated, broken: [], supersede: { what: 'all', foreign: 'keep' } });
    expect(await idsIn(store)).toEqual([]);
  });

  if (isWhole)
    test('of one run go by themselves, and are refused where they are not those that were planned', async () => {
      const store = await opened.store();
      await commitBroken(store, { epoch: 1, schema: plain, broken: [row(1n), row(2n)] });
      await commitBroken(store, { epoch: 2, schema: plain, broken: [row(3n)] });
      const parts = (await store.quarantine?.parts()) ?? [];
      const first = parts.filter(({ runs }) => runs.includes(run(1).entityRunId)).map(({ slice }) => slice);
      const wrong = first.map((slice) => ({ ...slice, ref: { ...(slice.ref as object), rows: 3 } }) as typeof slice);
      await expect(
        commitBroken(store, { epoch: 3, schema: plain, broken: [], supersede: { what: 'quarantine', parts: wrong } }),
      ).resolves.toMatchObject({ outcome: 'refused', because: { code: 'HYG-2075' } });
      expect(await idsIn(store)).toEqual([1, 2, 3]);
      await commitBroken(store, { epoch: 4, schema: plain, broken: [], supersede: { what: 'quarantine', parts: first } });
      expect(await idsIn(store)).toEqual([3]);
    });

  if (isWhole)
    test('are read page by page', async () => {
      const store = await opened.store();
      const many = Array.from({ length: 1_001 }, (_, at) => row(BigInt(at)));
      await commitBroken(store, { epoch: 1, schema: plain, broken: many });
      const found = await readBack(store);
      expect(found.length).toBeGreaterThan(1);
      expect(ids(found.flatMap(({ rows }) => rows))).toEqual(many.map((_, at) => at));
    });

  // The statements of each are those by which it looks for a column that is not there.
  if (whole || name === 'SQLite')
    test('of an earlier version stay, are reported, and go as others do, next to those that the table then takes', async () => {
      await commitBroken(await opened.store(), { epoch: 1, schema: plain, broken: [row(1n), row(2n)] });
      const quoted = (column: string) => (name === 'SQL Server' ? `[${column}]` : name === 'MariaDB' ? `\`${column}\`` : `"${column}"`);
      const added = ['part', 'id', 'copy', 'source', 'rule', 'column', 'reason', 'run', 'columns'];
      const before = `{"id":1,"at":1,"_rule":"amount min","_column":"amount","_reason":"below 0","_run":"r1","_id":"x"}`;
      await opened.sql(
        ...added.map((column) => `alter table ${opened.rejected} drop column ${quoted(column)}`),
        `update ${opened.rejected} set ${quoted('row')} = '${before}'`,
      );
      const told = async () => {
        const found = await readBack(await opened.store(), ({ writtenBy }) => writtenBy !== undefined);
        return found.map(({ part, rows }) => [part.writtenBy, part.because, part.rows, rows]);
      };
      const old = [before, 'amount min', 'amount', 'below 0', 'r1', 'x'];
      expect(await told()).toEqual([['earlier version', 'rule', 2, [old, old]]]);
      // A commit without such rows leaves the table as it is.
      await commitBroken(await opened.store(), { epoch: 2, schema: plain, broken: [] });
      await expect(opened.sql(`select ${quoted('part')} + 1 from ${opened.rejected}`)).rejects.toThrow();
      expect(await told()).toEqual([['earlier version', 'rule', 2, [old, old]]]);
      await commitBroken(await opened.store(), { epoch: 3, schema: plain, broken: [row(3n)] });
      expect(await told()).toEqual([['earlier version', 'rule', 2, [old, old]]]);
      const store = await opened.store();
      expect(ids((await readBack(store, ({ writtenBy }) => writtenBy === undefined)).flatMap(({ rows }) => rows))).toEqual([3]);
      const parts = ((await store.quarantine?.parts()) ?? []).filter(({ writtenBy }) => writtenBy !== undefined).map(({ slice }) => slice);
      await commitBroken(store, { epoch: 4, schema: plain, broken: [], supersede: { what: 'quarantine', parts } });
      expect(await told()).toEqual([]);
      expect(await idsIn(store)).toEqual([3]);
    });
});
