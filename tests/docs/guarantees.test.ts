import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inlineText, pageOf } from '../../src/docs/sections.ts';
import { connectorTypes, findConnector } from '../../src/registry.ts';

const docs = join(import.meta.dirname, '..', '..', 'docs');
const page = readFileSync(join(docs, 'guarantees.md'), 'utf8');
const behind = readFileSync(join(docs, 'building', 'proofs.md'), 'utf8');
const proofs = [...`${page}${behind}`.matchAll(/\[([^\]]+)\]\((?:\.\.\/)+(tests\/[^)]+)\)/g)].map(([, title = '', path = '']) => ({
  title,
  path,
}));

/** Links to a whole suite, which has no title of its own in its file. */
const wholeSuites = new Set(['every store passes']);

describe('what is promised', () => {
  test.each(proofs.filter(({ title }) => !wholeSuites.has(title)))('is proven by a test that is there: $title', ({ title, path }) => {
    expect(readFileSync(join(docs, '..', path), 'utf8')).toContain(title);
  });

  test('has a test for each promise to those who run it', () => {
    const [, runs = ''] = /## To those who run it([\s\S]*?)\n## /.exec(page) ?? [];
    const rows = runs.split('\n').filter((line) => /^\| (?!---|promise)/.test(line));
    expect(rows.length).toBeGreaterThan(8);
    expect(rows.filter((row) => !/\]\((\.\.\/tests\/|building\/proofs\.md#)/.test(row))).toEqual([]);
  });

  test('leads to the tests behind it: the promise in the same words, and at least one test', () => {
    const sections = new Map(pageOf('proofs', behind).sections.map(({ anchor, body }) => [anchor, body]));
    const linked = [...page.matchAll(/^\| (.*) \| \[tests\]\(building\/proofs\.md#([^)]+)\) \|$/gm)].map(
      ([, promise = '', anchor = '']) => ({
        promise,
        anchor,
      }),
    );
    expect(linked.length).toBeGreaterThan(8);
    const wrong = linked.filter(({ promise, anchor }) => {
      const [said, ...tests] = sections.get(anchor)?.trim().split('\n\n') ?? [];
      return inlineText(said ?? '') !== inlineText(promise) || !tests.join('').includes('](../../tests/');
    });
    expect(wrong).toEqual([]);
    expect([...sections.keys()].length).toBe(linked.length + 1);
  });

  test('is said of every kind of store there is', async () => {
    const [, stores = ''] = /## By kind of store([\s\S]*?)\n## /.exec(page) ?? [];
    const withStore = await Promise.all(connectorTypes().map(async (type) => ((await findConnector(type))?.store ? [type] : [])));
    expect(withStore.flat().filter((type) => !stores.includes(`\`${type}\``))).toEqual([]);
  });
});
