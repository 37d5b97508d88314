import { expect, test } from 'vitest';
import { playPostgres } from '../../support/played-postgres.ts';
import { openSqlState } from '../../support/sql-state.ts';
import { emptyRow } from '../../support/state-rows.ts';

const key = { flow: 'shop', entity: 'orders' };

test('a role of PostgreSQL that may make no schema is told of the script that an administrator runs', async () => {
  await using server = await playPostgres((sql) => {
    if (/hygge_metadata"?\.\w+ /.test(sql) && !/^create/i.test(sql))
      return { code: '42P01', message: 'relation "hygge_metadata.watermarks" does not exist' };
    return /create schema/i.test(sql) ? { code: '42501', message: 'permission denied for database shop' } : undefined;
  });
  await using opened = await openSqlState({ engine: 'postgres', keys: server.keys });

  expect(await opened.state.read(key)).toBeUndefined();
  await expect(opened.state.write(key, undefined, emptyRow)).rejects.toMatchObject({
    code: 'HYG-5021',
    what: expect.stringContaining('The tables of the state in hygge_metadata of postgres 127.0.0.1'),
    why: [expect.stringContaining('Missing: schema hygge_metadata, '), 'permission denied for database shop.'],
    tryThis: expect.arrayContaining([expect.stringContaining('hygge generate ddl --metadata --connection db')]),
  });
});
