/** A service of OData v4 as a home: a REST API whose metadata describes entities, keys and types, and whose delta links return changes. */
import type { Opening } from '../../engine/contracts/connector.ts';
import type { Frame, Step } from '../../engine/contracts/frame.ts';
import {
  type BoundRequest,
  type Breadth,
  type Checkpoint,
  deletedColumn,
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
import { HomeError } from '../../errors/hygge-error.ts';
import { type PinnedColumn, pinnedAs } from '../../formats/json/pinned.ts';
import { shortHash } from '../../frames/short-hash.ts';
import type { Rejected } from '../../frames/values/rejected-rows.ts';
import type { Watermark } from '../../frames/watermark.ts';
import type { Json } from '../../ports/values.ts';
import { RequestRefused } from '../answers/errors.ts';
import { byShown, shownMember, shownType, withoutShown } from '../events/shown.ts';
import { versionColumn, versionType } from '../events/versions.ts';
import type { WindowParams } from '../lists/config.ts';
import type { Page } from '../lists/pages.ts';
import { slicesOf } from '../lists/slices.ts';
import { addressOf, revealed } from '../requests/config.ts';
import { identityOf } from '../requests/identity.ts';
import type { LaterAnswer } from '../requests/requests.ts';
import type { Dialect } from '../rest/dialect.ts';
import { type RestHome, type RestOpening, restHome } from '../rest/home.ts';
import { strideOf } from '../times/time-forms.ts';
import { ageOf, boundAfter, plainRecords, type RecordRules, setIn, withVersions } from './changes.ts';
import { asRest, columnsOf, endpointOf, type ODataColumns, type ODataConfig } from './config.ts';
import { entityAt } from './edm.ts';
import {
  changesNotFollowed,
  deltaLinkExpired,
  inODataKeys,
  noColumn,
  noEntitySet,
  noKeyToOrderBy,
  noSettledLink,
  noSlices,
} from './errors.ts';
import { metadataOf } from './metadata.ts';
import { RepeatedKeys } from './repeated-keys.ts';

/** The name of the change feed in `watermark.changes`. */
export const deltaLinks = 'delta_links';
/** The age from which a delta link without changes is replaced in the state by a new link. Services drop links after days. */
const oldLinkMs = 6 * 3_600_000;

/** The data to store with the snapshot. */
interface Pinned {
  readonly model: ODataColumns;
  readonly rest: Json;
  /** The columns that the list requested when it returned the delta link. Absent: the columns of the model, or the home uses no delta link. */
  readonly listed?: readonly string[];
}

type Around = RestOpening & Pick<Opening, 'flow' | 'entity' | 'changeFeed'>;

export class ODataHome implements Home {
  readonly reading: Reading;
  readonly place: string;
  readonly rowCondition: string;
  readonly #config: ODataConfig;
  readonly #endpoint: string;
  readonly #around: Around;
  readonly #tracks: boolean;
  #pinned: Pinned | null;
  /** The columns that the list requested, as in `Pinned.listed`. */
  #listed: readonly string[];
  #rest: RestHome | undefined;
  /** The bound from which the run continues, if `describe` received it. */
  #lower: string | null = null;

  constructor(config: ODataConfig, around: Around) {
    this.#config = config;
    this.#around = around;
    this.#endpoint = endpointOf(config, around.entity);
    this.#pinned = around.pinned as unknown as Pinned | null;
    this.#listed = this.#pinned?.listed ?? this.#pinned?.model.columns.map(({ name }) => name) ?? [];
    this.#tracks = around.changeFeed !== undefined;
    const { origin, pathname } = addressOf({ base_url: config.base_url, endpoint: this.#endpoint });
    this.place = `${origin}${decodeURI(pathname)}`;
    const params = Object.entries(config.params ?? {}).map(([name, value]) => [name, revealed(value)]);
    const conditions = [...identityOf(config), ...(params.length > 0 ? [`params ${shortHash(JSON.stringify(params))}`] : [])];
    this.rowCondition = conditions.join(' ');
    this.reading = {
      ...usualReading,
      order: config.window?.slice === undefined || this.#tracks ? 'in_order' : 'sliced',
      upper: this.#tracks ? 'source' : config.clock === 'none' ? 'observed' : 'clock',
      tellsDeletes: this.#tracks,
      deletedRows: this.#tracks ? 'key' : 'whole',
      readsAsPinned: true,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rest?.[Symbol.asyncDispose]();
    this.#rest = undefined;
  }

  async describe(_cursor?: Json, look?: Look, breadth?: Breadth, part?: LookedPart): Promise<Step<SourceDescription>> {
    this.#lower = part?.lower?.text ?? null;
    const model = await this.#model();
    if ('notBefore' in model) return { again: { look: look ?? null }, notBefore: model.notBefore };
    if (this.#lower === null) this.#listed = model.columns.map(({ name }) => name);
    this.#rest = await this.#restOf(model);
    const step = await this.#expiring(part?.lower != null, () => (this.#rest as RestHome).describe(undefined, look, breadth, part));
    if ('again' in step) return step;
    const { done } = step;
    this.#pinned = { model, rest: done.pinned ?? null, ...(this.#tracks && { listed: this.#listed }) };
    return {
      done: { ...withoutShown(done), pinned: this.#pinned as unknown as Json, ...(model.keys.length === 0 ? {} : { keys: model.keys }) },
    };
  }

  async bound(request: BoundRequest): Promise<Step<Watermark | 'observed' | undefined> & LookNotes> {
    if (!this.#tracks) return (await this.#opened()).bound(request);
    const nowMs = Date.parse(this.#around.clock.now());
    const looked = this.#rest?.looked;
    const isStill = looked?.records === 0 && looked.isAll && this.#lower !== null && ageOf(this.#lower, nowMs) < oldLinkMs;
    const text = isStill && this.#lower !== null ? this.#lower : boundAfter(this.#lower, nowMs);
    return { done: { column: versionColumn, type: versionType, text } };
  }

  async future(): Promise<Step<FutureRows>> {
    return { done: { rows: 0, latest: null, until: null } };
  }

  async nulls(): Promise<Step<number | 'while reading'>> {
    return { done: this.#tracks ? 0 : 'while reading' };
  }

  async plan(window: Window): Promise<Step<SlicePlan>> {
    const { slice } = this.#config.window ?? {};
    if (this.#tracks || slice === undefined || window.column === null) return (await this.#opened()).plan(window);
    const format = formatOf(window.column.type.kind);
    if (format === undefined || strideOf(slice, window.column.type, format) === undefined) throw noSlices(this.place, window.column, slice);
    return { done: { slices: slicesOf(window, { slice, format }) } };
  }

  async *read(slice: SliceRef, window: Window, from: Json | undefined, signal: AbortSignal): AsyncGenerator<Frame | Checkpoint | Rejected> {
    const rest = await this.#opened();
    const read = rest.read(slice, window, from, signal);
    const items = this.#tracks ? byShown(read, (members) => members) : read;
    try {
      for (;;) {
        const next = await this.#expiring(window.lower !== null, () => items.next());
        if (next.done) return;
        yield next.value;
      }
    } finally {
      await items.return(undefined);
    }
  }

  /** The facts that `debug` shows. */
  async look(): Promise<{ readonly model: ODataColumns; readonly first: Awaited<ReturnType<RestHome['firstPage']>> } | LaterAnswer> {
    const model = await this.#model();
    if ('notBefore' in model) return model;
    this.#rest = await this.#restOf(model);
    return { model, first: await this.#rest.firstPage() };
  }

  async #opened(): Promise<RestHome> {
    if (this.#rest) return this.#rest;
    const model = this.#pinned?.model ?? (await this.#model());
    if ('notBefore' in model) throw new Error(`${this.place} requests a pause, so it was not described`);
    this.#rest = await this.#restOf(model);
    return this.#rest;
  }

  async #model(): Promise<ODataColumns | LaterAnswer> {
    const edm = await metadataOf(this.#config, this.#around);
    if ('notBefore' in edm) return edm;
    const found = columnsOf(edm, this.#config, this.#endpoint);
    if (found === undefined) throw noEntitySet(new URL(this.#config.base_url).origin, this.#endpoint, [...edm.sets.keys()]);
    if (this.#config.pages === 'client' && !this.#tracks && found.keys.length === 0) throw noKeyToOrderBy(this.place);
    const names = found.columns.map(({ name }) => name);
    const { columns = [], exclude = [], expand = [] } = this.#config;
    const unknown = [...columns, ...expand].find((name) => !names.includes(name));
    if (unknown !== undefined) throw noColumn(this.place, unknown, names);
    const own = exclude.length === 0 ? [] : (entityAt(edm, this.#endpoint)?.properties ?? []).map(({ name }) => name);
    const strange = exclude.find((name) => !own.includes(name));
    if (strange !== undefined) throw noColumn(this.place, strange, own);
    if (!this.#tracks) return found;
    const clash = names.find((name) => name === versionColumn || name === deletedColumn);
    if (clash !== undefined) throw changesNotFollowed(this.place, `A property is named ${clash}, like a column that hygge adds.`);
    return found;
  }

  async #restOf(model: ODataColumns): Promise<RestHome> {
    const config = asRest(this.#config, this.#endpoint, model, this.#tracks);
    const pinned = { format: this.#pinnedFormat(model), partly: null } as unknown as Json;
    return await restHome(config, { ...this.#around, pinned }, this.#tracks ? this.#tracking(model) : this.#filtering(model));
  }

  /** The columns of the metadata, as the stored form of the format. Their types are decided before a record is read. */
  #pinnedFormat({ columns }: ODataColumns): Json {
    const added = this.#tracks
      ? [
          { name: versionColumn, type: versionType },
          { name: deletedColumn, type: { kind: 'bool' as const } },
          { name: shownMember, type: shownType },
        ]
      : [];
    const own = columns.map(({ name, type, sourceType }) => ({ name, type, sourceType }));
    const all = [...own, ...added].map((column): PinnedColumn => ({ ...column, path: [column.name] }));
    return pinnedAs({ records: [], declared: new Map(), flatten: 0, separator: '_', mixed: 'json' }, all);
  }

  /**
   * How the API filters by a window: only by numbers and exact times, since services differ in the order of texts. A comparison with null is never true, so the filter adds the
   * records without a watermark, which the reader needs.
   */
  #filtering(model: ODataColumns): Dialect {
    const { columns } = model;
    const { nulls = true } = this.#config.window ?? {};
    const rules = this.#rulesOf(model);
    const keysOnce = new RepeatedKeys();
    return {
      windowParams: ({ column }) => {
        const own = column === null ? undefined : columns.find(({ name }) => name === column.column);
        const format = formatOf(own?.type.kind);
        if (own === undefined || format === undefined) return undefined;
        const compared = (by: string) => (own.isNullable && nulls ? `(${own.name} ${by} or ${own.name} eq null)` : `${own.name} ${by}`);
        return { param: '$filter', from: compared('ge {from}'), to: compared('le {to}'), format };
      },
      first: withBlanks,
      selectors: ['@odata.context'],
      absolute: (page) => withWholeLinks(page, this.#config.base_url),
      // Repeated keys are searched for only without a watermark. A window by a watermark merges by key, and its slices are read at the same time.
      settling: (page, of) => plainRecords(page, { ...of, keysOnce: of.window.column === null ? keysOnce : undefined }, rules),
    };
  }

  #rulesOf({ columns, keys, sets }: ODataColumns): RecordRules {
    // In a collection, Nullable is about the items, not about the collection.
    const { columns: wanted, exclude, expand = [], deleted } = this.#config;
    const taken = wanted && new Set([...wanted, ...expand, ...(deleted === undefined ? [] : [deleted.at])]);
    const required = columns.filter(({ isNullable, sourceType }) => !isNullable && !sourceType.startsWith('Collection('));
    return {
      entity: `${this.#around.flow}.${this.#around.entity}`,
      sets: sets && [...sets, setIn(this.#endpoint)],
      columns: columns.map(({ name }) => name),
      keys,
      required: new Set(required.map(({ name }) => name)),
      leftOut: this.#config.left_out,
      listed: new Set(this.#listed),
      ...(taken === undefined && exclude === undefined
        ? {}
        : { isLeftOut: (name: string) => (taken === undefined ? exclude?.includes(name) === true : !taken.has(name)) }),
      asJson: jsonIn(columns),
    };
  }

  #tracking(model: ODataColumns): Dialect {
    const { place } = this;
    const whole = { ...this.#rulesOf(model), deleted: this.#config.deleted };
    let link: string | undefined;
    return {
      windowParams: () => undefined,
      first: (url, { lower }) => {
        if (lower === null) return withBlanks(url);
        if (lower.token === undefined) throw noSettledLink(place, `${this.#around.flow}.${this.#around.entity}`);
        link = lower.token;
        return new URL(lower.token);
      },
      selectors: ['@odata.deltaLink', '@odata.context'],
      absolute: (page) => withWholeLinks(page, this.#config.base_url),
      settling: (page, of) => withVersions(page, of, whole),
      token: (page) => this.#linkIn(page, link),
    };
  }

  /** The delta link at the end of the list, by which the service will report further changes. @param before the delta link from which this run continues. */
  #linkIn({ values, url, name, records }: Page, before: string | undefined): string {
    const text = values.get('@odata.deltaLink')?.text;
    // The link had no changes, so it stays the same.
    if (!text && records.length === 0 && url.href === before) return before;
    if (text === undefined || text === '') throw changesNotFollowed(this.place, `${name} is the last page, and has no delta link.`);
    const link = new URL(text, url);
    const { base_url: base, origins = [] } = this.#config;
    if (link.origin !== new URL(base).origin && !origins.includes(link.origin))
      throw changesNotFollowed(this.place, `The delta link leads to ${link.origin}.`, [
        `If this origin belongs to the service: origins: [${link.origin}]. hygge sends no token there`,
      ]);
    // The key of the API must not be in the state, since each request adds the key again.
    const { auth } = this.#config;
    if (auth?.type === 'api_key' && auth.query !== undefined) link.searchParams.delete(auth.query);
    return link.href;
  }

  async #expiring<T>(byLink: boolean, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      // Only the first request shows that the link has expired. On a later page, an expired cursor is replaced by a new one, since the link itself is still valid.
      if (this.#tracks && byLink && error instanceof RequestRefused && error.page.endsWith(', page 1') && hasExpired(error))
        throw deltaLinkExpired(this.place, `${this.#around.flow}.${this.#around.entity}`, error.said);
      throw error instanceof HomeError ? inODataKeys(error, { counts: this.#config.count }) : error;
    }
  }
}

/** Whether the delta link has expired: by status 410 in OData, or by the words of Dataverse with another status. */
function hasExpired({ status, said }: RequestRefused): boolean {
  return status === 410 || /version stamp associated with the client has expired|resyncRequired|syncStateNotFound/i.test(said);
}

function jsonIn(columns: ODataColumns['columns']): ReadonlySet<string> {
  return new Set(columns.flatMap(({ name, type }) => (type.kind === 'json' ? [name] : [])));
}

function formatOf(kind: string | undefined): WindowParams['format'] | undefined {
  if (kind === 'timestamp') return 'iso';
  if (kind === 'date') return 'date';
  return /^u?int\d+$/.test(kind ?? '') ? 'number' : undefined;
}

/** The address with %20 for a blank. A plus sign means a blank only in forms, so some services do not accept it. */
function withBlanks(url: URL): URL {
  const spelled = new URL(url);
  spelled.search = url.search.replaceAll('+', '%20').replaceAll('%24', '$');
  return spelled;
}

// ---- addresses in an answer of OData may be relative

const links = ['@odata.nextLink', '@odata.deltaLink'];

/**
 * The page with complete addresses. A relative address is relative to the context of the answer, or to the request if the answer has no context. In some services, a
 * relative address is relative to the root of the service. The next page of a list has the path of the list, so the base that leads to this path is used.
 * https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html#sec_RelativeURLs
 */
function withWholeLinks(page: Page, root: string): Page {
  const { values, url } = page;
  const context = values.get('@odata.context')?.text;
  const bases = [...(context === undefined ? [] : [context]), url.href, root.endsWith('/') ? root : `${root}/`];
  const whole = links.flatMap((name) => {
    const found = values.get(name);
    const to = found?.kind === 'string' && found.text !== '' ? wholeAddress(found.text, bases, url) : undefined;
    return found === undefined || to === undefined ? [] : [[name, { ...found, text: to }] as const];
  });
  return whole.length === 0 ? page : { ...page, values: new Map([...values, ...whole]) };
}

/** The complete address. Undefined: the text is not an address. */
function wholeAddress(written: string, bases: readonly string[], url: URL): string | undefined {
  const all = bases.flatMap((base) => {
    const from = addressIn(base, url);
    const to = from && addressIn(written, from);
    return to === undefined ? [] : [to];
  });
  return (all.find(({ origin, pathname }) => origin === url.origin && pathname === url.pathname) ?? all[0])?.href;
}

function addressIn(written: string, base: URL): URL | undefined {
  try {
    return new URL(written, base);
  } catch {
    return undefined;
  }
}
