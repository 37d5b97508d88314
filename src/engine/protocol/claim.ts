/** Claims, rolls forward and sweeps. Every run, cancel and reset begins with these three. protocol.md 2.5 (1, 2, 4), 2.6, 2.9. */

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

/** How long a run may be silent before other runs may take its entity, in milliseconds, unless its host sets another time. The lease only avoids disturbance: safety never depends on it. */
export const leaseMs = 10 * 60_000;

export interface EntityClaim {
  readonly row: StateRow;
  readonly epoch: number;
  readonly lineage: string;
  /** Whether this call also finished an earlier run’s decided commit. */
  readonly rolledForward: boolean;
  /** Whether this very call began the epoch, so that no object of the epoch can exist yet. */
  readonly isNew: boolean;
  /** Whether the claim was made from the row that the caller had read. If so, the caller’s findings since then are valid under the claim. */
  readonly stillAsRead: boolean;
  /** Present if the store refused an earlier run’s decided commit, and this call gave the commit up. */
  readonly givenUpError?: HyggeError;
  /** `Swept.leaves`: files of other programs. Absent: there are no such files. */
  readonly leaves?: string;
  /** Why a decided commit can’t be finished. Present if the caller decides what to do about it. */
  readonly unfinishedError?: HyggeError;
}

export type ClaimOutcome =
  | ({ readonly outcome: 'claimed' } & EntityClaim)
  | { readonly outcome: 'held'; readonly lease: Lease }
  /** This very run has already ended, because its step was delivered again. */
  | { readonly outcome: 'ended'; readonly row: StateRow };

export interface ClaimRequest {
  readonly run: string;
  /** Whether to take over the entity from the run that has it: from any run, or only from the named run. */
  readonly takeOver: boolean | string;
  /**
   * What to do about a pending intent that can’t be finished now (its parts are lost, it is stuck, it waits for another system, or any error).
   * `stop`: throw. `leave`: leave it to the caller. Absent: throw, but wait for another system.
   */
  readonly ifUnfinished?: 'stop' | 'leave';
  /** The row as it was just read. `headEpoch`: the epoch of the store’s head, if the head was read after the row. */
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
    // Another run claimed first. Its lease is respected like any other lease (H17).
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
    /** Whether the lineage began with this claim, so that no object of the lineage can exist. */
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
    // A repeated step of a run that has already decided its commit. The later steps find the decision.
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

/** Finishes or gives up the commit that an earlier run has decided. Returns an error if the commit still waits. If the caller is a run, any other error that stops the run is thrown. */
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
  // Only a run waits for another system. Other callers do not.
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

/** The valid lease of another run. Undefined: no other run has a valid lease. */
async function foreignLease(ports: EnginePorts, row: StateRow | undefined, request: ClaimRequest): Promise<Lease | undefined> {
  const lease = row?.owner;
  if (!lease || lease.run === request.run || request.takeOver === true || lease.run === request.takeOver) return undefined;
  if (lease.until <= sharedNow(ports)) return undefined;
  return (await ports.host.fate(lease.holder)) === 'dead' ? undefined : lease;
}

/**
 * Removes the parts that epochs below this one staged. It is allowed only after a claim of this epoch, or up to the epoch of a row without a lease,
 * and only while no intent is pending. Then these epochs can never write an intent again. It never removes by age, and never from another lineage. If
 * it fails, the claim fails.
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

/** Removes plans, receipts and intents of ended epochs, and lists of files that a later list replaced. Schemas stay, because they are the history. */
export function sweepObjects(ports: EnginePorts, spec: EntitySpec, row: StateRow, before: number): Promise<void> {
  return removeObjects(ports, spec, row, ({ lineage, epoch }) => lineage === row.lineage && epoch < before);
}

/** Sweeps all other lineages. After an adopt, no older lineage can commit any more. */
export function sweepOtherLineages(ports: EnginePorts, spec: EntitySpec, row: StateRow): Promise<void> {
  return removeObjects(ports, spec, row, ({ lineage }) => lineage !== row.lineage);
}

/** The names of objects that belong to an epoch and are removed after it. */
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
 * Keeps the claim alive while a run works; called at the start of every step. Also called before a wait until `idleUntil`, because the lease must
 * outlast the wait. A run that lost its claim must end. @param seen the row, if the caller has just read it.
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

/** Keeps the lease between two steps of a run with a decided commit, and over a pause. It only avoids disturbance, because any run may finish such a commit. */
export async function keepLease(
  ports: EnginePorts,
  spec: EntitySpec,
  claim: { readonly run: string; readonly epoch: number },
  idleUntil: Instant | undefined,
): Promise<void> {
  await renewLease(ports, spec, claim, { idleUntil }).catch(() => undefined);
}

/** The error of a failed step, for the step’s driver. If the source asked for a pause until `notBefore`, the claim is kept beyond that time. */
export async function keepClaimUntil(
  ports: EnginePorts,
  spec: EntitySpec,
  {
    claim,
    notBefore,
    error,
  }: { readonly claim: Parameters<typeof renewLease>[2]; readonly notBefore: Instant | undefined; readonly error: unknown },
): Promise<unknown> {
  // If the claim is lost, the next try of the step notices it.
  if (notBefore !== undefined) await renewLease(ports, spec, claim, { idleUntil: notBefore }).catch(() => undefined);
  return withNotBefore(error, notBefore);
}

/** The row as this very run wrote it a moment ago. If another run takes the entity meanwhile, the next step and the decision notice it. */
function freshlyMine(
  ports: EnginePorts,
  spec: EntitySpec,
  { run, epoch }: { readonly run: string; readonly epoch: number },
): ReadRow | undefined {
  const known = ports.state.known?.(spec);
  if (known?.row.epoch !== epoch || known.row.owner?.run !== run) return undefined;
  return known.row.owner.until > leaseUntil(ports, lengthOf(ports) * 0.95) ? known : undefined;
}

/** Ends a claim under which no commit was decided, for callers without a run to record. */
export async function releaseClaim(ports: EnginePorts, spec: EntitySpec, claimed: { run: string; epoch: number }): Promise<void> {
  const { row } = await readRow(ports, spec);
  const last = row?.last ?? { run: claimed.run, at: ports.clock.now(), status: 'error' as const, rows: 0 };
  await moveRow(ports, spec, { event: 'release', ...claimed, last });
}

/**
 * Ends the lease of a run that can’t finish its decided commit, but keeps the claim. So the next run need not wait for the end of the lease. If the
 * row can’t be written either, the next run waits.
 */
export async function endLeaseKeepingClaim(
  ports: EnginePorts,
  spec: EntitySpec,
  { run, epoch }: { run: string; epoch: number },
): Promise<void> {
  await moveRow(ports, spec, { event: 'renew', run, epoch, until: sharedNow(ports) }).catch(() => undefined);
}

/** The time by the state’s clock, if the state has one. Processes that share a state share this clock, while their own clocks may differ. */
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
