/** What all databases have in common as connectors. */
import * as z from 'zod';
import {
  type ChangeFeeds,
  type Connector,
  type DatabaseSide,
  type DataLocation,
  defineConnector,
  type Finding,
  type Metadata,
  type MetadataRequest,
  type Opening,
  type Requirement,
  type ScriptStatement,
  type TableFound,
} from '../../engine/contracts/connector.ts';
import { ConfigError, HyggeError, StoreError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { Column } from '../../frames/schema.ts';
import { type DatabaseHomeConfig, databaseHomeKeys, homeKeyConflict, optionalHomeKeys, sourceOf, sourceOptionsOf } from '../config.ts';
import { columnDeclaration, quotedColumns, quotedTable } from '../ddl.ts';
import { type ChangeFeed, type Database, DatabaseError, type Engine, type Session, type Source } from '../engine.ts';
import { withChanges } from '../home/changes.ts';
import { DatabaseHome, sourceIdentity } from '../home/home.ts';
import { poolOf, Sessions } from '../sessions.ts';
import { conditionProblem, statementsOf } from '../sql/statements.ts';
import { metadataDdl, metadataTables, stateDdl, stateTables } from '../store/head.ts';
import type { Writes } from '../writes.ts';
import { type DatabaseStoreConfig, grantAdvice, missingGrants, storeSide } from './store-side.ts';

export function databaseConnector<K extends { readonly pool_size: number }, S extends Session>(engine: Engine<K, S>): Connector {
  type HomeConfig = K & DatabaseHomeConfig;

  const own = Object.fromEntries((engine.homeKeys ?? []).map((key) => [key, optionalHomeKeys[key]]));
  const home = z
    .strictObject({ ...engine.keys, ...databaseHomeKeys, ...own })
    .superRefine((config, found) => {
      const clashes = [
        engine.keyConflict(config as unknown as K, config as unknown as Source),
        homeKeyConflict(config as DatabaseHomeConfig, engine.syntax),
      ].filter((one) => one !== undefined);
      for (const { key, needs } of clashes) found.addIssue({ code: 'custom', path: [key], message: needs });
    })
    .describe(`${engine.summary}.`) as unknown as z.ZodType<HomeConfig>;

  async function probe(config: HomeConfig, opening: Opening): Promise<readonly Finding[]> {
    const label = `hygge ${opening.flow}.${opening.entity}`;
    const sessions = new Sessions({ engine, pool: poolOf(engine, config, opening), label, place: sourceIdentity(engine, config) });
    try {
      const found = await sessions.transaction({ mode: 'read', isolation: 'statement' }, async (session) => {
        const relation = await engine.look(session, sourceOf(config), sourceOptionsOf(config));
        const found = await engine.probe(session, relation);
        const feed = engine.changeFeeds?.[opening.changeFeed ?? ''];
        if (feed === undefined) return found;
        const { oldestUsableVersion } = await feed.readTracking(session, withChanges(relation, feed));
        return [...found, `${opening.changeFeed} reports the changes of ${relation.shown} after version ${oldestUsableVersion}`];
      });
      // Tries what reading slices needs: if all steps run in this process, several connections share one snapshot.
      await sessions.transaction({ mode: 'read', isolation: 'snapshot' }, async (session) => {
        if (opening.steps === 'here') await engine.snapshots?.export(session);
      });
      return found.map((what) => ({ ok: true, what }));
    } catch (error) {
      if (!(error instanceof HyggeError)) throw error;
      const missing = await missingGrants(engine, sessions, { read: sourceOf(config) });
      return [{ ok: false, what: error.what, why: error.why, tryThis: missing.length > 0 ? grantAdvice(missing) : error.tryThis }];
    }
  }

  return defineConnector<HomeConfig, K & DatabaseStoreConfig>({
    id: engine.id,
    summary: engine.summary,
    verifiedAgainst: engine.verifiedAgainst,
    family: 'databases',
    addresses: engine.addresses,
    ...connectionOf(engine),
    place: (config) => placeIn(engine, config as HomeConfig),
    home: {
      config: home,
      open: async (config, opening) => new DatabaseHome(engine, config, opening),
      probe,
      // The query is checked in brackets, because a home also puts it in brackets.
      queryProblem: (query) => engine.syntax && conditionProblem(query.replace(/;\s*$/, ''), engine.syntax, 'SELECT'),
      requirements: (config, changes) => requirementsOf(engine, config, engine.changeFeeds?.[changes ?? '']),
      ...(engine.changeFeeds ? { feeds: feedsOf(engine.changeFeeds) } : {}),
    },
    database: databaseSide(engine),
    ...(engine.writes ? { store: storeSide({ ...engine, writes: engine.writes }) } : {}),
  });
}

function requirementsOf<K, S extends Session>(
  engine: Engine<K, S>,
  config: K & DatabaseHomeConfig,
  feed: ChangeFeed<S> | undefined,
): readonly Requirement[] {
  const source = sourceOf(config);
  const needed = engine.requirements(config, ['read'], source);
  if (feed === undefined || !('table' in source)) return needed;
  // The resource names the server, as in the other rights, because two servers may have a database of the same name.
  const resource = needed.find((one) => one.need === 'role')?.resource ?? {
    table: source.table,
    database: engine.address(config).database,
  };
  const others = needed.filter((one) => one.need !== 'role' || one.role !== feed.rightThatColumnWatermarkNeeds);
  return [...others, { need: 'role', system: engine.id, doing: ['read'], resource, role: feed.extraRight }];
}

const feedsOf = <S extends Session>(changes: NonNullable<Engine<never, S>['changeFeeds']>): ChangeFeeds<DatabaseHomeConfig> => ({
  names: Object.keys(changes),
  clashingKey: (config) =>
    Object.values(changes)
      .map((feed) => feed.keyConflict(config))
      .find((clash) => clash !== undefined),
});

function connectionOf<K, S extends Session>(database: Keeper<K, S>): Pick<Connector, 'connection' | 'state' | 'metadata'> {
  const whole = z.strictObject(database.keys).superRefine((keys, found) => {
    const clash = database.keyConflict(keys as unknown as K);
    if (clash) found.addIssue({ code: 'custom', path: [clash.key], message: clash.needs });
  });
  return {
    connection: z.strictObject(database.keys).partial().describe(`${database.summary}.`),
    ...(database.stateSide ? { state: whole } : {}),
    ...(database.stateSide || database.writes ? { metadata: (of) => metadataOf(database, of) } : {}),
  };
}

function placeIn<K, S extends Session>(engine: Engine<K, S>, config: K & DatabaseHomeConfig): DataLocation | undefined {
  const source = sourceOf(config);
  if (!('table' in source)) return undefined;
  const { server, database } = engine.address(config);
  const path = `/${encodeURIComponent(oneSpelling(engine, source.table, database))}/`;
  return { root: JSON.stringify([engine.id, server.toLowerCase(), database]), path, shown: sourceIdentity(engine, config) };
}

/** The name of a table in one spelling, however a person wrote the name: with the schema, and without unneeded quotes. */
function oneSpelling<K, S extends Session>({ writes }: Engine<K, S>, written: string, database: string): string {
  if (writes === undefined) return written;
  try {
    const { schema, name } = writes.catalog.parseTableName(written, database);
    const whole = JSON.stringify([schema, name]);
    return writes.columns.naming.case === 'ignored' ? whole.toLowerCase() : whole;
  } catch {
    // A name that can’t be parsed stays unchanged, and is reported when the table is looked up.
    return written;
  }
}

type Keeper<K, S extends Session> = Database<K, S> & { readonly writes?: Writes<S> };

/** The statements that an administrator runs if hygge lacks the rights. These statements make hygge’s own schemas and tables, and grant their use. */
function metadataOf<K, S extends Session>(database: Keeper<K, S>, of: MetadataRequest): Metadata {
  const { dialect } = database;
  const writes = of.keeps.includes('store') ? database.writes : undefined;
  const stateSide = of.keeps.includes('state') ? database.stateSide : undefined;
  const keys = of.config as K | null;
  const role = of.role ?? (keys === null ? null : (database.role?.(keys) ?? null));
  const address = keys === null ? undefined : database.address(keys);
  const schemas = [...new Set([of.metadataSchema, ...(writes ? [of.stagingSchema] : [])])];
  const rights =
    (role !== null &&
      database.ownTableRights?.({
        role,
        schema: of.metadataSchema,
        tables: [...(writes ? metadataTables : []), ...(stateSide ? stateTables : [])],
        stagingSchema: writes ? of.stagingSchema : null,
      })) ||
    [];
  const statements = [
    ...schemas.flatMap((schema) => (stateSide ? (stateSide.createSchema(schema) ?? []) : (writes?.tables.createSchema(schema) ?? []))),
    ...(writes ? metadataDdl({ ...dialect, ...writes }, of.metadataSchema) : []),
    ...(stateSide ? stateDdl(stateSide, of.metadataSchema) : []),
    ...rights.map(({ give }) => give),
  ];
  return {
    role,
    place: address === undefined ? null : `${address.database}${address.server === '' ? '' : ` on ${address.server}`}`,
    statements,
    undo: rights.flatMap(({ take }) => take ?? []),
  };
}

/** All tables except hygge’s own. A schema counts as hygge’s if it has all of hygge’s own tables, whatever its name is. */
function withoutKept(tables: readonly TableFound[]): readonly TableFound[] {
  const kept = [metadataTables, stateTables].flatMap((names: readonly string[]) => {
    const bySchema = Map.groupBy(
      tables.filter(({ name }) => names.includes(name)),
      ({ schema }) => schema,
    );
    return [...bySchema.values()].flatMap((there) => (there.length === names.length ? there : []));
  });
  return tables.filter((found) => !kept.includes(found));
}

/** Services of a database besides homes and stores: listing tables, DDL, and running files of SQL. */
function databaseSide<K extends { readonly pool_size: number }, S extends Session>(engine: Engine<K, S>): DatabaseSide<K> {
  const sessionsOf = (config: K, opening: Opening, writes = false) => {
    const pool = poolOf(engine, config, opening);
    return new Sessions({
      engine,
      pool: writes ? pool.forWriting() : pool,
      label: 'hygge',
      place: sourceIdentity(engine, config as never),
    });
  };
  const { writes, syntax, listTables: readTables, rights, defaultSchema } = engine;
  return {
    ownSchema: defaultSchema,
    ...(rights
      ? {
          rights: ({ role, byIdentity, identity, needs }) => [
            ...(byIdentity ? [rights.createIdentity(role, identity)] : []),
            ...needs.flatMap((need) => rights.rightsFor(need, role)),
          ],
        }
      : {}),
    ...(engine.configuredRole ? { configuredRole: (config: K) => engine.configuredRole?.(config) } : {}),
    ...(readTables
      ? {
          tables: async (config, opening) => {
            const reading = { mode: 'read', isolation: 'statement' } as const;
            return withoutKept(await sessionsOf(config, opening).transaction(reading, (session) => readTables(session)));
          },
        }
      : {}),
    ...(writes
      ? {
          createTable: (written, { columns }, keys) =>
            createTable(
              { ...engine.dialect, ...writes },
              { written, columns: columns.map((column) => heldBy(engine.id, writes, column)), keys },
            ),
        }
      : {}),
    ...(syntax
      ? {
          statements: (sql) => statementsOf(sql, syntax),
          appliesAtOnce: syntax.hasTransactionalDdl,
          apply: (config, opening, of) => {
            const sessions = sessionsOf(config, opening, true);
            return syntax.hasTransactionalDdl ? atOnce(sessions, of) : oneByOne(sessions, of);
          },
        }
      : {}),
  };
}

type ApplyRequest = Parameters<NonNullable<DatabaseSide['apply']>>[2];

async function atOnce<S extends Session>(sessions: Sessions<S>, { statements, done }: ApplyRequest): Promise<'at once'> {
  await sessions.transaction({ mode: 'write', isolation: 'statement' }, async (session) => {
    for (const [at, statement] of statements.entries()) {
      await applied(session, statement, { at, all: statements.length, isTransactional: true });
      done(at);
    }
  });
  return 'at once';
}

async function oneByOne<S extends Session>(sessions: Sessions<S>, { statements, done }: ApplyRequest): Promise<'one by one'> {
  // All statements use one connection, so a setting from one statement stays in effect for the next.
  await using open = await sessions.open({ mode: 'write', isolation: 'statement' });
  const { session } = open;
  for (const [at, statement] of statements.entries()) {
    await applied(session, statement, { at, all: statements.length, isTransactional: false });
    // The session’s transaction is committed, whatever settings a statement has changed.
    await session.commit('write').catch((error: unknown) => {
      throw sessions.explained(error);
    });
    done(at);
  }
  await open.commit();
  return 'one by one';
}

interface Within {
  readonly at: number;
  readonly all: number;
  readonly isTransactional: boolean;
}

async function applied(session: Session, { text, line }: ScriptStatement, { at, all, isTransactional }: Within): Promise<void> {
  try {
    await session.run(text);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const { message, detail, hint, position } = error;
    // The position in characters from the beginning of the statement.
    const place = position === undefined ? line : line + [...text].slice(0, position - 1).filter((char) => char === '\n').length;
    const before =
      at === 0
        ? 'No earlier statement was done.'
        : `${at === 1 ? 'The statement' : `The ${at} statements`} before it ${at === 1 ? 'is' : 'are'} done.`;
    throw new StoreError({
      code: 'HYG-4260',
      what: `Statement ${at + 1} of ${all} failed, in line ${place}: ${firstLine(text)}`,
      why: [message, detail, hint, isTransactional ? 'Everything was rolled back: nothing is done.' : before].flatMap((one) => one ?? []),
      tryThis: [
        /cannot (run|be executed).*transaction block|not allowed within (a )?multi-statement transaction/.test(message)
          ? 'Remove that statement, because it works only outside of a transaction. Run it with the database’s own client'
          : 'Correct that line, and apply the file again',
      ],
      cause: error,
    });
  }
}

const firstLine = (text: string) => `${text.split('\n')[0]?.slice(0, 120)}${/\n/.test(text) || text.length > 120 ? ' …' : ''}`;

/** The column as a store of hygge would declare it. */
function heldBy(id: string, { columns: { newColumnHolds } }: Pick<Writes, 'columns'>, column: Column): Column {
  const holds = newColumnHolds(column.type);
  if (holds) return { ...column, type: holds.type };
  throw new ConfigError({
    code: 'HYG-1097',
    what: `${id} has no type for ${column.name}, which is ${describeType(column.type)}.`,
    tryThis: [`Name another type: schema_overrides: { ${column.name}: string }, with --entity in place of --input`],
  });
}

function createTable(
  dialect: Parameters<typeof quotedTable>[0] & Pick<Writes, 'columns' | 'catalog'>,
  { written, columns, keys }: { readonly written: string; readonly columns: readonly Column[]; readonly keys: readonly string[] },
): string {
  const lines = columns.map((column) => {
    const required = column.nullable ? '' : ' not null';
    return `${dialect.quote(column.name)} ${columnDeclaration(dialect, column)}${required}`;
  });
  // A column that may be null in the source can’t be in a primary key. In that case hygge itself refuses rows without a key.
  const isStrict = keys.every((key) => columns.some(({ name, nullable }) => name === key && !nullable));
  const unfit = columns.find(
    (column) => keys.includes(column.name) && dialect.columns.canBeKey?.(columnDeclaration(dialect, column)) === false,
  );
  const note =
    unfit === undefined
      ? ''
      : `-- No key: ${columnDeclaration(dialect, unfit)} can’t be in a key. Name its length: schema_overrides: { ${unfit.name}: … }\n`.replaceAll(
          /\n(?!$)/g,
          ' ',
        );
  const key = keys.length === 0 || unfit !== undefined ? [] : [`${isStrict ? 'primary key' : 'unique'} (${quotedColumns(dialect, keys)})`];
  const { schema, name } = dialect.catalog.parseTableName(written, '');
  const table = schema === '' ? dialect.quote(name) : quotedTable(dialect, { schema, name });
  return `${note}create table ${table} (\n  ${[...lines, ...key].join(',\n  ')}\n);\n`;
}
