import { expect, test } from 'vitest';
import { exceptions, reachesOut } from './ports-only.ts';
import { importsOf, productSources, read } from './sources.ts';

test('clock, randomness, environment, network and disk are reached through ports only', () => {
  expect(productSources().flatMap(reachesOut)).toEqual([]);
});

test('every exception is still needed', () => {
  const unused = Object.entries(exceptions).flatMap(([path, { modules }]) => {
    const imported = importsOf(read(path)).map(({ specifier }) => specifier);
    return modules.filter((name) => !imported.includes(name)).map((name) => `${path} no longer imports ${name}`);
  });
  expect(unused).toEqual([]);
});
