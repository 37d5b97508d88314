import { beforeEach, expect, test } from 'vitest';
import { DatabaseError } from '../../../src/databases/engine.ts';
import type { MysqlSession } from '../../../src/databases/mysql/connect.ts';
import { destination } from '../../../src/databases/mysql/destination.ts';
import { explainWritten } from '../../../src/databases/mysql/errors.ts';
import { copy } from '../../../src/databases/mysql/write.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import { frameBuilder } from '../../../src/frames/values/builders.ts';
import { committed, decided, everything, first, type Load, loaded, idAndName as schema, second } from '../../support/commits.ts';
import { needsKeys } from '../../support/mariadb.ts';
import { openedOnce } from '../../support/opened-once.ts';
import { alike, onMariadb, openDatabase } from './support.ts';

const merging: Load = { ...second, writing: { mode: 'merge', key: ['id'], why: 'full_load' } };
const swapping: Load = { ...second, writing: { mode: 'swap', key: [], why: 'full_load' }, supersede: everything };

/** Of a table of hygge's that got a key where the server takes none without. */
const withoutRowKey = () => (needsKeys() ? 'drop column my_row_id, ' : '');

onMariadb('what MariaDB refuses', () => {
  const opened = openedOnce(() => openDatabase());
  beforeEach(() => opened.cleared());

  const rows = () => opened.lines(`select concat(id, ' ', name) from e order by id, name`);

  alike('a table of an engine without transactions is refused by name, with the statement that changes it', async () => {
    await opened.db.sql('create table e (id bigint, name longtext) engine = MyISAM');
    const { database } = opened.db;
    await expect((await opened.store()).inspect()).rejects.toMatchObject({
      code: 'HYG-4250',
      tryThis: [`Change the engine of the table: ALTER TABLE \`${database}\`.\`e\` ENGINE = InnoDB`, expect.anything()],
    });
    await opened.db.sql(`ALTER TABLE \`${database}\`.\`e\` ENGINE = InnoDB`);
    await expect(loaded(opened.store(), first)).resolves.toMatchObject({ outcome: 'committed' });
  });

  alike('a view is not a table that rows settle in', async () => {
    await opened.db.sql('create table t (id bigint); create view e as select * from t');
    await expect((await opened.store()).inspect()).rejects.toMatchObject({ code: 'HYG-4209' });
  });

  test.each([
    ['a check', 'add constraint small check (id < 3)'],
    ['a trigger that signals', "signal sqlstate '45000' set message_text = 'no'"],
    ['a trigger that divides by zero', 'set new.id = new.id div 0'],
  ] as const)('rows that %s refuses change nothing, and the commit is refused for good', async (what, how) => {
    await loaded(opened.store(), first);
    await opened.db.sql(
      what.startsWith('a trigger') ? `delimiter //\ncreate trigger no before insert on e for each row ${how}//` : `alter table e ${how}`,
    );
    const outcome = await loaded(opened.store(), { ...second, rows: [[7n, 'drei']] });
    expect(outcome).toMatchObject({ outcome: 'refused', because: { code: 'HYG-4204' } });
    expect(await rows()).toEqual(['1 one', '2 two']);
  });

  alike('a number that is too large for a column of theirs is refused, and not clamped', async () => {
    await opened.db.sql('create table e (id smallint, name longtext)');
    const intent = await decided(opened.store(), { ...first, rows: [[70_000n, 'x']] }).catch((error: unknown) => error);
    if (intent instanceof Error) expect(intent).toMatchObject({ code: expect.stringMatching(/^HYG-42/) });
    else expect(await committed(opened.store(), intent as never)).toMatchObject({ outcome: 'refused' });
    expect(await rows()).toEqual([]);
  });

  test('a merge updates by the key, though another unique index would take the row of another', async () => {
    await loaded(opened.store(), first);
    await opened.db.sql(`alter table e ${withoutRowKey()}add primary key (id), add unique other (name(20))`);
    expect(await loaded(opened.store(), { ...merging, rows: [[3n, 'one']] })).toMatchObject({ outcome: 'refused' });
    expect(await rows()).toEqual(['1 one', '2 two']);
    expect(await loaded(opened.store(), { ...merging, epoch: 3 })).toMatchObject({ counts: { inserted: 1, updated: 1, deleted: 0 } });
    expect(await rows()).toEqual(['1 one', '2 zwei', '3 drei']);
  });

  test('a swap keeps indexes and the comment of the table, and grants and views go by its name', async () => {
    await loaded(opened.store(), first);
    await opened.db.sql(
      `alter table e ${withoutRowKey()}add primary key (id), add key by_name (name(10)); alter table e comment = 'of the shop'; create view v as select * from e`,
    );
    expect(await loaded(opened.store(), swapping)).toMatchObject({ counts: { inserted: 2, deleted: 2 } });
    expect(await opened.lines('select concat(id, name) from v order by id')).toEqual(['2zwei', '3drei']);
    const [made = ''] = await opened.lines('show create table e');
    expect(made).toContain('PRIMARY KEY (`id`)');
    expect(made).toContain('KEY `by_name` (`name`(10))');
    expect(made).toMatch(/COMMENT='of the shop \[hygge /);
    expect(await opened.lines(`show tables in ${opened.staging}`)).toEqual([]);
  });

  test.each([
    ['no action', false],
    ['restrict', false],
    ['cascade', true],
    ['set null', true],
  ])('a foreign key with ON DELETE %s passes a delete on: %s', async (rule, passesOn) => {
    await loaded(opened.store(), first);
    await opened.db.sql('alter table e add unique one (id)');
    await opened.db.sql(
      `create table child (n bigint${needsKeys() ? ' primary key' : ''}, e bigint, constraint child_e foreign key (e) references e (id) on delete ${rule})`,
    );
    const { done } = (await (await opened.store()).inspect()) as { done: { catalog: { dependents: readonly object[] } } };
    const key = { kind: 'foreign key', columns: ['id'], staysWithOld: true, holdsRows: true, ...(passesOn ? { passesOn } : {}) };
    expect(done.catalog.dependents).toEqual([{ ...key, name: expect.stringMatching(/^child_e of .*child$/) }]);
  });

  alike(
    'a comment that leaves no room for who made the table has rows deleted and inserted, and one that came after the plan stops the swap',
    async () => {
      await loaded(opened.store(), first);
      const intent = await decided(opened.store(), swapping);
      const comment = 'ü'.repeat(2040);
      await opened.db.sql(`alter table e comment = '${comment}'`);
      const inspected = async () => (await opened.store()).inspect();
      const bound = expect.objectContaining({ kind: 'comment', staysWithOld: true });
      const bears = (all: unknown) => ({ done: { catalog: { dependents: all } } });
      expect(await inspected()).toMatchObject(bears(expect.arrayContaining([bound])));
      expect(await committed(opened.store(), intent)).toMatchObject({ outcome: 'refused', because: { code: 'HYG-4231' } });
      expect(await rows()).toEqual(['1 one', '2 two']);
      // With the longest that there is room for it is swapped as ever.
      await opened.db.sql(`alter table e comment = '${'ü'.repeat(1984)}'`);
      expect(await inspected()).toMatchObject(bears([]));
      expect(await loaded(opened.store(), { ...swapping, epoch: 3 })).toMatchObject({ outcome: 'committed' });
      expect(await rows()).toEqual(['2 zwei', '3 drei']);
    },
  );

  alike('a trigger that came after the plan stops the swap, and stays', async () => {
    await loaded(opened.store(), first);
    const intent = await decided(opened.store(), swapping);
    await opened.db.sql('create trigger later before insert on e for each row set @a = 1');
    expect(await committed(opened.store(), intent)).toMatchObject({ outcome: 'refused', because: { code: 'HYG-4231' } });
    expect(await rows()).toEqual(['1 one', '2 two']);
  });

  test('texts of a key that differ only to their bytes are two, in a table of ours and in one of theirs', async () => {
    const texts: Schema = {
      columns: [
        { name: 'id', type: { kind: 'string' }, nullable: false },
        { name: 'name', type: { kind: 'string' }, nullable: true },
      ],
    };
    const writing = { mode: 'merge', key: ['id'], why: 'full_load' } as const;
    for (const made of ['', 'create table e (id varchar(50) primary key, name text) default charset latin1']) {
      await opened.cleared();
      if (made !== '') await opened.db.sql(made);
      await loaded(opened.store(), {
        epoch: 1,
        schema: texts,
        rows:
          made === ''
            ? [
                ['a', '1'],
                ['A', '2'],
                ['a ', '3'],
              ]
            : [['a', '1']],
        writing,
      });
      const outcome = await loaded(opened.store(), { epoch: 2, schema: texts, rows: [['A', '9']], writing });
      if (made === '')
        expect(await opened.lines(`select concat('<', id, '>', name) from e order by name`)).toEqual(['<a>1', '<a >3', '<A>9']);
      // Its own index takes both for one.
      else expect(outcome).toMatchObject({ outcome: 'refused' });
    }
  });

  test('a key with a character that the column of theirs has none for is refused permanently, and the next rows settle', async () => {
    const texts: Schema = { columns: ['id', 'name'].map((name) => ({ name, type: { kind: 'string' }, nullable: name === 'name' })) };
    const load = { schema: texts, writing: { mode: 'merge', key: ['id'], why: 'full_load' } } as const;
    await opened.db.sql(`create table e (id varchar(50) primary key, name text) default charset latin1; insert into e values ('a', '1')`);
    const outcome = await loaded(opened.store(), { ...load, epoch: 1, rows: [['😀', '2']] });
    expect(outcome).toMatchObject({ outcome: 'refused', because: { code: 'HYG-4204' } });
    expect(await loaded(opened.store(), { ...load, epoch: 2, rows: [['a', '3']] })).toMatchObject({ counts: { inserted: 0, updated: 1 } });
    expect(await rows()).toEqual(['a 3']);
  });

  test.each(['string', 'binary'] as const)('keys of a %s that differ behind what the server sorts by are told apart', async (kind) => {
    const long = 'x'.repeat(2000);
    const keys = ['a', 'b', 'c'].map((end) => (kind === 'string' ? long + end : new TextEncoder().encode(long + end)));
    const load = {
      schema: {
        columns: [
          { name: 'id', type: { kind }, nullable: false } as const,
          ...schema.columns.slice(0, 1).map((at) => ({ ...at, name: 'at' })),
        ],
      },
      rows: [1n, 2n].flatMap((load) => keys.map((key, at) => [key, load * 10n + BigInt(at)])),
      mark: 'at',
      writing: { mode: 'merge', key: ['id'], why: 'full_load' },
    } as const;
    await loaded(opened.store(), { ...load, epoch: 1 });
    expect(await opened.lines(`select at, right(id, 1) from e order by 2`)).toEqual(['20\ta', '21\tb', '22\tc']);
  });

  alike('the server gets the rows of one statement of ours, and never a file', async () => {
    const { database, port, user, password } = opened.db;
    const mysql = (await import('mysql2')).default;
    const plain = mysql.createConnection({ host: '127.0.0.1', port, user, password, database });
    await opened.db.sql('create table f (a longtext)');
    const answer = await new Promise((done) => plain.query(`load data local infile '/etc/hostname' into table f`, (error) => done(error)));
    expect(answer).toBeInstanceOf(Error);
    expect(await opened.lines('select count(*) from f')).toEqual(['0']);
    plain.destroy();
  });

  alike('a lock that does not become free is waited for again, and then it continues', async () => {
    await loaded(opened.store(), first);
    const intent = await decided(opened.store(), second);
    const { port, user, password, database } = opened.db;
    const mysql = (await import('mysql2')).default;
    const other = mysql.createConnection({ host: '127.0.0.1', port, user, password, database });
    const ask = (sql: string) => new Promise<void>((done, failed) => other.query(sql, (error) => (error ? failed(error) : done())));
    await ask('start transaction');
    await ask(`update ${opened.metadata}.heads set epoch = epoch`);
    let isDone = false;
    const committing = committed(opened.store(), intent).then((outcome) => {
      isDone = true;
      return outcome;
    });
    await ask('do sleep(0.5)');
    expect(isDone).toBe(false);
    await ask('rollback');
    expect(await committing).toMatchObject({ outcome: 'committed' });
    other.destroy();
  });
});

/** A session of a server that there is none of. */
const sessionOf = (more: object) => ({ takesFiles: async () => true, query: async () => [], ...more }) as unknown as MysqlSession;

/** Rows that are sent over it. */
async function copied(session: MysqlSession): Promise<number> {
  const builder = await frameBuilder(schema);
  for (const row of first.rows ?? []) builder.append(row);
  return copy(session, { table: '`a`.`b`' }, await builder.take(), () => undefined);
}

alike('a server that says it took fewer rows than were sent is not believed', async () => {
  const session = sessionOf({ send: async () => ({ rows: 1, warnings: 0 }) });
  await expect(copied(session)).rejects.toMatchObject({ code: 'HYG-4252' });
});

alike('the engine that keeps a table is named where it has no transactions, without a server', async () => {
  const table = { kind: 'BASE TABLE', engine: 'MyISAM', comment: '', options: '', bytes: '0' };
  const session = sessionOf({ query: async (sql: string) => (/from information_schema\.TABLES where/.test(sql) ? [table] : []) });
  const what = 'shop.e uses the engine MyISAM, which has no transactions.';
  await expect(destination(session, { schema: 'shop', name: 'e' }, 'hygge_staging')).rejects.toMatchObject({ code: 'HYG-4250', what });
});

alike.each([
  ["Data truncated for column 'note' at row 2", 'Column note', 'row 2', 'Data truncated (1265).'],
  ['Out of range value for column `shop`.`e`.`note` at row 2', 'Column note', 'row 2', 'Out of range (1265).'],
  ['The server is short of words', 'A value', 'a row', 'The server is short of words (1265).'],
])('a value of which the server warns “%s” is named by what it says of column and row', async (message, column, row, said) => {
  const warning = { Level: 'Warning', Code: '1265', Message: message };
  const session = sessionOf({ send: async () => ({ rows: 2, warnings: 1 }), query: async () => [warning] });
  await expect(copied(session)).rejects.toMatchObject({
    code: 'HYG-4251',
    what: `${column} did not arrive in \`a\`.\`b\` unchanged.`,
    why: [`The server reports for ${row} of a staged piece: ${said}`, expect.anything()],
  });
});

alike('what the server says of a row shows no value of it', () => {
  const told = explainWritten(new DatabaseError("Duplicate entry 'secret' for key 'PRIMARY'", { code: '1062' }), 'mysql db.e');
  expect(JSON.stringify(told.toDetails())).not.toContain('secret');
  const converted = explainWritten(
    new DatabaseError("Cannot convert string 'secret' from utf8mb4 to latin1", { code: '3854' }),
    'mysql db.e',
  );
  expect(JSON.stringify(converted.toDetails())).not.toContain('secret');
});
