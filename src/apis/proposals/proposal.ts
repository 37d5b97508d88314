/** Proposes values for keys that the config lacks, from a first answer of the API. */
import type { Proposal, ProposedIncrement } from '../../engine/contracts/connector.ts';
import { asYaml } from '../../errors/as-yaml.ts';
import type { Body } from '../answers/document.ts';
import { envelopeOf } from '../answers/envelope.ts';
import { type ListPlace, listPlaces } from '../answers/list-places.ts';
import type { Pagination } from '../lists/config.ts';
import { type FurtherPages, furtherPages } from '../lists/further-pages.ts';
import type { Page } from '../lists/pages.ts';
import { type Fields, fieldsOf, isNamedUtc, isZoneless } from './fields.ts';

/** The keys that the config already has. */
export interface Configured {
  /** The value of `records`. Undefined: `records` is not set. */
  readonly records: string | undefined;
  readonly pagination: Pagination;
  readonly types: Readonly<Record<string, unknown>> | undefined;
  readonly window: { readonly format: string } | undefined;
  readonly flatten: boolean | number;
  readonly separator: string;
  readonly entity: string;
}

interface FirstAnswer extends Body {
  readonly url: URL;
  header(name: string): string | undefined;
}

/** Names of members that contain the list in most APIs, the likeliest first. */
export const usualNames = ['data', 'items', 'results', 'records', 'value', 'values', 'entries', 'rows', 'content', 'nodes', 'hits', 'list'];

/** The lists in an answer, the likeliest first. @param lists the lists that `listPlaces` returned. */
export function rankedLists(lists: readonly ListPlace[], entity: string): readonly ListPlace[] {
  const rank = ({ at, items }: ListPlace) => {
    const names = at.toLowerCase().split('.');
    const usual = usualNames.indexOf(names.at(-1) ?? '');
    const named = names.at(-1) === entity.toLowerCase() ? -1 : usual === -1 ? usualNames.length : usual;
    // Lists with these names accompany the records, and are not lists of records themselves.
    const isBeside = /^(included|links|_links|errors|warnings|meta|facets|aggregations)$/.test(names[0] ?? '') ? 1_000 : 0;
    return isBeside + (items === 0 ? 100 : 0) + named;
  };
  return lists
    .filter(({ hasObjects }) => hasObjects)
    .map((list) => ({ list, at: rank(list) }))
    .sort((a, b) => a.at - b.at)
    .map(({ list }) => list);
}

/** Throws BadRecord if the body of the answer is not one JSON document. */
export function proposalOf(answer: FirstAnswer, configured: Configured): Proposal {
  const { records, pagination, entity } = configured;
  const [best, ...others] = rankedLists(listPlaces(answer), entity);
  const isMissing = records === undefined && best !== undefined && best.at !== '.';
  const at = isMissing ? best.at : (records ?? '.');
  const spans = envelopeOf(answer, at === '.' ? [] : at.split('.'), []).records ?? [];
  const page: Page = { body: answer, url: answer.url, records: spans, values: new Map(), name: '', header: answer.header };
  const isOne = pagination.type === 'none' && !pagination.ignore_next;
  const further = isOne ? furtherPages(pagination, page) : undefined;
  const { flatten, separator } = configured;
  const fields = fieldsOf(answer, spans, entity, separator);
  const increment = incrementOf(fields, { ...configured, all: spans.length });
  const isNested = fields.isJsonApi && (flatten === false || flatten === 0);
  return {
    home: [...(isMissing ? [`records: ${asYaml(at)}`] : []), ...paginationLines(further), ...(isNested ? ['flatten: 1'] : [])],
    ...(increment === undefined ? {} : { increment }),
    notes: [
      ...odataNotes(answer),
      ...(isMissing && others.length > 0 ? [`Other lists of the answer: ${others.map(shownList).join(', ')}.`] : []),
      ...(further === undefined ? [] : [further.sign]),
      ...(isNested ? ['The fields of the records are in attributes: flatten makes columns of these fields, such as attributes_name.'] : []),
      ...(/type: page|param:/.test(further?.pagination ?? '') && !further?.isGuess
        ? ['The parameter has its usual name: compare it with the documentation of the API.']
        : []),
      ...(isOne && further === undefined && isRound(spans.length)
        ? [`The answer has ${spans.length} records, and nothing shows whether more follow: this may be only one page.`]
        : []),
    ],
  };
}

/** Notes for a service of OData, which describes its columns, keys and filters itself. */
function odataNotes(answer: FirstAnswer): readonly string[] {
  const context = envelopeOf(answer, null, ['@odata.context', '@context']).values;
  const at = context.get('@odata.context')?.text ?? context.get('@context')?.text;
  const root = at === undefined ? undefined : /^(.*)\$metadata#/.exec(at)?.[1];
  if (root === undefined) return [];
  const base = new URL(root, answer.url);
  return [
    `The answer is one of OData v4: type: odata with base_url: ${base.origin}${base.pathname} reads columns, keys and pages from the service.`,
  ];
}

function paginationLines(further: FurtherPages | undefined): readonly string[] {
  if (further === undefined) return [];
  return [`pagination: ${further.pagination}${further.isGuess ? ' # look up the name of the parameter' : ''}`];
}

function incrementOf(
  { key, cursor }: Fields,
  { types = {}, window, all }: Pick<Configured, 'types' | 'window'> & { readonly all: number },
): ProposedIncrement | undefined {
  if (cursor === undefined) return undefined;
  const { column, type, counts, followsChanges } = cursor;
  const isDeclared = type === null || column in types;
  const format = counts === undefined ? '' : `, format: ${counts.format}`;
  const isFiltered = window !== undefined && (counts === undefined || window.format === counts.format);
  const hasOthers = Object.keys(types).length > 0;
  const declared = `${asYaml(column)}: ${asYaml(type ?? '')}`;
  return {
    column,
    ...(key === undefined ? {} : { key }),
    home: isDeclared || hasOthers ? [] : [`types: { ${declared} }`, ...(isZoneless(type) && isNamedUtc(column) ? ['zone: UTC'] : [])],
    ...(isFiltered ? {} : { lacks: `window: { from: …, to: …${format} }` }),
    notes: [
      ...(key === undefined
        ? []
        : [
            `${key} is different in ${all === 1 ? 'the one record' : `all ${all} records`} of this page. The documentation of the API says whether this field is a key.`,
          ]),
      ...(followsChanges ? [] : [`${column} seems to be the time of creation: a record that changes later would not be read again.`]),
      ...(isDeclared || !hasOthers ? [] : [`Add this to types: ${declared}`]),
      ...(counts === undefined
        ? []
        : [
            `${column} seems to count ${counts.format === 'epoch_s' ? 'seconds' : 'milliseconds'} since 1970: the first value would be ${counts.first}Z.`,
          ]),
      ...(window !== undefined
        ? []
        : [`No answer shows which parameters filter by ${column}. For window, look them up in the documentation of the API.`]),
    ],
  };
}

export function shownList({ at, items }: ListPlace): string {
  return `${at} (${items} ${items === 1 ? 'record' : 'records'})`;
}

/** Whether a number of records is a usual page size, such as 10, 25 or 100. A complete list seldom has such a number of records. */
function isRound(records: number): boolean {
  return records >= 10 && (records % 10 === 0 || records % 25 === 0);
}
