import { expect, test } from 'vitest';
import { DatabaseError, type Session } from '../../../src/databases/engine.ts';
import type { Sessions } from '../../../src/databases/sessions.ts';
import { findDatabase } from '../../../src/registry.ts';
import { SqlTables } from '../../../src/state/sql/tables.ts';
import { testNetwork } from '../../support/test-network.ts';

/** A session of a role to whom PostgreSQL shows no table of the state, and who may make none. */
const session = {
  run: async (sql: string) => {
    if (sql.startsWith('create schema')) throw new DatabaseError('permission denied for database shop', { code: '42501' });
  },
  query: async (sql: string) => {
    if (sql.startsWith('select * from')) throw new DatabaseError('relation "hygge_metadata.watermarks" does not exist', { code: '42P01' });
    return [];
  },
} as unknown as Session;

test('a role of PostgreSQL that may make no schema is told of the script that an administrator runs', async () => {
  const stateSide = (await findDatabase('postgres'))?.stateSide;
  if (stateSide === undefined) throw new Error('PostgreSQL keeps state');
  const sessions = { transaction: (_: unknown, work: (of: Session) => Promise<unknown>) => work(session) } as unknown as Sessions<Session>;
  const of = { location: 'hygge_metadata of postgres db/shop', connection: 'db', schema: 'hygge_metadata', network: testNetwork };
  const tables = new SqlTables({ ...of, stateSide, sessions });
  const select = (on: Session) => on.query(`select * from ${tables.name('watermarks')}`);

  expect(await tables.read<unknown>('absent', select)).toBe('absent');
  await expect(tables.change('a row', select)).rejects.toMatchObject({
    code: 'HYG-5021',
    what: expect.stringContaining('The tables of the state in hygge_metadata of postgres db/shop'),
    why: [expect.stringContaining('Missing: schema hygge_metadata, '), 'permission denied for database shop.'],
    tryThis: expect.arrayContaining([expect.stringContaining('hygge generate ddl --metadata --connection db')]),
  });
});
