import { beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../../src/engine/contracts/store.ts';
import type { DataType, Schema } from '../../../src/frames/schema.ts';
import { findConnector } from '../../../src/registry.ts';
import {
  committed,
  decided,
  everything,
  finished,
  first,
  idAndName,
  type Load,
  loaded,
  quarantined,
  second,
  setApart,
  staged,
  writing,
} from '../../support/commits.ts';
import { run } from '../../support/connector-conformance/bench.ts';
import { decisionOver } from '../../support/connector-conformance/decision.ts';
import { openedOnce } from '../../support/opened-once.ts';
import { framesOf, rowsOf } from '../../support/postgres-home.ts';
import type { Answer, TdsRequest } from '../../support/tds/session.ts';
import { lakehouse, warehouseStores } from './stores.ts';

const types: Readonly<Record<string, DataType>> = {
  ...{ bool: { kind: 'bool' }, small: { kind: 'int16' }, int: { kind: 'int32' }, big: { kind: 'int64' } },
  ...{ real: { kind: 'float32' }, float: { kind: 'float64' }, price: { kind: 'decimal', precision: 38, scale: 10 } },
  ...{ day: { kind: 'date' }, clock: { kind: 'time', unit: 'us' }, local: { kind: 'timestamp', unit: 'us' } },
  ...{ instant: { kind: 'timestamp', unit: 'us', zone: 'UTC' }, note: { kind: 'string' }, raw: { kind: 'binary' }, uid: { kind: 'uuid' } },
  doc: { kind: 'json' },
};
const schema: Schema = { columns: Object.entries(types).map(([name, type]) => ({ name, type, nullable: true })) };
const long = `${'é'.repeat(4_500)}🙂`;
const micros = BigInt(Date.UTC(2026, 0, 2, 3, 4, 5)) * 1000n + 123_456n;
const values = [
  ...[true, -7, 70_000, 9_007_199_254_740_993n, 1.5, 0.1, 12_345_678_901_234_567_890n, 20_455],
  ...[3_723_123_456_000n, micros, micros, long, Buffer.from([0, 1, 255, 0]), '0b5b8f2a-7a53-4f2e-9a39-1f6f5d2c9e01', '{"a": 1}'],
];

describe('rows that are written to a Warehouse', () => {
  let before: (request: TdsRequest) => Answer | undefined | Promise<Answer> = () => undefined;
  const served = openedOnce(() => warehouseStores({ before: (request) => before(request) }));
  beforeEach(async () => {
    before = () => undefined;
    served.fates.length = 0;
    await served.cleared();
  });
  const copies = () => served.warehouse.statements.filter(({ kind }) => kind === 'COPY INTO').map(({ sql }) => sql);
  const settled = () => served.warehouse.rows('dbo.e');
  const idsAndNames = () =>
    settled()
      .map(({ id, name }) => `${id} ${name}`)
      .sort();

  test('each type has a column of its own, and each value is there as it was', async () => {
    const load: Load = { epoch: 1, schema, rows: [values, values.map(() => null)] as never };
    expect(await loaded(served.store(), load)).toMatchObject({ outcome: 'committed' });
    const [row, nulls] = settled();
    expect(row).toEqual({
      ...{ bool: 1n, small: -7n, int: 70_000n, big: 9_007_199_254_740_993n, real: 1.5, float: 0.1, price: '1234567890.1234567890' },
      ...{ day: '2026-01-02', clock: '01:02:03.123456', local: '2026-01-02 03:04:05.123456', instant: '2026-01-02 03:04:05.123456' },
      ...{ note: long, raw: new Uint8Array([0, 1, 255, 0]), uid: '0B5B8F2A-7A53-4F2E-9A39-1F6F5D2C9E01', doc: '{"a": 1}' },
    });
    expect(Object.values(nulls ?? {}).every((value) => value === null)).toBe(true);
    const step = await (await served.store()).inspect();
    const catalog = 'done' in step && 'catalog' in step.done ? step.done.catalog : undefined;
    expect(catalog?.columns.map(({ type }) => type)).toEqual(
      'bit smallint int bigint real float decimal(38,10) date time(6) datetime2(6) datetime2(6) varchar(max) varbinary(max) uniqueidentifier varchar(max)'.split(
        ' ',
      ),
    );
    const [read] = await rowsOf(framesOf(await served.home({ table: 'dbo.e' })));
    expect(read).toMatchObject({ note: long, big: 9_007_199_254_740_993n });
  });

  test('rows whose keys are uuids and times of day are merged, and those of one key are set apart', async () => {
    const keyed: Schema = {
      columns: [
        { name: 'uid', type: { kind: 'uuid' }, nullable: false },
        { name: 'clock', type: { kind: 'time', unit: 'us' }, nullable: false },
        { name: 'at', type: { kind: 'timestamp', unit: 'us', zone: 'UTC' }, nullable: true },
      ],
    };
    const [one, two] = ['0b5b8f2a-7a53-4f2e-9a39-1f6f5d2c9e01', '0b5b8f2a-7a53-4f2e-9a39-1f6f5d2c9e02'];
    const noon = 43_200_000_000_000n;
    const merge = { schema: keyed, writing: writing('merge', ['uid', 'clock']) };
    await loaded(served.store(), { ...merge, epoch: 1, rows: [[one, noon, micros]] });
    await loaded(served.store(), {
      ...merge,
      epoch: 2,
      rows: [
        [one, noon, micros + 1n],
        [two, noon, null],
      ] as never,
    });
    expect(settled().map(({ uid, clock, at }) => `${uid} ${clock} ${at}`)).toEqual([
      `${one.toUpperCase()} 12:00:00.000000 2026-01-02 03:04:05.123457`,
      `${two.toUpperCase()} 12:00:00.000000 null`,
    ]);
    const twice: Load = {
      ...merge,
      epoch: 3,
      rows: [
        [one, noon, micros],
        [one, noon + 1_000_000_000n, micros + 2n],
      ] as never,
    };
    const parts = await staged(served.store(), twice);
    const told = await setApart(served.store(), parts, { ...twice, columns: ['uid'] });
    expect(told.rows).toBe(1);
    const store = await served.store();
    const intent = await decisionOver(store, { run: run(3), parts: told.parts, supersede: { what: 'nothing' }, ...merge });
    expect(await committed(store, intent)).toMatchObject({ outcome: 'committed', counts: { updated: 1, inserted: 0 } });
    expect(await quarantined(store)).toHaveLength(1);
  });

  test('a text that COPY INTO would cut is whole, and one that it did cut stops the run', async () => {
    const load = (epoch: number): Load => ({ epoch, schema: idAndName, rows: [[BigInt(epoch), long]] });
    await loaded(served.store(), load(1));
    expect(settled()).toEqual([{ id: 1n, name: long }]);
    // As if the column were shorter: the server cuts the text, and says nothing.
    before = ({ sql }) => {
      if (!/^create table \[hygge_staging\]/.test(sql) || !sql.includes('varchar(max)')) return undefined;
      before = () => undefined;
      return served.asked(sql.replace('varchar(max)', 'varchar(8000)')).then(() => []);
    };
    await expect(loaded(served.store(), load(2))).rejects.toMatchObject({ code: 'HYG-4292' });
    expect(settled()).toHaveLength(1);
  });

  test('COPY INTO names each file by its address, so that a file of someone else in the folder is none of its rows', async () => {
    await loaded(served.store(), first);
    const earlier = copies().length;
    before = ({ sql }) => {
      if (sql.startsWith('COPY INTO')) for (const path of served.staged()) served.plant(path, path.replace(/[^/]+$/, 'other.parquet'));
      return undefined;
    };
    expect(await loaded(served.store(), { ...second, slices: [[[4n, 'vier']]] })).toMatchObject({ counts: { inserted: 3 } });
    expect(idsAndNames()).toEqual(['1 one', '2 two', '2 zwei', '3 drei', '4 vier']);
    expect(copies().slice(earlier)).toHaveLength(2);
    // Those that hygge staged are gone, and so is what lay beside them.
    expect(served.staged()).toEqual([]);
  });

  test('a folder of a Lakehouse is named by GUIDs', async () => {
    await loaded(served.store({ staging: lakehouse }), first);
    expect(copies().at(-1)).toContain("FROM 'https://onelake.dfs.fabric.microsoft.com/66666666-6666-4666-8666-666666666666/77777777-");
    expect(idsAndNames()).toEqual(['1 one', '2 two']);
    expect(served.staged()).toEqual([]);
  });

  test.each([
    ['https://lake.example/x', /A folder of ADLS Gen2/],
    ['abfss://raw@lakeone.dfs.core.windows.net', /A folder whose path has only/],
    ['abfss://raw@lakeone.dfs.core.windows.net/a*b', /A folder whose path has only/],
    ['abfss://Sales@onelake.dfs.fabric.microsoft.com/bronze.Lakehouse/Files/x', /as their GUIDs/],
    [lakehouse.replace('Files', 'Tables'), /below Files/],
  ])('a place that COPY INTO does not read is refused before a run: %s', async (staging, needs) => {
    const side = (await findConnector('fabric_warehouse'))?.store;
    const found = side?.config.safeParse({ ...served.keys, table: 'e', staging }) as {
      readonly error?: { readonly issues: readonly unknown[] };
    };
    expect(found.error?.issues).toMatchObject([{ path: ['staging'], message: expect.stringMatching(needs) }]);
  });

  const commitOf = async (store: Store, load: Load): Promise<readonly string[]> => {
    const intent = await decided(store, load);
    const at = served.server.requests.length;
    expect(await committed(store, intent)).toMatchObject({ outcome: 'committed' });
    const all = served.server.requests.slice(at).map(({ sql }) => sql);
    return all.slice(all.indexOf('BEGIN TRANSACTION;'), all.indexOf('COMMIT TRANSACTION;') + 1);
  };

  test('a commit of k parts takes 8 + k statements', async () => {
    await loaded(served.store(), first);
    const slices = [[[5n, 'five']], [[6n, 'six']], [[7n, 'seven']]] as const;
    expect((await commitOf(await served.store(), { ...second, slices })).length).toBeLessThanOrEqual(8 + 4);
  });

  test('a look at a table in which nothing is new takes 6 statements', async () => {
    await loaded(served.store(), first);
    const store = await served.store();
    const at = served.server.requests.length;
    await store.inspect();
    expect(served.server.requests.length - at).toBeLessThanOrEqual(6);
  });

  const withPlace: Schema = { columns: [...idAndName.columns, { name: 'place', type: { kind: 'string' }, nullable: true }] };
  const adds = { change: 'add column', column: withPlace.columns[2], how: 'in place' } as const;

  test('a column is added before the commit, and no table is altered within a transaction', async () => {
    await loaded(served.store(), first);
    const store = await served.store();
    const load: Load = { epoch: 2, schema: withPlace, rows: [[3n, 'three', 'here']], changes: [adds as never] };
    const intent = await decided(store, load);
    served.fates.push('lost before it is applied');
    expect(await finished(store, intent)).toMatchObject({ outcome: 'committed' });
    expect(settled().map(({ id, place }) => `${id} ${place}`)).toEqual(['1 null', '2 null', '3 here']);
    expect(served.warehouse.count('ALTER TABLE')).toBe(1);
  });

  test('what no column of Fabric holds, and what it would have to alter, is refused with what to do', async () => {
    await loaded(served.store(), first);
    const store = await served.store();
    const step = await store.inspect();
    const { content, catalog } = (step as unknown as { readonly done: { readonly content: 'ours'; readonly catalog: never } }).done;
    const refusedFor = (columns: Schema['columns']) =>
      store
        .fit({ schema: { columns }, keepsTable: true, settled: [], watermark: null }, { content, catalog })
        .refusals.map(({ code, tryThis }) => `${code} ${tryThis[0]}`);
    const column = (name: string, type: DataType) => ({ name, type, nullable: true });
    const { columns: there } = idAndName;
    expect(refusedFor([...there, column('fine', { kind: 'timestamp', unit: 'ns' })])).toEqual([
      'HYG-2078 Settle it as another type: schema_overrides: { fine: "timestamp[us]" }',
    ]);
    expect(refusedFor([...there, column('all', { kind: 'list', item: { kind: 'binary' } })])).toMatchObject([
      expect.stringMatching(/^HYG-2078 /),
    ]);
    const changes = store.fit(
      {
        schema: { columns: [column('id', { kind: 'decimal', precision: 30, scale: 0 }), there[1] as never] },
        keepsTable: true,
        settled: [],
        watermark: null,
      },
      { content, catalog },
    ).changes;
    expect(changes.map((change) => store.howChanged(change))).toEqual(['no', 'no']);
  });

  test('an SQL endpoint is refused by name: it is read only', async () => {
    before = ({ sql }) =>
      sql.startsWith('SELECT o.kind AS kind')
        ? { columns: { kind: 'varchar(2)', edition: 'varchar(60)' }, rows: [[null, 'LakeWarehouse']] }
        : undefined;
    await expect((await served.store()).inspect()).rejects.toMatchObject({ code: 'HYG-4247' });
  });

  test('a full load replaces the rows of a table that stays itself, with what people gave it', async () => {
    await loaded(served.store(), first);
    const [{ object_id: id }] = (await served.asked("select object_id from sys.tables where name = 'e'")) as [{ object_id: unknown }];
    expect(await loaded(served.store(), { ...second, supersede: everything, writing: writing('delete_insert') })).toMatchObject({
      outcome: 'committed',
      counts: { inserted: 2, deleted: 2 },
    });
    expect(idsAndNames()).toEqual(['2 zwei', '3 drei']);
    expect(await served.asked("select object_id from sys.tables where name = 'e'")).toEqual([{ object_id: id }]);
  });

  test('an entity that is renamed takes its head, its commits and its quarantine along', async () => {
    const broken = { broken: [[9n, 'nine']] } as const;
    await loaded(served.store({ entity: 'old' }), { ...first, roles: broken as never });
    const store = await served.store({ entity: 'new' });
    const from = { flow: 'f', entity: 'old' };
    expect(await store.carryHead?.(from)).toBe('carried');
    await store.dropHead?.(from);
    expect(await store.head()).toMatchObject({ rows: 2 });
    expect(await quarantined(store)).toEqual([[9n, 'nine']]);
    expect(await (await served.store({ entity: 'old' })).head()).toBeNull();
    expect(await store.carryHead?.({ flow: 'f', entity: 'nobody' })).toBe('carried');
    expect(await (await served.store({ entity: 'third' })).carryHead?.({ flow: 'f', entity: 'nobody' })).toBe('no head');
  });
});
