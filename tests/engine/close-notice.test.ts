import { describe, expect, it } from 'vitest';
import { type CloseRequest, closeFlow } from '../../src/engine/close/close.ts';
import type { Closing, EnginePorts } from '../../src/engine/contracts/ports.ts';
import { go } from '../../src/engine/drive/drive.ts';
import { flowCodes } from '../../src/errors/codes/flow.ts';
import { noticeBody } from '../../src/narrate/commands/notice-bodies.ts';
import { Secret } from '../../src/ports/secret.ts';
import type { Json } from '../../src/ports/values.ts';
import { type Notice, type NotifySpec, type WebhookAnswer, WebhookUnreachable } from '../../src/ports/webhook.ts';
import { goRequest, type Many, many } from './many.ts';

const address = 'https://hooks.example/s3cret-in-the-address';

interface Told extends Many {
  /** Ports that tell. */
  readonly telling: EnginePorts;
  readonly notices: Notice[];
  readonly broken: string[];
  /** What the webhook answers next, before it answers 200. */
  readonly answers: (WebhookAnswer | WebhookUnreachable | 'dies')[];
}

function told(entities: readonly string[], on: NotifySpec['on'] = ['error', 'recovered', 'warn']): Told {
  const broken: string[] = [];
  const world = many(
    entities.map((entity) => ({ flow: 'crm', entity })),
    broken,
  );
  const notices: Notice[] = [];
  const answers: Told['answers'] = [];
  const closing: Closing = {
    notify: (flow) => (flow === 'crm' ? { on, webhook: new Secret(address), format: 'json' } : null),
    heartbeat: () => null,
    message: noticeBody,
    mirror: null,
    page: null,
    webhook: {
      async post({ url, body }) {
        expect(url.reveal()).toBe(address);
        const next = answers.shift();
        if (next === 'dies') throw new Error('the process dies here');
        if (next instanceof WebhookUnreachable) throw next;
        if (next === undefined || next.status < 300) notices.push(body as unknown as Notice);
        return next ?? { status: 200, retryAfterMs: null };
      },
    },
  };
  return { ...world, telling: { ...world.ports, closing }, notices, broken, answers };
}

const run = (world: Told, entities = world.specs) => go(goRequest(entities, { continueOnError: true }), world.telling);
const answer = (status: number, retryAfterMs: number | null = null): WebhookAnswer => ({ status, retryAfterMs });
const warnings = ({ events }: Told) => events.filter(({ event }) => event === 'warning');

describe('a flow with a notice', () => {
  it('is told of once when entities failed, with what failed and what to try', async () => {
    const world = told(['a', 'b', 'c']);
    world.broken.push('b');
    await run(world);
    expect(world.notices).toHaveLength(1);
    expect(world.notices[0]).toMatchObject({
      what: 'error',
      flow: 'crm',
      workspace: 'simulated',
      counts: { pass: 2, warn: 0, error: 1, skip: 0 },
      rows: 4,
      failed: [{ entity: 'b', code: 'HYG-3001', times: 1 }],
    });
  });

  it('is told of in the words of the catalogue', async () => {
    const world = told(['a']);
    world.broken.push('a');
    await go(goRequest(world.specs), world.ports);
    const [row] = await world.ports.state.journal({ flow: 'crm' });
    if (!row) throw new Error('no row');
    const run = { run_id: '01ZLATER', entity_run_id: '01ZLATER.1' };
    await world.ports.state.appendJournal({ ...row, ...run, error_code: 'HYG-2012', message: 'secret value 42' });
    const final = { pass: 0, warn: 0, error: 1, skip: 0 };
    await closeFlow({ invocationId: 'i', runId: '01ZLATER', flow: 'crm', workspace: 'w', entities: [], final }, world.telling);
    const [failed] = world.notices[0]?.failed ?? [];
    const { title, meaning, tryThis } = flowCodes['HYG-2012'];
    expect(failed).toMatchObject({ code: 'HYG-2012', what: `${title}. ${meaning}`, try: tryThis[0], times: 2 });
  });

  it('is told of a warning where the compaction after a run failed, and of an error where it was a run of its own', async () => {
    const world = told(['a']);
    world.broken.push('a');
    await run(world);
    world.broken.pop();
    await run({ ...world, telling: world.ports });
    const [row] = await world.ports.state.journal({ flow: 'crm' });
    if (!row) throw new Error('no row');
    const failed = { lane: 'compact', status: 'error', rows: 0, error_code: 'HYG-4117' } as const;
    const close = (runId: string, final: CloseRequest['final'] & object) =>
      closeFlow({ invocationId: 'i', runId, flow: 'crm', workspace: 'w', entities: [], final }, world.telling);
    await world.ports.state.appendJournal({ ...row, ...failed, entity_run_id: `${row.entity_run_id}-compact` });
    await close(row.run_id, { pass: 0, warn: 1, error: 0, skip: 0 });
    // It failed before: that it runs again is the better news.
    expect(world.notices.at(-1)).toMatchObject({ what: 'recovered', rows: row.rows, failed: [], warned: ['a'], recovered: ['a'] });
    await world.ports.state.appendJournal({ ...row, ...failed, run_id: '01ZLATER', entity_run_id: '01ZLATER.1' });
    await close('01ZLATER', { pass: 0, warn: 0, error: 1, skip: 0 });
    expect(world.notices.at(-1)).toMatchObject({ what: 'error', failed: [{ entity: 'a', code: 'HYG-4117' }] });
  });

  it('is told of without a word of the error itself: it may quote a value', async () => {
    const world = told(['a']);
    world.broken.push('a');
    const summary = await run(world);
    expect(summary.entities[0]?.error?.what).toBe("a can't be read.");
    expect(JSON.stringify(world.notices)).not.toContain("can't be read.");
  });

  it('is not told of when it passed, nor when such runs were not asked for', async () => {
    const quiet = told(['a']);
    await run(quiet);
    const other = told(['a'], ['recovered']);
    other.broken.push('a');
    await run(other);
    expect([...quiet.notices, ...other.notices]).toEqual([]);
  });

  it('has failed since its first failure in a row', async () => {
    const world = told(['a', 'b']);
    await run(world);
    world.broken.push('a');
    const first = await run(world);
    await run(world);
    await run(world);
    const [failed] = world.notices.at(-1)?.failed ?? [];
    expect(failed?.times).toBe(3);
    const rows = await world.ports.state.journal({ flow: 'crm', entity: 'a' });
    const began = rows.find(({ entity_run_id }) => entity_run_id === first.entities[0]?.entity_run_id);
    expect(failed?.since).toBe(began?.finished_at);
  });

  it('has recovered when what failed passes, told once', async () => {
    const world = told(['a', 'b'], ['recovered']);
    world.broken.push('a');
    await run(world);
    world.broken.length = 0;
    await run(world);
    await run(world);
    expect(world.notices).toMatchObject([{ what: 'recovered', recovered: ['a'], failed: [] }]);
  });

  it('names the first of many that recovered, and says how many there are', async () => {
    const all = Array.from({ length: 22 }, (_, n) => `e${n}`);
    const world = told(all, ['recovered']);
    world.broken.push(...all);
    await run(world);
    world.broken.length = 0;
    await run(world);
    expect(world.notices).toMatchObject([{ what: 'recovered', recovered: { length: 5 }, recovered_total: 22 }]);
  });

  it('has not recovered by a run that left out what had failed, but by the next one that has it', async () => {
    const world = told(['a', 'b'], ['recovered']);
    world.broken.push('a');
    await run(world);
    world.broken.length = 0;
    await run(world, world.specs.slice(1));
    expect(world.notices).toEqual([]);
    await run(world);
    expect(world.notices).toMatchObject([{ what: 'recovered', recovered: ['a'] }]);
  });

  it('is told of by the names of a few, and the number of all', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `table ${i}`);
    const world = told(names);
    world.broken.push(...names);
    await run(world);
    expect(world.notices[0]?.failed).toHaveLength(5);
    expect(world.notices[0]?.counts.error).toBe(12);
  });

  it('is told of when another run held all of it: the journal knows nothing of that', async () => {
    const world = told(['a']);
    const final = { pass: 0, warn: 0, error: 1, skip: 0 };
    await closeFlow({ invocationId: 'i', runId: '01HELD', flow: 'crm', workspace: 'simulated', entities: [], final }, world.telling);
    expect(world.notices).toMatchObject([{ what: 'error', failed: [], counts: final }]);
  });
});

describe('the last call of closeFlow', () => {
  async function failedRun(world: Told): Promise<CloseRequest> {
    world.broken.push('a');
    const summary = await go(goRequest(world.specs), world.ports);
    const runId = summary.entities[0]?.entity_run_id.split('.')[0] ?? '';
    const final = { pass: 0, warn: 0, error: 1, skip: 0 };
    return { invocationId: 'inv', runId, flow: 'crm', workspace: 'simulated', entities: [], final };
  }

  it('delivered again later, tells nothing twice', async () => {
    const world = told(['a']);
    const request = await failedRun(world);
    await closeFlow(request, world.telling);
    expect(await closeFlow(request, world.telling)).toEqual({ done: { pruned: 0 } });
    expect(world.notices).toHaveLength(1);
  });

  it('delivered twice at once, tells once; the other one waits to see whether it has to', async () => {
    const world = told(['a']);
    const request = await failedRun(world);
    const both = await Promise.all([closeFlow(request, world.telling), closeFlow(request, world.telling)]);
    expect(world.notices).toHaveLength(1);
    const waiting = both.find((step) => 'again' in step);
    expect(waiting).toMatchObject({ notBefore: expect.stringMatching(/^2026-/) });
    if (waiting === undefined || !('again' in waiting)) throw new Error('both were done');
    expect(await closeFlow(request, world.telling, waiting.again)).toEqual({ done: { pruned: 0 } });
    expect(world.notices).toHaveLength(1);
  });

  it('tells for one that died before it could, once that one must be over', async () => {
    const world = told(['a']);
    const request = await failedRun(world);
    world.answers.push('dies');
    await closeFlow(request, world.telling);
    expect(world.notices).toEqual([]);
    const step = await closeFlow(request, world.telling);
    if (!('again' in step)) throw new Error('it was reported at once');
    await world.ports.clock.sleep(Date.parse(step.notBefore ?? '') - Date.parse(world.ports.clock.now()));
    await closeFlow(request, world.telling, step.again);
    expect(world.notices).toHaveLength(1);
  });

  it('fits into a step, whatever the names', async () => {
    const world = told(['ø'.repeat(200)]);
    const request = await failedRun(world);
    expect(Buffer.byteLength(JSON.stringify(request))).toBeLessThan(4096);
  });
});

describe('a webhook that does not take the message', () => {
  it('is asked again when it is busy, not before it says', async () => {
    const world = told(['a']);
    world.broken.push('a');
    world.answers.push(answer(429, 7_000), answer(503));
    const sleeps: number[] = [];
    const { clock } = world.telling;
    const sleep = (ms: number, signal?: AbortSignal) => {
      sleeps.push(ms);
      return clock.sleep(ms, signal);
    };
    await go(goRequest(world.specs), { ...world.telling, clock: { ...clock, sleep } });
    expect(world.notices).toHaveLength(1);
    expect(sleeps[0]).toBe(7_000);
    expect(sleeps).toHaveLength(2);
  });

  it.each([
    ['busy permanently', [answer(503), answer(503), answer(503)], 'It answered 503. It was tried 3 times.'],
    ['gone', [answer(404)], 'It answered 404.'],
    ['led elsewhere', [answer(302)], 'It answered 302.'],
    ['busy for an hour', [answer(429, 3_600_000)], 'It answered 429.'],
    [
      'out of reach',
      [1, 2, 3].map(() => new WebhookUnreachable('The server could not be reached.')),
      'The server could not be reached. It was tried 3 times.',
    ],
  ])('and is %s: a warning of the flow, and the run is what it was', async (_, answers, why) => {
    const world = told(['a', 'b']);
    world.broken.push('a');
    world.answers.push(...answers);
    const summary = await run(world);
    expect(summary).toMatchObject({ pass: 1, error: 1, warn: 0 });
    expect(world.notices).toEqual([]);
    expect(world.answers).toEqual([]);
    const message = 'The webhook of flow crm did not accept the message about this run.';
    expect(warnings(world)).toMatchObject([{ code: 'HYG-6010', flow: 'crm', message: `${message} ${why}` }]);
    expect(JSON.stringify(world.events)).not.toContain('s3cret');
  });
});

describe('records of what was told', () => {
  it('go when fifty later runs have been told of', async () => {
    const world = told(['a']);
    world.broken.push('a');
    for (let n = 0; n < 53; n++) await run(world);
    const refs = await world.ports.state.listObjects({ flow: '_notices', entity: 'crm' }, 'notices/');
    expect(refs).toHaveLength(100);
    const body: Json = await world.ports.state.getObject({ flow: '_notices', entity: 'crm' }, refs[0] ?? '').then((found) => found ?? null);
    expect(body).toHaveProperty('at');
  });
});
