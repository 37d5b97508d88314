import { decodedPart } from '../../ports/values.ts';

/** Reads the header `Link` (https://www.rfc-editor.org/rfc/rfc8288#section-3) as leniently as appendix B.2 describes. */

interface WebLink {
  readonly target: string;
  /** The relations of the link, in lower case. */
  readonly relations: readonly string[];
  /** The resource that the link belongs to, if that resource is not the answer. */
  readonly anchor?: string;
  /** Whether the next page has records. Sentry reports this here, because each of its pages links to a next page. */
  readonly results?: string;
}

/** The link with a relation in a header. `address` undefined: the header names the relation, but the address of the link is not readable. */
export interface LinkSaid {
  readonly address: string | undefined;
}

/** Finds a link by its relation. @param of the address of the answer. Returns undefined if the header does not name the relation. */
export function linkSaid(relation: string, header: string, of: URL): LinkSaid | undefined {
  const { links, rest } = linksIn(header);
  const named = links.filter(({ relations, results }) => relations.includes(relation) && results !== 'false');
  const own = named.find(({ target, anchor }) => target !== '' && (anchor === undefined || isSame(anchor, of)));
  if (own !== undefined) return { address: URL.canParse(own.target, of.href) ? own.target : undefined };
  return named.length > 0 || mentions(relation, rest) ? { address: undefined } : undefined;
}

/** The address of the link with the relation, as written. Undefined: the header lacks a link with the relation. */
export function linkTo(relation: string, header: string, of: URL): string | undefined {
  return linkSaid(relation, header, of)?.address;
}

function isSame(anchor: string, of: URL): boolean {
  if (!URL.canParse(anchor, of.href)) return false;
  const { origin, pathname, search } = new URL(anchor, of);
  return origin === of.origin && pathname === of.pathname && search === of.search;
}

/** Whether the text that could not be read as links may name the relation. */
function mentions(relation: string, text: string): boolean {
  const values = [...text.matchAll(/\brel\*?\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;,]*))/gi)];
  return values.some(([, quoted, plain]) => relationsOf(quoted ?? plain ?? '').includes(relation));
}

/** The relations in a value. A value between single quotes is against the standard, but readable. */
function relationsOf(value: string): readonly string[] {
  const plain = value.trim().replace(/^'(.*)'$/, '$1');
  return plain.toLowerCase().split(/\s+/).filter(Boolean);
}

/** Links in their order. `rest`: the text from the first part that is not a link. */
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
    // If an address lacks its `>`, the address would contain the next link.
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
      // If a parameter exists twice, the first value counts.
      if (name !== '' && !params.has(name)) params.set(name, value);
    }
    if (at < header.length && header[at] !== ',') return { links, rest: header.slice(start) };
    const anchor = params.get('anchor');
    const results = params.get('results');
    const relations = relationsOf(params.get('rel') ?? extended(params.get('rel*')));
    links.push({ target, relations, ...(anchor === undefined ? {} : { anchor }), ...(results === undefined ? {} : { results }) });
  }
}

/** The text of an extended value, such as `UTF-8''next`: https://www.rfc-editor.org/rfc/rfc8187#section-3.2 */
function extended(value = ''): string {
  return decodedPart(value.replace(/^[^']*'[^']*'/, ''));
}

/** Whether a link in a body has the relation. The body may have one word, several words with spaces between them, or a list of words as in Siren. */
export function hasRelation(written: unknown, relation: string): boolean {
  if (Array.isArray(written)) return written.includes(relation);
  return typeof written === 'string' && (written === relation || written.split(/\s+/).includes(relation));
}
