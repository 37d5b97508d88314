/** The config keys of a REST API, and the values that follow from them. */
import * as z from 'zod';
import { deletedColumn, type Window } from '../../engine/contracts/home.ts';
import { formatKinds } from '../../formats/formats.ts';
import { noField } from '../answers/errors.ts';
import { eventKeys } from '../events/config.ts';
import { type Pagination, pagination, selector, tellsTotal, type WindowParams, window } from '../lists/config.ts';
import { type FieldsParam, fields, fieldsParam } from '../lists/fields.ts';
import { type SentBounds, windowParams } from '../lists/window-params.ts';
import { type DeletedMark, parentKeys, rowKeys } from '../parents/config.ts';
import { asSegments, braceNames, type Parent, type ParentFields, withoutBraces } from '../parents/parents.ts';
import { account } from '../requests/account.ts';
import { type Auth, isPrivate } from '../requests/auth-config.ts';
import { addressOf, common, revealed, values } from '../requests/config.ts';

const text = z.string().min(1);

const jsonKeys = formatKinds.find(({ id }) => id === 'json')?.homeKeys ?? {};
const { compression: _compressed, ...recordKeys } = jsonKeys;
const recordKeyNames = Object.keys(recordKeys).filter((name) => name !== 'records');

/** The config key for members next to the records that are ignored. */
export const ignoreMembers = z
  .array(text)
  .min(1)
  .optional()
  .describe(
    'Members next to the records to ignore, by their names from the outside in: `[success, meta.status]`. Absent: `success: false`, `status: error` and similar members stop the run. An empty page whose members differ from the members of other pages also stops the run, because rows could be missing.',
  );

const homeKeys = {
  ...common,
  endpoint: text
    .regex(/^(?!\w+:)[^?#]+$/, 'a path below base_url, without a query: orders')
    .describe(
      'The path of the entity below `base_url`: `orders`, or `"{entity}"` for each entity of the flow. A name in braces gets its value from `path_params`: `shops/{shop}/orders`.',
    ),
  path_params: z
    .record(text, z.union([z.string(), z.number()]))
    .optional()
    .describe('Values for the names in braces in `endpoint`: `{ shop: north }`. A slash divides a value into several segments.'),
  params: values.optional().describe('Parameters of each first page: `{ status: open }`.'),
  pagination: pagination.default({ type: 'none' }).describe('How the list is divided into pages.'),
  window: window
    .optional()
    .describe(
      'The parameters by which the API filters by the watermark column. Without these parameters, hygge cannot request only new records.',
    ),
  append_only: z
    .literal(true)
    .optional()
    .describe(
      'The API only adds records, each with a larger watermark than all before it, and lists them in this order. Then a growing id can be the watermark.',
    ),
  clock: z
    .enum(['date', 'none'])
    .default('date')
    .describe(
      'date: a run reads up to the time in the header `Date` of the API, minus `watermark.lag` or one minute. none: the API sends no time.',
    ),
  zone: z
    .literal('UTC')
    .optional()
    .describe(
      'The zone of dates, and of times without a zone. Absent: the zone is unknown, and a run reads up to 12 hours before the time of the API.',
    ),
  not_seen: z.array(text).optional().describe('What the API does not report, for the plan: `[deleted orders]`.'),
  fields: fields
    .optional()
    .describe('How hygge requests only some fields of the records. With `deletes: compare`, it requests only the keys.'),
  whole: z
    .enum(['two_passes', 'unproven'])
    .optional()
    .describe(
      'For a list that changes while it is read, if nothing proves that no record was missed. two_passes: hygge reads it twice, and writes it if both reads have the same records. unproven: hygge writes it without proof, and says so in the plan and the journal.',
    ),
  order: z
    .literal('newest_first')
    .optional()
    .describe(
      'The API has no filter, and lists its records by the watermark column, the newest first. A run stops after the first page that is older than the watermark.',
    ),
  account,
  error_at: selector
    .optional()
    .describe('The path to an error in the body of an answer with status 200: `status.error`. Absent: `error` and `errors`.'),
  ignore_members: ignoreMembers,
  ...recordKeys,
  ...rowKeys,
  ...eventKeys,
  records: text
    .regex(/^(\.|[^.]+(\.[^.]+)*)$/, 'names with dots between them, such as data.items, or "."')
    .optional()
    .describe(
      'The path in an answer to its records, names from the outside in: `data.items`. Absent: the answer is an array of records. `"."`: an object is one record, even if it contains lists.',
    ),
  absent_records: z
    .literal('empty')
    .optional()
    .describe(
      'empty: if an answer has no key at the place of `records`, its list is empty, as in APIs of Google. Absent: a missing key is an error. Null at this place is an empty list, unless rows would be missing.',
    ),
  one_record: z
    .literal(true)
    .optional()
    .describe(
      'An object in the place of the records is one record. Absent: such an object stops the run, because errors and login answers are objects too.',
    ),
  ...parentKeys,
};

export const connectionConfig = z
  .strictObject({ ...common, base_url: common.base_url.optional() })
  .superRefine((given, context) => refuseMisfits(given, context));
export const restConfig = z
  .strictObject(homeKeys)
  .superRefine((given, context) => refuseMisfits(given, context))
  .describe('An API that lists records as JSON, one list for each entity: [apis.md](apis.md).');

/** The config keys of the home. `of`: the keys of the home of its parents, which the workspace finds by `from`. */
export type RestConfig = z.infer<typeof restConfig> & { readonly of?: z.infer<typeof restConfig> };

interface Given {
  readonly window?: WindowParams | undefined;
  readonly append_only?: true | undefined;
  readonly clock?: 'date' | 'none';
  readonly base_url?: string | undefined;
  readonly auth?: Auth | undefined;
  readonly pagination?: Pagination;
  readonly path_params?: Readonly<Record<string, string | number>> | undefined;
  readonly whole?: 'two_passes' | 'unproven' | undefined;
  readonly order?: 'newest_first' | undefined;
  readonly each?: string | undefined;
  readonly parent?: Readonly<Record<string, string>> | undefined;
  readonly deleted?: DeletedMark | undefined;
  readonly endpoint?: string;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  readonly from?: string | undefined;
  readonly fields?: FieldsParam | undefined;
  readonly flatten?: unknown;
  readonly changed_by?: string | undefined;
  readonly parent_key?: string | readonly string[] | undefined;
}

/** Refuses config keys that contradict each other. */
export function refuseMisfits(given: Given, context: z.RefinementCtx): void {
  const { base_url, auth: proof, pagination: pages, window: bounds, append_only, clock, order, each, parent } = given;
  const refuse = (path: readonly string[], message: string) => context.addIssue({ code: 'custom', path: [...path], message });
  if (proof !== undefined && base_url !== undefined && !isPrivate(base_url)) refuse(['base_url'], 'https: a token is sent there');
  if (proof?.type === 'api_key' && proof.header !== undefined && proof.query !== undefined)
    refuse(['auth', 'query'], 'Either header or query, not both');
  if (bounds?.slice !== undefined && (append_only || clock === 'none'))
    refuse(['window', 'slice'], 'Slices need an upper bound, but lists with append_only or with clock: none have none');
  if (parent !== undefined && each === undefined && given.from === undefined)
    refuse(['parent'], 'each or from, because parent is about the records around the rows');
  if (given.fields !== undefined && (each !== undefined || (given.flatten !== undefined && given.flatten !== false)))
    refuse(['fields'], 'Either fields, or each and flatten, whose columns are not fields of records');
  refineParent(given, refuse);
  if (bounds?.cap !== undefined && (append_only || clock === 'none'))
    refuse(['window', 'cap'], 'Halving needs an upper bound, but lists with append_only or with clock: none have none');
  if (bounds?.cap !== undefined && given.whole === 'two_passes') refuse(['whole'], 'Either cap or two_passes');
  if (order !== undefined && (bounds !== undefined || append_only))
    refuse(['order'], 'order is only for lists without window and append_only');
  if (order !== undefined && each !== undefined)
    refuse(['order'], 'Not with each: order is about records, and each row has its own watermark');
  if (pages === undefined) return;
  const at = (key: string) => ['pagination', key];
  if (pages.type !== 'none' && (pages.page_size === undefined) !== (pages.size_param === undefined))
    refuse(at(pages.page_size === undefined ? 'page_size' : 'size_param'), 'page_size and size_param, or neither');
  if (pages.type === 'cursor' && (pages.at === undefined) === (pages.header === undefined)) refuse(at('at'), 'Either at or header');
  if (pages.type === 'cursor' && pages.header !== undefined && pages.param === undefined)
    refuse(at('param'), 'The parameter for the cursor');
  if ('has_more_at' in pages && pages.has_more_at !== undefined && pages.last_at !== undefined)
    refuse(at('last_at'), 'Either has_more_at or last_at');
  const named: Readonly<Record<string, readonly string[]>> = { total: ['total_at', 'total_header'], has_more: ['has_more_at', 'last_at'] };
  for (const sign of pages.ignore ?? []) {
    const given = named[sign]?.find((key) => (pages as Readonly<Record<string, unknown>>)[key] !== undefined);
    if (given !== undefined) refuse(at(given), `Either ${given} or ignore: [${sign}]`);
  }
  if (pages.type !== 'page' && pages.type !== 'offset') return;
  if (pages.end === 'short' && pages.page_size === undefined)
    refuse(at('page_size'), 'page_size, because a page with fewer records is the last page');
  if (pages.end === 'has_more' && pages.has_more_at === undefined && pages.last_at === undefined)
    refuse(at('has_more_at'), 'has_more_at or last_at');
  if (pages.end === 'total' && !tellsTotal(pages)) refuse(at('total_at'), 'total_at or total_header');
}

function refineParent(
  { from, endpoint = '', path_params: values = {}, params = {}, each, append_only, window: bounds, changed_by, parent_key }: Given,
  refuse: (path: readonly string[], message: string) => void,
): void {
  for (const [name, value] of Object.entries(values))
    if (asSegments(String(value)) === undefined) refuse(['path_params', name], 'names that can be in a path');
  const open = braceNames(withPathParams({ endpoint, path_params: values }));
  const texts = Object.values(params).filter((value) => typeof value === 'string');
  if (from === undefined) {
    if (open.length > 0)
      refuse(['endpoint'], `path_params with a value for ${open[0]}, or from, the entity whose records have the fields in braces`);
    if (changed_by !== undefined) refuse(['changed_by'], 'from, because changed_by is a field of the parent');
    if (parent_key !== undefined) refuse(['parent_key'], 'from, because parent_key is a field of the parent');
    return;
  }
  if (open.length + texts.flatMap(braceNames).length === 0) refuse(['endpoint'], 'A field of the parent in braces, here or in params');
  if (each !== undefined) refuse(['each'], 'Either from or each');
  if (append_only) refuse(['append_only'], 'Either from or append_only: rows of several parents are in no order');
  if (bounds?.slice !== undefined) refuse(['window', 'slice'], 'Either from or slice: blocks of parents are slices already');
}

/** The parameters of the home as they are sent. Their values may be secrets. */
export function revealedParams({ params = {} }: Pick<RestConfig, 'params'>): readonly (readonly [string, string])[] {
  return Object.entries(params).map(([name, value]) => [name, revealed(value)]);
}

/** The endpoint with the values of `path_params` for names in braces. Names without a value stay, since they are fields of the parent. */
export function withPathParams({ endpoint, path_params: values = {} }: Pick<RestConfig, 'endpoint' | 'path_params'>): string {
  return withoutBraces(endpoint, (name) => (Object.hasOwn(values, name) ? asSegments(String(values[name])) : undefined) ?? `{${name}}`);
}

/** The config with the values of `path_params` in its own endpoint, and in the endpoints of its parents. */
export function withWholePaths<T extends RestConfig>(config: T): T {
  const { of } = config;
  return { ...config, endpoint: withPathParams(config), ...(of === undefined ? {} : { of: { ...of, endpoint: withPathParams(of) } }) };
}

interface ListWanted {
  readonly window: Pick<Window, 'column' | 'lower' | 'upper' | 'columns'>;
  /** The parent whose children are listed. Undefined: the list has no parent. */
  readonly parent: Parent | undefined;
  readonly fields: ParentFields;
  /** How bounds are sent. Undefined: no bounds are sent. */
  readonly bounds: SentBounds | undefined;
  /** The address of the list, for people. */
  readonly place: string;
}

/** The address of the first page of a list. Throws HomeError if the value of a parent’s field can not be part of a path. */
export function firstAddress(config: RestConfig, { window, parent, fields: ofParents, bounds, place }: ListWanted): URL {
  const { params = {}, fields: only, deleted, pagination, base_url, endpoint } = config;
  const fieldValue = (name: string) => parent?.values[ofParents.braces.indexOf(name)] ?? '';
  const segments = (name: string) => {
    const text = asSegments(fieldValue(name));
    if (text === undefined) throw noField(place, name);
    return text;
  };
  const added = [...Object.keys(ofParents.columns), deletedColumn];
  const anchors =
    pagination.type === 'keyset' ? [pagination.field] : pagination.type === 'anchored' ? [pagination.field, pagination.key] : [];
  const needed = [...(deleted === undefined ? [] : [deleted.at]), ...anchors];
  const filled = parent === undefined ? endpoint : withoutBraces(endpoint, segments);
  const url = addressOf({ base_url, endpoint: filled });
  for (const [name, value] of Object.entries(params)) {
    const text = revealed(value);
    url.searchParams.set(name, parent === undefined || typeof value === 'object' ? text : withoutBraces(text, fieldValue));
  }
  for (const [name, value] of Object.entries(fieldsParam(window, only, { added, needed }))) url.searchParams.set(name, value);
  const sent = windowParams(window, bounds, (name) => url.searchParams.get(name));
  for (const [name, value] of Object.entries(sent)) url.searchParams.set(name, value);
  return url;
}

/** The config keys for how records are read. */
export function recordOptions(config: RestConfig): Readonly<Record<string, unknown>> {
  const given = config as unknown as Readonly<Record<string, unknown>>;
  const keys = Object.fromEntries(recordKeyNames.map((name) => [name, given[name]]));
  // The type is declared, so that the column exists in a list without records too.
  return config.deleted === undefined ? keys : { ...keys, types: { ...(keys.types as object), [deletedColumn]: 'bool' } };
}
