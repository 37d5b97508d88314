import { describe, expect, it } from 'vitest';
import { shrinkageOf } from '../../src/engine/plan/replacement.ts';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { here } from '../support/here.ts';
import { TestWorkspace } from '../support/workspace.ts';

const rows = (count: number) => `select range as id from range(${count})`;
const flow = (keys = '') => ({ 'flows/f/flow.yml': `home: in\nstore: lake\n${keys}` });

describe('a full load is smaller by half', () => {
  it.each([
    [10, 5, true],
    [10, 6, false],
    [11, 5, true],
    [11, 6, false],
    [3, 1, true],
    [2, 1, true],
    [1, 1, false],
    [1, 0, true],
    [10, 0, true],
    [10, 30, false],
  ])('of %i rows with %i: %s', (before, now, isShrunk) => {
    const plan = { mode: 'full', replaces: { rows: before } } as const;
    expect(shrinkageOf(plan, now)).toEqual(isShrunk ? { rows: now, before } : undefined);
  });

  it('in no increment, where it adds rows, where nobody counted them, and in no list of children', () => {
    expect(shrinkageOf({ mode: 'incremental', replaces: { rows: 10 } }, 1)).toBeUndefined();
    expect(shrinkageOf({ mode: 'full', replaces: null }, 1)).toBeUndefined();
    expect(shrinkageOf({ mode: 'full', replaces: { rows: null } }, 1)).toBeUndefined();
    expect(shrinkageOf({ mode: 'full', replaces: { rows: 10 }, parents: { settled: [] } as never }, 1)).toBeUndefined();
  });
});

describe('a full load that is smaller by half', () => {
  const shrunk = async (keys = '') => {
    const workspace = new TestWorkspace(flow(keys));
    await workspace.parquet('in/1.parquet', rows(10));
    expect((await here(workspace, 'go')).summary).toMatchObject({ pass: 1 });
    await workspace.parquet('in/1.parquet', rows(5));
    return workspace;
  };
  const settled = async (workspace: TestWorkspace) => (await workspace.settled('lake', 'f', 'f')).length;

  it('settles with a WARN that has both counts and the key, once', async () => {
    using workspace = await shrunk();
    const ran = await here(workspace, 'go');
    expect([ran.code, ran.summary]).toMatchObject([
      0,
      { warn: 1, entities: [{ message: expect.stringContaining('5 rows instead of 10: at most half (on_shrink: warn)') }] },
    ]);
    expect(await settled(workspace)).toBe(5);
    expect((await here(workspace, 'go')).summary).toMatchObject({ warn: 0, error: 0 });
  });

  it('stops before the destination changes where on_shrink is stop, and settles by the command that the error prints', async () => {
    using workspace = await shrunk('on_shrink: stop\n');
    const ran = await here(workspace, 'go');
    expect(ran).toMatchObject({ code: 1, error: 'HYG-2128' });
    expect(await settled(workspace)).toBe(10);
    const [, command = ''] = /load it once: hygge ([^"]+)"/.exec(JSON.stringify(ran.events)) ?? [];
    expect(command).toBe('go -d -e f.f --var flow.f.on_shrink=allow');
    expect((await here(workspace, ...(command.split(' ') as ['go']))).summary).toMatchObject({ pass: 1 });
    expect(await settled(workspace)).toBe(5);
  });

  it('stops where no row is left, unless on_empty keeps the rows', async () => {
    using workspace = await shrunk('on_shrink: stop\n');
    await workspace.parquet('in/1.parquet', rows(0));
    expect(await here(workspace, 'go')).toMatchObject({ code: 1, error: 'HYG-2128' });
    expect(await settled(workspace)).toBe(10);
    workspace.write(flow('on_shrink: stop\non_empty: keep\n'));
    expect((await here(workspace, 'go')).summary).toMatchObject({ skip: 1 });
    expect(await settled(workspace)).toBe(10);
  });

  it('is not meant where it adds its rows', async () => {
    using workspace = await shrunk('if_exists: append\non_shrink: stop\n');
    expect((await here(workspace, 'go')).code).toBe(0);
    expect(await settled(workspace)).toBe(15);
  });
});

describe('a dry run', () => {
  it('says so where the source counts its rows', async () => {
    using workspace = new TestWorkspace(flow());
    await workspace.parquet('in/1.parquet', rows(10));
    expect((await here(workspace, 'go')).code).toBe(0);
    await workspace.parquet('in/1.parquet', rows(4));
    const ran = await here(workspace, 'go', '--dry-run');
    expect(JSON.stringify(ran.events)).toContain('4 rows instead of 10: at most half (on_shrink: warn)');
  });
});

describe('a list of an API', () => {
  const scene = scriptedScene();
  it('of which a part is left settles with a WARN', async () => {
    scene.api.script = () => ({ body: '[{"id":1},{"id":2},{"id":3},{"id":4}]' });
    restFlow(scene.workspace, scene.api.url, {});
    await here(scene.workspace, 'go');
    scene.api.script = () => ({ body: '[{"id":1}]' });
    expect((await here(scene.workspace, 'go')).summary).toMatchObject({ warn: 1 });
    expect(await settledRows(scene.workspace)).toEqual(['1']);
  });
});
