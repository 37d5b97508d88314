import { hash } from 'node:crypto';
import type { Head } from '../../engine/contracts/store.ts';
import type { Counts } from '../../engine/contracts/writing.ts';
import type { Column } from '../../frames/schema.ts';
import type { EntityKey } from '../../ports/values.ts';
import { quotedOwnTable } from '../ddl.ts';
import type { Dialect, Row, Session, StateSide } from '../engine.ts';
import type { Writes } from '../writes.ts';
import { headNotMoved } from './errors.ts';

/** An entity and its table. In another table, the same entity has another head. */
export interface HeadKey extends EntityKey {
  readonly table: string;
}

/** The contents of a head’s row. */
export interface HeadRow {
  readonly head: Head | null;
  /** The value that marks the entity’s own rows. Null: some of its rows are not marked. */
  readonly markOfAllOwnRows: string | null;
}

/** The head before anything has settled. */
export const emptyHeadRow: HeadRow = { head: null, markOfAllOwnRows: null };

/** Whether the entity has settled nothing, so that the table has no row of the entity. */
export const hasSettledNothing = ({ head }: HeadRow): boolean => head === null || head.nothing === true;

export type OwnTablesDialect = Pick<Dialect, 'quote' | 'quoteTable'> & Pick<Writes, 'ownTables' | 'columns'>;

export const metadataTables = ['heads', 'commits', 'staged', 'rejected'] as const;
type MetadataTable = (typeof metadataTables)[number];
/** `owners`: a table with one row for each destination. If each entity has its own tables, commits of two entities of the destination conflict in this table. */
type OwnTable = MetadataTable | 'owners';

/** The tables that an entity needs before its first commit. */
export const ownTablesOf = ({ ownTables: { tablesFor } }: Pick<Writes, 'ownTables'>): readonly OwnTable[] =>
  tablesFor === 'all entities' ? metadataTables : [...metadataTables, 'owners'];

const digest = (texts: readonly string[]): string => hash('sha256', JSON.stringify(texts)).slice(0, 16);

/** The prefix of names of hygge’s own tables that belong to one destination, whatever the entity is. */
const ofDestination = (name: MetadataTable, table: string): string => `${name}_${digest([table])}_`;

/** The name of one of hygge’s own tables. All entities share the table, or the entity has its own table for its destination. */
export function ownTableName({ ownTables: { tablesFor } }: Pick<Writes, 'ownTables'>, name: OwnTable, key: HeadKey): string {
  if (name === 'owners') return `owners_${digest([key.table])}`;
  return tablesFor === 'all entities' ? name : `${ofDestination(name, key.table)}${digest([key.flow, key.entity])}`;
}

export type OwnTablePlace = { readonly metadataSchema: string; readonly key: HeadKey };

/** The quoted name of one of hygge’s own tables, with its schema. */
export function ownTable(
  dialect: Pick<Dialect, 'quote' | 'quoteTable'> & Pick<Writes, 'ownTables'>,
  { metadataSchema, key }: OwnTablePlace,
  name: OwnTable,
): string {
  return quotedOwnTable(dialect, metadataSchema, ownTableName(dialect, name, key));
}

/** The quoted names of the tables in the schema that have heads of entities with this destination. */
export async function headTablesIn(
  session: Session,
  dialect: Pick<Dialect, 'quote' | 'quoteTable'> & Pick<Writes, 'ownTables' | 'catalog'>,
  { schema, table }: { readonly schema: string; readonly table: string },
): Promise<readonly string[]> {
  if (dialect.ownTables.tablesFor === 'all entities') return [quotedOwnTable(dialect, schema, 'heads')];
  const there = [...((await dialect.catalog.tablesIn(session, schema)) ?? [])];
  return there.filter((name) => name.startsWith(ofDestination('heads', table))).map((name) => quotedOwnTable(dialect, schema, name));
}

const entity = ['flow', 'entity', 'table_name'] as const;

function columnsOf({
  quote,
  ownTables: {
    tablesFor,
    primaryKeyClause,
    types: { text, key, number, instant },
  },
}: Pick<OwnTablesDialect, 'ownTables' | 'quote'>): Readonly<Record<OwnTable, readonly string[]>> {
  const of = entity.map((name) => `${name} ${key} not null`);
  const at = `${quote('at')} ${instant}`;
  return {
    heads: [
      ...of,
      `id ${text}`,
      `epoch ${number}`,
      `head ${text}`,
      `mark ${text}`,
      at,
      ...(tablesFor === 'all entities' ? [`${primaryKeyClause} (${entity.join(', ')})`] : []),
    ],
    commits: [
      ...[`intent_id ${key} not null ${primaryKeyClause}`, ...of, `lineage ${text} not null`, `epoch ${number} not null`],
      ...['inserted', 'updated', 'deleted'].map((name) => `${name} ${number} not null`),
      ...[`watermark ${text}`, `${at} not null`],
    ],
    staged: [`name ${key} not null ${primaryKeyClause}`, ...of, `lineage ${text} not null`, `epoch ${number} not null`, `${at} not null`],
    rejected: [
      ...[...of, `role ${text} not null`, `of_group ${number} not null`, `watermark ${text}`, `${quote('row')} ${text} not null`],
      ...[`intent_id ${text} not null`, `${at} not null`],
      ...rejectedColumnsSince.map(([name, type]) => `${quote(name)} ${{ text, key, number }[type]}`),
    ],
    owners: [`table_name ${key} not null`, at],
  };
}

/**
 * The columns of `rejected` that an older hygge did not make: what distinguishes rows, why each row was rejected, and the types of its values. Rows that were
 * added together, with the same columns, have the same `part`. `id` and `copy` identify a row, because equal rows of one run have the same id.
 */
export const rejectedColumnsSince = [
  ['part', 'key'],
  ['id', 'key'],
  ['copy', 'number'],
  ['source', 'text'],
  ['rule', 'text'],
  ['column', 'text'],
  ['reason', 'text'],
  ['run', 'text'],
  ['columns', 'text'],
] as const satisfies readonly (readonly [name: string, type: 'text' | 'key' | 'number'])[];

type HeadDialect = OwnTablesDialect & Pick<Writes, 'catalog'>;

type WideningDialect = OwnTablesDialect & Pick<Writes, 'tables' | 'catalog'>;

/** Whether the table `rejected` has all of its columns. Null: the table does not exist. */
export async function hasAllRejectedColumns(
  session: Session,
  dialect: Pick<Writes, 'catalog' | 'ownTables'>,
  { metadataSchema: schema, key }: OwnTablePlace,
): Promise<boolean | null> {
  const there = await dialect.catalog.columns(session, { schema, name: ownTableName(dialect, 'rejected', key) });
  return there === null ? null : rejectedColumnsSince.every(([wanted]) => there.some(({ name }) => name === wanted));
}

/** Statements that give a `rejected` table of an older hygge the columns that it lacks. Existing rows stay unchanged. */
export async function rejectedColumnsDdl(session: Session, dialect: WideningDialect, place: OwnTablePlace): Promise<readonly string[]> {
  const there = await dialect.catalog.columns(session, {
    schema: place.metadataSchema,
    name: ownTableName(dialect, 'rejected', place.key),
  });
  if (there === null) return [];
  const table = ownTable(dialect, place, 'rejected');
  const lacking = rejectedColumnsSince.filter(([wanted]) => !there.some(({ name }) => name === wanted));
  return lacking.map(([name, type]) => {
    const column: Column = { name, type: { kind: 'string' }, nullable: true, override: { declared: dialect.ownTables.types[type] } };
    return dialect.tables.alter(table, { change: 'add column', column }, undefined, there);
  });
}

/** Statements with which an administrator makes hygge’s own tables, if all entities share them. */
export function metadataDdl(spelling: OwnTablesDialect, schema: string): readonly string[] {
  if (spelling.ownTables.tablesFor === 'each entity') return [];
  return metadataTables.map((name) => tableDdl(spelling, { metadataSchema: schema, key: { flow: '', entity: '', table: '' } }, name));
}

const tableDdl = (spelling: OwnTablesDialect, place: OwnTablePlace, name: OwnTable): string =>
  spelling.ownTables.createIfMissing(ownTable(spelling, place, name), columnsOf(spelling)[name]);

/**
 * A table that has one row from the beginning. If two processes make the table, the second is refused, even if it waited for the first. So the table has only
 * one row. A CREATE that ignores an existing table would let the second process add a row.
 */
function tableOfOneRowDdl(
  spelling: OwnTablesDialect & Pick<Dialect, 'text'>,
  place: OwnTablePlace,
  name: 'heads' | 'owners',
): readonly string[] {
  const table = ownTable(spelling, place, name);
  const [columns, row] = name === 'heads' ? [entity, headKeyValues(place.key)] : [['table_name'], [place.key.table]];
  const values = row.map((one) => spelling.text(one)).join(', ');
  return [
    `create table ${table} (\n  ${columnsOf(spelling)[name].join(',\n  ')}\n)`,
    `insert into ${table} (${columns.join(', ')}) values (${values})`,
  ];
}

/** The parts of hygge’s own schemas and tables that are missing, and the statements that make them. `staging`: the tables in the staging schema; null: the staging schema does not exist. */
export async function missingOwnTables(
  session: Session,
  dialect: OwnTablesDialect & Pick<Dialect, 'text'> & Pick<Writes, 'catalog' | 'tables'>,
  { metadataSchema, stagingSchema, key }: OwnTablePlace & { readonly stagingSchema: string },
) {
  const there = await dialect.catalog.tablesIn(session, metadataSchema);
  const staging = await dialect.catalog.tablesIn(session, stagingSchema);
  const tables = ownTablesOf(dialect).filter((name) => !there?.has(ownTableName(dialect, name, key)));
  const schemas = [
    ...(there === null ? [metadataSchema] : []),
    ...(staging === null && stagingSchema !== metadataSchema ? [stagingSchema] : []),
  ];
  const own = { metadataSchema, key };
  const hasOneRow = (name: OwnTable): name is 'heads' | 'owners' =>
    dialect.ownTables.tablesFor === 'each entity' && (name === 'heads' || name === 'owners');
  const made = (name: OwnTable) => (hasOneRow(name) ? tableOfOneRowDdl(dialect, own, name) : [tableDdl(dialect, own, name)]);
  const ddl = [...schemas.map((schema) => dialect.tables.createSchema(schema)), ...tables.flatMap(made)];
  return { schemas, tables, staging, ddl };
}

/** Tables of the state. Data that people search for has separate columns, but hygge reads only `state`, `row` and `body`. */
export const stateTables = ['watermarks', 'journal', 'objects'] as const;
export type StateTable = (typeof stateTables)[number];

type StateSpelling = Pick<StateSide, 'types' | 'quotedTable'>;

function stateColumnsOf({ types: { text, number, instant } }: StateSpelling): Readonly<Record<StateTable, readonly string[]>> {
  const entity = [`flow ${text} not null`, `entity ${text} not null`];
  return {
    watermarks: [
      ...entity,
      ...[`watermark_column ${text}`, `watermark_type ${text}`, `watermark_value ${text}`],
      ...[`status ${text}`, `rows_processed ${number}`, `rows_settled ${number}`, `last_run ${instant}`, `last_entity_run ${text}`],
      ...[`held_by ${text}`, `held_until ${instant}`, `pending ${text}`, `epoch ${number} not null`],
      ...[`version ${number} not null`, `write_id ${text} not null`, `state ${text} not null`, 'primary key (flow, entity)'],
    ],
    journal: [
      `entity_run_id ${text} not null primary key`,
      ...[`run_id ${text} not null`, `invocation_id ${text} not null`, `workspace ${text} not null`, ...entity, `lane ${text} not null`],
      ...[`status ${text} not null`, `reason ${text}`, `run_type ${text} not null`],
      ...[`started_at ${instant}`, `finished_at ${instant} not null`, `rows_processed ${number}`, `rows_read ${number}`, `bytes ${number}`],
      ...[`watermark_column ${text}`, `watermark_from ${text}`, `watermark_to ${text}`, `error_code ${text}`, `message ${text}`],
      ...[`"row" ${text} not null`, 'unique (finished_at, entity_run_id)', 'unique (flow, entity, finished_at, entity_run_id)'],
    ],
    objects: [
      ...[...entity, `ref ${text} not null`, `piece ${number} not null`, `pieces ${number} not null`, `body ${text} not null`],
      'primary key (flow, entity, ref, piece)',
    ],
  };
}

export function stateDdl(spelling: StateSpelling, schema: string, tables: readonly StateTable[] = stateTables): readonly string[] {
  const columns = stateColumnsOf(spelling);
  return tables.map((name) => `create table if not exists ${spelling.quotedTable(schema, name)} (\n  ${columns[name].join(',\n  ')}\n)`);
}

/** The head of one entity and table, which any transaction of the session may use. */
export class HeadTable {
  readonly #spelling: HeadDialect;
  readonly #schema: string;
  readonly #tables: Readonly<Record<MetadataTable, string>>;
  readonly #key: HeadKey;

  constructor(spelling: HeadDialect, schema: string, key: HeadKey) {
    this.#spelling = spelling;
    this.#schema = schema;
    this.#tables = this.#tablesOf(key);
    this.#key = key;
  }

  #tablesOf(key: HeadKey): Readonly<Record<MetadataTable, string>> {
    const at = (name: MetadataTable) => ownTable(this.#spelling, { metadataSchema: this.#schema, key }, name);
    return { heads: at('heads'), commits: at('commits'), staged: at('staged'), rejected: at('rejected') };
  }

  get #values(): readonly string[] {
    return headKeyValues(this.#key);
  }

  get #isEntity(): string {
    return entityCondition(this.#spelling);
  }

  async read(session: Session): Promise<HeadRow> {
    return this.#standing(await session.query(`select head, mark from ${this.#tables.heads} where ${this.#isEntity}`, this.#values));
  }

  /** Reads the head and locks it until the transaction ends. Waits while another transaction moves the head. @param isThere true: the row probably exists, so it is made only if it is not found. */
  async lock(session: Session, isThere = false): Promise<HeadRow> {
    const { parameter, insertUnlessThere, insertCountsNewRows, selectForUpdate, tablesFor } = this.#spelling.ownTables;
    // If each entity has its own tables, no lock exists. If two transactions move the head, the second is refused when it commits.
    if (tablesFor === 'each entity') return this.read(session);
    const table = this.#tables.heads;
    const where = this.#isEntity;
    const values = entity.map((_, at) => parameter(at + 1)).join(', ');
    const locks = selectForUpdate({ list: 'head, mark', table, where });
    const found = isThere ? await session.query(locks, this.#values) : [];
    if (found.length > 0) return this.#standing(found);
    const made = await session.execute(insertUnlessThere({ table, columns: entity.join(', '), values, where }), this.#values);
    // No other transaction sees a row that this transaction made, so the row needs no lock.
    return insertCountsNewRows && made === 1 ? emptyHeadRow : this.#standing(await session.query(locks, this.#values));
  }

  #standing([row]: readonly Row[]): HeadRow {
    return { head: row?.head == null ? null : (JSON.parse(row.head) as Head), markOfAllOwnRows: row?.mark ?? null };
  }

  /** Moves the head. Called only under `lock`. The old head is still compared, since a server may ignore the request for a lock. Throws StoreError HYG-4291 if the head has changed. In that case the transaction has to be undone. */
  async move(session: Session, of: { readonly from: Head | null; readonly to: Head; readonly mark: string | null }): Promise<void> {
    const { from, to, mark } = of;
    const { quote, ownTables } = this.#spelling;
    const { parameter, nowExpression } = ownTables;
    const sets = `id = ${parameter(4)}, epoch = ${Number(to.epoch)}, head = ${parameter(5)}, mark = ${parameter(6)}, ${quote('at')} = ${nowExpression}`;
    const is = from === null ? 'id is null' : `id = ${parameter(7)}`;
    const values = [...this.#values, to.id, JSON.stringify(to), mark, ...(from === null ? [] : [from.id])];
    const moved = await session.execute(`update ${this.#tables.heads} set ${sets} where ${this.#isEntity} and ${is}`, values);
    if (moved !== 1) throw headNotMoved(this.#tables.heads);
  }

  /**
   * Makes commits of several entities conflict, if each entity has its own tables. A commit that has searched for rows of others changes the row that all
   * entities of the destination share. If two such commits run at once, the second is refused, and searches again. Throws StoreError HYG-4291 if the row does
   * not exist. If a lock excludes others, nothing is done.
   */
  async meetOthers(session: Session): Promise<void> {
    const { quote, ownTables } = this.#spelling;
    if (ownTables.tablesFor === 'all entities') return;
    const owners = ownTable(this.#spelling, { metadataSchema: this.#schema, key: this.#key }, 'owners');
    const condition = `table_name = ${ownTables.parameter(1)}`;
    const met = await session.execute(`update ${owners} set ${quote('at')} = ${ownTables.nowExpression} where ${condition}`, [
      this.#key.table,
    ]);
    if (met !== 1) throw headNotMoved(owners);
  }

  async recordCommit(session: Session, of: { readonly intent: string; readonly head: Head; readonly counts: Counts }): Promise<void> {
    const { intent, head, counts } = of;
    const numbers = [head.epoch, counts.inserted, counts.updated, counts.deleted].map(Number).join(', ');
    const { quote, ownTables } = this.#spelling;
    const { parameter, nowExpression } = ownTables;
    const columns = `${entity.join(', ')}, intent_id, lineage, watermark, epoch, inserted, updated, deleted, ${quote('at')}`;
    const texts = [1, 2, 3, 4, 5, 6].map((place) => parameter(place)).join(', ');
    await session.query(`insert into ${this.#tables.commits} (${columns}) values (${texts}, ${numbers}, ${nowExpression})`, [
      ...this.#values,
      intent,
      head.lineage,
      head.watermark?.text ?? null,
    ]);
  }

  /** The counts of a commit. Null: the commit is no longer recorded. */
  async countsOf(session: Session, intent: string): Promise<Counts | null> {
    const [row] = await session.query(
      `select inserted, updated, deleted from ${this.#tables.commits} where intent_id = ${this.#spelling.ownTables.parameter(1)}`,
      [intent],
    );
    return row ? { inserted: Number(row.inserted), updated: Number(row.updated), deleted: Number(row.deleted) } : null;
  }

  /** The other entities that have settled rows in the table. */
  async others(session: Session): Promise<readonly EntityKey[]> {
    const { flow, entity: name, table } = this.#key;
    const { parameter } = this.#spelling.ownTables;
    const mine = `flow = ${parameter(1)} and entity = ${parameter(2)}`;
    const rows: Row[] = [];
    for (const heads of await headTablesIn(session, this.#spelling, { schema: this.#schema, table }))
      rows.push(
        ...(await session.query(
          `select flow, entity, head from ${heads} where table_name = ${parameter(3)} and head is not null and not (${mine})`,
          [flow, name, table],
        )),
      );
    return rows
      .filter(({ head }) => !(JSON.parse(head ?? '{}') as Head).nothing)
      .map((row) => ({ flow: row.flow ?? '', entity: row.entity ?? '' }));
  }

  async carryFrom(session: Session, from: EntityKey): Promise<'carried' | 'no head' | 'other place'> {
    const old = { ...from, table: this.#key.table };
    const of = headKeyValues(old);
    const { heads } = this.#tablesOf(old);
    const here = (await this.#has(session, old))
      ? await session.query(`select head, mark from ${heads} where ${this.#isEntity} and head is not null`, of)
      : [];
    if (here.length === 0) {
      const mine = await this.read(session);
      if (mine.head !== null) return 'carried';
      return (await this.#settledElsewhere(session, from)) ? 'other place' : 'no head';
    }
    const { head } = await this.lock(session);
    if (head === null) {
      const known = this.#standing(here);
      if (known.head) await this.move(session, { from: null, to: known.head, mark: known.markOfAllOwnRows });
    }
    for (const name of ['commits', 'rejected'] as const) await this.#carryRows(session, name, old);
    return 'carried';
  }

  /** Whether the entity has its own table with a head. A table that all entities share always counts. */
  async #has(session: Session, key: HeadKey): Promise<boolean> {
    if (this.#spelling.ownTables.tablesFor === 'all entities') return true;
    const there = await this.#spelling.catalog.tablesIn(session, this.#schema);
    return metadataTables.every((name) => there?.has(ownTableName(this.#spelling, name, key)));
  }

  async #settledElsewhere(session: Session, { flow, entity: name }: EntityKey): Promise<boolean> {
    const { parameter, tablesFor } = this.#spelling.ownTables;
    const list = tablesFor === 'all entities' ? null : await this.#spelling.catalog.tablesIn(session, this.#schema);
    const ending = `_${digest([flow, name])}`;
    const own = [...(list ?? [])].filter((one) => one.startsWith('heads_') && one.endsWith(ending));
    const all = list === null ? [this.#tables.heads] : own.map((one) => quotedOwnTable(this.#spelling, this.#schema, one));
    for (const heads of all) {
      const sql = `select 1 as one from ${heads} where flow = ${parameter(1)} and entity = ${parameter(2)} and head is not null`;
      if ((await session.query(sql, [flow, name])).length > 0) return true;
    }
    return false;
  }

  async #carryRows(session: Session, name: 'commits' | 'rejected', old: HeadKey): Promise<void> {
    const { parameter, tablesFor } = this.#spelling.ownTables;
    const { quote } = this.#spelling;
    const { flow, entity: called } = this.#key;
    const values = [...headKeyValues(old), flow, called];
    if (tablesFor === 'all entities') {
      const sets = `flow = ${parameter(4)}, entity = ${parameter(5)}`;
      await session.query(`update ${this.#tables[name]} set ${sets} where ${this.#isEntity}`, values);
      return;
    }
    const from = this.#tablesOf(old)[name];
    const names = columnsOf(this.#spelling)[name].map((column) => column.split(' ')[0] ?? '');
    const others = names.filter((column) => column !== 'flow' && column !== 'entity');
    const list = others.join(', ');
    await session.query(
      `insert into ${this.#tables[name]} (${quote('flow')}, ${quote('entity')}, ${list}) select ${parameter(4)}, ${parameter(5)}, ${list} from ${from} where ${this.#isEntity}`,
      values,
    );
    await session.query(`delete from ${from} where ${this.#isEntity}`, headKeyValues(old));
  }

  async drop(session: Session, of: EntityKey): Promise<void> {
    const old = { ...of, table: this.#key.table };
    const { heads } = this.#tablesOf(old);
    // In an entity’s own table, the head is withdrawn but its row stays, so that no second row is made.
    const removal =
      this.#spelling.ownTables.tablesFor === 'all entities'
        ? `delete from ${heads}`
        : `update ${heads} set id = null, epoch = null, head = null, mark = null`;
    if (await this.#has(session, old)) await session.query(`${removal} where ${this.#isEntity}`, headKeyValues(old));
  }

  /** Deletes the records of old commits. The commit that the head names keeps its record. */
  async pruneCommits(session: Session, before: string): Promise<number> {
    const { quote, columns, ownTables } = this.#spelling;
    const { parameter } = ownTables;
    const given = columns.castToType?.(parameter(4), { kind: 'timestamp', unit: 'us', zone: 'UTC' }) ?? parameter(4);
    const old = `delete from ${this.#tables.commits} where ${this.#isEntity} and ${quote('at')} < ${given} and intent_id not in (select id from ${this.#tables.heads} where ${this.#isEntity} and id is not null)`;
    return session.execute(old, [...this.#values, before]);
  }
}

/** A condition for the rows of the entity. The first three values of the statement must be those of the entity and its table. */
export function entityCondition({ ownTables: { parameter } }: Pick<Writes, 'ownTables'>): string {
  return entity.map((name, at) => `${name} = ${parameter(at + 1)}`).join(' and ');
}

export function headKeyValues({ flow, entity: name, table }: HeadKey): readonly string[] {
  return [flow, name, table];
}
