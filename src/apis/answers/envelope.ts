/** The records of a page, and the values around them, such as cursors and totals. The lexer of the JSON format reads the values, so no value loses a digit. */
import { BadRecord, Lexer } from '../../formats/bytes/json-lexer.ts';
import { type Body, brace, bracket, eachItem, eachMember, lexerOf, mustEnd } from './document.ts';
import { isAboutAnswer } from './failure-signs.ts';

export interface Found {
  readonly kind: 'null' | 'bool' | 'number' | 'string' | 'object' | 'array';
  /** The text of a string. The text of another value: its bytes as received. */
  readonly text: string;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Envelope {
  /** The position of each record in the body. Undefined: the value at the path of the records is neither an array nor an object. */
  readonly records: readonly Span[] | undefined;
  /** The kind of the value at the path of the records: an array, or one object. Undefined: the answer has no value at this path. */
  readonly kind: Found['kind'] | undefined;
  /** The values that were found, by their selectors. */
  readonly values: ReadonlyMap<string, Found>;
  /**
   * The members next to the records, and the members of objects there that are about the answer. Keys: names from the outside in, with dots. Of a list or an object, only
   * the first bytes are kept. Empty: the records are not inside an object.
   */
  readonly around: ReadonlyMap<string, Found>;
}

/** A name on the path to a wanted value, with the names below it. */
interface Node {
  readonly inside: Map<string, Node>;
  /** The selector whose path ends here. */
  selector?: string;
  isRecords?: true;
  /** The records are inside this object, so its members are next to the records. */
  isHolder?: true;
}

/** The maximum number of kept members next to the records, and the maximum bytes that are kept of a list or an object. */
const [mostMembers, mostMemberBytes] = [100, 2_000];

const quote = 0x22;

/**
 * @param records the names on the path to the records, from the outside in. Empty: the document is the array of records itself. Null: no records are wanted. Throws
 * BadRecord if the body is not one JSON document.
 */
export function envelopeOf(body: Body, records: readonly string[] | null, selectors: readonly string[]): Envelope {
  const root: Node = { inside: new Map() };
  for (const selector of selectors) nodeAt(root, selector.split('.')).selector = selector;
  if (records !== null) {
    records.forEach((_, depth) => {
      nodeAt(root, records.slice(0, depth)).isHolder = true;
    });
    nodeAt(root, records).isRecords = true;
  }
  const walk = new Walk(body);
  walk.value(root, 0);
  mustEnd(walk.lexer);
  return walk;
}

function nodeAt(root: Node, path: readonly string[]): Node {
  let here = root;
  for (const name of path) {
    const next = here.inside.get(name) ?? { inside: new Map() };
    here.inside.set(name, next);
    here = next;
  }
  return here;
}

/** The next step on the path. A name may contain dots: `@odata.nextLink` matches the selector with that text. */
function nodeOf(node: Node, name: string): Node | undefined {
  if (!name.includes('.')) return node.inside.get(name);
  return name.split('.').reduce<Node | undefined>((at, part) => at?.inside.get(part), node);
}

class Walk implements Envelope {
  records: readonly Span[] | undefined;
  kind: Found['kind'] | undefined;
  readonly values = new Map<string, Found>();
  readonly around = new Map<string, Found>();
  readonly lexer: Lexer;

  constructor(body: Body) {
    this.lexer = lexerOf(body);
  }

  value(node: Node, depth: number, path: readonly string[] = []): void {
    const { lexer } = this;
    const first = lexer.space();
    const start = lexer.p;
    if (node.isRecords) this.#records(first);
    else if (first === brace && node.inside.size > 0) this.#object(node, lexer.deeper(depth), path);
    else lexer.skipValue(depth);
    if (node.selector === undefined) return;
    // Two values may match one selector, as `a.b` in `{"a": {"b": 1}, "a.b": 2}`.
    if (this.values.has(node.selector)) throw lexer.fail(`${JSON.stringify(node.selector)} occurs twice`);
    this.values.set(node.selector, foundAt(lexer, first, start));
  }

  #object(node: Node, depth: number, path: readonly string[]): void {
    const { lexer } = this;
    const met = new Set<string>();
    eachMember(lexer, (name) => {
      const inside = nodeOf(node, name);
      // The object has this name twice, so it is unknown which value the API meant.
      if (inside !== undefined && met.has(name)) throw lexer.fail(`the name ${JSON.stringify(name)} occurs twice`);
      met.add(name);
      const start = lexer.p;
      const at = [...path, name];
      if (inside === undefined) lexer.skipValue(depth);
      else this.value(inside, depth, at);
      if (node.isHolder && !inside?.isRecords && !inside?.isHolder) this.#beside(at, start, path.length);
    });
  }

  /** Keeps the member that the lexer has passed. If the member is an object about the answer, keeps its members too. @param above the number of names on the path to the records' object. */
  #beside(at: readonly string[], start: number, above: number): void {
    const { lexer, around } = this;
    const end = lexer.p;
    const first = lexer.src[start] ?? 0;
    const isLong = end - start > mostMemberBytes;
    if (around.size >= mostMembers) return;
    if (first === brace && !isLong && isAboutAnswer(at.slice(above))) {
      lexer.p = start;
      eachMember(lexer, (name) => {
        const from = lexer.p;
        lexer.skipValue();
        this.#beside([...at, name], from, above);
      });
    } else if (isLong) around.set(at.join('.'), { kind: kindAt(first), text: lexer.src.toString('utf8', start, start + mostMemberBytes) });
    else around.set(at.join('.'), foundAt(lexer, first, start));
    lexer.p = end;
  }

  /** Notes the positions of the records: the items of an array, or one object. */
  #records(first: number): void {
    const { lexer } = this;
    const spans: Span[] = [];
    const one = () => {
      const start = lexer.p;
      lexer.skipValue();
      spans.push({ start, end: lexer.p });
    };
    this.kind = kindAt(first);
    if (this.kind === 'object') one();
    else if (first === bracket) eachItem(lexer, one);
    else {
      lexer.skipValue();
      return;
    }
    this.records = spans;
  }
}

function kindAt(first: number): Found['kind'] {
  return first === quote ? 'string' : kindOf(first);
}

function kindOf(first: number): Found['kind'] {
  if (first === brace) return 'object';
  if (first === bracket) return 'array';
  if (first === 0x6e) return 'null';
  return first === 0x74 || first === 0x66 ? 'bool' : 'number';
}

/** The members of an object as parameters, if all values are texts, numbers or booleans. Undefined: the object has other values. */
export function asParams(text: string): Readonly<Record<string, string>> | undefined {
  const bytes = Buffer.from(`${text}\0`);
  try {
    const members = membersOf({ bytes }, { start: 0, end: bytes.length - 1 });
    if ([...members.values()].some(({ kind }) => kind === 'object' || kind === 'array')) return undefined;
    return Object.fromEntries([...members].map(([name, { text: value }]) => [name, value]));
  } catch (error) {
    if (error instanceof BadRecord) return undefined;
    throw error;
  }
}

/** The members of an object by their names. If a name exists twice, the last value counts. Throws BadRecord if the bytes are not an object. */
export function membersOf({ bytes }: Pick<Body, 'bytes'>, { start, end }: Span): ReadonlyMap<string, Found> {
  const lexer = new Lexer(false);
  lexer.load(bytes, start, end);
  const members = new Map<string, Found>();
  if (lexer.space() !== brace) throw lexer.unexpected('an object');
  eachMember(lexer, (name) => {
    const from = lexer.p;
    lexer.skipValue();
    members.set(name, foundAt(lexer, bytes[from] ?? 0, from));
  });
  return members;
}

/** The value that the lexer has passed. @param start the position of its first byte. */
function foundAt(lexer: Lexer, first: number, start: number): Found {
  const end = lexer.p;
  if (first !== quote) return { kind: kindOf(first), text: lexer.src.toString('utf8', start, end) };
  lexer.p = start;
  return { kind: 'string', text: lexer.text() };
}

/** A part of a body, as a body with its own bytes. */
export function bodyOf({ bytes }: Body, { start, end }: Span): Body {
  const part = Buffer.alloc(end - start + 1);
  bytes.copy(part, 0, start, end);
  return { bytes: part, length: end - start };
}

/** A single field of a record. Undefined: the record lacks the field. */
export function fieldOf(body: Body, record: Span, selector: string): Found | undefined {
  return envelopeOf(bodyOf(body, record), null, [selector]).values.get(selector);
}
