/** Reads lists that end at a maximum number of records, although more records exist. If a window has that number of records, it is halved. */
import type { Edge, Window } from '../../engine/contracts/home.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { watermarkKey, watermarkText } from '../../frames/watermark-text.ts';
import type { Instant } from '../../ports/values.ts';
import { type Absent, cappedBelowATick, RequestRefused } from '../answers/errors.ts';
import type { Pagination, WindowParams } from './config.ts';
import { noPageStatuses } from './list-end.ts';
import type { GoesOn, ReadPage } from './page-batches.ts';
import { beginning, type Page, type Turn, totalIn, type Walk } from './pages.ts';
import { tickOf } from './window-params.ts';

/** The position of a reading in a window with a cap. */
export interface CappedPlace {
  /** The records below this bound were read. Null: no records were read so far. */
  readonly after: Edge | null;
  /** The length of the next part, in units of the watermark’s type. Null: the next part is the whole rest of the window. */
  readonly length: string | null;
  /** All parts of the window were read. */
  readonly isOver?: true;
}

export const cappedBeginning: CappedPlace = { after: null, length: null };
export const cappedOver: CappedPlace = { ...cappedBeginning, isOver: true };

export interface CappedList {
  readonly place: string;
  readonly pages: Pagination;
  readonly params: WindowParams & { readonly cap: number };
  readonly window: Window;
  /** Requests a page. `absent`: the answer to the first request shows that the list does not exist. */
  page(walk: Walk, part: Window): Promise<Page | { readonly notBefore: Instant } | { readonly absent: Absent }>;
  turn(walk: Walk, page: Page): Turn;
}

/** A part of the window that was read to its end. */
export interface CappedPart {
  readonly window: Window;
  readonly pages: readonly Omit<ReadPage, 'at'>[];
  readonly next: CappedPlace | null;
  /** The API requests a pause until this time, so the part has no pages. */
  readonly notBefore?: Instant;
  /** The list does not exist, so the part has no pages. */
  readonly absent?: Absent;
}

/** Reads one part of the window. The whole part is read before any of its records is delivered. Throws HomeError HYG-3632 if a part with too many records is too short to be halved. */
export async function partFrom(list: CappedList, from: CappedPlace, goesOn: GoesOn): Promise<CappedPart> {
  for (let place = from; ; ) {
    const window = partOf(list.window, place);
    const read = await listOf(list, window, goesOn);
    // If a part needs more calls than the API allows at a time, only half of the part is read after the pause. Half of the part needs fewer calls.
    if (read !== 'capped' && 'notBefore' in read) return { pages: [], window, next: halved(list, window, place) ?? place, ...read };
    if (read !== 'capped' && 'absent' in read) return { pages: [], window, next: null, absent: read.absent };
    if (read !== 'capped') return { ...read, window, next: placeBehind(list, window) };
    const half = halved(list, window, place);
    if (half === undefined) throw cappedBelowATick(list.place, list.params.cap, window);
    place = half;
  }
}

async function listOf(
  { pages: pagination, params: { cap }, page: get, turn }: CappedList,
  part: Window,
  goesOn: GoesOn,
): Promise<Pick<CappedPart, 'pages'> | { readonly notBefore: Instant } | { readonly absent: Absent } | 'capped'> {
  const pages: Omit<ReadPage, 'at'>[] = [];
  let walk: Walk | null = beginning;
  for (let read = 0; walk !== null && goesOn(); ) {
    const size = Math.max(0, ...pages.map(({ page: { records } }) => records.length));
    // An API may refuse a page after its cap, although the list already ends before the cap.
    const isBeyond = (error: unknown) => error instanceof RequestRefused && noPageStatuses.includes(error.status) && read + size > cap;
    const page = await get(walk, part).catch((error) => {
      if (!isBeyond(error)) throw error;
      return undefined;
    });
    if (page === undefined) return 'capped';
    if ('notBefore' in page || 'absent' in page) return page;
    const total = totalIn(pagination, page);
    if (total !== undefined && Number(total) >= cap) return 'capped';
    const turned = turn(walk, page);
    pages.push({ page, from: turned.from, ended: turned.ended });
    read += page.records.length - turned.from;
    if (read >= cap) return 'capped';
    walk = turned.next;
  }
  return { pages };
}

/** The lower bound that is assumed for halving a window without a lower bound. */
const origin = 0n;

function keysOf({
  column,
  lower,
  upper,
}: Window): { readonly type: Watermark['type']; readonly low: bigint; readonly high: bigint } | undefined {
  if (column === null || upper === null) return undefined;
  const { type } = column;
  const [low, high] = [lower === null ? origin : watermarkKey(type, lower.text), watermarkKey(type, upper.text)];
  return typeof low === 'bigint' && typeof high === 'bigint' && low < high ? { type, low, high } : undefined;
}

/** The next part of the window. The first part also has the records without a watermark. */
function partOf(window: Window, { after, length }: CappedPlace): Window {
  const rest: Window = after === null ? window : { ...window, lower: after, nulls: 'exclude' };
  const keys = keysOf(rest);
  if (length === null || keys === undefined || keys.low + BigInt(length) >= keys.high) return rest;
  return { ...rest, upper: { text: watermarkText(keys.type, keys.low + BigInt(length)), inclusive: true } };
}

/** The first half of the part. Undefined: the half would be shorter than the smallest difference that the API distinguishes. */
function halved({ params }: CappedList, part: Window, { after }: CappedPlace): CappedPlace | undefined {
  const keys = keysOf(part);
  if (keys === undefined) return undefined;
  const length = (keys.high - keys.low) / 2n;
  return length < tickOf(keys.type, params.format) ? undefined : { after, length: String(length) };
}

/** The position after the part. The next part may be twice as long. Null: this was the last part. */
function placeBehind({ window }: CappedList, part: Window): CappedPlace | null {
  if (part.upper === null || part.upper.text === window.upper?.text) return null;
  const keys = keysOf(part);
  return { after: { text: part.upper.text, inclusive: false }, length: keys === undefined ? null : String((keys.high - keys.low) * 2n) };
}
