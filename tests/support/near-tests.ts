import { basename, dirname } from 'node:path';
import { filesBelow, importsOf, read } from '../architecture/sources.ts';

/** How many test files of one vitest run, after those that are near by name: each run costs a second, and each late notice the rest of a run. */
const together = 6;

/**
 * The test files that could notice a bug in `file`, in groups that run one after the other: those with the name of the source; of those that import it the
 * ones that are named after a word of `about`, what would go wrong; then the others, nearest first.
 */
export function nearTests(file: string, about = ''): readonly (readonly string[])[] {
  const tests = filesBelow('tests').filter((path) => path.endsWith('.test.ts'));
  const byName = tests.filter((path) => isNamedFor(path, file)).sort((a, b) => nameDistance(a, file) - nameDistance(b, file));
  const distance = importers(file);
  const byImport = tests
    .filter((path) => distance.has(path) && !byName.includes(path))
    .sort((a, b) => (distance.get(a) ?? 0) - (distance.get(b) ?? 0) || roomDistance(a, file) - roomDistance(b, file));
  const words = wordsOf(`${about} ${stem(file)}`);
  const shares = (path: string): number => [...wordsOf(stem(path))].filter((word) => words.has(word)).length;
  byImport.sort((a, b) => shares(b) - shares(a));
  const groups = byName.length === 0 ? [] : [byName];
  for (let at = 0; at < byImport.length; at += together) groups.push(byImport.slice(at, at + together));
  return groups;
}

/** How many test files of those that import a changed file, after those that are near by name: they all take a minute or two. */
const nearest = 25;

/**
 * The test files for a change by hand: those that changed, those near each changed source (the whole of its imports would be half of all tests), the
 * flows of its room, and what guards the heart: engine, the simulator's seeds, architecture.
 */
export function testsOfChange(changed: readonly string[]): readonly string[] {
  const all = filesBelow('tests').filter((path) => path.endsWith('.test.ts'));
  const sources = changed.filter((path) => /^(src|functions|infra|scripts|tests)\/.*\.(ts|mjs)$/.test(path) && !path.endsWith('.test.ts'));
  const groups = sources.map((path) => nearTests(path));
  const byName = groups.flatMap(([first = []]) => first);
  // One of each source in turn, so that each has its nearest.
  const others = groups.map(([, ...more]) => more.flat());
  const byImport = Array.from({ length: nearest }, (_, at) => others.flatMap((tests) => tests.slice(at, at + 1))).flat();
  const rooms = sources.map((path) => dirname(path).replace(/^src\//, 'tests/'));
  const flows = all.filter((path) => stem(path) === 'flows' && rooms.includes(dirname(path)));
  const always = all.filter((path) => /^tests\/(engine|architecture)\/|^tests\/simulator\/seeds\./.test(path));
  const own = all.filter((path) => changed.includes(path));
  return [...new Set([...own, ...byName, ...[...new Set(byImport)].slice(0, nearest), ...flows, ...always])];
}

/** Test files whose path contains one of `names`, as vitest takes them, and the names that no path contains. */
export function testsNamed(names: readonly string[]): { readonly tests: readonly string[]; readonly unknown: readonly string[] } {
  const all = filesBelow('tests').filter((path) => path.endsWith('.test.ts'));
  const tests = names.flatMap((name) => all.filter((path) => path.includes(name)));
  return { tests: [...new Set(tests)], unknown: names.filter((name) => !all.some((path) => path.includes(name))) };
}

/** Words that can name something, without the `s` of many. */
function wordsOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().split(/[^a-z0-9]+/);
  return new Set(words.filter((word) => word.length > 4).map((word) => word.replace(/s$/, '')));
}

const stem = (path: string): string => basename(path).replace(/(\.test)?\.\w+$/, '');

function isNamedFor(test: string, file: string): boolean {
  const [name, room] = [stem(file), basename(dirname(file))];
  return stem(test) === name || (stem(test) === room && roomDistance(test, file) === 0);
}

function nameDistance(test: string, file: string): number {
  return (stem(test) === stem(file) ? 0 : 10) + roomDistance(test, file);
}

/** How many folders of the source's path a test's path does not share. */
function roomDistance(test: string, file: string): number {
  const rooms = dirname(file).split('/').slice(1);
  const folders = dirname(test).split('/').slice(1);
  const differs = rooms.findIndex((room, at) => folders[at] !== room);
  return differs < 0 ? 0 : rooms.length - differs;
}

/** Each file that imports `file`, in steps: through import statements, and through import() as lazily loaded parts need it. */
function importers(file: string): ReadonlyMap<string, number> {
  importing ??= importersOfAll();
  const steps = new Map([[file, 0]]);
  // A Map gives what is added while it is walked: nearest first.
  for (const [at, step] of steps) for (const by of importing.get(at) ?? []) if (!steps.has(by)) steps.set(by, step + 1);
  return steps;
}

/** For all bugs of a hunt: finding out takes a second. */
let importing: ReadonlyMap<string, readonly string[]> | undefined;

function importersOfAll(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const sources = ['src', 'functions', 'infra', 'tests', 'scripts', 'bench'].flatMap(filesBelow).filter((path) => /\.(ts|mjs)$/.test(path));
  for (const path of sources) {
    for (const { target, typeOnly } of importsOf(read(path))) {
      if (target !== undefined && !typeOnly) found.set(target, [...(found.get(target) ?? []), path]);
    }
  }
  return found;
}
