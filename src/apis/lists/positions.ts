/** Positions that the API returns, such as addresses and cursors: shortens them for checkpoints, and detects a repeated position. */
import { hash } from 'node:crypto';
import { noEnd, noPage, tooLongToKeep } from '../answers/errors.ts';
import { hasRelation } from '../answers/link-header.ts';
import type { Page, Walk } from './pages.ts';

/** The maximum number of characters in a position, so that the position fits into a checkpoint of 2 kB. */
const longestPosition = 1_500;

/** The path of an address in a list of links, such as `link[relation=next].url` of FHIR, or `links[rel=next].href`. */
interface LinkSelector {
  /** The path of the list of links. */
  readonly list: string;
  readonly name: string;
  readonly value: string;
  /** The name of the member with the address. */
  readonly member: string;
}

/** Parses the path of an address in a list of links. Undefined: the path is of another form, so it leads to a single value. */
export function linkSelector(at: string): LinkSelector | undefined {
  const [, list, name, value, member] = /^([^[\]]+)\[([^=\]]+)=([^\]]+)\]\.([^.[\]]+)$/.exec(at) ?? [];
  if (list === undefined || name === undefined || value === undefined || member === undefined) return undefined;
  return { list, name, value, member };
}

/** The address of the link with the given relation. Undefined: no link in the list has this relation and an address. @param text the list as JSON. */
export function addressInLinks(text: string, { name, value, member }: LinkSelector): string | undefined {
  const links: unknown = JSON.parse(text);
  const found = (Array.isArray(links) ? links : []).find((one) => typeof one === 'object' && one !== null && hasRelation(one[name], value));
  const address: unknown = found?.[member];
  return typeof address === 'string' && address !== '' ? address : undefined;
}

/** The full address of the next page. Throws HomeError HYG-3602 if the address is not valid. */
export function resolved(written: string, page: Page): string {
  try {
    return new URL(written, page.url).href;
  } catch {
    throw noPage(page.name, 'The address of the next page is not valid.');
  }
}

const sameAsFirst = '{same}';
const longParam = 100;

const paramsOf = ({ search }: URL) =>
  search
    .slice(1)
    .split('&')
    .map((written) => {
      const at = written.indexOf('=');
      const name = at === -1 ? written : written.slice(0, at);
      const [[decoded, value] = ['', '']] = new URLSearchParams(written);
      return { written, name, decoded, value };
    });

/** Shortens an address that is too long for a checkpoint. Drops the values of long parameters that each request of the list has, such as a list of fields. */
function withoutRepeated(address: string, asked: URL): string {
  if (address.length <= longestPosition) return address;
  const url = new URL(address);
  const kept = paramsOf(url).map(({ written, name, decoded, value }) =>
    written.length > longParam && asked.searchParams.get(decoded) === value ? `${name}=${sameAsFirst}` : written,
  );
  url.search = kept.join('&');
  return url.href;
}

/** Restores an address that `withoutRepeated` shortened. @param first an address with the dropped values. */
export function withRepeated(address: string, first: URL): URL {
  const url = new URL(address);
  if (!url.search.includes(sameAsFirst)) return url;
  const whole = new Map(paramsOf(first).map(({ decoded, written }) => [decoded, written]));
  const params = paramsOf(url).map((one) => (one.value === sameAsFirst ? (whole.get(one.decoded) ?? one.written) : one.written));
  url.search = params.join('&');
  return url;
}

/** The walk with the facts by which a repeated position is detected. Throws if the position repeats. */
export function withoutCircle(given: Walk, page: Page, kind: 'address' | 'cursor'): Walk {
  const walk = kind === 'address' && typeof given.at === 'string' ? { ...given, at: withoutRepeated(given.at, page.url) } : given;
  const text = JSON.stringify(walk.at);
  if (text.length > longestPosition) throw tooLongToKeep(page.name, kind, { length: text.length, most: longestPosition });
  const position = short(text);
  const { met } = walk;
  if (met?.position === position) throw noEnd(page.name, 'This page leads to a page that was read before.');
  if (met === undefined) return { ...walk, met: { position, every: 1, left: 1 } };
  const left = met.left - 1;
  return { ...walk, met: left > 0 ? { ...met, left } : { position, every: met.every * 2, left: met.every * 2 } };
}

/** A hash of a text, in hexadecimal, long enough to distinguish texts. */
export function short(of: string | Buffer): string {
  return hash('sha256', of).slice(0, 24);
}
