/** A REST API as a home. The home reads pages one after another, and decodes records by the JSON format. */

import type { Opening, Proposal } from '../../engine/contracts/connector.ts';
import type { Frame, Step } from '../../engine/contracts/frame.ts';
import {
  type AskedOfSource,
  type BoundRequest,
  type Breadth,
  type Checkpoint,
  everything,
  type FutureRows,
  type Home,
  type Look,
  type LookedPart,
  type LookNotes,
  type MissedParents,
  type Reading,
  type SlicePlan,
  type SliceRef,
  type SourceDescription,
  usualReading,
  type Window,
} from '../../engine/contracts/home.ts';
import { HomeError } from '../../errors/hygge-error.ts';
import { BadRecord } from '../../formats/bytes/json-lexer.ts';
import type { FileSource } from '../../formats/contract/format.ts';
import { formatOptions } from '../../formats/formats.ts';
import { shortHash } from '../../frames/short-hash.ts';
import type { Rejected } from '../../frames/values/rejected-rows.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { compareWatermarks, type WatermarkKey } from '../../frames/watermark-text.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { Json } from '../../ports/values.ts';
import { AnswerForm } from '../answers/answer-form.ts';
import { absentText, misfit, noTime, parentNotRead } from '../answers/errors.ts';
import { jsonRecords, type RecordFormats } from '../answers/record-formats.ts';
import { type Cut, cutOf, upToCut } from '../lists/future-rows.ts';
import { batchesFrom, type GoesOn, type PageSource, pageBatches, type ReadPage } from '../lists/page-batches.ts';
import { beginning, goesOn, type Page, requestOf, selectorsOf, type Walk } from '../lists/pages.ts';
import { slicesOf, windowOfSlice } from '../lists/slices.ts';
import { twoPasses } from '../lists/two-passes.ts';
import { type CappedList, type CappedPlace, cappedBeginning, cappedOver, partFrom } from '../lists/window-cap.ts';
import { fitsWindow } from '../lists/window-params.ts';
import { missedParent, type Parent, parentsOfSlice, planOfParents, windowOfParents } from '../parents/parents.ts';
import { proposalOf } from '../proposals/proposal.ts';
import { accountOf } from '../requests/account.ts';
import { addressOf } from '../requests/config.ts';
import { identityOf } from '../requests/identity.ts';
import { ApiRequests, type LaterAnswer, type RequestsOpening } from '../requests/requests.ts';
import { type ApiTime, clockBound, lagOf, type ShownNow } from '../times/clock-bound.ts';
import { isUncertain, type ShownTimes, shownTimes, timesOf, unitOf, withTimes } from '../times/cut-times.ts';
import { AnswerCaps, isOneAnswer, ListReach, ListReaches, type ReachSoFar, roundAnswerNotes } from './answer-cap.ts';
import { type RestConfig, recordOptions, revealedParams, withWholePaths } from './config.ts';
import type { Dialect } from './dialect.ts';
import { ListPages, type RunWindow } from './list-pages.ts';
import { addressToKeep } from './next-address.ts';
import { cappedPlaceFrom, type ParentHome, ParentList, type Place, type PlaceInCapped, parentFields, placeFrom } from './parent-list.ts';
import { sourceOf } from './row-source.ts';
import { type Pinned, SourceLook } from './source-look.ts';
import { TimesMemory } from './times-memory.ts';
import { WindowProof } from './window-proof.ts';
import { isOneValue, WindowRecords } from './window-records.ts';

const frameBytes = 32 * 1024 * 1024;
const usualFrameRows = 100_000;
/** The time by which a run stays behind the API’s clock by default. The API may not list new records immediately. */
const usualLagMs = 60_000;
/** The maximum number of parents whose lists are requested to find a list with records. */
const mostParentsAsked = 5;

type Column = NonNullable<Window['column']>;

/** The facts that a run knows about the times of its column. */
interface KnownTimes {
  readonly times: ShownTimes;
  /** The times that the API lists now. Absent: no times were seen, or the API filters by another field. */
  readonly now?: ShownNow;
}

/** Config keys that belong to the JSON format. */
interface RecordKeys {
  readonly types?: Readonly<Record<string, string>>;
  readonly flatten?: boolean | number;
  readonly separator?: string;
}

export type RestOpening = RequestsOpening & Pick<Opening, 'scratch' | 'pinned' | 'rowKey'>;

/** The opening for the list of parents, without the configured key, which is the key of the children. */
const withoutKey = ({ rowKey: _, ...opening }: RestOpening): RestOpening => opening;

/** Whether the window filters the received rows by their watermark. */
function isFiltered({ window, order }: RestConfig): boolean {
  return window === undefined ? order !== undefined : window.filters === undefined;
}

export async function restHome(config: RestConfig, opening: RestOpening, dialect: Dialect = {}): Promise<RestHome> {
  const formats = await jsonRecords(formatOptions({ ...recordOptions(config), format: 'ndjson', compression: 'none' }, 'home'));
  return new RestHome(withWholePaths(config), formats, opening, dialect);
}

export class RestHome implements Home {
  readonly reading: Reading;
  readonly place: string;
  readonly rowCondition: string;
  readonly #config: RestConfig;
  readonly #formats: RecordFormats;
  readonly #opening: Pick<Opening, 'clock' | 'scratch' | 'network'>;
  readonly #requests: ApiRequests;
  readonly #dialect: Dialect;
  /** The list of parents. Undefined: the home has no parents. */
  readonly #parents: ParentList | undefined;
  readonly #list: ListPages;
  readonly #form: AnswerForm;
  readonly #look: SourceLook;
  /** The proof that the window returns its records. Undefined: it is known how the API filters, or this is not a run. */
  readonly #proof: WindowProof | undefined;
  readonly #caps: AnswerCaps | undefined;
  /** The number of children’s lists that were checked for an early end. */
  readonly #looked = { lists: 0 };
  readonly #times: TimesMemory;
  readonly #records: WindowRecords;
  /** The values of the watermark column on each page. The values are kept, since finding them in large records takes long. */
  readonly #valuesOn = new WeakMap<Page, readonly WatermarkKey[]>();
  /** The lower bound of the run, as passed to `describe`. */
  #lower: Window['lower'] = null;
  /** Whether an earlier run has written rows. */
  readonly #isKnown: boolean;

  constructor(config: RestConfig, formats: RecordFormats, opening: RestOpening, dialect: Dialect = {}) {
    const { clock, scratch, network, pinned, rowKey } = opening;
    this.#config = config;
    this.#isKnown = pinned !== null;
    this.#formats = formats;
    this.#dialect = dialect;
    this.#opening = { clock, scratch, network };
    this.#requests = new ApiRequests(config, opening);
    const { of } = config;
    const { form, parents: pinnedParents = null } = (pinned ?? {}) as unknown as Partial<Pinned>;
    const parents = of && new RestHome(of, formats, { ...withoutKey(opening), pinned: pinnedParents as Json });
    const fields = parentFields(config);
    this.#parents = parents && new ParentList(parents.#asParents(), fields, clock);
    const address = addressOf(config);
    this.place = `${address.origin}${address.pathname.replaceAll('%7B', '{').replaceAll('%7D', '}')}`;
    // Values of parameters are hashed, since they may be secrets.
    const params = revealedParams(config);
    const conditions = [
      ...identityOf(config),
      ...(params.length > 0 ? [`params ${shortHash(JSON.stringify(params))}`] : []),
      ...(parents
        ? [
            `of ${parents.place}${fields.key.length === 0 ? '' : ` by ${fields.key}`}`,
            ...(parents.rowCondition === '' ? [] : [parents.rowCondition]),
          ]
        : []),
    ];
    this.rowCondition = conditions.join(' ');
    const upper = config.append_only ? 'appended' : config.clock === 'none' ? 'observed' : 'clock';
    this.reading = {
      ...usualReading,
      order: config.window?.slice === undefined && (of === undefined || config.clock === 'none') ? 'in_order' : 'sliced',
      upper,
      filter: isFiltered(config) ? 'range' : 'none',
      epochs: config.window?.format === 'epoch_s' ? 's' : config.window?.format === 'epoch_ms' ? 'ms' : 'none',
      tellsDeletes: config.deleted !== undefined,
      byParents: of !== undefined,
      readsAsPinned: true,
    };
    const named = [
      ...selectorsOf(config.pagination),
      ...(config.ignore_members ?? []),
      ...(config.error_at === undefined ? [] : [config.error_at]),
    ];
    this.#form = new AnswerForm(form, named);
    const formOfFeed = new AnswerForm(undefined, named);
    const shared = { place: this.place, requests: this.#requests, form: this.#form, formOfFeed };
    this.#list = new ListPages(config, { ...shared, clock, dialect, fields, rowKey, format: () => this.#look.pinned?.format ?? null });
    const looked = { ...shared, config, formats, scratch, list: this.#list, parents: this.#parents, upper: this.reading.upper, rowKey };
    this.#look = new SourceLook(looked, pinned as unknown as Pinned | null);
    const { ledger } = opening;
    this.#times = new TimesMemory(config, ledger);
    const records = new WindowRecords(config, this.#list, () => this.#look.pinned?.format ?? null);
    this.#records = records;
    if (dialect.windowParams !== undefined || ledger === undefined) return;
    this.#proof = new WindowProof(config, { place: this.place, clock, list: this.#list, records, ledger });
    this.#caps = new AnswerCaps(config, { list: this.#list, records, ledger });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#list.forget();
    await this.#requests[Symbol.asyncDispose]();
  }

  async describe(_cursor?: Json, look: Look = 'briefly', _breadth?: Breadth, part?: LookedPart): Promise<Step<SourceDescription>> {
    const account = await this.#account();
    if (typeof account === 'object') return { again: 'account', notBefore: account.notBefore };
    this.#lower = part?.lower ?? null;
    const step = await this.#look.describe(look, part);
    if (!('done' in step)) return step;
    const { pagination, window: params } = this.#config;
    const ofNumber = isOneAnswer(pagination) && params === undefined ? roundAnswerNotes(this.#list.first) : [];
    const notes = [...(step.done.notes ?? []), ...(this.#proof?.notes({ ...everything, ...part }) ?? []), ...ofNumber];
    return { done: { ...step.done, notes, ...(account !== undefined && { account }) } };
  }

  async #account(): Promise<string | undefined | LaterAnswer> {
    const { account: where, of } = this.#config;
    const asked = where ?? of?.account;
    return asked && (await accountOf({ config: this.#config, where: asked, network: this.#opening.network, requests: this.#requests }));
  }

  async bound({ column, ...lag }: BoundRequest): Promise<Step<Watermark | 'observed' | undefined> & LookNotes> {
    const warned = this.#isKnown && this.#parents !== undefined ? { lastingWarnings: this.#parents.warnings } : {};
    if (this.reading.upper !== 'clock') return { done: 'observed', ...warned };
    if (this.#list.time === undefined) {
      const got = this.#parents === undefined ? await this.#list.get(beginning, everything) : await this.#look.parentsSeen(this.#parents);
      if ('notBefore' in got) return { again: 'bound', notBefore: got.notBefore };
    }
    const { time } = this.#list;
    if (time === undefined) throw noTime(this.place);
    const type = this.#look.schema?.columns.find(({ name }) => name === column)?.type;
    const { window, zone } = this.#config;
    const isOpen = lag.isOpen === true;
    const known = type === undefined ? { times: [] } : await this.#timesOf({ column, type }, { isOpen });
    const cut = unitOf(known.times);
    const lagMs = lagOf(lag, usualLagMs);
    const bounded = clockBound({ column, type, ...time, lagMs, cut, isOpen, shown: known.now, format: window?.format, zone });
    const notes = [...(bounded.notes ?? []), ...this.#noteOfNumber(bounded.done), ...(await this.#noteOn(bounded.done))];
    return { ...bounded, notes, ...warned };
  }

  /** The times that show the unit to which the API cuts its times. */
  async #timesOf(column: Column, { isOpen }: { readonly isOpen: boolean }): Promise<KnownTimes> {
    const isFirst = this.#lower === null;
    const shown = this.#shownOn(this.#look.looked.pages, column);
    // If the next run reads the rows at the bound again, the fact that times are exact need not be stored.
    if (shown === 'any' && !isFirst && !isOpen) return { times: this.#times.forThisRun(column, shown) };
    const known = await this.#times.known(column);
    const told = (pages: readonly Page[]) => withTimes(known ?? [], this.#shownOn(pages, column));
    const { pages, isWhole } = await this.#look.lookFurther((so) => isUncertain(told(so)));
    const isSilent = known === undefined && !isFirst && this.#times.isKept && this.#shownOn(pages, column).length === 0;
    const times = await this.#times.learn(column, this.#shownOn(isSilent ? await this.#pagesWithoutFilter() : pages, column));
    const timesMs = this.#config.window?.filters === undefined ? this.#timesOn(pages, column) : undefined;
    return { times, ...(timesMs && { now: { timesMs, isWhole } }) };
  }

  /** The times of the column on pages. Undefined: a time has parts of a millisecond, or the column has no times. */
  #timesOn(pages: readonly Page[], column: Column): readonly number[] | undefined {
    const values = pages.flatMap((page) => this.#valuesIn(page, column));
    return timesOf(column.type, values, this.#config.window?.format);
  }

  #valuesIn(page: Page, column: Column): readonly WatermarkKey[] {
    const known = this.#valuesOn.get(page);
    if (known !== undefined) return known;
    const found = this.#records.filteredOn(page, { column, lower: null });
    this.#valuesOn.set(page, found);
    return found;
  }

  #shownOn(pages: readonly Page[], column: Column): ShownTimes {
    return shownTimes(this.#timesOn(pages, column));
  }

  /** Stores the times on pages, by which later runs find the start of the present unit. */
  async #learnFrom(pages: readonly Page[], { column }: Window): Promise<void> {
    if (column === null || this.reading.upper !== 'clock' || this.#times.isDone(column)) return;
    await this.#times.learn(column, this.#shownOn(pages, column));
  }

  /** The first page of the list without a filter, or of a child’s list. Empty: the API refuses the page, so the run itself will report the error. */
  async #pagesWithoutFilter(): Promise<readonly Page[]> {
    try {
      const some = this.#parents && (await this.#look.parentsSeen(this.#parents));
      if (some !== undefined && 'notBefore' in some) return [];
      for (const parent of some?.listed.slice(0, mostParentsAsked) ?? [undefined]) {
        const got = await this.#list.look(beginning, everything, parent);
        if ('page' in got && got.page.records.length > 0) return [got.page];
      }
    } catch (error) {
      if (!(error instanceof HomeError)) throw error;
    }
    return [];
  }

  /** Notes that the only answer of a window may be cut off. */
  #noteOfNumber(upper: Watermark | undefined): readonly OwnNote[] {
    const { first } = this.#list;
    if (upper === undefined || first === undefined || !isOneAnswer(this.#config.pagination)) return [];
    return this.#caps?.tellsNoCut(first, { ...everything, column: upper, lower: this.#lower }) ? roundAnswerNotes(first) : [];
  }

  /** Notes about the window up to the bound. */
  async #noteOn(upper: Watermark | undefined): Promise<readonly OwnNote[]> {
    const lower = this.#lower;
    if (upper === undefined || lower === null || this.#proof === undefined || compareWatermarks(upper, { ...upper, text: lower.text }) < 0)
      return [];
    return await this.#proof.noteOn({ ...everything, column: upper, lower, upper: { text: upper.text, inclusive: true } });
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
    this.#look.forget();
    const listed = await this.#parents?.all();
    if (listed !== undefined && 'notBefore' in listed) return { again: 'parents', notBefore: listed.notBefore };
    this.#proof?.mustCountAlike(window);
    await this.#proof?.prove(window, listed);
    return { done: listed === undefined ? { slices: slicesOf(window, params) } : planOfParents(listed, window) };
  }

  async *read(slice: SliceRef, whole: Window, from: Json | undefined, signal: AbortSignal): AsyncGenerator<Frame | Checkpoint | Rejected> {
    const parents = parentsOfSlice(slice);
    const ofSlice = windowOfSlice(whole, slice);
    const { window: params } = this.#config;
    const isPart = params?.cap !== undefined || ofSlice.lower?.text !== whole.lower?.text || ofSlice.upper?.text !== whole.upper?.text;
    const window: RunWindow = { ...windowOfParents(ofSlice, slice), isPart };
    this.#form.add((from as { readonly varying?: readonly string[] } | undefined)?.varying);
    if (params?.cap !== undefined) {
      yield* this.#readCapped({ ...params, cap: params.cap }, { window, parents }, from, signal);
      return;
    }
    const count = parents?.length ?? 1;
    const seams = this.#list.seams(window);
    const after = ({ parent }: Place): Place | null => (parent + 1 < count ? { parent: parent + 1, walk: beginning } : null);
    const source: PageSource<Place> = {
      clock: this.#opening.clock,
      page: async ({ parent, walk }) => {
        const got = await this.#list.getIfThere(walk, window, parents?.[parent]);
        return 'page' in got ? got.page : got;
      },
      turn: (place, page) => {
        const turned = this.#list.turnOfRead(place.walk, page, { window, seams });
        const { from: fresh, next } = this.#config.whole === 'two_passes' ? twoPasses(turned, place.walk, page) : turned;
        return next === null ? { from: fresh, next: after(place), ended: turned.ended } : { from: fresh, next: { ...place, walk: next } };
      },
      after,
      begin: () => seams?.close(),
    };
    const begun = placeFrom(from, parents !== undefined);
    if (begun.parent >= count || begun.walk.isOver) return;
    const earlier = (from as { readonly reach?: ReachSoFar } | undefined)?.reach;
    const isLooked = this.#caps !== undefined && !isOneValue(window) && this.#config.window !== undefined;
    const reaches = new ListReaches(parents === undefined ? { lists: 0 } : this.#looked, (index) => {
      const known = index === begun.parent ? earlier : undefined;
      return new ListReach(this.#config, this.#records, { window, parent: parents?.[index], earlier: known });
    });
    // A checkpoint of an older hygge lacks the facts about earlier records, so the list can not be checked.
    if (isLooked && earlier !== undefined) reaches.begin(begun.parent);
    try {
      for await (const { pages, missed, next, notBefore } of pageBatches(source, begun, signal)) {
        const seen = pages.map(({ page, at }) => ({ page, walk: at.walk }));
        await this.#learnFrom(
          pages.map(({ page }) => page),
          window,
        );
        await this.#proof?.mustBeWithin(seen, window);
        for (const { page, at } of pages) await this.#caps?.mustHaveAll({ page, walk: at.walk }, window, parents?.[at.parent]);
        for (const [i, { page, from: fresh, at }] of pages.entries()) {
          if (!isLooked) break;
          const behind = pages[i + 1]?.at ?? next;
          reaches.see(page, { from: fresh, parent: at.parent, isFirst: at.walk.pages === 0 });
          if (behind?.parent !== at.parent) await reaches.end(page, at.parent);
        }
        const records = sourceOf(
          this.#config,
          pages.map((one) => ({
            ...this.#list.settling(seams?.settling(one.page) ?? one.page, { from: one.from, read: one.at.walk.read, window }),
            members: parents?.[one.at.parent]?.members ?? [],
          })),
        );
        if (records) yield* this.#rowsOf(records, window, signal);
        const last = next === null ? pages.at(-1) : undefined;
        const token = last && this.#dialect.token?.(last.page);
        if (last !== undefined && token !== undefined) {
          const kept = addressToKeep(token, this.#config, this.#requests.tokens);
          yield {
            checkpoint: { ...last.at.walk, isOver: true } as unknown as NonNullable<Json>,
            asked: askedFor(pages, missed.length),
            token: kept,
          };
          return;
        }
        // After the last list, no list is left to read. The checkpoint contains the reason for its end, and the missed parents.
        const place = next ?? { parent: count, walk: { ...(pages.at(-1)?.at.walk ?? beginning), isOver: true as const } };
        const told = missed.map(({ at, absent }) => missedParent(parents?.[at.parent], absent, window.lower));
        yield {
          checkpoint: this.#checkpointAt(parents === undefined ? place.walk : place, reaches.toJson(place.parent)),
          asked: askedFor(pages, missed.length),
          ...(told.length === 0 ? {} : { missed: this.#missed(told) }),
          ...(notBefore === undefined ? {} : { notBefore }),
        };
      }
    } catch (error) {
      // The first page is dropped, so that a retry requests it again.
      this.#list.forget();
      throw error;
    }
  }

  /** Reads a window that the API may cut off, part by part. Each parent has its own window. */
  async *#readCapped(
    params: CappedList['params'],
    { window, parents }: { readonly window: RunWindow; readonly parents: readonly Parent[] | undefined },
    from: Json | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<Frame | Checkpoint | Rejected> {
    const count = parents?.length ?? 1;
    const seams = this.#list.seams(window);
    const listAt = ({ parent: index, capped }: PlaceInCapped): CappedList => ({
      place: this.place,
      pages: this.#config.pagination,
      params,
      window,
      page: async (walk, part) => {
        const parent = parents?.[index];
        // Only the first request can show that the list does not exist.
        const isFirst = capped.after === null && capped.length === null && part.upper === window.upper;
        const got = isFirst ? await this.#list.getIfThere(walk, part, parent) : await this.#list.get(walk, part, parent);
        return 'page' in got ? got.page : got;
      },
      turn: (walk, page) => this.#list.turnOfRead(walk, page, { seams }),
    });
    const partAt = async (at: PlaceInCapped, goesOn: GoesOn) => {
      const part = await partFrom(listAt(at), at.capped, goesOn);
      if (part.next !== null) return { ...part, at, next: { ...at, capped: part.next } };
      return { ...part, at, next: at.parent + 1 < count ? { parent: at.parent + 1, capped: cappedBeginning } : null };
    };
    const begun = cappedPlaceFrom(from, parents !== undefined);
    if (begun.parent >= count || begun.capped.isOver) return;
    try {
      for await (const { pages, window: part, at, next, notBefore, absent } of batchesFrom(begun, partAt, signal)) {
        const members = parents?.[at.parent]?.members ?? [];
        await this.#learnFrom(
          pages.map(({ page }) => page),
          window,
        );
        const settling = pages.map(({ page, from }) => ({
          ...this.#list.settling(seams?.settling(page) ?? page, { from, read: 0, window: part }),
          members,
        }));
        const records = sourceOf(this.#config, settling);
        if (records) yield* this.#rowsOf(records, part, signal);
        const place = next ?? { parent: count, capped: cappedOver };
        yield {
          checkpoint: this.#checkpointAt(parents === undefined ? place.capped : place),
          asked: askedFor(pages, 0),
          ...(absent === undefined ? {} : { missed: this.#missed([missedParent(parents?.[at.parent], absent, window.lower)]) }),
          ...(notBefore === undefined ? {} : { notBefore }),
        };
      }
    } catch (error) {
      this.#list.forget();
      throw error;
    }
  }

  /** A checkpoint at a position. The checkpoint also contains the members of answers that vary, which a later reading needs in addition to the pinned form. */
  #checkpointAt(place: Walk | Place | CappedPlace | PlaceInCapped, reach?: ReachSoFar): NonNullable<Json> {
    const { varying } = this.#form;
    return { ...place, ...(varying && { varying }), ...(reach && { reach }) } as unknown as NonNullable<Json>;
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
        const got = await this.#list.get(walk, window);
        if (walk === beginning && !('notBefore' in got) && got.page !== this.#list.first) this.#list.keep(window, got);
        return got;
      },
      turn: (walk, page) => this.#list.turn(walk, page),
      form: () => this.#form.pin(),
    };
  }

  async *#rowsOf(source: FileSource, window: Window, signal: AbortSignal): AsyncGenerator<Frame | Rejected> {
    const { format, partly } = this.#look.pinned ?? { format: null, partly: null };
    const by = this.#formats.of(source.bytes);
    const content = await by.inspect(source, format);
    const { columns = null, frameRows = usualFrameRows } = window;
    const isGiven = this.#config.window?.filters !== undefined && !isOneValue(window);
    const cut = isGiven ? undefined : this.#cutOf(window);
    const wanted = isGiven ? { ...window, lower: null, upper: null } : cut === undefined ? window : { ...window, upper: null };
    const whole = { source, content, from: 0, to: source.bytes, window: wanted, columns, frameBytes, frameRows };
    const items = by.read({ ...whole, ...(partly === null ? {} : { partly }), scratch: this.#opening.scratch, signal });
    yield* cut === undefined ? items : upToCut(items, cut);
  }

  /** The bound above which rows in the future are dropped. Undefined: the API excludes records above the window, or the future can not be recognized. */
  #cutOf(window: Window): Cut | undefined {
    if (this.reading.upper !== 'clock' || this.#list.isBounded(window)) return undefined;
    return cutOf(window, { time: this.#list.time, now: this.#opening.clock.now(), format: this.#list.windowParams(window)?.format });
  }

  /** Proposes values for keys that the config lacks, from the first answer. Undefined: the API returns no records now. @param entity the name of the entity. */
  async proposal(entity: string): Promise<Proposal | undefined> {
    const { pagination, records, types, window, flatten = false, separator = '_' } = this.#config as RestConfig & RecordKeys;
    const name = `${this.place}, page 1`;
    const some = this.#parents === undefined ? { listed: [undefined] } : await this.#parents.some();
    if ('notBefore' in some || some.listed.length === 0) return undefined;
    const answer = await this.#requests.get(requestOf(pagination, beginning, this.#list.addressOf(everything, some.listed[0])), name);
    if ('notBefore' in answer || answer.length === 0) return undefined;
    try {
      return proposalOf(answer, { records, pagination, types, window, flatten, separator, entity });
    } catch (error) {
      if (error instanceof BadRecord) return undefined;
      throw error;
    }
  }

  /** The time in the first answer. Undefined: no page was requested, or the first answer has no time. */
  get time(): ApiTime | undefined {
    return this.#list.time;
  }

  /** The first page of the run. Undefined: `describe` has not kept the page. */
  get looked(): { readonly records: number; readonly isAll: boolean } | undefined {
    const page = this.#list.first;
    return page && { records: page.records.length, isAll: !goesOn(this.#list.turn(beginning, page)) };
  }

  /** Checks that another list of the API can be read, by a request for its first page. Throws if the API refuses the request. */
  async ask(url: URL): Promise<LaterAnswer | undefined> {
    const answer = await this.#requests.get(requestOf(this.#config.pagination, beginning, url), `${url.origin}${url.pathname}, page 1`);
    return 'notBefore' in answer ? answer : undefined;
  }

  /** What the first page shows, for `debug`. */
  async firstPage(): Promise<{ readonly records: number; readonly next: boolean } | LaterAnswer> {
    await this.#requests.signIn();
    const some = this.#parents === undefined ? undefined : await this.#parents.some();
    if (some && 'notBefore' in some) return some;
    if (some?.listed.length === 0) return { records: 0, next: false };
    const got = await this.#list.getIfThere(beginning, everything, some?.listed[0]);
    if ('notBefore' in got) return got;
    if ('absent' in got) throw parentNotRead(some?.listed[0]?.id ?? '', absentText(got.absent));
    return { records: got.page.records.length, next: goesOn(this.#list.turn(beginning, got.page)) };
  }
}

/** @param others the number of requests that returned no page. */
function askedFor(pages: readonly Pick<ReadPage, 'ended'>[], others: number): AskedOfSource {
  const ended = new Map<string, number>();
  for (const { ended: reason } of pages) if (reason !== undefined) ended.set(reason, (ended.get(reason) ?? 0) + 1);
  return { requests: pages.length + others, ...(ended.size === 0 ? {} : { ended: Object.fromEntries(ended) }) };
}
