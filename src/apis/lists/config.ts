/** The config keys for how the list of an API is divided into pages, and filtered. */
import * as z from 'zod';
import { zoneFormat } from '../../checks/zone-offsets.ts';
import { formProblem, isPlaceless } from '../times/time-forms.ts';

const text = z.string().min(1);
const param = text.describe('The name of the parameter.');
/** A path of names, from the outside in. */
export const selector = text.regex(/^[^.]+(\.[^.]+)*$/, 'names with dots between them, such as meta.next');

const pageSize = {
  page_size: z.int().min(1).max(100_000).optional().describe('Number of records on a page. Needs `size_param`.'),
  size_param: param.optional().describe('The parameter for `page_size`: `per_page`, `limit`.'),
};
/** Whether the name of a boolean member says that no more records follow if the member is true. */
function saysLast(at: string): boolean {
  return /(^|[._])(is_?)?(last(_?page)?|done|end_of_stream|complete|finished)$/i.test(at);
}

/** The kinds of facts that an answer may report about its list, in addition to the members that `pagination` names. */
export const signNames = ['has_more', 'next', 'cursor', 'total', 'pages', 'repeats'] as const;
export type SignName = (typeof signNames)[number];

const ignore = {
  ignore: z
    .array(z.enum(signNames))
    .min(1)
    .optional()
    .describe(
      'Signs in the answers to ignore, because they are not about this list: `[total]`, if a member `total` is a sum of money. has_more: a word for whether more records follow. next: the address or number of the next page. cursor: the cursor of the next page. total: the number of all records. pages: the number of pages. repeats: a page whose records equal the records of the previous page, except for one field, or for several fields if the records keep their `id`.',
    ),
};
const key = {
  key: selector
    .optional()
    .describe(
      'The field that is different in each record: `id`. By this field, hygge sees whether a page has new records, even if other fields changed.',
    ),
};

const ends = {
  end: z
    .enum(['empty', 'short', 'has_more', 'total', 'refused', 'repeated'])
    .default('empty')
    .describe(
      'What ends the list. empty: a page without records. short: a page with fewer records than `page_size`. has_more: `has_more_at` is false, or `last_at` is true. total: all records that the API counts were read. refused: the API answers 400, 404, 410, 416 or 422 to a request for a page after the last one. repeated: the API returns its last page again, or its first one if pages have numbers.',
    ),
  has_more_at: selector
    .refine((at) => !saysLast(at), { error: 'last_at, because it says whether this is the last page' })
    .optional()
    .describe('The path in the body to a boolean for whether more records follow: `has_more`.'),
  last_at: selector
    .optional()
    .describe('The path in the body to a boolean for whether this is the last page, in place of `has_more_at`: `isLast`.'),
};
const totals = {
  total_at: selector
    .optional()
    .describe(
      'The path in the body to the number of all records: `meta.total`. The run compares it with the number of records that it read.',
    ),
  total_header: text.optional().describe('The header with the number of all records: `X-Total-Count`.'),
};

const overlap = {
  overlap: z
    .enum(['none', 'records'])
    .optional()
    .describe(
      'Whether a page may begin with records of the previous page, if no key identifies them. records: equal records at the end of a page and the beginning of the next page are the same records, and are written once. none: each record of each page is a separate record. Absent: records with the same key (`watermark.key`) or `id` are the same record. Without both, equal neighbours stop the run.',
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
    type: z.literal('page').describe('Pages are requested by number.'),
    param: param.default('page').describe('The parameter for the page number.'),
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
        'Pages are requested by the number of records before them. Each page begins with the last record of the previous page, and both records must be equal.',
      ),
    param: param.default('offset').describe('The parameter for the number of records to skip.'),
    ...key,
    ...pageSize,
    ...ends,
    ...totals,
    ...ignore,
  }),
  z.strictObject({
    type: z.literal('cursor').describe('Each answer has the cursor of the next page. The last answer has no cursor.'),
    param: param
      .optional()
      .describe('The parameter for the cursor. Absent: the cursor is an object, and each of its members is a parameter.'),
    at: selector.optional().describe('The path in the body to the cursor: `meta.next_cursor`.'),
    header: text.optional().describe('The header with the cursor, in place of `at`.'),
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
    type: z.literal('keyset').describe('Each page begins after the last record of the previous page.'),
    param: param.describe('The parameter for the value of `field` in the last record: `starting_after`, `since_id`.'),
    field: selector.describe('The field that the list is sorted by, different in each record: `id`.'),
    has_more_at: ends.has_more_at,
    last_at: ends.last_at,
    ...pageSize,
    ...ignore,
  }),
  z.strictObject({
    type: z
      .literal('anchored')
      .describe('The list is sorted by `field`, ascending. Each page begins at the value of the last record of the previous page.'),
    param: param.describe('The parameter that filters for values at or above a bound: `since`.'),
    field: selector.describe('The field that the filter compares and the list is sorted by: `updated_at`.'),
    key: selector.describe('The field that distinguishes records with the same value: `id`.'),
    page_size: z.int().min(1).max(100).describe('Number of records on a page, at most 100.'),
    size_param: param.describe('The parameter for `page_size`: `per_page`.'),
    ...ignore,
  }),
]);

const windowKeys = z.strictObject({
  param: param
    .optional()
    .describe('The one parameter for both bounds, as an expression: `$filter`, `q`. Absent: `from` and `to` are two parameters.'),
  from: text.describe(
    'The parameter for the lower bound of the watermark: `updated_since`. With `param`, the expression: `modified ge {from}`, or one with both bounds: `updated:{from}..{to}`.',
  ),
  to: text
    .optional()
    .describe(
      'The parameter for the upper bound, or with `param` the expression: `modified le {to}`. Absent: the API has no upper bound, and hygge skips the records above the bound.',
    ),
  join: z
    .string()
    .optional()
    .describe('With `param`, the text between two expressions, and after the value of the same parameter in `params`. Default: `" and "`.'),
  open: z
    .union([
      text,
      z.strictObject({
        from: text.describe('For the lower bound: a time before all records.'),
        to: text.describe('For the upper bound: a time after all records.'),
      }),
    ])
    .optional()
    .describe(
      'The value for a bound that a run does not have, in an expression with both bounds: `"*"`, or one text for each bound: `{ from: "1970-01-01", to: "2999-12-31" }`.',
    ),
  format: z
    .string()
    .superRefine((given, context) => {
      const message = formProblem(given);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .default('iso')
    .describe(
      '`iso`: 2026-01-31T08:00:00Z. `iso_ms`: with milliseconds. `iso_no_zone`: without the Z. `date`: only the day. `epoch_s`, `epoch_ms`: seconds or milliseconds since 1970. `number`: a whole number for ids. Or a pattern: `"%Y-%m-%d %H:%M"`.',
    ),
  zone: z
    .string()
    .refine((zone) => zoneFormat(zone) !== undefined, 'A time zone such as Europe/Copenhagen')
    .optional()
    .describe(
      'The zone in which the API reads bounds without a zone (`iso_no_zone`, `date`, a pattern without `%z`): `America/New_York`. Absent: UTC, or the zone of the column if its times have no zone.',
    ),
  filters: text
    .optional()
    .describe(
      'The field by which the API filters, if it is not the watermark column: `generated_at`. Then hygge writes each record that the API returns, whatever its watermark is. Needs `watermark.key` and a store that merges.',
    ),
  cap: z
    .int()
    .min(1)
    .optional()
    .describe(
      'The maximum number of records that the API lists for one window: `1000` for the search of GitHub. hygge halves a window with so many records, and reads each half separately. Needs an upper bound.',
    ),
  slice: text
    .regex(/^\d+(s|m|h|d|w|mo)?$/, '30d, 12h, 1mo, or a number of ids')
    .optional()
    .describe(
      'Divides the window into slices of this length: `30d`. Several slices are read at the same time, and a failed slice is read again. Needs an upper bound.',
    ),
});

export const window = windowKeys.superRefine((given, context) => {
  const refuse = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message });
  const { param: one, from, to, join, open, format, zone } = given;
  if (zone !== undefined && !format.includes('%') && !isPlaceless(format))
    refuse('zone', 'Only with a format whose times name no zone: iso_no_zone, date, or a pattern');
  if (given.slice !== undefined && !hasUpper(given)) refuse('to', 'to, or each slice would also read all later slices');
  if (given.cap !== undefined && !hasUpper(given)) refuse('to', 'to, because hygge halves a window with as many records as the cap');
  if (one === undefined) {
    if (from === to) refuse('to', 'Another parameter than from: one of them would replace the other');
    if (join !== undefined) refuse('join', 'Only with param');
    if (open !== undefined) refuse('open', 'Only with param');
    return;
  }
  if (!from.includes('{from}')) refuse('from', 'An expression with {from}, such as "modified ge {from}"');
  if (to !== undefined && !to.includes('{to}')) refuse('to', 'An expression with {to}, such as "modified le {to}"');
  if (to?.includes('{from}') || (to !== undefined && from.includes('{to}'))) refuse('to', 'Each bound is in one expression');
  if (from.includes('{to}') !== (open !== undefined))
    refuse('open', 'The value for a bound that a run does not have, in an expression with both bounds: "*"');
});

export type Pagination = z.infer<typeof pagination>;
export type WindowParams = z.infer<typeof window>;

/** Whether pages are requested by their number or by a position. */
export function isCounted(pages: Pagination): pages is Extract<Pagination, { readonly type: 'page' | 'offset' }> {
  return pages.type === 'page' || pages.type === 'offset';
}

/** Whether the API filters by an upper bound in addition to the lower bound. */
export function hasUpper({ param: one, from, to }: Pick<WindowParams, 'param' | 'from' | 'to'>): boolean {
  return to !== undefined || (one !== undefined && from.includes('{to}'));
}

/** Whether an open bound of a run is written as a time. One time can replace at most one bound of an expression. */
export function opensByTime({ open }: Pick<WindowParams, 'open'>): boolean {
  return typeof open === 'string' && /\d/.test(open);
}

/** The number of the first page. */
export function firstNumber({ start = 1 }: { readonly start?: number | undefined }): number {
  return start;
}

/** Whether the API reports the number of all records. */
export function tellsTotal(pages: Pagination): boolean {
  return pages.type !== 'keyset' && pages.type !== 'anchored' && (pages.total_at !== undefined || pages.total_header !== undefined);
}
