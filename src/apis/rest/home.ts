/** A REST API as a home: pages one after another, records by the JSON format. */
import type { Opening, Proposal } from '../../engine/contracts/connector.ts';
import type { Frame, Step } from '../../engine/contracts/frame.ts';
import {
  type BoundRequest,
  type Breadth,
  type Checkpoint,
  everything,
  type FutureRows,
  type Home,
  type HomeCapabilities,
  type Look,
  type LookedPart,
  type LookNotes,
  type MissedParents,
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
import { misfit, noTime, parentNotRead } from '../answers/errors.ts';
import { upTo } from '../lists/anchors.ts';
import { type ApiTime, clockBound } from '../lists/clock-bound.ts';
import { hasUpper, type WindowParams } from '../lists/config.ts';
import type { Zoned } from '../lists/epoch-time.ts';
import { type Cut, cutOf, upToCut } from '../lists/future-rows.ts';
import { newestFirst, newestOf } from '../lists/newest-first.ts';
import { batchesFrom, type PageSource, pageBatches } from '../lists/page-batches.ts';
import { beginning, type Page, requestOf, type Turn, totalIn, turn, unprovenBy, type Walk } from '../lists/pages.ts';
import { slicesOf, windowOfSlice } from '../lists/slices.ts';
import { isFirstRequest, twoPasses } from '../lists/two-passes.ts';
import { type CappedList, type CappedPlace, cappedBeginning, partFrom } from '../lists/window-cap.ts';
import { fitsWindow } from '../lists/window-params.ts';
import { missedParent, type Parent, type ParentFields, parentsOfSlice, planOfParents, windowOfParents } from '../parents/parents.ts';
import { proposalOf } from '../proposals/proposal.ts';
import { revealed } from '../requests/config.ts';
import { modeOf } from '../requests/modes.ts';
import { type AbsentAnswer, type Answer, ApiRequests, type LaterAnswer, type RequestsOpening } from '../requests/requests.ts';
import { addressOf, firstAddress, type RestConfig, recordOptions, withWholePaths } from './config.ts';
import type { Dialect } from './dialect.ts';
import { mustBeLast, pageOf, requestsExpected, withoutKey } from './page-of-answer.ts';
import { requestHash, type SettledPage, settledPage, versionOf } from './page-version.ts';
import { type ParentHome, ParentList, type Place, parentFields, placeFrom } from './parent-list.ts';
import { type RecordFormats, recordFormats } from './record-formats.ts';
import { emptySource, sourceOf } from './row-source.ts';

const frameBytes = 32 * 1024 * 1024;
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
  /** Absent: the list has several pages, or nothing tells later that it is the same. */
  readonly only?: SettledPage;
}

/** Parents of which a sample asks for rows. */
const sampledParents = 10;

interface Got {
  readonly page: Page;
  readonly answer: Answer;
}

export type RestOpening = RequestsOpening & Pick<Opening, 'scratch' | 'pinned'>;

export async function restHome(config: RestConfig, opening: RestOpening, dialect: Dialect = {}): Promise<RestHome> {
  const formats = await recordFormats(formatOptions({ ...recordOptions(config), format: 'ndjson', compression: 'none' }, 'home'));
  return new RestHome(withWholePaths(config), formats, opening, dialect);
}

export class RestHome implements Home {
  readonly capabilities: HomeCapabilities;
  readonly place: string;
  readonly rowCondition?: string;
  readonly #config: RestConfig;
  readonly #formats: RecordFormats;
  readonly #opening: Pick<Opening, 'clock' | 'scratch'>;
  readonly #requests: ApiRequests;
  readonly #dialect: Dialect;
  #pinned: Pinned | null;
  #schema: Schema | undefined;
  /** Of the first answer. */
  #time: ApiTime | undefined;
  /** Undefined: there are no parents. */
  readonly #parents: ParentList | undefined;
  readonly #fields: ParentFields;
  /** The first page of what a run reads, and when it was asked for. */
  #first: { readonly from: string; readonly got: Got; readonly askedMs: number } | undefined;

  constructor(config: RestConfig, formats: RecordFormats, opening: RestOpening, dialect: Dialect = {}) {
    const { clock, scratch, pinned } = opening;
    this.#config = config;
    this.#formats = formats;
    this.#dialect = dialect;
    this.#opening = { clock, scratch };
    this.#requests = new ApiRequests(config, opening);
    this.#pinned = pinned as unknown as Pinned | null;
    const { of } = config;
    const parents = of && new RestHome(of, formats, { ...opening, pinned: null });
    this.#fields = parentFields(config);
    this.#parents = parents && new ParentList(parents.#asParents(), this.#fields, clock);
    const address = addressOf(config);
    this.place = `${address.origin}${address.pathname.replaceAll('%7B', '{').replaceAll('%7D', '}')}`;
    // Parameters may hold secrets.
    const params = Object.entries(config.params ?? {}).map(([name, value]) => [name, revealed(value)]);
    const mode = modeOf(config.auth);
    const conditions = [
      ...(mode === undefined ? [] : [`mode ${mode}`]),
      ...(params.length > 0 ? [`params ${shortHash(JSON.stringify(params))}`] : []),
      ...(parents
        ? [
            `of ${parents.place}${this.#fields.key.length === 0 ? '' : ` by ${this.#fields.key}`}`,
            ...(parents.rowCondition ? [parents.rowCondition] : []),
          ]
        : []),
    ];
    if (conditions.length > 0) this.rowCondition = conditions.join(' ');
    const upper = config.append_only ? 'appended' : config.clock === 'none' ? 'observed' : 'clock';
    this.capabilities = {
      order: config.window?.slice === undefined && (of === undefined || config.clock === 'none') ? 'in_order' : 'sliced',
      upper,
      filter: config.window === undefined && config.order === undefined ? 'none' : 'range',
      ...(config.window?.format === 'epoch_s'
        ? { epochs: 's' as const }
        : config.window?.format === 'epoch_ms'
          ? { epochs: 'ms' as const }
          : {}),
      repeatable: true,
      byFile: false,
      readsAsPinned: true,
      ...(config.deleted === undefined ? {} : { deletes: true }),
      ...(of === undefined ? {} : { parents: true }),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#first = undefined;
    await this.#requests[Symbol.asyncDispose]();
  }

  async describe(_cursor?: Json, look: Look = 'briefly', _breadth?: Breadth, part?: LookedPart): Promise<Step<SourceDescription>> {
    const window: Window = { ...everything, ...part };
    const before = this.#pinned?.format ?? null;
    const most = look === 'whole' ? Number.POSITIVE_INFINITY : look === 'for a run' && before === null ? sampledPages : 1;
    const unchanged = part === undefined || look === 'whole' ? undefined : await this.#unchanged(window);
    if (unchanged !== undefined) return unchanged;
    const sources: FileSource[] = [];
    let [pages, bytes, isWhole] = [0, 0, false];
    let only: SettledPage | undefined;
    if (this.#parents !== undefined) {
      const looked = await this.#lookAtChildren(this.#parents, { look, isKnown: before !== null });
      if ('notBefore' in looked) return { again: { look }, notBefore: looked.notBefore };
      sources.push(...looked.sources);
      isWhole = looked.isWhole;
    } else
      for (let walk: Walk | null = beginning; walk !== null && pages < most && bytes < mostLookedAt; pages++) {
        const got = await this.#get(walk, window);
        if ('notBefore' in got) return { again: { look }, notBefore: got.notBefore };
        if (walk === beginning) this.#remember(window, got);
        // A list may end at its cap, where its total says otherwise.
        const isCapped: boolean = walk.read + got.page.records.length >= (this.#config.window?.cap ?? Number.POSITIVE_INFINITY);
        const { from, next }: Turn = isCapped ? { from: 0, next: null } : this.#turn(walk, got.page);
        const source = sourceOf(this.#config, [{ ...this.#settling(got.page, { from, read: walk.read, window }), members: [] }]);
        if (source) sources.push(source);
        bytes += source?.bytes ?? 0;
        walk = next;
        isWhole = next === null && !isCapped;
        if (isWhole && pages === 0) only = settledPage(this.#config, this.#firstOf(window), got.answer, this.capabilities.upper);
      }
    const sampled = await this.#sample(sources, { before, look, complete: isWhole && part === undefined });
    // After a look at as much as it holds there is no other look that would show more.
    const partly = isWhole ? 'names' : look === 'whole' ? null : before === null ? 'names and kinds' : 'names';
    this.#pinned = { format: sampled.pinned, partly, ...(only && { only }) };
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
        provisos: this.#unproven(part),
        ...(only && { version: versionOf(only) }),
        notes: [
          ...sampled.notes,
          ...(look === 'for a dry run' ? requestsExpected(this.#config, { total, page: this.#first?.got.page }) : []),
          ...(this.#parents?.notes(part !== undefined) ?? []),
          ...(this.#config.not_seen ?? []).map((what): OwnNote => ({ code: 'api.not_seen', text: `not seen: ${what}`, params: { what } })),
        ],
        ...(warnings === undefined ? {} : { warnings }),
      },
    };
  }

  /** The description of a list of one page that is as it settled; undefined: it is not known to be. */
  async #unchanged(window: Window): Promise<Step<SourceDescription> | undefined> {
    const { only = undefined, format } = this.#pinned ?? { format: null };
    const url = this.#firstOf(window);
    if (only === undefined || format === null || this.#parents !== undefined || only.of !== requestHash(this.#config, url))
      return undefined;
    const name = `${this.place}, page 1`;
    const answer = await this.#requests.getIfChanged(requestOf(this.#config.pagination, beginning, url), name, only.etag);
    if ('notBefore' in answer) return { again: 'describe', notBefore: answer.notBefore };
    if (!('unchanged' in answer)) {
      this.#remember(window, { page: this.#pageOf(answer, name), answer });
      return undefined;
    }
    this.#tell(answer.date);
    this.#schema = (await this.#formats.look.inspect(emptySource(this.place), format)).schema;
    const as = { schema: this.#schema, rows: undefined, bytes: undefined, summary: `records of ${this.place}` };
    return { done: { ...as, pinned: this.#pinned as unknown as Json, version: versionOf(only) } };
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

  #isBounded(part: LookedPart): boolean {
    const params = this.#windowParams(part);
    return params !== undefined && hasUpper(params);
  }

  #unproven(part: LookedPart | undefined): readonly OwnNote[] {
    const { pagination, order, whole } = this.#config;
    if (whole === 'two_passes') return [];
    const read = part === undefined ? 'all' : order !== undefined ? 'newest' : this.#isBounded(part) ? 'window' : 'all';
    const why = unprovenBy(pagination, read) ?? (whole === 'unproven' ? 'the config says so' : undefined);
    if (why === undefined) return [];
    return [{ code: 'api.whole_unproven', text: `nothing proves that each record was read where the list changes meanwhile: ${why}` }];
  }

  async bound({ column, lagMs }: BoundRequest): Promise<Step<Watermark | 'observed' | undefined> & LookNotes> {
    if (this.capabilities.upper !== 'clock') return { done: 'observed' };
    if (this.#time === undefined) {
      const got = this.#parents === undefined ? await this.#get(beginning, everything) : await this.#someParents(this.#parents);
      if ('notBefore' in got) return { again: 'bound', notBefore: got.notBefore };
    }
    if (this.#time === undefined) throw noTime(this.place);
    const type = this.#schema?.columns.find(({ name }) => name === column)?.type;
    const { window, zone } = this.#config;
    return clockBound({ column, type, ...this.#time, lagMs: lagMs || usualLagMs, format: window?.format, zone });
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
    if (this.#parents === undefined) return { done: { slices: slicesOf(window, params) } };
    const listed = await this.#parents.all();
    return 'notBefore' in listed ? { again: 'parents', notBefore: listed.notBefore } : { done: planOfParents(listed, window) };
  }

  async *read(slice: SliceRef, whole: Window, from: Json | undefined, signal: AbortSignal): AsyncGenerator<Frame | Checkpoint | Rejected> {
    const parents = parentsOfSlice(slice);
    const window = windowOfParents(windowOfSlice(whole, slice), slice);
    if (this.#config.window?.cap !== undefined) {
      yield* this.#readCapped({ ...this.#config.window, cap: this.#config.window.cap }, window, from, signal);
      return;
    }
    const count = parents?.length ?? 1;
    const after = ({ parent }: Place): Place | null => (parent + 1 < count ? { parent: parent + 1, walk: beginning } : null);
    const source: PageSource<Place> = {
      clock: this.#opening.clock,
      page: async ({ parent, walk }) => {
        const got = await this.#getIfThere(walk, window, parents?.[parent]);
        return 'page' in got ? got.page : got;
      },
      turn: (place, page) => {
        const turned = this.#turn(place.walk, page, window);
        const { from: fresh, next } = this.#config.whole === 'two_passes' ? twoPasses(turned, place.walk, page) : turned;
        return { from: fresh, next: next === null ? after(place) : { ...place, walk: next } };
      },
      after,
    };
    const begun = placeFrom(from, parents !== undefined);
    if (begun.parent >= count || begun.walk.isOver) return;
    try {
      for await (const { pages, missed, next, notBefore } of pageBatches(source, begun, signal)) {
        const records = sourceOf(
          this.#config,
          pages.map((one) => ({
            ...this.#settling(one.page, { from: one.from, read: one.at.walk.read, window }),
            members: parents?.[one.at.parent]?.members ?? [],
          })),
        );
        if (records) yield* this.#rowsOf(records, window, signal);
        const last = next === null ? pages.at(-1) : undefined;
        const token = last && this.#dialect.token?.(last.page);
        if (last !== undefined && token !== undefined) {
          yield { checkpoint: { ...last.at.walk, isOver: true } as unknown as NonNullable<Json>, token };
          return;
        }
        if (next === null && missed.length === 0) return;
        // Behind the last parent nothing is left, and the checkpoint tells which were missed.
        const place = next ?? { parent: count, walk: beginning };
        const told = missed.map(({ at, absent }) => missedParent(parents?.[at.parent], absent, window.lower));
        yield {
          checkpoint: (parents === undefined ? place.walk : place) as unknown as NonNullable<Json>,
          ...(told.length === 0 ? {} : { missed: this.#missed(told) }),
          ...(notBefore === undefined ? {} : { notBefore }),
        };
      }
    } catch (error) {
      // Another attempt asks the API again.
      this.#first = undefined;
      throw error;
    }
  }

  /** A window that the API may cut off, part by part. */
  async *#readCapped(
    params: CappedList['params'],
    window: Window,
    from: Json | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<Frame | Checkpoint | Rejected> {
    const list: CappedList = {
      place: this.place,
      pages: this.#config.pagination,
      params,
      window,
      page: async (walk, part) => {
        const got = await this.#get(walk, part);
        return 'notBefore' in got ? got : got.page;
      },
      turn: (walk, page) => this.#turn(walk, page),
    };
    const begun = (from as unknown as CappedPlace | undefined) ?? cappedBeginning;
    try {
      for await (const { pages, window: part, next, notBefore } of batchesFrom(begun, (at, goesOn) => partFrom(list, at, goesOn), signal)) {
        const settling = pages.map((one) => ({ ...this.#settling(one.page, { from: one.from, read: 0, window: part }), members: [] }));
        const records = sourceOf(this.#config, settling);
        if (records) yield* this.#rowsOf(records, part, signal);
        if (next !== null) yield { checkpoint: next as unknown as NonNullable<Json>, ...(notBefore === undefined ? {} : { notBefore }) };
      }
    } catch (error) {
      this.#first = undefined;
      throw error;
    }
  }

  #missed(missed: MissedParents['missed']): MissedParents {
    const { missing } = this.#config;
    if (missing === 'fail') throw parentNotRead(missed[0]?.id ?? '', missed[0]?.why ?? '');
    return { missed, warns: missing === 'warn' };
  }

  #asParents(): ParentHome {
    return {
      place: this.place,
      page: async (walk, window) => {
        const got = await this.#get(walk, window);
        if (walk === beginning && !('notBefore' in got) && got !== this.#first?.got) this.#remember(window, got);
        return got;
      },
      turn: (walk, page) => this.#turn(walk, page),
    };
  }

  async #someParents(parents: ParentList): ReturnType<ParentList['some']> {
    const some = await parents.some();
    if (!('notBefore' in some)) if (this.#time === undefined) this.#tell(some.answer.date);
    return some;
  }

  /** Rows of some parents, or of all of them. Types that have settled need none: a new name shows while rows are read. */
  async #lookAtChildren(
    parents: ParentList,
    { look, isKnown }: { readonly look: Look; readonly isKnown: boolean },
  ): Promise<{ readonly sources: readonly FileSource[]; readonly isWhole: boolean } | LaterAnswer> {
    const some = await this.#someParents(parents);
    if ('notBefore' in some) return some;
    if (isKnown && look !== 'whole') return { sources: [], isWhole: false };
    const listed = look === 'whole' ? await parents.all() : some.listed.slice(0, sampledParents);
    if ('notBefore' in listed) return listed;
    const most = look === 'whole' ? Number.POSITIVE_INFINITY : look === 'for a run' ? sampledPages : 1;
    const sources: FileSource[] = [];
    let bytes = 0;
    let isWhole = look === 'whole' || (some.isAll && listed.length === some.listed.length);
    for (const parent of listed) {
      for (let walk: Walk | null = beginning; walk !== null; ) {
        if (sources.length >= most || bytes >= mostLookedAt) return { sources, isWhole: false };
        const got: Got | LaterAnswer | AbsentAnswer = await this.#getIfThere(walk, everything, parent);
        if ('notBefore' in got) return got;
        if ('absent' in got) {
          isWhole = false;
          break;
        }
        const { from, next }: Turn = this.#turn(walk, got.page);
        parents.mustHaveOtherNames(got.page);
        const source = sourceOf(this.#config, [{ page: got.page, from, members: parent.members }]);
        if (source) sources.push(source);
        bytes += source?.bytes ?? 0;
        walk = next;
      }
    }
    return { sources, isWhole };
  }

  async *#rowsOf(source: FileSource, window: Window, signal: AbortSignal): AsyncGenerator<Frame | Rejected> {
    const { format, partly } = this.#pinned ?? { format: null, partly: null };
    const by = this.#formats.of(source.bytes);
    const content = await by.inspect(source, format);
    const { columns = null, frameRows = usualFrameRows } = window;
    const cut = this.#cutOf(window);
    const wanted = cut === undefined ? window : { ...window, upper: null };
    const whole = { source, content, from: 0, to: source.bytes, window: wanted, columns, frameBytes, frameRows };
    const items = by.read({ ...whole, ...(partly === null ? {} : { partly }), scratch: this.#opening.scratch, signal });
    yield* cut === undefined ? items : upToCut(items, cut);
  }

  /** Undefined: the API leaves out what lies above the window, or nothing tells whether its time has come. */
  #cutOf(window: Window): Cut | undefined {
    const params = this.#windowParams(window);
    if (this.capabilities.upper !== 'clock' || (params !== undefined && hasUpper(params))) return undefined;
    return cutOf(window, { time: this.#time, now: this.#opening.clock.now(), format: params?.format });
  }

  /** What the first answer shows of keys that the config lacks; undefined: nothing can be seen now. @param entity its name. */
  async proposal(entity: string): Promise<Proposal | undefined> {
    const { pagination, records, types, window } = this.#config as RestConfig & { readonly types?: Readonly<Record<string, string>> };
    const name = `${this.place}, page 1`;
    const some = this.#parents === undefined ? { listed: [undefined] } : await this.#parents.some();
    if ('notBefore' in some || some.listed.length === 0) return undefined;
    const answer = await this.#requests.get(requestOf(pagination, beginning, this.#firstOf(everything, some.listed[0])), name);
    if ('notBefore' in answer || answer.length === 0) return undefined;
    try {
      return proposalOf(answer, { records, pagination, types, window, entity });
    } catch (error) {
      if (error instanceof BadRecord) return undefined;
      throw error;
    }
  }

  #settling(page: Page, of: { readonly from: number; readonly read: number; readonly window: Window }) {
    const { settling } = this.#dialect;
    return settling === undefined ? { page, from: of.from } : { page: settling(page, of), from: 0 };
  }

  /** What the first answer shows; undefined: none was asked for, or it shows no time. */
  get time(): ApiTime | undefined {
    return this.#time;
  }

  /** What `describe` has seen of the run's first page; undefined: nothing that is kept. */
  get looked(): { readonly records: number; readonly isAll: boolean } | undefined {
    const page = this.#first?.got.page;
    return page && { records: page.records.length, isAll: this.#turn(beginning, page).next === null };
  }

  /** For `debug`: what the first page shows. */
  async firstPage(): Promise<{ readonly records: number; readonly next: boolean } | LaterAnswer> {
    await this.#requests.signIn();
    const some = this.#parents === undefined ? undefined : await this.#parents.some();
    if (some && 'notBefore' in some) return some;
    if (some?.listed.length === 0) return { records: 0, next: false };
    const got = await this.#getIfThere(beginning, everything, some?.listed[0]);
    if ('notBefore' in got) return got;
    if ('absent' in got) throw parentNotRead(some?.listed[0]?.id ?? '', String(got.absent));
    return { records: got.page.records.length, next: this.#turn(beginning, got.page).next !== null };
  }

  async #get(walk: Walk, window: Window, parent?: Parent): Promise<Got | LaterAnswer> {
    const got = await this.#asked(walk, window, { parent, mayBeAbsent: false });
    if ('absent' in got) throw new Error('a list that has to be there');
    return got;
  }

  /** The rows of a parent may not be there for this account, as their first page shows. */
  async #getIfThere(walk: Walk, window: Window, parent: Parent | undefined): Promise<Got | LaterAnswer | AbsentAnswer> {
    return await this.#asked(walk, window, { parent, mayBeAbsent: parent !== undefined && walk.pages === 0 });
  }

  async #asked(
    walk: Walk,
    window: Window,
    { parent, mayBeAbsent }: { readonly parent: Parent | undefined; readonly mayBeAbsent: boolean },
  ): Promise<Got | LaterAnswer | AbsentAnswer> {
    const known = isFirstRequest(walk) && parent === undefined ? this.#known(window) : undefined;
    if (known) return known;
    const first = this.#firstOf(window, parent);
    const name = `${parent === undefined ? this.place : `${first.origin}${first.pathname}`}, page ${walk.pages + 1}`;
    const url = requestOf(this.#config.pagination, walk, first);
    const answer = mayBeAbsent ? await this.#requests.getIfThere(url, name) : await this.#requests.get(url, name);
    if ('notBefore' in answer || 'absent' in answer) return answer;
    if (this.#time === undefined) this.#tell(answer.date);
    return { page: this.#pageOf(answer, name), answer };
  }

  #turn(walk: Walk, page: Page, window: Pick<Window, 'column' | 'lower' | 'upper'> = everything): Turn {
    const plain = this.#plainTurn(walk, page, window);
    if (plain.next === null) mustBeLast(this.#config.pagination, page);
    const turned =
      this.#config.order === undefined || window.column === null
        ? plain
        : newestFirst(plain, walk, page, newestOf(window, this.#pinned?.format ?? null));
    return withoutKey(turned, this.#config);
  }

  #plainTurn(walk: Walk, page: Page, window: Pick<Window, 'column' | 'lower' | 'upper'>): Turn {
    const { pagination: pages } = this.#config;
    const turned = turn(pages, walk, page);
    const { column, upper } = window;
    if (pages.type !== 'anchored' || column === null || upper === null || newestOf(window, this.#pinned?.format ?? null).at !== pages.field)
      return turned;
    return upTo(turned, page, pages, { type: column.type, upper });
  }

  #firstOf(window: Pick<Window, 'column' | 'lower' | 'upper' | 'columns'>, parent?: Parent): URL {
    const bounds = this.#windowParams(window);
    const url = firstAddress(this.#config, { window, parent, fields: this.#fields, bounds, place: this.place });
    return this.#dialect.first?.(url, window) ?? url;
  }

  #windowParams(window: Pick<Window, 'column' | 'lower' | 'upper'>): (WindowParams & Zoned) | undefined {
    const { windowParams: own } = this.#dialect;
    const { window: params, zone } = this.#config;
    return own === undefined ? params && { ...params, zone } : own(window);
  }

  /** What the API filters by, but for the upper bound. */
  #fromOf({ upper: _, ...window }: Window): string {
    return this.#firstOf({ ...window, upper: null }).href;
  }

  #remember(window: Window, got: Got): void {
    const askedMs = this.#opening.clock.monotonicMs();
    this.#first = got.page.body.length > mostKept ? undefined : { from: this.#fromOf(window), got, askedMs };
    this.#tell(got.answer.date);
  }

  #tell(date: Instant | undefined): void {
    if (date !== undefined) this.#time = { date, now: this.#opening.clock.now() };
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
    return pageOf(answer, name, {
      config: this.#config,
      selectors: this.#dialect.selectors ?? [],
      hidden: (text) => this.#requests.hidden(text),
    });
  }
}
