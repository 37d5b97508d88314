import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow, productSources, read } from './sources.ts';

const sources = productSources();
const ours = ['src', 'functions', 'tests', 'bench', 'scripts', 'bin'].flatMap(filesBelow).filter((path) => /\.(ts|mjs)$/.test(path));

test('no file of the product has more than 600 lines', () => {
  const long = sources.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 })).filter(({ lines }) => lines > 600);
  expect(long).toEqual([]);
});

test('file names are kebab-case', () => {
  expect(ours.filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|soak))?\.(ts|mjs)$/.test(basename(path)))).toEqual([]);
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
