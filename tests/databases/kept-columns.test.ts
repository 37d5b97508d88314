import { describe, expect, test } from 'vitest';
import { asked } from '../support/mariadb.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { duckdb, mariadb, onEach, postgres } from './databases.ts';

interface Kept {
  readonly title: string;
  /** Of a table `e (id, n, day)` whose id is int. */
  readonly makes: readonly string[];
  readonly advice: string;
  /** What a person types who follows it. */
  readonly remedy: readonly string[];
}

const columns = (id: string, n = 'int') => `(id ${id}, n ${n}, "day" date)`;
const copied = (id: string, n = 'int') => [
  `create table e2 ${columns(id, n)}`,
  'insert into e2 select * from e',
  'drop table e',
  'alter table e2 rename to e',
];
const copy = 'opy the rows into a table whose id is int64, drop the old table, and give the copy its name';

const kept: Readonly<Record<'PostgreSQL' | 'MariaDB' | 'DuckDB', readonly Kept[]>> = {
  DuckDB: [
    {
      title: 'a primary key',
      makes: [`create table e ${columns('int primary key')}`],
      advice: `C${copy}`,
      remedy: copied('bigint primary key'),
    },
    {
      ...{ title: 'an index of another column', makes: [`create table e ${columns('int')}`, 'create index en on e (n)'] },
      ...{ advice: 'Drop the index en, and make it again after the run', remedy: ['drop index en'] },
    },
    {
      title: 'a foreign key of another table',
      makes: [`create table e ${columns('int', 'int primary key')}`, 'create table items (n int references e (n))'],
      advice: `Drop the tables of the foreign key items_n_n_fkey of items, after you copied their rows, and then c${copy}`,
      remedy: ['drop table items', ...copied('bigint', 'int primary key')],
    },
  ],
  PostgreSQL: [
    {
      ...{ title: 'a view', makes: [`create table e ${columns('int')}`, 'create view ev as select id from e'] },
      ...{ advice: 'Drop the view ev, and make it again after the run', remedy: ['drop view ev'] },
    },
  ],
  MariaDB: [
    {
      title: 'a foreign key of another table',
      makes: [
        `create table e ${columns('int primary key').replaceAll('"', '`')}`,
        'create table items (id int, constraint of_e foreign key (id) references e (id))',
      ],
      advice: 'of_e of',
      remedy: ['alter table items drop foreign key of_e'],
    },
  ],
};

const kinds = asked([duckdb, postgres, mariadb]).map((kind) => ({ ...kind, kept: kept[kind.name as keyof typeof kept] }));

describe('a column that something keeps as it is', () => {
  onEach(kinds, 'in $name', (database, { kept: all }) => {
    test.each(all)('is changed after the advice was followed: $title', async ({ makes, advice, remedy }) => {
      await database.cleared();
      await database.sql(...makes, 'select 1');
      const flow = (type: string) =>
        `home: { path: in, format: csv, types: { id: ${type}, n: int32, day: date }, not_null: [id, n] }\nstore: { connection: c, table: e${database.keys} }\nrun_type: incremental\nif_exists: append\nwatermark: { column: day, key: [id] }\nschema_evolution: { type_changes: widen }\n`;
      await using workspace = new TestWorkspace({
        'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
        'flows/f/flow.yml': flow('int32'),
        'in/a.csv': 'id,n,day\n1,5,2024-01-01\n2,6,2024-01-01\n',
      });
      const run = async (...args: readonly string[]) => {
        const { code, stdout, stderr } = await workspace.run(args, { env: { SHOP_SECRET: database.password } });
        return { code, text: stdout + stderr };
      };
      expect(await run('go')).toMatchObject({ code: 0 });
      workspace.write({
        'flows/f/flow.yml': flow('int64'),
        'in/b.csv': `id,n,day\n3,7,2024-01-02\n4000000000,8,2024-01-02\n`,
      });
      const refused = await run('go');
      expect(refused).toMatchObject({ code: 1, text: expect.stringContaining('HYG-2077') });
      expect(refused.text).toContain(advice);
      await database.sql(...remedy, 'select 1');
      const { code, text } = await run('go');
      expect(code, text).toBe(0);
      expect(await database.sql('select id, n from e order by id')).toHaveLength(4);
    });
  });
});
