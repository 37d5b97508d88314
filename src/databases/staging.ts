/** What attempts write before anything is decided: a table of its own for each attempt and role, in `staging_schema`. */
import { createHash, type Hash } from 'node:crypto';
import type { Part, Role, Store } from '../engine/contracts/store.ts';
import { schemaOfRole } from '../frames/rejected.ts';
import type { Column, Schema } from '../frames/schema.ts';
import type { Watermark } from '../frames/watermark.ts';
import type { Random } from '../ports/random.ts';
import { created, type DdlDialect, named } from './ddl.ts';
import type { Dialect, Session } from './engine.ts';
import { type HeadKey, isEntity, valuesOf } from './head.ts';
import type { Writes } from './writes.ts';

type StageRequest = Parameters<Store['stage']>[0];
type Frames = Parameters<Store['stage']>[1];
type Staging = Frames extends AsyncIterable<infer One> ? One : never;

/** What a commit has to know of a part. */
export interface StagedRef {
  /** In the staging schema. */
  readonly name: string;
  readonly columns: readonly string[];
  /** The watermark's column; null: it has none. */
  readonly mark: string | null;
}

export const refOf = ({ ref }: Part): StagedRef => ref as unknown as StagedRef;

export interface StagingPlace {
  readonly key: HeadKey;
  readonly stagingSchema: string;
  readonly metadataSchema: string;
  /** A column that frames do not have. */
  readonly markColumn: string | null;
}

type StagingDialect = Dialect & DdlDialect & Writes;

interface Table {
  readonly name: string;
  readonly role: Role;
  readonly ofGroup: boolean;
  readonly columns: readonly Column[];
  readonly checksum: Hash;
  bytes: number;
}

/** One attempt at a slice, in one transaction: a failed one leaves nothing. */
export class Attempt {
  readonly #dialect: StagingDialect;
  readonly #place: StagingPlace;
  readonly #request: StageRequest;
  readonly #random: Pick<Random, 'nonce'>;
  readonly #tables: Table[] = [];

  constructor(dialect: StagingDialect, place: StagingPlace, request: StageRequest, random: Pick<Random, 'nonce'>) {
    this.#dialect = dialect;
    this.#place = place;
    this.#request = request;
    this.#random = random;
  }

  async add(session: Session, { frame, role, ...of }: Staging): Promise<void> {
    const ofGroup = of.ofGroup ?? false;
    const known = this.#tables.find((one) => one.role === role && one.ofGroup === ofGroup);
    const table = known ?? (await this.#create(session, { role, ofGroup, columns: frame.schema.columns }));
    if (frame.rows === 0) return;
    await this.#dialect.copy(session, this.#named(table), frame, (piece) => {
      table.checksum.update(piece);
      table.bytes += piece.byteLength;
    });
  }

  async addEmpty(session: Session): Promise<void> {
    const columns = withoutMark(schemaOfRole('data', this.#request.schema), this.#place.markColumn);
    await this.#create(session, { role: 'data', ofGroup: false, columns });
  }

  get isEmpty(): boolean {
    return this.#tables.length === 0;
  }

  async #create(session: Session, of: Pick<Table, 'role' | 'ofGroup' | 'columns'>): Promise<Table> {
    const { run, slice } = this.#request;
    const { key, metadataSchema } = this.#place;
    const name = `${run.entity
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .slice(0, 24)}_${run.epoch}_${slice}_${of.role}_${this.#random.nonce()}`;
    const table: Table = { ...of, name, checksum: createHash('sha256'), bytes: 1 };
    const into = `insert into ${this.#dialect.quote(metadataSchema)}.staged (flow, entity, table_name, name, lineage, epoch, at)`;
    // Of deleted rows no more than the key may be known.
    await session.run(created(this.#dialect, { schema: this.#place.stagingSchema, name }, of.columns, 'kept'));
    const more = `${Number(run.epoch)}, ${this.#dialect.own.now}`;
    await session.query(`${into} values ($1, $2, $3, $4, $5, ${more})`, [...valuesOf(key), name, run.lineage]);
    this.#tables.push(table);
    return table;
  }

  #named({ name }: Pick<Table, 'name'>): string {
    return named(this.#dialect, { schema: this.#place.stagingSchema, name });
  }

  /** Counted in the tables, not in what was sent. */
  async parts(session: Session): Promise<readonly Part[]> {
    const parts: Part[] = [];
    const isJoined = this.#request.writing.key.length > 0;
    for (const table of this.#tables) {
      if (isJoined) await session.run(this.#dialect.analyzed(this.#named(table)));
      parts.push(await this.#part(session, table));
    }
    return parts;
  }

  async #part(session: Session, table: Table): Promise<Part> {
    const { watermark, source, sources, partition } = this.#request;
    const { name, role, ofGroup, columns, checksum, bytes } = table;
    const mark = watermark && columns.find((column) => column.name === watermark.column);
    const edges = mark ? this.#edges(watermark) : [];
    const counts = columns.map((column) => `count(${this.#dialect.quote(column.name)})`);
    const wanted = ['count(*)', ...counts, ...edges].map((one, at) => `${one} as n${at}`);
    const [row = {}] = await session.query(`select ${wanted.join(', ')} from ${this.#named(table)}`);
    const rows = Number(row.n0);
    const nulls = columns.map((_, at) => rows - Number(row[`n${at + 1}`]));
    const [min, max] = [row[`n${columns.length + 1}`], row[`n${columns.length + 2}`]];
    const ref: StagedRef = { name, columns: columns.map((column) => column.name), mark: mark ? mark.name : null };
    return {
      ref: ref as unknown as Part['ref'],
      role,
      ...(ofGroup ? { ofGroup: true as const } : {}),
      ...{ rows, bytes, checksum: checksum.digest('hex'), nulls },
      ...(mark && min != null && max != null ? { min, max } : {}),
      ...(mark ? { unmarked: nulls[columns.indexOf(mark)] ?? 0 } : {}),
      ...(source === undefined ? {} : { source }),
      ...(sources === undefined ? {} : { sources }),
      ...(partition === undefined ? {} : { partition }),
    };
  }

  #edges({ column, type }: Pick<Watermark, 'column' | 'type'>): readonly string[] {
    const ordered = this.#dialect.ordered(this.#dialect.quote(column), type);
    return ['min', 'max'].map((which) => this.#dialect.canonical(`${which}(${ordered})`, type));
  }
}

export function withoutMark({ columns }: Schema, mark: string | null): readonly Column[] {
  return columns.filter(({ name }) => name !== mark);
}

/** Which staged tables: of this entity, whoever staged them, as far as the condition goes. */
export async function stagedNames(
  session: Session,
  { key, metadataSchema, quote }: Pick<StagingPlace, 'key' | 'metadataSchema'> & Pick<Dialect, 'quote'>,
  which: { readonly lineage: string; readonly before: number } | 'all',
): Promise<readonly { readonly name: string; readonly epoch: number }[]> {
  const own = `select name, epoch from ${quote(metadataSchema)}.staged where ${isEntity}`;
  const rows =
    which === 'all'
      ? await session.query(own, valuesOf(key))
      : await session.query(`${own} and lineage = $4 and epoch < ${Number(which.before)}`, [...valuesOf(key), which.lineage]);
  return rows.map(({ name, epoch }) => ({ name: name ?? '', epoch: Number(epoch) }));
}

/** Tables and their records, in whatever transaction the session is. */
export async function dropStaged(
  session: Session,
  dialect: Pick<Dialect, 'quote'>,
  { stagingSchema, metadataSchema }: Pick<StagingPlace, 'stagingSchema' | 'metadataSchema'>,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return;
  await session.run(names.map((name) => `drop table if exists ${named(dialect, { schema: stagingSchema, name })}`).join('; '));
  const list = names.map((_, at) => `$${at + 1}`).join(', ');
  await session.query(`delete from ${dialect.quote(metadataSchema)}.staged where name in (${list})`, names);
}

/** Of the columns of all parts each once, in their order. */
export function columnsOfParts(parts: readonly Part[]): readonly string[] {
  return [...new Set(parts.flatMap((part) => refOf(part).columns))];
}

/** The rows of parts side by side. A part that lacks a column has nulls in it. */
export function rowsOfParts(
  dialect: Pick<Dialect, 'quote'> & Pick<Writes, 'declared'>,
  { stagingSchema, schema, parts }: { readonly stagingSchema: string; readonly schema: Schema; readonly parts: readonly Part[] },
): string {
  const columns = columnsOfParts(parts);
  const selects = parts.map((part) => {
    const { name, columns: own } = refOf(part);
    const list = columns.map((column) => {
      if (own.includes(column)) return dialect.quote(column);
      const type = schema.columns.find((one) => one.name === column)?.type ?? { kind: 'string' };
      return `cast(null as ${dialect.declared(type)}) as ${dialect.quote(column)}`;
    });
    const gone = part.role === 'deleted' ? 1 : 0;
    return `select ${list.join(', ')}, ${gone} as hygge_gone from ${named(dialect, { schema: stagingSchema, name })}`;
  });
  return selects.join(' union all ');
}
