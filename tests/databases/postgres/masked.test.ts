import { expect, test } from 'vitest';
import { noPostgres } from '../../support/postgres.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { postgres } from '../databases.ts';

test.skipIf(noPostgres() !== '').each([
  ['the hint of an error', 'asked_for(email)', 'no number', 'Is it (1,'],
  ['quotes in the detail', 'email::json', 'invalid input syntax for type json', 'Token'],
  ['its message', 'email::int', 'invalid input syntax for type integer', 'integer'],
])('a value of a masked column that PostgreSQL shows in %s is in no message, journal or page', async (_, expression, wrong, asSaid) => {
  await using database = await postgres.open();
  await database.sql(
    `create table e as select 1 as id, 'CANARY@example.dk' as email`,
    `create function asked_for(text) returns int language plpgsql as $$
      begin raise exception 'no number' using hint = 'Is it (1, ' || $1 || ').'; end $$`,
    'select 1',
  );
  const workspaceWith = (polish: string) =>
    new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
      'flows/p/flow.yml': `home: { connection: c, query: "select id, email, ${expression} as n from e" }\nstore: lake/p\n${polish}`,
    });
  const said = async (workspace: TestWorkspace) => {
    const env = { SHOP_SECRET: database.password };
    const run = await workspace.run(['go', '-v', '--output', 'json'], { env });
    const journal = await workspace.run(['journal', '--run', 'last', '--log'], { env });
    const page = await workspace.run(['report', '--messages', '--out', '-'], { env });
    return `${run.stdout}${run.stderr}${journal.stdout}${page.stdout}`;
  };
  // Without a mask the server is quoted as it is, or nothing would be proven here.
  using plain = workspaceWith('');
  const shown = await said(plain);
  for (const word of ['CANARY', wrong, asSaid]) expect(shown).toContain(word);
  using masked = workspaceWith('polish: { mask: { columns: { email: null } } }\n');
  const hidden = await said(masked);
  expect(hidden).toContain(wrong);
  expect(hidden).not.toContain('CANARY');
});
