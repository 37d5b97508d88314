import { beforeEach, describe, expect, test } from 'vitest';
import type { Schema } from '../../../src/frames/schema.ts';
import { decided, everything, finished, type Load, loaded, writing } from '../../support/commits.ts';
import { duck } from '../../support/duck.ts';
import { openedOnce } from '../../support/opened-once.ts';
import type { Answer, TdsRequest } from '../../support/tds/session.ts';
import { type WarehouseStores, warehouseStores } from './stores.ts';
import { warehouseWorkspace } from './workspaces.ts';

describe('a column of a Warehouse that counts by itself', () => {
  let refusal = (_sql: string): number | undefined => undefined;
  const before = async ({ sql }: TdsRequest): Promise<Answer | undefined> => {
    const number = refusal(sql);
    return number === undefined ? undefined : { error: { number, message: 'The user may not do that.' } };
  };
  const served: WarehouseStores = openedOnce(() => warehouseStores({ before }));
  beforeEach(async () => {
    refusal = () => undefined;
    served.fates.length = 0;
    await served.cleared();
    await served.asked('create table dbo.e (id bigint identity, name varchar(max) null)');
  });

  const columns = [
    { name: 'id', type: { kind: 'int64' }, nullable: false },
    { name: 'name', type: { kind: 'string' }, nullable: true },
  ] as const;
  const schema: Schema = { columns };
  const taking = () => served.store({ own: { identity_insert: true } });
  const first: Load = { epoch: 1, schema, rows: [[70n, 'seventy']] };
  const rows = () =>
    served.warehouse
      .rows('dbo.e')
      .map(({ id, name }) => `${id} ${name}`)
      .sort();
  const statements = (from: number) =>
    served.server.requests
      .slice(from)
      .map(({ sql }) => sql.trim())
      .filter((sql) => /IDENT|^COMMIT TRAN/.test(sql));
  const refusals = async (own: Readonly<Record<string, unknown>>, of: Schema = schema) => {
    const store = await served.store({ own });
    const step = await store.inspect();
    if (!('done' in step)) throw new Error('it was not looked at');
    const { content, catalog } = step.done;
    return store.fit({ schema: of, keepsTable: true, settled: [], watermark: null }, { content, ...(catalog ? { catalog } : {}) }).refusals;
  };

  test('is refused by its name with the key that lets values of rows in, and counts where rows have none', async () => {
    expect(await refusals({})).toMatchObject([
      {
        code: 'HYG-2078',
        tryThis: expect.arrayContaining(['Or let the column accept the values of the source: store: { identity_insert: true }']),
      },
    ]);
    expect(await refusals({ identity_insert: true })).toEqual([]);
    const unnumbered: Schema = { columns: [columns[1]] };
    expect(await refusals({}, unnumbered)).toEqual([]);
    expect(await loaded(served.store(), { epoch: 1, schema: unnumbered, rows: [['x']] })).toMatchObject({ outcome: 'committed' });
    expect(rows()).toEqual(['1 x']);
  });

  const ways: readonly (readonly [string, Partial<Load>, readonly string[]])[] = [
    ['adds', {}, ['70 seventy', '90 ninety']],
    [
      'merges',
      {
        rows: [
          [70n, 'new'],
          [90n, 'ninety'],
        ],
        writing: writing('merge', ['id']),
      },
      ['70 new', '90 ninety'],
    ],
    ['replaces all', { supersede: everything, writing: writing('delete_insert') }, ['90 ninety']],
  ];
  test.each(ways)(
    'takes the values of rows in a commit that %s, and is told to count behind them once that is done',
    async (_, more, expected) => {
      await loaded(taking(), first);
      const from = served.server.requests.length;
      expect(await loaded(taking(), { epoch: 2, schema, rows: [[90n, 'ninety']], ...more })).toMatchObject({ outcome: 'committed' });
      expect(rows()).toEqual(expected);
      const told = statements(from);
      expect(told.slice(told.indexOf('SET IDENTITY_INSERT [dbo].[e] ON')).slice(0, 4)).toEqual([
        ...['SET IDENTITY_INSERT [dbo].[e] ON', 'SET IDENTITY_INSERT [dbo].[e] OFF', 'COMMIT TRANSACTION;'],
        "DBCC CHECKIDENT('[dbo].[e]', RESEED)",
      ]);
      await served.asked("insert into dbo.e (name) values ('counted')");
      expect(new Set(served.warehouse.rows('dbo.e').map(({ id }) => id)).size).toBe(expected.length + 1);
    },
  );

  test('counts behind the values of a commit whose answer was lost', async () => {
    const intent = await decided(taking(), first);
    served.fates.push('lost after it is applied');
    const from = served.server.requests.length;
    await finished(await taking(), intent);
    expect(rows()).toEqual(['70 seventy']);
    expect(statements(from)).toContain("DBCC CHECKIDENT('[dbo].[e]', RESEED)");
  });

  const reseed = "DBCC CHECKIDENT('[dbo].[e]', RESEED)";
  const left = () => [...served.staged(), ...served.warehouse.tables.filter((name) => name.startsWith('hygge_staging'))];

  test.each([2557, 1088])('rows that settled end no run where counting on is refused (%i): the run names the statement', async (number) => {
    refusal = (sql) => (sql.startsWith('DBCC') ? number : undefined);
    using workspace = warehouseWorkspace(served, {
      flow: 'home: { type: parquet, path: in }\nrun_type: incremental\nwatermark: { column: at, key: [id] }\nentities: [e]\n',
      ...{ store: ', identity_insert: true', files: { 'in/e/.keep': '' } },
    });
    const row = `select 70::bigint as id, 'seventy' as name, timestamp '2026-01-01' as "at"`;
    await duck(`copy (${row}) to '${workspace.files.path('in/e/1.parquet')}' (format parquet)`);
    const { code, stdout } = await workspace.hygge('go');
    expect([code, stdout.replaceAll(/\s+/g, ' ')]).toEqual([0, expect.stringContaining(reseed)]);
    expect([rows(), left()]).toEqual([['70 seventy'], []]);
    expect((await workspace.rows('journal')).map(({ message }) => message)).toContainEqual(expect.stringContaining(reseed));
  });

  test('counting on is asked for again after a refusal that may pass', async () => {
    const numbers = [24801];
    refusal = (sql) => (sql.startsWith('DBCC') ? numbers.shift() : undefined);
    const from = served.server.requests.length;
    expect(await finished(await taking(), await decided(taking(), first))).toEqual(
      expect.not.objectContaining({ notes: expect.anything() }),
    );
    expect(statements(from).filter((sql) => sql === reseed)).toHaveLength(2);
  });

  test('a commit that lacks the right to write its numbers is told as one that lacks a right', async () => {
    refusal = (sql) => (sql.startsWith('SET IDENTITY_INSERT') ? 1088 : undefined);
    expect(await loaded(taking(), first)).toMatchObject({ outcome: 'refused', because: { code: 'HYG-4205' } });
  });
});
