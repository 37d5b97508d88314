/** Proposes a value of `pagination` that reads further pages, if the first answer shows that further pages exist. */
import { type Pagination, tellsTotal } from './config.ts';
import { isTheRecord, ofMore, type PageKeys, type Sign, signsOf } from './list-signs.ts';
import type { Page } from './pages.ts';
import { pagesAsYaml } from './pagination-yaml.ts';

/** A sign that more records follow. */
export interface FurtherPages {
  /** The sign as a sentence for people. */
  readonly sign: string;
  /** The value of `pagination` that reads the further pages, as YAML. */
  readonly pagination: string;
  /** The value of `pagination` as keys. */
  readonly keys: PageKeys;
  /** Whether the name of the parameter is a guess, since neither the answer nor a known API shows the name. */
  readonly isGuess: boolean;
}

/** The sign in a first answer that more records follow. Undefined: the answer lacks a sign of more records. */
export function furtherPages(pages: Pagination, page: Page): FurtherPages | undefined {
  const isRecord = isTheRecord(page);
  // If an object is itself the record, its numbers may count other things than records.
  const countsAll = tellsTotal(pages) || isRecord;
  const { signs } = signsOf(page, { isRecord, countsAll });
  return proposalOf(
    ofMore(
      signs.filter(({ name }) => !pages.ignore?.includes(name)),
      page,
    ),
  );
}

/** The keys that read the further pages. Signs in headers are preferred, since a member may be about other things than the list. Undefined: no sign shows that more records follow. */
export function proposalOf(signs: readonly Sign[]): FurtherPages | undefined {
  const inHeaders = signs.filter(({ says }) => says.startsWith('Its header'));
  return shownSign(inHeaders.length > 0 ? inHeaders : signs);
}

function shownSign(signs: readonly Sign[]): FurtherPages | undefined {
  const best = signs.toSorted((a, b) => sureness(a) - sureness(b))[0];
  if (best === undefined) return undefined;
  const { says, keys: found, isGuess = false } = best;
  const keys = withEnd(found, signs);
  return { sign: says, pagination: pagesAsYaml(keys), keys, isGuess };
}

/** The rank of a sign: the most reliable sign has the lowest number. */
function sureness({ keys: { type, has_more_at, total_at, total_header } }: Sign): number {
  if (type === 'next_url' || type === 'link_header') return 0;
  if (type === 'cursor' || type === 'keyset') return 1;
  if (has_more_at !== undefined) return 2;
  return total_at === undefined && total_header === undefined ? 4 : 3;
}

/** The keys with additional keys from the other signs, for the end of the list and the number of its records. */
function withEnd(keys: PageKeys, signs: readonly Sign[]): PageKeys {
  const { total_at, total_header } = signs.find((one) => one.keys.total_at ?? one.keys.total_header)?.keys ?? {};
  const more = signs.find(({ keys: { has_more_at } }) => has_more_at !== undefined)?.keys.has_more_at;
  const { type } = keys;
  // The last page of Zendesk links to itself: https://developer.zendesk.com/documentation/api-basics/working-with-data/using-the-incremental-export-api
  const last = type === 'next_url' ? signs.find((one) => one.keys.last_at !== undefined)?.keys.last_at : undefined;
  const isCounted = type === 'page' || type === 'offset';
  const hasTotal = total_at !== undefined || total_header !== undefined;
  // A request after the last page may get the answer 404. With the total, the list ends before that request.
  const end = !isCounted ? undefined : more !== undefined ? 'has_more' : hasTotal ? 'total' : undefined;
  return {
    ...keys,
    ...(end === undefined ? {} : { end }),
    ...(more !== undefined && (isCounted || type === 'cursor' || type === 'keyset') ? { has_more_at: more } : {}),
    ...(last === undefined ? {} : { last_at: last }),
    ...(type === 'keyset' || total_at === undefined ? {} : { total_at }),
    ...(type === 'keyset' || total_header === undefined ? {} : { total_header }),
  };
}
