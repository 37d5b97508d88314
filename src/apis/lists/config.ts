/** How the list of an API is divided into pages, and filtered. */
import * as z from 'zod';
import { zoneFormat } from '../../checks/zone-offsets.ts';
import { formProblem, isPlaceless } from '../times/time-forms.ts';

const text = z.string().min(1);
const param = text.describe('The name of the parameter.');
/** Names from the outside in. */
export const selector = text.regex(/^[^.]+(\.[^.]+)*$/, 'names with dots between them, such as meta.next');

const pageSize = {
  page_size: z.int().min(1).max(100_000).optional().describe('Records of a page. Needs `size_param`.'),
  size_param: param.optional().describe('The parameter that takes `page_size`: `per_page`, `limit`.'),
};
/** Whether a name says that nothing follows. */
function saysLast(at: string): boolean {
  return /(^|[._])(is_?)?(last(_?page)?|done|end_of_stream|complete|finished)$/i.test(at);
}

/** What an answer may say of its list, beside what `pagination` names. */
export const signNames = ['has_more', 'next', 'cursor', 'total', 'pages', 'repeats'] as const;
export type SignName = (typeof signNames)[number];

const ignore = {
  ignore: z
    .array(z.enum(signNames))
    .min(1)
    .optional()
    .describe(
      'Signs in the answers that say nothing of this list: `[total]`, if a member `total` is a sum of money. has_more: a word that says whether more follows. next: the address or number of a next page. cursor: the cursor of a next page. total: the number of all records. pages: the number of pages. repeats: a page whose records equal those of the page before, except for one field, or for several fields next to the same `id`.',
    ),
};
const key = {
  key: selector
    .optional()
    .describe(
      'The field that is different in each record: `id`. It says whether a page has records that were not read before, whatever else changed in them.',
    ),
};

const ends = {
  end: z
    .enum(['empty', 'short', 'has_more', 'total', 'refused', 'repeated'])
    .default('empty')
    .describe(
      'What ends the list. empty: a page without records. short: a page with fewer records than `page_size`. has_more: `has_more_at` is false, or `last_at` is true. total: as many records were read as the API counts. refused: the API answers 400, 404, 410, 416 or 422 to a request for a page behind the last one. repeated: the API returns its last page again, or its first one if pages have numbers.',
    ),
  has_more_at: selector
    .refine((at) => !saysLast(at), { error: 'last_at, since it says whether this is the last page' })
    .optional()
    .describe('The path in the body to a true or false that says whether more follows: `has_more`.'),
  last_at: selector
    .optional()
    .describe('The path in the body to a true or false that says whether this is the last page, in place of `has_more_at`: `isLast`.'),
};
const totals = {
  total_at: selector
    .optional()
    .describe('The path in the body to the number of all records: `meta.total`. The run compares it with what it read.'),
  total_header: text.optional().describe('The header that has the number of all records: `X-Total-Count`.'),
};

const overlap = {
  overlap: z
    .enum(['none', 'records'])
    .optional()
    .describe(
      'Whether a page may begin with records of the page before, if no key identifies them. records: equal records at the end of a page and the beginning of the next one are the same records, and settle once. none: each record of each page is a separate record. Absent: they are the same ones by the key (`watermark.key`), or by an `id` of their own; without both, equal neighbours stop the run.',
    ),
};

export const pagination = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('none').describe('One answer has all records.'),
    ignore_next: z.literal(true).optional().describe('Read the one answer, although it shows that more records follow.'),
    ...totals,
    ...ignore,
  }),
  z.strictObject({
    type: z.literal('page').describe('Pages by their number.'),
    param: param.default('page').describe('The parameter that takes the number.'),
    start: z
      .int()
      .min(0)
      .max(1)
      .optional()
      .describe('The number of the first page. Absent: 1, and a first load requests page 0 too, to see whether it has other records.'),
    ...key,
    ...overlap,
    ...pageSize,
    ...ends,
    ...totals,
    ...ignore,
  }),
  z.strictObject({
    type: z
      .literal('offset')
      .describe(
        'Pages by the number of records before them. Each page begins with the last record of the page before, and has to match it.',
      ),
    param: param.default('offset').describe('The parameter that takes the number of records to leave out.'),
    ...key,
    ...pageSize,
    ...ends,
    ...totals,
    ...ignore,
  }),
  z.strictObject({
    type: z.literal('cursor').describe('Each answer has the cursor of the next page; the last one has none.'),
    param: param
      .optional()
      .describe('The parameter that takes the cursor. Absent: the cursor is an object, and each of its members is a parameter.'),
    at: selector.optional().describe('The path in the body to the cursor: `meta.next_cursor`.'),
    header: text.optional().describe('The header that has the cursor, in place of `at`.'),
    has_more_at: ends.has_more_at,
    last_at: ends.last_at,
    ...key,
    ...overlap,
    ...pageSize,
    ...totals,
    ...ignore,
  }),
  z.strictObject({
    type: z.literal('next_url').describe('Each answer has the address of the next page.'),
    at: selector.describe(
      'The path in the body to the address: `links.next`, or `"link[relation=next].url"` if the body has a list of links.',
    ),
    has_more_at: ends.has_more_at,
    last_at: ends.last_at,
    ...key,
    ...overlap,
    ...pageSize,
    ...totals,
    ...ignore,
  }),
  z.strictObject({
    type: z.literal('link_header').describe('Each answer has the address of the next page in its header `Link`, with `rel="next"`.'),
    ...key,
    ...overlap,
    ...pageSize,
    ...totals,
    ...ignore,
  }),
  z.strictObject({
    type: z.literal('keyset').describe('Each page begins after the last record of the page before.'),
    param: param.describe('The parameter that takes the value of `field` in the last record: `starting_after`, `since_id`.'),
    field: selector.describe('The field that the list is sorted by, different in each record: `id`.'),
    has_more_at: ends.has_more_at,
    last_at: ends.last_at,
    ...pageSize,
    ...ignore,
  }),
  z.strictObject({
    type: z
      .literal('anchored')
      .describe('The list ascends by `field`, and each page begins again at the value of the last record of the page before.'),
    param: param.describe('The parameter of the filter, at or above a value: `since`.'),
    field: selector.describe('The field that the filter compares and the list is sorted by: `updated_at`.'),
    key: selector.describe('The field that tells records with the same value apart: `id`.'),
    page_size: z.int().min(1).max(100).describe('Records of a page, at most 100.'),
    size_param: param.describe('The parameter that takes `page_size`: `per_page`.'),
    ...ignore,
  }),
]);

const windowKeys = z.strictObject({
  param: param
    .optional()
    .describe(
      'The one parameter that takes both bounds, as an expression: `$filter`, `q`. Absent: `from` and `to` are names of parameters of their own.',
    ),
  from: text.describe(
    'The parameter that takes the lower bound of the watermark: `updated_since`. With `param`, the expression: `modified ge {from}`, or one with both bounds: `updated:{from}..{to}`.',
  ),
  to: text
    .optional()
    .describe(
      'The parameter that takes the upper bound, or with `param` the expression: `modified le {to}`. Absent: the API has none, and hygge leaves out what is above.',
    ),
  join: z
    .string()
    .optional()
    .describe(
      'With `param`, the text between two expressions, and behind the value that `params` has for the same parameter. Default: `" and "`.',
    ),
  open: z
    .union([
      text,
      z.strictObject({
        from: text.describe('For the lower bound: a time before all records.'),
        to: text.describe('For the upper bound: a time behind all records.'),
      }),
    ])
    .optional()
    .describe(
      'The value of a bound that a run does not have, in an expression with both: `"*"`, or one text for each: `{ from: "1970-01-01", to: "2999-12-31" }`.',
    ),
  format: z
    .string()
    .superRefine((given, context) => {
      const message = formProblem(given);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .default('iso')
    .describe(
      '`iso`, `iso_ms`, `iso_no_zone`, `date`, `epoch_s`, `epoch_ms` or `number`: 2026-01-31T08:00:00Z, with milliseconds, without the Z, the day alone, seconds or milliseconds since 1970, or a whole number for ids. Or a pattern: `"%Y-%m-%d %H:%M"`.',
    ),
  zone: z
    .string()
    .refine((zone) => zoneFormat(zone) !== undefined, 'A time zone such as Europe/Copenhagen')
    .optional()
    .describe(
      'The zone in which the API reads bounds that name none (`iso_no_zone`, `date`, a pattern without `%z`): `America/New_York`. Absent: UTC, or for times without a zone that of the column.',
    ),
  filters: text
    .optional()
    .describe(
      'The field by which the API filters, where that is another one than the watermark column: `generated_at`. Then each record that the API gives settles, whatever its watermark is. Needs `watermark.key` and a store that merges.',
    ),
  cap: z
    .int()
    .min(1)
    .optional()
    .describe(
      'The most records that the API lists of one window: `1000` of the search of GitHub. A window with as many is halved, and each half read by itself. Needs an upper bound.',
    ),
  slice: text
    .regex(/^\d+(s|m|h|d|w|mo)?$/, '30d, 12h, 1mo, or a number of ids')
    .optional()
    .describe(
      'Divides the window into slices of this length, which are read several at once and each again if it fails: `30d`. Needs an upper bound.',
    ),
});

export const window = windowKeys.superRefine((given, context) => {
  const refuse = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message });
  const { param: one, from, to, join, open, format, zone } = given;
  if (zone !== undefined && !format.includes('%') && !isPlaceless(format))
    refuse('zone', 'Only with a format whose times name no zone: iso_no_zone, date, or a pattern');
  if (given.slice !== undefined && !hasUpper(given)) refuse('to', 'to, or each slice would read all slices behind it');
  if (given.cap !== undefined && !hasUpper(given)) refuse('to', 'to, since a window is halved where it has as many records as the cap');
  if (one === undefined) {
    if (from === to) refuse('to', 'Another parameter than from: one of them would take the place of the other');
    if (join !== undefined) refuse('join', 'Only with param');
    if (open !== undefined) refuse('open', 'Only with param');
    return;
  }
  if (!from.includes('{from}')) refuse('from', 'An expression with {from}, such as "modified ge {from}"');
  if (to !== undefined && !to.includes('{to}')) refuse('to', 'An expression with {to}, such as "modified le {to}"');
  if (to?.includes('{from}') || (to !== undefined && from.includes('{to}'))) refuse('to', 'Each bound is in one expression');
  if (from.includes('{to}') !== (open !== undefined))
    refuse('open', 'The value of a bound that a run does not have, in an expression with both bounds: "*"');
});

export type Pagination = z.infer<typeof pagination>;
export type WindowParams = z.infer<typeof window>;

/** Whether pages are requested by their number or position. */
export function isCounted(pages: Pagination): pages is Extract<Pagination, { readonly type: 'page' | 'offset' }> {
  return pages.type === 'page' || pages.type === 'offset';
}

/** Whether the API filters by an upper bound too. */
export function hasUpper({ param: one, from, to }: Pick<WindowParams, 'param' | 'from' | 'to'>): boolean {
  return to !== undefined || (one !== undefined && from.includes('{to}'));
}

/** Whether a bound that a run has not is written as one time, which opens at most one side of an expression. */
export function opensByTime({ open }: Pick<WindowParams, 'open'>): boolean {
  return typeof open === 'string' && /\d/.test(open);
}

/** The number of the first page. */
export function firstNumber({ start = 1 }: { readonly start?: number | undefined }): number {
  return start;
}

/** Whether the API tells how many records there are. */
export function tellsTotal(pages: Pagination): boolean {
  return pages.type !== 'keyset' && pages.type !== 'anchored' && (pages.total_at !== undefined || pages.total_header !== undefined);
}
