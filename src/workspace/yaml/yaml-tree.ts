import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import type { Problems } from './problems.ts';
import { secretRanges } from './secret-lines.ts';
import type { SourceText } from './source.ts';
import { type Entry, type MapNode, mapping, type Tree } from './tree.ts';
import { explainSyntax } from './yaml-syntax.ts';

/** The most nodes of a YAML tree. Without a limit, anchors could expand a few lines into gigabytes. */
const mostNodes = 200_000;

/** Reads a YAML text whose top is a map. Undefined: the top is not a map, which was reported. */
export function parseMapping(source: SourceText, problems: Problems): MapNode | undefined {
  const tree = parseTree(source, problems);
  if (tree === undefined || tree.kind === 'map') return tree;
  problems.add({
    code: 'HYG-1011',
    what: `The file contains ${tree.kind === 'list' ? 'a list' : 'plain text'}, but it should contain keys with values.`,
    tryThis: ['Write `key: value`, with a space after the colon, one a line.'],
    spot: tree.spot,
  });
  return undefined;
}

/** Reads a YAML text. Undefined: the text can’t be read or is empty, which was reported. */
export function parseTree(source: SourceText, problems: Problems): Tree | undefined {
  if (source.text.includes('\0')) {
    problems.add({
      code: 'HYG-1003',
      what: `${source.name} is not UTF-8 text.`,
      tryThis: ['Save the file as UTF-8.'],
      spot: { source, offset: 0 },
    });
    return undefined;
  }
  const document = parseDocument(source.text, { prettyErrors: false, merge: true, uniqueKeys: isSameKey });
  const wrong = explainSyntax(source, document);
  for (const problem of wrong) problems.add(problem);
  if (wrong.length > 0) return undefined;
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    problems.add({
      code: 'HYG-1004',
      what: `${source.name} is empty.`,
      tryThis: ['Fill the file in, or delete it.'],
      spot: { source, offset: 0 },
    });
    return undefined;
  }
  return new Reader(source, document, problems).read(document.contents);
}

/** The text after the comma may be in the map twice, as `2)` in `{ a: decimal(18,2), b: decimal(9,2) }`. */
function isSameKey(a: unknown, b: unknown): boolean {
  return a === b || (isScalar(a) && isScalar(b) && a.value === b.value && !isScale(String(a.value)));
}

function isScale(key: string): boolean {
  return /^\d+\s*\)$/.test(key);
}

/**
 * YAML ends a value at a comma, so `{ amount: decimal(18,2) }` is a key with `decimal(18` and a key `2)` without a value. Such keys are never intended, so
 * the written decimal is returned; undefined: the text is not a decimal.
 */
function decimalOf(before: Entry | undefined, key: string, pair: Pair<Node | null, Node | null>): Entry | undefined {
  const held = before?.value;
  if (before === undefined || held?.kind !== 'scalar' || pair.value !== null || !isScale(key)) return undefined;
  if (!/^(decimal|numeric)\s*\(\s*\d+$/i.test(held.text)) return undefined;
  const text = `${held.text},${key}`;
  return { ...before, value: { ...held, value: text, text, shown: text } };
}

class Reader {
  readonly #source: SourceText;
  readonly #document: Document.Parsed;
  readonly #problems: Problems;
  readonly #open = new Set<Node>();
  #nodes = 0;

  constructor(source: SourceText, document: Document.Parsed, problems: Problems) {
    this.#source = source;
    this.#document = document;
    this.#problems = problems;
  }

  read(node: Node): Tree | undefined {
    const before = this.#problems.count;
    const tree = this.#tree(node);
    return this.#problems.count === before ? tree : undefined;
  }

  #tree(node: Node | null | undefined): Tree {
    const spot = { source: this.#source, offset: node?.range?.[0] ?? 0 };
    if (isAlias(node)) return this.#behind(node, node.resolve(this.#document), node.source);
    if (++this.#nodes > mostNodes) {
      return this.#refuse(node, `${this.#source.name} expands into more than ${mostNodes.toLocaleString('en')} values.`);
    }
    if (isMap(node)) return this.#mapping(node);
    if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => this.#tree(item as Node | null)), spot };
    const value = isScalar(node) ? node.value : null;
    if (value !== null && !['string', 'number', 'boolean'].includes(typeof value)) {
      return this.#refuse(node, 'This value is neither text, a number, true, false nor null.');
    }
    const text = (isScalar(node) ? node.source : undefined) ?? String(value ?? '');
    return { kind: 'scalar', value: value as string | number | boolean | null, text, shown: text, fromVariable: false, spot };
  }

  #mapping(node: YAMLMap): MapNode {
    const entries = new Map<string, Entry>();
    const offset = node.range?.[0] ?? 0;
    this.#open.add(node);
    let last = '';
    for (const pair of node.items as Pair<Node | null, Node | null>[]) {
      const key = isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value)) : undefined;
      const at = { source: this.#source, offset: pair.key?.range?.[0] ?? offset };
      if (key === undefined || key === '')
        this.#refuse(pair.key, 'A key must be text.', 'If the key begins with `{` or `[`, put it in quotes.');
      else if (key === '<<') this.#spread(pair.value, entries);
      else {
        const decimal = decimalOf(entries.get(last), key, pair);
        if (decimal === undefined) last = key;
        entries.set(last, decimal ?? { spot: at, value: this.#valueOf(pair, at.offset + key.length), weight: 'explicit' });
      }
    }
    this.#open.delete(node);
    return mapping({ source: this.#source, offset }, entries);
  }

  #valueOf(pair: Pair<Node | null, Node | null>, offset: number): Tree {
    if (pair.value !== null) return this.#tree(pair.value);
    return { kind: 'scalar', value: null, text: '', shown: '', fromVariable: false, spot: { source: this.#source, offset } };
  }

  /** With `<<: *base`, written keys win over merged keys. */
  #spread(value: Node | null, entries: Map<string, Entry>): void {
    for (const tree of [this.#tree(value)].flatMap((one) => (one.kind === 'list' ? one.items : [one]))) {
      if (tree.kind !== 'map') this.#refuse(value, '`<<` merges a map, but this value is not a map.');
      else for (const [key, held] of tree.entries) if (!entries.has(key)) entries.set(key, held);
    }
  }

  #behind(alias: Node, target: Node | undefined, name: string): Tree {
    if (target !== undefined && !this.#open.has(target)) return this.#tree(target);
    // An alias in the place of a secret is hidden, because it may be a password that begins with `*`.
    const at = alias.range?.[0] ?? 0;
    const isSecret = this.#source.hidden || secretRanges(this.#source.text).some(({ start, end }) => start <= at && at < end);
    const shown = isSecret ? '`*…`' : `\`*${name}\``;
    const what = target === undefined ? `${shown} refers to an anchor that does not exist.` : `${shown} holds itself.`;
    return this.#refuse(
      alias,
      what,
      'In YAML a value that begins with `*` is a reference: if you mean the character, put the value in quotes.',
    );
  }

  #refuse(node: Node | null | undefined, what: string, tryThis = 'Write the value out in plain YAML.'): Tree {
    const spot = { source: this.#source, offset: node?.range?.[0] ?? 0 };
    this.#problems.add({ code: 'HYG-1005', what, tryThis: [tryThis], spot });
    return { kind: 'scalar', value: null, text: '', shown: '', fromVariable: false, spot };
  }
}
