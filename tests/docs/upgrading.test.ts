import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../architecture/sources.ts';
import { count } from '../support/duck.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { blocksOf } from './blocks.ts';

const text = (page: string) => readFileSync(join(root, 'docs', page), 'utf8');

/** Ten rows that have settled. */
async function settled(): Promise<TestWorkspace> {
  const workspace = new TestWorkspace({
    'flows/shop/flow.yml': 'home: data/{entity}\nstore: lake\nrun_type: incremental\nwatermark: { column: id }\nentities: [orders]\n',
  });
  await workspace.parquet('data/orders/1.parquet', 'select range as id from range(10)');
  expect(await workspace.run(['go'])).toMatchObject({ code: 0 });
  return workspace;
}

const rows = (workspace: TestWorkspace) => count(`select count(*) as n from '${workspace.path('lake/orders')}/*.parquet'`);

describe('docs/upgrading.md', () => {
  test('a state of a format that only a newer hygge knows stops the run, which names it and changes nothing', async () => {
    using workspace = await settled();
    const state = '.hygge/state/shop/orders.state.yml';
    workspace.write({ [state]: readFileSync(workspace.path(state), 'utf8').replace(/^version: \d+$/m, 'version: 99') });
    const before = [workspace.tree('.hygge/state'), workspace.tree('lake')];
    const run = await workspace.run(['go']);
    expect([run.code, run.stdout + run.stderr]).toEqual([1, expect.stringContaining('HYG-5002')]);
    expect([workspace.tree('.hygge/state'), workspace.tree('lake')]).toEqual(before);
  });

  test('so does a destination', async () => {
    using workspace = await settled();
    const head = 'lake/_hygge/shop/orders/current.json';
    workspace.write({ [head]: readFileSync(workspace.path(head), 'utf8').replace('"version": 1', '"version": 99') });
    const before = workspace.tree('lake');
    const run = await workspace.run(['go']);
    expect([run.code, run.stdout + run.stderr]).toEqual([1, expect.stringContaining('HYG-4102')]);
    expect(workspace.tree('lake')).toEqual(before);
  });

  test('what it says to remove leaves the data, and a flow that comes back later stops', async () => {
    using workspace = await settled();
    for (const folder of ['.hygge', 'lake/_hygge']) rmSync(workspace.path(folder), { recursive: true });
    expect(await rows(workspace)).toBe(10);
    const run = await workspace.run(['go']);
    expect(run.code).toBe(1);
    expect(await rows(workspace)).toBe(10);
  });

  test('installs what docs/install.md installs', () => {
    const install = text('install.md');
    for (const { language, text: lines } of blocksOf(text('upgrading.md')))
      if (language === 'text') for (const line of lines.split('\n')) expect(install).toContain(line);
  });
});

describe('docs/tuning.md', () => {
  test('has the figures of the last benchmark', () => {
    const page = text('tuning.md');
    const results = readFileSync(join(root, 'bench', 'results', 'latest.md'), 'utf8');
    const section = (name: string) => results.split(`\n## ${name}\n`)[1]?.split('\n## ')[0] ?? '';
    const figuresOf = (name: string) => {
      const cells =
        /^\| hygge go \|(.*)$/m
          .exec(section(name))?.[1]
          ?.split('|')
          .map((cell) => cell.trim()) ?? [];
      return `${cells[0]} | ${cells[4]}`;
    };
    expect(page).toContain(`| parquet → parquet | ${figuresOf('large-parquet')} |`);
    expect(page).toContain(`| CSV → parquet | ${figuresOf('csv-to-parquet')} |`);
    const [, entity = ''] = /each entity: (\d+ ms)/.exec(section('empty-entity')) ?? [];
    expect(page).toContain(`| ${entity} | |`);
    expect(section('large-parquet')).toContain('20,000,000 rows × 10 columns');
    expect(section('csv-to-parquet')).toContain('20,000,000 rows');
    const peaks = [...results.matchAll(/^\| hygge go \|.*\| (\d+) MB \|/gm)].map(([, mb]) => Number(mb));
    expect(page).toContain(`is ${Math.max(...peaks)} MB`);
  });
});
