import { describe, expect, test } from 'vitest';
import { type WatchedFlow, type WatchPorts, watch } from '../../src/assembly/watch.ts';
import { noticeBody } from '../../src/narrate/commands/notice-bodies.ts';
import { Secret } from '../../src/ports/secret.ts';
import type { StateStore } from '../../src/ports/state.ts';
import { type NotifySpec, watchKinds } from '../../src/ports/webhook.ts';
import { filesState } from '../../src/state/files.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { emptyRow, journalRowOf, stateRow } from '../support/state-rows.ts';

const orders = { flow: 'shop', entity: 'orders' };
const notify: NotifySpec = { on: [...watchKinds], webhook: new Secret('https://hooks.example/x'), format: 'json' };

interface World {
  readonly state: StateStore;
  now: string;
  readonly messages: Record<string, unknown>[];
  /** What the webhook answers next; 200 when there is none left. */
  readonly answers: number[];
  fate: 'alive' | 'dead';
  look(flow?: Partial<WatchedFlow>): ReturnType<typeof watch>;
}

function world(files = new MemoryFileSystem()): World {
  const messages: World['messages'] = [];
  const answers: number[] = [];
  let nonces = 0;
  const made: World = {
    state: filesState({ files }),
    now: '2026-11-21T12:00:00.000Z',
    messages,
    answers,
    fate: 'alive',
    look(flow = {}) {
      const ports = {
        state: filesState({ files }),
        clock: { now: () => made.now, monotonicMs: () => Date.parse(made.now), sleep: async () => undefined },
        random: { nonce: () => `n${nonces++}`, id: () => `i${nonces++}`, fraction: () => 0.5 },
        host: { fate: async () => made.fate },
        telling: {
          message: noticeBody,
          webhook: {
            async post({ body }: { readonly body: unknown }) {
              const status = answers.shift() ?? 200;
              if (status === 200) messages.push(body as Record<string, unknown>);
              return { status, retryAfterMs: null };
            },
          },
        },
      } as unknown as WatchPorts;
      const expected = { ...orders, schedule: null, expect: { everyMs: 86_400_000, except: [] } };
      return watch('northwind', [{ flow: 'shop', entities: [expected], notify, ...flow }], ports);
    },
  };
  return made;
}

/** Rows settled at this time. */
async function settle({ state }: World, at: string, over: Parameters<typeof stateRow>[0] = {}): Promise<void> {
  const before = await state.read(orders);
  const { settled } = stateRow();
  const row = { ...emptyRow, settled: settled && { ...settled, at }, last: { run: 'x.1', at, status: 'pass' as const, rows: 5 }, ...over };
  await state.write(orders, before?.etag, { ...row, writeId: `w${at}` });
}

const told = ({ messages }: World) => messages.map(({ what, is_over: isOver }) => `${String(what)}${isOver ? ' is over' : ''}`);

/** The id of a run that began at a time. */
function idOf(ms: number): string {
  let [text, rest] = ['', ms];
  for (let n = 0; n < 10; n++) [text, rest] = [`${'0123456789ABCDEFGHJKMNPQRSTVWXYZ'[rest % 32]}${text}`, Math.floor(rest / 32)];
  return `${text}0000000000000000`;
}

describe('a watcher', () => {
  test('tells of a stale entity once, and once more when rows settle again', async () => {
    const one = world();
    await settle(one, '2026-11-20T02:00:00.000Z');
    expect((await one.look()).findings).toEqual([{ ...orders, what: 'stale', since: '2026-11-21T02:00:00.000Z' }]);
    await one.look();
    one.now = '2026-11-22T12:00:00.000Z';
    await one.look();
    expect(told(one)).toEqual(['stale']);
    expect(one.messages[0]).toMatchObject({ flow: 'shop', entities: [{ entity: 'orders', since: '2026-11-21T02:00:00.000Z' }], total: 1 });
    expect(one.messages[0]?.text).toMatch(/^! shop: no rows have settled for longer than expected\norders: since 2026-11-21 02:00 UTC\n/);
    await settle(one, '2026-11-22T11:00:00.000Z');
    expect((await one.look()).findings).toEqual([]);
    await one.look();
    expect(told(one)).toEqual(['stale', 'stale is over']);
    one.now = '2026-11-24T12:00:00.000Z';
    await one.look();
    expect(told(one)).toEqual(['stale', 'stale is over', 'stale']);
  });

  test('tells once next to others that look at the same time', async () => {
    const one = world();
    await settle(one, '2026-11-20T02:00:00.000Z');
    await Promise.all(Array.from({ length: 6 }, () => one.look()));
    expect(told(one)).toEqual(['stale']);
    await settle(one, '2026-11-21T11:00:00.000Z');
    await Promise.all(Array.from({ length: 6 }, () => one.look()));
    expect(told(one)).toEqual(['stale', 'stale is over']);
  });

  test('tells at the next look what could not be sent, begun or over', async () => {
    const one = world();
    await settle(one, '2026-11-20T02:00:00.000Z');
    one.answers.push(400);
    expect((await one.look()).unsent).toMatchObject([{ flow: 'shop', code: 'HYG-6010' }]);
    expect((await one.look()).unsent).toEqual([]);
    await settle(one, '2026-11-21T11:00:00.000Z');
    one.answers.push(400);
    await one.look();
    await one.look();
    expect(told(one)).toEqual(['stale', 'stale is over']);
  });

  test('tells of a scheduled run that did not begin', async () => {
    const one = world();
    await settle(one, '2026-11-21T02:00:10.000Z');
    const flow = { entities: [{ ...orders, schedule: '0 0 * * * *' }] };
    expect((await one.look(flow)).findings).toEqual([{ ...orders, what: 'missed', since: '2026-11-21T03:00:00.000Z' }]);
    expect(one.messages[0]?.text).toMatch(/^! shop: a scheduled run was not started\n/);
  });

  test('tells of a run at work that takes much longer than the ten before', async () => {
    const one = world();
    const at = Date.parse('2026-11-21T12:00:00.000Z');
    for (let ago = 1; ago <= 5; ago++) {
      const [began, ended] = [at - ago * 86_400_000, at - ago * 86_400_000 + 6 * 60_000];
      const times = { started_at: new Date(began).toISOString(), run_id: idOf(began) };
      await one.state.appendJournal(
        journalRowOf(`${idOf(began)}.1`, new Date(ended).toISOString(), { ...orders, ...times, status: 'pass' }),
      );
    }
    const owner = { ...stateRow().owner, run: `${idOf(at - 19 * 60_000)}.1`, until: '2026-11-21T12:30:00.000Z' } as NonNullable<
      ReturnType<typeof stateRow>['owner']
    >;
    await settle(one, '2026-11-20T12:06:00.000Z', { owner });
    expect((await one.look()).findings).toEqual([{ ...orders, what: 'slow', since: '2026-11-21T11:59:00.000Z' }]);
    one.fate = 'dead';
    expect((await one.look()).findings).toEqual([]);
    expect(told(one)).toEqual(['slow', 'slow is over']);
  });

  test('tells only what `on` names, and finds the rest all the same', async () => {
    const one = world();
    await settle(one, '2026-11-20T02:00:00.000Z');
    expect((await one.look({ notify: { ...notify, on: ['error', 'slow'] } })).findings).toHaveLength(1);
    expect((await one.look({ notify: null })).findings).toHaveLength(1);
    expect(one.messages).toEqual([]);
  });

  test('says nothing of an entity whose state cannot be read, and that of no other is over', async () => {
    const files = new MemoryFileSystem();
    const one = world(files);
    await settle(one, '2026-11-20T02:00:00.000Z');
    await one.look();
    const path = '.hygge/state/shop/orders.state.yml';
    await files.put(path, new TextEncoder().encode('settled: ['), { ifMatch: (await files.get(path))?.etag ?? '' });
    expect((await one.look()).unread).toMatchObject([{ ...orders, code: 'HYG-5003' }]);
    expect(told(one)).toEqual(['stale']);
  });

  test('forgets an entity that the config does not have any more', async () => {
    const one = world();
    await settle(one, '2026-11-20T02:00:00.000Z');
    await one.look();
    await one.look({ entities: [] });
    expect(told(one)).toEqual(['stale']);
  });
});

test('runs that found nothing do not count as those by which a run at work is slow', async () => {
  const one = world();
  const at = Date.parse('2026-11-21T12:00:00.000Z');
  for (let hours = 1; hours <= 20; hours++) {
    const [began, tookMs, status] = [at - hours * 3_600_000, hours > 15 ? 6 * 60_000 : 2_000, hours > 15 ? 'pass' : 'skip'] as const;
    const ended = new Date(began + tookMs).toISOString();
    await one.state.appendJournal(journalRowOf(`${idOf(began)}.1`, ended, { ...orders, run_id: idOf(began), status }));
  }
  const owner = { ...stateRow().owner, run: `${idOf(at - 12 * 60_000)}.1`, until: '2026-11-21T12:30:00.000Z' };
  await settle(one, '2026-11-21T11:00:00.000Z', { owner: owner as NonNullable<ReturnType<typeof stateRow>['owner']> });
  expect((await one.look()).findings).toEqual([]);
});

test.each(['backfill:1..2', 'repair:1..2'])('a run in the lane %s is none that a schedule has started', async (lane) => {
  const one = world();
  const [live, other] = ['2026-11-21T02:00:10.000Z', '2026-11-21T11:30:00.000Z'];
  await one.state.appendJournal(journalRowOf('L.1', live, { ...orders, epoch: 1 }));
  await one.state.appendJournal(journalRowOf('R.1', other, { ...orders, epoch: 2, lane }));
  await settle(one, other, { last: { run: 'R.1', at: other, status: 'pass', rows: 5 } });
  const { findings } = await one.look({ entities: [{ ...orders, schedule: '0 0 * * * *' }] });
  expect(findings).toEqual([{ ...orders, what: 'missed', since: '2026-11-21T03:00:00.000Z' }]);
});
