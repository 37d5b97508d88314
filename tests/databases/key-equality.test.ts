/** A source may take several texts for one key. After a change of the spelling its destination has one row of the key, as it is spelt now. */
import { describe, expect, test } from 'vitest';
import { isMysql } from '../support/mariadb.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { type Database, type DatabaseKind, duckdb, mariadb, postgres, sqlite, sqlserver } from './databases.ts';

interface LooseKey {
  readonly of: string;
  readonly source: DatabaseKind;
  readonly before?: string;
  /** The declaration of the key. */
  readonly column: string;
  readonly spellings: readonly [earlier: string, now: string];
  /** Texts that the source tells apart from each other. */
  readonly others: readonly string[];
}

const ci = 'varchar(50) character set utf8mb4 collate';
const looseKeys: readonly LooseKey[] = [
  { of: 'accents', source: mariadb, column: `${ci} utf8mb4_general_ci`, spellings: ['rené@x.dk', 'RENE@X.DK '], others: ['a', 'b'] },
  { of: 'its default collation', source: mariadb, column: 'varchar(50)', spellings: ['ann@x.dk', 'ANN@X.DK'], others: ['ann', 'æ'] },
  { of: 'blanks at the end', source: mariadb, column: `${ci} utf8mb4_bin`, spellings: ['ann', 'ann  '], others: ['Ann', 'ANN'] },
  { of: 'NOCASE', source: sqlite, column: 'text collate nocase', spellings: ['ann', 'ANN'], others: ['é', 'É', 'ann '] },
  { of: 'RTRIM', source: sqlite, column: 'text collate rtrim', spellings: ['ann', 'ann '], others: ['Ann', 'ANN'] },
  {
    of: 'citext',
    source: postgres,
    before: 'create extension if not exists citext',
    column: 'citext',
    spellings: ['Ann', 'aNN'],
    others: ['ån', 'ann '],
  },
];

const stores = [postgres, sqlite, duckdb, mariadb, sqlserver];
// What a source folds does not depend on the database that it is merged into: one key comes to each, the others to one that folds nothing by itself.
const cases = (isMysql ? looseKeys.filter(({ of }) => of === 'its default collation') : looseKeys).flatMap((key) =>
  (isMysql ? [mariadb] : key.of === 'NOCASE' ? stores : [duckdb]).map((store) => ({
    ...{ ...key, store, named: `${key.of} of ${key.source.name}`, into: store.name },
  })),
);

async function open({ source, store, before, column }: (typeof cases)[number], { primary = 'id', more = '' } = {}) {
  const [from, to] = [await source.open(), await store.open()];
  const workspace = new TestWorkspace({
    'hygge.yml': `name: w\nconnections: { a: ${from.connection}, c: ${to.connection.replace('SHOP_SECRET', 'STORE_SECRET')} }\n`,
    'flows/f/flow.yml': `home: { connection: a, table: k }
store: { connection: c, table: e${to.keys} }
run_type: incremental
watermark: { column: n, key: [id] }
${more}`,
  });
  await from.sql(
    ...(before === undefined ? [] : [before]),
    `create table k (id ${column} not null, n int, note varchar(20), primary key (${primary}))`,
    'select 1',
  );
  const run = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await workspace.run([...args], { env: { SHOP_SECRET: from.password, STORE_SECRET: to.password } });
    return { code, text: stdout + stderr };
  };
  return {
    ...{ from, to, run, settled: (database: Database = to) => database.sql(`select concat('<', id, '>'), note from e order by note`) },
    async [Symbol.asyncDispose]() {
      workspace[Symbol.dispose]();
      await from[Symbol.asyncDispose]();
      await to[Symbol.asyncDispose]();
    },
  };
}

describe.each(cases)('a key of $named merged into $into', (one) => {
  test.skipIf(one.source.missing !== '' || one.store.missing !== '')('has one row after its spelling changed in the source', async () => {
    await using flow = await open(one);
    const [earlier, now] = one.spellings;
    const others = one.others.map((id, at) => `('${id}', ${at + 2}, 'other ${at}')`).join(', ');
    await flow.from.sql(`insert into k values ('${earlier}', 1, 'before'), ${others}`, 'select 1');
    expect(await flow.run('go')).toMatchObject({ code: 0 });
    const rows = one.others.map((id, at) => `<${id}> other ${at}`);
    expect(await flow.settled()).toEqual([`<${earlier}> before`, ...rows]);

    await flow.from.sql(`update k set id = '${now}', n = 20, note = 'after' where n = 1`, 'select 1');
    await flow.from.sql(`insert into k values ('new', 21, 'very new')`, 'select 1');
    const again = await flow.run('go');
    expect(again.code, again.text).toBe(0);
    expect(await flow.settled()).toEqual([`<${now}> after`, ...rows, '<new> very new']);
    const verified = await flow.run('verify', 'f');
    expect(verified, verified.text).toMatchObject({ code: 0, text: expect.stringContaining('same:') });
  });
});

describe('a key of NOCASE of SQLite merged into SQLite', () => {
  const nocase = cases.filter(({ of, into }) => of === 'NOCASE' && into === 'SQLite');
  test.skipIf(nocase.length === 0).each([
    ['the key of the source has another column besides', { primary: 'id, note' }, false],
    ['rows of others are in the table', {}, true],
  ])('keeps both rows where %s', async (_, how, isOfOthers) => {
    for (const one of nocase) {
      await using flow = await open(one, how);
      await flow.from.sql(`insert into k values ('ann', 1, 'a')`, 'select 1');
      expect(await flow.run('go')).toMatchObject({ code: 0 });
      if (isOfOthers) await flow.to.sql(`insert into e values ('Bob', 3, 'b')`, 'select 1');
      const [before, now] = isOfOthers ? ['Bob', 'BOB'] : ['ann', 'ANN'];
      await flow.from.sql(`insert into k values ('${now}', 4, 'z')`, 'select 1');
      const again = await flow.run('go');
      expect(again.code, again.text).toBe(0);
      expect(await flow.settled()).toEqual(expect.arrayContaining([expect.stringContaining(`<${before}>`), `<${now}> z`]));
    }
  });
});

const plans = [
  { of: 'a default collation into files', source: mariadb, column: 'varchar(50)', store: 'lake', more: '', says: 'such as ann@x.dk' },
  {
    of: 'a default collation with compared deletes',
    source: mariadb,
    column: 'varchar(50)',
    store: 'lake',
    more: 'deletes: { compare: 1d }\n',
    says: '',
  },
  { of: 'a known collation into a database', source: mariadb, column: 'varchar(50)', store: 'db', more: '', says: '' },
  {
    of: 'a masked key',
    source: sqlite,
    column: 'text collate nocase',
    store: 'db',
    more: 'polish: { mask: { columns: { id: hash }, secret: abcdefghijklmnopqrstuvwxyz0123456789 } }\n',
    says: 'which a mask hides here',
  },
  { of: 'exact texts into files', source: sqlite, column: 'text', store: 'lake', more: '', says: '' },
  {
    of: 'a nondeterministic collation into files',
    source: postgres,
    before: `create collation loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`,
    column: 'text collate loose',
    store: 'lake',
    more: '',
    says: 'by rules that only it knows',
  },
  { of: 'intervals into a database', source: postgres, column: 'interval', store: 'db', more: '', says: 'by rules that only it knows' },
] as const;

describe('the first run warns of spellings that would stay, and later plans say it', () => {
  test.skipIf(isMysql).each(plans)('of $of', async ({ source, column, store, more, says, ...one }) => {
    if (source.missing !== '') return;
    await using from = await source.open();
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { a: ${from.connection} }\n`,
      'flows/f/flow.yml': `home: { connection: a, table: k }\nstore: ${store === 'lake' ? 'lake' : '{ type: sqlite, path: out.db }'}\nrun_type: incremental\nwatermark: { column: n, key: [id] }\n${more}`,
    });
    await from.sql(
      ...('before' in one ? [one.before] : []),
      `create table k (id ${column} not null, n int, primary key (id))`,
      `insert into k values ('1', 1)`,
      'select 1',
    );
    const run = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await workspace.run([...args], { env: { SHOP_SECRET: from.password } });
      expect(code, stdout + stderr).toBe(0);
      return stdout + stderr;
    };
    const said = 'several texts of id as one key';
    const first = await run('go');
    expect(first.includes(said), first).toBe(says !== '');
    expect(first).toContain(says);
    await from.sql(`insert into k values ('2', 2)`, 'select 1');
    expect(await run('go')).not.toContain(said);
    expect((await run('go', '--dry-run')).includes(said)).toBe(says !== '');
  });
});

test.skipIf(isMysql)('a comparison of keys removes an earlier spelling, and keeps the only row of a key', async () => {
  for (const one of cases.filter(({ of, into }) => of === 'NOCASE' && into === 'SQLite')) {
    await using flow = await open(one, { primary: 'id, note', more: 'deletes: { compare: 1d, max: 100%, pause: 0s }\n' });
    const many = Array.from({ length: 20 }, (_, i) => `('k${i}', ${i + 10}, 'n')`).join(', ');
    await flow.from.sql(`insert into k values ('ann', 1, 'a'), ('bob', 2, 'b'), ('eve', 3, 'e'), ('oldest', 0, 'n'), ${many}`, 'select 1');
    expect(await flow.run('go')).toMatchObject({ code: 0 });
    await flow.from.sql(
      `update k set id = 'ANN', n = 40 where id = 'ann'`,
      `update k set id = 'BOB' where id = 'bob'`,
      `delete from k where id = 'eve'`,
      'select 1',
    );
    expect(await flow.run('go')).toMatchObject({ code: 0 });
    expect((await flow.to.sql('select count(*) from e'))[0]).toBe('25');
    // The key is the primary one from now on: before, the source might have had both spellings.
    await flow.from.sql(
      'create table other (id text collate nocase not null primary key, n int, note varchar(20))',
      'insert into other select * from k',
      'drop table k',
      'alter table other rename to k',
      'select 1',
    );
    const compared = await flow.run('go', '--compare-deletes');
    expect(compared.code, compared.text).toBe(0);
    expect(await flow.to.sql(`select id from e where note <> 'n' order by note, id`)).toEqual(['ANN', 'bob']);
  }
});
