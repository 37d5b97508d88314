/** A home with a list of records and a list of events. The first load reads the records, and later runs read changes of the records from the events. */
import type { Opening } from '../../engine/contracts/connector.ts';
import type { Frame, Step } from '../../engine/contracts/frame.ts';
import {
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
import type { DataType } from '../../frames/schema.ts';
import type { Rejected } from '../../frames/values/rejected-rows.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { watermarkText } from '../../frames/watermark-text.ts';
import type { Instant, Json } from '../../ports/values.ts';
import { noTime } from '../answers/errors.ts';
import { type EventsConfig, keptSeconds, lagSeconds } from '../events/config.ts';
import { eventsGone } from '../events/errors.ts';
import { LeftOutMembers } from '../events/left-out.ts';
import { eventRecords, listedRecords } from '../events/records.ts';
import { byShown, shownMember, withoutShown } from '../events/shown.ts';
import { lastPlace, secondOf, versionColumn, versionOf, versionType } from '../events/versions.ts';
import { windowParams } from '../lists/window-params.ts';
import { addressOf, revealed } from '../requests/config.ts';
import type { LaterAnswer } from '../requests/requests.ts';
import { type ApiTime, presentMs } from '../times/clock-bound.ts';
import type { RestConfig } from './config.ts';
import type { Dialect } from './dialect.ts';
import { type RestHome, restHome } from './home.ts';

/** The name of the change feed in `watermark.changes`. */
export const eventFeed = 'events';
/** The interval at which the watermark advances without events, so that it is never older than the events that the API keeps. */
const settledAnewSeconds = 6n * 3_600n;
/** The margin, in seconds, by which the last watermark must be newer than the oldest events that the API keeps. The API deletes events by its own clock, maybe a little early. */
const marginSeconds = 3_600n;

const times: DataType = { kind: 'timestamp', unit: 'ms', zone: 'UTC' };

type Around = Pick<Opening, 'flow' | 'entity' | 'network' | 'clock' | 'scratch' | 'pinned' | 'ledger'>;

export async function eventsHome(config: RestConfig & { readonly events: EventsConfig }, around: Around): Promise<EventsHome> {
  const { types } = config as { readonly types?: Readonly<Record<string, string>> };
  const { events, ...list } = config;
  // The columns are declared, so that they exist in a list without records too.
  const marked = { ...list, types: { ...types, [versionColumn]: 'int64', [deletedColumn]: 'bool', [shownMember]: 'string' } } as RestConfig;
  const entity = `${around.flow}.${around.entity}`;
  const { base_url, endpoint, params } = list;
  const asked = [base_url, endpoint, ...Object.entries(params ?? {}).map(([name, value]) => [name, revealed(value)])];
  const members = new LeftOutMembers({ entity, list: asked, opening: around, config: events });
  return new EventsHome(config, await restHome(marked, around, dialectOf(config, { entity, members })), { ...around, members });
}

/** @param of.entity the name of the entity for people: `pay.customers`. */
function dialectOf(
  config: RestConfig & { readonly events: EventsConfig },
  { entity, members }: { readonly entity: string; readonly members: LeftOutMembers },
): Dialect {
  const { events, headers = {} } = config;
  const asksForVersion = Object.keys(headers).some((name) => name.toLowerCase() === events.version?.header.toLowerCase());
  return {
    windowParams: () => undefined,
    first: (url, window) => (window.lower === null ? url : addressOfEvents(config, window)),
    settling: (page, of) =>
      of.window.lower === null ? listedRecords(page, of, members) : eventRecords(page, of, { ...events, entity, asksForVersion, members }),
  };
}

function addressOfEvents(
  { base_url, events }: { readonly base_url: string; readonly events: EventsConfig },
  window: Pick<Window, 'lower' | 'upper'>,
): URL {
  const { endpoint, params = {}, from, to, format } = events;
  const url = addressOf({ base_url, endpoint });
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, revealed(value));
  const at = (edge: Window['lower']) => edge && { text: watermarkText(times, secondOf(edge.text) * 1000n), inclusive: true };
  const bounds = { column: { column: versionColumn, type: times }, lower: at(window.lower), upper: at(window.upper) };
  for (const [name, value] of Object.entries(windowParams(bounds, { from, to, format }))) url.searchParams.set(name, value);
  return url;
}

export class EventsHome implements Home {
  readonly reading: Reading = { ...usualReading, order: 'in_order', tellsDeletes: true };
  readonly place: string;
  readonly rowCondition: string;
  readonly #config: RestConfig & { readonly events: EventsConfig };
  readonly #events: EventsConfig;
  readonly #rest: RestHome;
  readonly #entity: string;
  readonly #members: LeftOutMembers;
  /** The bound from which the run continues, if `describe` received it. */
  #lower: string | null = null;

  constructor(
    config: RestConfig & { readonly events: EventsConfig },
    rest: RestHome,
    { flow, entity, members }: Pick<Around, 'flow' | 'entity'> & { readonly members: LeftOutMembers },
  ) {
    this.#config = config;
    this.#members = members;
    this.#events = config.events;
    this.#rest = rest;
    this.#entity = `${flow}.${entity}`;
    this.place = rest.place;
    this.rowCondition = rest.rowCondition;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rest[Symbol.asyncDispose]();
  }

  async describe(cursor?: Json, look?: Look, breadth?: Breadth, part?: LookedPart): Promise<Step<SourceDescription>> {
    this.#lower = part?.lower?.text ?? null;
    if (this.#lower !== null) await this.#members.load();
    const step = await this.#rest.describe(cursor, look, breadth, part);
    if ('done' in step && this.#lower !== null) this.#mustBeKept(secondOf(this.#lower));
    return 'done' in step ? { done: { ...withoutShown(step.done), keys: this.#events.key } } : step;
  }

  #mustBeKept(since: bigint): void {
    const kept = this.#now() - keptSeconds(this.#events) + marginSeconds;
    if (since < kept) throw eventsGone(this.place, this.#entity, { since: instantOf(since), kept: instantOf(kept) });
  }

  /** The present time of the API, in seconds since 1970. */
  #now(): bigint {
    return BigInt(Math.floor(Date.parse(this.#time().date) / 1000));
  }

  #time(): ApiTime {
    const { time } = this.#rest;
    if (time === undefined) throw noTime(this.place);
    return time;
  }

  async bound(): Promise<Step<Watermark | undefined> & LookNotes> {
    const second = this.#newest();
    const lower = this.#lower;
    // Later runs read events, so the first run checks whether it has the right to read events.
    const later = lower === null ? await this.#askForEvents() : undefined;
    if (later !== undefined) return { again: 'events', notBefore: later.notBefore };
    const { looked } = this.#rest;
    const isStill = lower !== null && looked?.records === 0 && looked.isAll && second - secondOf(lower) < settledAnewSeconds;
    const text = lower !== null && (isStill || secondOf(lower) >= second) ? lower : versionOf(second, lastPlace);
    return { done: { column: versionColumn, type: versionType, text } };
  }

  /** The newest second whose events a run reads if the run begins now. */
  #newest(): bigint {
    return BigInt(Math.floor(presentMs(this.#time()) / 1000)) - lagSeconds(this.#events);
  }

  async #askForEvents(): Promise<LaterAnswer | undefined> {
    const edge = { text: versionOf(this.#newest(), lastPlace), inclusive: true };
    return await this.#rest.ask(addressOfEvents(this.#config, { lower: edge, upper: edge }));
  }

  /** As `RestHome.firstPage`. Also checks that the list of events can be read. */
  async firstPage(): ReturnType<RestHome['firstPage']> {
    const got = await this.#rest.firstPage();
    const later = 'notBefore' in got ? undefined : await this.#askForEvents();
    return later ?? got;
  }

  async future(): Promise<Step<FutureRows>> {
    return { done: { rows: 0, latest: null, until: null } };
  }

  async nulls(): Promise<Step<number>> {
    return { done: 0 };
  }

  async plan(window: Window): Promise<Step<SlicePlan>> {
    return await this.#rest.plan(window);
  }

  async *read(slice: SliceRef, window: Window, from: Json | undefined, signal: AbortSignal): AsyncGenerator<Frame | Checkpoint | Rejected> {
    if (window.lower !== null) await this.#members.load();
    try {
      yield* byShown(this.#rest.read(slice, window, from, signal), (members, columns) => this.#columnsOf(members, columns));
    } finally {
      if (window.lower === null) await this.#members.keep(from === undefined);
    }
  }

  /** The columns that belong to members. With `flatten`, a member that is an object is stored as several columns, whose names begin with the name of the member. */
  #columnsOf(members: readonly string[], columns: readonly string[]): readonly string[] {
    const { flatten = false, separator = '_' } = this.#config as { readonly flatten?: boolean | number; readonly separator?: string };
    const shown = new Set(members);
    if (flatten === false || flatten === 0) return columns.filter((column) => shown.has(column));
    const all = [...new Set([...members, ...this.#members.expected])].sort((a, b) => b.length - a.length);
    const memberOf = (column: string) => all.find((name) => column === name || column.startsWith(`${name}${separator}`));
    return columns.filter((column) => shown.has(memberOf(column) ?? column));
  }
}

const instantOf = (second: bigint): Instant => new Date(Number(second) * 1000).toISOString();
