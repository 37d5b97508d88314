/** The keys of a REST API, and what they come to. */
import * as z from 'zod';
import { formatKinds } from '../formats/formats.ts';
import type { Secret } from '../ports/secret.ts';
import { secret } from '../ports/secret-schema.ts';

const text = z.string().min(1);
const param = text.describe('The name of the parameter.');
/** Names from the outside in. */
const selector = text.regex(/^[^.]+(\.[^.]+)*$/, 'names with dots between them, such as meta.next');
const httpAddress = text.regex(/^https?:\/\/[^/?#@]+[^?#]*$/, 'https://api.example.com/v2/, without a query or an account');
const origin = text.regex(/^https?:\/\/[^/?#@]+$/, 'https://files.example.com, without a path');
const value = z.union([z.string(), z.number(), z.boolean(), secret()]);
const values = z.record(text, value);

const pageSize = {
  page_size: z.int().min(1).max(100_000).optional().describe('Records of a page. Needs `size_param`.'),
  size_param: param.optional().describe('The parameter that takes `page_size`: `per_page`, `limit`.'),
};
const ends = {
  end: z
    .enum(['empty', 'short', 'has_more', 'total'])
    .default('empty')
    .describe(
      'What ends the list. empty: a page without records. short: a page with fewer records than `page_size`. has_more: `has_more_at` is false. total: as many records were read as the API counts.',
    ),
  has_more_at: selector.optional().describe('Where the body says whether more follows: `has_more`.'),
};
const totals = {
  total_at: selector
    .optional()
    .describe('Where the body has the number of all records: `meta.total`. The run compares it with what it read.'),
  total_header: text.optional().describe('The header that has the number of all records: `X-Total-Count`.'),
};

const pagination = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('none').describe('One answer has all records.'),
    ignore_next: z.literal(true).optional().describe('Read the one answer, although it shows that more records follow.'),
    ...totals,
  }),
  z.strictObject({
    type: z.literal('page').describe('Pages by their number.'),
    param: param.default('page').describe('The parameter that takes the number.'),
    start: z.int().min(0).max(1).default(1).describe('The number of the first page.'),
    ...pageSize,
    ...ends,
    ...totals,
  }),
  z.strictObject({
    type: z
      .literal('offset')
      .describe(
        'Pages by the number of records before them. Each page begins with the last record of the page before, and has to match it.',
      ),
    param: param.default('offset').describe('The parameter that takes the number of records to leave out.'),
    ...pageSize,
    ...ends,
    ...totals,
  }),
  z.strictObject({
    type: z.literal('cursor').describe('Each answer has the cursor of the next page; the last one has none.'),
    param: param
      .optional()
      .describe('The parameter that takes the cursor. Absent: the cursor is an object, and each of its members is a parameter.'),
    at: selector.optional().describe('Where the body has the cursor: `meta.next_cursor`.'),
    header: text.optional().describe('The header that has the cursor, in place of `at`.'),
    has_more_at: ends.has_more_at,
    ...pageSize,
    ...totals,
  }),
  z.strictObject({
    type: z.literal('next_url').describe('Each answer has the address of the next page.'),
    at: selector.describe('Where the body has the address: `links.next`.'),
    ...pageSize,
    ...totals,
  }),
  z.strictObject({
    type: z.literal('link_header').describe('Each answer has the address of the next page in its header `Link`, with `rel="next"`.'),
    ...pageSize,
    ...totals,
  }),
  z.strictObject({
    type: z.literal('keyset').describe('Each page begins after the last record of the page before.'),
    param: param.describe('The parameter that takes the value of `field` in the last record: `starting_after`, `since_id`.'),
    field: selector.describe('The field that the list is sorted by, different in each record: `id`.'),
    has_more_at: ends.has_more_at,
    ...pageSize,
  }),
]);

const auth = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('bearer').describe('A token.'), token: secret().describe('The token.') }),
  z.strictObject({
    type: z.literal('basic').describe('A user and a password.'),
    user: text.describe('The user.'),
    password: secret().describe('Its password.'),
  }),
  z.strictObject({
    type: z.literal('api_key').describe('A key in a header or a parameter.'),
    api_key: secret().describe('The key.'),
    header: text.optional().describe('The header that takes the key. Default: `X-API-Key`, unless `query` is set.'),
    query: text.optional().describe('The parameter that takes the key, in place of a header.'),
  }),
  z.strictObject({
    type: z
      .literal('oauth2')
      .describe('Client credentials of OAuth 2.0: the API’s own server gives out tokens, which are renewed when they expire.'),
    token_url: httpAddress.describe('The address that gives out tokens.'),
    client_id: text.describe('The client.'),
    client_secret: secret().describe('Its secret.'),
    scope: text.optional().describe('The scopes, with blanks between them.'),
    audience: text.optional().describe('The API that the token is for, where the server asks for it.'),
    send: z
      .enum(['basic', 'body'])
      .default('basic')
      .describe('Where the client and its secret go: into the header `Authorization`, or into the body.'),
  }),
]);

const window = z.strictObject({
  from: param.describe('The parameter that takes the lower bound of the watermark: `updated_since`.'),
  to: param
    .optional()
    .describe('The parameter that takes the upper bound. Absent: the API has none, and hygge leaves out what lies above.'),
  format: z
    .enum(['iso', 'iso_ms', 'iso_no_zone', 'date', 'epoch_s', 'epoch_ms', 'number'])
    .default('iso')
    .describe(
      'How the API writes the bounds: 2026-01-31T08:00:00Z, with milliseconds, without the Z, the day alone, seconds or milliseconds since 1970, or a whole number for ids.',
    ),
  slice: text
    .regex(/^\d+(s|m|h|d|w|mo)?$/, '30d, 12h, 1mo, or a number of ids')
    .optional()
    .describe(
      'Divides the window into slices of this length, which are read several at once and each again if it fails: `30d`. Needs `to`.',
    ),
});

const jsonKeys = formatKinds.find(({ id }) => id === 'json')?.homeKeys ?? {};
const { compression: _compressed, ...recordKeys } = jsonKeys;
export const recordKeyNames = Object.keys(recordKeys).filter((name) => name !== 'records');

/** What entities of one API have in common: the keys of a connection. */
const common = {
  base_url: httpAddress.describe('Where the API begins: `https://api.example.com/v2/`. A variable may stand for it.'),
  auth: auth.optional().describe('How hygge signs in. Absent: it does not.'),
  headers: values.optional().describe('Headers of each request.'),
  rate_limit: text
    .regex(/^[1-9]\d{0,5}\/(s|min|h)$/, '5/s, 100/min or 1000/h')
    .optional()
    .describe('The most requests of one process in a second, a minute or an hour, over all entities of the same API: `5/s`.'),
  origins: z.array(origin).optional().describe('Other origins that the next page or a redirect may lead to. They get no token.'),
};

const homeKeys = {
  ...common,
  endpoint: text
    .regex(/^(?!\w+:)[^?#]+$/, 'a path below base_url, without a query: orders')
    .describe('The path of the entity below `base_url`: `orders`, or `"{entity}"` for each entity of the flow.'),
  params: values.optional().describe('Parameters of each first page: `{ status: open }`.'),
  pagination: pagination.default({ type: 'none' }).describe('How the list is divided into pages.'),
  window: window
    .optional()
    .describe('The parameters by which the API filters by the watermark column. Without them it can not be asked for what is new.'),
  append_only: z
    .literal(true)
    .optional()
    .describe(
      'The API only adds records, each with a larger watermark than all before it, and lists them in this order. Then a growing id is a watermark.',
    ),
  clock: z
    .enum(['date', 'none'])
    .default('date')
    .describe(
      'date: a run reads up to the time of the API, as its header `Date` has it, less `watermark.lag` or one minute. none: the API shows no time.',
    ),
  error_at: selector.optional().describe('Where the body of an answer with status 200 has an error, if there is one: `error`.'),
  ...recordKeys,
};

export const connectionConfig = z
  .strictObject({ ...common, base_url: common.base_url.optional() })
  .superRefine((given, context) => refine(given, context));
export const restConfig = z
  .strictObject(homeKeys)
  .superRefine((given, context) => refine(given, context))
  .describe('An API that lists records as JSON, one list for each entity: [apis.md](apis.md).');

export type RestConfig = z.infer<typeof restConfig>;
export type Auth = z.infer<typeof auth>;
export type Pagination = z.infer<typeof pagination>;
export type WindowParams = z.infer<typeof window>;
export type Value = z.infer<typeof value>;

interface Given {
  readonly window?: WindowParams | undefined;
  readonly append_only?: true | undefined;
  readonly clock?: 'date' | 'none';
  readonly base_url?: string | undefined;
  readonly auth?: Auth | undefined;
  readonly pagination?: Pagination;
}

/** Keys that do not fit each other. */
function refine({ base_url, auth: proof, pagination: pages, window: bounds, append_only, clock }: Given, context: z.RefinementCtx): void {
  const refuse = (path: readonly string[], message: string) => context.addIssue({ code: 'custom', path: [...path], message });
  if (proof !== undefined && base_url !== undefined && !isPrivate(base_url)) refuse(['base_url'], 'https: a token is sent there');
  if (proof?.type === 'oauth2' && !isPrivate(proof.token_url)) refuse(['auth', 'token_url'], 'https: a secret is sent there');
  if (proof?.type === 'api_key' && proof.header !== undefined && proof.query !== undefined)
    refuse(['auth', 'query'], 'Either header or query, not both');
  if (bounds?.slice !== undefined && bounds.to === undefined) refuse(['window', 'to'], 'to, or each slice would read all slices behind it');
  if (bounds?.slice !== undefined && (append_only || clock === 'none'))
    refuse(['window', 'slice'], 'A list whose end only reading shows is read in order');
  if (pages === undefined) return;
  const at = (key: string) => ['pagination', key];
  if (pages.type !== 'none' && (pages.page_size === undefined) !== (pages.size_param === undefined))
    refuse(at(pages.page_size === undefined ? 'page_size' : 'size_param'), 'page_size and size_param, or neither');
  if (pages.type === 'cursor' && (pages.at === undefined) === (pages.header === undefined)) refuse(at('at'), 'Either at or header');
  if (pages.type === 'cursor' && pages.header !== undefined && pages.param === undefined)
    refuse(at('param'), 'The parameter that takes the cursor');
  if (pages.type !== 'page' && pages.type !== 'offset') return;
  if (pages.end === 'short' && pages.page_size === undefined)
    refuse(at('page_size'), 'page_size, since a page shorter than that is the last');
  if (pages.end === 'has_more' && pages.has_more_at === undefined) refuse(at('has_more_at'), 'has_more_at');
  if (pages.end === 'total' && !tellsTotal(pages)) refuse(at('total_at'), 'total_at or total_header');
}

/** Whether the API tells how many records there are. */
export function tellsTotal(pages: Pagination): boolean {
  return pages.type !== 'keyset' && (pages.total_at !== undefined || pages.total_header !== undefined);
}

/** Encrypted, or on this machine. */
function isPrivate(address: string): boolean {
  return /^https:/.test(address) || /^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(\/|$)/.test(address);
}

export function revealed(given: Value | Secret): string {
  return typeof given === 'object' ? given.reveal() : String(given);
}

/** The address of the first page, without parameters. */
export function addressOf({ base_url, endpoint }: Pick<RestConfig, 'base_url' | 'endpoint'>): URL {
  return new URL(endpoint.replace(/^\/+/, ''), base_url.endsWith('/') ? base_url : `${base_url}/`);
}
