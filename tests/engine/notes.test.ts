import { describe, expect, test } from 'vitest';
import { driftTold, outcomeText } from '../../src/checks/drift-text.ts';
import { commitEntity } from '../../src/engine/commit/commit.ts';
import type { Intent } from '../../src/engine/contracts/intent.ts';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import type { Plan, SchemaSnapshot } from '../../src/engine/contracts/records.ts';
import { untilDone } from '../../src/engine/contracts/steps.ts';
import type { Store } from '../../src/engine/contracts/store.ts';
import { messageAndCodes } from '../../src/engine/contracts/words.ts';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import { lookAndPlan } from '../../src/engine/look/look.ts';
import { moveSlice } from '../../src/engine/move/move.ts';
import { schemaSteps } from '../../src/engine/schema/schema-history.ts';
import { schemaHistory } from '../../src/engine/schema/snapshot.ts';
import { messageOf } from '../../src/narrate/text/notes.ts';
import type { JournalRow } from '../../src/ports/state.ts';
import type { Json } from '../../src/ports/values.ts';
import { but } from '../support/but.ts';
import { idsOf } from '../support/sim/actors.ts';
import { type Simulated, simulated } from '../support/sim/at-once.ts';
import { how } from '../support/sim/backfilled.ts';
import { baseSchema, row, withColumn } from '../support/sim/rows.ts';
import { key } from '../support/sim/world.ts';

const scene = () => simulated({ pair: { store: 'plain', state: 'memory' } });
const go = ({ world }: Simulated, name: string, ports: EnginePorts) => runEntity({ ids: idsOf(name), spec: world.spec, ...how }, ports);

/** The same by steps of several processes, which read each other's plans. */
async function goBySteps({ world }: Simulated, name: string, ports: EnginePorts) {
  const ids = idsOf(name);
  const request = { ...ids, ...how, startedAt: ports.clock.now() };
  const plan = await untilDone(ports.clock, (cursor) => lookAndPlan(request, ports, cursor));
  if (plan.outcome !== 'planned') throw new Error(plan.outcome);
  const receipts: string[] = [];
  for (let slice = 0; slice < plan.slices; slice++) {
    const moving = { ...ids, plan: plan.plan, slice, attempt: 1, budgetMs: 1000 };
    const moved = await moveSlice(moving, ports, { signal: how.signal, onRows: () => undefined });
    if ('done' in moved) receipts.push(moved.done.receipt);
  }
  const committing = { ...ids, workspace: world.spec.workspace, plan: plan.plan, receipts };
  const ended = await untilDone(ports.clock, (cursor) => commitEntity(committing, ports, cursor));
  return { ...ended, ...messageAndCodes(ports.words, ended) };
}

async function journal({ ports }: Simulated): Promise<readonly JournalRow[]> {
  return await ports.state.journal(key);
}

/** Rows, then a column that is new, and one that is gone for good. */
async function drifted(sim: Simulated, ports: EnginePorts): Promise<void> {
  await go(sim, 'first', ports);
  sim.world.source.schema = withColumn(baseSchema, 'email');
  sim.world.source.set([row(1, 1), row(2, 2), { ...row(3, 3), email: 'ann@example.com' }]);
  await go(sim, 'second', ports);
  await go(sim, 'third', ports);
}

async function everythingStored({ ports }: Simulated): Promise<string> {
  const { state } = ports;
  const refs = await state.listObjects(key, '');
  const objects = await Promise.all(refs.map((ref) => state.getObject(key, ref)));
  return JSON.stringify([await state.read(key), await state.journal(key), refs, objects]);
}

/** Objects of one kind, as another version writes them. */
function writing<T>(ports: EnginePorts, prefix: string, change: (body: T) => T): EnginePorts {
  const { state } = ports;
  return {
    ...ports,
    state: but(state, {
      putObject: (of, ref, body) =>
        state.putObject(of, ref, ref.startsWith(prefix) ? (change(body as unknown as T) as unknown as Json) : body),
    }),
  };
}

/** Every commit of it is lost on the way. */
function withoutCommits(ports: EnginePorts): EnginePorts {
  const dead = (store: Store): Store => but(store, { commit: () => Promise.reject(new Error('the process died')) });
  return { ...ports, store: async (...of) => dead(await ports.store(...of)), storeAt: async (...of) => dead(await ports.storeAt(...of)) };
}

describe('what is stored', () => {
  test('is the same whatever the words are, and holds none of them', async () => {
    const [usual, other] = [scene(), scene()];
    await drifted(usual, usual.ports);
    const inOtherWords = {
      note: () => '§ said otherwise',
      drift: (found: Parameters<typeof driftTold>[0]) => ({ ...driftTold(found), outcome: '§' }),
    };
    await drifted(other, { ...other.ports, words: inOtherWords });
    const stored = await everythingStored(other);
    expect(stored).toBe(await everythingStored(usual));
    expect(stored).not.toContain('§');
    for (const event of usual.events) if (event.event === 'plan') for (const said of event.warnings) expect(stored).not.toContain(said);
    const told = other.events.flatMap((event) => (event.event === 'plan' ? event.warnings : []));
    expect(told.length).toBeGreaterThan(0);
    expect(new Set(told)).toEqual(new Set(['§ said otherwise']));
  });

  test('is a code with what it speaks of', async () => {
    const sim = scene();
    await drifted(sim, sim.ports);
    const rows = await journal(sim);
    expect(rows.map(({ message, notes }) => [message, notes?.map((note) => (typeof note === 'string' ? note : note.code))])).toEqual([
      [null, ['nothing_new']],
      [null, ['drift']],
      [null, undefined],
    ]);
    expect(rows[1]?.notes).toMatchObject([{ code: 'drift', drift: { kind: 'added', column: 'email', outcome: { code: 'settles' } } }]);
  });

  test('is reported by plan and line in words, with the codes next to them', async () => {
    const sim = scene();
    await drifted(sim, sim.ports);
    const plan = sim.events.filter((event) => event.event === 'plan').at(1);
    expect(plan).toMatchObject({
      warnings: [
        expect.stringMatching(/^column email \(string\) is new since 2026-\d\d-\d\d: it settles from now on/),
        'an incremental run does not see rows that were deleted in the source',
      ],
      codes: ['drift', 'deletes_unseen'],
      drift: [{ change: 'column email (string) is new', outcome: 'it settles from now on; rows settled before have null there' }],
    });
    const done = sim.events.filter((event) => event.event === 'entity_done');
    expect(done.map(({ message, codes }) => [message, codes])).toEqual([
      [undefined, undefined],
      [expect.stringMatching(/^column email \(string\) is new: /), ['drift']],
      ['nothing new', ['nothing_new']],
    ]);
  });
});

describe('a home warns in words of its own', () => {
  test('with a code, or without one, and the plan tells both', async () => {
    const sim = scene();
    const ports: EnginePorts = {
      ...sim.ports,
      async home(...of) {
        const home = await sim.ports.home(...of);
        return but(home, {
          async describe(cursor, look) {
            const step = await home.describe(cursor, look);
            if ('again' in step) return step;
            const partial = { code: 'erp.partial_month', text: 'November is not closed yet', params: { month: '2026-11' } } as const;
            return { done: { ...step.done, warnings: [partial, 'the key of the export expires soon'] } };
          },
        });
      },
    };
    expect(await go(sim, 'first', ports)).toMatchObject({ status: 'warn', rows: 2 });
    expect(sim.events.find(({ event }) => event === 'plan')).toMatchObject({
      warnings: ['November is not closed yet', 'the key of the export expires soon'],
      codes: ['erp.partial_month', 'text'],
    });
  });
});

describe('what an earlier version left in sentences reads on', () => {
  test('a plan', async () => {
    const sim = scene();
    const waiting = '1 row has mark in the future (9) and waits until that time has come';
    const ports = writing<object>(sim.ports, 'plans/', (plan) => ({ ...plan, waiting, warnings: [waiting, 'a warning'] }));
    expect(await goBySteps(sim, 'first', ports)).toMatchObject({ status: 'warn', rows: 2, message: waiting, codes: ['text'] });
    expect((await journal(sim)).map(messageOf)).toEqual([waiting]);
  });

  test('a plan with drift', async () => {
    const sim = scene();
    const drift = {
      kind: 'added' as const,
      column: 'email',
      change: 'column email (string) is new',
      now: 'string',
      policy: 'add_columns: auto',
      severity: 'warn' as const,
      outcome: 'it settles from now on; rows settled before have null there',
      since: '2026-11-01T00:00:00.000Z',
    };
    const ports = writing<Plan>(sim.ports, 'plans/', (plan) => ({ ...plan, drift: [drift] }));
    const message = 'column email (string) is new: it settles from now on; rows settled before have null there (add_columns: auto)';
    expect(await goBySteps(sim, 'first', ports)).toMatchObject({ status: 'warn', message });
  });

  test('an intent, with its row of the journal', async () => {
    const sim = scene();
    const message = '3 rows that can’t be read were skipped';
    const older = ({ journal: { notes: _, ...row }, ...intent }: Intent): Intent => ({
      ...intent,
      journal: { ...row, status: 'warn', message },
    });
    await go(sim, 'first', withoutCommits(writing(sim.ports, 'intents/', older)));
    expect(await journal(sim)).toEqual([]);
    sim.world.tick(3_600_000);
    await go(sim, 'second', sim.another('later'));
    expect((await journal(sim)).map(messageOf)).toEqual(['nothing new', message]);
  });

  test('a snapshot: what was noticed then keeps its date, and its history is told as it was decided', async () => {
    const sim = scene();
    await go(sim, 'first', sim.ports);
    sim.world.source.schema = withColumn(baseSchema, 'email');
    sim.world.source.set([row(1, 1), row(2, 2), { ...row(3, 3), email: 'ann@example.com' }]);
    await go(sim, 'second', sim.ports);
    sim.world.source.schema = baseSchema;
    sim.world.source.set([row(1, 1), row(2, 2), row(3, 3), row(4, 4)]);
    const [since, outcome] = ['2020-02-02T00:00:00.000Z', 'it was decided in other words'];
    const older = (snapshot: SchemaSnapshot): SchemaSnapshot => ({
      ...snapshot,
      drift: snapshot.drift.map((one) => ({ ...driftTold(one), since, outcome })),
    });
    await go(sim, 'third', writing(sim.ports, 'schemas/', older));
    sim.world.source.set([row(1, 1), row(2, 2), row(3, 3), row(4, 4), row(5, 5)]);
    await go(sim, 'fourth', sim.ports);
    expect(sim.events.findLast(({ event }) => event === 'plan')).toMatchObject({ drift: [{ column: 'email', since }] });
    const steps = schemaSteps(await schemaHistory(sim.ports, sim.world.spec));
    expect(steps.map(({ changes }) => changes.map((one) => one.outcome && outcomeText(one.outcome)))).toEqual([
      [],
      ['it settles from now on; rows settled before have null there'],
      [outcome],
    ]);
  });
});
