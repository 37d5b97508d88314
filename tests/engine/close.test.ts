import { describe, expect, it } from 'vitest';
import { closeFlow } from '../../src/engine/close/close.ts';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import { closeCalls } from '../../src/engine/drive/close-flows.ts';
import { go } from '../../src/engine/drive/drive.ts';
import type { EntitySummary } from '../../src/ports/events.ts';
import { MemoryState } from '../support/sim/memory-state.ts';
import { journalRowOf, stateRow } from '../support/state-rows.ts';
import { goRequest, many } from './many.ts';

const daysAgo = (now: string, days: number) => new Date(Date.parse(now) - days * 86_400_000).toISOString();

/** An entity of which runs of a hundred and of two days ago are in the journal, and a journal that may be mirrored. */
async function closing(keepDays: number, mirror: { readonly publishedDaysAgo: number | null; readonly overlapDays: number } | null) {
  const { ports, specs } = many([{ flow: 'crm', entity: 'a' }]);
  const [spec] = specs;
  if (!spec) throw new Error('no entity');
  const now = ports.clock.now();
  for (const days of [100, 2])
    await ports.state.appendJournal(journalRowOf(`r${days}.1`, daysAgo(now, days), { flow: 'crm', entity: 'a' }));
  const key = { flow: '_journal', entity: 'hygge_journal' };
  const copy = { ...spec, ...key, watermark: spec.watermark && { ...spec.watermark, overlapMs: (mirror?.overlapDays ?? 0) * 86_400_000 } };
  if (mirror && mirror.publishedDaysAgo !== null) {
    const { settled } = stateRow();
    const watermark = {
      column: 'finished_at',
      type: { kind: 'timestamp', unit: 'ms', zone: 'UTC' } as const,
      text: daysAgo(now, mirror.publishedDaysAgo),
    };
    await ports.state.write(key, undefined, stateRow({ settled: settled && { ...settled, watermark } }));
  }
  const entity: EnginePorts['entity'] = (flow) => (flow === 'crm' ? { ...spec, keepMs: keepDays * 86_400_000 } : copy);
  const told = {
    notify: () => null,
    heartbeat: () => null,
    message: () => null,
    webhook: { post: async () => ({ status: 200, retryAfterMs: null }) },
  };
  const closed = { ...ports, entity, ...(mirror ? { closing: { ...told, mirror: key, page: null } } : {}) };
  await closeFlow({ invocationId: 'i', runId: '01R', flow: 'crm', workspace: 'w', entities: ['a'] }, closed);
  return (await ports.state.journal({})).map(({ entity_run_id }) => entity_run_id).sort();
}

describe('closing a flow', () => {
  it('removes what is older than keep from the journal', async () => {
    expect(await closing(90, null)).toEqual(['r2.1']);
  });

  it.each([
    ['that was published and is looked at no more', { publishedDaysAgo: 1, overlapDays: 7 }, 90, ['r2.1']],
    ['but nothing before it was published', { publishedDaysAgo: null, overlapDays: 7 }, 90, ['r100.1', 'r2.1']],
    ['but nothing younger than what was published', { publishedDaysAgo: 101, overlapDays: 0 }, 90, ['r100.1', 'r2.1']],
    ['but nothing that the mirror will look at once more', { publishedDaysAgo: 1, overlapDays: 7 }, 1, ['r2.1']],
    ['down to keep where the mirror looks at less', { publishedDaysAgo: 0, overlapDays: 1 }, 1, []],
  ] as const)('removes from a journal that is mirrored what is older, %s', async (_, mirror, keepDays, left) => {
    expect(await closing(keepDays, mirror)).toEqual(left);
  });

  it('takes ten names a call, and tells how all of them ended in the last', () => {
    const ended = (status: EntitySummary['status']) => (_: unknown, i: number) =>
      ({ entity: `${'n'.repeat(195)}${status}${i}`, status }) as EntitySummary;
    const entities = [
      ...Array.from({ length: 23 }, ended('pass')),
      ...Array.from({ length: 2 }, ended('error')),
      ...Array.from({ length: 1 }, ended('warn')),
    ];
    const calls = closeCalls({ invocationId: '01I', runId: '01R', flow: 'crm', workspace: 'w' }, entities);
    expect(calls.map(({ entities: names, final }) => [names.length, final])).toEqual([
      [10, undefined],
      [10, undefined],
      [4, undefined],
      [0, { pass: 23, warn: 1, error: 2, skip: 0 }],
    ]);
    for (const call of calls) expect(Buffer.byteLength(JSON.stringify(call))).toBeLessThan(4096);
  });

  it('that can not remove old records says so, and the run is what it was', async () => {
    const { ports, specs, events } = many([{ flow: 'crm', entity: 'a' }]);
    class Stubborn extends MemoryState {
      override async pruneJournal(): Promise<number> {
        throw new Error('no');
      }
    }
    const state = new Stubborn();
    expect(await go(goRequest(specs), { ...ports, state })).toMatchObject({ pass: 1 });
    expect(events.filter(({ event }) => event === 'warning')).toMatchObject([
      { flow: 'crm', message: expect.stringContaining('old records could not be removed') },
    ]);
  });

  /** A clock by which a minute never ends. */
  const slow = ({ clock }: EnginePorts): EnginePorts['clock'] => ({
    now: () => clock.now(),
    monotonicMs: () => clock.monotonicMs(),
    sleep: (ms, signal) => (ms < 60_000 ? clock.sleep(ms, signal) : new Promise(() => undefined)),
  });
  const news = {
    notify: () => null,
    heartbeat: () => null,
    message: () => null,
    webhook: { post: async () => ({ status: 200, retryAfterMs: null }) },
    mirror: null,
  };

  it.each([
    [
      'whose place refuses it',
      async () => Promise.reject(new Error('no right')),
      'the page could not be written to the place of `report`: ',
      'HYG-9001',
    ],
    [
      'that tells only a part',
      async () => ({ amiss: { code: 'HYG-5001', what: 'Torn.' } }),
      'the page shows only what can be read: Torn.',
      'HYG-5001',
    ],
    ['that is whole', async () => ({ amiss: null }), undefined, undefined],
  ])('puts the page once, for all flows; one %s leaves the run as it is', async (_, put, says, code) => {
    const { ports, specs, events } = many([
      { flow: 'crm', entity: 'a' },
      { flow: 'shop', entity: 'b' },
    ]);
    const settled: number[] = [];
    const page = async () => {
      settled.push((await ports.state.journal({})).length);
      return await put();
    };
    expect(await go(goRequest(specs), { ...ports, clock: slow(ports), closing: { ...news, page } })).toMatchObject({
      pass: 2,
      warn: 0,
      error: 0,
    });
    expect(settled).toEqual([2]);
    const warnings = events.filter(({ event }) => event === 'warning');
    expect(warnings).toMatchObject(says === undefined ? [] : [{ flow: 'shop', code, message: expect.stringContaining(says) }]);
  });

  it('does not wait longer than a minute for a page', async () => {
    const { ports, specs, events } = many([{ flow: 'crm', entity: 'a' }]);
    const before = ports.clock.monotonicMs();
    const page = () => new Promise<never>(() => undefined);
    expect(await go(goRequest(specs), { ...ports, closing: { ...news, page } })).toMatchObject({ pass: 1, error: 0 });
    expect(ports.clock.monotonicMs() - before).toBeGreaterThanOrEqual(60_000);
    expect(events.filter(({ event }) => event === 'warning')).toMatchObject([
      { flow: 'crm', message: 'the page was not written to the place of `report` within 60 seconds' },
    ]);
  });
});
