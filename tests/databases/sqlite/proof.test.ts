import { readdirSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { answerOf, pythonIn, pythonProblem, readProof } from '../../support/run-proof.ts';
import { TestWorkspace } from '../../support/workspace.ts';

const everyType =
  `create table src (id integer primary key, flag boolean, price decimal(12, 3), exact decimal_text(30, 5), ratio real, note text, raw blob, day date, at datetime,
  precise "datetime(9)", moment timestamptz, hour time, code uuid, n bigint)`.replace('"datetime(9)"', 'datetime(9)');

const rows = `insert into src values
  (1, 1, 12.5, '12.50000', 0.1, 'it''s ', x'00ff80', '2026-01-31', '2026-01-31 23:59:59.5', '2026-01-31 23:59:59.123456789', '2026-07-01 02:00:00.25+02:00', '10:00', '6f9619ff-8b86-d011-b42d-00c04fc964ff', 9223372036854775807),
  (2, 0, -0.05, '-0.05', -0.0, '', x'', '0001-01-01', '1582-10-04T12:00', '1677-09-21 00:12:44', '1969-12-31T23:59:59.999999Z', '23:59:59.99999', null, -9223372036854775808),
  (3, null, 100, '-0', 9e999, 'Zoë 🏡', null, '1582-10-10', '0001-01-01', null, '1582-10-10 00:30-05:30', '00:00:00', null, 0),
  (4, null, 1000.1, '0100', -9e999, 'two
lines', null, '9999-12-31', '9999-12-31 23:59:59.999999', null, '0001-01-02 00:00:00z', '12:30:00.100', null, -10),
  (5, null, 0, '.5', 1e300, 'a' || char(0) || 'b', null, null, null, null, null, null, null, null),
  (6, null, 123456789.125, '99999999999999999999.99999', 5, '"x" | y', null, null, null, null, null, null, null, null)`.replace(
  "'.5'",
  "'0.5'",
);

async function loaded(statements: readonly string[], more = '', store = `{ connection: c, table: '"é ""e.f"""' }`, home = '') {
  const workspace = new TestWorkspace({
    'hygge.yml': 'name: w\nconnections: { c: { type: sqlite, path: shop.db } }\n',
    'flows/f/flow.yml': `home: { connection: c, table: src${home} }\nstore: ${store}\n${more}entities: [e]\n`,
  });
  const sql = (...all: readonly string[]) => {
    const database = new DatabaseSync(workspace.path('shop.db'));
    for (const statement of all) database.exec(statement);
    database.close();
  };
  sql(...statements);
  const went = await workspace.run(['go']);
  expect(went.code, went.stdout + went.stderr).toBe(0);
  const folder = workspace.path('proof');
  return {
    ...{ workspace, folder, sql },
    prove: (...args: readonly string[]) => workspace.run(['verify', 'f.e', '--proof', 'proof', '--pause', '0s', ...args]),
    proof: () => readProof(folder),
    ran: (file: string) => pythonIn(folder, file, workspace.path('shop.db')),
    [Symbol.dispose]: () => workspace[Symbol.dispose](),
  };
}

describe.skipIf(pythonProblem() !== undefined)('the proof of a file of SQLite', () => {
  it('is SQL and a program that give the printed numbers, of every type on both sides', async () => {
    using place = await loaded([everyType, rows]);
    const { code, stdout, stderr } = await place.prove();
    expect(code, stdout + stderr).toBe(0);
    const { source, destination, verdict } = place.proof();
    expect({ verdict, source, destination }).toMatchObject({
      verdict: 'same',
      source: { rows: 6, was_run: true },
      destination: { sum: source.sum },
    });
    expect(source.columns).toHaveLength(14);
    expect(place.ran('source.sql')).toBe(answerOf(source));
    expect(place.ran('destination.sql')).toBe(answerOf(destination));
    expect(readdirSync(place.folder).sort()).toEqual(['README.md', 'destination.sql', 'row-sum.py', 'source.sql', 'sums.json']);
    expect(readFileSync(`${place.folder}/README.md`, 'utf8')).toContain('python3 row-sum.py source.sql FILE.db');
  });

  it('has another number when a value is edited, and the same when rows are added above the watermark', async () => {
    using place = await loaded([everyType, rows], 'run_type: incremental\nwatermark: { column: id }\n');
    expect((await place.prove()).code).toBe(0);
    const { source } = place.proof();
    place.sql("insert into src (id, note) values (7, 'later')");
    expect(place.ran('source.sql')).toBe(answerOf(source));
    for (const edit of ['ratio = 0.10000000000000002 where id = 1', "moment = '1969-12-31T23:59:59.999998Z' where id = 2"]) {
      place.sql('create table kept as select * from src', `update src set ${edit}`);
      expect([edit, place.ran('source.sql').split(' ')[2]]).not.toEqual([edit, source.sum]);
      place.sql('delete from src', 'insert into src select * from kept', 'drop table kept');
    }
    expect(place.ran('source.sql')).toBe(answerOf(source));
    place.sql("update src set note = 'other' where id = 3");
    expect((await place.prove()).code).toBe(1);
    const next = place.proof();
    expect(next.verdict).toBe('differs');
    expect(place.ran('source.sql')).toBe(answerOf(next.source));
    expect(place.ran('destination.sql')).toBe(answerOf(next.destination));
  });

  it('is of an empty table, and of a file in UTF-16', async () => {
    using place = await loaded(["pragma encoding = 'UTF-16'", everyType]);
    expect((await place.prove()).code).toBe(0);
    expect(place.proof()).toMatchObject({ source: { rows: 0, sum: '0' }, destination: { rows: 0, sum: '0' } });
    place.sql(rows);
    expect((await place.workspace.run(['go'])).code).toBe(0);
    expect((await place.prove()).code).toBe(0);
    expect(place.ran('source.sql')).toBe(answerOf(place.proof().source));
    expect(place.ran('destination.sql')).toBe(answerOf(place.proof().destination));
  });

  it('is not of values whose digits SQL can’t give, and says so', async () => {
    using place = await loaded(
      ['create table src (id integer primary key, code varchar(9), big decimal(20, 2))', "insert into src values (1, 'a', 1), (2, 'b', 2)"],
      '',
      '{ path: lake }',
    );
    expect((await place.prove()).code).toBe(0);
    expect(place.ran('source.sql')).toBe(answerOf(place.proof().source));
    place.sql('update src set big = 123456789012345.75 where id = 2');
    expect((await place.workspace.run(['go'])).code).toBe(0);
    expect((await place.prove()).code).toBe(0);
    expect(place.proof().source).toMatchObject({
      sql: null,
      why: 'the source can’t sum rows: a number has more digits than a double keeps',
    });
  });

  it('says by which rows the sums differ, where some can’t be read', async () => {
    const table = 'create table src (id integer primary key, day date)';
    using place = await loaded(
      [table, "insert into src values (1, '2026-01-31'), (2, 'no day')"],
      '',
      '{ path: lake }',
      ', bad_rows: skip',
    );
    await place.prove();
    const { source, destination } = place.proof();
    expect([source.rows, destination.rows]).toEqual([2, 1]);
    expect(place.ran('source.sql')).toBe(answerOf(source));
    expect(readFileSync(`${place.folder}/README.md`, 'utf8')).toContain('The SQL of the source also sums 1 row that can’t be read');
  });
});
