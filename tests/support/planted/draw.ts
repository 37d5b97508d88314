import { parseAst } from 'vitest/node';
import { type Source, sourcesBelow } from '../../architecture/sources.ts';
import { dice } from '../sim/dice.ts';
import { type NearBug, sourceWith } from './near-bug.ts';

interface Site {
  readonly kind: Kind;
  readonly start: number;
  readonly end: number;
  readonly replace: string;
}
type Kind = 'comparison' | 'boundary' | 'statement' | 'await';

export type Node = Readonly<Record<string, unknown>> & { readonly type: string; readonly start: number; readonly end: number };

const turned: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=', '===': '!==', '!==': '===' };
const moved: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };
/** Lines of a statement that is left out, and of a quote: what is longer shows no single mistake. */
const [statementLines, quotedLines] = [6, 10];

/**
 * Mistakes of a machine: of `count` stretches of src/ with as many lines each, one comparison that is turned, boundary that is moved, statement or `await` that is
 * left out. `again` names those whose first places meant the same with the mistake, once for each such place.
 */
export function drawBugs(count: number, seed: number, again: readonly string[] = [], sources = sourcesBelow('src')): readonly NearBug[] {
  const files = sources.map((source) => ({ ...source, sites: sitesOf(source.text) }));
  const lines = files.flatMap((file) => (file.sites.length === 0 ? [] : file.text.split('\n').map((_, line) => ({ file, line }))));
  return Array.from({ length: count }, (_, nth) => {
    const id = `made-${String(nth + 1).padStart(3, '0')}`;
    const roll = dice(seed + nth);
    let left = again.filter((one) => one === id).length;
    for (;;) {
      const place = lines[Math.floor(((nth + roll()) / count) * lines.length)];
      const bug = place && bugNear(place.file, place.line, { id, roll });
      if (bug && left-- === 0) return bug;
    }
  });
}

/** One of the kinds that the eight places after this line have. */
function bugNear(
  { path, text, sites }: Source & { sites: readonly Site[] },
  line: number,
  { id, roll }: { id: string; roll: () => number },
) {
  const from = text.split('\n').slice(0, line).join('\n').length;
  const after = sites.filter(({ start }) => start >= from);
  const near = (after.length > 0 ? after : sites).slice(0, 8);
  const kinds = [...new Set(near.map(({ kind }) => kind))];
  const kind = kinds[Math.floor(roll() * kinds.length)];
  const site = near.find((one) => one.kind === kind);
  return site && quoted(site, { id, path, text });
}

/** The lines around a place, as many as no other place of the file has. */
function quoted({ start, end, replace }: Site, { id, path, text }: { readonly id: string; readonly path: string; readonly text: string }) {
  const lineStart = (at: number) => text.lastIndexOf('\n', at - 1) + 1;
  const lineEnd = (at: number) => (text.indexOf('\n', at) < 0 ? text.length : text.indexOf('\n', at));
  for (let [from, to, more] = [lineStart(start), lineEnd(end), 0]; more < quotedLines; more++) {
    const old = text.slice(from, to).trim();
    const bug = { id, file: path, old, new: (text.slice(from, start) + replace + text.slice(end, to)).trim(), tests: [] };
    try {
      sourceWith(bug, text);
      return bug;
    } catch {
      if (more % 2 === 0) from = lineStart(from - 1);
      else to = lineEnd(to + 1);
    }
  }
  return undefined;
}

function sitesOf(text: string): readonly Site[] {
  const found: Site[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) visit(one);
    if (!isNode(value) || value.type.startsWith('TSType') || value.type.startsWith('TSInterface')) return;
    found.push(...sitesAt(value, text));
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(parseAst(text, { lang: 'ts' }));
  return found.sort((a, b) => a.start - b.start);
}

function sitesAt(node: Node, text: string): readonly Site[] {
  const { type, start, end } = node;
  if (type === 'BinaryExpression' && isNode(node.left) && isNode(node.right)) {
    const operator = String(node.operator);
    const at = text.indexOf(operator, node.left.end);
    const site = (kind: Kind, replace: string | undefined): readonly Site[] =>
      replace === undefined ? [] : [{ kind, start: at, end: at + operator.length, replace }];
    return [...site('comparison', turned[operator]), ...site('boundary', moved[operator])];
  }
  if (type === 'Literal' && /^\d{1,6}$/.test(text.slice(start, end)))
    return [{ kind: 'boundary', start, end, replace: String(Number(node.value) + (start % 2 === 0 || node.value === 0 ? 1 : -1)) }];
  if (type === 'AwaitExpression' && isNode(node.argument)) return [{ kind: 'await', start, end: node.argument.start, replace: '' }];
  const isStatement = (type === 'ExpressionStatement' && !node.directive) || (type === 'IfStatement' && node.alternate === null);
  if (isStatement && text.slice(start, end).split('\n').length <= statementLines) return [{ kind: 'statement', start, end, replace: '' }];
  return [];
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
