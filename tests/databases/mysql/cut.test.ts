import { first, type Load, idAndName as schema, second, writing } from '../../support/commits.ts';
import { type Cuttable, cutsCommits, cutsStaging, ways as plain, type Way } from '../../support/cut-commits.ts';
import { firstOfServer } from '../../support/mariadb.ts';
import type { MysqlProxy } from '../../support/mysql-proxy.ts';
import { sampled } from '../../support/samples.ts';
import { type Opened, onMariadb, throughProxy } from './support.ts';

onMariadb('MariaDB over a connection that breaks', () => {
  let opened: Opened;
  let proxy: MysqlProxy;
  throughProxy((of) => {
    ({ opened, proxy } = of);
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
  const ways: readonly Way[] = [
    ...plain,
    ['adds a column, and rows', wider, ['1 one', '2 two', '2 zwei', '3 drei'], first],
    ['widens a column, lets nulls into another, and adds', widens, ['1 one', '2 two', '2 zwei', `${large} null`], narrow],
    ['does so and merges', { ...widens, writing: writing('merge', ['id']) }, ['1 one', '2 zwei', `${large} null`], narrow],
  ];
  const cuttable = (): Cuttable => ({
    store: () => opened.store(),
    cleared: () => opened.cleared(),
    look: async () => ({
      rows: await opened.lines(`select concat(id, ' ', coalesce(name, 'null')) from e order by id, name`),
      commits: await opened.lines(`select intent_id from ${opened.metadata}.commits`),
      left: [
        ...(await opened.lines(`show tables in ${opened.staging}`)),
        ...(await opened.lines(`select name from ${opened.metadata}.staged`)),
      ],
    }),
    cut(at) {
      proxy.rule(({ number }) => (number === at?.number ? at.when : undefined));
      return opened.store({ through: proxy });
    },
    healed() {
      const { seen } = proxy;
      proxy.rule(() => undefined);
      return seen;
    },
  });
  cutsCommits({ message: 'statement', of: 96 }, cuttable, sampled(ways, 4, firstOfServer));
  const indexed = (): Cuttable => ({
    ...cuttable(),
    async cut(at) {
      const there = await opened.lines(
        `select 1 from information_schema.STATISTICS where TABLE_SCHEMA = database() and TABLE_NAME = 'e' and INDEX_NAME = 'by_name'`,
      );
      if (there.length === 0) await opened.lines('create index by_name on e (name(5))');
      return cuttable().cut(at);
    },
  });
  const swaps = ways
    .filter(([, load]) => load.writing?.mode === 'swap')
    .map(([what, ...way]): Way => [`${what}, of a table with an index`, ...way]);
  cutsCommits({ message: 'statement', of: 64 }, indexed, sampled(swaps, 2, firstOfServer));
  cutsStaging({ message: 'statement', of: 96 }, cuttable);
});
