import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { connectorTypes, findConnector } from '../../src/registry.ts';

const docs = join(import.meta.dirname, '..', '..', 'docs');
const page = readFileSync(join(docs, 'guarantees.md'), 'utf8');
const proofs = [...page.matchAll(/\[([^\]]+)\]\((\.\.\/tests\/[^)]+)\)/g)].map(([, title = '', path = '']) => ({ title, path }));

/** Links to a whole suite, which has no title of its own in its file. */
const wholeSuites = new Set(['every store passes']);

describe('what is promised', () => {
  test.each(proofs.filter(({ title }) => !wholeSuites.has(title)))('is proven by a test that is there: $title', ({ title, path }) => {
    expect(readFileSync(join(docs, path), 'utf8')).toContain(title);
  });

  test('has a test for each promise to those who run it', () => {
    const [, runs = ''] = /## To those who run it([\s\S]*?)\n## /.exec(page) ?? [];
    const rows = runs.split('\n').filter((line) => /^\| (?!---|promise)/.test(line));
    expect(rows.length).toBeGreaterThan(8);
    expect(rows.filter((row) => !row.includes('](../tests/'))).toEqual([]);
  });

  test('is said of every kind of store there is', async () => {
    const [, stores = ''] = /## By kind of store([\s\S]*?)\n## /.exec(page) ?? [];
    const withStore = await Promise.all(connectorTypes().map(async (type) => ((await findConnector(type))?.store ? [type] : [])));
    expect(withStore.flat().filter((type) => !stores.includes(`\`${type}\``))).toEqual([]);
  });
});
