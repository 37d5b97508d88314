import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { asked } from '../support/mariadb.ts';
import { sampled } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { type Database, type DatabaseKind, firstOf, mariadb, postgres, sqlite } from './databases.ts';

interface Kind extends DatabaseKind {
  readonly pointingAtItself: string;
  readonly dropped: readonly string[];
  /** What makes it one that is checked when the transaction ends, where there is such a thing. */
  readonly deferred: readonly string[] | null;
}

const created = (rest: string) => `create table child (e bigint, constraint child_fk foreign key (e) references e (id) ${rest})`;
const altered = 'alter table e add column up bigint, add constraint e_fk foreign key (up) references e (id) on delete cascade';
const deferred = 'deferrable initially deferred';
const unbound = 'alter table child drop constraint child_fk';
const anew = (rest: string) => [
  'create table kept as select e from child',
  'drop table child',
  rest,
  'insert into child select e from kept',
];

const kinds: readonly Kind[] = [
  {
    ...{ ...postgres, pointingAtItself: altered, dropped: [unbound] },
    deferred: [unbound, `alter table child add foreign key (e) references e (id) ${deferred}`],
  },
  { ...mariadb, pointingAtItself: altered, dropped: [unbound], deferred: null },
  {
    ...{ ...sqlite, pointingAtItself: 'alter table e add column up bigint references e (id) on delete cascade' },
    dropped: anew('create table child (e bigint)'),
    deferred: anew(created(deferred)),
  },
];

/** SQLite meets all of them, each other kind of table another one. */
const some = <T>(kind: Kind, all: readonly T[]): readonly T[] => (kind.name === 'SQLite' ? all : sampled(all, all.length, firstOf(kind)));

describe.each(asked(kinds))('a table of $name whose rows others point at, to go with them', (kind) => {
  describe.skipIf(kind.missing !== '')('', () => {
    let database: Database;
    let workspace: TestWorkspace;
    const flow = (watermark: string) =>
      `home: { path: in/*.csv }\nstore: { connection: c, table: e${database.keys} }\nrun_type: incremental\nwatermark: { ${watermark} }\n`;
    const byDay = 'column: day';
    const run = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await workspace.run(args, { env: { SHOP_SECRET: database.password } });
      return { code, text: `${stdout}${stderr}` };
    };
    const go = () => run('go', '--output', 'json');
    const children = () => database.sql('select e from child order by e');
    const settled = () => database.sql('select id, v from e order by id');

    beforeAll(async () => {
      database = await kind.open();
    });
    beforeEach(async () => {
      await database.cleared();
      workspace = new TestWorkspace({
        'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
        'flows/e/flow.yml': flow(byDay),
        'in/a.csv': 'id,day,v\n1,2024-01-01,a\n2,2024-01-02,b\n',
      });
      expect(await go()).toMatchObject({ code: 0 });
      await database.sql('create unique index one on e (id)');
      workspace.write({ 'in/a.csv': 'id,day,v\n1,2024-01-01,a\n2,2024-01-02,B\n3,2024-01-03,c\n' });
    });
    afterEach(() => workspace[Symbol.dispose]());
    afterAll(() => database?.[Symbol.asyncDispose]());

    const refused = [
      ['cascade', [created('on delete cascade')], 'child'],
      ['its own rows', [kind.pointingAtItself, 'update e set up = 2 where id = 1', 'create table child (e bigint)'], 'of itself'],
    ] as const;
    test.each(some(kind, refused))('is not replaced at the watermark, nor in a range: %s', async (_, ddl, name) => {
      await database.sql(...ddl, 'insert into child values (1), (2)');
      const { code, text } = await go();
      expect({ code, text }).toMatchObject({ code: 1, text: expect.stringContaining('HYG-2077') });
      expect(text).toContain(`${name} would delete or change the rows that refer to them`);
      const range = await run('backfill', 'e.e', '--from', '2024-01-01', '--to', '2024-01-03', '--chunk', '1d');
      expect(range.text).toContain('HYG-2077');
      expect(await children()).toEqual(['1', '2']);
      expect(await settled()).toEqual(['1 a', '2 b']);
    });

    const advice: readonly (readonly [string, string, readonly string[], string])[] = [
      ['merged by its key', `${byDay}, key: id`, [], 'B'],
      ['pointed at by nothing', byDay, kind.dropped, 'B'],
      ...(kind.deferred === null ? [] : [['pointed at until the transaction ends', byDay, kind.deferred, 'B'] as const]),
    ];
    test.each(some(kind, advice))('is %s, as the message advises', async (_, advised, ddl, second) => {
      await database.sql(created('on delete cascade'), 'insert into child values (1), (2)');
      expect(await go()).toMatchObject({ code: 1, text: expect.stringContaining('HYG-2077') });
      if (ddl.length > 0) await database.sql(...ddl);
      workspace.write({ 'flows/e/flow.yml': flow(advised) });
      expect(await go()).toMatchObject({ code: 0 });
      expect(await settled()).toEqual(['1 a', `2 ${second}`, '3 c']);
      expect(await children()).toEqual(['1', '2']);
    });
  });
});
