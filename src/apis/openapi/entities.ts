/** Proposes the lists of a description as entities: the texts of entity files, with the reasons as comments. A person checks the proposal. No run reads the description. */
import type { DescribedEntities, DescribedEntity, DescribedFlow } from '../../engine/contracts/connector.ts';
import { counted } from '../../errors/as-argument.ts';
import { asYaml } from '../../errors/as-yaml.ts';
import { pagesAsYaml } from '../lists/pagination-yaml.ts';
import { isNamedUtc, isZoneless } from '../proposals/fields.ts';
import { Description, itemsIn, type Members, membersAt, textIn, typeOf } from './description.ts';
import { noLists } from './errors.ts';
import { type DescribedList, listOf } from './lists.ts';
import { operationsOf, serverOf } from './operations.ts';
import { isEpoch } from './sample.ts';

/** The maximum number of listed reasons. Further reasons are only counted. */
const mostNamed = 5;

/** @param name the name of the description, for people. Throws ConfigError HYG-3695 or HYG-3696. */
export function describedEntities(text: string, name: string, flow: DescribedFlow): DescribedEntities {
  const description = new Description(text, name);
  const lists = operationsOf(description).flatMap((one) => listOf(one, description) ?? []);
  const prefix = prefixOf(serverOf(description), flow.baseUrl);
  const named = namesOf(lists);
  const byPath = new Map(lists.map((one) => [one.path.replace(/\/$/, ''), one]));
  const entities: DescribedEntity[] = [];
  const lacking = new Map<string, number>();
  for (const [list, own] of named) {
    const parent = parentOf(list, { byPath, named, flow });
    const needs = [...neededNames(list, parent, flow), ...neededParameters(list)];
    for (const one of needs) lacking.set(one, (lacking.get(one) ?? 0) + 1);
    if (needs.length === 0)
      entities.push({ name: own, from: parent?.name, lines: linesOf(list, { parent, prefix, flow, description }).map(withoutVariables) });
  }
  const leftOut = [...lacking].toSorted(([, a], [, b]) => b - a).map(([what, lists]) => `${counted(lists, 'list')} left out: ${what}`);
  const elsewhere = description.elsewhere === 0 ? [] : [`${counted(description.elsewhere, 'reference')} to other documents not followed`];
  if (entities.length === 0) throw noLists(name, [...leftOut.slice(0, mostNamed), ...elsewhere]);
  const more = leftOut.length > mostNamed ? [`${leftOut.length - mostNamed} other reasons why lists were left out`] : [];
  return { entities, leftOut: [...leftOut.slice(0, mostNamed), ...more, ...elsewhere] };
}

/** A name for each list, from the last word of its path. If several lists have the same last word, earlier words are added. */
function namesOf(lists: readonly DescribedList[]): ReadonlyMap<DescribedList, string> {
  const words = (list: DescribedList) => {
    const found = list.path.split('/').filter((one) => one !== '' && !one.includes('{'));
    return found
      .map((one) =>
        one
          .replace(/\.json$/i, '')
          .replace(/[^A-Za-z0-9_]+/g, '_')
          .replace(/^_+|_+$/g, ''),
      )
      .filter((one) => one !== '');
  };
  const named = new Map<DescribedList, string>();
  const taken = new Set<string>();
  // Among lists with the same last word, the list with the shortest path gets the plain name.
  for (const list of lists.toSorted((a, b) => a.path.length - b.path.length)) {
    const all = words(list);
    const options = [...all.map((_, i) => all.slice(all.length - 1 - i).join('_')), `${all.join('_')}_by_${list.names.join('_')}`];
    const free = options.find((one) => one !== '' && !taken.has(one.toLowerCase())) ?? `list_${named.size + 1}`;
    taken.add(free.toLowerCase());
    named.set(list, free);
  }
  return new Map(lists.map((list) => [list, named.get(list) ?? '']));
}

interface Parent {
  readonly name: string;
  readonly list: DescribedList;
  /** `brace`: the name in braces in the child’s path. `field`: the field of the parent that has the value for the braces. */
  readonly brace: string;
  readonly field: string;
}

/** The parent of a list, which is the list whose records the name in braces is about: `/orders` is the parent of `/orders/{id}/lines`. The parent must not need a parent itself. */
function parentOf(
  list: DescribedList,
  {
    byPath,
    named,
    flow,
  }: {
    readonly byPath: ReadonlyMap<string, DescribedList>;
    readonly named: ReadonlyMap<DescribedList, string>;
    readonly flow: DescribedFlow;
  },
): Parent | undefined {
  const open = list.names.filter((one) => !flow.pathParams.includes(one));
  const [brace] = open;
  if (brace === undefined || open.length > 1) return undefined;
  const found = byPath.get(list.path.slice(0, list.path.indexOf(`{${brace}}`)).replace(/\/$/, ''));
  if (found === undefined || found === list) return undefined;
  if (neededNames(found, undefined, flow).length > 0 || neededParameters(found).length > 0) return undefined;
  const fields = Object.keys(membersAt(found.record, 'properties') ?? {});
  const field = fieldFor(brace, fields, found.path);
  return field === undefined ? undefined : { list: found, name: named.get(found) ?? '', brace, field };
}

/** The field of the parent whose value replaces a name in braces, such as `{id}`, `{order_id}`, `{workspace_gid}`, or `{customer}` of `/customers`. Undefined: the parent lacks a field with a fitting name. */
function fieldFor(brace: string, fields: readonly string[], path: string): string | undefined {
  if (fields.includes(brace)) return brace;
  const [tail = '', ...before] = brace.split(/[_-]|(?<=[a-z])(?=[A-Z])/).reverse();
  const named = before.length > 0 && /^((g|u|uu|gu|s)?id|key|slug|code)$/i.test(tail) ? tail.toLowerCase() : undefined;
  const list = path.split('/').at(-1) ?? '';
  const isOne = [list.replace(/ies$/, 'y'), list.replace(/s$/, ''), list.replace(/es$/, '')].includes(brace);
  return fields.find((one) => one === named) ?? (isOne ? fields.find((one) => one === 'id') : undefined);
}

function neededNames(
  list: DescribedList,
  parent: Parent | undefined,
  { pathParams }: Pick<DescribedFlow, 'pathParams'>,
): readonly string[] {
  const open = list.names.filter((one) => !pathParams.includes(one) && one !== parent?.brace);
  return open.length === 0 ? [] : [`their paths need path_params in the flow's home: { ${open.map((one) => `${one}: …`).join(', ')} }`];
}

/** The required parameters of a list for which the description has no value. */
function neededParameters({ parameters }: DescribedList): readonly string[] {
  const open = parameters.filter((one) => one.in === 'query' && one.isRequired && givenValue(one) === undefined);
  return open.length === 0 ? [] : [`they need a value for the parameter ${open.map(({ name }) => name).join(', ')}`];
}

function givenValue({ schema, name }: DescribedList['parameters'][number]): string | undefined {
  const [only, ...others] = itemsIn(schema, 'enum');
  const value = schema.default ?? (others.length === 0 ? only : undefined);
  const isValue = ['string', 'number', 'boolean'].includes(typeof value);
  // A value of another kind can not be sent as a parameter.
  return isValue ? `${asYaml(name)}: ${typeof value === 'string' ? JSON.stringify(value) : String(value)}` : undefined;
}

/** The prefix of paths below `base_url`: the path of the server, unless `base_url` already ends with this path. */
function prefixOf(server: string, baseUrl: string | undefined): string {
  const path = (address: string) => (URL.canParse(address) ? new URL(address).pathname : address).replace(/\/+$/, '');
  if (baseUrl === undefined || !URL.canParse(baseUrl)) return '';
  const [own, base] = [path(server), path(baseUrl)];
  return own.startsWith(base) && own !== base ? own.slice(base.length) : '';
}

interface Around {
  readonly parent: Parent | undefined;
  readonly prefix: string;
  readonly flow: DescribedFlow;
  readonly description: Description;
}

function linesOf(list: DescribedList, { parent, prefix, flow, description }: Around): readonly string[] {
  const { path, summary, records, fields, parameters } = list;
  const isSet = (key: string) => flow.keys.includes(key);
  const endpoint = `${prefix}${path}`
    .replace(/^\/+/, '')
    .replace(parent === undefined ? '' : `{${parent.brace}}`, parent === undefined ? '' : `{${parent.field}}`);
  const required = parameters.filter((one) => one.in === 'query' && one.isRequired).flatMap((one) => givenValue(one) ?? []);
  const { declared, notes } = declaredTypes(list.record, description, fields.isJsonApi);
  const { key, cursor } = fields;
  const types = cursor?.type != null && !declared.has(cursor.column) ? [...declared, [cursor.column, cursor.type] as const] : [...declared];
  const own = Object.keys(membersAt(list.record, 'properties') ?? {});
  return [
    comment(`GET ${path}${summary === '' ? '' : `: ${summary}`}`),
    'home:',
    ...(parent === undefined ? [] : [`  from: ${asYaml(parent.name)} # at least one request for each of its records`]),
    ...(parent === undefined || parent.field === parent.brace
      ? []
      : [comment(`By their names, {${parent.brace}} gets the field ${parent.field}.`, 2)]),
    `  endpoint: ${JSON.stringify(endpoint)}`,
    ...(parent === undefined ? [] : ofParent(parent, own)),
    ...(required.length === 0 ? [] : [comment('Each request needs these parameters:', 2), `  params: { ${required.join(', ')} }`]),
    ...(records === '.' || isSet('records')
      ? []
      : [comment(`The answer has an array of objects at ${records}.`, 2), `  records: ${asYaml(records)}`]),
    ...(isSet('pagination') ? [] : pageLines(list)),
    ...(fields.isJsonApi && !isSet('flatten') ? [comment('The fields of the records are in attributes.', 2), '  flatten: 1'] : []),
    ...(types.length === 0
      ? []
      : [
          ...notes.map((note) => comment(note, 2)),
          `  types: { ${types.map(([name, type]) => `${asYaml(name)}: ${asYaml(type)}`).join(', ')} }`,
        ]),
    ...(cursor !== undefined && isZoneless(cursor.type) && isNamedUtc(cursor.column) ? ['  zone: UTC'] : []),
    '',
    ...howNew(list, { key, cursor, flow }),
    '',
  ];
}

function ofParent({ name, field, list }: Parent, own: readonly string[]): readonly string[] {
  const column = `${name.replace(/ies$/, 'y').replace(/s$/, '')}_${field}`;
  return [
    ...(own.includes(column) ? [] : [`  parent: { ${asYaml(column)}: ${asYaml(field)} }`]),
    ...(list.fields.key === field ? [`  parent_key: ${asYaml(field)}`] : []),
  ];
}

function pageLines({ pages: { keys, evidence } }: DescribedList): readonly string[] {
  const shown = evidence.map((one) => comment(one, 2));
  if (keys === undefined && evidence.length === 0)
    return [comment('The description shows no pages: `hygge debug` shows whether the answer does.', 2)];
  if (keys === undefined)
    return [
      comment('The description says something about pages, but not enough for `pagination`. `hygge debug` shows what the answer has.', 2),
      ...shown,
    ];
  return [comment('A proposal: compare it with the output of `hygge debug`.', 2), ...shown, `  pagination: ${pagesAsYaml(keys)}`];
}

/** Names of parameters that filter lists by a time of change. */
const filters =
  /^((updated|modified|changed|since|last_?(updated|modified)|created)[\w.[\]]*|since|from_?date|start_?(date|time)|min_?(updated|created)[\w.]*)$/i;

function howNew(
  { parameters }: DescribedList,
  { key, cursor, flow }: Pick<DescribedList['fields'], 'key' | 'cursor'> & { readonly flow: DescribedFlow },
): readonly string[] {
  const everything = flow.isIncremental ? ['run_type: full_drop'] : [];
  if (cursor === undefined) return [comment('No field looks like the time of a change: each run loads everything.'), ...everything];
  const found = parameters.filter(({ name, in: place }) => place === 'query' && filters.test(name));
  const format = cursor.counts === undefined ? '' : `, format: ${cursor.counts.format}`;
  return [
    ...everything,
    comment(
      `To read only new records, use ${cursor.column}${cursor.followsChanges ? '' : ', which seems to be the time of creation: changes would not be read'}.`,
    ),
    comment(`The watermark below needs, below home: window: { from: ${asYaml(found[0]?.name ?? '…')}${format} }`),
    ...found.slice(0, 3).map(({ name, about }) => comment(`The parameter ${name}${about === '' ? '' : `: ${about}`}`)),
    '# run_type: incremental',
    `# watermark: { column: ${asYaml(cursor.column)}${key === undefined ? '' : `, key: [${asYaml(key)}]`} }`,
  ];
}

/** Escapes a line, so that variables of the workspace are not inserted into texts of other authors. */
function withoutVariables(line: string): string {
  return line.replaceAll('${', () => '$${');
}

const longest = 160;

/** A text as a comment on one line. A text in a description may have line breaks. */
function comment(text: string, indent = 0): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: YAML has none in comments.
  const line = text.replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]+/g, ' ').trim();
  return `${' '.repeat(indent)}# ${line.length > longest ? `${line.slice(0, longest).replace(/[\ud800-\udbff]$/, '')}…` : line}`;
}

/** Types of fields that JSON does not show, or that some pages do not show. */
interface DeclaredTypes {
  /** The declared type of each column. */
  readonly declared: ReadonlyMap<string, string>;
  /** Sentences about facts in the description that do not determine a type. */
  readonly notes: readonly string[];
}

/** @param record the schema of a record. @param isJsonApi whether the fields are in `attributes`, and are flattened. */
function declaredTypes(record: Members, description: Description, isJsonApi: boolean): DeclaredTypes {
  const declared = new Map<string, string>();
  const exact: string[] = [];
  const own = membersAt(record, 'properties') ?? {};
  const inside = isJsonApi ? (membersAt(description.schema(own.attributes), 'properties') ?? {}) : {};
  const all = [...Object.entries(own), ...Object.entries(inside).map(([name, value]) => [`attributes_${name}`, value] as const)];
  for (const [name, value] of all) {
    const schema = description.schema(value);
    if (schema === undefined) continue;
    const type = typeFor(name, schema);
    if (type === 'exact') exact.push(name);
    else if (type !== undefined) declared.set(name, type);
  }
  const notes =
    exact.length === 0 ? [] : [`Decimals with an unknown number of digits, for types such as decimal(18,2): ${exact.join(', ')}.`];
  return { declared, notes: [...(declared.size === 0 ? [] : ['By the formats and types of the description:']), ...notes] };
}

function typeFor(name: string, schema: Members): string | undefined {
  const format = textIn(schema, 'format') ?? '';
  switch (typeOf(schema)) {
    case 'string':
      if (format === 'date-time') return 'timestamptz';
      if (format === 'date') return 'date';
      // APIs of Google write 64-bit integers as texts.
      if (format === 'int64' || format === 'uint64') return format;
      return /^(decimal|money|currency)$/.test(format) ? 'exact' : undefined;
    case 'integer':
      return isEpoch(schema, name) || format !== '' ? integerType(format) : undefined;
    case 'number':
      if (/^(decimal|money|currency)$/.test(format)) return decimalType(schema) ?? 'exact';
      return decimalType(schema) ?? (format === 'float' || format === 'double' ? 'float64' : undefined);
    case 'object':
      // An object with any names is read as JSON, since each record may have other names.
      return isMap(schema) ? 'json' : undefined;
    default:
      return undefined;
  }
}

function integerType(format: string): string {
  return format === 'uint64' ? 'uint64' : 'int64';
}

/** The decimal type of a number: `multipleOf: 0.01` means two decimal places. */
function decimalType({ multipleOf }: Members): string | undefined {
  if (typeof multipleOf !== 'number' || multipleOf <= 0 || multipleOf >= 1) return undefined;
  const scale = Math.round(-Math.log10(multipleOf));
  return Math.abs(multipleOf - 10 ** -scale) < 1e-12 && scale <= 18 ? `decimal(38,${scale})` : undefined;
}

function isMap(schema: Members): boolean {
  const { additionalProperties: any } = schema;
  const hasNames = Object.keys(membersAt(schema, 'properties') ?? {}).length > 0;
  return !hasNames && any !== undefined && any !== false;
}
