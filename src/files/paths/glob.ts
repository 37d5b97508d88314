/** Globs over paths: `*`, `?`, `[a-z]`, `{a,b}` and `**`, with the meaning of Node's `matchesGlob`, but faster. */
import { matchesGlob } from 'node:path/posix';
import { literally, matchesPattern, oneCharacter, type Piece } from '../../workspace/wildcards.ts';

/** Finds rare constructs, whose patterns Node matches: extended globs, named classes, ranges of numbers, and paths that leave a folder. */
const rare = /[?*+@!]\(|\[\[|\$\{|\.\.|\\/;
/** The flags for regular expressions. Node ignores case on systems whose disks ignore case. */
const flags = matchesGlob('a', '[A]') ? 'i' : '';
const mostAlternatives = 1_000;

/** A function that tests whether a path matches a glob. Never throws: an invalid pattern matches no path. */
export function globMatcher(glob: string): (path: string) => boolean {
  const alternatives = rare.test(glob) ? undefined : alternativesOf(glob);
  const compiled = alternatives?.map((one) => segmentsOf(one));
  if (compiled?.every((segments) => segments !== undefined) !== true) return (path) => matchesGlob(path, glob);
  return (path) => {
    const names = path.split('/');
    return compiled.some((segments) => areLike(names, segments as readonly Segment[]));
  };
}

/** A segment of a pattern. `**` matches any number of folders, including zero. */
type Segment = '**' | ((name: string) => boolean);

/** The segments of a pattern; undefined: the pattern has a rare construct. */
function segmentsOf(glob: string): readonly Segment[] | undefined {
  const segments = glob.split('/').map((segment) => (segment === '**' ? segment : segmentOf(segment)));
  return segments.every((segment) => segment !== undefined) ? segments : undefined;
}

function areLike(names: readonly string[], segments: readonly Segment[]): boolean {
  let reached = new Set([0]);
  for (const [at, segment] of segments.entries()) {
    const next = new Set<number>();
    for (const start of reached) {
      if (segment !== '**') {
        const name = names[start];
        if (name !== undefined && segment(name)) next.add(start + 1);
        continue;
      }
      // At the end of a pattern, `**` matches the files in a folder but not the folder itself.
      if (at < segments.length - 1) next.add(start);
      for (let end = start; end < names.length && !names[end]?.startsWith('.') && !next.has(end + 1); end++) next.add(end + 1);
    }
    reached = next;
  }
  return reached.has(names.length);
}

/** A test for one segment. A name that begins with a dot matches only if the segment’s pattern begins with a dot. Undefined: the pattern has a rare construct. */
function segmentOf(written: string): Segment | undefined {
  if (written === '' || written === '.') return undefined;
  const parts = written.split(/(\[[!^]?\][^\]]*\]|\[[^\]]+\]|\*+|\?)/).filter((part) => part !== '');
  const isPlain = parts.length === 1 && !/^[*?[]/.test(written);
  if (isPlain) return (name) => name === written;
  const pieces = parts.map((part) => pieceOf(part));
  if (pieces.includes(undefined)) return undefined;
  const known = pieces as readonly Piece[];
  const isHiddenToo = !/^[*?]|^\[[^\]]+\]/.test(written);
  return (name) => (isHiddenToo || !name.startsWith('.')) && matchesPattern(known, name);
}

function pieceOf(part: string): Piece | undefined {
  if (part.startsWith('*')) return 'any';
  if (part === '?') return oneCharacter(flags);
  if (!/^\[.+\]$/s.test(part)) return literally(part, flags);
  const [, not = '', ones = ''] = /^\[([!^]?)([\w .-]+)\]$/.exec(part) ?? [];
  if (ones === '' || [...ones.matchAll(/(?=(.)-(.))/g)].some(([, from = '', to = '']) => from > to)) return undefined;
  return [new RegExp(`[${not && '^'}${ones}]`, `${flags}y`)];
}

/** `{a,b}` expanded to its texts; braces without a comma stay as they are. Undefined: the texts would be too many. */
function alternativesOf(glob: string): readonly string[] | undefined {
  const set = firstSet(glob);
  if (set === undefined) return [glob];
  const all: string[] = [];
  for (const item of set.items) {
    const rest = alternativesOf(`${item}${set.after}`);
    if (rest === undefined || all.length + rest.length > mostAlternatives) return undefined;
    all.push(...rest.map((one) => `${set.before}${one}`));
  }
  return all;
}

function firstSet(glob: string): { readonly before: string; readonly items: readonly string[]; readonly after: string } | undefined {
  for (let open = glob.indexOf('{'); open >= 0; open = glob.indexOf('{', open + 1)) {
    let depth = 0;
    let from = open + 1;
    const items: string[] = [];
    for (let at = open; at < glob.length; at++) {
      const character = glob[at];
      if (character === '{') depth++;
      if (character === ',' && depth === 1) {
        items.push(glob.slice(from, at));
        from = at + 1;
      }
      if (character === '}' && --depth === 0) {
        if (items.length > 0) return { before: glob.slice(0, open), items: [...items, glob.slice(from, at)], after: glob.slice(at + 1) };
        break;
      }
    }
  }
  return undefined;
}
