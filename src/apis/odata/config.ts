/** The keys of a service of OData v4, and the REST API that they come to. */
import * as z from 'zod';
import { jsonHomeKeys } from '../../formats/json/options.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { DataType } from '../../frames/schema.ts';
import { typesGiven, typesKey } from '../../frames/type-text.ts';
import { common, values } from '../requests/config.ts';
import { type RestConfig, refuseMisfits } from '../rest/config.ts';
import { type Edm, type EdmEntity, entityAt, typeOfProperty } from './edm.ts';

const text = z.string().min(1);
const name = text.regex(/^[^@,\s/]+$/, 'the name of a property');

const homeKeys = {
  ...common,
  endpoint: text
    .regex(/^(?!\w+:)[^?#]+$/, 'a path below base_url, without a query: Customers')
    .optional()
    .describe(
      'The entity set, or a path that ends at a navigation property: `companies(…)/items`. Default: the name of the entity. It is written as in `$metadata`, capitals and all.',
    ),
  columns: z.array(name).min(1).optional().describe('The properties to read (`$select`). Absent: all that records have themselves.'),
  params: values.optional().describe('Parameters of each first page: `{ $filter: "Status eq \'open\'" }`.'),
  page_size: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe('The most records of a page (`Prefer: odata.maxpagesize`). Absent: as many as the service gives by itself.'),
  count: z
    .boolean()
    .default(true)
    .describe(
      'Ask for the number of all records (`$count`) and compare it with what was read. false: the service does not count, or not to the end.',
    ),
  clock: z
    .enum(['date', 'none'])
    .default('date')
    .describe(
      'date: a run reads up to the time of the service, as its header `Date` has it, less `watermark.lag` or one minute. none: the service shows no time.',
    ),
  types: typesKey,
  bad_rows: jsonHomeKeys.bad_rows,
};

export const odataConnection = z
  .strictObject({ ...common, base_url: common.base_url.optional() })
  .superRefine((given, context) => refuseMisfits({ base_url: given.base_url, auth: given.auth }, context));
export const odataConfig = z
  .strictObject(homeKeys)
  .superRefine((given, context) => refuseMisfits({ base_url: given.base_url, auth: given.auth }, context))
  .describe('A service of OData v4, one entity set for each entity: [odata.md](odata.md).');

export type ODataConfig = z.infer<typeof odataConfig>;

export interface ODataColumn {
  readonly name: string;
  readonly type: DataType;
  /** As the metadata writes it. */
  readonly sourceType: string;
  readonly isNullable: boolean;
}

/** The columns of what an entity reads, as its metadata has them. It settles with the snapshot. */
export interface ODataColumns {
  readonly keys: readonly string[];
  readonly columns: readonly ODataColumn[];
}

/** Undefined: the service has no such path. */
export function columnsOf(edm: Edm, config: ODataConfig, endpoint: string): ODataColumns | undefined {
  const entity: EdmEntity | undefined = entityAt(edm, endpoint);
  if (entity === undefined) return undefined;
  const own = typesGiven(config.types);
  const named = config.columns?.flatMap((name) => entity.properties.find((property) => property.name === name) ?? []);
  const wanted = named ?? entity.properties;
  const columns = wanted.flatMap((property): readonly ODataColumn[] => {
    const { isNullable, type: sourceType } = property;
    const type = own.get(property.name) ?? typeOfProperty(edm, property);
    return type === null ? [] : [{ name: property.name, type, sourceType, isNullable }];
  });
  // A key may lie in a complex value: Address/Zip.
  return { keys: entity.keys.filter((key) => columns.some(({ name }) => name === key)), columns };
}

/** All properties come without it as well, and it stands in the address of each next page, which has to fit into a checkpoint. */
const longestSelect = 500;

export function asRest(config: ODataConfig, endpoint: string, { columns }: ODataColumns, tracks: boolean): RestConfig {
  const { columns: _columns, page_size: size, count, types: _types, endpoint: _endpoint, params, headers, ...rest } = config;
  const select = columns.map(({ name }) => name).join(',');
  const prefers = [...(tracks ? ['odata.track-changes'] : []), ...(size === undefined ? [] : [`odata.maxpagesize=${size}`])];
  const counts = count && !tracks;
  return {
    ...rest,
    endpoint,
    params: {
      ...(config.columns !== undefined || select.length <= longestSelect ? { $select: select } : {}),
      ...(counts ? { $count: true } : {}),
      ...params,
    },
    headers: {
      // Without it, services write Int64 and Decimal as numbers. Those keep their digits here, too, but not behind every proxy.
      accept: `application/json;odata.metadata=${tracks ? 'minimal' : 'none'};IEEE754Compatible=true`,
      'odata-maxversion': '4.0',
      ...(prefers.length === 0 ? {} : { prefer: prefers.join(',') }),
      ...headers,
    },
    pagination: { type: 'next_url', at: '@odata.nextLink', ...(counts ? { total_at: '@odata.count' } : {}) },
    error_at: 'error',
    records: 'value',
    types: Object.fromEntries(columns.map(({ name, type }) => [name, describeType(type)])),
    flatten: false,
    separator: '_',
    mixed: 'json',
    missing: 'fail',
  } as RestConfig;
}
