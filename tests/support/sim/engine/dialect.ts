import type { DatabaseError, Dialect, Session } from '../../../../src/databases/engine.ts';
import { dialect as sqlite } from '../../../../src/databases/sqlite/dialect.ts';
import { writes as sqliteWrites } from '../../../../src/databases/sqlite/write.ts';
import type { StoreDialect } from '../../../../src/databases/store/context.ts';
import {
  type AttemptTags,
  attemptColumn,
  type CommitByDdl,
  countByTagStatement,
  type ErrorClass,
  type LoadedTable,
  type TableName,
  type Writes,
} from '../../../../src/databases/writes.ts';
import { explainWriting } from '../../../../src/databases/writing-errors.ts';
import type { Frame } from '../../../../src/engine/contracts/frame.ts';
import { markText } from '../marks.ts';
import { rowsOfFrame } from '../rows.ts';
import type { Ddl } from './server.ts';

const nothing = 'NOTHING';
const nameOf = (table: TableName) => sqlite.quoteTable?.(table) ?? '';
/** As SQLite calls it: schemas stand before the names of their tables. */
const plainName = (table: TableName) => nameOf(table).slice('main."'.length, -1);

const meanings: Readonly<Record<string, ErrorClass>> = {
  ...{
    LOCKED: 'lock_timeout',
    ALONE: 'lock_timeout',
    ABSENT: 'missing_object',
    EXISTS: 'transient',
    DEADLOCK: 'transient',
    TOLD: 'needs_action',
  },
};
const errorClass = ({ code, isLost }: DatabaseError): ErrorClass => (isLost ? 'transient' : (meanings[code] ?? 'permanent'));

const dialect: Dialect = {
  ...sqlite,
};

const like = sqliteWrites as unknown as Writes;
const { attemptTags: _tags, staysInSchema: _stays, totals: _totals, ...staging } = like.staging;
const { prepareOutsideTransaction: _ready, ...tables } = like.tables;

const commit = {
  ...{ settings: nothing, briefLockSettings: nothing },
  lockStatement: (table: string) => `select 1 from ${table} where 1 = 0 /* for update */`,
};

const writes: Writes = {
  ...like,
  catalog: {
    ...like.catalog,
    parseTableName: (written) => ({ schema: 'main', name: written }),
    columns: (session, table) => like.catalog.columns(session, { schema: 'main', name: plainName(table) }),
  },
  tables: { ...tables, analyze: () => nothing, createSchema: () => nothing },
  ownTables: {
    ...like.ownTables,
    nowExpression: 'sim_now()',
    selectForUpdate: (of) => `${like.ownTables.selectForUpdate(of)} /* for update */`,
  },
  commit: {
    ...commit,
    by: 'transaction',
    renameStatement: (table, to) => `alter table ${table} rename to ${dialect.quote(to)}`,
    moveStatement: (from, to) => `alter table ${nameOf(from)} rename to ${dialect.quote(plainName(to))}`,
  },
  staging: { ...staging, load: { by: 'frames', copy } },
  merge: {
    ...like.merge,
    createTemporary: (table, from) => [`drop table if exists ${table}`, ...like.merge.createTemporary(table, from)],
  },
  errors: {
    errorClass,
    explain: (error, place) =>
      explainWriting(error, { place, why: [`${error.message}.`], errorClass: errorClass(error), neededAction: 'Free some space' }),
  },
};

async function copy(session: Session, { table, tag }: LoadedTable, frame: Frame, written: (piece: Uint8Array) => void) {
  const { columns } = frame.schema;
  const rows = rowsOfFrame(frame);
  const cells = rows.flatMap((row) =>
    columns.map(({ name, type }) => {
      const cell = row[name] ?? null;
      return cell === null ? null : name === 'mark' ? markText(Number(cell), type) : String(cell);
    }),
  );
  written(Buffer.from(JSON.stringify(cells)));
  const tagged = tag === undefined ? { name: '', value: '' } : { name: `, ${attemptColumn.name}`, value: `, ${Number(tag)}` };
  const tuple = (at: number) => `(${columns.map((_column, i) => `$${at * columns.length + i + 1}`).join(', ')}${tagged.value})`;
  const into = columns.map(({ name }) => dialect.quote(name)).join(', ') + tagged.name;
  return session.execute(`insert into ${table} (${into}) values ${rows.map((_row, at) => tuple(at)).join(', ')}`, cells);
}

/** As those of MySQL. */
const attemptTags: AttemptTags = {
  tagColumn: attemptColumn,
  valuesFitAnyDeclaration: true,
  newTag: async (session) => (await session.query('select sim_tag() as tag'))[0]?.tag ?? '',
  tagCondition: (all) => `${attemptColumn.name} in (${[...all.keys()].map(Number).join(', ')})`,
  countByTag: (session, table, counts) => session.query(countByTagStatement(table, counts, attemptColumn.name)),
};

const marks = / ?\[hygge (\S+) (\d+)\]$/;

/** As that of MySQL. */
const committing: CommitByDdl = {
  ...commit,
  by: 'committing ddl',
  exclusiveLockQuery: (table) => `ALONE ${nameOf(table)}`,
  lockTimeoutCode: 'ALONE',
  async madeByIntent(session, table) {
    const [row] = await session.query(`select comment from sim_comments where name = '${table.name}'`);
    const [, id, rows] = marks.exec(row?.comment ?? '') ?? [];
    return id === undefined ? null : { id, rows: Number(rows) };
  },
  likenessAndIntentClauses: async (_session, { id, rows }) => [`[hygge ${id} ${rows}]`],
  likenessAndIntentStatement: (table, parts) => `COMMENT ON ${table} IS '${parts.join(' ')}'`,
  renameAllStatement: (moves) => `RENAME ${moves.map(({ from, to }) => `${nameOf(from)} TO ${nameOf(to)}`).join(', ')}`,
};

/** How a simulated server is spoken to: as SQLite, and where SQLite has no word for it, in the server's own. */
export const dialects: Readonly<Record<Ddl, StoreDialect>> = {
  'in transactions': { ...dialect, ...writes, staging: { ...writes.staging, load: { by: 'frames', copy } } },
  commits: { ...dialect, ...writes, staging: { ...writes.staging, load: { by: 'frames', copy }, attemptTags }, commit: committing },
};
