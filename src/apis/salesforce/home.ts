/** An object of an org as a home. The org’s description shows the columns, and queries return the records. */
import type { Opening } from '../../engine/contracts/connector.ts';
import type { Frame, Step } from '../../engine/contracts/frame.ts';
import {
  type AskedOfSource,
  type BoundRequest,
  type Breadth,
  type Checkpoint,
  deletedColumn,
  everything,
  type FutureRows,
  type Home,
  type Look,
  type LookedPart,
  type LookNotes,
  type Reading,
  type SlicePlan,
  type SliceRef,
  type SourceDescription,
  usualReading,
  type Window,
} from '../../engine/contracts/home.ts';
import type { Format } from '../../formats/contract/format.ts';
import { homeOptions } from '../../formats/json/options.ts';
import { pinnedAs } from '../../formats/json/pinned.ts';
import { describeType } from '../../frames/describe-type.ts';
import { shortHash } from '../../frames/short-hash.ts';
import { typesGiven } from '../../frames/type-text.ts';
import type { Rejected } from '../../frames/values/rejected-rows.ts';
import type { Watermark } from '../../frames/watermark.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { Instant, Json } from '../../ports/values.ts';
import { noTime, RequestRefused } from '../answers/errors.ts';
import type { LaterAnswer, RequestsOpening } from '../requests/requests.ts';
import { clockBound, lagOf } from '../times/clock-bound.ts';
import { cutToSeconds } from '../times/cut-times.ts';
import { readBulk } from './bulk-read.ts';
import type { SalesforceConfig } from './config.ts';
import { badSoql, noDeletedMark, noField, notQueryable, unreadField } from './errors.ts';
import { type IdRange, idRanges, rangesFrom } from './id-ranges.ts';
import {
  columnOf,
  type DescribedField,
  type DescribedObject,
  isLeftOut,
  type OrgColumn,
  pathOf,
  schemaOf,
  sourceName,
} from './metadata.ts';
import { Org, type QueryPage, sourceOf } from './org.ts';
import { selectedColumns } from './query-columns.ts';
import { beginning, nextPage, type RestWalk } from './rest-walk.ts';
import { soqlOf } from './soql.ts';
import { conditionText, parseSoql, type SoqlQuery } from './soql-query.ts';

/** The minimum bytes of a full batch. Pages are joined, so that frames are larger than pages. */
const batchBytes = 8 * 1024 * 1024;
/** The maximum time for a batch, and so between checkpoints, in milliseconds. */
const batchMs = 10_000;
const frameBytes = 32 * 1024 * 1024;
const usualFrameRows = 100_000;
/** The time by which a run stays behind the org’s clock by default. Records of a long transaction become visible when the transaction ends, but the time of their change is earlier. */
const usualLagMs = 10 * 60_000;
/** The time for which a first page is used without a second request. */
const freshMs = 60_000;
const mostNamed = 12;
/** The checkpoint of a slice that was read to its end. */
const atEnd = { end: true } as const;
/** The number of records from which jobs are used. A job costs some calls and some seconds, while a page of the REST API has only 2,000 records. */
const bulkFrom = 50_000;

/** The data to store with the snapshot: the fields that are read. */
interface Pinned {
  readonly version: 1;
  readonly columns: readonly OrgColumn[];
  /** Whether queries can distinguish deleted records from others. */
  readonly marksDeleted?: true;
}

type Around = RequestsOpening & Pick<Opening, 'scratch' | 'pinned'>;

export class SalesforceHome implements Home {
  readonly reading: Reading;
  readonly place: string;
  readonly rowCondition: string;
  readonly #config: SalesforceConfig;
  readonly #around: Around;
  readonly #org: Org;
  /** The query of the config. Absent: the whole object is read. */
  readonly #query: SoqlQuery | undefined;
  readonly #object: string;
  /** The fields that the last committed run has read. */
  readonly #settled: readonly string[];
  #pinned: Pinned | null;
  /** Whether only a few records are requested, or none. */
  #isBrief = false;
  /** The number of answers that were already reported as the cost of reading. */
  #told = 0;
  /** The approximate number of records of the object. */
  #count: number | undefined;
  /** The request for all records from a bound on, with the time of the request. The page is undefined if the records are on several pages. */
  #known: { readonly soql: string; readonly page: Promise<QueryPage | LaterAnswer | undefined>; readonly askedMs: number } | undefined;

  constructor(config: SalesforceConfig, around: Around) {
    this.#config = config;
    this.#around = around;
    this.#org = new Org(config, around);
    this.#pinned = around.pinned as unknown as Pinned | null;
    this.#settled = (this.#pinned?.columns ?? []).map(sourceName);
    this.#query = config.soql === undefined ? undefined : parseSoql(config.soql);
    this.#object = this.#query?.object ?? config.table ?? '';
    this.place = `${this.#org.origin}/${this.#object}`;
    const where = config.where === undefined ? '' : `where ${shortHash(config.where)}`;
    this.rowCondition = this.#query === undefined ? where : `soql ${shortHash(conditionText(this.#query))}`;
    mustGoByJob(this.#query, config);
    // Sharing rules and rights to fields hide records without an error, so a missing record is not proof of a deletion.
    const hides = { absence: 'maybe hidden', tellsDeletes: config.deleted === true } as const;
    this.reading = { ...usualReading, ...hides, upper: 'clock', readsAsPinned: true };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#known = undefined;
  }

  async describe(_cursor?: Json, _look?: Look, breadth?: Breadth, part?: LookedPart): Promise<Step<SourceDescription>> {
    this.#isBrief = breadth === 'a few';
    const found = await this.#look();
    if ('notBefore' in found) return { again: 'describe', notBefore: found.notBefore };
    const { object, columns, leftOut, unstamped } = found;
    const gone = this.#query === undefined ? this.#settled.filter((name) => !object.fields.some((field) => field.name === name)) : [];
    const isPart = part?.lower != null;
    const count = !isPart && this.#isWhole() ? await this.#org.count(this.#object) : undefined;
    if (typeof count === 'object') return { again: 'describe', notBefore: count.notBefore };
    if (count !== undefined) this.#count = count;
    return {
      done: {
        schema: schemaOf(columns),
        rows: count === undefined ? undefined : { n: count, exact: false },
        bytes: undefined,
        summary: `${this.#query === undefined ? '' : 'a query of '}${object.label} (${object.name}) of ${this.#org.origin}`,
        keys: this.#query?.isAggregate || !columns.some(({ name }) => name === 'Id') ? [] : ['Id'],
        pinned: this.#pinned as unknown as Json,
        notes: this.#notes({ leftOut, unstamped, isPart }),
        ...(gone.length === 0 ? {} : { warnings: [fieldsGone(gone)] }),
      },
    };
  }

  /** Whether all records of the object are read. */
  #isWhole(): boolean {
    const { where, limit, offset } = this.#query?.clauses ?? { where: this.#config.where };
    return where === undefined && limit === undefined && offset === undefined && !this.#query?.isAggregate;
  }

  async #look(): Promise<LookedObject | LaterAnswer> {
    const object = await this.#org.describe(this.#object);
    if ('notBefore' in object) return object;
    if (!object.queryable) throw notQueryable(this.#org.origin, object.name);
    const found = await this.#columnsOf(object);
    if ('notBefore' in found) return found;
    const marksDeleted = object.fields.some(({ name, filterable }) => name === 'IsDeleted' && filterable);
    this.#pinned = { version: 1, columns: found.columns, ...(marksDeleted ? { marksDeleted } : {}) };
    return { object, ...found };
  }

  async #columnsOf(object: DescribedObject): Promise<Omit<LookedObject, 'object'> | LaterAnswer> {
    const { columns: wanted, exclude = [], deleted } = this.#config;
    const { name: table, fields } = object;
    const declared = typesGiven(this.#config.types);
    if (this.#query !== undefined) {
      const describe = (name: string) => this.#org.describe(name);
      const found = await selectedColumns(this.#query, { object, describe, declared, deleted });
      return 'notBefore' in found ? found : { ...found, leftOut: [] };
    }
    const all = fields.map(({ name }) => name);
    for (const name of [...(wanted ?? []), ...exclude, ...declared.keys()]) {
      const field = fields.find((one) => one.name === name);
      if (field === undefined) throw noField(table, name, all);
      if (wanted?.includes(name) && isLeftOut(field)) throw unreadField(table, name, field.type);
    }
    if (deleted && !all.includes('IsDeleted')) throw noDeletedMark(table);
    const isTaken = ({ name }: DescribedField) => name === 'Id' || ((wanted?.includes(name) ?? true) && !exclude.includes(name));
    const taken = fields.filter((field) => !isLeftOut(field) && (isTaken(field) || (deleted && field.name === 'IsDeleted')));
    const columns = taken.map((field): OrgColumn => {
      const column = columnOf(field, declared);
      return deleted && field.name === 'IsDeleted' ? { name: deletedColumn, type: { kind: 'bool' }, nullable: false } : column;
    });
    return {
      columns,
      leftOut: fields.filter((field) => isLeftOut(field) && isTaken(field)).map(({ name }) => name),
      unstamped: taken.filter(({ calculated }) => calculated).map(({ name }) => name),
    };
  }

  #notes({ leftOut, unstamped, isPart }: Pick<LookedObject, 'leftOut' | 'unstamped'> & { readonly isPart: boolean }): readonly OwnNote[] {
    const { calls } = this.#org;
    return [
      ...(leftOut.length === 0
        ? []
        : [note('fields_left_out', `left out, because a query does not return them whole: ${named(leftOut)}`, { fields: [...leftOut] })]),
      ...(isPart && unstamped.length > 0
        ? [
            note(
              'unstamped_fields',
              `${this.#query === undefined ? 'formulas and roll-ups' : 'formulas, roll-ups and fields of parents'} change without a new SystemModstamp, and an increment does not see these changes: ${named(unstamped)}. full_every: 7d reads them again`,
              { fields: [...unstamped] },
            ),
          ]
        : []),
      ...(isPart && this.#config.deleted
        ? [
            note(
              'recycle_bin',
              'deleted records are seen while they are in the recycle bin, 15 days at most. Records that are purged at once are not seen',
            ),
          ]
        : []),
      ...(calls === undefined
        ? []
        : [note('calls', `the org has answered ${counted(calls.used)} of ${counted(calls.of)} calls in 24 hours`, { ...calls })]),
    ];
  }

  async bound({ column, ...lag }: BoundRequest): Promise<Step<Watermark | 'observed' | undefined> & LookNotes> {
    this.#mustHaveWindow();
    const { type } = this.#column(column);
    if (this.#org.time === undefined) {
      const found = await this.#org.describe(this.#object);
      if ('notBefore' in found) return { again: 'bound', notBefore: found.notBefore };
    }
    if (this.#org.time === undefined) throw noTime(this.place);
    // The org returns times in UTC, and dates as the user entered them.
    const zone = type.kind === 'date' ? undefined : 'UTC';
    return clockBound({
      column,
      type,
      ...this.#org.time,
      lagMs: lagOf(lag, usualLagMs),
      cut: cutToSeconds,
      isOpen: lag.isOpen === true,
      zone,
    });
  }

  async future(): Promise<Step<FutureRows>> {
    return { done: { rows: 0, latest: null, until: null } };
  }

  async nulls(column: string): Promise<Step<number | 'while reading'>> {
    return { done: /^(CreatedDate|LastModifiedDate|SystemModstamp)$/.test(column) ? 0 : 'while reading' };
  }

  async plan(window: Window, _budget: { readonly sliceBytes: number }, cursor?: Json): Promise<Step<SlicePlan>> {
    const { begun = [] } = (cursor ?? {}) as { readonly begun?: readonly string[] };
    const api = await this.#apiFor(window);
    if (typeof api === 'object') return { again: { begun }, notBefore: api.notBefore };
    const ranges = api === 'rest' ? [{}] : await this.#ranges(window, begun);
    if ('notBefore' in ranges) return { again: { begun }, notBefore: ranges.notBefore };
    if ('later' in ranges) return { again: { begun: ranges.begun }, notBefore: ranges.later.notBefore };
    return { done: { slices: ranges.map((range) => ({ ref: { api, ...range }, rows: null, bytes: null })) } };
  }

  /** Throws HomeError HYG-3694 if the query has records in a window that are not simply the new records. */
  #mustHaveWindow(): void {
    if (this.#query === undefined) return;
    const { limit, offset } = this.#query.clauses;
    if (this.#query.isAggregate) throw badSoql('The query has groups of records, and no watermark shows which groups are new.', fullLoad);
    if (limit !== undefined || offset !== undefined)
      throw badSoql('The query has a LIMIT or an OFFSET, which would leave records out of an increment permanently.', fullLoad);
  }

  async #apiFor(window: Window): Promise<'rest' | 'bulk' | LaterAnswer> {
    const { api } = this.#config;
    if (window.column !== null) this.#mustHaveWindow();
    if (this.#query?.isAggregate || this.#query?.clauses.offset !== undefined) return 'rest';
    if (api !== 'auto') return api;
    if (!this.#org.fits(this.#soql(window, this.#columnsFor(window), { after: null }))) return 'bulk';
    if (window.lower !== null || this.#isBrief) return 'rest';
    const count = await this.#records();
    if (typeof count === 'object') return count;
    return count >= bulkFrom ? 'bulk' : 'rest';
  }

  /** The ranges of Ids. The result is one open range if the object is small, or if the org does not show the order of Ids. */
  async #ranges(window: Window, begun: readonly string[]): Promise<LaterAnswer | Awaited<ReturnType<typeof idRanges>>> {
    const { order, limit } = this.#query?.clauses ?? {};
    if (window.lower !== null || this.#isBrief || order !== undefined || limit !== undefined) return [{}];
    const records = await this.#records();
    if (typeof records === 'object') return records;
    if (records < rangesFrom) return [{}];
    const place = `${this.place}, ranges of Ids`;
    try {
      return await idRanges((ids) => this.#org.firstBehind(this.#object, ids, place), { records, place, from: begun });
    } catch (error) {
      if (error instanceof RequestRefused) return [{}];
      throw error;
    }
  }

  /** The approximate number of records of the object. 0: the number is unknown. */
  async #records(): Promise<number | LaterAnswer> {
    const count = this.#count ?? (await this.#org.count(this.#object));
    if (typeof count === 'object') return count;
    this.#count = count;
    return count ?? 0;
  }

  async *read(...of: Parameters<Home['read']>): AsyncGenerator<Frame | Checkpoint | Rejected> {
    const [, , from] = of;
    if (JSON.stringify(from) === JSON.stringify(atEnd)) return;
    for await (const item of this.#recordsOf(...of)) yield 'checkpoint' in item ? { ...item, asked: this.#asked() } : item;
    yield { checkpoint: atEnd, asked: this.#asked() };
  }

  /** The number of answers since the last report. Slices that are read at the same time share this number. */
  #asked(): AskedOfSource {
    const { answers, calls } = this.#org;
    const requests = answers - this.#told;
    this.#told = answers;
    return { requests, ...(calls === undefined ? {} : { quota: calls }) };
  }

  async *#recordsOf(
    slice: SliceRef,
    window: Window,
    from: Json | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<Frame | Checkpoint | Rejected> {
    const { clock, scratch } = this.#around;
    const columns = this.#columnsFor(window);
    const { api, ...range } = slice.ref as unknown as { readonly api: string } & IdRange;
    if (api === 'bulk') {
      const { bad_rows: badRows } = this.#config;
      const [soql, all] = [this.#soql(window, columns, { range }), this.#asksAll()];
      yield* readBulk({ org: this.#org, place: this.place, soql, all, columns, window, badRows }, { from, clock, scratch, signal });
      return;
    }
    let walk = (from as unknown as RestWalk | undefined) ?? beginning;
    for (;;) {
      const batch: QueryPage[] = [];
      const begunMs = clock.monotonicMs();
      let next: RestWalk | null = walk;
      let notBefore: Instant | undefined;
      for (let bytes = 0; next !== null && bytes < batchBytes && clock.monotonicMs() - begunMs < batchMs; ) {
        signal.throwIfAborted();
        const turned = await this.#pageFor(window, columns, next);
        if ('notBefore' in turned) {
          notBefore = turned.notBefore;
          break;
        }
        batch.push(turned.page);
        bytes += turned.page.body.length;
        next = turned.next;
      }
      yield* this.#rowsOf(batch, { window, columns, signal });
      if (next === null) return;
      walk = next;
      yield { checkpoint: walk as unknown as NonNullable<Json>, ...(notBefore === undefined ? {} : { notBefore }) };
    }
  }

  async #pageFor(window: Window, columns: readonly OrgColumn[], walk: RestWalk): ReturnType<typeof nextPage> {
    const page = (soql: string, name: string) => this.#org.query(this.#object, soql, { all: this.#asksAll(), page: name });
    const known = walk === beginning && window.lower !== null ? await this.#fromBound(window, columns, page) : undefined;
    if (known !== undefined) return 'notBefore' in known ? known : { page: known, next: null };
    const ask = {
      inOrder: this.#hasIdOrder(),
      query: (after: string | null, name: string) => page(this.#soql(window, columns, { after }), name),
      more: (path: string, name: string) => this.#org.more(path, name),
    };
    return nextPage(ask, walk, this.place);
  }

  /** All records from the lower bound on, if they are on one page. With such a page, one request reads both the rows at the bound and the rows above it. Undefined: the records are on several pages. */
  async #fromBound(
    window: Window,
    columns: readonly OrgColumn[],
    ask: (soql: string, name: string) => Promise<QueryPage | LaterAnswer>,
  ): Promise<QueryPage | LaterAnswer | undefined> {
    const soql = this.#soql({ ...window, upper: null }, columns, { after: null });
    const now = this.#around.clock.monotonicMs();
    if (this.#known?.soql === soql && now - this.#known.askedMs < freshMs) return await this.#known.page;
    const page = wholePage(ask(soql, `${this.place}, page 1`));
    const known = { soql, page, askedMs: now };
    this.#known = known;
    const forget = () => {
      if (this.#known === known) this.#known = undefined;
    };
    try {
      const answer = await page;
      if (answer !== undefined && 'notBefore' in answer) forget();
      return answer;
    } catch (error) {
      forget();
      throw error;
    }
  }

  #soql(
    window: Pick<Window, 'column' | 'lower' | 'upper' | 'nulls'>,
    columns: readonly OrgColumn[],
    part: { readonly after?: string | null; readonly range?: IdRange },
  ): string {
    const fields = columns.map(sourceName);
    const { where, ...clauses } = this.#query?.clauses ?? { where: this.#config.where };
    const { column } = window;
    const of = column === null ? window : { ...window, column: { ...column, column: sourceName(this.#column(column.column)) } };
    const { range, after } = part;
    const ordered = after === undefined || !this.#hasIdOrder() ? {} : { after };
    const undeleted = this.#asksAll() && !this.#config.deleted;
    const parts = { window: of, undeleted, ...ordered, ...(range === undefined ? {} : { range }) };
    return soqlOf({ fields, object: this.#object, where, clauses, ...parts });
  }

  /** Whether the query must also return deleted and archived records. A usual query leaves out deleted records, and archived tasks and events, which are older than a year. */
  #asksAll(): boolean {
    return this.#config.deleted || this.#pinned?.marksDeleted === true;
  }

  /** Whether records are requested in the order of Ids. A query of the config may have another order, or may not select the Id. */
  #hasIdOrder(): boolean {
    if (this.#query === undefined) return true;
    const { order, limit } = this.#query.clauses;
    return !this.#query.isAggregate && order === undefined && limit === undefined && this.#all().some(({ name }) => name === 'Id');
  }

  async *#rowsOf(
    batch: readonly QueryPage[],
    { window, columns, signal }: { readonly window: Window; readonly columns: readonly OrgColumn[]; readonly signal: AbortSignal },
  ): AsyncGenerator<Frame | Rejected> {
    const source = sourceOf(batch);
    if (source === undefined) return;
    const { format, pinned } = await jsonRecords(columns, this.#config.bad_rows);
    const content = await format.inspect(source, pinned);
    const names = columns.map(({ name }) => name);
    const { frameRows = usualFrameRows } = window;
    const whole = { source, content, from: 0, to: source.bytes, window, columns: names, frameBytes, frameRows };
    const schema = schemaOf(columns);
    for await (const item of format.read({ ...whole, scratch: this.#around.scratch, signal }))
      yield 'rejected' in item ? item : item.told(schema);
  }

  /** The facts that `debug` shows. */
  async look(): Promise<{ readonly fields: number; readonly records: number } | LaterAnswer> {
    await this.#org.signIn();
    const found = await this.#look();
    if ('notBefore' in found) return found;
    const { columns } = found;
    const limit = this.#query?.isAggregate || this.#query?.clauses.limit !== undefined || this.#query?.clauses.offset !== undefined;
    const soql = `${this.#soql(everything, columns, { after: null })}${limit ? '' : ' LIMIT 1'}`;
    const page = await this.#org.query(this.#object, soql, { all: this.#asksAll(), page: this.place });
    return 'notBefore' in page ? page : { fields: columns.length, records: page.records.length };
  }

  /** The fields that a window needs, with the Id and the mark of deleted records. */
  #columnsFor({ columns: wanted, column }: Window): readonly OrgColumn[] {
    const all = this.#all();
    if (wanted === undefined || this.#query?.isAggregate) return all;
    return all.filter(({ name }) => name === 'Id' || name === deletedColumn || name === column?.column || wanted.includes(name));
  }

  #column(name: string): OrgColumn {
    const all = this.#all();
    const found = all.find((one) => one.name === name);
    if (found === undefined)
      throw noField(
        this.#object,
        name,
        all.map((one) => one.name),
      );
    return found;
  }

  #all(): readonly OrgColumn[] {
    if (this.#pinned === null) throw new Error('an object is read that was not described');
    return this.#pinned.columns;
  }
}

/** The page with all records of a query. Undefined: the query has more records than this page. */
async function wholePage(asked: Promise<QueryPage | LaterAnswer>): Promise<QueryPage | LaterAnswer | undefined> {
  const page = await asked;
  if ('notBefore' in page) return page;
  return page.next === null && page.total === page.records.length ? page : undefined;
}

/** Members with the type and the address of a record, which are not fields. Each record has such a member, and each parent inside a record too. */
function attributesOf(columns: readonly OrgColumn[]) {
  const parents = new Map(
    columns.flatMap((column) => pathOf(column).map((_, at, path) => path.slice(0, at))).map((path) => [path.join('.'), path]),
  );
  return [...parents.values()].map((path) => ({
    name: [...path, 'attributes'].join('.'),
    type: { kind: 'json' } as const,
    path: [...path, 'attributes'],
  }));
}

/** Throws HomeError HYG-3694 if the config requires a job, but jobs do not support the query. */
function mustGoByJob(query: SoqlQuery | undefined, { api }: SalesforceConfig): void {
  if (query === undefined || api !== 'bulk') return;
  if (query.isAggregate || query.clauses.offset !== undefined)
    throw badSoql('Jobs of Bulk API 2.0 support no groups of records and no OFFSET, but api: bulk is set.', ['Leave out api']);
}

const fullLoad = [
  'Read the whole query in each run: run_type: full_drop, without a watermark',
  'Or remove the groups, LIMIT or OFFSET from the query',
];

interface LookedObject {
  readonly object: DescribedObject;
  readonly columns: readonly OrgColumn[];
  readonly leftOut: readonly string[];
  /** Columns that may change although the record’s time of change stays the same. */
  readonly unstamped: readonly string[];
}

async function jsonRecords(
  columns: readonly OrgColumn[],
  badRows: SalesforceConfig['bad_rows'],
): Promise<{ readonly format: Format; readonly pinned: Json }> {
  const types = Object.fromEntries(columns.map(({ name, type }) => [name, describeType(type)]));
  const { jsonFormat } = await import('../../formats/json/json.ts');
  const format = jsonFormat('ndjson', { types, bad_rows: badRows, compression: 'none' }, { row: 'Record' });
  const own = columns.map((column) => ({ name: column.name, type: column.type, path: pathOf(column) }));
  return { format, pinned: pinnedAs(homeOptions({}).reading, [...own, ...attributesOf(columns)]) };
}

/** A note on fields that the org no longer shows. Field-level security hides a field from the description, as if the field were deleted. */
function fieldsGone(gone: readonly string[]): OwnNote {
  return note(
    'fields_gone',
    `the org no longer shows these fields: ${named(gone)}. Either they were deleted, or the user has lost the right to read them. If records change before the fields are back, their values are lost until these records are read again`,
    { fields: [...gone] },
  );
}

function note(code: string, text: string, params?: OwnNote['params']): OwnNote {
  return { code: `salesforce.${code}`, text, ...(params === undefined ? {} : { params }) };
}

function named(names: readonly string[]): string {
  const shown = names.slice(0, mostNamed).join(', ');
  return names.length > mostNamed ? `${shown} and ${names.length - mostNamed} more` : shown;
}

const counted = (n: number) => n.toLocaleString('en-US');
