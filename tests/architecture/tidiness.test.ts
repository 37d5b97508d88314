import { basename, dirname } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow, importsOf, productSources, read } from './sources.ts';

const sources = productSources();
const ours = ['src', 'functions', 'tests', 'bench', 'scripts', 'bin'].flatMap(filesBelow).filter((path) => /\.(ts|mjs)$/.test(path));

test('no file of the product has more than 600 lines', () => {
  const long = sources.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 })).filter(({ lines }) => lines > 600);
  expect(long).toEqual([]);
});

test('a folder has at most 20 files next to its sub-folders, a list of one kind of thing 40', () => {
  const lists = /^src\/(frames|formats\/(csv|json|parquet))$/;
  const counts = new Map<string, number>();
  for (const { path } of sources) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
  expect([...counts].filter(([folder, files]) => files > (lists.test(folder) ? 40 : 20))).toEqual([]);
});

/** Private parts of one neighbour: what is loaded lazily, or tested by itself, is a file for that reason. */
test('at most 12 % of the files have a single importer, next to them', () => {
  const importers = new Map<string, { readonly from: string; readonly dynamic: boolean }[]>();
  for (const source of sources)
    for (const { target, dynamic } of importsOf(source))
      if (target !== undefined) importers.set(target, [...(importers.get(target) ?? []), { from: source.path, dynamic }]);
  const tested = new Set(
    ['tests', 'bench', 'scripts']
      .flatMap(filesBelow)
      .filter((path) => /\.(ts|mjs)$/.test(path))
      .flatMap((path) => importsOf(read(path)).map(({ target }) => target)),
  );
  const single = sources.filter(({ path }) => {
    const by = importers.get(path) ?? [];
    const from = [...new Set(by.map((one) => one.from))];
    return from.length === 1 && dirname(from[0] ?? '') === dirname(path) && !by.some(({ dynamic }) => dynamic) && !tested.has(path);
  });
  expect(single.length / sources.length, single.map(({ path }) => path).join('\n')).toBeLessThan(0.12);
});

test('file names are kebab-case', () => {
  expect(ours.filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|soak|d))?\.(ts|mjs)$/.test(basename(path)))).toEqual([]);
});

test('nothing is named Manager, Helper, Util, Service or Processor, and no folder holds whatever is left over', () => {
  const declared = /\b(?:class|interface|type|function|const|let)\s+(\w*(?:Manager|Helper|Util|Service|Processor)s?)\b/gi;
  const isAllowedWord = (name: string) => /^processors?$/.test(name); // a computer's
  const names = sources.flatMap(({ path, text }) =>
    [...text.matchAll(declared)].filter(([, name = '']) => !isAllowedWord(name)).map(([, name]) => `${path} declares ${name}`),
  );
  const files = ours.filter((path) =>
    /(^|[/-])(managers?|helpers?|utils?|utilities|services?|processors?|common|misc|shared)([./-]|$)/.test(path),
  );
  expect([...names, ...files]).toEqual([]);
});

test('one file says which days every system holds', () => {
  const edge = /\b(719_?16[23]|2_?932_?89[67])n?\b/;
  expect(sources.filter(({ text }) => edge.test(text)).map(({ path }) => path)).toEqual(['src/frames/calendar.ts']);
});

test('nothing is left to do in the code', () => {
  const mark = /\b(TODO|FIXME|XXX|HACK)\b/;
  const self = 'tests/architecture/tidiness.test.ts';
  expect(ours.filter((path) => path !== self && mark.test(read(path).text))).toEqual([]);
});

test('folders have no barrels', () => {
  expect(ours.filter((path) => /(^|\/)index\.(ts|mjs)$/.test(path))).toEqual([]);
});

test('the product writes to no console', () => {
  expect(sources.filter(({ text }) => /^(?!\s*(\/\/|\*)).*\bconsole\.\w+\(/m.test(text)).map(({ path }) => path)).toEqual([]);
});

test('zod is imported as a namespace: of `z` alone, bundles would hold it in all its languages', () => {
  const whole = sources.filter(({ text }) => /\{[^}]*\bz\b[^}]*\} from 'zod'/.test(text));
  expect(whole.map(({ path }) => path)).toEqual([]);
});
