import { describe, expect, it } from 'vitest';
import {
  type EventName,
  emptyRow,
  eventNames,
  type Phase,
  type ProtocolEvent,
  phaseOf,
  phases,
  transition,
} from '../../src/engine/protocol/protocol.ts';
import type { Lease, Settled, StateRow } from '../../src/ports/state.ts';

const holder = { host: 'h', boot: 'b', pid: 1, started: '1', program: 'hygge go' };
const lease = (run: string): Lease => ({ run, until: '2026-11-20T08:10:00.000Z', holder });
const mark = { column: 'mark', type: { kind: 'int64' }, text: '7' } as const;
const last = { run: 'me', at: '2026-11-20T08:00:00.000Z', status: 'pass', rows: 3 } as const;
const settled = (id: string, epoch: number): Settled => ({
  id,
  epoch,
  watermark: mark,
  boundary: null,
  snapshot: 'schemas/1',
  seen: 'seen/1',
  sourceVersion: 'v1',
  rows: 3,
  at: last.at,
});
const binding = { source: 's', target: 't', watermark: 'mark int64' };
const intent = { id: 'mine', epoch: 3, ref: 'intents/3-mine' };

/** A row of each phase. Epoch 2 is settled; `me` holds epoch 3, except where `other` has overtaken it with 4. */
const rows: Readonly<Record<Phase, StateRow | undefined>> = {
  none: undefined,
  idle: { ...emptyRow, lineage: 'L', epoch: 3, settled: settled('before', 2) },
  claimed: { ...emptyRow, lineage: 'L', epoch: 3, settled: settled('before', 2), owner: lease('me') },
  pending: { ...emptyRow, lineage: 'L', epoch: 3, settled: settled('before', 2), owner: lease('me'), pending: intent },
  overtaken: { ...emptyRow, lineage: 'L', epoch: 4, settled: settled('before', 2), owner: lease('other'), pending: intent },
};

const events: { readonly [E in EventName]: Extract<ProtocolEvent, { event: E }> } = {
  claim: { event: 'claim', lease: lease('other'), headEpoch: 2, lineage: 'new' },
  intend: { event: 'intend', run: 'me', epoch: 3, prev: 'before', intent },
  settle: { event: 'settle', id: 'mine', settled: settled('mine', 3), added: 3, binding, lane: { name: 'live', watermark: null }, last },
  void: { event: 'void', id: 'mine' },
  refuse: { event: 'refuse', id: 'mine', refused: { code: 'HYG-4003', reason: 'No.' } },
  'give up': { event: 'give up', id: 'mine', fence: 'refused-mine', last: { ...last, status: 'error', rows: 0 } },
  release: { event: 'release', run: 'me', epoch: 3, last },
  renew: { event: 'renew', run: 'me', epoch: 3, until: '2026-11-20T09:00:00.000Z' },
  look: { event: 'look', last, swept: '2026-11-20' },
  reset: { event: 'reset', run: 'me', epoch: 3 },
  adopt: { event: 'adopt', run: 'me', epoch: 3, lineage: 'new', settled: settled('fence', 9), binding: null, fullNext: false },
};

/** What an event does to a row, in a few words. */
function told(phase: Phase, name: EventName): string {
  const before = rows[phase];
  const outcome = transition(before, events[name]);
  if (outcome.outcome !== 'write') return outcome.outcome === 'already' ? 'already so' : `refused: ${outcome.why}`;
  const { row } = outcome;
  const holds = row.owner ? `held by ${row.owner.run}` : 'free';
  const waits = row.pending ? `, ${row.pending.id} ${row.pending.refused ? 'refused' : 'pending'}` : '';
  return `${phaseOf(row)} in ${row.epoch} of ${row.lineage}, ${holds}${waits}, settled ${row.settled?.id ?? 'nothing'}`;
}

const table: { readonly [P in Phase]: { readonly [E in EventName]: string } } = {
  none: {
    claim: 'claimed in 3 of new, held by other, settled nothing',
    intend: 'refused: not claimed',
    settle: 'already so',
    void: 'already so',
    refuse: 'already so',
    'give up': 'already so',
    release: 'refused: not claimed',
    renew: 'refused: not claimed',
    look: 'refused: claim first',
    reset: 'refused: not claimed',
    adopt: 'refused: not claimed',
  },
  idle: {
    claim: 'claimed in 4 of L, held by other, settled before',
    intend: 'refused: fenced',
    settle: 'already so',
    void: 'already so',
    refuse: 'already so',
    'give up': 'already so',
    release: 'refused: not claimed',
    renew: 'refused: not claimed',
    look: 'idle in 3 of L, free, settled before',
    reset: 'refused: not claimed',
    adopt: 'refused: not claimed',
  },
  claimed: {
    claim: 'claimed in 4 of L, held by other, settled before',
    intend: 'pending in 3 of L, held by me, mine pending, settled before',
    settle: 'already so',
    void: 'already so',
    refuse: 'already so',
    'give up': 'already so',
    release: 'idle in 3 of L, free, settled before',
    renew: 'claimed in 3 of L, held by me, settled before',
    look: 'refused: claim first',
    reset: 'claimed in 3 of L, held by me, settled before',
    adopt: 'claimed in 9 of new, held by me, settled fence',
  },
  pending: {
    claim: 'overtaken in 4 of L, held by other, mine pending, settled before',
    intend: 'already so',
    settle: 'idle in 3 of L, free, settled mine',
    void: 'claimed in 3 of L, held by me, settled before',
    refuse: 'pending in 3 of L, held by me, mine refused, settled before',
    'give up': 'idle in 3 of L, free, settled refused-mine',
    release: 'refused: pending first',
    renew: 'pending in 3 of L, held by me, mine pending, settled before',
    look: 'refused: claim first',
    reset: 'refused: pending first',
    adopt: 'claimed in 9 of new, held by me, settled fence',
  },
  overtaken: {
    claim: 'already so',
    intend: 'refused: fenced',
    settle: 'claimed in 4 of L, held by other, settled mine',
    void: 'claimed in 4 of L, held by other, settled before',
    refuse: 'overtaken in 4 of L, held by other, mine refused, settled before',
    'give up': 'claimed in 4 of L, held by other, settled refused-mine',
    release: 'refused: fenced',
    renew: 'refused: fenced',
    look: 'refused: claim first',
    reset: 'refused: pending first',
    adopt: 'refused: fenced',
  },
};

describe('every cell of the transition table', () => {
  for (const phase of phases) {
    for (const event of eventNames) {
      it(`${phase} × ${event}: ${table[phase][event]}`, () => {
        expect(told(phase, event)).toBe(table[phase][event]);
      });
    }
  }

  it.each([
    ['nothing settled', { ...emptyRow, lineage: 'L', epoch: 1 }],
    [
      'the first load was refused',
      { ...emptyRow, lineage: 'L', epoch: 3, settled: { ...settled('refused-a', 0), nothing: true as const } },
    ],
    ['a reset asked for all of it', { ...emptyRow, lineage: 'L', epoch: 3, settled: settled('before', 2), fullNext: true }],
  ])('a look ends no run of an idle row where %s', (_, row) => {
    expect(transition(row, events.look)).toEqual({ outcome: 'refused', why: 'claim first' });
  });

  it('states as many cells as the table has', () => {
    expect(phases.length * eventNames.length).toBe(55);
  });
});

describe('how many rows are settled', () => {
  const total = (before: Settled | null, added: number | null) => {
    const outcome = transition({ ...emptyRow, lineage: 'L', epoch: 3, pending: intent, settled: before }, { ...events.settle, added });
    return outcome.outcome === 'write' ? outcome.row.settled?.total : outcome.outcome;
  };

  it('grows by what a commit adds, also by less than nothing, and begins anew where all is replaced', () => {
    const before = { ...settled('before', 2), total: 40 };
    expect([total(before, 3), total(before, -3), total(before, null)]).toEqual([43, 37, 3]);
  });

  it('is counted from the first commit on, or not at all', () => {
    expect([total(null, 3), total(settled('before', 2), 3)]).toEqual([3, null]);
  });
});

describe('the guards of a claim', () => {
  it('keep the epoch of a run that claims again', () => {
    expect(transition(rows.claimed, { ...events.claim, lease: lease('me') }).outcome).toBe('already');
  });

  it('rise above the store’s head, whatever the row says', () => {
    const outcome = transition(rows.idle, { ...events.claim, headEpoch: 41 });
    expect(outcome).toMatchObject({ outcome: 'write', row: { epoch: 42, lineage: 'L' } });
  });
});

describe('the guards of the decision', () => {
  it.each([
    ['another epoch', { epoch: 2 }, 'fenced'],
    ['another run', { run: 'other' }, 'fenced'],
    ['another head than the one settled', { prev: 'older' }, 'stale plan'],
    ['a plan for an empty destination', { prev: null }, 'stale plan'],
  ])('refuse %s', (_, change, why) => {
    expect(transition(rows.claimed, { ...events.intend, ...change })).toEqual({ outcome: 'refused', why });
  });

  it('refuse an epoch that has settled already', () => {
    const row: StateRow = { ...emptyRow, lineage: 'L', epoch: 3, owner: lease('me'), settled: settled('before', 3) };
    expect(transition(row, events.intend)).toEqual({ outcome: 'refused', why: 'stale plan' });
  });

  it('refuse a second decision while one waits', () => {
    expect(transition(rows.pending, { ...events.intend, intent: { ...intent, id: 'other' } })).toEqual({
      outcome: 'refused',
      why: 'pending first',
    });
  });
});

describe('settling', () => {
  it('does nothing for an intent that is not the pending one', () => {
    expect(transition(rows.pending, { ...events.settle, id: 'another' })).toEqual({ outcome: 'already' });
  });

  it('moves the watermark of its own lane only', () => {
    const lane = { name: 'backfill:2024..2025', watermark: mark };
    const outcome = transition(rows.pending, { ...events.settle, lane });
    expect(outcome).toMatchObject({ outcome: 'write', row: { lanes: { [lane.name]: mark } } });
  });

  it('answers a reset: the next run is no full load any more', () => {
    const row: StateRow = { ...emptyRow, lineage: 'L', epoch: 3, pending: intent, owner: lease('me'), fullNext: true };
    expect(transition(row, events.settle)).toMatchObject({ row: { fullNext: false } });
  });
});

describe('giving up', () => {
  it('of a void intent leaves everything else as it was', () => {
    expect(transition(rows.pending, events.void)).toMatchObject({ row: { ...rows.pending, pending: null } });
    expect(transition(rows.pending, { ...events.void, id: 'another' })).toEqual({ outcome: 'already' });
  });

  it('is allowed to the owner while another run’s intent waits: who comes next finishes that', () => {
    const outcome = transition(rows.overtaken, { ...events.release, run: 'other', epoch: 4 });
    expect(outcome).toMatchObject({ outcome: 'write', row: { owner: null, pending: intent } });
  });

  it('is refused to a run that was overtaken', () => {
    const row: StateRow = { ...emptyRow, lineage: 'L', epoch: 4, owner: lease('other') };
    for (const event of [events.release, events.renew, events.reset, events.adopt])
      expect(transition(row, event)).toEqual({ outcome: 'refused', why: 'fenced' });
  });
});

describe('a refused intent', () => {
  const { refuse, 'give up': giveUp } = events;
  const marked: StateRow = { ...emptyRow, lineage: 'L', epoch: 3, owner: lease('me'), pending: { ...intent, refused: refuse.refused } };

  it('keeps its first mark, whatever a second finisher was told', () => {
    expect(transition(marked, { ...refuse, refused: { code: 'HYG-6401', reason: 'Other words.' } })).toEqual({ outcome: 'already' });
    expect(transition(rows.pending, { ...refuse, id: 'another' })).toEqual({ outcome: 'already' });
  });

  it('leaves epoch, watermark, boundary group and lanes of what settled', () => {
    const lanes = { 'backfill:2024..2025': mark };
    const outcome = transition({ ...marked, settled: settled('before', 2), lanes, fullNext: true }, giveUp);
    expect(outcome).toMatchObject({
      outcome: 'write',
      row: { pending: null, owner: null, settled: { ...settled('before', 2), id: 'refused-mine' }, lanes, fullNext: true },
    });
  });

  it('of a first load settles nothing but the head that it left', () => {
    const outcome = transition(marked, giveUp);
    expect(outcome).toMatchObject({ row: { settled: { id: 'refused-mine', epoch: 0, watermark: null, rows: 0, nothing: true } } });
    const next = outcome.outcome === 'write' ? { ...outcome.row, epoch: 4, owner: lease('me') } : undefined;
    const decided = transition(next, { ...events.intend, epoch: 4, prev: 'refused-mine' });
    expect(decided).toMatchObject({ outcome: 'write' });
    const row = decided.outcome === 'write' ? decided.row : undefined;
    const done = transition(row, { ...events.settle, settled: settled('mine', 4), added: 3 });
    expect(done.outcome === 'write' ? done.row.settled : undefined).toEqual({ ...settled('mine', 4), total: 3 });
  });

  it('that is not the pending one any more is given up by none', () => {
    expect(transition(marked, { ...giveUp, id: 'another' })).toEqual({ outcome: 'already' });
  });

  it('that has taken away what settled before asks for a full load, in the same write', () => {
    const before = { ...settled('before', 2), watermark: mark, boundary: { count: 1, hash: 'h' }, seen: 'seen/1', sourceVersion: 'v' };
    expect(transition({ ...marked, settled: before as unknown as StateRow['settled'] }, { ...giveUp, fullNext: true })).toMatchObject({
      outcome: 'write',
      row: {
        pending: null,
        fullNext: true,
        settled: { id: 'refused-mine', watermark: null, boundary: null, seen: null, sourceVersion: null, rows: 3 },
      },
    });
  });
});

describe('reset', () => {
  it('forgets where incremental runs go on, and keeps what is settled', () => {
    const outcome = transition(rows.claimed, events.reset);
    expect(outcome).toMatchObject({
      row: { fullNext: true, settled: { id: 'before', watermark: null, boundary: null, seen: null, sourceVersion: null, rows: 3 } },
    });
  });

  it('on a row that never settled only asks for the full load', () => {
    const row: StateRow = { ...emptyRow, lineage: 'L', epoch: 3, owner: lease('me') };
    expect(transition(row, events.reset)).toMatchObject({ row: { fullNext: true, settled: null } });
  });

  it('by adopt forgets what was pending and the other lanes', () => {
    const row: StateRow = { ...emptyRow, lineage: 'L', epoch: 3, owner: lease('me'), pending: intent, lanes: { old: mark } };
    const outcome = transition(row, events.adopt);
    expect(outcome).toMatchObject({ row: { pending: null, lineage: 'new', epoch: 9 } });
    expect(outcome.outcome === 'write' && outcome.row.lanes).toEqual({});
  });
});
