import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectors, connectorTypes } from '../../src/registry.ts';
import { exampleWorkspace, hygge } from './workspace.ts';

async function twoFlows() {
  const workspace = await exampleWorkspace();
  await mkdir(join(workspace.root, 'flows/raw'));
  await writeFile(join(workspace.root, 'flows/raw/flow.yml'), 'home: in/*.parquet\nstore: out\nschedule: "0 30 2 * * *"\n');
  return workspace;
}

async function rows(args: readonly string[], root: string): Promise<readonly Record<string, unknown>[]> {
  const { code, stdout } = await hygge(['list', ...args, '--output', 'json'], root);
  expect(code).toBe(0);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('hygge list flows', () => {
  it('shows size, types and schedule of each', async () => {
    await using workspace = await twoFlows();
    const { stdout } = await hygge(['list', 'flows'], workspace.root);
    expect(stdout).toMatch(/^flow +entities +home +store +schedule +next \(UTC\)\n/);
    expect(stdout).toMatch(/\nraw +1 .* 0 30 2 \* \* \* +\d{4}-\d\d-\d\d 02:30\n/);
    expect(await rows(['flows'], workspace.root)).toMatchObject([
      { flow: 'raw', entities: 1, schedule: '0 30 2 * * *', next: expect.stringMatching(/T02:30:00\.000Z$/) },
      { flow: 'shop', entities: 2, schedule: null, next: null },
    ]);
  });
});

describe('hygge list entities', () => {
  it('shows how each runs, from where and to where', async () => {
    await using workspace = await twoFlows();
    const { stdout } = await hygge(['list', 'entities'], workspace.root);
    expect(stdout).toMatch(/shop\.orders +incremental +placed_at +data\/inbox\/orders\.parquet +data\/lake\/orders\n/);
    expect(stdout).toMatch(/raw\.raw +full_drop +in\/\*\.parquet +out\n/);
  });
});

describe('hygge list connectors', () => {
  it('shows every connector of the registry with its sides, its keys and what it was tested against', async () => {
    const listed = await rows(['connectors'], '/');
    expect(listed.map(({ connector }) => connector)).toEqual([...connectorTypes(), ...connectors.systems.names()]);
    for (const one of listed) {
      expect(one.summary).not.toBe('');
      expect(one.verified_against).not.toBe('');
      expect(one.home ?? one.store ?? one.state ?? one.manifest).not.toBeNull();
    }
    expect(listed.find(({ connector }) => connector === 'parquet')).toMatchObject({
      home: {
        config: expect.arrayContaining(['path', 'columns', 'exclude']),
        capabilities: { order: 'sliced', filter: 'range', by_file: true },
      },
      store: {
        config: expect.not.arrayContaining(['base']),
        capabilities: { merge: false, guarantee: expect.stringContaining('readers') },
      },
    });
    const { stdout } = await hygge(['list', 'connectors'], '/');
    for (const type of connectorTypes()) expect(stdout).toMatch(new RegExp(`\n${type}  \\S`));
    expect(stdout).toContain('distinguishes new files from old ones');
  });

  it('knows no flow', async () => {
    expect(await hygge(['list', 'connectors', '-f', 'shop'], '/')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--flow is for'),
    });
  });
});
