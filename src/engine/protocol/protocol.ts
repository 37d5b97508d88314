/**
 * The complete state machine of the state row: every phase × every event, checked by the compiler. It is pure and returns what the row becomes;
 * row.ts writes it by compare-and-swap. Read it together with docs/building/protocol.md (2.1, 2.5, 2.15). An event that is not allowed here is
 * refused without a write.
 */

import type { Watermark } from '../../frames/watermark.ts';
import type { Binding, CommitRefusalReason, Lease, Pending, Settled, StateRow, Status } from '../../ports/state.ts';
import { defined, type Instant } from '../../ports/values.ts';

/**
 * `none`: the entity has no row. `idle`: no run has the entity. `claimed`: a run works, and has decided no commit. `pending`: an intent of this epoch
 * waits to be finished. `overtaken`: an intent waits, but a later claim has begun a newer epoch.
 */
export type Phase = 'none' | 'idle' | 'claimed' | 'pending' | 'overtaken';

export type ProtocolEvent =
  /** A run claims the entity. The caller has checked the lease, but safety does not depend on the lease. */
  | { readonly event: 'claim'; readonly lease: Lease; readonly headEpoch: number; readonly lineage: string }
  /** A run decides its commit. `prev`: the id of the head on which the plan was made. */
  | { readonly event: 'intend'; readonly run: string; readonly epoch: number; readonly prev: string | null; readonly intent: Pending }
  /** The store’s head is now the one of the intent, so the commit has settled. */
  | {
      readonly event: 'settle';
      readonly id: string;
      readonly settled: Settled;
      /** How many rows the commit adds to the settled rows. Null: it replaces all settled rows. */
      readonly added: number | null;
      readonly binding: Binding | null;
      readonly lane: Lane;
      /** Present if the rows had settled before, so that the time of the last settled rows stays. */
      readonly keepsTime?: true;
      readonly last: LastRun;
    }
  /** The store’s head is neither the one of the intent nor its predecessor, so the intent can never commit. */
  | { readonly event: 'void'; readonly id: string }
  /** The store refuses the intent permanently. The row records the refusal before the token is removed. Without this record, a finisher would take the missing token for a lost part. */
  | { readonly event: 'refuse'; readonly id: string; readonly refused: CommitRefusalReason }
  /** The store’s head is the intent’s `fence`, and all traces of the intent are removed. */
  | {
      readonly event: 'give up';
      readonly id: string;
      readonly fence: string;
      readonly last: LastRun;
      /** Present if the next run is a full load, as after `reset`: see `FullNext`. */
      readonly fullNext?: true;
    }
  /** The run ends without having decided a commit. */
  | { readonly event: 'release'; readonly run: string; readonly epoch: number; readonly last: LastRun; readonly lane?: Lane }
  | { readonly event: 'renew'; readonly run: string; readonly epoch: number; readonly until: Instant }
  /** A run looked, found no work, and ends without a claim. Allowed only if the row is unchanged since the look. `swept`: the day of the last sweep. */
  | { readonly event: 'look'; readonly last: LastRun; readonly swept: string }
  /** The next run will be a full load that replaces all rows. Allowed only under a claim. */
  | { readonly event: 'reset'; readonly run: string; readonly epoch: number }
  /** The store’s head was fenced. The row now gets a new lineage, and a pending intent is dropped. Allowed only under a claim. */
  | {
      readonly event: 'adopt';
      readonly run: string;
      readonly epoch: number;
      readonly lineage: string;
      readonly settled: Settled;
      readonly binding: Binding | null;
      readonly fullNext: boolean;
    };

/** Up to which value a lane is done. Without a watermark, the row forgets the lane. `anew`: all rows were loaded again. */
export type Lane = { readonly name: string; readonly watermark: Watermark | null } | { readonly anew: true };

type LastRun = { readonly run: string; readonly at: Instant; readonly status: Status; readonly rows: number };
export type EventName = ProtocolEvent['event'];
type Of<E extends EventName> = Extract<ProtocolEvent, { readonly event: E }>;

export type MoveRefusal =
  /** A later claim has replaced this run’s claim. So this run must end, and must not claim again. */
  | 'fenced'
  /** An intent is pending, so it must be rolled forward first. */
  | 'pending first'
  /** The settled commit is not the commit on which the plan was made. */
  | 'stale plan'
  | 'not claimed'
  | 'not mine'
  /** Another run is working, or an intent is pending. Only a claim can resolve this. */
  | 'claim first';

export type TransitionOutcome =
  | { readonly outcome: 'write'; readonly row: StateRow }
  /** The row already has the result of the event, so no write is needed. */
  | { readonly outcome: 'already' }
  | { readonly outcome: 'refused'; readonly why: MoveRefusal };

const already: TransitionOutcome = { outcome: 'already' };
const refused = (why: MoveRefusal): TransitionOutcome => ({ outcome: 'refused', why });
const write = (row: StateRow, change: Partial<StateRow>): TransitionOutcome => ({ outcome: 'write', row: { ...row, ...change } });

type Transition<E extends EventName> = (row: StateRow, event: Of<E>) => TransitionOutcome;

/** If the same run claims again, the epoch stays. Another run gets the next epoch. An epoch only rises, and is always larger than the epoch of the store’s head (H13). */
const claim: Transition<'claim'> = (row, { lease, headEpoch }) => {
  if (row.owner?.run === lease.run) return already;
  return write(row, { epoch: Math.max(row.epoch, headEpoch) + 1, owner: lease });
};

/** H7: compares the epoch, the owner, and the chain of settled commits. Each of the three comparisons stops some kind of zombie. */
const intend: Transition<'intend'> = (row, { run, epoch, prev, intent }) => {
  if (row.epoch !== epoch || row.owner?.run !== run) return refused('fenced');
  if ((row.settled?.epoch ?? 0) >= epoch || (row.settled?.id ?? null) !== prev) return refused('stale plan');
  return write(row, { pending: intent });
};

/** How many lanes the row remembers. Only the latest backfills are remembered, so that the row stays small. */
const mostLanes = 16;

function lanesAfter({ lanes }: StateRow, lane: Lane | undefined): StateRow['lanes'] {
  if (lane === undefined) return lanes;
  if ('anew' in lane) return {};
  if (lane.name === 'live' || lane.watermark === null) return lanes;
  const others = Object.entries(lanes).filter(([name]) => name !== lane.name);
  return Object.fromEntries([...others.slice(1 - mostLanes), [lane.name, lane.watermark]]);
}

/** H8: settles only if the pending intent is still this one. If a later epoch has an owner, the owner keeps its claim. */
const settle: Transition<'settle'> = (row, { id, settled: committed, added, binding, lane, keepsTime, last }) => {
  if (row.pending?.id !== id) return already;
  const overtaken = row.epoch > row.pending.epoch;
  const lanes = lanesAfter(row, lane);
  const fullAt = committed.fullAt ?? row.settled?.fullAt;
  const at = keepsTime ? (row.settled?.at ?? committed.at) : committed.at;
  const settled = { ...committed, at, total: totalAfter(row.settled, committed.rows, added), ...defined({ fullAt }) };
  return write(row, { pending: null, settled, binding, lanes, last, fullNext: false, owner: overtaken ? row.owner : null });
};

/** How many rows are settled in total. If no rows had settled before, or all were replaced, counting starts again. */
function totalAfter(before: Settled | null, rows: number, added: number | null): number | null {
  if (before === null || before.nothing || added === null) return rows;
  return before.total === undefined || before.total === null ? null : before.total + added;
}

const voidIntent: Transition<'void'> = (row, { id }) => (row.pending?.id === id ? write(row, { pending: null }) : already);

/** The mark of refusal stays in the row, and a later finisher continues from it. */
const refuse: Transition<'refuse'> = (row, { id, refused: why }) => {
  if (row.pending?.id !== id || row.pending.refused) return already;
  return write(row, { pending: { ...row.pending, refused: why } });
};

/** All settled facts stay unchanged except the id, which is that of the store’s head (H34). After a first load no rows have settled, so `if_exists` applies again (H35). */
const giveUp: Transition<'give up'> = (row, { id, fence, last, fullNext }) => {
  if (row.pending?.id !== id) return already;
  const overtaken = row.epoch > row.pending.epoch;
  const settled = row.settled ? { ...row.settled, id: fence } : nothingSettled(fence, last.at);
  const change = { pending: null, last, owner: overtaken ? row.owner : null };
  return write(row, { ...change, settled, ...(fullNext && { fullNext, settled: { ...settled, ...nowhereToGoOn } }) });
};

/** The values of the members that a full load does not need. */
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

/** The table of all transitions. After a void, or after another finisher has settled, the caller looks again. From `none`, only a claim is possible. */
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
