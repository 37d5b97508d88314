/**
 * The complete state machine of the state row: every phase × every event, checked by the compiler. It is pure and returns what the row becomes;
 * row.ts writes it by compare-and-swap. Read it together with docs/building/protocol.md (2.1, 2.5, 2.15); whatever is not allowed here is refused without a write.
 */

import type { Watermark } from '../../frames/watermark.ts';
import type { Binding, CommitRefusalReason, Lease, Pending, Settled, StateRow, Status } from '../../ports/state.ts';
import { defined, type Instant } from '../../ports/values.ts';

/**
 * `none` no row · `idle` no run has it · `claimed` a run works, nothing decided · `pending` an intent of this epoch waits to be finished ·
 * `overtaken` an intent waits, and a later claim has begun a newer epoch.
 */
export type Phase = 'none' | 'idle' | 'claimed' | 'pending' | 'overtaken';

export type ProtocolEvent =
  /** A run takes the entity. The caller has checked the lease; safety does not depend on it. */
  | { readonly event: 'claim'; readonly lease: Lease; readonly headEpoch: number; readonly lineage: string }
  /** The decision. `prev` is the head that the plan was made on. */
  | { readonly event: 'intend'; readonly run: string; readonly epoch: number; readonly prev: string | null; readonly intent: Pending }
  /** The store's head is the intent now. */
  | {
      readonly event: 'settle';
      readonly id: string;
      readonly settled: Settled;
      /** The rows that it adds to the settled ones; null: it replaces all of them. */
      readonly added: number | null;
      readonly binding: Binding | null;
      readonly lane: Lane;
      /** The rows had settled before: the time of the last settled rows stays. */
      readonly keepsTime?: true;
      readonly last: LastRun;
    }
  /** The store's head is neither the intent nor its predecessor: the intent can never commit. */
  | { readonly event: 'void'; readonly id: string }
  /** The store refuses the intent permanently. The row records it before the token is removed, so that no finisher takes the removal for a lost part. */
  | { readonly event: 'refuse'; readonly id: string; readonly refused: CommitRefusalReason }
  /** The store's head is the intent's `fence`, and nothing of the intent is left. */
  | {
      readonly event: 'give up';
      readonly id: string;
      readonly fence: string;
      readonly last: LastRun;
      /** The next run is a full load, as after `reset`: see `FullNext`. */
      readonly fullNext?: true;
    }
  /** The run ends without a decision. */
  | { readonly event: 'release'; readonly run: string; readonly epoch: number; readonly last: LastRun; readonly lane?: Lane }
  | { readonly event: 'renew'; readonly run: string; readonly epoch: number; readonly until: Instant }
  /** A run looked, found nothing to do, and ends without a claim. Only if the row is unchanged since it looked. `swept`: the day of the last sweep. */
  | { readonly event: 'look'; readonly last: LastRun; readonly swept: string }
  /** The next run is a full load that replaces. Only under a claim. */
  | { readonly event: 'reset'; readonly run: string; readonly epoch: number }
  /** The store's head was fenced. The row follows it with a new lineage, and a pending intent is gone. Only under a claim. */
  | {
      readonly event: 'adopt';
      readonly run: string;
      readonly epoch: number;
      readonly lineage: string;
      readonly settled: Settled;
      readonly binding: Binding | null;
      readonly fullNext: boolean;
    };

/** How far a lane is done; without a watermark nothing about it is remembered. `anew`: everything was loaded again. */
export type Lane = { readonly name: string; readonly watermark: Watermark | null } | { readonly anew: true };

type LastRun = { readonly run: string; readonly at: Instant; readonly status: Status; readonly rows: number };
export type EventName = ProtocolEvent['event'];
type Of<E extends EventName> = Extract<ProtocolEvent, { readonly event: E }>;

export type MoveRefusal =
  /** A later claim has replaced this run's claim: it must end, and must not claim again. */
  | 'fenced'
  /** An intent is pending: it must be rolled forward first. */
  | 'pending first'
  /** The settled commit is not the one that the plan was made on. */
  | 'stale plan'
  | 'not claimed'
  | 'not mine'
  /** Another run is at work, or an intent is pending. Only a claim can decide it. */
  | 'claim first';

export type TransitionOutcome =
  | { readonly outcome: 'write'; readonly row: StateRow }
  /** The row is already so: there is nothing to write. */
  | { readonly outcome: 'already' }
  | { readonly outcome: 'refused'; readonly why: MoveRefusal };

const already: TransitionOutcome = { outcome: 'already' };
const refused = (why: MoveRefusal): TransitionOutcome => ({ outcome: 'refused', why });
const write = (row: StateRow, change: Partial<StateRow>): TransitionOutcome => ({ outcome: 'write', row: { ...row, ...change } });

type Transition<E extends EventName> = (row: StateRow, event: Of<E>) => TransitionOutcome;

/** The same run claims again: same epoch. Another run: the next epoch. An epoch only rises, and is above the epoch of the store's head (H13). */
const claim: Transition<'claim'> = (row, { lease, headEpoch }) => {
  if (row.owner?.run === lease.run) return already;
  return write(row, { epoch: Math.max(row.epoch, headEpoch) + 1, owner: lease });
};

/** H7: one comparison each for epoch, owner, and the chain of settled commits; each is needed against some kind of zombie. */
const intend: Transition<'intend'> = (row, { run, epoch, prev, intent }) => {
  if (row.epoch !== epoch || row.owner?.run !== run) return refused('fenced');
  if ((row.settled?.epoch ?? 0) >= epoch || (row.settled?.id ?? null) !== prev) return refused('stale plan');
  return write(row, { pending: intent });
};

/** The row stays small: only the latest backfills are remembered. */
const mostLanes = 16;

function lanesAfter({ lanes }: StateRow, lane: Lane | undefined): StateRow['lanes'] {
  if (lane === undefined) return lanes;
  if ('anew' in lane) return {};
  if (lane.name === 'live' || lane.watermark === null) return lanes;
  const others = Object.entries(lanes).filter(([name]) => name !== lane.name);
  return Object.fromEntries([...others.slice(1 - mostLanes), [lane.name, lane.watermark]]);
}

/** H8: only if the pending intent is still this one. The owner of a later epoch keeps its claim. */
const settle: Transition<'settle'> = (row, { id, settled: committed, added, binding, lane, keepsTime, last }) => {
  if (row.pending?.id !== id) return already;
  const overtaken = row.epoch > row.pending.epoch;
  const lanes = lanesAfter(row, lane);
  const fullAt = committed.fullAt ?? row.settled?.fullAt;
  const at = keepsTime ? (row.settled?.at ?? committed.at) : committed.at;
  const settled = { ...committed, at, total: totalAfter(row.settled, committed.rows, added), ...defined({ fullAt }) };
  return write(row, { pending: null, settled, binding, lanes, last, fullNext: false, owner: overtaken ? row.owner : null });
};

/** If nothing had settled before, or everything was replaced, counting starts again. */
function totalAfter(before: Settled | null, rows: number, added: number | null): number | null {
  if (before === null || before.nothing || added === null) return rows;
  return before.total === undefined || before.total === null ? null : before.total + added;
}

const voidIntent: Transition<'void'> = (row, { id }) => (row.pending?.id === id ? write(row, { pending: null }) : already);

/** The mark stays, and a later finisher continues from it. */
const refuse: Transition<'refuse'> = (row, { id, refused: why }) => {
  if (row.pending?.id !== id || row.pending.refused) return already;
  return write(row, { pending: { ...row.pending, refused: why } });
};

/** Everything settled stays unchanged except the id, which is the store's head (H34). A first load has settled nothing: `if_exists` applies again (H35). */
const giveUp: Transition<'give up'> = (row, { id, fence, last, fullNext }) => {
  if (row.pending?.id !== id) return already;
  const overtaken = row.epoch > row.pending.epoch;
  const settled = row.settled ? { ...row.settled, id: fence } : nothingSettled(fence, last.at);
  const change = { pending: null, last, owner: overtaken ? row.owner : null };
  return write(row, { ...change, settled, ...(fullNext && { fullNext, settled: { ...settled, ...nowhereToGoOn } }) });
};

/** The members that a full load does not need. */
const nowhereToGoOn = { watermark: null, boundary: null, seen: null, sourceVersion: null } as const;

const nothingSettled = (id: string, at: Instant): Settled => ({
  id,
  epoch: 0,
  ...nowhereToGoOn,
  snapshot: null,
  rows: 0,
  at,
  nothing: true,
});

const mine = (row: StateRow, run: string, epoch: number) => row.epoch === epoch && row.owner?.run === run;

const release: Transition<'release'> = (row, { run, epoch, last, lane }) =>
  mine(row, run, epoch) ? write(row, { owner: null, last, lanes: lanesAfter(row, lane) }) : refused('fenced');

const renew: Transition<'renew'> = (row, { run, epoch, until }) =>
  mine(row, run, epoch) && row.owner ? write(row, { owner: { ...row.owner, until } }) : refused('fenced');

const reset: Transition<'reset'> = (row, { run, epoch }) => {
  if (!mine(row, run, epoch)) return refused('fenced');
  return write(row, {
    fullNext: true,
    settled: row.settled && { ...row.settled, ...nowhereToGoOn },
  });
};

const adopt: Transition<'adopt'> = (row, { run, epoch, lineage, settled, binding, fullNext }) => {
  if (!mine(row, run, epoch)) return refused('fenced');
  return write(row, { lineage, epoch: settled.epoch, settled, binding, fullNext, pending: null, lanes: {} });
};

const look: Transition<'look'> = (row, { last }) =>
  row.settled && !row.settled.nothing && !row.fullNext ? write(row, { last }) : refused('claim first');

const claimFirst = () => refused('claim first');
const pendingFirst = () => refused('pending first');
const notClaimed = () => refused('not claimed');
const nothing = () => already;

/** After a void, or a settle by another finisher, the caller looks again; `none` can only be claimed. */
const TABLE: { readonly [P in Phase]: { readonly [E in EventName]: Transition<E> } } = {
  none: {
    claim: (row, { lease, headEpoch, lineage }) => write(row, { lineage, epoch: headEpoch + 1, owner: lease }),
    intend: notClaimed,
    settle: nothing,
    void: nothing,
    refuse: nothing,
    'give up': nothing,
    release: notClaimed,
    renew: notClaimed,
    look: claimFirst,
    reset: notClaimed,
    adopt: notClaimed,
  },
  idle: {
    claim,
    intend: () => refused('fenced'),
    settle: nothing,
    void: nothing,
    refuse: nothing,
    'give up': nothing,
    release: notClaimed,
    renew: notClaimed,
    look,
    reset: notClaimed,
    adopt: notClaimed,
  },
  claimed: {
    claim,
    intend,
    settle: nothing,
    void: nothing,
    refuse: nothing,
    'give up': nothing,
    release,
    renew,
    look: claimFirst,
    reset,
    adopt,
  },
  pending: {
    claim,
    intend: (row, { intent }) => (row.pending?.id === intent.id ? already : refused('pending first')),
    settle,
    void: voidIntent,
    refuse,
    'give up': giveUp,
    release: pendingFirst,
    renew,
    look: claimFirst,
    reset: pendingFirst,
    adopt,
  },
  overtaken: {
    claim,
    intend: () => refused('fenced'),
    settle,
    void: voidIntent,
    refuse,
    'give up': giveUp,
    release,
    renew,
    look: claimFirst,
    reset: pendingFirst,
    adopt,
  },
};

/** The row before the first claim. It is never written. */
export const emptyRow: StateRow = {
  lineage: '',
  epoch: 0,
  owner: null,
  pending: null,
  settled: null,
  lanes: {},
  binding: null,
  fullNext: false,
  last: null,
  writeId: '',
};

export function phaseOf(row: StateRow | undefined): Phase {
  if (!row) return 'none';
  if (row.pending) return row.pending.epoch === row.epoch ? 'pending' : 'overtaken';
  return row.owner ? 'claimed' : 'idle';
}

export function transition<E extends EventName>(row: StateRow | undefined, event: Of<E>): TransitionOutcome {
  const cell = TABLE[phaseOf(row)][event.event as E] as Transition<E>;
  return cell(row ?? emptyRow, event);
}

export const phases = Object.keys(TABLE) as readonly Phase[];
export const eventNames = Object.keys(TABLE.none) as readonly EventName[];
