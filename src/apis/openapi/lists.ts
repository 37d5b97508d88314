/** The lists among the operations of a description, with what they show of pages, keys and times. */
import type { Body } from '../answers/document.ts';
import { envelopeOf } from '../answers/envelope.ts';
import { listPlaces } from '../answers/list-places.ts';
import { furtherPages } from '../lists/further-pages.ts';
import type { Page } from '../lists/pages.ts';
import { type Fields, fieldsOf } from '../proposals/fields.ts';
import { rankedLists, usualNames } from '../proposals/proposal.ts';
import type { Description, Members } from './description.ts';
import type { Operation } from './operations.ts';
import { type DescribedPages, isPageParameter, pagesOf, takesCursor } from './pages.ts';
import { recordSchema, sampleOf } from './sample.ts';

export interface DescribedList extends Operation {
  /** Names of the path that values are needed for. */
  readonly names: readonly string[];
  /** As `records` has it. */
  readonly records: string;
  /** The schema of a record. */
  readonly record: Members;
  readonly pages: DescribedPages;
  readonly fields: Fields;
}

/** Undefined: its answer is no list of records. */
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
  // One object with arrays inside looks like a list that is wrapped.
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
