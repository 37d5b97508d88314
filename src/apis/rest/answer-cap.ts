/** Lists that end at a number of records without a word: a window whose answer has as many as APIs often give at most is asked for what would lie beyond. */
import { everything, type Window } from '../../engine/contracts/home.ts';
import { counted } from '../../errors/as-argument.ts';
import { compareWatermarkKeys, type WatermarkKey, watermarkKey, watermarkText } from '../../frames/watermark-text.ts';
import type { OwnNote } from '../../ports/notes.ts';
import { answerCapped } from '../answers/errors.ts';
import { hasUpper, type Pagination, type WindowParams } from '../lists/config.ts';
import type { Page } from '../lists/pages.ts';

/** The config says nothing of further pages. */
export function isOneAnswer(pagination: Pagination): boolean {
  return pagination.type === 'none' && !pagination.ignore_next;
}

const leastCap = 10;
const roundNumbers = /^(1|15|2|25|3|4|5|75)0*$/;

/** Whether APIs often list so many records at most. */
export function isUsualCap(records: number): boolean {
  return records >= leastCap && (roundNumbers.test(String(records)) || (records >= 32 && Number.isInteger(Math.log2(records))));
}

interface AskedWindow {
  readonly window: Window;
  readonly params: WindowParams;
  /** So far from a record lies what the API tells apart from it: by its times, and by its days. In units of the type. */
  readonly apart: readonly bigint[];
  /** What the API filters records by. */
  keysOn(page: Page): readonly WatermarkKey[];
  /** Undefined: the API gives no answer now. */
  get(window: Window): Promise<Page | undefined>;
}

/** Throws HomeError HYG-3647 where the API has records of the window that its one answer has not. */
export async function mustHaveAll(page: Page, { window, params, apart, keysOn, get }: AskedWindow): Promise<void> {
  const { column, lower, upper } = window;
  const keys = keysOn(page).toSorted(compareWatermarkKeys);
  const [least, middle, most] = [keys[0], keys[Math.floor(keys.length / 2)], keys.at(-1)];
  if (!isUsualCap(page.records.length) || column === null || least === undefined || middle === undefined || most === undefined) return;
  const at = (key: WatermarkKey) => ({ text: watermarkText(column.type, key), inclusive: true });
  const from = (key: WatermarkKey): Window => ({ ...everything, column, lower: at(key), upper });
  const upTo = (key: WatermarkKey): Window => ({ ...everything, column, lower, upper: at(key) });
  const isWithin = (key: WatermarkKey) =>
    (lower === null || compareWatermarkKeys(key, watermarkKey(column.type, lower.text)) >= 0) &&
    (upper === null || compareWatermarkKeys(key, watermarkKey(column.type, upper.text)) <= 0);
  const further = (key: WatermarkKey, part: typeof from, sign: bigint) =>
    typeof key !== 'bigint' ? [] : apart.flatMap((by) => (isWithin(key + sign * by) ? [part(key + sign * by)] : []));
  const beyond: readonly { readonly part: Window; readonly further: readonly Window[] }[] = [
    { part: from(most), further: further(most, from, 1n) },
    ...(hasUpper(params) ? [{ part: upTo(least), further: further(least, upTo, -1n) }] : []),
    // A list in no order lacks records between those that it has.
    { part: from(middle), further: [] },
  ];
  const lackedBy = (other: Page, shown: readonly WatermarkKey[]) => {
    const [there, here] = [countsOf(keysOn(other)), countsOf(shown)];
    return shown.find((key) => isWithin(key) && (here.get(key) ?? 0) > (there.get(key) ?? 0));
  };
  /** Whether the answer may be cut too. */
  const isCut = async (part: Window) => {
    const got = await get(part);
    const shown = got === undefined ? [] : keysOn(got);
    if (lackedBy(page, shown) === undefined) return got !== undefined && got.records.length >= page.records.length;
    // A record may have come since.
    const again = await get(window);
    const missing = again === undefined || again.records.length !== page.records.length ? undefined : lackedBy(again, shown);
    if (missing === undefined) return false;
    throw answerCapped(page.name, {
      records: page.records.length,
      column: column.column,
      text: watermarkText(column.type, missing),
      hasUpper: hasUpper(params),
    });
  };
  // Where as many records as the cap have one watermark, or one day that the API compares alone, the others lie further out.
  for (const { part, further } of beyond) if (await isCut(part)) for (const one of further) await isCut(one);
}

/** Several records may have one watermark. */
function countsOf(keys: readonly WatermarkKey[]): ReadonlyMap<WatermarkKey, number> {
  const counts = new Map<WatermarkKey, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** A note where nothing tells whether the one answer of a list has all records. */
export function roundAnswerNotes(page: Page | undefined): readonly OwnNote[] {
  if (page === undefined || !isUsualCap(page.records.length)) return [];
  const records = page.records.length;
  return [
    {
      code: 'api.round_answer',
      text: `${page.name} has exactly ${counted(records, 'record')}, and no pagination is set. If the API lists so many at most, name how its list goes on, such as pagination: { type: page }`,
      params: { page: page.name, records },
    },
  ];
}
