/** A REST API as a home: pages one after another, records by the JSON format. */
import type { Opening, Proposal } from '../../engine/contracts/connector.ts';
import type { Frame, Step } from '../../engine/contracts/frame.ts';
import {
  type BoundRequest,
  type Breadth,
  type Checkpoint,
  deletedColumn,
  everything,
  type FutureRows,
  type Home,
  type HomeCapabilities,
  type Look,
  type LookedPart,
  type LookNotes,
  type SlicePlan,
  type SliceRef,
  type SourceDescription,
  type Window,
} from '../../engine/contracts/home.ts';
import { BadRecord } from '../../formats/bytes/json-lexer.ts';
import type { FileSource, Partly, SampleResult } from '../../formats/contract/format.ts';
import { formatOptions } from '../../formats/formats.ts';
import type { Rejected } from '../../frames/rejected.ts';
import type { Schema } from '../../frames/schema.ts';
import { shortHash } from '../../frames/short-hash.ts';
import type { Watermark } from '../../frames/watermark.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { Instant, Json } from '../../ports/values.ts';
import { type Envelope, envelopeOf } from '../answers/envelope.ts';
import { errorInside, listInside, misfit, noPage, noTime, partOfList, tooLarge } from '../answers/errors.ts';
import { listsInside } from '../answers/list-places.ts';
import { linesOf, rowLines, sourceOfLines } from '../answers/record-lines.ts';
import { hasUpper } from '../lists/config.ts';
import { instantAs } from '../lists/counted-time.ts';
import { furtherPages } from '../lists/further-pages.ts';
import { type PageSource, pageBatches, type ReadPage } from '../lists/page-batches.ts';
import { beginning, type Page, requestOf, selectorsOf, type Turn, totalIn, turn, unprovenBy, type Walk } from '../lists/pages.ts';
import { slicesOf, windowOfSlice } from '../lists/slices.ts';
import { fitsWindow, windowParams } from '../lists/window-params.ts';
import { type Member, needsRows, rowsOf } from '../parents/rows.ts';
import { proposalOf, rankedLists, shownList } from '../proposals/proposal.ts';
import { revealed } from '../requests/config.ts';
import { type Answer, ApiRequests, type LaterAnswer } from '../requests/requests.ts';
import { addressOf, type RestConfig, recordKeyNames } from './config.ts';
import { type RecordFormats, recordFormats } from './record-formats.ts';

const frameBytes = 32 * 1024 * 1024;
const mostRecordBytes = 32 * 1024 * 1024;
const usualFrameRows = 100_000;
/** So many pages tell the types of a first load. */
const sampledPages = 3;
/** A look at all records holds so many bytes of them in memory, and decides by these. */
const mostLookedAt = 64 * 1024 * 1024;
/** How far a run stays behind the API's clock by itself: what was just written may not be listed yet. */
const usualLagMs = 60_000;
/** A first page that was looked at is not asked for again while it is so young. */
const freshMs = 60_000;
const mostKept = 4 * 1024 * 1024;

/** What settles with the snapshot. */
interface Pinned {
  readonly format: Json;
  /** `Format.read`, `partly`. Null: the types are decided, and a record that does not fit is a bad one. */
  readonly partly: Partly | null;
}

interface Got {
  readonly page: Page;
  readonly answer: Answer;
}

export async function restHome(config: RestConfig, opening: Pick<Opening, 'network' | 'clock' | 'scratch' | 'pinned'>): Promise<RestHome> {
  return new RestHome(
    config,
    await recordFormats(formatOptions({ ...options(config), format: 'ndjson', compression: 'none' }, 'home')),
    opening,
  );
}

function options(config: RestConfig): Readonly<Record<string, unknown>> {
  const given = config as unknown as Readonly<Record<string, unknown>>;
  const keys = Object.fromEntries(recordKeyNames.map((name) => [name, given[name]]));
  // The column is there in a list without a record, too.
  return config.deleted === undefined ? keys : { ...keys, types: { ...(keys.types as object), [deletedColumn]: 'bool' } };
}

export class RestHome implements Home {
  readonly capabilities: HomeCapabilities;
  readonly place: string;
  readonly rowCondition?: string;
  readonly #config: RestConfig;
  readonly #formats: RecordFormats;
  readonly #opening: Pick<Opening, 'clock' | 'scratch'>;
  readonly #requests: ApiRequests;
  readonly #records: readonly string[];
  #pinned: Pinned | null;
  #schema: Schema | undefined;
  #date: Instant | undefined;
  /** The first page of what a run reads, and when it was asked for. */
  #first: { readonly from: string; readonly got: Got; readonly askedMs: number } | undefined;

  constructor(
    config: RestConfig,
    formats: RecordFormats,
    { network, clock, scratch, pinned }: Pick<Opening, 'network' | 'clock' | 'scratch' | 'pinned'>,
  ) {
    this.#config = config;
    this.#formats = formats;
    this.#opening = { clock, scratch };
    this.#requests = new ApiRequests(config, { network, clock });
    this.#pinned = pinned as unknown as Pinned | null;
    const { records = '.' } = config;
    this.#records = records === '.' ? [] : records.split('.');
    const address = addressOf(config);
    this.place = `${address.origin}${address.pathname}`;
    // Parameters may hold secrets.
    const params = Object.entries(config.params ?? {}).map(([name, value]) => [name, revealed(value)]);
    if (params.length > 0) this.rowCondition = `params ${shortHash(JSON.stringify(params))}`;
    const upper = config.append_only ? 'appended' : config.clock === 'none' ? 'observed' : 'clock';
    this.capabilities = {
      order: config.window?.slice === undefined ? 'in_order' : 'sliced',
      upper,
      filter: config.window === undefined ? 'none' : 'range',
      ...(config.window?.format === 'epoch_s'
        ? { epochs: 's' as const }
        : config.window?.format === 'epoch_ms'
          ? { epochs: 'ms' as const }
          : {}),
      repeatable: true,
      byFile: false,
      ...(config.deleted === undefined ? {} : { deletes: true }),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#first = undefined;
  }

  async describe(_cursor?: Json, look: Look = 'briefly', _breadth?: Breadth, part?: LookedPart): Promise<Step<SourceDescription>> {
    const window: Window = { ...everything, ...part };
    const before = this.#pinned?.format ?? null;
    const most = look === 'whole' ? Number.POSITIVE_INFINITY : look === 'for a run' && before === null ? sampledPages : 1;
    const sources: FileSource[] = [];
    let [pages, bytes, isWhole] = [0, 0, false];
    for (let walk: Walk | null = beginning; walk !== null && pages < most && bytes < mostLookedAt; pages++) {
      const got = await this.#get(walk, window);
      if ('notBefore' in got) return { again: { look }, notBefore: got.notBefore };
      if (walk === beginning) this.#remember(window, got);
      const { from, next } = this.#turn(walk, got.page);
      const source = this.#sourceOf([{ page: got.page, from }]);
      if (source) sources.push(source);
      bytes += source?.bytes ?? 0;
      walk = next;
      isWhole = next === null;
    }
    const sampled = await this.#sample(sources, { before, look, complete: isWhole && part === undefined });
    // After a look at as much as it holds there is no other look that would show more.
    const partly = isWhole ? 'names' : look === 'whole' ? null : before === null ? 'names and kinds' : 'names';
    this.#pinned = { format: sampled.pinned, partly };
    const inspected = await this.#formats.look.inspect(sources[0] ?? emptySource(this.place), sampled.pinned);
    this.#schema = inspected.schema;
    const total = this.#first && totalIn(this.#config.pagination, this.#first.got.page);
    const { warnings } = sampled;
    return {
      done: {
        schema: inspected.schema,
        rows: total === undefined ? undefined : { n: Number(total), exact: false },
        bytes: undefined,
        summary: `records of ${this.place}`,
        pinned: this.#pinned as unknown as Json,
        notes: [
          ...sampled.notes,
          ...this.#unproven(part !== undefined && this.#config.window !== undefined && hasUpper(this.#config.window)),
        ],
        ...(warnings === undefined ? {} : { warnings }),
      },
    };
  }

  /** Types that have settled stay; a source without a record has those. */
  async #sample(
    sources: readonly FileSource[],
    { before, look, complete }: { readonly before: Json | null; readonly look: Look; readonly complete: boolean },
  ): Promise<SampleResult> {
    if (sources.length === 0 && before !== null) return { pinned: before, notes: [] };
    const { scratch } = this.#opening;
    const from = sources.length === 0 ? [emptySource(this.place)] : sources;
    const found = await this.#formats.look.sample?.({ sources: from, pinned: before, scratch, look, complete });
    if (found === undefined) throw new Error('the JSON format looks at samples');
    return found;
  }

  #unproven(isPart: boolean): readonly OwnNote[] {
    const why = unprovenBy(this.#config.pagination, isPart);
    if (why === undefined) return [];
    return [{ code: 'api.whole_unproven', text: `nothing proves that each record was read where the list changes meanwhile: ${why}` }];
  }

  async bound({ column, lagMs }: BoundRequest): Promise<Step<Watermark | 'observed' | undefined> & LookNotes> {
    if (this.capabilities.upper !== 'clock') return { done: 'observed' };
    if (this.#date === undefined) {
      const got = await this.#get(beginning, everything);
      if ('notBefore' in got) return { again: 'bound', notBefore: got.notBefore };
    }
    if (this.#date === undefined) throw noTime(this.place);
    const type = this.#schema?.columns.find(({ name }) => name === column)?.type;
    const at = new Date(Date.parse(this.#date) - (lagMs || usualLagMs)).toISOString();
    const text = type && instantAs(type, at, this.#config.window?.format);
    return { done: type === undefined || text === undefined ? undefined : { column, type, text } };
  }

  async future(): Promise<Step<FutureRows>> {
    return { done: { rows: 0, latest: null, until: null } };
  }

  async nulls(): Promise<Step<'while reading'>> {
    return { done: 'while reading' };
  }

  async plan(window: Window): Promise<Step<SlicePlan>> {
    const { window: params } = this.#config;
    if (params !== undefined && window.column !== null && !fitsWindow(window.column, params))
      throw misfit(this.place, window.column, params);
    return { done: { slices: slicesOf(window, params) } };
  }

  async *read(slice: SliceRef, whole: Window, from: Json | undefined, signal: AbortSignal): AsyncGenerator<Frame | Checkpoint | Rejected> {
    const window = windowOfSlice(whole, slice);
    const source: PageSource = {
      clock: this.#opening.clock,
      page: async (walk) => {
        const got = await this.#get(walk, window);
        return 'notBefore' in got ? got : got.page;
      },
      turn: (walk, page) => this.#turn(walk, page),
    };
    try {
      for await (const { pages, next, notBefore } of pageBatches(source, (from as unknown as Walk | undefined) ?? beginning, signal)) {
        const records = this.#sourceOf(pages);
        if (records) yield* this.#rowsOf(records, window, signal);
        if (next !== null) yield { checkpoint: next as unknown as NonNullable<Json>, ...(notBefore === undefined ? {} : { notBefore }) };
      }
    } catch (error) {
      // Another attempt asks the API again.
      this.#first = undefined;
      throw error;
    }
  }

  #sourceOf(batch: readonly ReadPage[], members: readonly Member[] = []): FileSource | undefined {
    const config = this.#config;
    if (members.length === 0 && !needsRows(config)) return sourceOf(batch, null);
    return sourceOf(batch, ({ body, records }, from) => records.slice(from).flatMap((record) => rowsOf(body, record, config, members)));
  }

  async *#rowsOf(source: FileSource, window: Window, signal: AbortSignal): AsyncGenerator<Frame | Rejected> {
    const { format, partly } = this.#pinned ?? { format: null, partly: null };
    const by = this.#formats.of(source.bytes);
    const content = await by.inspect(source, format);
    const { columns = null, frameRows = usualFrameRows } = window;
    const whole = { source, content, from: 0, to: source.bytes, window, columns, frameBytes, frameRows };
    yield* by.read({ ...whole, ...(partly === null ? {} : { partly }), scratch: this.#opening.scratch, signal });
  }

  /** What the first answer shows of keys that the config lacks; undefined: nothing can be seen now. @param entity its name. */
  async proposal(entity: string): Promise<Proposal | undefined> {
    const { pagination, records, types, window } = this.#config as RestConfig & { readonly types?: Readonly<Record<string, string>> };
    const name = `${this.place}, page 1`;
    const answer = await this.#requests.get(requestOf(pagination, beginning, this.#firstOf(everything)), name);
    if ('notBefore' in answer || answer.length === 0) return undefined;
    try {
      return proposalOf(answer, { records, pagination, types, window, entity });
    } catch (error) {
      if (error instanceof BadRecord) return undefined;
      throw error;
    }
  }

  /** For `debug`: what the first page shows. */
  async firstPage(): Promise<{ readonly records: number; readonly next: boolean } | LaterAnswer> {
    await this.#requests.signIn();
    const got = await this.#get(beginning, everything);
    if ('notBefore' in got) return got;
    return { records: got.page.records.length, next: this.#turn(beginning, got.page).next !== null };
  }

  async #get(walk: Walk, window: Window): Promise<Got | LaterAnswer> {
    const known = walk.at === null && walk.pages === 0 ? this.#known(window) : undefined;
    if (known) return known;
    const first = this.#firstOf(window);
    const name = `${this.place}, page ${walk.pages + 1}`;
    const answer = await this.#requests.get(requestOf(this.#config.pagination, walk, first), name);
    if ('notBefore' in answer) return answer;
    this.#date ??= answer.date;
    return { page: this.#pageOf(answer, name), answer };
  }

  /** The next page may be an address with the key that was sent: a checkpoint lies in the state, and each request is given the key anew. */
  #turn(walk: Walk, page: Page): Turn {
    const turned = turn(this.#config.pagination, walk, page);
    const { auth, pagination } = this.#config;
    const { next } = turned;
    if (next === null || auth?.type !== 'api_key' || auth.query === undefined) return turned;
    if (pagination.type !== 'next_url' && pagination.type !== 'link_header') return turned;
    const url = new URL(String(next.at));
    url.searchParams.delete(auth.query);
    return { ...turned, next: { ...next, at: url.href } };
  }

  #firstOf(window: Pick<Window, 'column' | 'lower' | 'upper'>): URL {
    const url = addressOf(this.#config);
    for (const [name, value] of Object.entries(this.#config.params ?? {})) url.searchParams.set(name, revealed(value));
    const bounds = windowParams(window, this.#config.window, (name) => url.searchParams.get(name));
    for (const [name, value] of Object.entries(bounds)) url.searchParams.set(name, value);
    return url;
  }

  /** What the API filters by, but for the upper bound. */
  #fromOf({ column, lower }: Pick<Window, 'column' | 'lower'>): string {
    return this.#firstOf({ column, lower, upper: null }).href;
  }

  #remember(window: Window, got: Got): void {
    const askedMs = this.#opening.clock.monotonicMs();
    this.#first = got.page.body.length > mostKept ? undefined : { from: this.#fromOf(window), got, askedMs };
    this.#date = got.answer.date ?? this.#date;
  }

  /** The first page that was looked at, where it is of the same request, or has all that begins at the same bound. */
  #known(window: Window): Got | undefined {
    const first = this.#first;
    if (first === undefined || first.from !== this.#fromOf(window) || this.#opening.clock.monotonicMs() - first.askedMs > freshMs)
      return undefined;
    const isSame = this.#firstOf(window).href === first.from;
    return isSame || this.#turn(beginning, first.got.page).next === null ? first.got : undefined;
  }

  #pageOf(answer: Answer, name: string): Page {
    const { url, header } = answer;
    const { pagination, error_at: errorAt } = this.#config;
    // 204 has no body.
    if (answer.length === 0) return { body: answer, url, records: [], values: new Map(), name, header };
    const selectors = [...selectorsOf(pagination), ...(errorAt === undefined ? [] : [errorAt])];
    let found: Envelope;
    try {
      found = envelopeOf(answer, this.#records, selectors);
    } catch (error) {
      if (error instanceof BadRecord) throw noPage(name, `It is not one whole JSON document: ${error.reason}, at byte ${error.at}.`);
      throw error;
    }
    const inside = errorAt === undefined ? undefined : found.values.get(errorAt);
    if (inside && inside.kind !== 'null' && inside.text !== 'false' && inside.text !== '')
      throw errorInside(name, this.#requests.hidden(inside.text).slice(0, 300));
    if (found.records === undefined) {
      const why = this.#records.length === 0 ? 'It is no array of records.' : `There are no records at ${this.#records.join('.')}.`;
      throw noPage(name, why, rankedLists(listsInside(answer), '').map(shownList));
    }
    if (this.#config.records === undefined && !isArray(answer)) {
      const lists = rankedLists(listsInside(answer), '');
      if (lists.length > 0)
        throw listInside(
          name,
          lists.map((list) => ({ ...list, shown: shownList(list) })),
        );
    }
    if (found.records.some(({ start, end }) => end - start > mostRecordBytes)) throw tooLarge(name, 'A record has more than 32 MB.');
    const page = { body: answer, url, records: found.records, values: found.values, name, header };
    const further = pagination.type === 'none' && !pagination.ignore_next ? furtherPages(pagination, page) : undefined;
    if (further !== undefined) throw partOfList(name, further);
    return page;
  }
}

/** White space and a mark of UTF-8 may stand before it. */
function isArray({ bytes }: Pick<Answer, 'bytes'>): boolean {
  return /^(\xef\xbb\xbf)?\s*\[/.test(bytes.toString('latin1', 0, 1_000));
}

const emptySource = (name: string): FileSource => sourceOfLines(name, []);

/** A number of pages as a source of rows. Null: the bytes of a page are the rows as they are. */
type Rows = ((page: Page, from: number) => readonly Buffer[]) | null;

/** The records of pages as lines; undefined: there are none. */
function sourceOf(batch: readonly ReadPage[], rows: Rows): FileSource | undefined {
  const all: Buffer[] = [];
  const names: string[] = [];
  for (const { page, from } of batch) {
    const lines = rows === null ? linesOf(page.body, page.records.slice(from)) : rowLines(rows(page, from));
    if (lines.length === 0) continue;
    all.push(lines);
    names.push(page.name);
  }
  if (all.length === 0) return undefined;
  const [first = ''] = names;
  const name = names.length === 1 ? first : `${first.replace(/page (?=\d+$)/, 'pages ')} to ${names.at(-1)?.replace(/^.* /, '')}`;
  return sourceOfLines(name, all);
}
