import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { begins, finished, first, ways as plain, idAndName as schema, second, writing } from '../../support/commits.ts';
import { day, sampled } from '../../support/day.ts';
import { type Cut, type MysqlProxy, startMysqlProxy } from '../../support/mysql-proxy.ts';
import { decided, type Load, loaded } from '../postgres/support.ts';
import { type Opened, onMariadb, openDatabase } from './support.ts';

onMariadb('MariaDB over a connection that breaks', () => {
  let opened: Opened;
  let proxy: MysqlProxy;
  beforeAll(async () => {
    opened = await openDatabase();
    proxy = await startMysqlProxy({ host: '127.0.0.1', port: opened.db.port });
  });
  beforeEach(() => proxy.rule(() => undefined));
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
  });

  const wider: Load = {
    ...second,
    schema: { columns: [...schema.columns, { name: 'more', type: { kind: 'int64' }, nullable: true }] },
    rows: [
      [2n, 'zwei', 7n],
      [3n, 'drei', null],
    ],
    changes: [{ change: 'add column', column: { name: 'more', type: { kind: 'int64' }, nullable: true }, how: 'in place' }],
  };
  const narrow: Load = {
    epoch: 1,
    schema: {
      columns: [
        { name: 'id', type: { kind: 'int32' }, nullable: false },
        { name: 'name', type: { kind: 'string' }, nullable: false },
      ],
    },
    rows: [
      [1, 'one'],
      [2, 'two'],
    ],
  };
  const large = 2n ** 40n;
  const widens: Load = {
    ...second,
    rows: [
      [2n, 'zwei'],
      [large, null],
    ],
    changes: [
      { change: 'widen', column: 'id', from: 'int', to: { kind: 'int64' }, how: 'rewrites' },
      { change: 'drop not null', column: 'name', how: 'in place' },
    ],
  };
  const ways: readonly (readonly [string, Load, readonly string[], before: Load])[] = [
    ...plain.map(([what, load, expected]) => [what, load, expected, first] as const),
    ['adds a column, and rows', wider, ['1 one', '2 two', '2 zwei', '3 drei'], first],
    ['widens a column, lets nulls into another, and adds', widens, ['1 one', '2 two', '2 zwei', `${large} null`], narrow],
    ['does so and merges', { ...widens, writing: writing('merge', ['id']) }, ['1 one', '2 zwei', `${large} null`], narrow],
  ];
  const rows = () => opened.lines(`select concat(id, ' ', coalesce(name, 'null')) from e order by id, name`);

  describe.each(ways)('a commit that %s', (_, load, expected, before) => {
    test.each(['before', 'after'] as const)(
      `is whole or not there at all when it is cut %s a statement, and is finished by who asks again (SEED=${day})`,
      async (when) => {
        // Which statements there are, of a commit that nothing cuts.
        const each = Array.from({ length: await cutAt({ load, expected, before }, undefined) }, (_, at) => at + 1);
        for (const number of sampled(each, 24)) await cutAt({ load, expected, before }, { number, when });
      },
    );
  });

  /** @returns how many statements it took. */
  async function cutAt(
    { load, expected, before }: { readonly load: Load; readonly expected: readonly string[]; readonly before: Load },
    at: { readonly number: number; readonly when: Cut } | undefined,
  ): Promise<number> {
    await opened.cleared();
    if (load !== begins) await loaded(opened.store(), before);
    const intent = await decided(opened.store(), load);
    proxy.rule(({ number }) => (number === at?.number ? at.when : undefined));
    const outcome = await finished(await opened.store({ through: proxy }), intent);
    const { seen } = proxy;
    proxy.rule(() => undefined);
    const round = at && `${at.when} ${at.number}: ${seen[at.number - 1]?.text}`;
    expect(outcome, round).toMatchObject({ counts: expect.anything() });
    expect(await rows(), round).toEqual(expected);
    expect(await (await opened.store()).head(), round).toMatchObject({ id: intent.id, rows: expected.length });
    expect(await opened.lines(`select count(*) from ${opened.metadata}.commits`), round).toEqual([load === begins ? '1' : '2']);
    await (await opened.store()).sweep({ lineage: 'l1', before: 99 });
    expect(await opened.lines(`show tables in ${opened.staging}`), round).toEqual([]);
    expect(await opened.lines(`select name from ${opened.metadata}.staged`), round).toEqual([]);
    return seen.length;
  }
});
