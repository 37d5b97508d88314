import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../../src/cli/program/run.ts';
import { registerConnector } from '../../src/registry.ts';
import { CountedConnector } from '../support/counted-connector.ts';
import { here } from '../support/here.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { fakeSurroundings } from './surroundings.ts';

let counted: CountedConnector;
let registration: Disposable;
let workspace: TestWorkspace;

beforeEach(() => {
  counted = new CountedConnector();
  registration = registerConnector(counted.connector);
  workspace = new TestWorkspace();
});
afterEach(() => {
  registration[Symbol.dispose]();
  workspace[Symbol.dispose]();
});

const flow = (more = '') => `
home: { type: counted, path: "in/{entity}", format: csv }
store: { type: counted, path: lake }
${more}
`;

const incremental = 'run_type: incremental\nwatermark: { column: id }\nentities: [a, b]';

function fill(entity: string, { from = 0, files = 1 }: { from?: number; files?: number } = {}): void {
  for (let i = from; i < from + files; i++)
    workspace.write({ [`in/${entity}/${String(i).padStart(3, '0')}.csv`]: `id,name\n${i},n${i}\n` });
}

describe('a run opens each home and each store once, and closes it', () => {
  test('of an entity of many slices, which read and write at once', async () => {
    fill('f', { files: 12 });
    workspace.write({ 'flows/f/flow.yml': 'home: { type: counted, path: in/f, format: csv }\nstore: { type: counted, path: lake }' });
    const { code, summary, events } = await here(workspace, 'go');
    expect([code, summary.rows]).toEqual([0, 12]);
    expect(events.find(({ event }) => event === 'plan')).toMatchObject({ slices: 12 });
    // The home that planned reads as well. The store is opened once more to tidy up.
    expect([counted.homes.opened, counted.stores.opened]).toEqual([1, 2]);
    everythingIsClosed();
  });

  test('of many entities, one of which fails', async () => {
    workspace.write({ 'flows/f/flow.yml': flow(incremental) });
    fill('a');
    workspace.write({ 'in/b/1.csv': 'id,name\n1,"never closed' });
    expect((await here(workspace, 'go')).code).toBe(1);
    expect(counted.homes.opened).toBeGreaterThan(0);
    everythingIsClosed();
  });
});

describe('every command closes what it opens', () => {
  const nothingToAccept = ['schema', 'accept', 'f.a'];
  const moved = ['state', 'mv', 'f.a', 'f.c'];
  const commands: readonly string[][] = [
    ['go', '--dry-run'],
    ['go', '--dry-run', '--count'],
    ['go', '-i'],
    ['go', '--limit', '1', '--to', 'tried'],
    ['debug'],
    ['preview', 'f.a'],
    ['verify', '--settled'],
    ['status', '--check'],
    ['schema', 'diff'],
    nothingToAccept,
    ['backfill', 'f.a', '--from', '0', '--to', '2'],
    ['backfill', 'f.a', '--from', '0', '--to', '2', '--dry-run'],
    ['reset', 'f.a', '--adopt', '--yes'],
    moved,
  ];

  test('in turn', async () => {
    workspace.write({ 'flows/f/flow.yml': flow(incremental) });
    for (const entity of ['a', 'b']) fill(entity, { files: 3 });
    expect((await here(workspace, 'go')).code).toBe(0);
    for (const command of commands) {
      if (command === moved) workspace.write({ 'flows/f/flow.yml': flow(incremental.replace('[a, b]', '[b, c]')) });
      const before = counted.homes.opened + counted.stores.opened;
      const surroundings = fakeSurroundings(workspace.root);
      const code = await run(command, surroundings);
      const told = `${command.join(' ')}: ${surroundings.stderr()}${surroundings.stdout()}`;
      expect(code, told).toBe([nothingToAccept, moved].includes(command) ? 2 : 0);
      expect(counted.homes.opened + counted.stores.opened, told).toBeGreaterThan(before);
      everythingIsClosed(told);
    }
  });
});

function everythingIsClosed(told = ''): void {
  for (const { opened, closed, again } of [counted.homes, counted.stores]) expect([closed, again], told).toEqual([opened, 0]);
}
