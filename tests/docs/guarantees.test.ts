import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cellsOf, pageOf } from '../../src/docs/sections.ts';
import { connectorTypes, findConnector } from '../../src/registry.ts';

const docs = join(import.meta.dirname, '..', '..', 'docs');
/** Promises of every run, and those by topic and by store. */
const promisePages = ['guarantees.md', join('building', 'promises.md')].map((path) => readFileSync(join(docs, path), 'utf8'));
const proofsPage = readFileSync(join(docs, 'building', 'proofs.md'), 'utf8');

/** The sections of proofs.md that belong to promises; those above them are topics. */
const proofs = new Map(
  pageOf('proofs', proofsPage)
    .sections.filter(({ level }) => level === 3)
    .map(({ anchor, body }) => [anchor, body]),
);
const links = [...proofsPage.matchAll(/\[([^\]]+)\]\(\.\.\/\.\.\/(tests\/[^)]+)\)/g)].map(([, label = '', path = '']) => ({
  label,
  path,
}));

/** Links to a whole suite, which has no title of its own in its file. */
const wholeSuites = new Set(['every store passes']);

/** The rows of all tables that begin with a promise or a store. */
const promises = promisePages
  .flatMap((page) => pageOf('promises', page).sections)
  .flatMap(({ heading, body }) => {
    const [head = [], , ...rows] = body
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map(cellsOf);
    if (head[0] !== 'promise' && head[0] !== 'store') return [];
    return rows.map((cells) => ({
      topic: heading,
      kind: head[0],
      promise: cells[0] ?? '',
      limit: cells[head.indexOf('no test shows')],
      proof: /^\[tests\]\((?:building\/)?proofs\.md#([^)]+)\)$/.exec(cells.at(-1) ?? '')?.[1] ?? '',
      empty: cells.length !== head.length || cells.includes(''),
    }));
  });

describe('what is promised', () => {
  test('has a proof that names tests, and a limit in each table that has limits', () => {
    expect(promises.length).toBeGreaterThan(90);
    expect(promises.filter(({ proof }) => !(proofs.get(proof) ?? '').includes('](../../tests/'))).toEqual([]);
    expect(promises.filter(({ empty }) => empty)).toEqual([]);
  });

  test('is said once: no two promises have one proof, and a proof has tests instead of a promise', () => {
    const named = promises.filter(({ kind }) => kind === 'promise').map(({ proof }) => proof);
    expect(named.filter((proof, at) => named.indexOf(proof) !== at)).toEqual([]);
    const lines = [...proofs.values()].flatMap((body) => body.split('\n'));
    expect(lines.filter((line) => line !== '' && !(line.startsWith('- ') && line.includes('](../../tests/')))).toEqual([]);
  });

  test('is proven by tests that are there, and no proof is without a promise', () => {
    const missing = links.filter(
      ({ label, path }) => !wholeSuites.has(label) && !readFileSync(join(docs, '..', path), 'utf8').includes(label.replace(/…$/, '')),
    );
    expect(links.length).toBeGreaterThan(300);
    expect(missing).toEqual([]);
    expect([...proofs.keys()].filter((proof) => !promisePages.some((page) => page.includes(`proofs.md#${proof})`)))).toEqual([]);
  });

  test.each(['SQL Server', 'Fabric Warehouse', 'APIs and Delta tables'])('has limits, since no test has the real service: %s', (topic) => {
    const rows = promises.filter((one) => one.topic === topic);
    expect(rows.length).toBeGreaterThan(7);
    expect(rows.filter(({ limit }) => !limit)).toEqual([]);
  });

  test('has a limit where only a strict server of the tests proves it', () => {
    const unlimited = promises.filter(({ proof, limit }) => !limit && /our own strict server/.test(proofs.get(proof) ?? ''));
    expect(unlimited).toEqual([]);
  });

  test('is said of every kind of store there is', async () => {
    const stores = promises.filter(({ kind }) => kind === 'store').map(({ promise }) => promise);
    const withStore = await Promise.all(connectorTypes().map(async (type) => ((await findConnector(type))?.store ? [type] : [])));
    expect(withStore.flat().filter((type) => !stores.join().includes(`\`${type}\``))).toEqual([]);
  });
});
