import { beforeEach, describe, expect, test } from 'vitest';
import type { Schema } from '../../../src/frames/schema.ts';
import { committed, decided, type Load, loaded } from '../../support/commits.ts';
import { openedOnce } from '../../support/opened-once.ts';
import type { TableExtras } from '../../support/sqlserver-tables.ts';
import type { Answer, TdsRequest } from '../../support/tds/session.ts';
import { anew, storeServed } from './support.ts';

describe('a column of SQL Server that fills itself', () => {
  let fails: (sql: string) => Answer | undefined = () => undefined;
  const before = async ({ sql, session }: TdsRequest): Promise<Answer | undefined> => {
    const answer = fails(sql);
    if (answer !== undefined) served.tables.closed(session);
    return answer;
  };
  const served = openedOnce(() => storeServed({ tables: [], before }));
  beforeEach(() => {
    fails = () => undefined;
    served.tables.clear();
    served.tables.run('create table [dbo].[e] ([id] bigint not null, [mark] bigint)');
  });

  const id = { name: 'id', type: { kind: 'int64' }, nullable: false } as const;
  const mark = { name: 'mark', type: { kind: 'int64' }, nullable: true } as const;
  const schema: Schema = { columns: [id, mark] };
  const counts: TableExtras = { counted: ['id'], dependents: [{ kind: 'identity', name: 'id' }] };
  const asking = { own: { identity_insert: true } };
  const refusalsOf = async (own: Readonly<Record<string, unknown>>, columns: Schema = schema) => {
    const store = await served.store({ own });
    const target = await store.inspect();
    if (!('done' in target)) throw new Error('no target');
    const { content, catalog } = target.done;
    const wanted = { schema: columns, keepsTable: true, settled: [], watermark: null };
    return store.fit(wanted, { content, ...(catalog ? { catalog } : {}) }).refusals;
  };
  const numbers = () => served.tables.rows('dbo.e').map(({ id: n, mark: m }) => `${n}@${m}`);

  test.each([
    ['an identity', counts, {}],
    ['a computed column', { generated: ['id'] }, {}],
    ['a computed column, though identities are written,', { generated: ['id'] }, { identity_insert: true }],
  ] as const)('is refused by its name where the source has one: %s', async (_, extras, own) => {
    served.tables.extras.set('dbo.e', extras);
    expect(await refusalsOf(own)).toMatchObject([{ code: 'HYG-2078', what: expect.stringContaining('Column id of') }]);
  });

  test('is refused with the setting that lets values in, which does', async () => {
    served.tables.extras.set('dbo.e', counts);
    const [refusal] = await refusalsOf({});
    expect(refusal?.tryThis).toContain('Or let the column accept the values of the source: store: { identity_insert: true }');
    expect(await refusalsOf({ identity_insert: true })).toEqual([]);
  });

  test('is left to itself where the source has none', async () => {
    served.tables.extras.set('dbo.e', counts);
    for (const own of [{}, { identity_insert: true }]) expect(await refusalsOf(own, { columns: [mark] })).toEqual([]);
  });

  const ways: readonly (readonly [string, Partial<Load>, readonly string[]])[] = [
    ['adds', {}, ['1@1', '2@2']],
    [
      'merges',
      {
        writing: { mode: 'merge', key: ['id'], why: 'key' },
        rows: [
          [1n, 9n],
          [2n, 2n],
        ],
      },
      ['1@9', '2@2'],
    ],
    [
      'deletes and inserts',
      { writing: { mode: 'delete_insert', key: [], why: 'bound' }, supersede: { what: 'all', foreign: 'replace' } },
      ['2@2'],
    ],
  ];
  test.each(ways)(
    'takes the values of the source where it is asked for, in a commit that %s, and counts again afterwards',
    async (_, more, expected) => {
      served.tables.extras.set('dbo.e', counts);
      expect(await refusalsOf(asking.own)).toEqual([]);
      const first = { epoch: 1, schema, rows: [[1n, 1n]] };
      expect(await loaded(served.store(asking), first)).toMatchObject({ outcome: 'committed' });
      const from = served.server.requests.length;
      expect(await loaded(served.store(asking), { epoch: 2, schema, rows: [[2n, 2n]], ...more })).toMatchObject({ outcome: 'committed' });
      const asked = served.server.requests.slice(from).map(({ sql }) => sql.trim());
      const set = asked.filter((sql) => sql.startsWith('SET IDENTITY'));
      expect(set).toEqual(['SET IDENTITY_INSERT [dbo].[e] ON', 'SET IDENTITY_INSERT [dbo].[e] OFF']);
      expect(numbers()).toEqual(expected);
    },
  );

  test('is refused by the database where it was not asked for and was made one meanwhile', async () => {
    await loaded(served.store(), { epoch: 1, schema, rows: [[1n, 1n]] });
    const intent = await decided(served.store(), { epoch: 2, schema, rows: [[2n, 2n]] });
    served.tables.extras.set('dbo.e', counts);
    expect(await committed(served.store(), intent)).toMatchObject({ outcome: 'refused', because: { code: 'HYG-4204' } });
    expect(numbers()).toEqual(['1@1']);
  });

  test('leaves no session behind that writes it, when the commit fails in between', async () => {
    served.tables.extras.set('dbo.e', counts);
    const intent = await decided(served.store(asking), { epoch: 1, schema, rows: [[1n, 1n]] });
    const error = { number: 547, class: 16, message: 'The INSERT statement conflicted with the CHECK constraint ck.' };
    fails = (sql) => (/^insert into \[dbo\]/.test(sql) ? [{ error }, { transaction: 'rollback' }] : undefined);
    expect(await committed(served.store(asking), intent)).toMatchObject({ outcome: 'refused', because: { code: 'HYG-4204' } });
    fails = () => undefined;
    // Another table that counts: a session that were left so would refuse it.
    served.tables.run('create table [dbo].[other] ([id] bigint not null, [mark] bigint)');
    served.tables.extras.set('dbo.other', counts);
    const other = { table: 'dbo.other', ...asking };
    expect(await loaded(served.store(other), { epoch: 2, schema, rows: [[1n, 1n]] })).toMatchObject({ outcome: 'committed' });
  });

  test('can’t be merged by another key, which would update it: the plan says so', async () => {
    served.tables.extras.set('dbo.e', counts);
    const planned = { schema, mode: 'merge', key: ['mark'], changes: [] } as const;
    await expect((await served.store(asking)).notesOnPlan?.({ ...planned, ...anew })).rejects.toMatchObject({
      code: 'HYG-4242',
      what: expect.stringContaining('Column id'),
    });
    expect(await (await served.store(asking)).notesOnPlan?.({ ...planned, ...anew, key: ['id'] })).toMatchObject({ warnings: [] });
  });
});
