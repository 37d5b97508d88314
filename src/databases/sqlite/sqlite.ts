/** SQLite: a file of this machine. */
import type { Database, DatabaseError, Dialect, StateSide } from '../engine.ts';
import { address, connecting, type SqliteSession } from './connect.ts';
import { explain } from './errors.ts';
import { clash, keys, type SqliteKeys } from './keys.ts';

const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const dialect: Pick<Dialect, 'quote' | 'begin' | 'commit' | 'rollback'> = {
  quote: quoteName,
  // Who is going to write says so at once: two who read first and then both write could never both go on.
  begin: ({ mode }) => (mode === 'write' ? 'BEGIN IMMEDIATE' : 'BEGIN'),
  commit: () => 'COMMIT',
  rollback: 'ROLLBACK',
};

/** How state is kept in a file, which has neither schemas nor roles. */
const stateSide: StateSide<SqliteSession> = {
  // Who writes has the file for himself: more of them would only wait for each other.
  connections: 1,
  table: (schema, name) => quoteName(`${schema}_${name}`),
  own: { text: 'text', number: 'integer', instant: 'text' },
  unlessThere: 'on conflict do nothing',
  settings: '',
  now: null,
  async tablesIn(session, schema) {
    const rows = await session.query(`select name from sqlite_schema where type = 'table'`);
    const prefix = `${schema}_`;
    return new Set(rows.flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : [])));
  },
  createSchema: () => null,
  meaning(error: DatabaseError) {
    const { code, message, isLost } = error;
    if (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED') return 'waited';
    if (isLost) return 'transient';
    if (/^no such table: /.test(message)) return 'absent';
    return code === 'SQLITE_CONSTRAINT' || code === 'SQLITE_ERROR' ? 'permanent' : 'told';
  },
  isDenied: ({ code }) => code === 'SQLITE_READONLY' || code === 'SQLITE_PERM',
  grants: () => [],
};

export const sqlite: Database<SqliteKeys, SqliteSession> = {
  id: 'sqlite',
  summary: 'A file of SQLite, to keep state in',
  verifiedAgainst: 'the SQLite of Node',
  addresses: { schemes: [], forms: [] },
  ...{ keys, clash, address, connecting, dialect, explain, stateSide },
};
