/** How hygge writes rows and tables in PostgreSQL. */
import type { Frame } from '../../engine/contracts/frame.ts';
import type { Column, DataType } from '../../frames/schema.ts';
import { inParts } from '../../frames/values/from-polars.ts';
import { asPolars } from '../../frames/values/polars-frame.ts';
import { ansiWrites } from '../ansi.ts';
import { indexKey } from '../config.ts';
import {
  type AttemptTags,
  countAllAndOursStatement,
  countByTagStatement,
  type KeyColumn,
  type LoadedTable,
  type RowsAsTheyCame,
  type TableName,
  type Writes,
} from '../writes.ts';
import { takes as alsoTakes, declared, howChanged, held as newColumnHolds, ownType as parseType } from './columns.ts';
import type { PostgresSession } from './connect.ts';
import { changedRows, changedValues } from './copy/changed-rows.ts';
import type { Folded } from './copy/folds.ts';
import { Messages } from './copy/statements.ts';
import { UntouchedRows } from './copy/untouched-rows.ts';
import {
  carriedOver as carryOverStatements,
  columns,
  released as detachNeededStatements,
  destination as inspectDestination,
  leadingColumns,
  makesPlainTables,
  schemasWithAll,
  tablesIn,
  triggerSide,
} from './destination.ts';
import { names, quoteName, setLocal, totals } from './dialect.ts';
import { copyData, header, trailer } from './encode.ts';
import { meaning as errorClass, explainWritten } from './writing-errors.ts';

const ofAttempts = (all: ReadonlyMap<string, number>): string =>
  `xmin in (${[...all.keys()].map((tag) => `'${Number(tag)}'::xid`).join(', ')})`;

/** Attempts need no tags, because each row already shows the transaction that inserted it, even after the row was frozen. */
const attemptTags: AttemptTags<PostgresSession> = {
  async newTag(session) {
    const [row] = await session.query('select pg_catalog.pg_current_xact_id()::xid::text as tag');
    return row?.tag ?? '';
  },
  tagCondition: ofAttempts,
  changeGivesNewTag: true,
  async countAllAndOurs(session, table, counts, all) {
    const [row] = await session.query(countAllAndOursStatement(table, counts, ofAttempts(all)));
    return row;
  },
  // The tag becomes a text only after grouping. Inside of the grouping statement, the tag would become a text once for each row.
  countByTag: (session, table, counts) =>
    session.query(`select c.attempt::text as tag, c.* from (${countByTagStatement(table, counts, 'xmin', 'attempt')}) c`),
};

/** How long to wait for a lock. After this time, other sessions that queue behind ours get their turn. */
export const lockTimeout = '30s';

export const ignoreDuplicateClause = 'on conflict do nothing';

/** Makes a commit survive a crash of the server once the server has reported it, whatever the setting for other sessions. */
const durable = `case when pg_catalog.current_setting('synchronous_commit') = 'off' then ${setLocal('synchronous_commit', 'local')} end`;

const declaredAs = (type: DataType): string => declared(type) ?? 'text';

const standard = ansiWrites({ quote: quoteName }, declaredAs);

export const writes: Writes<PostgresSession> = {
  columns: {
    naming: { longest: { most: 63, of: 'bytes' }, case: 'kept', reserved: ['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid'] },
    ...{ newColumnHolds, alsoTakes, parseType, howChanged, declared: declaredAs },
    // Values are compared as texts, because zero equals minus zero, and a collation may treat different values as equal.
    altersValueCondition: (value, { from, to }) => `cast(cast(${value} as ${to}) as ${from})::text is distinct from ${value}::text`,
  },
  tables: { ...standard.tables, identityColumns: { by: 'clause', clause: 'overriding system value' } },
  catalog: {
    // A name without a schema means a table in `public`, because someone else may choose and change the search path of the role.
    parseTableName: (written) => names.parseDestination(written, 'public'),
    ...{ inspectDestination, columns, tablesIn, schemasWithAll },
  },
  staging: { load: { by: 'frames', copy, untouched }, totals, attemptTags },
  merge: {
    ...standard.merge,
    smallText: (expression) => `lower(rtrim(${expression}) collate "C")`,
    indexes: {
      leadingColumns,
      create: createIndex,
      ofNewTable: keyIndexOf,
    },
  },
  commit: {
    ...standard.commit,
    settings: `select ${setLocal('lock_timeout', lockTimeout)}, ${durable}`,
    briefLockSettings: `set local lock_timeout = '2s'`,
    lockStatement: (table) => `lock table ${table} in access exclusive mode`,
    moveStatement: ({ schema, name }, to) => {
      const [from, there] = [`${quoteName(schema)}.${quoteName(name)}`, `${quoteName(to.schema)}.${quoteName(name)}`];
      return `alter table ${from} set schema ${quoteName(to.schema)}; alter table ${there} rename to ${quoteName(to.name)}`;
    },
    ...{ carryOverStatements, detachNeededStatements, makesPlainTables },
  },
  errors: { errorClass, explain: explainWritten },
  ownTables: {
    ...standard.ownTables,
    insertCountsNewRows: true,
    types: { text: 'text', key: 'text', number: 'bigint', instant: 'timestamp with time zone' },
    nowExpression: 'pg_catalog.now()',
    rowAsText: () => 'pg_catalog.to_jsonb(hygge_new)::text',
  },
  triggers: triggerSide,
  storeKeys: indexKey,
};

async function copy(session: PostgresSession, { table }: LoadedTable, frame: Frame, written: (piece: Uint8Array) => void): Promise<number> {
  const { columns } = frame.schema;
  const parts = await inParts(await asPolars(frame).taken());
  return session.copyIn(copyStatement(table, columns), function* (room) {
    for (const piece of copyData(parts, columns, room)) {
      written(piece);
      yield piece;
    }
  });
}

const copyStatement = (table: string, columns: readonly Column[]): string =>
  `copy ${table} (${columns.map(({ name }) => quoteName(name)).join(', ')}) from stdin (format binary)`;

/** Sends rows without decoding them. Both databases must be in UTF-8, and the columns must be declared like the source’s columns. Columns with new values are encoded, and inserted among the other columns. */
async function untouched(
  session: PostgresSession,
  frame: Frame,
  declared: readonly string[],
): Promise<RowsAsTheyCame<PostgresSession> | undefined> {
  const part = asPolars(frame).storedInPart;
  if (!(part?.stored instanceof UntouchedRows) || (await session.serverEncoding()) !== 'UTF8') return undefined;
  const { stored, changed } = { ...part, stored: part.stored };
  const { columns } = frame.schema;
  if (declared.length < stored.declared.length) return undefined;
  if (!declared.every((type, at) => type === stored.declared[at] || changed.includes(columns[at]?.name ?? ''))) return undefined;
  const values = changed.length === 0 ? undefined : await changedValues(asPolars(frame), changed);
  const kept = columns.flatMap(({ name }, place) => (changed.includes(name) ? [] : [place]));
  return {
    async addTo(totals) {
      totals.inColumns(kept).addTotals(kept.map((place) => stored.totals[place] as Folded));
      if (values?.data) await totals.inColumns(values.places).add(values.data);
    },
    async copy(there, { table }, written) {
      const messages =
        values === undefined ? () => [new Messages(stored.messages)] : await changedRows(stored.block, stored.declared.length, values);
      const rows = await there.copyIn(copyStatement(table, columns), function* (room) {
        for (const pieces of [[header], messages(room), [trailer]])
          for (const piece of pieces) {
            written(piece instanceof Messages ? piece.bytes : piece);
            yield piece;
          }
      });
      stored.giveBack();
      return rows;
    },
  };
}

// ---- which index finds the rows of a key, for any values

/** An entry of a B-tree has at most 2,704 bytes, and the server refuses rows with a larger entry. A character has up to four bytes. */
const mostBytesOfEntry = 2600;
/** The maximum number of columns in an index: `INDEX_MAX_KEYS` of the server. */
const mostColumns = 32;

const bytesOf: Partial<Record<KeyColumn['kind'], number>> = {
  ...{ bool: 1, int8: 2, int16: 2, int32: 4, int64: 8, uint8: 2, uint16: 4, uint32: 8, uint64: 12, float32: 4, float64: 8 },
  ...{ decimal: 48, uuid: 16, date: 4, time: 8, timestamp: 8, duration: 16 },
};

/** @returns the maximum number of bytes of a value; undefined: values can have any length. */
function mostBytes({ kind, declared }: KeyColumn): number | undefined {
  const [, length] = /^(?:varchar|character varying|char|character)\s*\(\s*(\d+)\s*\)$/i.exec(declared) ?? [];
  return length === undefined ? bytesOf[kind] : 4 * Number(length) + 4;
}

/** @param how the kind of the index; absent: a B-tree. */
function createIndex({ schema, name }: TableName, columns: readonly string[], how = ''): string {
  return `create index on ${quoteName(schema)}.${quoteName(name)} ${how}(${columns.map(quoteName).join(', ')})`;
}

/** A text of any length gets a hash index, which accepts any length. A key of several columns gets no index if one of them is such a text. */
function keyIndexOf(table: TableName, columns: readonly KeyColumn[]): readonly string[] {
  if (columns.length > mostColumns) return [];
  const names = columns.map((column) => column.name);
  const bytes = columns.reduce<number | undefined>((sum, column) => {
    const most = mostBytes(column);
    return sum === undefined || most === undefined ? undefined : sum + most;
  }, 0);
  if (bytes !== undefined && bytes <= mostBytesOfEntry) return [createIndex(table, names)];
  const [only] = columns;
  return columns.length === 1 && only?.kind === 'string' && only.declared === 'text' ? [createIndex(table, names, 'using hash ')] : [];
}
