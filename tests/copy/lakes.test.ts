import { mkdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findConnector } from '../../src/registry.ts';
import { duck } from '../support/duck.ts';
import type { TestLake } from '../support/lakes/lake.ts';
import { sharedLakes } from '../support/lakes/test-lakes.ts';
import { sampled } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { CopyFolder } from './folder.ts';

/** A place in a lake as the command line has it: a URL, and options for what no URL says. */
async function placeIn(lake: TestLake, path: string, option: '--home' | '--store'): Promise<readonly string[]> {
  const { type, ...keys } = parse(lake.side(path, 'format: parquet')) as Readonly<Record<string, unknown>> & { readonly type: string };
  const remote = (await findConnector(type))?.remote;
  const { format: _, ...place } = keys;
  const url = remote?.url(remote.place?.parse(place)) ?? '';
  const told = Object.keys(remote?.locate(url)?.keys ?? {});
  const others = Object.entries(keys).filter(([key]) => !['path', 'format', ...told].includes(key));
  return [url, ...others.flatMap(([key, value]) => [option, `${key}=${String(value)}`])];
}

describe.each(sampled(sharedLakes(), 5).map((kind) => [kind.name, kind] as const))('hygge copy, to and from %s', (_name, kind) => {
  it.skipIf(kind.missing !== undefined)('settles there, finds nothing new, keeps its state there, and comes back the same', async () => {
    await using lake = await kind.start();
    using folder = new TestWorkspace({ 'orders.csv': 'id,name,at\n1,a,2024-01-01\n2,"b, ø",\n3,,2024-03-01T10:00:00\n' });
    const [to = '', ...store] = await placeIn(lake, 'copied/orders', '--store');
    const there = await folder.run(['copy', 'orders.csv', to, ...store], { env: lake.env });
    expect({ code: there.code, out: there.stdout, stderr: there.stderr }).toMatchObject({ code: 0, stderr: '' });
    expect((await folder.run(['copy', 'orders.csv', to, ...store], { env: lake.env })).stdout).toContain('Nothing new');
    mkdirSync(folder.path('seen'));
    await lake.download('copied', folder.path('seen'));
    expect([...folder.tree('seen').keys()].some((path) => path.includes('orders/_hygge/.hygge/state/'))).toBe(true);

    const [from = '', ...home] = await placeIn(lake, 'copied/orders', '--home');
    const back = await folder.run(['copy', from, 'back.csv', ...home], { env: lake.env });
    expect({ code: back.code, stderr: back.stderr }).toEqual({ code: 0, stderr: '' });
    const rows = (path: string) => duck(`select * from '${folder.path(path)}' order by id`);
    expect(await rows('back.csv')).toEqual(await rows('orders.csv'));
  });

  it.skipIf(kind.missing !== undefined)('shows and saves no key that is written out', async () => {
    await using lake = await kind.start();
    using folder = new CopyFolder({ 'orders.csv': 'id\n1\n' });
    using other = new CopyFolder();
    const typed = (options: readonly string[]) =>
      options.map((one) => one.replace(/\$\{(\w+)\}/, (_, name: string) => lake.env[name] ?? ''));
    const [to = '', ...store] = await placeIn(lake, 'copied/orders', '--store');
    const [from = '', ...home] = await placeIn(lake, 'copied/orders', '--home');
    const runs = [
      await folder.run(['copy', 'orders.csv', to, ...typed(store), '--save', 'flows/there'], '.', lake.env),
      await folder.run(['copy', 'orders.csv', to, ...typed(store)], '.', lake.env),
      await other.run(['copy', from, 'back', ...typed(home), '--save', 'flows/back'], '.', lake.env),
      await other.run(['copy', from, 'back', ...typed(home)], '.', lake.env),
    ];
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const files = [
      folder.path('hygge.yml'),
      folder.path('flows/there/flow.yml'),
      other.path('hygge.yml'),
      other.path('flows/back/flow.yml'),
    ].map((path) => readFileSync(path, 'utf8'));
    const said = [...files, ...runs.flatMap(({ stdout, stderr }) => [stdout, stderr])].join('\n');
    expect(said).toContain('# hygge copy orders.csv');
    for (const option of store.filter((one) => /\$\{/.test(one))) expect(said).not.toContain(typed([option])[0]?.replace(/^\w+=/, ''));
  });
});
