import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realRandom } from '../../src/adapters/real-random.ts';
import { enginePorts, type RealPorts } from '../../src/assembly/ports.ts';
import { openWorkspace } from '../../src/cli/terminal/open-workspace.ts';
import { type CloseRequest, closeFlow } from '../../src/engine/close/close.ts';
import type { HyggeEvent } from '../../src/ports/events.ts';
import { fakeSurroundings } from '../cli/surroundings.ts';
import { duck } from '../support/duck.ts';
import { journalRowOf } from '../support/state-rows.ts';
import { TestWorkspace } from '../support/workspace.ts';

let workspace: TestWorkspace;
let events: HyggeEvent[];
let opened: RealPorts[];

/** Ports of one more process over the same files. */
async function process(): Promise<RealPorts> {
  const found = await openWorkspace({}, fakeSurroundings(workspace.root), { now: realClock().now() });
  const ports = await enginePorts(found, { clock: realClock(), random: realRandom(), emit: (event) => void events.push(event) });
  opened.push(ports);
  return ports;
}

const final = { pass: 3, warn: 0, error: 0, skip: 0 };
const request = (flow: string, runId: string): CloseRequest => ({
  invocationId: '01I',
  runId,
  flow,
  workspace: 'test',
  entities: [],
  final,
});
const published = async () =>
  (await duck(`select entity_run_id from read_parquet('${workspace.path('lake/hygge_journal')}/*.parquet') order by all`)).map((row) =>
    String(row.entity_run_id),
  );

beforeEach(async () => {
  events = [];
  opened = [];
  workspace = new TestWorkspace({
    'hygge.yml': 'name: test\njournal: { mirror: lake }\n',
    'flows/crm/flow.yml': 'home: in\nstore: out/crm\n',
    'flows/erp/flow.yml': 'home: in\nstore: out/erp\n',
  });
  const { state } = await process();
  for (const n of [1, 2, 3]) await state.appendJournal(journalRowOf(`01A.${n}`, `2026-11-20T08:00:0${n}.000Z`));
});

afterEach(async () => {
  for (const ports of opened) await ports[Symbol.asyncDispose]();
  workspace[Symbol.dispose]();
});

describe('publishing the journal, delivered more than once', () => {
  it('settles each row once when a step comes again later', async () => {
    const [first, second] = [await process(), await process()];
    expect(await closeFlow(request('crm', '01A'), first)).toEqual({ done: { pruned: 0 } });
    expect(await closeFlow(request('crm', '01A'), second)).toEqual({ done: { pruned: 0 } });
    expect(await published()).toEqual(['01A.1', '01A.2', '01A.3']);
  });

  it('settles each row once when it comes twice at the same time', async () => {
    const both = await Promise.all([await process(), await process()].map((ports) => closeFlow(request('crm', '01A'), ports)));
    expect(both.every((step) => 'done' in step || 'again' in step)).toBe(true);
    expect(await closeFlow(request('crm', '01B'), await process())).toEqual({ done: { pruned: 0 } });
    expect(await published()).toEqual(['01A.1', '01A.2', '01A.3']);
  });

  it('of two flows at the same time waits for the other one, with a small cursor, and then has the rows of both', async () => {
    const asked = [request('crm', '01A'), request('erp', '01B')];
    const steps = await Promise.all(asked.map(async (one) => closeFlow(one, await process())));
    for (const [i, step] of steps.entries()) {
      const one = asked[i];
      if (!one || 'done' in step) continue;
      expect(JSON.stringify(step.again).length).toBeLessThan(100);
      expect(step.notBefore).toMatch(/^\d{4}-/);
      expect(await closeFlow(one, await process(), step.again)).toEqual({ done: { pruned: 0 } });
    }
    expect(await published()).toEqual(['01A.1', '01A.2', '01A.3']);
    expect(events.filter(({ event }) => event === 'warning')).toEqual([]);
  });

  it('gives up waiting in the end, with a warning', async () => {
    const ports = await process();
    const key = { flow: '_journal', entity: 'hygge_journal' };
    await closeFlow(request('crm', '01A'), ports);
    const held = await ports.state.read(key);
    if (!held) throw new Error('no state');
    const owner = { run: 'another.0', until: '2999-01-01T00:00:00.000Z', holder: { ...ports.host.self, pid: 1, program: 'another hygge' } };
    await ports.state.write(key, held.etag, {
      ...held.row,
      owner: { ...owner, holder: { ...owner.holder, host: 'elsewhere' } },
      writeId: 'held000000',
    });
    let step = await closeFlow(request('crm', '01B'), ports);
    let waits = 0;
    for (; 'again' in step; waits++) step = await closeFlow(request('crm', '01B'), ports, step.again);
    expect(waits).toBe(24);
    expect(events.at(-1)).toMatchObject({ event: 'warning', code: 'HYG-2001', flow: 'crm' });
  });
});
