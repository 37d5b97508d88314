/** DuckDB as a connector, for a file on this machine, or for queries over other files without a database file. */

import type { AccessKind, Requirement } from '../../engine/contracts/connector.ts';
import { counted } from '../../errors/as-argument.ts';
import type { DataType } from '../../frames/schema.ts';
import type { Engine, Relation, RelationPart, Source, SourceColumn } from '../engine.ts';
import { decimalsAdvice } from '../errors.ts';
import { estimate, late, tables as listTables, look } from './catalog.ts';
import { address, type DuckdbSession, connecting as poolOptions } from './connect.ts';
import { dialect, finite as finiteCondition, quoteName, quoteText } from './dialect.ts';
import { explain } from './errors.ts';
import { type DuckdbKeys, isOfMotherDuck, clash as keyConflict, keys } from './keys.ts';
import { rows } from './read.ts';
import { rowSums } from './row-sums.ts';
import { duckdbSyntax } from './syntax.ts';
import { writes } from './write.ts';

/** The number of rows in a row group. A range of row numbers has only whole row groups. */
const blockRows = 122_880;

/** Types of columns whose values divide a table well. */
const cutting: readonly DataType['kind'][] = ['int16', 'int32', 'int64', 'uuid', 'string', 'decimal', 'date', 'timestamp'];

async function cutPoints(session: DuckdbSession, piece: RelationPart, column: SourceColumn, parts: number): Promise<readonly string[]> {
  if (!cutting.includes(column.type.kind) || column.shownAsText) return [];
  const fractions = Array.from({ length: parts - 1 }, (_, n) => (n + 1) / parts).join(', ');
  const found = await session.query(
    `SELECT DISTINCT b, b::VARCHAR AS text FROM (SELECT unnest(quantile_disc(${quoteName(column.name)}, [${fractions}])) AS b FROM ${piece.from}) ORDER BY b`,
  );
  return found.map(({ text }) => `${quoteText(text ?? '')}::${column.sourceType}`);
}

async function probe(session: DuckdbSession, relation: Relation): Promise<readonly string[]> {
  const [row] = await session.query('SELECT version() AS version, current_database() AS database');
  return [`DuckDB ${row?.version} opens ${row?.database}`, `${relation.shown} can be read: ${counted(relation.columns.length, 'column')}`];
}

function requirements(given: DuckdbKeys, _doing: readonly AccessKind[], _source: Source | undefined): readonly Requirement[] {
  if (!isOfMotherDuck(given.path)) return [];
  return [
    { need: 'host', name: 'api.motherduck.com' },
    { need: 'host', name: 'extensions.duckdb.org' },
    given.token === undefined ? { need: 'environment', name: 'MOTHERDUCK_TOKEN' } : { need: 'secret', name: 'token' },
  ];
}

export const duckdb: Engine<DuckdbKeys, DuckdbSession> = {
  id: 'duckdb',
  defaultSchema: 'main',
  readAsNumberAdvice: decimalsAdvice,
  summary: 'Tables, views and queries of DuckDB, and queries over files',
  verifiedAgainst: 'DuckDB 1.5.6, files of this machine; MotherDuck: not verified',
  addresses: { schemes: ['md', 'motherduck'], forms: ['data/sales.duckdb'], extensions: ['duckdb'] },
  writes,
  ...{
    keys,
    keyConflict,
    address,
    poolOptions,
    dialect,
    look,
    estimate,
    late,
    rows,
    explain,
    probe,
    requirements,
    finiteCondition,
    cutPoints,
  },
  ...{ listTables, syntax: duckdbSyntax, rowSums },
  // No other session can join the snapshot, so the transaction that holds it reads all slices.
  snapshots: {
    isUnshareable: true,
    export: async (session) => (session.isRemote ? undefined : 'own'),
    rangeCondition: ({ firstBlock, endBlock }) =>
      endBlock === null ? `rowid >= ${firstBlock * blockRows}` : `rowid >= ${firstBlock * blockRows} AND rowid < ${endBlock * blockRows}`,
  },
  nowExpression: dialect.canonicalText('now()', { kind: 'timestamp', unit: 'us', zone: 'UTC' }),
};
