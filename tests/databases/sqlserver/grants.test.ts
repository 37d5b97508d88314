import { beforeEach, describe, expect, test } from 'vitest';
import { findConnector } from '../../../src/registry.ts';
import { loaded } from '../../support/commits.ts';
import { openedOnce } from '../../support/opened-once.ts';
import type { Answer, TdsRequest } from '../../support/tds/session.ts';
import { storeServed } from './support.ts';

const refusal = (number: number, message: string): Answer => ({ error: { number, class: 14, message } });
const rowRights = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];

describe('what debug says to a role of SQL Server that may little', () => {
  /** `CREATE TABLE on [erp]`. Null: the role may everything. */
  let rights: Set<string> | null = null;
  /** Those that it made, and so owns. */
  const owned = new Set<string>();
  const may = (on: string, right: string): boolean => {
    const schema = /^\[[^\]]*\](?=\.)/.exec(on)?.[0];
    if (rights === null || owned.has(on) || (schema !== undefined && owned.has(schema))) return true;
    return rights.has(`${right} on ${on}`) || (schema !== undefined && rights.has(`${right} on ${schema}`));
  };
  /** As SQL Server refuses. */
  const before = ({ sql }: TdsRequest): Answer | undefined => {
    if (rights === null) return undefined;
    const [, made] = /EXEC\(N'CREATE SCHEMA (\[.*?\])'\)/.exec(sql) ?? [];
    if (made !== undefined) {
      if (!may('[erp]', 'CREATE SCHEMA')) return refusal(262, "CREATE SCHEMA permission denied in database 'erp'.");
      owned.add(made);
      return undefined;
    }
    const [, schema = ''] = /^(?:IF OBJECT_ID\(N'.*?'\) IS NULL )?create table (\[.*?\])\./.exec(sql) ?? [];
    if (schema !== '' && !may('[erp]', 'CREATE TABLE')) return refusal(262, "CREATE TABLE permission denied in database 'erp'.");
    if (schema !== '' && !may(schema, 'ALTER'))
      return refusal(2760, 'The specified schema name either does not exist or you do not have permission to use it.');
    const [, into = ''] = /^insert into (\[.*?\]\.\[.*?\])/.exec(sql) ?? [];
    return into !== '' && !may(into, 'INSERT') ? refusal(229, 'The INSERT permission was denied.') : undefined;
  };
  const served = openedOnce(() => storeServed({ tables: [], before, lacks: (on, right) => !may(on, right) }));
  beforeEach(() => {
    rights = null;
    owned.clear();
    served.tables.clear();
  });

  /** By somebody who may, and each as it stands. */
  const granted = (statement: string) => {
    const [, given = '', kind, on = '[erp]'] = /^GRANT ([A-Z, ]+?)(?: ON (SCHEMA::)?(\S+))? TO \[loader\];$/.exec(statement) ?? [];
    expect(given, statement).not.toBe('');
    expect(kind === undefined || !on.includes('.'), statement).toBe(true);
    for (const right of given.split(', ')) rights?.add(`${right} on ${on}`);
  };
  const debug = () => served.side.probe(served.side.config.parse({ ...served.keys, table: 'mart.orders' }) as never, served.opening);
  const schema = { columns: [{ name: 'id', type: { kind: 'int64' }, nullable: false } as const] };
  const making = (name: string) => served.tables.run(`IF SCHEMA_ID(N'${name}') IS NULL EXEC(N'CREATE SCHEMA [${name}]')`);

  test.each([
    ['nothing is there', () => {}, ['GRANT CREATE TABLE, CREATE SCHEMA TO [loader];']],
    [
      'its schemas are there, made by someone else',
      () => ['hygge_metadata', 'hygge_staging', 'mart'].forEach(making),
      [
        'GRANT CREATE TABLE TO [loader];',
        ...['hygge_staging', 'hygge_metadata', 'mart'].map(
          (name) => `GRANT ${rowRights.join(', ')}, ALTER ON SCHEMA::[${name}] TO [loader];`,
        ),
      ],
    ],
    [
      'a table of someone else is there',
      () => {
        making('mart');
        served.tables.run('create table [mart].[orders] ([id] bigint)');
        served.tables.extras.set('mart.orders', { lacks: ['insert', 'update', 'delete'] });
      },
      ['GRANT CREATE TABLE, CREATE SCHEMA TO [loader];', `GRANT ${rowRights.join(', ')} ON [mart].[orders] TO [loader];`],
    ],
  ] as const)('what it prints, run by an administrator, is all that is missing: %s', async (_, given, expected) => {
    given();
    rights = new Set();
    const findings = await debug();
    const statements = new Set(
      findings.filter(({ ok }) => !ok).flatMap(({ tryThis = [] }) => tryThis.filter((one) => one.startsWith('GRANT'))),
    );
    expect([...statements]).toEqual(expected);
    for (const statement of statements) granted(statement);
    served.tables.extras.clear();
    owned.clear();
    expect(await debug()).not.toContainEqual(expect.objectContaining({ ok: false }));
    owned.clear();
    expect(await loaded(served.store({ table: 'mart.orders' }), { epoch: 1, schema, rows: [[1n]] })).toMatchObject({
      outcome: 'committed',
    });
    expect(served.tables.rows('mart.orders')).toEqual([{ id: '1' }]);
  });

  test('tables of its own that another principal made are named each', async () => {
    await loaded(served.store({ table: 'mart.orders' }), { epoch: 1, schema, rows: [[1n]] });
    const all = ['CREATE TABLE on [erp]', ...[...rowRights, 'ALTER'].map((right) => `${right} on [hygge_staging]`)];
    rights = new Set(all);
    served.tables.extras.set('mart.orders', { lacks: ['insert'] });
    const findings = await debug();
    expect(findings.flatMap(({ tryThis = [] }) => tryThis)).toEqual([
      'Have an administrator run these statements unchanged:',
      ...['heads', 'commits', 'staged', 'rejected'].map(
        (name) => `GRANT ${rowRights.join(', ')} ON [hygge_metadata].[${name}] TO [loader];`,
      ),
      `GRANT ${rowRights.join(', ')} ON [mart].[orders] TO [loader];`,
    ]);
  });

  test.each([['alter'], ['create']])(
    'a table whose rows it may change, without the right to %s, is loaded by deleting and inserting',
    async (right) => {
      making('mart');
      served.tables.run('create table [mart].[orders] ([id] bigint)');
      served.tables.run('insert into [mart].[orders] ([id]) values (1)');
      served.tables.extras.set('mart.orders', { lacks: [right, 'drop'] });
      const findings = await debug();
      expect(findings.filter(({ ok }) => !ok)).toEqual([]);
      expect(findings.map(({ what }) => what).join('\n')).toMatch(
        /a full load of mart\.orders deletes and inserts rows because of missing right ALTER on the (table|schema mart, or CREATE TABLE)\. To let .*GRANT ALTER ON SCHEMA::\[mart\]/,
      );
      const target = await (await served.store({ table: 'mart.orders' })).inspect();
      const catalog = 'done' in target ? target.done.catalog : undefined;
      expect(catalog?.dependents).toMatchObject([{ kind: 'missing right', staysWithOld: true }]);
    },
  );

  const home = async (table: string) => {
    const side = (await findConnector('sqlserver'))?.home;
    return side?.probe(side.config.parse({ ...served.keys, table }), served.opening);
  };

  test('a table that it may not see is granted to it by name', async () => {
    rights = new Set();
    expect(await home('sales.[a b]')).toMatchObject([
      { ok: false, tryThis: [expect.anything(), 'GRANT SELECT ON [sales].[a b] TO [loader];'] },
    ]);
  });
});

test('the wrong name of a table is answered with those there are, and no right is granted', async () => {
  await using served = await storeServed({ tables: [{ name: 'sales.orders', columns: { id: 'int' }, rows: [] }], lacks: () => true });
  const side = (await findConnector('sqlserver'))?.home;
  const [finding] = (await side?.probe(side.config.parse({ ...served.keys, table: 'Orders' }), served.opening)) ?? [];
  expect(finding?.tryThis?.[0]).toBe('There is sales.orders: write the name exactly like this');
});
