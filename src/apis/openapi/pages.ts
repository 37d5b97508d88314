/** Pages as a description shows them: by the answer, and by names of parameters. */
import type { FurtherPages, PageKeys } from '../lists/further-pages.ts';
import type { Members } from './description.ts';
import type { Parameter } from './operations.ts';

export interface DescribedPages {
  /** Undefined: nothing shows how the list is divided. */
  readonly keys: PageKeys | undefined;
  /** What shows it, as sentences. */
  readonly evidence: readonly string[];
}

const sizes =
  /^(per_?page|page_?(size|limit)|limit|size|count|max_?results|results_?per_?page|page\[(size|limit)\]|\$?top|first|rows|items_?per_?page|take|max)$/i;
const numbers = /^(page|page_?(no|num|number|index)|p|page\[number\]|current_?page)$/i;
const offsets = /^(offset|\$?skip|start_?(at|index|row|position)?|first_?result|page\[offset\])$/i;
const cursors =
  /^(cursor|after|page_?token|next_?(page_?)?token|continuation_?token|next_?cursor|starting_?after|page\[(after|cursor)\]|bookmark|marker|scroll_?id|pagination_?token|start_?cursor)$/i;
/** More of a page is seldom given, whatever a description says. */
const mostOfAPage = 1_000;

/** A parameter that only lists have. `limit` alone may be about anything. */
export function isPageParameter({ name, in: place }: Parameter): boolean {
  return place === 'query' && (numbers.test(name) || offsets.test(name) || cursors.test(name));
}

export function takesCursor(parameters: readonly Parameter[]): boolean {
  return parameters.some(({ name, in: place }) => place === 'query' && cursors.test(name));
}

/** @param further what the answer shows. */
export function pagesOf(further: FurtherPages | undefined, parameters: readonly Parameter[]): DescribedPages {
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

/** What the answer has, as sentences. */
function signsOf({ type, at, header, has_more_at, total_at, total_header }: PageKeys): readonly string[] {
  const where = at === undefined ? `in its header ${header}` : `at ${at}`;
  return [
    ...(type === 'link_header' ? ['The answer has a header Link.'] : []),
    ...(type === 'next_url' ? [`The answer has the address of the next page ${where}.`] : []),
    ...(type === 'cursor' ? [`The answer has a cursor ${where}.`] : []),
    ...(has_more_at === undefined ? [] : [`The answer says at ${has_more_at} whether more follows.`]),
    ...((total_at ?? total_header) === undefined
      ? []
      : [`The answer has the number of all records ${total_at === undefined ? `in its header ${total_header}` : `at ${total_at}`}.`]),
  ];
}

/** The first page is 1 unless the description says otherwise. */
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
