import { expect, test } from 'vitest';
import { reachesOut } from '../architecture/ports-only.ts';
import { importsOf, sourcesBelow } from '../architecture/sources.ts';

const sources = sourcesBelow('functions');

/** What an import leads to, or the package that it names. */
const runtimeImports = sources.flatMap((source) =>
  importsOf(source)
    .filter(({ typeOnly }) => !typeOnly)
    .map(({ specifier, target, dynamic }) => ({ from: source.path, to: target ?? specifier, dynamic })),
);

test('the packages of the platform are behind one file', () => {
  const packages = runtimeImports.filter(({ to }) => !/^(src|functions)\//.test(to));
  expect(packages.filter(({ from }) => from !== 'functions/sdk.ts').map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

test('orchestrators do the same at every replay: they reach no port, and load no engine', () => {
  const pure =
    /^(functions\/(answer|durable|instance-ids|run-input|orchestrators\/[\w-]+)\.ts|src\/engine\/(commit\/receipt-lists|errors\/interruption|plan\/entity-positions|entity\/(retry|worst-status))\.ts|src\/assembly\/errors\.ts|src\/ports\/values\.ts)$/;
  const theirs = runtimeImports.filter(({ from }) => /^functions\/(orchestrators\/|durable\.ts)/.test(from));
  expect(theirs.length).toBeGreaterThan(10);
  expect(theirs.filter(({ to }) => !pure.test(to))).toEqual([]);
});

test('clock, randomness, environment, network and disk are reached through ports only', () => {
  expect(sources.flatMap(reachesOut)).toEqual([]);
});

test('nothing about moving data is written here: no connector, format or frame is known', () => {
  const known = runtimeImports.filter(({ to }) => /^src\/(files|filesystems|frames|state|registry|cli)\b/.test(to));
  expect(known.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

test('no file has more than 200 lines', () => {
  expect(sources.filter(({ text }) => text.split('\n').length > 201).map(({ path }) => path)).toEqual([]);
});
