import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realRandom } from '../../src/adapters/real-random.ts';
import { enginePorts } from '../../src/assembly/ports.ts';
import { openWorkspace } from '../../src/cli/terminal/open-workspace.ts';
import type { Intent } from '../../src/engine/contracts/intent.ts';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import type { Store } from '../../src/engine/contracts/store.ts';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import { stagedFile } from '../../src/files/store/staging/staged-parts.ts';
import type { EntitySummary } from '../../src/ports/events.ts';
import { Semaphore } from '../../src/ports/semaphore.ts';
import { fakeSurroundings } from '../cli/surroundings.ts';
import { hygge } from '../cli/workspace.ts';
import { noteWithin } from '../support/raised-codes.ts';
import { TestWorkspace } from '../support/workspace.ts';

const flow = 'home: in\nstore: { path: lake/x, partition_by: [day] }\nrun_type: incremental\nwatermark: { column: id }\n';
const rows = (from: number, to: number) => `select range as id, 'd' || (range % 3) as day from range(${from}, ${to})`;
const isRoot = process.getuid?.() === 0;

interface Event {
  readonly event: string;
  readonly code?: string;
  readonly why?: readonly string[];
  readonly tryThis?: readonly string[];
}

async function go(workspace: TestWorkspace) {
  const { code, stdout } = await hygge(['go', '--output', 'json'], workspace.root);
  const events = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Event);
  const error = events.find(({ event }) => event === 'error');
  noteWithin(error);
  return { code, error, warnings: events.filter(({ event }) => event === 'warning').map(({ code: of }) => of) };
}

/** Runs the entity, and lets something happen between the decision and the commit. */
async function deciding(workspace: TestWorkspace, then: (intent: Intent) => void): Promise<EntitySummary> {
  const opened = await openWorkspace({}, fakeSurroundings(workspace.root), { now: new Date().toISOString() });
  await using ports = await enginePorts(opened, { clock: realClock(), random: realRandom(), emit: () => undefined });
  const spec = ports.entity('f', 'f');
  let done = false;
  const committing = (store: Store): Store =>
    new Proxy(store, {
      get: (target, name) => {
        if (name === 'commit' && !done) then(intentOf(workspace));
        done = done || name === 'commit';
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  const changing: EnginePorts = {
    ...ports,
    // A process that is gone when the next command looks.
    host: { ...ports.host, self: { ...ports.host.self, pid: 2 ** 22 + 1 } },
    store: async (of) => committing(await ports.store(of)),
    storeAt: async (of, place) => committing(await ports.storeAt(of, place)),
  };
  return runEntity(
    {
      ids: { invocationId: 'inv', runId: 'R', entityRunId: 'R.1', flow: 'f', entity: 'f' },
      spec,
      workspace: spec.workspace,
      runType: null,
      wait: false,
      takeOver: false,
      sliceSlots: new Semaphore(2),
      signal: new AbortController().signal,
    },
    changing,
  );
}

function intentOf(workspace: TestWorkspace): Intent {
  const folder = workspace.path('.hygge/objects/f/f/intents');
  const [name = ''] = readdirSync(folder);
  return JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as Intent;
}

/** The folder of a part: the token's, or that of the last one. */
const folderOf = (workspace: TestWorkspace, { parts }: Intent, which: 0 | -1) =>
  workspace.path(dirname(`lake/x/${stagedFile(parts.at(which) ?? never()).final}`.replace('lake/x/lake/x', 'lake/x')));

function never(): never {
  throw new Error('the intent has no part');
}

/** Publishing into a folder is refused for good, until it is allowed again: another mount, or for whoever may not mount, a right withdrawn. */
function refused(folder: string): Disposable {
  if (!isRoot) {
    chmodSync(folder, 0o555);
    return { [Symbol.dispose]: () => chmodSync(folder, 0o755) };
  }
  const aside = `${folder}.aside`;
  execFileSync('cp', ['-a', folder, aside]);
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder]);
  execFileSync('cp', ['-a', `${aside}/.`, folder]);
  execFileSync('rm', ['-r', aside]);
  return { [Symbol.dispose]: () => void execFileSync('umount', [folder]) };
}

async function settledOnce(): Promise<TestWorkspace> {
  const workspace = new TestWorkspace({ 'flows/f/flow.yml': flow });
  await workspace.parquet('in/1.parquet', rows(0, 30));
  expect((await go(workspace)).code).toBe(0);
  await workspace.parquet('in/2.parquet', rows(30, 60));
  return workspace;
}

async function holds(workspace: TestWorkspace, ids: number, pending: boolean): Promise<void> {
  const { stdout } = await hygge(['status', '--output', 'json'], workspace.root);
  expect(JSON.parse(stdout)).toMatchObject({ pending });
  expect((await workspace.settled('lake/x', 'f', 'f')).length).toBe(ids);
}

describe('what is refused for good when it is decided', () => {
  it('is given up: its run ends with the reason, the journal says so, and what is advised leads on', async () => {
    using workspace = await settledOnce();
    let cause: Disposable | undefined;
    const { status, error } = await deciding(workspace, (intent) => {
      cause = refused(folderOf(workspace, intent, 0));
    });
    noteWithin(error);
    expect([status, error?.code]).toEqual(['error', 'HYG-2066']);
    expect(error?.why[0]).toMatch(/^HYG-4(012|003) .*publishing/);
    await holds(workspace, 30, false);
    const { stdout } = await hygge(['journal', '--output', 'json', '-n', '1'], workspace.root);
    expect(stdout).toContain('HYG-2066');
    cause?.[Symbol.dispose]();
    const [last] = (error?.tryThis ?? []).flatMap((line) => /hygge (go -e [\w.]+)/.exec(line)?.[1] ?? []);
    expect((await hygge(last?.split(' ') ?? [], workspace.root)).code).toBe(0);
    await holds(workspace, 60, false);
  });
});

describe('what is published in part when its store begins to refuse', () => {
  const stuck = async (workspace: TestWorkspace): Promise<Disposable> => {
    const causes: Disposable[] = [];
    const { error } = await deciding(workspace, (intent) => void causes.push(refused(folderOf(workspace, intent, -1))));
    noteWithin(error);
    expect(error?.code).toBe('HYG-2069');
    return causes[0] ?? never();
  };

  it('is taken back by reset --discard, which names what readers of the folder may have seen', async () => {
    using workspace = await settledOnce();
    {
      using _ = await stuck(workspace);
      const discarded = await hygge(['reset', 'f.f', '--discard', '--yes'], workspace.root);
      expect([discarded.code, discarded.stdout]).toEqual([0, expect.stringMatching(/had been published[\s\S]*day=d\d/)]);
      await holds(workspace, 30, false);
    }
    expect((await go(workspace)).error).toBeUndefined();
    await holds(workspace, 60, false);
    const again = await hygge(['reset', 'f.f', '--discard', '--yes'], workspace.root);
    expect([again.code, again.stderr + again.stdout]).toEqual([1, expect.stringContaining('HYG-2017')]);
  });
});
