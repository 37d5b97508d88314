/** `verify: { replicated }` in the function app: a run ends when all has settled, and each wait for Fabric is a run of its own. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { activities, type EntityInput, orchestrators } from '../../functions/run-input.ts';
import { onCancel, onOneRun, onRuns } from '../../functions/triggers/runs.ts';
import { onStatus } from '../../functions/triggers/status.ts';
import { waitId } from '../../src/ports/runs.ts';
import { AppOnAzurite, bodyOf } from '../functions/app-on-azurite.ts';
import { workspace } from '../support/azure-hosts/azure.ts';
import { sharedAzurite } from '../support/azurite.ts';
import type { Fate } from '../support/fabric-replicator/delta-writer.ts';
import { type Fabric, mirror, startFabricHere } from '../support/fabric-replicator/fabric.ts';
import { webhook } from '../support/webhook.ts';

const azurite = sharedAzurite();
let fabric: Fabric;
/** What Fabric does wrong. */
let fate: (row: Readonly<Record<string, unknown>>) => Fate = () => 'kept';
beforeAll(async () => {
  fabric = await startFabricHere({ replicator: { delta: { fate: (row) => fate(row) } } });
});
afterAll(() => fabric[Symbol.asyncDispose]());
beforeEach(() => {
  fate = () => 'kept';
});

interface Call extends EntityInput {
  readonly cursor?: unknown;
}

interface Told extends Readonly<Record<string, unknown>> {
  readonly run_id: string;
  readonly status: string;
  readonly waits?: readonly Told[];
}

/** Tables of one flow, in a schema of its own. Fabric works only where a test says so. */
async function flowOf(name: string, verify: string, { tables = ['first'], more = '' } = {}) {
  const config = [
    'home: in',
    `store: { type: open_mirroring, workspace: ${workspace.id}, mirror_name: ${mirror.id}, schema: ${name} }`,
    'run_type: incremental',
    'watermark: { column: changed, key: [id] }',
    `verify: ${verify}`,
    `entities: [${tables.join(', ')}]`,
    more,
  ].join('\n');
  const app = new AppOnAzurite(await azurite(), { [`flows/${name}/flow.yml`]: config }, { env: () => fabric.azure.env });
  const rows = async (file: string, from: number, to: number) => {
    for (const table of tables)
      await app.workspace.parquet(`in/${table}/${file}.parquet`, `select range as id, range as changed from range(${from}, ${to})`);
  };
  const asked = (run: string) => app.asked(`flows/${name}/runs/${run}`);
  let looks = 0;
  /** Called before each look of a wait, with its number and the wait's id. */
  const at = {
    onLook: (_look: number, _wait: string): unknown => undefined,
    app,
    rows,
    view: async (run: string) => bodyOf(await onOneRun(app.app, name, asked(run), app.called)) as unknown as Told,
    cancel: async (run: string) => bodyOf(await onCancel(app.app, name, asked(run), app.called)),
    list: async () => bodyOf(await onRuns(app.app, name, app.asked(`flows/${name}/runs`), app.called)),
    /** A run of the flow, which has to end though Fabric does nothing. */
    run: async (body = {}) => {
      const { run_id } = bodyOf(await app.post(body, name)) as unknown as Told;
      await app.ended(`flow-${name}`);
      return await at.view(run_id);
    },
    waited: async (run: string, n = 0) => {
      await app.ended(waitId(run, n));
      return await at.view(waitId(run, n));
    },
    turn: () => fabric.replicator.turn(),
    [Symbol.dispose]: () => app[Symbol.dispose](),
  };
  app.before = async (activity, input) => {
    if (activity === activities.awaitReplication) await at.onLook(++looks, (input as unknown as Call).of.run);
  };
  await rows('0', 0, 10);
  return at;
}

/** A promise, and what resolves it. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe('a run into a mirrored database', () => {
  test('ends when all has settled, and a run of its own waits for each table', async () => {
    using at = await flowOf('apart', '{ replicated: 1h }', { tables: ['first', 'second'] });
    const held = gate();
    at.onLook = () => at.app.replayer.heldUp(held.opened);
    const run = await at.run();
    expect(run).toMatchObject({ status: 'pass', summary: { pass: 2, rows: 20, waits: 2 } });
    const id = waitId(run.run_id, 0);
    expect(run.waits).toHaveLength(2);
    expect(run.waits).toContainEqual(expect.objectContaining({ run_id: id, status: 'running', lane: 'replication:first' }));
    expect(await at.view(id)).toMatchObject({
      status: 'running',
      summary: { replication: { entity: 'first', run: run.run_id, since: expect.any(String), commit: expect.any(String) } },
    });
    // The next run is not held up.
    expect(await at.run()).toMatchObject({ status: 'skip' });
    const listed = await at.list();
    expect(listed.runs).toHaveLength(2);
    expect(listed.waits).toHaveLength(2);
    await at.turn();
    held.open();
    for (const n of [0, 1])
      expect(await at.waited(run.run_id, n)).toMatchObject({
        status: 'pass',
        summary: { pass: 1, rows: 0, replication: { result: 'replicated' } },
      });
    expect(fabric.replicator.violations).toEqual([]);
  });

  test('starts one wait though each step is delivered twice', async () => {
    using at = await flowOf('twice', '{ replicated: 1h }');
    const { before } = at.app;
    let isWithin = false;
    at.app.before = async (name, input) => {
      if (isWithin) return;
      isWithin = true;
      await at.app.activity(name, input).finally(() => {
        isWithin = false;
      });
      await before(name, input);
    };
    at.onLook = (look) => (look === 2 ? at.turn() : undefined);
    const run = await at.run();
    expect(run).toMatchObject({ status: 'pass', summary: { pass: 1, rows: 10, waits: 1 } });
    expect(await at.waited(run.run_id)).toMatchObject({ status: 'pass', summary: { replication: { result: 'replicated' } } });
    expect((await at.list()).waits).toHaveLength(1);
  });

  test('starts its wait though the first start fails', async () => {
    using at = await flowOf('refused', '{ replicated: 1h }');
    const { instances } = at.app;
    const { start } = instances;
    let starts = 0;
    instances.start = async (orchestrator, id, input) => {
      if (orchestrator === orchestrators.replication && ++starts === 1) throw new Error('no answer of the host');
      await start(orchestrator, id, input);
    };
    at.onLook = (look) => (look === 2 ? at.turn() : undefined);
    const run = await at.run();
    expect(run).toMatchObject({ status: 'pass', summary: { pass: 1, waits: 1 } });
    expect(await at.waited(run.run_id)).toMatchObject({ status: 'pass', summary: { replication: { result: 'replicated' } } });
    expect(starts).toBe(2);
  });

  test('has a warning that says why its wait could not be started', async () => {
    using at = await flowOf('never', '{ replicated: 1h }');
    const { instances } = at.app;
    const { start } = instances;
    instances.start = async (orchestrator, id, input) => {
      if (orchestrator === orchestrators.replication) throw new Error('no answer of the host');
      await start(orchestrator, id, input);
    };
    const run = await at.run();
    expect(run).toMatchObject({
      status: 'warn',
      summary: { warn: 1, failure: { code: 'HYG-6050', what: 'The run of never could not be started.' } },
    });
    expect(at.app.events()).toContainEqual(expect.objectContaining({ event: 'warning', code: 'HYG-6050', run_id: run.run_id }));
  });
});

describe('a wait for Fabric', () => {
  test('that takes too long fails as a run does', async () => {
    await using hook = await webhook();
    using at = await flowOf('late', '{ replicated: 1s, on_difference: fail }', {
      more: `notify: { on: [error], webhook: "${hook.url}", format: json }`,
    });
    const run = await at.run();
    expect(run).toMatchObject({ status: 'pass' });
    expect(await at.waited(run.run_id)).toMatchObject({
      status: 'error',
      summary: { error: 1, failed: ['first'], failure: { code: 'HYG-2096' }, replication: { result: 'not replicated' } },
    });
    expect(at.app.events()).toContainEqual(expect.objectContaining({ event: 'error', code: 'HYG-2096', run_id: waitId(run.run_id, 0) }));
    expect(at.app.events()).toContainEqual(expect.objectContaining({ event: 'summary', error: 1, run_id: waitId(run.run_id, 0) }));
    expect(hook.told.map((line) => JSON.parse(line))).toMatchObject([
      { what: 'error', run_id: waitId(run.run_id, 0), counts: { error: 1 }, failed: [{ entity: 'first', code: 'HYG-2096', times: 1 }] },
    ]);
    const json = { ...at.app.asked('status'), headers: new Headers({ accept: 'application/json' }) };
    const start = { flows: [{ found: { name: 'late' }, schedule: null, scheduleError: null }], config: 'folder' } as never;
    const told = bodyOf(await onStatus(at.app.app, start, json, at.app.called));
    expect(told.entities).toMatchObject([{ replication: { state: 'waiting' } }]);
  });

  test('compares the table once Fabric has it, and fails where a row is lost', async () => {
    using at = await flowOf('compared', '{ replicated: 1h, checksums: true, on_difference: fail }');
    fate = ({ id }) => (Number(id) === 7 ? 'lost' : 'kept');
    at.onLook = async (look) => {
      if (look === 2) await at.turn();
    };
    const run = await at.run();
    expect(run).toMatchObject({ status: 'pass', done: [{ lane: 'live', status: 'pass' }] });
    const wait = await at.waited(run.run_id);
    expect(wait).toMatchObject({
      status: 'error',
      summary: { failure: { code: 'HYG-2095' }, replication: { result: 'replicated' } },
    });
    expect(wait).toMatchObject({ done: [{ lane: 'verify', entity: 'first', verified: { verdict: 'differs' } }] });
  });

  test('ends when a request stops it, or its run', async () => {
    using at = await flowOf('stopped', '{ replicated: 1h }');
    for (const which of ['wait', 'run']) {
      const held = gate();
      at.onLook = () => at.app.replayer.heldUp(held.opened);
      await at.rows(which, which === 'wait' ? 10 : 20, which === 'wait' ? 20 : 30);
      const { run_id } = await at.run();
      expect(await at.cancel(which === 'wait' ? waitId(run_id, 0) : run_id)).toMatchObject({ stopping: true, decided: [] });
      held.open();
      expect(await at.waited(run_id)).toMatchObject({
        status: 'error',
        summary: { cancelled: true, failure: { code: 'HYG-2020' }, replication: { result: 'cancelled' } },
      });
    }
  });

  test('tells of its own commit, whatever is published after it; the next wait of the table goes second, and one in between is superseded', async () => {
    using at = await flowOf('many', '{ replicated: 1h }');
    const held = gate();
    at.onLook = () => at.app.replayer.heldUp(held.opened);
    const runs = [await at.run()];
    // Fabric has the first commit, and none of the later ones.
    await at.turn();
    for (const [file, from] of [
      ['1', 10],
      ['2', 20],
    ] as const) {
      await at.rows(file, from, from + 10);
      runs.push(await at.run());
    }
    const [first = '', second = '', third = ''] = runs.map(({ run_id }) => run_id);
    expect(await at.view(waitId(second, 0))).toMatchObject({
      status: 'skip',
      summary: { replication: { result: 'superseded', behind: waitId(first, 0), by: waitId(third, 0) } },
    });
    expect(await at.view(waitId(third, 0))).toMatchObject({ status: 'running', summary: { replication: { behind: waitId(first, 0) } } });
    at.onLook = () => undefined;
    held.open();
    expect(await at.waited(first)).toMatchObject({ status: 'pass', summary: { replication: { result: 'replicated' } } });
    expect(await at.view(waitId(third, 0))).toMatchObject({ status: 'running' });
    await at.turn();
    expect(await at.waited(third)).toMatchObject({ status: 'pass', summary: { replication: { result: 'replicated' } } });
    expect(fabric.replicator.violations).toEqual([]);
  });

  test('whose instance is gone is reported by the next start, though another wait is queued behind it', async () => {
    using at = await flowOf('first_lost', '{ replicated: 1h }');
    const held = gate();
    at.onLook = () => at.app.replayer.heldUp(held.opened);
    const id = waitId((await at.run()).run_id, 0);
    await at.rows('1', 10, 20);
    await at.run();
    const instance = at.app.instances.started.get(id);
    if (instance !== undefined) instance.running = false;
    await at.run();
    expect((await at.list()).waits).toContainEqual(
      expect.objectContaining({ run_id: id, summary: expect.objectContaining({ failure: expect.objectContaining({ code: 'HYG-2053' }) }) }),
    );
    held.open();
  });
});
