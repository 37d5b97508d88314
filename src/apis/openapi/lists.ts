/** Finds the lists among the operations of a description, with facts about their pages, keys and times. */
import type { Body } from '../answers/document.ts';
import { envelopeOf } from '../answers/envelope.ts';
import { listPlaces } from '../answers/list-places.ts';
import { type FurtherPages, furtherPages } from '../lists/further-pages.ts';
import type { PageKeys } from '../lists/list-signs.ts';
import type { Page } from '../lists/pages.ts';
import { type Fields, fieldsOf } from '../proposals/fields.ts';
import { rankedLists, usualNames } from '../proposals/proposal.ts';
import type { Description, Members } from './description.ts';
import type { Operation, Parameter } from './operations.ts';
import { recordSchema, sampleOf } from './sample.ts';

interface DescribedPages {
  /** The keys of `pagination`. Undefined: the description does not show how the list is divided into pages. */
  readonly keys: PageKeys | undefined;
  /** The reasons for `keys`, as sentences. */
  readonly evidence: readonly string[];
}

export interface DescribedList extends Operation {
  /** The names in braces in the path, which need values. */
  readonly names: readonly string[];
  /** The path of the list in the answer, as in `records`. */
  readonly records: string;
  /** The schema of a record. */
  readonly record: Members;
  readonly pages: DescribedPages;
  readonly fields: Fields;
}

/** The list that an operation returns. Undefined: the answer of the operation is not a list of records. */
export function listOf(operation: Operation, description: Description): DescribedList | undefined {
  const { path, parameters, answer, headers } = operation;
  const schema = description.schema(answer);
  if (schema === undefined) return undefined;
  const first = sampleOf(schema, { description, hasCursor: takesCursor(parameters) });
  if (typeof first !== 'object' || first === null) return undefined;
  const sample = bodyOf(first);
  const segments = path.split('/').filter((one) => one !== '');
  const name = segments.findLast((one) => !one.startsWith('{')) ?? '';
  const [list] = rankedLists(listPlaces(sample), name);
  if (list === undefined) return undefined;
  const record = recordSchema(answer, list.at, description);
  if (record === undefined) return undefined;
  const page = pageOf(sample, list.at, headers);
  const further = furtherPages({ type: 'none' }, page);
  // A single object with arrays inside looks like an answer with a list. The path shows that it is a single object: it ends with a name in braces.
  const isOne = list.at !== '.' && (segments.at(-1) ?? '').includes('{');
  const isNamed = list.at === '.' || isLikely(list.at, name) || further !== undefined || parameters.some(isPageParameter);
  if (isOne || !isNamed) return undefined;
  const names = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, one = '']) => one);
  const fields = fieldsOf(sample, page.records, name);
  return { ...operation, names, records: list.at, record, pages: pagesOf(further, parameters), fields };
}

function isLikely(at: string, name: string): boolean {
  const last = (at.split('.').at(-1) ?? '').toLowerCase();
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^a-z]/g, '')
      .replace(/ies$/, 'y')
      .replace(/s$/, '');
  return usualNames.includes(last) || plain(last) === plain(name);
}

function bodyOf(value: unknown): Body {
  const bytes = Buffer.from(`${JSON.stringify(value)}\0`);
  return { bytes, length: bytes.length - 1 };
}

function pageOf(body: Body, at: string, headers: readonly string[]): Page {
  const records = envelopeOf(body, at === '.' ? [] : at.split('.'), []).records ?? [];
  const header = (name: string) => {
    if (!headers.includes(name)) return undefined;
    return name === 'link' ? '<https://api.example/list?page=2>; rel="next"' : name === 'x-next-page' ? '2' : '1000';
  };
  return { body, url: new URL('https://api.example/list'), records, values: new Map(), name: '', header };
}

const sizes =
  /^(per_?page|page_?(size|limit)|limit|size|count|max_?results|results_?per_?page|page\[(size|limit)\]|\$?top|first|rows|items_?per_?page|take|max)$/i;
const numbers = /^(page|page_?(no|num|number|index)|p|page\[number\]|current_?page)$/i;
const offsets = /^(offset|\$?skip|start_?(at|index|row|position)?|first_?result|page\[offset\])$/i;
const cursors =
  /^(cursor|after|page_?token|next_?(page_?)?token|continuation_?token|next_?cursor|starting_?after|page\[(after|cursor)\]|bookmark|marker|scroll_?id|pagination_?token|start_?cursor)$/i;
/** The maximum page size. APIs seldom return more records per page, even if a description allows more. */
const mostOfAPage = 1_000;

/** Whether only lists have such a parameter. `limit` is excluded, since it may have another meaning. */
function isPageParameter({ name, in: place }: Parameter): boolean {
  return place === 'query' && (numbers.test(name) || offsets.test(name) || cursors.test(name));
}

function takesCursor(parameters: readonly Parameter[]): boolean {
  return parameters.some(({ name, in: place }) => place === 'query' && cursors.test(name));
}

/** @param further the signs in the sample answer that more records follow. */
function pagesOf(further: FurtherPages | undefined, parameters: readonly Parameter[]): DescribedPages {
  const query = parameters.filter((one) => one.in === 'query');
  const named = (names: RegExp) => query.find(({ name }) => names.test(name));
  const shown = further?.keys;
  const size = sizeOf(named(sizes));
  const sign = further === undefined ? [] : signsOf(further.keys);
  const param = (one: Parameter) => `The parameter ${one.name}${one.about === '' ? '' : `: ${one.about}`}`;
  const sized = size === undefined ? [] : [param(size.of)];
  const result = (keys: PageKeys, evidence: readonly string[]): DescribedPages => ({
    keys: { ...keys, ...size?.keys },
    evidence: [...evidence, ...sized],
  });
  if (shown?.type === 'link_header' || shown?.type === 'next_url') return result(shown, sign);
  const cursor = query.find(({ name }) => name === shown?.param) ?? named(cursors);
  const follows = shown?.type === 'keyset' || shown?.type === 'cursor';
  if (follows && cursor !== undefined) return result({ ...shown, param: cursor.name }, [...sign, param(cursor)]);
  const { has_more_at, total_at, total_header } = shown ?? {};
  const ends = { ...(has_more_at && { has_more_at }), ...(total_at && { total_at }), ...(total_header && { total_header }) };
  const end = has_more_at !== undefined ? ({ end: 'has_more' } as const) : (total_at ?? total_header) ? ({ end: 'total' } as const) : {};
  const number = named(numbers);
  if (number !== undefined)
    return result({ type: 'page', ...(number.name === 'page' ? {} : { param: number.name }), ...startOf(number), ...end, ...ends }, [
      ...sign,
      param(number),
    ]);
  const offset = named(offsets);
  if (offset !== undefined)
    return result({ type: 'offset', ...(offset.name === 'offset' ? {} : { param: offset.name }), ...end, ...ends }, [
      ...sign,
      param(offset),
    ]);
  return { keys: undefined, evidence: [...sign, ...(cursor === undefined ? [] : [param(cursor)])] };
}

/** The signs in the sample answer, as sentences. */
function signsOf({ type, at, header, has_more_at, total_at, total_header }: PageKeys): readonly string[] {
  const where = at === undefined ? `in its header ${header}` : `at ${at}`;
  return [
    ...(type === 'link_header' ? ['The answer has a header Link.'] : []),
    ...(type === 'next_url' ? [`The answer has the address of the next page ${where}.`] : []),
    ...(type === 'cursor' ? [`The answer has a cursor ${where}.`] : []),
    ...(has_more_at === undefined ? [] : [`The answer says at ${has_more_at} whether more records follow.`]),
    ...((total_at ?? total_header) === undefined
      ? []
      : [`The answer has the number of all records ${total_at === undefined ? `in its header ${total_header}` : `at ${total_at}`}.`]),
  ];
}

/** The number of the first page. The number is 1, unless the description reports another number. */
function startOf({ schema, about }: Parameter): Pick<PageKeys, 'start'> {
  const isZero =
    schema.default === 0 || /\b(zero|0)[- ]?(based|indexed)|\b(starts?|begins?|starting) (at|from|with) (0|zero)\b/i.test(about);
  return isZero ? { start: 0 } : {};
}

function sizeOf(
  parameter: Parameter | undefined,
): { readonly keys: Pick<PageKeys, 'page_size' | 'size_param'>; readonly of: Parameter } | undefined {
  if (parameter === undefined) return undefined;
  const { schema, name } = parameter;
  const most = wholeIn(schema, 'maximum');
  const size = most === undefined ? wholeIn(schema, 'default') : Math.min(most, mostOfAPage);
  return size === undefined ? undefined : { keys: { page_size: size, size_param: name }, of: parameter };
}

function wholeIn(schema: Members, name: string): number | undefined {
  const value = schema[name];
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 100_000 ? value : undefined;
}
