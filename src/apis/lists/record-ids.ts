/** Makes ids and hashes of the records of a page. */
import { fieldOf, type Span } from '../answers/envelope.ts';
import { noEnd, noPage, shifted } from '../answers/errors.ts';
import { ofRecord, orIfBad } from '../answers/readable.ts';
import type { Page, Walk } from './pages.ts';
import { short } from './positions.ts';

/** A hash of neighbouring records. */
export function hashOf({ body }: Page, records: readonly Span[]): string {
  const [first] = records;
  const last = records.at(-1);
  return first && last ? short(body.bytes.subarray(first.start, last.end)) : '';
}

/** The value of a field in a record as text. Undefined: the record lacks the field, or the value is null, an object or an array. */
export function textIn(page: Page, span: Span, field: string): string | undefined {
  // An unreadable record has no value here, since the decoder refuses it later.
  const found = orIfBad(
    () => fieldOf(page.body, span, field),
    () => undefined,
  );
  return found === undefined || found.kind === 'null' || found.kind === 'object' || found.kind === 'array' ? undefined : found.text;
}

const ids = ['id', '_id', 'uuid', 'guid', 'Id', 'ID'];

/** The value of the field `id` in a record. Undefined: the record has no id. */
export function ownId(page: Page, span: Span): string | undefined {
  const name = idName(page, span);
  return name === '' ? undefined : textIn(page, span, name);
}

/** The name of the field `id`, spelled as in the record. Empty: the record lacks a field `id`. */
export function idName(page: Page, span: Span): string {
  if (page.body.bytes[span.start] !== 0x7b) return '';
  return ids.find((name) => textIn(page, span, name) !== undefined) ?? '';
}

/** The text of a field in a record. Throws HomeError HYG-3602 if the record lacks the field. */
export function textOf(field: string, record: Span, page: Page): string {
  const found = ofRecord(page.name, () => fieldOf(page.body, record, field));
  if (found === undefined || found.kind === 'null' || found.kind === 'object' || found.kind === 'array')
    throw noPage(page.name, `A record has no ${field} that identifies it on other pages.`);
  return found.text;
}

/** A hash of the keys of a page, in any order. The order does not count, since an API that ignores the page number may list in a random order. */
export function keysOf(field: string, page: Page): string {
  return short(JSON.stringify(page.records.map((record) => textOf(field, record, page)).sort()));
}

/** The number of records on the page that the previous page had too: 1 if the filter includes the last record of the previous page. */
export function knownRecords(field: string, { at, tail = [] }: Walk, page: Page): number {
  if (at === null) return 0;
  const fresh = page.records.findIndex((record) => textOf(field, record, page) !== at);
  const known = fresh === -1 ? page.records.length : fresh;
  const [first] = page.records;
  if (known > 1) throw sameKey(field, page);
  if (known === 1 && first && tail.length > 0 && hashOf(page, [first]) !== tail.at(-1))
    throw shifted(
      page.name,
      `The first record has the ${field} of the last record of the previous page. But it is another record, or the record changed.`,
    );
  return known;
}

export function sameKey(field: string, page: Page): Error {
  return noPage(page.name, `Two records have the same ${field}: pagination.field has to be different in each record.`);
}

/** The position where the next page continues: the last record, and whether the numbers of the field rise. Throws HomeError HYG-3602, HYG-3604. */
export function keysetOrder(
  field: string,
  walk: Walk,
  { page, known }: { readonly page: Page; readonly known: number },
): Pick<Walk, 'tail' | 'rises'> {
  const fresh = page.records.slice(known);
  const [first, last, before] = [fresh[0], fresh.at(-1), fresh.at(-2)];
  if (first === undefined || last === undefined) return {};
  const [begin, end] = [textOf(field, first, page), textOf(field, last, page)];
  if (before !== undefined && before !== last && textOf(field, before, page) === end) throw sameKey(field, page);
  const ways = [
    ...(walk.rises === undefined ? [] : [walk.rises]),
    ...(walk.at === null ? [] : risesFrom(String(walk.at), begin)),
    ...risesFrom(begin, end),
  ];
  if (ways.some((way) => way !== ways[0]))
    throw noEnd(page.name, `The records are not in the order of ${field}, but the pages depend on this order.`);
  const [rises] = ways;
  return { tail: [hashOf(page, [last])], ...(rises === undefined ? {} : { rises }) };
}

/** Whether the second value is larger than the first one. Empty: the values are equal or not numbers, since only numbers have a known order. */
function risesFrom(one: string, other: string): readonly boolean[] {
  const isNumber = (text: string) => /^-?\d{1,30}$/.test(text);
  return isNumber(one) && isNumber(other) && one !== other ? [BigInt(other) > BigInt(one)] : [];
}
