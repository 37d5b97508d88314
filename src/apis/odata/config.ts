/** The keys of a service of OData v4 in a config, and the config of the REST API that follows from them. */
import * as z from 'zod';
import { jsonHomeKeys } from '../../formats/json/options.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { DataType } from '../../frames/schema.ts';
import { readColumnType, typesGiven, typesKey } from '../../frames/type-text.ts';
import type { SignName } from '../lists/config.ts';
import { deleted } from '../parents/config.ts';
import { braceNames } from '../parents/parents.ts';
import { common, values } from '../requests/config.ts';
import { ignoreMembers, type RestConfig, refuseMisfits, withPathParams } from '../rest/config.ts';
import { type Edm, type EdmEntity, entityAt, typeOfProperty } from './edm.ts';

const text = z.string().min(1);
const name = text.regex(/^[^@,\s/]+$/, 'the name of a property');

function decimalsIn(written: string): DataType | undefined {
  const read = readColumnType(written);
  return 'type' in read && read.type.kind === 'decimal' ? read.type : undefined;
}

const homeKeys = {
  ...common,
  endpoint: text
    .regex(/^(?!\w+:)[^?#]+$/, 'a path below base_url, without a query: Customers')
    .optional()
    .describe(
      'The entity set, or a path that ends at a navigation property: `companies(…)/items`. Default: the name of the entity. Upper and lower case must match `$metadata`. A name in braces gets its value from `path_params`, and `{entity}` is the name of the entity.',
    ),
  path_params: z
    .record(text, z.union([z.string(), z.number()]))
    .optional()
    .describe('Values for the names in braces in `endpoint`: `{ company: 5106f90a-1f2a-4c61-9a01-000000000001 }`.'),
  columns: z.array(name).min(1).optional().describe('The properties to read (`$select`). Absent: all properties of the record itself.'),
  exclude: z.array(name).min(1).optional().describe('All properties except these.'),
  expand: z
    .array(name)
    .min(1)
    .optional()
    .describe('Navigation properties whose records are read inside each record (`$expand`), as JSON: `[fields]`.'),
  params: values.optional().describe('Parameters of each first page: `{ $filter: "Status eq \'open\'" }`.'),
  page_size: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe('The maximum number of records on a page (`Prefer: odata.maxpagesize`). Absent: the service decides.'),
  pages: z
    .enum(['server', 'client'])
    .default('server')
    .describe(
      'Who divides the list into pages. server: each page has the address of the next page. client: hygge requests one page after another in the order of the key (`$orderby`, `$skip`, `$top`), for services that end a list early without a next address.',
    ),
  window: z
    .strictObject({
      slice: text
        .regex(/^\d+(s|m|h|d|w|mo)?$/, '30d, 12h, 1mo, or a number of ids')
        .optional()
        .describe(
          'Divides the window into slices of this length: `30d`. Several slices are read at the same time, and a failed slice is read again.',
        ),
      nulls: z
        .boolean()
        .default(true)
        .describe(
          'Request records without a watermark too. false: if each record has a watermark, or if the service can’t compare with null. Then records without a watermark are not read.',
        ),
    })
    .optional()
    .describe('How a part of the records is requested, by the watermark column.'),
  count: z
    .boolean()
    .default(true)
    .describe(
      'Request the number of all records (`$count`), and compare it with the number of records read. false: the service does not count, or stops counting at a limit.',
    ),
  clock: z
    .enum(['date', 'none'])
    .default('date')
    .describe(
      'date: a run reads up to the time in the header `Date` of the service, minus `watermark.lag` or one minute. none: the service sends no time.',
    ),
  delta: z
    .enum(['prefer', 'function'])
    .default('prefer')
    .describe(
      'How hygge requests that the service tracks changes. prefer: by the header `Prefer: odata.track-changes`. function: by the function `delta` after the path, as for Microsoft Graph.',
    ),
  deleted: deleted
    .optional()
    .describe(
      'With delta links: the property that marks a removed record, if the service does not mark it as OData does. Microsoft Graph: `{ at: deleted }`.',
    ),
  left_out: z
    .enum(['unchanged', 'null'])
    .optional()
    .describe(
      'What a missing property of a record means. unchanged: in a change by a delta link, the value stays. In a list, the run stops (HYG-3662). null: the property is empty, as in lists of Microsoft Graph. Default: unchanged. But if the service leaves nulls out (`omit-values=nulls`), a change with a missing property stops the run.',
    ),
  decimals: text
    .refine((written) => decimalsIn(written) !== undefined, 'a decimal, such as decimal(38,10)')
    .optional()
    .describe('The type of `Edm.Decimal` if the metadata has no precision: `decimal(38,10)`. Absent: texts, which keep all digits.'),
  not_seen: z.array(text).optional().describe('What the service does not report, for the plan: `[deleted orders]`.'),
  ignore_members: ignoreMembers,
  types: typesKey,
  bad_rows: jsonHomeKeys.bad_rows,
};

export const odataConnection = z
  .strictObject({ ...common, base_url: common.base_url.optional() })
  .superRefine((given, context) => refuseMisfits({ base_url: given.base_url, auth: given.auth }, context));
export const odataConfig = z
  .strictObject(homeKeys)
  .superRefine((given, context) => {
    const { base_url, auth, endpoint = '', path_params = {}, columns, exclude } = given;
    refuseMisfits({ base_url, auth, path_params }, context);
    if (columns !== undefined && exclude !== undefined)
      context.addIssue({ code: 'custom', path: ['exclude'], message: 'Either columns or exclude, not both' });
    const open = braceNames(endpoint).find((name) => name !== 'entity' && !Object.hasOwn(path_params, name));
    if (open !== undefined) context.addIssue({ code: 'custom', path: ['endpoint'], message: `path_params with a value for ${open}` });
  })
  .describe('A service of OData v4, one entity set for each entity: [odata.md](odata.md).');

export type ODataConfig = z.infer<typeof odataConfig>;

export interface ODataColumn {
  readonly name: string;
  readonly type: DataType;
  /** The type of the property, as written in the metadata. */
  readonly sourceType: string;
  readonly isNullable: boolean;
}

/** The columns that an entity reads, as the metadata describes them. The columns are stored with the snapshot. */
export interface ODataColumns {
  readonly keys: readonly string[];
  readonly columns: readonly ODataColumn[];
  /** The entity sets that may have the same records. Absent: an older hygge wrote the snapshot, without this member. */
  readonly sets?: readonly string[];
}

/** The columns that an entity reads from a path. Undefined: the service lacks the path. */
export function columnsOf(edm: Edm, config: ODataConfig, endpoint: string): ODataColumns | undefined {
  const entity: EdmEntity | undefined = entityAt(edm, endpoint);
  if (entity === undefined) return undefined;
  const own = typesGiven(config.types);
  const named = config.columns?.flatMap((name) => entity.properties.find((property) => property.name === name) ?? []);
  const wanted = named ?? entity.properties.filter(({ name }) => !config.exclude?.includes(name));
  const decimals = config.decimals === undefined ? undefined : decimalsIn(config.decimals);
  const columns = wanted.flatMap((property): readonly ODataColumn[] => {
    const { isNullable, type: sourceType } = property;
    const found = typeOfProperty(edm, property);
    const type = own.get(property.name) ?? (sourceType === 'Edm.Decimal' && found?.kind === 'string' ? (decimals ?? found) : found);
    // The property that marks removed records is not a column, since the column _deleted shows whether a record is removed.
    return type === null || property.name === config.deleted?.at ? [] : [{ name: property.name, type, sourceType, isNullable }];
  });
  const expanded = (config.expand ?? []).flatMap((name): readonly ODataColumn[] =>
    entity.navigations.includes(name) ? [{ name, type: own.get(name) ?? { kind: 'json' }, sourceType: 'expanded', isNullable: true }] : [],
  );
  // The key is used only if all its parts are columns. The flow may leave out a part, or a part may be inside a complex value, such as Address/Zip.
  const isKey = entity.keys.every((key) => columns.some(({ name }) => name === key));
  return { keys: isKey ? entity.keys : [], columns: [...columns, ...expanded], sets: entity.sets };
}

/**
 * The maximum number of characters in `$select`. Some servers accept a query of 2,048 characters, which also contains the bounds of a window. A delta link contains
 * `$select`, and must fit into the state next to the watermark.
 */
const longestSelect = { list: 1_700, tracked: 500 };

/** The page size that hygge requests, unless `page_size` is set. */
const usualPageSize = 1_000;

/** The path that an entity reads, below `base_url`. */
export function endpointOf({ endpoint, path_params }: Pick<ODataConfig, 'endpoint' | 'path_params'>, entity: string): string {
  return endpoint === undefined ? entity : withPathParams({ endpoint, path_params });
}

export function asRest(config: ODataConfig, endpoint: string, { columns, keys }: ODataColumns, tracks: boolean): RestConfig {
  const {
    columns: _columns,
    exclude: _exclude,
    page_size: size,
    count,
    types: _types,
    endpoint: _endpoint,
    params,
    headers,
    ...others
  } = config;
  const {
    path_params: _filled,
    pages,
    window: _window,
    expand,
    delta,
    deleted: removed,
    left_out: _left,
    decimals: _decimals,
    ...rest
  } = others;
  const byFunction = tracks && delta === 'function';
  const selected = columns.filter(({ name }) => !expand?.includes(name)).map(({ name }) => name);
  const select = [...selected, ...(byFunction && removed !== undefined ? [removed.at] : [])].join(',');
  const divides = pages === 'client' && !tracks;
  const prefers = [
    ...(tracks && !byFunction ? ['odata.track-changes'] : []),
    ...(size === undefined || divides ? [] : [`odata.maxpagesize=${size}`]),
  ];
  // OData has its own names for the total and for a next page, so usual names are not taken as signs. `count: false`: the service does not report the total.
  const ignore: SignName[] = ['has_more', 'total', 'pages'];
  const counts = count && !tracks;
  const total = counts ? { total_at: '@odata.count' } : {};
  return {
    ...rest,
    endpoint: byFunction ? `${endpoint.replace(/\/+$/, '')}/delta` : endpoint,
    params: {
      // Without `$select`, some services return only some of the properties. With `$select`, the mark of a removed record might be missing.
      ...(config.columns !== undefined ||
      config.exclude !== undefined ||
      (encodeURIComponent(select).length <= (tracks ? longestSelect.tracked : longestSelect.list) && !byFunction)
        ? { $select: select }
        : {}),
      ...(expand === undefined ? {} : { $expand: expand.join(',') }),
      ...(counts ? { $count: true } : {}),
      ...(divides ? { $orderby: keys.join(',') } : {}),
      ...params,
    },
    headers: {
      // Without this parameter, services write Int64 and Decimal as numbers. hygge keeps all digits of such numbers, but some proxies do not.
      accept: `application/json;odata.metadata=${tracks ? 'minimal' : 'none'};IEEE754Compatible=true`,
      'odata-maxversion': '4.0',
      ...(prefers.length === 0 ? {} : { prefer: prefers.join(',') }),
      ...headers,
    },
    pagination: divides
      ? {
          ...{ type: 'offset', param: '$skip', page_size: size ?? usualPageSize, size_param: '$top', ...total },
          end: counts ? 'total' : 'empty',
          ignore,
        }
      : { type: 'next_url', at: '@odata.nextLink', ...total, ignore },
    error_at: 'error',
    records: 'value',
    types: Object.fromEntries(columns.map(({ name, type }) => [name, describeType(type)])),
    flatten: false,
    separator: '_',
    mixed: 'json',
    missing: 'fail',
  } as RestConfig;
}
