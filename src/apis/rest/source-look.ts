/** Looks at the records of an API before a run reads them. Finds their types, the proof that they are complete, and whether the list is unchanged. */
import type { Opening } from '../../engine/contracts/connector.ts';
import type { Step } from '../../engine/contracts/frame.ts';
import { everything, type Look, type LookedPart, type Reading, type SourceDescription, type Window } from '../../engine/contracts/home.ts';
import type { FileSource, Partly, SampleResult } from '../../formats/contract/format.ts';
import type { Schema } from '../../frames/schema.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { Json } from '../../ports/values.ts';
import type { AnswerForm, Form } from '../answers/answer-form.ts';
import type { RecordFormats } from '../answers/record-formats.ts';
import { beginning, goesOn, isOver, type Page, requestOf, type Turn, unprovenBy, type Walk } from '../lists/pages.ts';
import type { Seams } from '../lists/seams.ts';
import type { Parent } from '../parents/parents.ts';
import type { AbsentAnswer, ApiRequests, LaterAnswer } from '../requests/requests.ts';
import type { RestConfig } from './config.ts';
import { noRecordYet } from './errors.ts';
import type { Got, ListPages } from './list-pages.ts';
import { requestsExpected } from './page-of-answer.ts';
import { requestHash, type SettledPage, settledPage, versionOf } from './page-version.ts';
import type { ParentList } from './parent-list.ts';
import { emptySource, sourceOf } from './row-source.ts';

/** The number of pages that decide the types of a first load. */
const sampledPages = 3;
/** The maximum bytes of records in memory for a look at all records. The records in memory decide the types. */
const mostLookedAt = 64 * 1024 * 1024;
/** The number of parents whose rows are requested for a sample. */
const sampledParents = 10;
/** The number of children’s lists without records that are searched for a list with records, to check its page 0. */
const askedForPage0 = 100;
/** The maximum number of further pages that a look requests for their times. */
const furtherPages = 10;

/** The data to store with the snapshot. */
export interface Pinned {
  readonly format: Json;
  /** As `partly` of `Format.read`. Null: the types are final, so a record that does not fit is a bad record. */
  readonly partly: Partly | null;
  /** The only page of the list. Absent: the list has several pages, or a later run can not see whether the list is unchanged. */
  readonly only?: SettledPage;
  /** The form of answers. Absent: no page with records was seen, or an older hygge made the plan. */
  readonly form?: Form;
  /** The form of answers of the list of parents. Absent: the home has no parents, or `form` of the parents is absent. */
  readonly parents?: Pick<Pinned, 'form'>;
}

interface LookedTurn extends Turn {
  /** Whether the list has as many records as its cap, so that a look can not see further records. */
  readonly isCapped: boolean;
}

/** The pages that a look has read. */
interface Looked {
  readonly pages: readonly Page[];
  /** Whether `pages` are all pages of the list. */
  readonly isWhole: boolean;
}

interface KeptLook extends Looked {
  readonly bytes: number;
  /** The next page to look at. Null: the list has ended, or the look needs no further page. */
  readonly next: Walk | null;
  readonly window: Window;
  readonly seams: Seams | undefined;
}

const nothingLooked: KeptLook = { pages: [], isWhole: false, bytes: 0, next: null, window: everything, seams: undefined };

interface Around {
  readonly config: RestConfig;
  /** The address of the list, for people. */
  readonly place: string;
  readonly formats: RecordFormats;
  readonly scratch: Scratch;
  readonly requests: ApiRequests;
  readonly list: ListPages;
  readonly form: AnswerForm;
  /** The list of parents. Undefined: the home has no parents. */
  readonly parents: ParentList | undefined;
  readonly upper: Reading['upper'];
  readonly rowKey: Opening['rowKey'];
}

export class SourceLook {
  readonly #around: Around;
  #pinned: Pinned | null;
  #schema: Schema | undefined;
  #looked = nothingLooked;

  constructor(around: Around, pinned: Pinned | null) {
    this.#around = around;
    this.#pinned = pinned;
  }

  /** The data to store with the snapshot. Null: nothing is known yet. */
  get pinned(): Pinned | null {
    return this.#pinned;
  }

  /** The schema of the records. Undefined: this process has not looked at a page. */
  get schema(): Schema | undefined {
    return this.#schema;
  }

  /** The pages that `describe` has read. */
  get looked(): Looked {
    return this.#looked;
  }

  /** Looks at further pages of the list while `isWanted` returns true. */
  async lookFurther(isWanted: (pages: readonly Page[]) => boolean): Promise<Looked> {
    const { list } = this.#around;
    for (let i = 0; i < furtherPages && this.#looked.next !== null && isWanted(this.#looked.pages); i++) {
      const { next: walk, window, seams } = this.#looked;
      const got = await list.get(walk, window);
      if ('notBefore' in got) break;
      this.#keep(got.page, this.#turn(walk, got.page, seams));
    }
    return this.#looked;
  }

  /** Drops the pages, to save memory. */
  forget(): void {
    this.#looked = nothingLooked;
  }

  #keep(page: Page, { next, isCapped }: LookedTurn): void {
    const bytes = this.#looked.bytes + page.body.length;
    const isKept = bytes <= mostLookedAt;
    const pages = isKept ? [...this.#looked.pages, page] : this.#looked.pages;
    const goesFurther = isKept && goesOn({ next });
    this.#looked = { ...this.#looked, pages, bytes, isWhole: isKept && isOver(next) && !isCapped, next: goesFurther ? next : null };
  }

  /** Looks at the list and describes it, as in `Home.describe`. */
  async describe(look: Look, part: LookedPart | undefined): Promise<Step<SourceDescription>> {
    const { config, place, formats, list, parents, upper } = this.#around;
    const window: Window = { ...everything, ...part };
    this.#looked = nothingLooked;
    const before = this.#pinned?.format ?? null;
    const most = look === 'whole' ? Number.POSITIVE_INFINITY : look === 'for a run' && before === null ? sampledPages : 1;
    const unchanged = part === undefined || look === 'whole' ? undefined : await this.#unchanged(window);
    if (unchanged !== undefined) return unchanged;
    const sources: FileSource[] = [];
    let [pages, bytes, isWhole] = [0, 0, false];
    let only: SettledPage | undefined;
    if (parents !== undefined) {
      const looked = await this.#lookAtChildren(parents, { look, isKnown: before !== null });
      if ('notBefore' in looked) return { again: { look }, notBefore: looked.notBefore };
      sources.push(...looked.sources);
      isWhole = looked.isWhole;
    } else {
      const seams = list.seams(window, { isLook: true });
      this.#looked = { ...nothingLooked, window, seams };
      for (let walk: Walk | null = beginning; walk !== null && pages < most && bytes < mostLookedAt; pages++) {
        const got = await list.get(walk, window);
        if ('notBefore' in got) return { again: { look }, notBefore: got.notBefore };
        if (walk === beginning) {
          list.keep(window, got);
          const later = await this.#mustBegin(got.page, window);
          if (later !== undefined) return { again: { look }, notBefore: later.notBefore };
        }
        const turned: LookedTurn = this.#turn(walk, got.page, seams);
        const { from, next, isCapped } = turned;
        this.#keep(got.page, turned);
        const source = sourceOf(config, [{ ...list.settling(got.page, { from, read: walk.read, window }), members: [] }]);
        if (source) sources.push(source);
        bytes += source?.bytes ?? 0;
        // If no more records follow, a further page would only prove that the list has ended.
        walk = goesOn({ next }) ? next : null;
        isWhole = isOver(next) && !isCapped;
        if (isWhole && next === null && pages === 0) only = settledPage(config, list.addressOf(window), got.answer, upper);
      }
    }
    const sampled = await this.#sample(sources, { before, look, complete: isWhole && part === undefined });
    // After a look at all records that filled its memory, another look would not show more.
    const partly = isWhole ? 'names' : look === 'whole' ? null : before === null ? 'names and kinds' : 'names';
    const form = this.#around.form.pin();
    const ofParents = parents?.form();
    const forms = { ...(form && { form }), ...(ofParents && { parents: { form: ofParents } }) };
    this.#pinned = { format: sampled.pinned, partly, ...(only && { only }), ...forms };
    const inspected = await formats.look.inspect(sources[0] ?? emptySource(place), sampled.pinned);
    this.#schema = inspected.schema;
    if (sources.length === 0 && before === null) this.#mustKnowKey(inspected.schema);
    const { total, first } = list;
    const { warnings } = sampled;
    return {
      done: {
        schema: inspected.schema,
        rows: total === undefined ? undefined : { n: Number(total), exact: false },
        bytes: undefined,
        summary: `records of ${place}`,
        pinned: this.#pinned as unknown as Json,
        provisos: this.#unproven(part),
        ...(only && { version: versionOf(only) }),
        notes: [
          ...sampled.notes,
          ...list.oddPages.map(
            (page): OwnNote => ({
              code: 'api.empty_form',
              text: `${page} has no records, and differs from the pages with records. hygge received the same page twice, and counts it as empty`,
              params: { page },
            }),
          ),
          ...(look === 'for a dry run' ? requestsExpected(config, { total, page: first }) : []),
          ...(parents?.notes(part !== undefined) ?? []),
          ...(config.not_seen ?? []).map((what): OwnNote => ({ code: 'api.not_seen', text: `not seen: ${what}`, params: { what } })),
        ],
        ...(warnings === undefined ? {} : { warnings }),
      },
    };
  }

  /** Checks whether the list begins with page 0. This is unknown until a record of the list was seen. */
  async #mustBegin(first: Page, window: Window, parent?: Parent): Promise<LaterAnswer | undefined> {
    const isKnown = this.#pinned !== null && this.#pinned.form !== undefined;
    return isKnown ? undefined : await this.#around.list.mustBegin(first, window, parent);
  }

  /** Throws HomeError HYG-3406 if no record has a column of the key by which rows are merged. */
  #mustKnowKey({ columns }: Schema): void {
    const { config, place, rowKey } = this.#around;
    const { types = {} } = config as { readonly types?: Readonly<Record<string, string>> };
    const unknown = rowKey?.isMerged ? rowKey.columns.filter((key) => !columns.some(({ name }) => name === key)) : [];
    if (unknown.length > 0) throw noRecordYet(place, unknown, types);
  }

  /** As `ListPages.turn`. If the list has as many records as its cap, the list may end there, although its total is larger. */
  #turn(walk: Walk, page: Page, seams?: Seams): LookedTurn {
    const { config, list } = this.#around;
    const isCapped = walk.read + page.records.length >= (config.window?.cap ?? Number.POSITIVE_INFINITY);
    return isCapped ? { from: 0, next: null, isCapped } : { ...list.turn(walk, page, { seams }), isCapped };
  }

  /** The description of an unchanged list with one page. Undefined: it is unknown whether the list is unchanged. */
  async #unchanged(window: Window): Promise<Step<SourceDescription> | undefined> {
    const { config, place, formats, requests, list, parents } = this.#around;
    const { only = undefined, format } = this.#pinned ?? { format: null };
    const url = list.addressOf(window);
    if (only === undefined || format === null || parents !== undefined || only.of !== requestHash(config, url)) return undefined;
    const name = `${place}, page 1`;
    const answer = await requests.getIfChanged(requestOf(config.pagination, beginning, url), name, only.etag);
    if ('notBefore' in answer) return { again: 'describe', notBefore: answer.notBefore };
    if (!('unchanged' in answer)) {
      list.keep(window, { page: list.pageOf(answer, name), answer });
      return undefined;
    }
    list.hear(answer);
    this.#schema = (await formats.look.inspect(emptySource(place), format)).schema;
    const as = { schema: this.#schema, rows: undefined, bytes: undefined, summary: `records of ${place}` };
    return { done: { ...as, pinned: this.#pinned as unknown as Json, version: versionOf(only) } };
  }

  /** The types of columns. Types that are already stored stay. A source without records has the stored types. */
  async #sample(
    sources: readonly FileSource[],
    { before, look, complete }: { readonly before: Json | null; readonly look: Look; readonly complete: boolean },
  ): Promise<SampleResult> {
    const { place, formats, scratch } = this.#around;
    if (sources.length === 0 && before !== null) return { pinned: before, notes: [] };
    const from = sources.length === 0 ? [emptySource(place)] : sources;
    const found = await formats.look.sample?.({ sources: from, pinned: before, scratch, look, complete });
    if (found === undefined) throw new Error('the JSON format looks at samples');
    return found;
  }

  #unproven(part: LookedPart | undefined): readonly OwnNote[] {
    const { config, list } = this.#around;
    const { pagination, order, whole } = config;
    if (whole === 'two_passes') return [];
    const read = part === undefined ? 'all' : order !== undefined ? 'newest' : list.isBounded(part) ? 'window' : 'all';
    const why = unprovenBy(pagination, read) ?? (whole === 'unproven' ? 'the config says so' : undefined);
    if (why === undefined) return [];
    return [{ code: 'api.whole_unproven', text: `nothing proves that each record was read if the list changes during the read: ${why}` }];
  }

  /** The first parents. The answer with the parents also shows the time of the API. */
  async parentsSeen(parents: ParentList): ReturnType<ParentList['some']> {
    const { list } = this.#around;
    const some = await parents.some();
    if (!('notBefore' in some) && list.time === undefined) list.hear(some.answer);
    return some;
  }

  /** Rows of some parents, or of all parents. If the types are already stored, no rows are needed, since a new name is noticed during the read. */
  async #lookAtChildren(
    parents: ParentList,
    { look, isKnown }: { readonly look: Look; readonly isKnown: boolean },
  ): Promise<{ readonly sources: readonly FileSource[]; readonly isWhole: boolean } | LaterAnswer> {
    const { config, list } = this.#around;
    const some = await this.parentsSeen(parents);
    if ('notBefore' in some) return some;
    if (isKnown && look !== 'whole') return { sources: [], isWhole: false };
    const listed = look === 'whole' ? await parents.all() : some.listed.slice(0, sampledParents);
    if ('notBefore' in listed) return listed;
    const most = look === 'whole' ? Number.POSITIVE_INFINITY : look === 'for a run' ? sampledPages : 1;
    const sources: FileSource[] = [];
    let bytes = 0;
    let isWhole = look === 'whole' || (some.isAll && listed.length === some.listed.length);
    let isBegun = false;
    for (const parent of listed) {
      for (let walk: Walk | null = beginning; walk !== null; ) {
        if (sources.length >= most || bytes >= mostLookedAt) return { sources, isWhole: false };
        const got: Got | LaterAnswer | AbsentAnswer = await list.getIfThere(walk, everything, parent);
        if ('notBefore' in got) return got;
        if ('absent' in got) {
          isWhole = false;
          break;
        }
        if (!isBegun) {
          const later = await this.#mustBegin(got.page, everything, parent);
          if (later !== undefined) return later;
          isBegun = got.page.records.length > 0;
        }
        const { from, next, isCapped }: LookedTurn = this.#turn(walk, got.page);
        isWhole &&= !isCapped;
        this.#keep(got.page, { from, next: null, isCapped: true });
        parents.mustHaveOtherNames(got.page);
        const source = sourceOf(config, [{ page: got.page, from, members: parent.members }]);
        if (source) sources.push(source);
        bytes += source?.bytes ?? 0;
        isWhole &&= next === null || goesOn({ next }) || isOver(next);
        walk = goesOn({ next }) ? next : null;
      }
    }
    for (const parent of isBegun ? [] : some.listed.slice(listed.length, askedForPage0)) {
      const got = await list.getIfThere(beginning, everything, parent);
      if ('notBefore' in got) return got;
      const later = 'absent' in got ? undefined : await this.#mustBegin(got.page, everything, parent);
      if (later !== undefined) return later;
      if ('page' in got && got.page.records.length > 0) break;
    }
    return { sources, isWhole };
  }
}
