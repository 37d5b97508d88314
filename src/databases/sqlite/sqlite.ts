/** SQLite as a connector, for a file on this machine. */

import type { AccessKind, Requirement } from '../../engine/contracts/connector.ts';
import { counted } from '../../errors/as-argument.ts';
import type { Engine, Relation, Source, StateSide } from '../engine.ts';
import { blockRows, bounds as cutPoints, estimate, late, tables as listTables, look } from './catalog.ts';
import { address, connecting as poolOptions, type SqliteSession } from './connect.ts';
import { tablesIn } from './destination.ts';
import { dialect, nameOf } from './dialect.ts';
import { meaning as errorClass, explain } from './errors.ts';
import { clash as keyConflict, keys, type SqliteKeys } from './keys.ts';
import { rows } from './read.ts';
import { rowTexts } from './row-texts.ts';
import { sqliteSyntax } from './syntax.ts';
import { writes } from './write.ts';

/** How state is stored in a SQLite file, which has no schemas and no roles. */
const stateSide: StateSide<SqliteSession> = {
  // Only one connection can write to the file, so several connections would only wait for each other.
  connections: 1,
  quotedTable: (schema, name) => nameOf({ schema, name }),
  types: { text: 'text', number: 'integer', instant: 'text' },
  ignoreDuplicateClause: 'on conflict do nothing',
  writeTransactionSettings: '',
  nowExpression: null,
  tablesIn,
  createSchema: () => null,
  prepareOutsideTransaction: (session) => session.makeReady(),
  errorClass,
  isDenied: ({ code }) => code === 'SQLITE_READONLY' || code === 'SQLITE_PERM',
};

async function probe(session: SqliteSession, relation: Relation): Promise<readonly string[]> {
  const [row] = await session.query('SELECT sqlite_version() AS version');
  return [`SQLite ${row?.version} opens the file`, `${relation.shown} can be read: ${counted(relation.columns.length, 'column')}`];
}

/** A file needs no rights, secrets or hosts. */
const requirements = (_keys: SqliteKeys, _doing: readonly AccessKind[], _source: Source | undefined): readonly Requirement[] => [];

export const sqlite: Engine<SqliteKeys, SqliteSession> = {
  id: 'sqlite',
  defaultSchema: 'main',
  summary: 'Tables, views and queries of a file of SQLite',
  verifiedAgainst: 'the SQLite of Node, and the shell of Debian’s as second reader',
  addresses: { schemes: [], forms: [] },
  ...{ keys, keyConflict, address, poolOptions, dialect, explain, stateSide },
  ...{ look, estimate, cutPoints, rows, late, listTables, syntax: sqliteSyntax, probe, requirements, rowTexts },
  writes,
  nowExpression: `strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000Z'`,
  homeKeys: ['types', 'bad_rows'],
  readAsNumberAdvice: (column) => `If the values of the column are whole numbers, name the type: home.types: { ${column}: int64 }`,
  // No other session can join the snapshot, so the transaction that holds it reads all slices.
  snapshots: {
    isUnshareable: true,
    export: async (session) => {
      // A transaction sees the file as of its first read, so the read happens now.
      await session.query('SELECT 1 FROM sqlite_schema LIMIT 1');
      return 'own';
    },
    rangeCondition: ({ firstBlock, endBlock }) => {
      const edges = [
        ...(firstBlock === 0 ? [] : [`rowid >= ${BigInt(firstBlock) * BigInt(blockRows)}`]),
        ...(endBlock === null ? [] : [`rowid < ${BigInt(endBlock) * BigInt(blockRows)}`]),
      ];
      return edges.join(' AND ') || '1';
    },
  },
};
