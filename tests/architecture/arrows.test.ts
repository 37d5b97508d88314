import { describe, expect, test } from 'vitest';
import { arrowsBetweenSystems, circlesOfFolders, cycles, forbiddenArrows, systems } from './arrows.ts';
import { importsOf, lineOf, productSources } from './sources.ts';

const sources = productSources();

describe('arrows between folders go one way', () => {
  test('every import is one that its room may have', () => {
    expect(forbiddenArrows(sources)).toEqual([]);
  });

  test('a system does not import its siblings', () => {
    expect(arrowsBetweenSystems(sources)).toEqual([]);
  });

  test('no two folders of a room import each other', () => {
    expect(circlesOfFolders(sources)).toEqual([]);
  });

  test('no two files need each other to start', () => {
    expect(cycles(sources)).toEqual([]);
  });

  test('one file of the function app knows its SDK', () => {
    const packages = sources.flatMap((source) =>
      importsOf(source)
        .filter(({ target, specifier }) => source.path.startsWith('functions/') && target === undefined && !specifier.startsWith('node:'))
        .map(({ specifier }) => `${source.path} imports ${specifier}`),
    );
    expect(packages).toEqual(['functions/sdk.ts imports @azure/functions', 'functions/sdk.ts imports durable-functions']);
  });

  test('src/ imports nothing from functions, tests, bench or scripts', () => {
    const outside = sources.flatMap((source) =>
      importsOf(source)
        .filter(({ target }) => target !== undefined && !target.startsWith('src/') && target !== 'package.json')
        .filter(({ target }) => !(source.path.startsWith('functions/') && target?.startsWith('functions/')))
        .filter(({ target }) => !(/^(infra|src\/cli)\//.test(source.path) && target?.startsWith('infra/')))
        .map(({ specifier }) => `${source.path} imports ${specifier}`),
    );
    expect(outside).toEqual([]);
  });
});

describe('a store of files does not know how its head is kept', () => {
  const manifest = 'src/files/store/head/manifest.ts';
  const files = sources.filter(({ path }) => path.startsWith('src/files/') && path !== manifest);

  test('the name of the manifest is nowhere else in the room', () => {
    expect(files.filter(({ text }) => text.includes('current.json')).map(({ path }) => path)).toEqual([]);
  });

  test('each store chooses it, and the list for homes has it: nothing else imports it', () => {
    const importers = files.filter((source) => importsOf(source).some(({ target }) => target === manifest)).map(({ path }) => path);
    expect(importers.sort()).toEqual(['src/files/landing-zone/records.ts', 'src/files/store/head/kinds.ts', 'src/files/store/store.ts']);
  });
});

describe('the engine knows no system', () => {
  test('no name of a connector, cloud, format or library is in src/engine', () => {
    const named = sources
      .filter(({ path }) => path.startsWith('src/engine/'))
      .flatMap(({ path, text }) => [...text.matchAll(systems)].map((match) => `${path}:${lineOf(text, match.index)} says “${match[0]}”`));
    expect(named).toEqual([]);
  });

  test('the engine imports no package', () => {
    const packages = sources
      .filter(({ path }) => path.startsWith('src/engine/'))
      .flatMap((source) =>
        importsOf(source)
          .filter(({ target, typeOnly }) => target === undefined && !typeOnly)
          .map(({ specifier }) => `${source.path} imports ${specifier}`),
      );
    expect(packages).toEqual([]);
  });
});
