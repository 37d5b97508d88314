import { describe, expect, test } from 'vitest';
import { bytesOf, mostBytes } from '../../functions/answer.ts';
import { courses } from '../../functions/orchestrators/courses.ts';
import { activities, orchestrators, type RunInput } from '../../functions/run-input.ts';
import { Replayer, type World } from './replayer.ts';

const of: RunInput = {
  invocation: '01M7WBCT8NPS10X98J6TEFZ1KC',
  run: '01M7WBCT8NPS10X98J6TEFZ1KD',
  flow: 'shop',
  config: 'f'.repeat(64),
  date: '2026-11-20',
  startedAt: '2026-11-20T02:00:00.000Z',
  looks: true,
};

const done = (value: unknown) => ({ ok: true, step: { done: value } });
const failed = (code: string, transient = false, waitMs = 0) => ({
  ok: false,
  transient,
  waitMs,
  error: { code, what: `It failed with ${code}.`, why: [], tryThis: [] },
});
const ref = (kind: string, n: number) => `${kind}/00000000000000000001-abcdefghij-${n}-klmnopqrst`;

/** Answers of the engine's steps, when all goes well. */
const planned = (more: object = {}) => done({ outcome: 'planned', plan: ref('plans', 0), slices: 1, inOrder: false, ...more });
const moved = (receipt: number, more: object = {}) =>
  done({ receipt: ref('receipts', receipt), rows: 10, bytes: 1, parts: 1, cursor: null, ...more });
const committed = (more: object = {}) => done({ status: 'pass', rows: 10, bytes: 100, ...more });

type Input = {
  readonly n: number;
  readonly slice: number;
  readonly attempt: number;
  readonly cursor?: unknown;
  readonly refs: readonly string[];
};
/** `now`: the clock of the platform. */
type Activity = (input: Input & Record<string, unknown>, now: string) => unknown;

/** The engine's steps, when all goes well; `changed` are those that a test is about. */
function steps(slices: number, changed: Partial<Record<keyof typeof activities, Activity>> = {}): World['activity'] {
  let lists = 0;
  const usual: Record<keyof typeof activities, Activity> = {
    planFlow: () => done({ lanes: ['0'] }),
    planEntity: () => planned({ slices }),
    moveSlice: ({ slice }) => moved(slice),
    recordSlices: () => done({ list: ref('receipts', 100_000 + lists++) }),
    commitEntity: () => committed(),
    abandonEntity: ({ error }) => done({ status: 'error', rows: 0, bytes: 0, error }),
    verifyEntity: () => committed(),
    awaitReplication: ({ after }) => done(after),
    replicateApart: ({ after }) => done(after),
    look: () => done('waits'),
    closeFlow: () => done(null),
  };
  const byName = new Map(
    Object.entries(activities).map(([key, name]) => [
      name as string,
      changed[key as keyof typeof activities] ?? usual[key as keyof typeof activities],
    ]),
  );
  return (name, input, now) => byName.get(name)?.(input, now);
}

/** A step that waits until then for another system. */
const waits = (since: number, notBefore: string) => ({
  ok: true,
  step: { again: { since }, notBefore, waitsFor: 'Fabric has to make the table first' },
});

/** Answers so once for each entity. */
function waitsOnce(notBefore: string): (n: number) => unknown {
  const asked = new Set<number>();
  return (n) => {
    if (asked.has(n)) return undefined;
    asked.add(n);
    return waits(n, notBefore);
  };
}

const commitsAndLooks = (replayer: Replayer) =>
  replayer.calls.flatMap(({ name, input }) =>
    name === activities.commitEntity || name === activities.awaitReplication ? [`${name.slice(6)} ${input.n}`] : [],
  );

const named = (replayer: Replayer, name: string) => replayer.calls.filter((call) => call.name === name);

async function entity(activity: World['activity'], more: Partial<World> = {}) {
  const replayer = new Replayer({ orchestrators: courses, activity, ...more });
  const outcome = await replayer.run(orchestrators.entity, { of, n: 4 }, `${of.run}-e4`);
  return { replayer, outcome };
}

describe('an entity', () => {
  test('is planned, moved in waves and committed', async () => {
    const { replayer, outcome } = await entity(steps(20));
    expect(outcome).toEqual({ status: 'pass', rows: 10, bytes: 100 });
    expect(named(replayer, activities.moveSlice).map(({ input }) => input.slice)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(replayer.most).toBe(8);
    const [commit] = named(replayer, activities.commitEntity);
    expect(commit?.input.receipts).toHaveLength(20);
  });

  test('of 1,000 slices has short histories and small steps, and commits every receipt', async () => {
    const recorded = new Map<string, readonly string[]>();
    let lists = 0;
    const recordSlices: Activity = ({ refs }) => {
      const list = ref('receipts', 100_000 + lists++);
      recorded.set(list, refs);
      return done({ list });
    };
    const { replayer } = await entity(steps(1_000, { recordSlices }));
    const unfolded = (refs: readonly string[]): readonly string[] =>
      refs.flatMap((one) => (recorded.has(one) ? unfolded(recorded.get(one) ?? []) : one));
    const [commit] = named(replayer, activities.commitEntity);
    const receipts = unfolded(commit?.input.receipts as string[]);
    expect(new Set(receipts)).toEqual(new Set(Array.from({ length: 1_000 }, (_, i) => ref('receipts', i))));
    expect(receipts).toHaveLength(1_000);
    expect(replayer.longest).toBeLessThan(500);
    expect(Math.max(...replayer.calls.map(({ input }) => bytesOf(input)))).toBeLessThanOrEqual(mostBytes);
    expect(replayer.histories.size).toBe(10);
  });

  test('whose records are not like those that were looked at is planned again, and only the second plan is committed', async () => {
    const planEntity: Activity = ({ again }) => planned({ plan: ref('plans', again ? 1 : 0), slices: 250 });
    const moveSlice: Activity = ({ slice, plan }) => {
      if (plan === ref('plans', 0)) return slice === 120 ? failed('HYG-3210') : done({ receipt: 'of the first', rows: 1, cursor: null });
      return moved(slice);
    };
    let told: readonly string[] = [];
    const recordSlices: Activity = ({ refs }) => {
      told = [...told, ...refs];
      return done({ list: ref('receipts', 100_000 + told.length) });
    };
    const { replayer, outcome } = await entity(steps(0, { planEntity, moveSlice, recordSlices }));
    expect(outcome).toMatchObject({ status: 'pass' });
    const [commit, ...others] = named(replayer, activities.commitEntity);
    expect(others).toEqual([]);
    expect(commit?.input.plan).toBe(ref('plans', 1));
    expect(commit?.input.receipts).not.toContain('of the first');
    expect(new Set(replayer.histories.keys()).size).toBe(replayer.histories.size);
    expect(named(replayer, activities.abandonEntity)).toEqual([]);
  });

  test('whose records never fit is planned again once', async () => {
    const { replayer } = await entity(steps(2, { moveSlice: () => failed('HYG-3210') }));
    expect(named(replayer, activities.planEntity).map(({ input }) => input.again ?? false)).toEqual([false, true]);
    expect(named(replayer, activities.abandonEntity)).toHaveLength(1);
  });

  test('is verified once, behind the comparison of its keys', async () => {
    const commitEntity: Activity = ({ compares }) => committed({ verify: true, ...(compares ? {} : { compareNext: true }) });
    const verifyEntity: Activity = ({ after }) => done({ ...(after as object), status: 'warn' });
    const { replayer, outcome } = await entity(steps(1, { commitEntity, verifyEntity }));
    expect(outcome).toMatchObject({ status: 'warn', rows: 20 });
    const told = replayer.calls.map(({ name }) => name).filter((name) => name !== activities.moveSlice && name !== activities.planEntity);
    expect(told).toEqual([activities.commitEntity, activities.commitEntity, activities.verifyEntity]);
  });

  test('is verified where the comparison of its keys found nothing to verify', async () => {
    const commitEntity: Activity = ({ compares }) => committed(compares ? {} : { verify: true, compareNext: true });
    const { replayer } = await entity(steps(1, { commitEntity }));
    expect(named(replayer, activities.verifyEntity)).toHaveLength(1);
  });

  test('waits by timers until what settled is replicated, before its keys are compared', async () => {
    const commitEntity: Activity = ({ compares }) => committed({ replicates: true, ...(compares ? {} : { compareNext: true }) });
    const awaitReplication: Activity = ({ after, cursor }) =>
      cursor === undefined
        ? { ok: true, step: { again: { looks: 1 }, notBefore: '2026-11-20T02:30:00.000Z' } }
        : done({ ...(after as object), status: 'warn' });
    const { replayer, outcome } = await entity(steps(1, { commitEntity, awaitReplication }));
    expect(outcome).toEqual({ status: 'warn', rows: 20, rowsRead: 0, bytes: 200 });
    const told = replayer.calls.map(({ name }) => name).filter((name) => name !== activities.moveSlice && name !== activities.planEntity);
    const { commitEntity: commit, awaitReplication: awaits, look } = activities;
    expect(told).toEqual([commit, awaits, look, awaits, commit]);
    expect(replayer.now).toBeGreaterThanOrEqual(Date.parse('2026-11-20T02:30:00.000Z'));
  });

  test('has a warning where nothing says whether it was replicated', async () => {
    const commitEntity: Activity = () => committed({ replicates: true });
    const { outcome } = await entity(steps(1, { commitEntity, awaitReplication: () => failed('HYG-6404') }));
    expect(outcome).toMatchObject({ status: 'warn', rows: 10, bytes: 100, error: { code: 'HYG-6404' } });
  });

  test('is not verified where the comparison of its keys failed, and only then', async () => {
    const commitEntity: Activity = ({ compares }) => (compares ? failed('HYG-2088') : committed({ verify: true, compareNext: true }));
    const broken = await entity(steps(1, { commitEntity }));
    expect(broken.outcome).toMatchObject({ status: 'error', error: { code: 'HYG-2088' } });
    expect(named(broken.replayer, activities.verifyEntity)).toEqual([]);
    const live = await entity(steps(1, { commitEntity: () => committed({ verify: true }) }));
    expect(named(live.replayer, activities.verifyEntity)).toHaveLength(1);
    expect(live.outcome).toEqual({ status: 'pass', rows: 10, bytes: 100 });
  });

  test('whose keys are due to be compared has a second run for that, which is planned, moved and committed as one that compares', async () => {
    const commitEntity: Activity = ({ compares }) =>
      done(
        compares
          ? { status: 'pass', rows: -3, rowsRead: 3, bytes: 5 }
          : { status: 'pass', rows: 10, rowsRead: 10, bytes: 100, compareNext: true },
      );
    const planEntity: Activity = ({ compares }) => planned({ plan: ref('plans', compares ? 1 : 0), slices: compares ? 1 : 2 });
    const { replayer, outcome } = await entity(steps(0, { planEntity, commitEntity }));
    expect(outcome).toEqual({ status: 'pass', rows: 7, rowsRead: 13, bytes: 105 });
    const told = replayer.calls.map(({ name, input }) => [name, input.compares ?? false]);
    const own = [activities.planEntity, activities.moveSlice, activities.commitEntity].map((name) => [name, true]);
    expect(told.slice(-3)).toEqual(own);
    expect(told.slice(0, -3).map(([, compares]) => compares)).toEqual([false, false, false, false]);
  });

  test('whose comparison fails has failed, and only the comparison is given up', async () => {
    const commitEntity: Activity = () => committed({ compareNext: true });
    const moveSlice: Activity = ({ compares, slice }) => (compares ? failed('HYG-2088') : moved(slice));
    const { replayer, outcome } = await entity(steps(1, { commitEntity, moveSlice }));
    expect(outcome).toMatchObject({ status: 'error', rows: 10, bytes: 100, error: { code: 'HYG-2088' } });
    expect(named(replayer, activities.abandonEntity).map(({ input }) => input.compares)).toEqual([true]);
  });

  test('whose small files are due has a run for that behind all others, each step of which says so', async () => {
    const commitEntity: Activity = ({ compares, compacts }) =>
      done({
        ...{ status: 'pass', rows: compacts ? 0 : 10, rowsRead: 10, bytes: 100 },
        ...(compares ? { verify: true } : compacts ? {} : { compareNext: true, compactNext: true }),
      });
    const { replayer, outcome } = await entity(steps(2, { commitEntity }));
    expect(outcome).toEqual({ status: 'pass', rows: 10, bytes: 100 });
    const told = replayer.calls.map(({ name, input }) => [name, input.compares ? 'compares' : input.compacts ? 'compacts' : 'live']);
    const run = [activities.planEntity, activities.moveSlice, activities.moveSlice, activities.commitEntity];
    expect(told).toEqual([
      ...run.map((name) => [name, 'live']),
      ...run.map((name) => [name, 'compares']),
      [activities.verifyEntity, 'live'],
      ...run.map((name) => [name, 'compacts']),
    ]);
  });

  test.each([
    ['failed is a warning of it', 'HYG-4117', 'warn'],
    ['was stopped by a person leaves it unchanged', 'HYG-2020', 'pass'],
    ['found another run at work leaves it unchanged', 'HYG-2001', 'pass'],
  ])('whose compaction %s', async (_, code, status) => {
    const commitEntity: Activity = () => committed({ compactNext: true });
    const planEntity: Activity = ({ compacts }) => (compacts ? failed(code) : planned());
    const { replayer, outcome } = await entity(steps(1, { planEntity, commitEntity }));
    expect(outcome).toEqual({ status, rows: 10, bytes: 100 });
    expect(named(replayer, activities.abandonEntity).map(({ input }) => input.compacts)).toEqual([true]);
  });

  test('that failed, or differs from its source where that fails it, is not compacted', async () => {
    const settled = { status: 'pass', rows: 10, bytes: 100, compactNext: true };
    const differing = steps(1, {
      commitEntity: () => done({ ...settled, verify: true }),
      verifyEntity: () => done({ status: 'error', rows: 10, bytes: 100, error: { code: 'HYG-2095', what: 'They differ.' } }),
    });
    const broken = steps(1, { moveSlice: () => failed('HYG-3001'), commitEntity: () => done(settled) });
    for (const activity of [differing, broken]) {
      const { replayer, outcome } = await entity(activity);
      expect(outcome).toMatchObject({ status: 'error' });
      expect(replayer.calls.some(({ input }) => input.compacts)).toBe(false);
    }
  });

  test('that failed, or whose rows are not replicated where that fails it, compares nothing', async () => {
    const settled = committed({ replicates: true, compareNext: true });
    const awaitReplication: Activity = ({ after }) => done({ ...(after as object), status: 'error' });
    for (const changed of [{ moveSlice: () => failed('HYG-4016') }, { commitEntity: () => settled, awaitReplication }]) {
      const { replayer, outcome } = await entity(steps(1, changed));
      expect(outcome).toMatchObject({ status: 'error' });
      expect(replayer.calls.some(({ input }) => input.compares)).toBe(false);
    }
  });

  test('that was not started goes no further', async () => {
    const planEntity = () => done({ outcome: 'nothing', ended: { status: 'skip', rows: 0, bytes: 0 } });
    const { replayer, outcome } = await entity(steps(3, { planEntity }));
    expect(outcome).toEqual({ status: 'skip', rows: 0, bytes: 0 });
    expect(replayer.calls).toHaveLength(1);
  });

  test('whose run has ended before is not moved again: the commit finds how it ended', async () => {
    const { replayer } = await entity(steps(3, { planEntity: () => done({ outcome: 'ended' }) }));
    expect(replayer.calls.map(({ name }) => name)).toEqual([activities.planEntity, activities.commitEntity]);
    expect(replayer.calls[1]?.input).toMatchObject({ plan: '', receipts: [] });
  });
});

describe('a slice', () => {
  test('that fails and may go better later is tried again after a while, and the others are not', async () => {
    const moveSlice: Activity = (input) => (input.slice === 3 && input.attempt < 3 ? failed('HYG-6001', true, 5_000) : moved(input.slice));
    const { replayer, outcome } = await entity(steps(5, { moveSlice }));
    expect(outcome).toMatchObject({ status: 'pass' });
    expect(
      named(replayer, activities.moveSlice)
        .filter(({ input }) => input.slice === 3)
        .map(({ input }) => input.attempt),
    ).toEqual([1, 2, 3]);
    expect(named(replayer, activities.moveSlice)).toHaveLength(7);
    expect(replayer.now).toBe(Date.parse('2026-11-20T02:00:10.000Z'));
  });

  test('that says "again" continues from there, not before its time', async () => {
    const moveSlice: Activity = ({ slice, cursor }) =>
      cursor === undefined ? { ok: true, step: { again: { page: 2 }, notBefore: '2026-11-20T03:00:00.000Z' } } : moved(slice);
    const { replayer } = await entity(steps(1, { moveSlice }));
    expect(named(replayer, activities.moveSlice).map(({ input }) => input.cursor)).toEqual([undefined, { page: 2 }]);
    expect(replayer.now).toBe(Date.parse('2026-11-20T03:00:00.000Z'));
  });

  test('whose source wants to be left alone continues after a timer, and no activity runs meanwhile', async () => {
    const asked: (readonly [unknown, string])[] = [];
    const moveSlice: Activity = ({ cursor }, now) => {
      asked.push([cursor, now]);
      return moved(asked.length, cursor === undefined ? { cursor: 'half', notBefore: '2026-11-20T05:30:00.000Z' } : {});
    };
    const { replayer } = await entity(steps(1, { moveSlice }));
    expect(asked).toEqual([
      [undefined, '2026-11-20T02:00:00.000Z'],
      ['half', '2026-11-20T05:30:00.000Z'],
    ]);
    expect([...replayer.histories.values()][0]?.statuses).toContainEqual(
      expect.objectContaining({ stage: 'waiting', until: '2026-11-20T05:30:00.000Z' }),
    );
  });

  test.each([
    ['a source that wants to be left alone', { again: 'half', notBefore: '2026-11-20T05:30:00.000Z' }],
    ['an hour behind a failure', 3 * 3_600_000],
  ])('stops within a quarter of an hour when a request says so, behind %s', async (_, pause) => {
    const times: string[] = [];
    let isStopped = false;
    const { outcome } = await entity(
      steps(1, {
        moveSlice(_input, now) {
          times.push(`move ${now.slice(11, 16)}`);
          if (isStopped) return failed('HYG-2020');
          return typeof pause === 'number' ? failed('HYG-6001', true, pause) : { ok: true, step: pause };
        },
        look(_input, now) {
          times.push(`look ${now.slice(11, 16)}`);
          isStopped = now >= '2026-11-20T02:40';
          return done(isStopped ? 'stopped' : 'waits');
        },
      }),
    );
    expect(times).toEqual(['move 02:00', 'look 02:15', 'look 02:30', 'look 02:45', 'move 02:45']);
    expect(outcome).toMatchObject({ status: 'error', error: { code: 'HYG-2020' } });
  });

  test('whose look fails waits until its time', async () => {
    const look: Activity = () => {
      throw new Error('the worker ended');
    };
    const moveSlice: Activity = ({ cursor, slice }) =>
      cursor === undefined ? { ok: true, step: { again: 1, notBefore: '2026-11-20T02:40:00.000Z' } } : moved(slice);
    const { replayer, outcome } = await entity(steps(1, { moveSlice, look }));
    expect([outcome, replayer.now]).toEqual([expect.objectContaining({ status: 'pass' }), Date.parse('2026-11-20T02:40:00.000Z')]);
  });

  test('that fails permanently gives the entity up', async () => {
    const moveSlice: Activity = ({ slice }) => (slice === 2 ? failed('HYG-3001') : moved(slice));
    const { replayer, outcome } = await entity(steps(30, { moveSlice }));
    expect(outcome).toMatchObject({ status: 'error', error: { code: 'HYG-3001' } });
    expect(named(replayer, activities.moveSlice)).toHaveLength(8);
    expect(named(replayer, activities.abandonEntity)[0]?.input).toMatchObject({ n: 4, error: { code: 'HYG-3001' }, attempts: 1 });
    expect(named(replayer, activities.commitEntity)).toEqual([]);
  });

  test('under which the machine goes away is moved again with its wave', async () => {
    let crashes = 1;
    const moveSlice: Activity = ({ slice }) => {
      if (slice === 1 && crashes-- > 0) throw new Error('the worker ended');
      return moved(slice);
    };
    const { replayer, outcome } = await entity(steps(3, { moveSlice }));
    expect(outcome).toMatchObject({ status: 'pass' });
    expect(named(replayer, activities.moveSlice).map(({ input }) => [input.slice, input.attempt])).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
      [0, 2],
      [1, 2],
      [2, 2],
    ]);
    expect(named(replayer, activities.commitEntity)[0]?.input.receipts).toHaveLength(3);
  });
});

/** Pages that follow one another, in each slice so many; a page that is asked for twice fails, and the entity with it. */
function inOrder(pages: readonly number[], meets: (page: number, now: string) => object = () => ({})): World['activity'] {
  const asked = new Set<string>();
  const moveSlice: Activity = ({ slice, cursor }, now) => {
    const page = (cursor as number | undefined) ?? 0;
    const key = `${slice} ${page}`;
    if (asked.has(key)) return failed('HYG-3001');
    asked.add(key);
    const next = page + 1 < (pages[slice] ?? 0) ? page + 1 : null;
    return moved(asked.size, { cursor: next, ...meets(page, now) });
  };
  return steps(0, { planEntity: () => planned({ slices: pages.length, inOrder: true }), moveSlice });
}

test('pages that follow one another are moved one by one, and by several orchestrations when there are many', async () => {
  // The second orchestration begins amid the first slice, the third one amid the second.
  const pages = [130, 120];
  const { replayer, outcome } = await entity(inOrder(pages));
  expect(outcome).toMatchObject({ status: 'pass' });
  expect(replayer.most).toBe(1);
  expect(named(replayer, activities.moveSlice).map(({ input }) => [input.slice, input.cursor])).toEqual(
    pages.flatMap((count, slice) => Array.from({ length: count }, (_, i) => [slice, i === 0 ? undefined : i])),
  );
  expect(replayer.histories.size).toBe(3);
  expect(replayer.longest).toBeLessThan(500);
});

test('pages whose source wants to be left alone are not asked for early by the next orchestration either', async () => {
  const early: number[] = [];
  let notBefore = '';
  const meets = (page: number, now: string) => {
    if (now < notBefore) early.push(page);
    notBefore = new Date(Date.parse(now) + 60_000).toISOString();
    return { notBefore };
  };
  const { replayer, outcome } = await entity(inOrder([101], meets));
  expect(outcome).toMatchObject({ status: 'pass' });
  expect(early).toEqual([]);
  expect(replayer.histories.size).toBe(2);
});

describe('when something goes wrong', () => {
  test('a step that may go better later is tried four times in all', async () => {
    let attempts = 0;
    const planEntity: Activity = ({ attempt }) => {
      attempts++;
      return failed('HYG-6001', attempt < 4, 1_000);
    };
    const { outcome } = await entity(steps(1, { planEntity }));
    expect(attempts).toBe(4);
    expect(outcome).toMatchObject({ status: 'error', error: { code: 'HYG-6001' } });
  });

  test('a machine that stops at every attempt is said so', async () => {
    const commitEntity = () => {
      throw new Error('exited with code 137');
    };
    const { replayer, outcome } = await entity(steps(1, { commitEntity }));
    expect(outcome).toMatchObject({ status: 'error', error: { code: 'HYG-2053' } });
    expect(named(replayer, activities.commitEntity)).toHaveLength(4);
    expect(named(replayer, activities.abandonEntity)[0]?.input).toMatchObject({
      error: { code: 'HYG-2053', why: ['exited with code 137'] },
    });
  });

  test('what was decided is finished, and the entity has not failed', async () => {
    let commits = 0;
    const commitEntity = () => (commits++ === 0 ? failed('HYG-6001') : done({ status: 'pass', rows: 7, bytes: 1 }));
    const { replayer, outcome } = await entity(steps(1, { commitEntity, abandonEntity: () => done('decided') }));
    expect(outcome).toEqual({ status: 'pass', rows: 7, bytes: 1 });
    expect(named(replayer, activities.commitEntity)[1]?.input).toMatchObject({ plan: '', receipts: [] });
  });

  test('a stretch of slices that is ended from outside gives the entity up', async () => {
    const { outcome } = await entity(steps(150), { endedFromOutside: (id) => id.endsWith('-s1') });
    expect(outcome).toMatchObject({ status: 'error', error: { code: 'HYG-2053' } });
  });
});

/** A flow whose entities go in these lanes; its steps as `steps` has them. */
async function flow(lanes: readonly string[], changed: Parameters<typeof steps>[1] = {}, more: Partial<World> = {}) {
  const replayer: Replayer = new Replayer({
    orchestrators: courses,
    activity: steps(1, { planFlow: () => done({ lanes }), ...changed }),
    ...more,
  });
  const outcome = await replayer.run(orchestrators.flow, { of, entities: lanes.join(',') }, 'flow-shop');
  return { replayer, outcome };
}

describe('a flow', () => {
  test('of 200 entities in lanes has short histories and small steps', async () => {
    const { replayer, outcome } = await flow(
      Array.from({ length: 8 }, (_, i) => `${i * 25}-${i * 25 + 24}`),
      { planEntity: () => planned({ slices: 3 }) },
    );
    expect(outcome).toMatchObject({ pass: 200, error: 0, rows: 2_000, settled: '0-199', failed: '' });
    expect(replayer.longest).toBeLessThan(200);
    expect(Math.max(...replayer.calls.map(({ input }) => bytesOf(input)))).toBeLessThanOrEqual(mostBytes);
    expect(replayer.calls.at(-1)).toMatchObject({ name: activities.closeFlow, input: { outcome: { pass: 200 } } });
  });

  test('moves the other entities of a lane while some wait for another system, for their commit or for what settled', async () => {
    const again = waitsOnce('2026-11-20T03:00:00.000Z');
    const { replayer, outcome } = await flow(['0-3'], {
      commitEntity: ({ n }) => (n === 0 ? again(n) : undefined) ?? committed(n === 1 ? { replicates: true } : {}),
      awaitReplication: ({ n, after }) => again(n) ?? done(after),
    });
    expect(outcome).toMatchObject({ pass: 4, error: 0, rows: 40, settled: '0-3' });
    const order = commitsAndLooks(replayer);
    expect(order.slice(0, 5)).toEqual(['commit-entity 0', 'commit-entity 1', 'await-replication 1', 'commit-entity 2', 'commit-entity 3']);
    expect(order.slice(5).sort()).toEqual(['await-replication 1', 'commit-entity 0']);
    const [, resumed] = named(replayer, activities.commitEntity).filter(({ input }) => input.n === 0);
    expect(resumed?.input).toMatchObject({ cursor: { since: 0 }, plan: ref('plans', 0), receipts: [ref('receipts', 0)] });
    const told = replayer.histories.get(`${of.run}-l0`)?.statuses ?? [];
    expect(told).toContainEqual({ entities: 4, done: 0, rows: 0, waiting: '0', rest: `${of.run}-l0.1` });
    expect(told.at(-1)).toEqual({ entities: 4, done: 4, rows: 40 });
  });

  test('lets the others of a lane move first where one waits until an earlier commit of it is finished', async () => {
    const again = waitsOnce('2026-11-20T03:00:00.000Z');
    const planEntity: Activity = ({ n }) => (n === 0 ? again(n) : undefined) ?? planned({ plan: ref('plans', n) });
    const { replayer, outcome } = await flow(['0-2'], { planEntity });
    expect(outcome).toMatchObject({ pass: 3, settled: '0-2' });
    expect(named(replayer, activities.planEntity).map(({ input }) => [input.n, input.cursor])).toEqual([
      [0, undefined],
      [1, undefined],
      [2, undefined],
      [0, { since: 0 }],
    ]);
    expect(commitsAndLooks(replayer)).toEqual(['commit-entity 1', 'commit-entity 2', 'commit-entity 0']);
  });

  test('continues with an entity that waited as soon as it may, and not before, whatever its lane is at', async () => {
    const times: string[] = [];
    let looks = 0;
    const { replayer } = await flow(['0-1'], {
      moveSlice({ n, slice, attempt }, now) {
        times.push(`${now.slice(11, 16)} move ${n}`);
        return n === 1 && attempt === 1 ? failed('HYG-6001', true, 2 * 3_600_000) : moved(slice);
      },
      commitEntity({ n }, now) {
        times.push(`${now.slice(11, 16)} commit ${n}`);
        const notBefore = ['2026-11-20T02:10:00.000Z', '2026-11-20T02:30:00.000Z'][n === 0 ? looks++ : 2];
        return notBefore ? waits(n, notBefore) : committed();
      },
    });
    expect(times).toEqual([
      '02:00 move 0',
      '02:00 commit 0',
      '02:00 move 1',
      '02:10 commit 0',
      '02:30 commit 0',
      '04:00 move 1',
      '04:00 commit 1',
    ]);
    const told = replayer.histories.get(`${of.run}-e0-w`)?.statuses.at(-1);
    expect(told).toEqual({ stage: 'waiting', for: 'Fabric has to make the table first', until: '2026-11-20T02:30:00.000Z' });
  });

  test('all of whose entities wait reads no more of them at once than it has lanes, and waits for all at the same time', async () => {
    const again = waitsOnce('2026-11-20T03:00:00.000Z');
    let [reading, most] = [0, 0];
    const reads = async <T>(answer: T): Promise<T> => {
      most = Math.max(most, ++reading);
      for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
      reading--;
      return answer;
    };
    const { replayer, outcome } = await flow(['0-1', '2-3'], {
      planEntity: () => reads(planned()),
      verifyEntity: ({ after }) => reads(done(after)),
      commitEntity: ({ n, compares, compacts }) =>
        compares || compacts
          ? committed({ rows: 1, verify: true })
          : (again(n) ?? committed({ replicates: true, compareNext: true, compactNext: true })),
      awaitReplication: ({ n, after }) => again(n + 10) ?? done(after),
    });
    expect(outcome).toMatchObject({ pass: 4, error: 0, rows: 44, settled: '0-3' });
    expect(named(replayer, activities.planEntity)).toHaveLength(12);
    expect(named(replayer, activities.verifyEntity)).toHaveLength(4);
    expect(most).toBe(2);
    expect(new Date(replayer.now).toISOString()).toBe('2026-11-20T03:00:00.000Z');
  });

  test('of 120 entities in a lane, each of which waits, begins the last one before the first has waited, with short histories', async () => {
    const again = waitsOnce('2026-11-20T03:00:00.000Z');
    const began: string[] = [];
    const { replayer, outcome } = await flow(['0-119'], {
      commitEntity: ({ n }) => again(n) ?? committed(),
      planEntity(_, now) {
        began.push(now);
        return planned();
      },
    });
    expect(outcome).toMatchObject({ pass: 120, rows: 1_200, settled: '0-119' });
    expect(began).toEqual(Array(120).fill('2026-11-20T02:00:00.000Z'));
    expect(replayer.longest).toBeLessThan(100);
    expect(Math.max(...replayer.calls.map(({ input }) => bytesOf(input)))).toBeLessThanOrEqual(mostBytes);
  });

  test('whose lane is ended from outside behind a waiting entity counts the rest as failed, and that one as it ended', async () => {
    const again = waitsOnce('2026-11-20T03:00:00.000Z');
    const endedFromOutside = (id: string) => id === `${of.run}-l0.2`;
    const { outcome } = await flow(['0-3'], { commitEntity: ({ n }) => again(n) ?? committed() }, { endedFromOutside });
    expect(outcome).toMatchObject({ pass: 2, error: 2, rows: 20, settled: '0-1', failed: '2-3', first: { code: 'HYG-2053' } });
  });

  describe('one of whose waiting entities is ended from outside', () => {
    const endedFromOutside = (id: string) => id === `${of.run}-e0-w`;
    const step = waits(0, '2026-11-20T03:00:00.000Z');
    const commitEntity: Activity = ({ n, cursor, plan }) => (cursor === undefined && plan !== '' && n < 2 ? step : committed());

    test('gives up that one alone, and the others wait on', async () => {
      const { replayer, outcome } = await flow(['0-2'], { commitEntity }, { endedFromOutside });
      expect(outcome).toMatchObject({ pass: 2, error: 1, rows: 20, settled: '1-2', failed: '0' });
      expect(named(replayer, activities.abandonEntity).map(({ input }) => input.n)).toEqual([0]);
      expect(named(replayer, activities.commitEntity).filter(({ input }) => input.n === 1)).toHaveLength(2);
    });

    test('finishes it when its commit is decided', async () => {
      const { outcome } = await flow(['0-1'], { commitEntity, abandonEntity: () => done('decided') }, { endedFromOutside });
      expect(outcome).toMatchObject({ pass: 2, error: 0, rows: 20 });
    });
  });

  test('continues when an entity fails, and says which', async () => {
    const commitEntity: Activity = ({ n }) => (n === 1 ? failed('HYG-4001') : committed({ status: n === 2 ? 'warn' : 'pass' }));
    const { outcome } = await flow(['0-1', '2-3'], { commitEntity });
    expect(outcome).toMatchObject({ pass: 2, warn: 1, error: 1, settled: '0,2-3', failed: '1', first: { code: 'HYG-4001' } });
  });

  test('that can not be planned is closed all the same', async () => {
    const { replayer, outcome } = await flow(['0-2'], { planFlow: () => failed('HYG-1020') });
    expect(outcome).toMatchObject({ error: 3, failed: '0-2', first: { code: 'HYG-1020' } });
    expect(named(replayer, activities.closeFlow)).toHaveLength(1);
  });

  test('one of whose lanes is ended from outside is closed, with what is not known counted as failed', async () => {
    const { replayer, outcome } = await flow(['0-1', '2'], {}, { endedFromOutside: (id) => id.endsWith('-l1') });
    expect(outcome).toMatchObject({ pass: 2, error: 1, settled: '0-1', failed: '2' });
    expect(named(replayer, activities.closeFlow)).toHaveLength(1);
  });

  test('that can not be closed fails, in words', async () => {
    await expect(flow(['0'], { closeFlow: () => failed('HYG-5001') })).rejects.toThrow('HYG-5001 It failed with HYG-5001.');
  });
});

describe('a backfill', () => {
  async function run(entities: string, changed: Parameters<typeof steps>[1]) {
    const backfill = { from: '2026-01-01', to: '2026-07-01', chunk: '1d', again: false };
    const replayer = new Replayer({ orchestrators: courses, activity: steps(1, changed) });
    const outcome = await replayer.run(orchestrators.backfill, { of: { ...of, backfill }, entities }, `backfill-shop-${of.run}`);
    return { replayer, outcome };
  }
  const nothing = (more: object = {}) => done({ outcome: 'nothing', ended: { status: 'skip', rows: 0, bytes: 0, ...more } });
  const chunk = ({ input }: { readonly input: Record<string, unknown> }) => input.chunk;

  test('goes chunk by chunk, entity by entity, with short histories', async () => {
    const { replayer, outcome } = await run('0,3', { planEntity: () => planned({ series: { chunks: 181, next: 0 } }) });
    expect(outcome).toMatchObject({ pass: 2, error: 0, settled: '0,3' });
    const chunks = Array.from({ length: 181 }, (_, i) => i);
    expect(named(replayer, activities.planEntity).map(({ input }) => [input.n, input.chunk])).toEqual([
      ...chunks.map((i) => [0, i]),
      ...chunks.map((i) => [3, i]),
    ]);
    expect(replayer.longest).toBeLessThan(200);
  });

  test('passes over what an earlier one has done', async () => {
    const series = { chunks: 12, next: 9 };
    const { replayer, outcome } = await run('0', {
      planEntity: ({ chunk }) => ((chunk as number) < 9 ? nothing({ series }) : planned({ series })),
    });
    expect(named(replayer, activities.planEntity).map(chunk)).toEqual([0, 9, 10, 11]);
    expect(outcome).toMatchObject({ pass: 1, skip: 0, error: 0 });
  });

  test('ends with the first chunk of an entity that fails, and continues with the next entity', async () => {
    const commitEntity: Activity = ({ n, chunk }) => (n === 0 && chunk === 2 ? failed('HYG-4001') : committed());
    const { replayer, outcome } = await run('0-1', { planEntity: () => planned({ series: { chunks: 4, next: 0 } }), commitEntity });
    expect(outcome).toMatchObject({ pass: 1, error: 1, failed: '0', settled: '0-1', first: { code: 'HYG-4001' } });
    expect(named(replayer, activities.planEntity).filter(({ input }) => input.n === 0)).toHaveLength(3);
  });

  test('that is to stop has not passed, though some of its chunks have', async () => {
    const planEntity: Activity = ({ chunk }) => ((chunk as number) < 2 ? planned({ series: { chunks: 5, next: 0 } }) : nothing());
    const { replayer, outcome } = await run('0', { planEntity });
    expect(outcome).toMatchObject({ pass: 0, skip: 1, error: 0, settled: '0' });
    expect(named(replayer, activities.planEntity)).toHaveLength(3);
  });
});
