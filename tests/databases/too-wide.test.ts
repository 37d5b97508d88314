import { expect, test } from 'vitest';
import { explainWritten as ofMysql } from '../../src/databases/mysql/errors.ts';
import { explainWritten as ofPostgres } from '../../src/databases/postgres/writing-errors.ts';
import { explainWritten as ofSqlServer } from '../../src/databases/sqlserver/errors.ts';
import { TestWorkspace } from '../support/workspace.ts';

const line = (columns: number, of: (n: number) => string) => Array.from({ length: columns }, (_, n) => of(n)).join(',');

test('a table that is too wide for SQLite settles with fewer columns, as the error advises', async () => {
  const flow = (more: string) => `home: { path: "in/{entity}.csv"${more} }\nstore: { type: sqlite, path: "out.db" }\nentities: [wide]\n`;
  using workspace = new TestWorkspace({
    'flows/w/flow.yml': flow(''),
    'in/wide.csv': `${line(2_100, (n) => `c${n}`)}\n${line(2_100, String)}\n`,
  });
  const { code, stdout, stderr } = await workspace.run(['go']);
  expect(code).toBe(1);
  expect(stdout + stderr).toContain('Settle fewer columns: columns or exclude of the home');
  workspace.write({ 'flows/w/flow.yml': flow(', columns: [c0, c1]') });
  expect((await workspace.run(['go'])).code).toBe(0);
});

test.each([
  { system: 'PostgreSQL', explained: ofPostgres, code: '54000', message: 'row is too big: size 8640, maximum size 8160' },
  { system: 'PostgreSQL', explained: ofPostgres, code: '54011', message: 'tables can have at most 1600 columns' },
  { system: 'MariaDB', explained: ofMysql, code: '1117', message: 'Too many columns' },
  { system: 'MySQL', explained: ofMysql, code: '1118', message: 'Row size too large (> 8126)' },
  { system: 'MariaDB', explained: ofMysql, code: '1005', message: 'Can\'t create table `d`.`t` (errno: 139 "Too big row")' },
  { system: 'SQL Server', explained: ofSqlServer, code: '511', message: 'Cannot create a row of size 8400.' },
  { system: 'SQL Server', explained: ofSqlServer, code: '1702', message: 'CREATE TABLE failed: it exceeds the maximum of 1024 columns.' },
])('$system reports a row or table that is too wide with $code $message', ({ explained, code, message }) => {
  const { tryThis } = explained({ code, message } as never, 'here').toDetails();
  expect(tryThis[0]).toBe('Settle fewer columns: columns or exclude of the home');
});
