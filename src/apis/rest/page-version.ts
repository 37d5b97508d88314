/**
 * Finds whether a list of one page with a constant address is unchanged, such as a list without a window. The list is unchanged if the API
 * reports that its page still has the same strong ETag. https://www.rfc-editor.org/rfc/rfc9110#section-8.8.1
 */
import type { Reading } from '../../engine/contracts/home.ts';
import { shortHash } from '../../frames/short-hash.ts';
import { Secret } from '../../ports/secret.ts';
import type { Body } from '../answers/document.ts';
import { revealed } from '../requests/config.ts';
import type { Answer } from '../requests/requests.ts';
import type { RestConfig } from './config.ts';

/** The only page of a list, as it was last written. */
export interface SettledPage {
  /** A hash of all that the result depends on: the address, the account, and how records are read. */
  readonly of: string;
  readonly etag: string;
}

/** The maximum bytes of a page whose ETag is stored. Each run reads a larger page again. */
const mostBytes = 4 * 1024 * 1024;

/** The facts about the only page of a list. Undefined: a later run can not see whether the list is unchanged. @param upper the source of a run’s upper bound. */
export function settledPage(config: RestConfig, url: URL, answer: Answer, upper: Reading['upper']): SettledPage | undefined {
  if (upper === 'observed' || answer.length > mostBytes) return undefined;
  const etag = answer.header('etag')?.trim();
  // A weak ETag may stay the same if an answer changes a little.
  if (etag === undefined || !/^"[^"]*"$/.test(etag)) return undefined;
  if (upper === 'clock' && mayHaveYoungRows(answer)) return undefined;
  return { of: requestHash(config, url), etag };
}

/** The version of the list, as in `SourceDescription.version`. */
export function versionOf({ of, etag }: SettledPage): string {
  return shortHash(JSON.stringify([of, etag]));
}

/** A hash of all that the result of a request depends on. Passwords are left out, since the user names identify the accounts. */
export function requestHash(config: RestConfig, url: URL): string {
  const { auth, headers = {}, params: _, ...rest } = config;
  const account = Object.entries(auth ?? {}).map(([name, value]) => {
    return [name, value instanceof Secret ? (name === 'password' ? '' : shortHash(value.reveal())) : value];
  });
  const sent = Object.entries(headers).map(([name, value]) => [name, shortHash(revealed(value))]);
  return shortHash(JSON.stringify([url.href, account, sent, rest]));
}

const dayMs = 86_400_000;
const months =
  /\d[ .,-]*(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ .,-]+\d/i;

/**
 * Whether a row may be too young for the run that reads the page. A later run must read such a row, although the page is unchanged. At a first load, the watermark
 * column is unknown. So the answer is yes if any time on the page is less than two days old, or has a form that is not compared.
 */
function mayHaveYoungRows({ bytes, length, date }: Body & Pick<Answer, 'date'>): boolean {
  if (date === undefined) return true;
  const sinceMs = Date.parse(date) - 2 * dayMs;
  const since = new Date(sinceMs).toISOString().slice(0, 10);
  const text = bytes.toString('latin1', 0, length);
  if (months.test(text)) return true;
  for (const [written] of text.matchAll(/\d[\d.-]{7,}/g)) {
    const day = /^\d{4}-\d\d-\d\d/.exec(written)?.[0] ?? /^(\d{4})(\d\d)(\d\d)(?!\d)/.exec(written)?.slice(1).join('-');
    if (day !== undefined && day >= since) return true;
    const number = Number(/^\d{10,}/.exec(written)?.[0] ?? Number.NaN);
    if (number * (number < 1e11 ? 1_000 : 1) >= sinceMs) return true;
  }
  return /\d{1,2}[./]\d{1,2}[./]\d{2,4}/.test(text);
}
