/** The orchestrators of a run whose config waits for a replication: the run ends, and each wait is a run of its own. */
import { describe, expect, test } from 'vitest';
import { bytesOf, mostBytes } from '../../functions/answer.ts';
import { courses } from '../../functions/orchestrators/courses.ts';
import type { ReplicationInput } from '../../functions/replication-input.ts';
import { activities, orchestrators, type RunInput } from '../../functions/run-input.ts';
import { waitId } from '../../src/ports/runs.ts';
import { Replayer } from './replayer.ts';

const of: RunInput = {
  ...{ invocation: '01M7WBCT8NPS10X98J6TEFZ1KC', run: '01M7WBCT8NPS10X98J6TEFZ1KD', flow: 'shop', config: 'f'.repeat(64) },
  ...{ date: '2026-11-20', startedAt: '2026-11-20T02:00:00.000Z', looks: true },
};
const id = waitId(of.run, 4);
const wait: ReplicationInput = {
  of: { ...of, run: id, replication: { run: of.run, n: 4 } },
  ...{ n: 4, at: of.startedAt, cursor: { since: of.startedAt, looks: 1 }, notBefore: '2026-11-20T02:00:05.000Z' },
};

const done = (value: unknown) => ({ ok: true, step: { done: value } });
const failed = { ok: false, transient: false, waitMs: 0, error: { code: 'HYG-6404', what: 'No answer.', why: [], tryThis: [] } };
const settled = { status: 'pass', rows: 10, bytes: 100 };

type Input = Readonly<Record<string, unknown>>;
type Answers = Partial<Record<keyof typeof activities, (input: Input, now: string) => unknown>>;

function replaying(changed: Answers): Replayer {
  const usual: Answers = {
    planEntity: () => done({ outcome: 'planned', plan: 'a plan', slices: 1, inOrder: false }),
    moveSlice: () => done({ receipt: 'a receipt', rows: 10, bytes: 1, parts: 1, cursor: null }),
    commitEntity: () => done({ ...settled, replicatesApart: true }),
    replicateApart: ({ after }) => done({ ...(after as object), waitsApart: true }),
    awaitReplication: ({ after }) => done({ ...(after as object), replication: 'replicated' }),
    verifyEntity: ({ after }) => done(after),
    look: () => done('waits'),
    closeFlow: () => done(null),
  };
  const key = (name: string) => Object.entries(activities).find(([, activity]) => activity === name)?.[0] as keyof typeof activities;
  const answers = { ...usual, ...changed };
  return new Replayer({ orchestrators: courses, activity: (name, input, now) => answers[key(name)]?.(input, now) });
}

const told = (replayer: Replayer) =>
  replayer.calls.flatMap(({ name, input }) =>
    name === activities.planEntity || name === activities.moveSlice
      ? []
      : [`${name.slice('hygge-'.length)}${input.compares ? ' of keys' : input.compacts ? ' of files' : ''}`],
  );

describe('an entity that is to be replicated', () => {
  const entity = async (changed: Answers) => {
    const replayer = replaying(changed);
    return { replayer, outcome: await replayer.run(orchestrators.entity, { of, n: 4 }, `${of.run}-e4`) };
  };

  test('ends with what it settled, and no timer is set', async () => {
    const { replayer, outcome } = await entity({});
    expect(outcome).toEqual({ ...settled, waitsApart: true });
    expect(told(replayer)).toEqual(['commit-entity', 'replicate-apart']);
    expect(replayer.now).toBe(Date.parse(of.startedAt));
  });

  test('has its keys compared and its files put together before the wait, which also compares its rows', async () => {
    const { replayer, outcome } = await entity({
      commitEntity: ({ compares, compacts }) =>
        done({ ...settled, ...(!compares && !compacts && { replicatesApart: true, compareNext: true, compactNext: true, verify: true }) }),
    });
    expect(outcome).toMatchObject({ status: 'pass', rows: 20, waitsApart: true });
    expect(told(replayer)).toEqual(['commit-entity', 'commit-entity of keys', 'commit-entity of files', 'replicate-apart']);
    expect(replayer.calls.at(-1)?.input).toMatchObject({ n: 4, verifies: true, after: { status: 'pass', rows: 20 } });
  });

  test('has its rows compared within the run where there is nothing to wait for', async () => {
    const { replayer } = await entity({
      commitEntity: () => done({ ...settled, replicatesApart: true, verify: true }),
      replicateApart: ({ after }) => done({ ...(after as object), verify: true }),
    });
    expect(told(replayer)).toEqual(['commit-entity', 'replicate-apart', 'verify-entity']);
  });

  test('has its rows compared by nothing where the comparison of its keys failed', async () => {
    const { replayer, outcome } = await entity({
      commitEntity: ({ compares }) => (compares ? failed : done({ ...settled, replicatesApart: true, compareNext: true, verify: true })),
      abandonEntity: ({ error }) => done({ status: 'error', rows: 0, bytes: 0, error }),
    });
    expect(outcome).toMatchObject({ status: 'error', error: { code: 'HYG-6404' }, waitsApart: true });
    expect(replayer.calls.at(-1)?.input).not.toHaveProperty('verifies');
  });

  test.each(['replicateApart', 'verifyEntity'] as const)('has a warning that says why where %s fails', async (step) => {
    const commitEntity = () => done({ ...settled, ...(step === 'verifyEntity' ? { verify: true } : { replicatesApart: true }) });
    const { outcome } = await entity({ commitEntity, [step]: () => failed });
    expect(outcome).toEqual({ ...settled, status: 'warn', error: { code: 'HYG-6404', what: 'No answer.' } });
  });

  test('that has such a warning does not hide the failure of a later entity', async () => {
    const replayer = replaying({
      planFlow: () => done({ lanes: ['0-1'] }),
      planEntity: ({ n }) =>
        n === 1
          ? { ...failed, error: { ...failed.error, code: 'HYG-3101' } }
          : done({ outcome: 'planned', plan: 'p', slices: 1, inOrder: false }),
      abandonEntity: ({ error }) => done({ status: 'error', rows: 0, bytes: 0, error }),
      replicateApart: () => failed,
    });
    const outcome = await replayer.run(orchestrators.flow, { of, entities: '0-1' }, 'flow-shop');
    expect(outcome).toMatchObject({ warn: 1, error: 1, first: { code: 'HYG-3101' } });
  });

  test('that waited next to its lane until its table was gone starts its wait there', async () => {
    let asked = 0;
    const replayer = replaying({
      planFlow: () => done({ lanes: ['0-1'] }),
      commitEntity({ n }) {
        if (n === 1 || ++asked > 1) return done({ ...settled, replicatesApart: true });
        return {
          ok: true,
          step: { again: { looks: 1 }, notBefore: '2026-11-20T03:00:00.000Z', waitsFor: 'Fabric has to remove the table' },
        };
      },
    });
    const outcome = await replayer.run(orchestrators.flow, { of, entities: '0-1' }, 'flow-shop');
    expect(outcome).toMatchObject({ pass: 2, rows: 20, waitsApart: 2 });
  });
});

describe('a wait for a replication', () => {
  const waiting = async (changed: Answers, more: Partial<ReplicationInput> = {}) => {
    const replayer = replaying(changed);
    await replayer.run(orchestrators.replication, { ...wait, ...more }, id);
    const close = replayer.calls.find(({ name }) => name === activities.closeFlow);
    return { replayer, outcome: close?.input.outcome };
  };

  test('looks by timers from where the first look was, and closes as a run of the flow', async () => {
    const looks: unknown[] = [];
    const { replayer, outcome } = await waiting({
      awaitReplication({ after, cursor }, now) {
        looks.push([cursor, now]);
        if (looks.length > 1) return done({ ...(after as object), replication: 'replicated' });
        return {
          ok: true,
          step: { again: { looks: 2 }, notBefore: '2026-11-20T02:00:15.000Z', waitsFor: 'Fabric has not made the table yet' },
        };
      },
    });
    expect(looks).toEqual([
      [wait.cursor, '2026-11-20T02:00:05.000Z'],
      [{ looks: 2 }, '2026-11-20T02:00:15.000Z'],
    ]);
    expect(outcome).toMatchObject({ pass: 1, error: 0, rows: 0, settled: '', failed: '', replication: 'replicated' });
    expect(replayer.histories.get(id)?.statuses).toContainEqual({
      ...{ stage: 'waiting', for: 'Fabric has not made the table yet', until: '2026-11-20T02:00:15.000Z' },
    });
    expect(Math.max(...replayer.calls.map(({ input }) => bytesOf(input)))).toBeLessThanOrEqual(mostBytes);
  });

  test.each([
    ['replicated', 'pass', true],
    ['not replicated', 'warn', true],
    ['not replicated', 'error', false],
    ['superseded', 'skip', false],
    ['cancelled', 'skip', false],
  ])('that found %s and has status %s compares the rows: %s', async (replication, status, compares) => {
    const awaitReplication = () => done({ status, rows: 0, bytes: 0, replication });
    const { replayer, outcome } = await waiting({ awaitReplication }, { verifies: true });
    expect(told(replayer)).toEqual(['await-replication', ...(compares ? ['verify-entity'] : []), 'close-flow']);
    expect(outcome).toMatchObject({ [status]: 1, replication });
  });

  test('whose comparison differs where that fails it has failed', async () => {
    const error = { code: 'HYG-2095', what: 'They differ.' };
    const verifyEntity = ({ after }: Input) => done({ ...(after as object), status: 'error', error });
    const { outcome } = await waiting({ verifyEntity }, { verifies: true });
    expect(outcome).toMatchObject({ error: 1, failed: '4', first: error, replication: 'replicated' });
  });

  test('whose looks fail says nothing of the replication', async () => {
    const { outcome } = await waiting({ awaitReplication: () => failed }, { verifies: true });
    expect(outcome).toMatchObject({ warn: 1, pass: 0, first: { code: 'HYG-6404' }, replication: 'unknown' });
  });

  test('that has ended on the board is not closed once more', async () => {
    const { replayer } = await waiting({ awaitReplication: () => done({ status: 'skip', rows: 0, bytes: 0, replication: 'over' }) });
    expect(told(replayer)).toEqual(['await-replication']);
  });
});
