import { decodedPart } from '../../ports/values.ts';

/** The header `Link`: https://www.rfc-editor.org/rfc/rfc8288#section-3, read as leniently as appendix B.2 has it. */

interface WebLink {
  readonly target: string;
  /** In small letters. */
  readonly relations: readonly string[];
  /** What the link is of, where that is not the answer. */
  readonly anchor?: string;
  /** Sentry has a link to a next page on each page, and says here whether it has records. */
  readonly results?: string;
}

/** What a header says of a relation. `address` undefined: it names the relation, and has no address that can be read. */
export interface LinkSaid {
  readonly address: string | undefined;
}

/** @param of the address of the answer. Undefined: the header does not name the relation. */
export function linkSaid(relation: string, header: string, of: URL): LinkSaid | undefined {
  const { links, rest } = linksIn(header);
  const named = links.filter(({ relations, results }) => relations.includes(relation) && results !== 'false');
  const own = named.find(({ target, anchor }) => target !== '' && (anchor === undefined || isSame(anchor, of)));
  if (own !== undefined) return { address: URL.canParse(own.target, of.href) ? own.target : undefined };
  return named.length > 0 || mentions(relation, rest) ? { address: undefined } : undefined;
}

/** The address of a link as it is written; undefined: the header has none. */
export function linkTo(relation: string, header: string, of: URL): string | undefined {
  return linkSaid(relation, header, of)?.address;
}

function isSame(anchor: string, of: URL): boolean {
  if (!URL.canParse(anchor, of.href)) return false;
  const { origin, pathname, search } = new URL(anchor, of);
  return origin === of.origin && pathname === of.pathname && search === of.search;
}

/** What could not be read as links may name the relation all the same. */
function mentions(relation: string, text: string): boolean {
  const values = [...text.matchAll(/\brel\*?\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;,]*))/gi)];
  return values.some(([, quoted, plain]) => relationsOf(quoted ?? plain ?? '').includes(relation));
}

/** A value between single quotes is written wrong, and clear. */
function relationsOf(value: string): readonly string[] {
  const plain = value.trim().replace(/^'(.*)'$/, '$1');
  return plain.toLowerCase().split(/\s+/).filter(Boolean);
}

/** Links in their order, and the text from the first one on that is not a link. */
function linksIn(header: string): { readonly links: readonly WebLink[]; readonly rest: string } {
  const links: WebLink[] = [];
  let at = 0;
  const skip = (signs: string) => {
    while (at < header.length && signs.includes(header[at] ?? '')) at++;
  };
  const until = (signs: string): string => {
    const start = at;
    while (at < header.length && !signs.includes(header[at] ?? '')) at++;
    return header.slice(start, at);
  };
  const quoted = (): string => {
    let text = '';
    for (at++; at < header.length && header[at] !== '"'; at++) {
      if (header[at] === '\\' && at + 1 < header.length) at++;
      text += header[at];
    }
    at++;
    return text;
  };
  for (;;) {
    skip(' \t,');
    const start = at;
    const end = header[at] === '<' ? header.indexOf('>', at) : -1;
    // Where the sign at the end of an address is missing, the next link would be inside of it.
    if (end === -1 || header.slice(start + 1, end).includes('<')) return { links, rest: header.slice(start) };
    const target = header.slice(at + 1, end).trim();
    at = end + 1;
    const params = new Map<string, string>();
    for (skip(' \t'); header[at] === ';'; skip(' \t')) {
      at++;
      skip(' \t');
      const name = until('=;, \t').toLowerCase();
      skip(' \t');
      let value = '';
      if (header[at] === '=') {
        at++;
        skip(' \t');
        value = header[at] === '"' ? quoted() : until(';,').trim();
      }
      // Of two, the first one counts.
      if (name !== '' && !params.has(name)) params.set(name, value);
    }
    if (at < header.length && header[at] !== ',') return { links, rest: header.slice(start) };
    const anchor = params.get('anchor');
    const results = params.get('results');
    const relations = relationsOf(params.get('rel') ?? extended(params.get('rel*')));
    links.push({ target, relations, ...(anchor === undefined ? {} : { anchor }), ...(results === undefined ? {} : { results }) });
  }
}

/** `UTF-8''next`: https://www.rfc-editor.org/rfc/rfc8187#section-3.2 */
function extended(value = ''): string {
  return decodedPart(value.replace(/^[^']*'[^']*'/, ''));
}

/** Whether a link in a body has the relation: a word, several with spaces between them, or a list of words as in Siren. */
export function hasRelation(written: unknown, relation: string): boolean {
  if (Array.isArray(written)) return written.includes(relation);
  return typeof written === 'string' && (written === relation || written.split(/\s+/).includes(relation));
}
