/** Claims, rolls forward and sweeps: how every run, cancel and reset begins. protocol.md 2.5 (1, 2, 4), 2.6, 2.9. */

import { HyggeError } from '../../errors/hygge-error.ts';
import { retry } from '../../ports/retry.ts';
import type { Lease, Pending, StateRow } from '../../ports/state.ts';
import type { Instant, Json } from '../../ports/values.ts';
import type { Step } from '../contracts/frame.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import { type Claim, claimOfRef } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { msUntil, untilDone, withNotBefore } from '../contracts/steps.ts';
import type { Store, Swept } from '../contracts/store.ts';
import { commitWaits } from '../errors/refused.ts';
import { claimedByLaterRun, lostRecord, partsLost } from '../errors/run.ts';
import { finishCommit, readIntent } from './finish.ts';
import { moveRow, moveRowFrom, type ReadRow, readRow } from './row.ts';

/** How long a run may be silent before others may take its entity, unless its host says otherwise. A courtesy: safety never depends on it. */
export const leaseMs = 10 * 60_000;

export interface EntityClaim {
  readonly row: StateRow;
  readonly epoch: number;
  readonly lineage: string;
  /** This call also finished an earlier run's decided commit. */
  readonly rolledForward: boolean;
  /** This very call began the epoch: nothing of the epoch can exist yet. */
  readonly isNew: boolean;
  /** The claim was made from the row that the caller had read: what the caller saw since then is valid under the claim. */
  readonly stillAsRead: boolean;
  /** The store refused an earlier run's decided commit, and this call gave it up. */
  readonly givenUpError?: HyggeError;
  /** `Swept.leaves`. Absent: no files of others are there. */
  readonly leaves?: string;
  /** Why a decided commit can't be finished; it is left to the caller. */
  readonly unfinishedError?: HyggeError;
}

export type ClaimOutcome =
  | ({ readonly outcome: 'claimed' } & EntityClaim)
  | { readonly outcome: 'held'; readonly lease: Lease }
  /** This very run has already ended (its step was delivered again). */
  | { readonly outcome: 'ended'; readonly row: StateRow };

export interface ClaimRequest {
  readonly run: string;
  /** Whether to take the entity over from the run that has it: from any run, or only from the named one. */
  readonly takeOver: boolean | string;
  /**
   * A pending intent that can't be finished now (its parts are lost, it is stuck, any error, or it waits for another system): stop, or leave it to the caller.
   * Absent: stop, but wait for another system.
   */
  readonly ifUnfinished?: 'stop' | 'leave';
  /** The row as it was just read, and the epoch of the store's head if the head was looked at since. */
  readonly rowAsRead?: { readonly seen: ReadRow; readonly headEpoch?: number };
}

export async function claimEntity(
  ports: EnginePorts,
  spec: EntitySpec,
  store: Store,
  request: ClaimRequest,
  cursor?: Json,
): Promise<Step<ClaimOutcome>> {
  for (let { rowAsRead } = request; ; rowAsRead = undefined) {
    const before = rowAsRead?.seen ?? (await readRow(ports, spec));
    if (before.row?.last?.run === request.run && before.row.owner?.run !== request.run)
      return { done: { outcome: 'ended', row: before.row } };
    const foreign = await foreignLease(ports, before.row, request);
    if (foreign) return { done: { outcome: 'held', lease: foreign } };

    const headEpoch = rowAsRead?.headEpoch ?? (await retry(() => store.head()))?.epoch ?? 0;
    const lease: Lease = { run: request.run, until: leaseUntil(ports, lengthOf(ports)), holder: ports.host.self };
    const event = { event: 'claim' as const, lease, headEpoch, lineage: ports.random.nonce() };
    const moved = await moveRowFrom(ports, spec, event, before);
    // Another run was faster. Its lease is respected like any other (H17).
    if (moved === 'moved') continue;
    if (moved.outcome === 'refused') throw claimedByLaterRun(spec);
    const seen = moved.outcome === 'written' ? moved.row : undefined;
    const isBorn = seen !== undefined && before.row === undefined;
    return afterClaim(ports, spec, store, {
      request,
      epoch: moved.row.epoch,
      cursor,
      seen,
      isBorn,
      stillAsRead: seen !== undefined && rowAsRead !== undefined,
    });
  }
}

async function afterClaim(
  ports: EnginePorts,
  spec: EntitySpec,
  store: Store,
  mine: {
    readonly request: ClaimRequest;
    readonly epoch: number;
    readonly cursor: Json | undefined;
    /** The row as this very claim wrote it. */
    readonly seen: StateRow | undefined;
    /** The lineage began with this claim: nothing of it can exist. */
    readonly isBorn: boolean;
    readonly stillAsRead: boolean;
  },
): Promise<Step<ClaimOutcome>> {
  let onTheWay: Pick<EntityClaim, 'rolledForward' | 'givenUpError'> = { rolledForward: false };
  const isNew = mine.seen !== undefined;
  for (let seen = mine.seen; ; seen = undefined) {
    const row = seen ?? (await readRow(ports, spec)).row;
    if (!row || row.epoch !== mine.epoch || row.owner?.run !== mine.request.run) throw claimedByLaterRun(spec);
    const claimed = { outcome: 'claimed', row, epoch: mine.epoch, lineage: row.lineage, isNew, stillAsRead: mine.stillAsRead } as const;
    // A repeat of a step whose run has decided already: the later steps find the decision.
    if (row.pending?.epoch === mine.epoch || row.settled?.epoch === mine.epoch) return { done: { ...claimed, ...onTheWay } };
    if (!row.pending) {
      const swept = mine.isBorn ? 'swept' : await sweep(ports, spec, store, row, mine.epoch);
      return { done: { ...claimed, ...onTheWay, ...(swept === 'swept' ? {} : swept) } };
    }
    const step = await rollForward(ports, spec, store, { pending: row.pending, ...mine });
    if ('again' in step) {
      await keepLease(ports, spec, { run: mine.request.run, epoch: mine.epoch }, step.notBefore);
      return step;
    }
    if (step.done === 'moved on') continue;
    if (!(step.done instanceof HyggeError)) {
      onTheWay = step.done;
      continue;
    }
    if (mine.request.ifUnfinished === 'leave') return { done: { ...claimed, ...onTheWay, unfinishedError: step.done } };
    await releaseClaim(ports, spec, { run: mine.request.run, epoch: mine.epoch });
    throw step.done;
  }
}

/** Finishes or gives up what an earlier run has decided. Returns an error if it still waits. For a run, any other error that stops it is thrown. */
async function rollForward(
  ports: EnginePorts,
  spec: EntitySpec,
  store: Store,
  { pending, request, cursor }: { pending: Pending; request: ClaimRequest; cursor: Json | undefined },
): Promise<Step<Pick<EntityClaim, 'rolledForward' | 'givenUpError'> | 'moved on' | HyggeError>> {
  const intent = await readIntent(ports, spec, pending);
  if (intent === 'moved on') return { done: intent };
  if (intent === 'missing') return { done: lostRecord(spec, pending.ref, ports.state.location, '--discard') };
  const step = await finishCommit(ports, spec, { intent, refused: pending.refused, cursor }).catch((error: unknown) => {
    if (request.ifUnfinished !== undefined && error instanceof HyggeError) return { done: error };
    throw error;
  });
  // Only a run waits for another system.
  if ('again' in step && step.notBefore !== undefined && request.ifUnfinished !== undefined)
    return { done: commitWaits(spec, store.where, step.waitsFor) };
  if ('again' in step) return step;
  if (step.done instanceof HyggeError) return { done: step.done };
  if (step.done === 'void') return { done: 'moved on' };
  if (step.done === 'parts lost') return { done: partsLost(spec, store.where) };
  if (step.done.outcome === 'settled') return { done: { rolledForward: true } };
  const { outcome, error } = step.done;
  return { done: outcome === 'given up' ? { rolledForward: false, givenUpError: error } : error };
}

/** The valid lease of another run; undefined: there is none. */
async function foreignLease(ports: EnginePorts, row: StateRow | undefined, request: ClaimRequest): Promise<Lease | undefined> {
  const lease = row?.owner;
  if (!lease || lease.run === request.run || request.takeOver === true || lease.run === request.takeOver) return undefined;
  if (lease.until <= sharedNow(ports)) return undefined;
  return (await ports.host.fate(lease.holder)) === 'dead' ? undefined : lease;
}

/**
 * Removes what epochs below this one staged. Only after a claim of this epoch, or up to the epoch of a row without a lease, and only while
 * nothing is pending: such epochs can never write an intent again. Never by age, never of another lineage. Its failure fails the claim.
 */
export async function sweep(ports: EnginePorts, spec: EntitySpec, store: Store, row: StateRow, epoch: number): Promise<Swept> {
  const [swept] = await Promise.all([
    sweepStore(ports, store, { lineage: row.lineage, before: epoch }),
    sweepObjects(ports, spec, row, epoch),
  ]);
  return swept;
}

export async function sweepStore(
  { clock }: EnginePorts,
  store: Store,
  dead: { readonly lineage: string; readonly before: number },
): Promise<Swept> {
  return untilDone(clock, (cursor) => retry(() => store.sweep(dead, cursor)));
}

/** Removes plans, receipts and intents of ended epochs, and lists of files that a later list replaced. Schemas stay, since they are the history. */
export function sweepObjects(ports: EnginePorts, spec: EntitySpec, row: StateRow, before: number): Promise<void> {
  return removeObjects(ports, spec, row, ({ lineage, epoch }) => lineage === row.lineage && epoch < before);
}

/** After an adopt: nothing of an older lineage can commit any more. */
export function sweepOtherLineages(ports: EnginePorts, spec: EntitySpec, row: StateRow): Promise<void> {
  return removeObjects(ports, spec, row, ({ lineage }) => lineage !== row.lineage);
}

/** What belongs to an epoch and ends with it. */
const mortal = /^(plans|receipts|intents|seen)\//;

async function removeObjects(ports: EnginePorts, spec: EntitySpec, row: StateRow, isDead: (claim: Claim) => boolean): Promise<void> {
  const kept = new Set([row.settled?.snapshot, row.settled?.seen, row.pending?.ref]);
  const refs = await retry(() => ports.state.listObjects(spec, ''));
  const dead = refs.filter((ref) => {
    const claim = mortal.test(ref) ? claimOfRef(ref) : undefined;
    return claim !== undefined && isDead(claim) && !kept.has(ref);
  });
  if (dead.length > 0) await retry(() => ports.state.removeObjects(spec, dead));
}

/**
 * Keeps the claim alive while a run works; called at the start of every step, and before a wait until `idleUntil`, which the lease must outlast.
 * A run that lost its claim must end. @param seen the row, if the caller has just read it.
 */
export async function renewLease(
  ports: EnginePorts,
  spec: EntitySpec,
  { run, epoch }: { readonly run: string; readonly epoch: number },
  { idleUntil, seen }: { readonly idleUntil?: Instant | undefined; readonly seen?: ReadRow | undefined } = {},
): Promise<void> {
  const { row } = seen ?? freshlyMine(ports, spec, { run, epoch }) ?? (await readRow(ports, spec));
  if (!row || row.epoch !== epoch) throw claimedByLaterRun(spec);
  const idleMs = idleUntil === undefined ? 0 : Math.max(0, msUntil(ports.clock, idleUntil));
  if (!row.owner || row.owner.until > leaseUntil(ports, idleMs + lengthOf(ports) / 2)) return;
  await moveRow(ports, spec, { event: 'renew', run, epoch, until: leaseUntil(ports, idleMs + lengthOf(ports)) });
}

/** Keeps the lease between two steps of a run whose commit is decided, and over a pause. It is a courtesy: any run may finish such a commit. */
export async function keepLease(
  ports: EnginePorts,
  spec: EntitySpec,
  claim: { readonly run: string; readonly epoch: number },
  idleUntil: Instant | undefined,
): Promise<void> {
  await renewLease(ports, spec, claim, { idleUntil }).catch(() => undefined);
}

/** The error of a failed step, for its driver. The step's source asked to be left alone until `notBefore`, and the claim is kept for longer than that. */
export async function keepClaimUntil(
  ports: EnginePorts,
  spec: EntitySpec,
  {
    claim,
    notBefore,
    error,
  }: { readonly claim: Parameters<typeof renewLease>[2]; readonly notBefore: Instant | undefined; readonly error: unknown },
): Promise<unknown> {
  // The next attempt finds out that a claim is lost.
  if (notBefore !== undefined) await renewLease(ports, spec, claim, { idleUntil: notBefore }).catch(() => undefined);
  return withNotBefore(error, notBefore);
}

/** The row as this very run wrote it a moment ago. If another run takes it over meanwhile, the next step and the decision notice that. */
function freshlyMine(
  ports: EnginePorts,
  spec: EntitySpec,
  { run, epoch }: { readonly run: string; readonly epoch: number },
): ReadRow | undefined {
  const known = ports.state.known?.(spec);
  if (known?.row.epoch !== epoch || known.row.owner?.run !== run) return undefined;
  return known.row.owner.until > leaseUntil(ports, lengthOf(ports) * 0.95) ? known : undefined;
}

/** Ends a claim that decided nothing, for callers that have no run to record. */
export async function releaseClaim(ports: EnginePorts, spec: EntitySpec, claimed: { run: string; epoch: number }): Promise<void> {
  const { row } = await readRow(ports, spec);
  const last = row?.last ?? { run: claimed.run, at: ports.clock.now(), status: 'error' as const, rows: 0 };
  await moveRow(ports, spec, { event: 'release', ...claimed, last });
}

/**
 * Ends the lease, though not the claim, of a run that can't finish its decided commit, so that the next run need not wait for the end of the lease. It is a
 * courtesy: if this can't be written either, the next run waits.
 */
export async function endLeaseKeepingClaim(
  ports: EnginePorts,
  spec: EntitySpec,
  { run, epoch }: { run: string; epoch: number },
): Promise<void> {
  await moveRow(ports, spec, { event: 'renew', run, epoch, until: sharedNow(ports) }).catch(() => undefined);
}

/** Processes that share a state also share its clock, if it has one: their own clocks need not agree. */
export function sharedNow({ state, clock }: Pick<EnginePorts, 'state' | 'clock'>): Instant {
  return state.now?.() ?? clock.now();
}

export function instantAfter(ports: EnginePorts, ms: number): string {
  return after(ports.clock.now(), ms);
}

function lengthOf({ host }: EnginePorts): number {
  return host.leaseMs ?? leaseMs;
}

function leaseUntil(ports: EnginePorts, ms: number): Instant {
  return after(sharedNow(ports), ms);
}

function after(instant: Instant, ms: number): Instant {
  return new Date(Date.parse(instant) + ms).toISOString();
}
