/** A database as a store: its keys, how it is opened, and what `debug` finds. */
import * as z from 'zod';
import type { Finding, Opening, StoreSide } from '../../engine/contracts/connector.ts';
import type { Home } from '../../engine/contracts/home.ts';
import type { Head } from '../../engine/contracts/store.ts';
import { HyggeError, StoreError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { Column, DataType } from '../../frames/schema.ts';
import type { Json } from '../../ports/values.ts';
import type { DatabaseHomeConfig } from '../config.ts';
import { createTableStatementIn, quotedTable } from '../ddl.ts';
import { DatabaseError, type Engine, type GrantRequest, type Session, type SourceColumn } from '../engine.ts';
import { DatabaseHome, whereOf } from '../home/home.ts';
import { comparableTextKind } from '../row-sums.ts';
import { poolOf, Sessions } from '../sessions.ts';
import { dialectOf, type StoreDialect } from '../store/context.ts';
import { ownTablesMissing } from '../store/errors.ts';
import { type HeadKey, missingOwnTables, ownTableName, ownTablesOf } from '../store/head.ts';
import { leftoverProbes } from '../store/probes.ts';
import { DatabaseStore } from '../store/store.ts';
import { committingDdl, type Grantee, type TableName, type Writes } from '../writes.ts';
import { rehearse } from './rehearsal.ts';

const text = z.string().min(1);

const databaseStoreKeys = {
  table: text.describe(
    'The table in which rows settle, with its schema or without. Names are used exactly as written. hygge makes the table if it does not exist. Default: {entity}.',
  ),
  staging_schema: text
    .default('hygge_staging')
    .describe('The schema of rows until they settle. hygge makes the schema if it does not exist and the role may make it.'),
  metadata_schema: text
    .default('hygge_metadata')
    .describe(
      'The schema of hygge’s own tables, which record what settled and what is staged. hygge makes the schema if it does not exist and the role may make it.',
    ),
  mark_column: text
    .optional()
    .describe(
      'A column that marks the rows of this entity in a table that has other rows too. Its values are the name of the flow and the entity. hygge adds the column if the table lacks it.',
    ),
};

export interface DatabaseStoreConfig {
  readonly table: string;
  readonly staging_schema: string;
  readonly metadata_schema: string;
  readonly mark_column?: string | undefined;
}

/** What an intent records about its store. */
interface KeptAddress {
  readonly server: string;
  readonly database: string;
  readonly flow: string;
  readonly entity: string;
  readonly table: TableName;
  readonly staging_schema: string;
  readonly metadata_schema: string;
  readonly mark_column: string | null;
  /** Absent: an older hygge decided the commit. */
  readonly own?: Readonly<Record<string, Json>>;
}

export type WritingEngine<K, S extends Session> = Engine<K, S> & { readonly writes: Writes<S> };

export function storeSide<K extends { readonly pool_size: number }, S extends Session>(
  engine: WritingEngine<K, S>,
): StoreSide<K & DatabaseStoreConfig> {
  type Config = K & DatabaseStoreConfig;

  const config = z
    .strictObject({ ...engine.keys, ...databaseStoreKeys, ...engine.writes.storeKeys })
    .superRefine((written, found) => {
      const clash = engine.keyConflict(written as unknown as K, 'store');
      if (clash) found.addIssue({ code: 'custom', path: [clash.key], message: clash.needs });
    })
    .describe(`${engine.summary}.`) as unknown as z.ZodType<Config>;

  const keep = (keys: Config, { flow, entity }: Pick<Opening, 'flow' | 'entity'>): KeptAddress => {
    const { server, database } = engine.address(keys);
    const { staging_schema, metadata_schema, mark_column = null } = keys;
    return {
      server,
      database,
      flow,
      entity,
      table: engine.writes.catalog.parseTableName(keys.table, database),
      staging_schema,
      metadata_schema,
      mark_column,
      own: ownOf(keys as unknown as Readonly<Record<string, unknown>>, Object.keys(engine.writes.storeKeys ?? {})),
    };
  };

  async function at(kept: Json, opening: Opening, today: Config | null): Promise<DatabaseStore<S>> {
    const place = kept as unknown as KeptAddress;
    const now = today && engine.address(today);
    if (today === null || now?.server !== place.server || now.database !== place.database)
      throw elsewhere(`${engine.id} ${whereOf(place)}`, now && `${engine.id} ${whereOf(now)}`);
    return opened(engine, today, place, opening);
  }

  return {
    config,
    setsRepeatsApart: true,
    ...(engine.writes.columns.parseType ? { ownType: engine.writes.columns.parseType } : {}),
    open: async (keys, opening) => opened(engine, keys, keep(keys, opening), opening),
    at,
    probe: (keys, opening) => probed(engine, keys, keep(keys, opening), opening),
    requirements: (keys) =>
      engine.requirements(
        keys,
        ['write', 'stage', 'manage'],
        { table: keys.table },
        { metadata: keys.metadata_schema, staging: keys.staging_schema },
      ),
  };
}

function ownOf(keys: Readonly<Record<string, unknown>>, names: readonly string[]): Readonly<Record<string, Json>> {
  return Object.fromEntries(names.flatMap((name) => (keys[name] === undefined ? [] : [[name, keys[name] as Json]])));
}

const ownTableNames = ({ writes }: { readonly writes: Pick<Writes, 'ownTables'> }, kept: KeptAddress): readonly string[] =>
  ownTablesOf(writes).map((name) => ownTableName(writes, name, keyOf(kept)));

const shownTable = ({ schema, name }: TableName) => `${schema}.${name}`;
const keyOf = ({ flow, entity, table }: KeptAddress): HeadKey => ({ flow, entity, table: shownTable(table) });
const shown = (id: string, { table, ...at }: KeptAddress) => `${id} ${whereOf(at)} ${shownTable(table)}`;

function granteeOf<K extends { readonly pool_size: number }, S extends Session>(
  engine: WritingEngine<K, S>,
  keys: K,
  kept: KeptAddress,
): Grantee {
  const own = { schema: kept.metadata_schema, tables: ownTableNames(engine, kept) };
  return { role: engine.role?.(keys), table: kept.table, own };
}

const dialectFor = <K extends { readonly pool_size: number }, S extends Session>(
  { dialect, writes }: WritingEngine<K, S>,
  keys: K,
  kept: KeptAddress,
  opening: Opening,
): StoreDialect<S> =>
  dialectOf(dialect, writes, { keys: keys as Readonly<Record<string, unknown>>, storeKeyValues: kept.own ?? {}, opening });

function sessionsOf<K extends { readonly pool_size: number }, S extends Session>(
  engine: WritingEngine<K, S>,
  keys: K,
  kept: KeptAddress,
  opening: Opening,
  to: 'read' | 'write' = 'write',
): Sessions<S> {
  const pool = poolOf(engine, keys, opening);
  const grantee = granteeOf(engine, keys, kept);
  return new Sessions<S>({
    // Errors during connecting are explained as errors of the connection. All later errors are explained as errors of the table.
    engine: {
      explain: (error, about) =>
        about.doing !== 'read' ? engine.explain(error, about) : engine.writes.errors.explain(error, about.place, grantee),
    },
    pool: to === 'write' ? pool.forWriting() : pool,
    label: `hygge ${kept.flow}.${kept.entity}`,
    place: shown(engine.id, kept),
  });
}

function opened<K extends { readonly pool_size: number }, S extends Session>(
  engine: WritingEngine<K, S>,
  keys: K,
  kept: KeptAddress,
  opening: Opening,
): DatabaseStore<S> {
  return new DatabaseStore<S>({
    sessions: sessionsOf(engine, keys, kept, opening),
    readers: sessionsOf(engine, keys, kept, opening, 'read'),
    dialect: dialectFor(engine, keys, kept, opening) as never,
    place: {
      key: keyOf(kept),
      table: kept.table,
      where: shown(engine.id, kept),
      steps: opening.steps,
      ...(opening.stop ? { stop: opening.stop } : {}),
      stagingSchema: kept.staging_schema,
      metadataSchema: kept.metadata_schema,
      markColumn: kept.mark_column,
      storeKeyValues: kept.own ?? {},
      nonce: () => opening.random.nonce(),
      scratch: opening.scratch,
      nowMs: () => Date.parse(opening.clock.now()),
      pause: (ms) => opening.clock.sleep(Math.round(ms * (0.5 + opening.random.fraction() / 2))),
    },
    address: kept as unknown as Json,
    settledHome: (of) => settledHome(engine, keys, { table: kept.table, ...of }, opening),
  });
}

function elsewhere(then: string, now: string | null): StoreError {
  return new StoreError({
    code: 'HYG-4211',
    what: `A commit is decided in ${then}, but the store is ${now ?? 'of another type'} now.`,
    why: ['The present store and the earlier store have different credentials.'],
    tryThis: ['Restore the earlier store, run once, and then change it'],
  });
}

/** The missing rights. A new transaction queries them, because the error has ended the old transaction. */
export async function missingGrants<S extends Session>(
  { missingGrantStatements }: { readonly missingGrantStatements?: Engine<never, S>['missingGrantStatements'] | undefined },
  sessions: Sessions<S>,
  of: GrantRequest,
): Promise<readonly string[]> {
  try {
    return missingGrantStatements
      ? await sessions.transaction({ mode: 'read', isolation: 'statement' }, (session) => missingGrantStatements(session, of))
      : [];
  } catch {
    // The first error is more useful to a person than an error about checking the rights.
    return [];
  }
}

export const grantAdvice = (missing: readonly string[]): readonly string[] => [
  'Have an administrator run these statements unchanged:',
  ...missing.map((one) => `${one};`),
];

/** Undoes what a probe made in the store. */
const probeColumns: readonly Column[] = [{ name: 'c', type: { kind: 'string' }, nullable: true }];

class Undone extends Error {}

/** Tries everything that a run does in the store. If something is refused, all missing rights are reported at once. */
async function probed<K extends { readonly pool_size: number }, S extends Session>(
  engine: WritingEngine<K, S>,
  keys: K,
  kept: KeptAddress,
  opening: Opening,
): Promise<readonly Finding[]> {
  const findings = await tried(engine, keys, kept, opening);
  const isFine = findings.every(({ ok }) => ok);
  // If DDL is undone with its transaction, the trial above has tried everything.
  if (isFine && committingDdl(engine.writes) === undefined) return findings;
  const { table: write, metadata_schema: metadataSchema, staging_schema: stagingSchema } = kept;
  const missing = await missingGrants(engine, sessionsOf(engine, keys, kept, opening), {
    write,
    metadataSchema,
    metadataTables: ownTableNames(engine, kept),
    stagingSchema,
  });
  if (missing.length === 0) return findings;
  if (isFine)
    return [...findings, { ok: false, what: `The role lacks rights to write to ${shown(engine.id, kept)}`, tryThis: grantAdvice(missing) }];
  const withDdl = findings.some(({ tryThis = [] }) => tryThis.some((one) => one.includes('--metadata')));
  const ddl = withDdl ? ['Or have the administrator make hygge’s own schemas and tables: hygge generate ddl --metadata'] : [];
  return findings.map((one) => (one.ok ? one : { ...one, tryThis: [...grantAdvice(missing), ...ddl] }));
}

/** Tries the work of a run in a transaction that is rolled back. */
async function tried<K extends { readonly pool_size: number }, S extends Session>(
  engine: WritingEngine<K, S>,
  keys: K,
  kept: KeptAddress,
  opening: Opening,
): Promise<readonly Finding[]> {
  const { writes, dialect } = engine;
  const all = dialectFor(engine, keys, kept, opening);
  const findings: Finding[] = [];
  const good = (what: string) => findings.push({ ok: true, what });
  const sessions = sessionsOf(engine, keys, kept, opening);
  try {
    await sessions.transaction({ mode: 'write', isolation: 'statement', endsInRollback: true }, async (session) => {
      good(`${shown(engine.id, kept)}: the connection works`);
      await session.run(writes.commit.settings);
      const own = { metadataSchema: kept.metadata_schema, stagingSchema: kept.staging_schema, key: keyOf(kept) };
      const { schemas: absent, tables: missing, staging, ddl: making } = await missingOwnTables(session, all, own);
      try {
        // If DDL is not undone with the transaction, nothing is made here.
        if (committingDdl(writes) === undefined) await session.run(making);
      } catch (error) {
        if (!(error instanceof DatabaseError) || writes.errors.errorClass(error) !== 'permanent') throw error;
        const { what, why } = ownTablesMissing(shown(engine.id, kept), { ddl: making, cause: error });
        const lacks = [...absent.map((schema) => `the schema ${schema}`), ...missing.map((name) => `${kept.metadata_schema}.${name}`)];
        findings.push({
          ...{ ok: false, what, why: [`Missing: ${lacks.join(', ')}.`, `${error.message}.`, ...why] },
          tryThis: [
            'Have an administrator who may create schemas run the output of: hygge generate ddl --metadata',
            ...writes.errors.explain(error, shown(engine.id, kept), granteeOf(engine, keys, kept)).tryThis.slice(0, 1),
          ],
        });
        throw new Undone();
      }
      good(missing.length === 0 ? `${kept.metadata_schema} is there` : `${kept.metadata_schema} can be made with the first run`);
      const there = await writes.catalog.inspectDestination(session, kept.table, kept.staging_schema);
      const nowMs = Date.parse(opening.clock.now());
      if (committingDdl(writes) !== undefined)
        for (const name of leftoverProbes(staging ?? [], nowMs))
          await session.run(`drop table if exists ${quotedTable(dialect, { schema: kept.staging_schema, name })}`);
      if (committingDdl(writes) === undefined || staging !== null)
        await rehearse({
          ...{
            session,
            dialect: all,
            schema: kept.staging_schema,
            nowMs,
            nonce: opening.random.nonce(),
            createsTable: there === null,
            scratch: opening.scratch,
          },
          ...{ storeKeyValues: kept.own ?? {}, where: shown(engine.id, kept) },
        });
      const renames = writes.commit.swapObstacle === undefined ? 'renamed ' : '';
      good(`in ${kept.staging_schema} tables can be made, filled by a bulk load, merged, locked, ${renames}and dropped`);
      for (const note of (await writes.staging.slowedBy?.(session)) ?? []) good(note);
      const lacks = Object.entries(there?.catalog.rights ?? {}).filter(
        ([right, may]) => !may && ['insert', 'update', 'delete'].includes(right),
      );
      for (const { kind, name, unseen, staysWithOld, allows } of there?.catalog.dependents ?? [])
        if (allows !== undefined)
          good(
            `a full load of ${shownTable(kept.table)} deletes and inserts rows because of ${kind} ${name}. To let another table take its place: ${allows}`,
          );
        else if (unseen !== undefined)
          good(
            staysWithOld
              ? `a full load of ${shownTable(kept.table)} deletes and inserts rows, because there may be a ${kind} ${name}. To see it: ${unseen}`
              : `whether there is a ${kind} on ${shownTable(kept.table)} can't be seen, and each run warns of this. To see it: ${unseen}`,
          );
      if (there === null) good(`${shownTable(kept.table)} is made with the first run`);
      else if (lacks.length === 0) good(`rows of ${shownTable(kept.table)} can be inserted, updated and deleted`);
      else
        findings.push({
          ok: false,
          what: `The role may not ${lacks.map(([right]) => right).join(', ')} in ${shownTable(kept.table)}`,
          tryThis: [`grant select, ${lacks.map(([right]) => right).join(', ')} on ${quotedTable(dialect, kept.table)} to …`],
        });
      if (there === null && committingDdl(writes) === undefined) {
        if ((await writes.catalog.tablesIn(session, kept.table.schema)) === null)
          await session.run(writes.tables.createSchema(kept.table.schema));
        await session.run(await createTableStatementIn(session, all, { table: kept.table, columns: probeColumns, nulls: 'kept' }));
      }
      throw new Undone();
    });
  } catch (error) {
    if (error instanceof Undone) return findings;
    const told =
      error instanceof DatabaseError ? writes.errors.explain(error, shown(engine.id, kept), granteeOf(engine, keys, kept)) : error;
    if (!(told instanceof HyggeError)) throw told;
    findings.push({ ok: false, what: told.what, why: told.why, tryThis: told.tryThis });
  }
  return findings;
}

// ---- a table of the store as a home: the entity’s own rows, with the types that their values settled with

interface SettledTable {
  readonly table: TableName;
  readonly schema: NonNullable<Head['schema']>;
  /** An SQL condition for the entity’s own rows; null: all rows of the table are the entity’s own. */
  readonly ownRowsCondition: string | null;
}

/** @param keys the keys of the store. */
function settledHome<K extends { readonly pool_size: number }, S extends Session>(
  engine: Engine<K, S>,
  keys: K,
  { table, schema, ownRowsCondition }: SettledTable,
  opening: Opening,
): Home {
  const types = new Map(schema.columns.map(({ name, type }) => [name, type]));
  const { changeFeed: _, ...without } = opening;
  const config: K & DatabaseHomeConfig = {
    ...keys,
    table: quotedTable(engine.dialect, table),
    query: undefined,
    columns: [...types.keys()] as [string, ...string[]],
    ...(ownRowsCondition === null ? {} : { where: ownRowsCondition }),
    ...{ special_values: 'fail', safe_wait: 0, booleans: true },
    ...(engine.homeKeys?.includes('types')
      ? { types: Object.fromEntries([...types].map(([name, type]) => [name, describeType(type)])) }
      : {}),
  };
  const settledAs = (column: SourceColumn) => columnAs(engine, column, types.get(column.name) ?? column.type);
  return new DatabaseHome(engine, config, { ...without, pinned: null }, { sessionLabelSuffix: 'settled', mapColumn: settledAs });
}

/** A column of the destination with the type that its values settled with. Numbers keep the width of their column, since the texts of numbers do not show the width. */
function columnAs<K, S extends Session>(engine: Engine<K, S>, column: SourceColumn, type: DataType): SourceColumn {
  if (comparableTextKind(column.type) === comparableTextKind(type)) return column;
  const own = engine.asSettledColumn?.(column, type);
  if (own !== undefined) return own;
  // Uuids and documents that are stored as texts are texts in frames as well.
  return column.type.kind === 'string' && (type.kind === 'uuid' || type.kind === 'json') ? { ...column, type } : column;
}
