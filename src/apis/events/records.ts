/** Turns events into the records that they are about, each with its version, and deleted records with a mark. The values of the records are not parsed. */
import { deletedColumn, type Window } from '../../engine/contracts/home.ts';
import type { Body } from '../answers/document.ts';
import { bodyOf, envelopeOf, type Found, type Span } from '../answers/envelope.ts';
import { noPage } from '../answers/errors.ts';
import { ofRecord } from '../answers/readable.ts';
import type { Page } from '../lists/pages.ts';
import { withMembers } from '../parents/rows.ts';
import type { EventsConfig, Match } from './config.ts';
import { eventOfOtherVersion, eventsOutOfOrder } from './errors.ts';
import type { LeftOutMembers } from './left-out.ts';
import { shownAsMember } from './shown.ts';
import { lastPlace, secondOf, versionColumn, versionOf } from './versions.ts';

export interface Reading {
  /** The index of the first record on the page that was not read before. */
  readonly from: number;
  /** The number of records on earlier pages. */
  readonly read: number;
  readonly window: Pick<Window, 'upper'>;
}

/** The records of the list itself. Their version is the version of the run. */
export function listedRecords(page: Page, { from, read, window }: Reading, members: LeftOutMembers): Page {
  const second = window.upper === null ? 0n : secondOf(window.upper.text);
  const rows = page.records.slice(from).map((span, i) => {
    const record = bodyOf(page.body, span);
    members.see(record);
    return marked(record, versionOf(second, BigInt(read + i)), { isDeleted: false, shown: null });
  });
  return withRecords(page, rows);
}

interface EventsOf extends EventsConfig {
  /** The name of the entity for people: `pay.customers`. */
  readonly entity: string;
  /** Whether the config has the header that requests a version. */
  readonly asksForVersion: boolean;
  readonly members: LeftOutMembers;
}

/** The records that the events of a page are about. Throws HomeError HYG-3602, HYG-3662, HYG-3681, HYG-3682. */
export function eventRecords(page: Page, { from, read }: Reading, config: EventsOf): Page {
  const { at, record: recordAt, only, except, deleted, version, format, order } = config;
  const matches = [only, except, deleted].filter((one) => one !== undefined);
  const selectors = [...new Set([at, ...(version ? [version.at] : []), ...matches.map((one) => one.at)])];
  const rows: Buffer[] = [];
  let before: number | undefined;
  for (const [i, span] of page.records.slice(from).entries()) {
    const event = bodyOf(page.body, span);
    const { values } = ofRecord(page.name, () => envelopeOf(event, null, selectors));
    const ms = timeOf(values.get(at), format);
    if (ms === undefined) throw noPage(page.name, `An event has no time at ${at} in the format ${format}.`);
    if (before !== undefined && (order === 'newest_first' ? ms > before : ms < before)) throw eventsOutOfOrder(page.name, order);
    before = ms;
    if ((only && !isMatch(values, only)) || (except && isMatch(values, except))) continue;
    const [shownIn, listedIn] = version === undefined ? [] : [textOf(values.get(version.at)), page.header(version.header)];
    if (shownIn !== listedIn) throw eventOfOtherVersion(page.name, { event: shownIn, list: listedIn }, config);
    // The record is the value at this position in the event.
    const record = ofRecord(page.name, () => spanAt(event, recordAt));
    if (record === undefined) throw noPage(page.name, `An event has no record at ${recordAt}.`);
    const place = BigInt(read + i);
    const number = order === 'newest_first' ? lastPlace - 1n - place : place;
    const isDeleted = deleted !== undefined && isMatch(values, deleted);
    const shown = config.members.shownBy(record, { page: page.name, number: from + i + 1, isDeleted });
    rows.push(marked(record, versionOf(BigInt(Math.floor(ms / 1000)), number), { isDeleted, shown }));
  }
  return withRecords(page, rows);
}

const textOf = (found: Found | undefined) => (found === undefined || found.kind === 'null' ? undefined : found.text);

function spanAt(event: Body, at: string): Body | undefined {
  const { records, kind } = envelopeOf(event, at.split('.'), []);
  const [record] = records ?? [];
  return kind === 'object' && record ? bodyOf(event, record) : undefined;
}

function isMatch(values: ReadonlyMap<string, Found>, { at, is }: Match): boolean {
  const found = values.get(at);
  return found !== undefined && [is].flat().some((one) => found.text === String(one) && kindOf(one) === found.kind);
}

const kindOf = (value: string | number | boolean): Found['kind'] =>
  typeof value === 'boolean' ? 'bool' : (typeof value as 'string' | 'number');

/** The time of an event, in milliseconds since 1970. */
function timeOf(found: Found | undefined, format: EventsConfig['format']): number | undefined {
  if (found === undefined) return undefined;
  if (format === 'epoch_s' || format === 'epoch_ms') {
    const isCount = (found.kind === 'number' || found.kind === 'string') && /^\d{1,14}$/.test(found.text);
    return isCount ? Number(found.text) * (format === 'epoch_s' ? 1000 : 1) : undefined;
  }
  const ms = found.kind === 'string' && /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(found.text) ? Date.parse(found.text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function marked(
  record: Body,
  version: string,
  { isDeleted, shown }: { readonly isDeleted: boolean; readonly shown: readonly string[] | null },
): Buffer {
  const own = [`"${versionColumn}":${version}`, `"${deletedColumn}":${isDeleted}`];
  return withMembers(record, shown === null ? own : [...own, shownAsMember(shown)]);
}

/** The page with these rows, one after another, in place of its records. */
export function withRecords(page: Page, rows: readonly Buffer[]): Page {
  const records: Span[] = [];
  const parts: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer) => {
    parts.push(part);
    length += part.length;
  };
  for (const row of rows) {
    if (records.length > 0) add(Buffer.from(','));
    records.push({ start: length, end: length + row.length });
    add(row);
  }
  return { ...page, body: { bytes: Buffer.concat([...parts, Buffer.alloc(1)]), length }, records };
}
