import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { filesBelow, importsOf, read, root } from '../architecture/sources.ts';

/** What puts all of hygge together, and what tests start that with: through these every source reaches nearly every test. */
const roots = new Set([
  ...['src/registry.ts', 'src/cli/program/run.ts', 'functions/app.ts'],
  ...['workspace', 'here', 'in-process', 'run-hygge'].map((name) => `tests/support/${name}.ts`),
]);

/** Files whose change can touch any test. */
const everything =
  /^(package(-lock)?\.json|tsconfig\.json|vitest\..*|host\.json|bin\/.*|scripts\/(build|setup|runtime|with-node|test).*|tests\/support\/[^/]*\.ts)$/;

/** Seconds that the files of tests get which meet a change only in a whole hygge. */
const wholeSeconds = 200;

/** Of a file of tests without a record. */
const usualSeconds = 4;

/** How many test files of one vitest run for a planted bug: each run costs a second, and each late notice the rest of a run. */
const together = 6;

const isTest = (path: string): boolean => path.endsWith('.test.ts');
let tests: readonly string[] | undefined;
function allTests(): readonly string[] {
  tests ??= filesBelow('tests').filter(isTest);
  return tests;
}

/** The test files that could notice a bug in `file`, in groups that run one after the other, nearest first. */
export function nearTests(file: string): readonly (readonly string[])[] {
  const own = allTests().filter((path) => stem(path) === stem(file) && roomDistance(path, file) <= 1);
  const others = nearestFirst([...reached([file], new Set()).keys()].filter(isTest), [file]).filter((path) => !own.includes(path));
  const groups = own.length === 0 ? [] : [own];
  for (let at = 0; at < others.length; at += together) groups.push(others.slice(at, at + together));
  return groups;
}

/**
 * The tests in the folder of one of `files` first, then the others: each by steps of imports, those through a whole hygge last, and by the folders between.
 * Steps alone would put the tests of every engine before those of the source's own folder that start it as a user does.
 */
function nearestFirst(tests: readonly string[], files: readonly string[]): readonly string[] {
  const direct = reached(files, roots);
  const whole = reached(files, new Set());
  const own = new Set(files.map(ownFolder));
  const signs = (path: string): readonly number[] => {
    const steps = direct.get(path) ?? 1000 + (whole.get(path) ?? 1000);
    return [own.has(dirname(path)) ? 0 : 1, steps, Math.min(...files.map((file) => foldersBetween(path, file)))];
  };
  const keyed = tests.map((path) => ({ path, by: signs(path) }));
  keyed.sort((a, b) => a.by.map((sign, at) => sign - (b.by[at] ?? 0)).find((order) => order !== 0) ?? 0);
  return keyed.map(({ path }) => path);
}

/**
 * The test files for a change by hand: those that a changed file reaches by imports of values, without the way through a whole hygge; of those that it reaches only
 * through one, the nearest for 200 seconds; the conformance suites of a connector, where one of its sources changed; tests of pages, where a page changed; the architecture. All of them, where a change may touch any.
 */
export function testsOfChange(changed: readonly string[], secondsOf = recordedSeconds()): readonly string[] {
  const all = allTests();
  if (changed.some((path) => everything.test(path) || roots.has(path))) return all;
  const direct = [...reached(changed, roots).keys()].filter((path) => all.includes(path));
  const whole = [...reached(changed, new Set()).keys()].filter((path) => all.includes(path) && !direct.includes(path));
  let left = wholeSeconds;
  const started = nearestFirst(whole, changed).flatMap((path) => {
    left -= secondsOf(path);
    return left < 0 ? [] : [path];
  });
  const rooms = new Set(changed.filter((path) => path.startsWith('src/')).map((path) => dirname(path).replace(/^src/, 'tests')));
  const conformance = all.filter((path) => rooms.has(dirname(path)) && read(path).text.includes('-conformance/'));
  const pages = changed.some((path) => /^(docs\/|README)/.test(path)) ? all.filter((path) => path.startsWith('tests/docs/')) : [];
  const architecture = all.filter((path) => path.startsWith('tests/architecture/'));
  return [...new Set([...direct, ...conformance, ...started, ...pages, ...architecture])];
}

/** Test files whose path contains one of `names`, as vitest takes them, and the names that no path contains. */
export function testsNamed(names: readonly string[]): { readonly tests: readonly string[]; readonly unknown: readonly string[] } {
  const all = allTests();
  const found = names.flatMap((name) => all.filter((path) => path.includes(name)));
  return { tests: [...new Set(found)], unknown: names.filter((name) => !all.some((path) => path.includes(name))) };
}

/** Seconds that each file of tests took in the last runs here. */
function recordedSeconds(): (path: string) => number {
  const cache = join(root, '.cache');
  const seconds = new Map<string, number>();
  const reports = existsSync(cache) ? readdirSync(cache).filter((name) => /^vitest-(source|artefact)\.json$/.test(name)) : [];
  for (const name of reports)
    for (const { name: path, startTime, endTime } of (JSON.parse(readFileSync(join(cache, name), 'utf8')) as Report).testResults)
      seconds.set(relative(root, path).replaceAll('\\', '/'), (endTime - startTime) / 1000);
  return (path) => seconds.get(path) ?? usualSeconds;
}

interface Report {
  readonly testResults: readonly { readonly name: string; readonly startTime: number; readonly endTime: number }[];
}

const stem = (path: string): string => basename(path).replace(/(\.test)?\.\w+$/, '');

/** How many folders of the source's path a test's path does not share. */
function roomDistance(test: string, file: string): number {
  const rooms = dirname(file).split('/').slice(1);
  const folders = dirname(test).split('/').slice(1);
  const differs = rooms.findIndex((room, at) => folders[at] !== room);
  return differs < 0 ? 0 : rooms.length - differs;
}

/** The folder of tests with the name of the source's folder, or of the nearest one around it that has tests. */
function ownFolder(file: string): string {
  const rooms = dirname(file).split('/').slice(1);
  while (rooms.length > 0 && !existsSync(join(root, 'tests', ...rooms))) rooms.pop();
  return ['tests', ...rooms].join('/');
}

/** How many folders lie on the way from the source's room to that of the test. */
function foldersBetween(test: string, file: string): number {
  return roomDistance(test, file) + roomDistance(file, test);
}

/** Each file that imports one of `files`, in steps, through import statements and import(); never on from one of `ends`. */
function reached(files: readonly string[], ends: ReadonlySet<string>): ReadonlyMap<string, number> {
  importing ??= importersOfAll();
  const steps = new Map(files.map((file) => [file, 0]));
  // A Map gives what is added while it is walked: nearest first.
  for (const [at, step] of steps)
    for (const by of ends.has(at) ? [] : (importing.get(at) ?? [])) if (!steps.has(by)) steps.set(by, step + 1);
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
