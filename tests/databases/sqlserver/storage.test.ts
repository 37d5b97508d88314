import { beforeEach, describe, expect, test } from 'vitest';
import type { Schema } from '../../../src/frames/schema.ts';
import { type Load, loaded } from '../../support/commits.ts';
import { openedOnce } from '../../support/opened-once.ts';
import { anew, storeServed } from './support.ts';

describe('a table of SQL Server that hygge makes', () => {
  const served = openedOnce(() => storeServed());
  beforeEach(() => {
    served.tables.clear();
    served.tables.server = boxed('16.0.4135.4');
  });

  const boxed = (version: string, edition = '2') => ({ edition, version, objective: null, tier: null });
  const azure = (objective: string, tier = 'Standard') => ({ edition: '5', version: '12.0.2000.8', objective, tier });
  const id = { name: 'id', type: { kind: 'int64' }, nullable: false } as const;
  const numbers: Schema = { columns: [id, { name: 'n', type: { kind: 'float64' }, nullable: true }] };
  const texts: Schema = { columns: [id, { name: 'text', type: { kind: 'string' }, nullable: true }] };
  const documents: Schema = { columns: [id, { name: 'text', type: { kind: 'json' }, nullable: true }] };
  const first = (schema: Schema, key: readonly string[] = []): Load => ({
    ...{ epoch: 1, schema, writing: key.length === 0 ? { mode: 'append', key, why: 'creates' } : { mode: 'merge', key, why: 'key' } },
    rows: [
      schema.columns.map(({ type }) => (type.kind === 'string' ? 'a' : type.kind === 'json' ? '{}' : type.kind === 'int64' ? 1n : 1.5)),
    ],
  });
  /** What the plan says, and the statements that made it, in their order. */
  const made = async (load: Load, own: Readonly<Record<string, unknown>> = {}) => {
    const store = await served.store({ own });
    const planned = { schema: load.schema, mode: 'append', key: load.writing?.key ?? [], changes: [] } as const;
    const told = await store.notesOnPlan({ ...planned, ...anew });
    const ddl = (await store.table?.ddl(planned)) ?? [];
    const from = served.server.requests.length;
    expect(await loaded(store, load)).toMatchObject({ outcome: 'committed', counts: { inserted: 1 } });
    const asked = served.server.requests.slice(from).map(({ sql }) => sql.trim());
    const steps = asked
      .filter((sql) => /^(create table|CREATE .*INDEX|insert into) .*\[dbo\]\.\[e\]/.test(sql))
      .map((sql) => sql.split('\n')[0] ?? '');
    const indexes = steps.filter((sql) => sql.startsWith('CREATE'));
    expect(ddl.filter((sql) => sql.startsWith('CREATE'))).toEqual(indexes);
    return { told: told?.notes.map(({ text }) => text.replace(/sqlserver \S+/, 'it')), indexes, steps };
  };
  const byLongest = 'texts of it dbo.e become nvarchar with the length of the longest text seen: text';
  /** Of texts no sums and no extremes are asked. */
  const countedAlone = (column: string) =>
    `after staging, ${column} (string) is compared only by rows and nulls. All other columns are also compared by their sums or extremes`;
  const columnstore = 'CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [dbo].[e]';

  test('is a columnstore, and its rows go in at once', async () => {
    const { told, steps } = await made(first(texts));
    expect(told).toEqual([byLongest, countedAlone('text')]);
    expect(steps).toEqual([expect.stringMatching(/^create table/), columnstore, expect.stringMatching(/^insert into/)]);
  });

  test('has an index of its key beside, made when its rows are there', async () => {
    const { steps } = await made(first(numbers, ['id']));
    expect(steps.slice(1)).toEqual([
      columnstore,
      expect.stringMatching(/^insert into/),
      'CREATE NONCLUSTERED INDEX [hygge_key] ON [dbo].[e] ([id])',
    ]);
  });

  test.each([
    ['rowstore', ['CREATE CLUSTERED INDEX [hygge_key] ON [dbo].[e] ([id])']],
    ['heap', ['CREATE NONCLUSTERED INDEX [hygge_key] ON [dbo].[e] ([id])']],
  ])('is a %s where the store says so, and the plan need not say why', async (storage, expected) => {
    expect(await made(first(numbers, ['id']), { storage })).toMatchObject({ told: [], indexes: expected });
  });

  const without = [
    ['Azure SQL Basic', azure('Basic', 'Basic'), texts, 'size Basic makes no columnstores'],
    ['Azure SQL S2', azure('S2'), texts, 'size S2 makes no columnstores'],
    ['a pool of the tier Standard', azure('ElasticPool'), texts, 'pool of the tier Standard'],
    ['SQL Server 2016 with documents', boxed('13.0.5026.0'), documents, 'SQL Server 2016 keeps no nvarchar(max) in a columnstore: text'],
    ['SQL Server 2016 before its first service pack', boxed('13.0.1601.5'), numbers, 'in its Enterprise edition only'],
  ] as const;
  test.each(without)(
    'is not a columnstore in %s: the plan says why, and one that is asked for is refused',
    async (_, server, schema, why) => {
      served.tables.server = server;
      const asked = await served.store({ own: { storage: 'columnstore' } });
      const planned = { schema, mode: 'append', key: [], changes: [] } as const;
      await expect(asked.notesOnPlan?.({ ...planned, ...anew })).rejects.toMatchObject({
        code: 'HYG-4241',
        why: [expect.stringContaining(why)],
      });
      const { told, indexes } = await made(first(schema));
      const others = told?.filter((text) => text !== byLongest && !text.startsWith('after staging, '));
      expect([others, indexes]).toEqual([[expect.stringContaining(why)], []]);
    },
  );

  test.each([
    ['Azure SQL S3', azure('S3'), texts],
    ['a serverless database', azure('GP_S_Gen5_2', 'GeneralPurpose'), texts],
    ['a pool of the tier Premium', azure('ElasticPool', 'Premium'), texts],
    ['SQL Server 2016 with its first service pack', boxed('13.0.4001.0'), numbers],
    ['SQL Server 2016 Enterprise', boxed('13.0.1601.5', '3'), numbers],
    ['SQL Server 2017', boxed('14.0.1000.169'), texts],
  ] as const)('is a columnstore in %s', async (_, server, schema) => {
    served.tables.server = server;
    const { told, indexes } = await made(first(schema));
    expect([told, indexes]).toEqual([schema === texts ? [byLongest, countedAlone('text')] : [], [columnstore]]);
  });

  test('keeps its indexes through a full load and through a column that becomes wider', async () => {
    await made(first(numbers, ['id']));
    const indexes = () => served.tables.sqlite.prepare(`select name from sys_indexes where tbl = 'dbo.e' order by name`).all();
    const were = indexes();
    expect(were).toEqual([{ name: 'hygge_columns' }, { name: 'hygge_key' }]);
    const swap = { mode: 'swap', key: [], why: 'full_load' } as const;
    await loaded(served.store(), { ...first(numbers), epoch: 2, writing: swap, supersede: { what: 'all', foreign: 'keep' } });
    expect(indexes()).toEqual(were);
    const to = { kind: 'decimal', precision: 20, scale: 0 } as const;
    const changes = [{ change: 'widen', column: 'id', from: 'bigint', to, how: 'rewrites' }] as const;
    const wider: Schema = { columns: [{ ...id, type: to }] };
    const from = served.server.requests.length;
    expect(await loaded(served.store(), { epoch: 3, schema: wider, changes, rows: [[2n]] })).toMatchObject({ counts: { inserted: 1 } });
    const asked = served.server.requests.slice(from).map(({ sql }) => sql.trim());
    expect(asked.filter((sql) => /INDEX|alter column/.test(sql))).toEqual([
      'DROP INDEX [hygge_key] ON [dbo].[e]',
      'DROP INDEX [hygge_columns] ON [dbo].[e]',
      expect.stringMatching(/^alter table \[dbo\]\.\[e\] alter column \[id\]/),
      columnstore,
      'CREATE NONCLUSTERED INDEX [hygge_key] ON [dbo].[e] ([id])',
    ]);
    expect(indexes()).toEqual(were);
  });
});
