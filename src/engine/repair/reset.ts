/** `hygge reset` in all its forms. protocol.md 2.13: always claim and roll forward first. If row and head disagree, fence the head before the row changes. */

import type { Watermark } from '../../frames/watermark.ts';
import { retry } from '../../ports/retry.ts';
import type { ObjectRef, Settled, StateRow } from '../../ports/state.ts';
import { filled, type Json } from '../../ports/values.ts';
import type { SeenFile } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import { seenRef } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { inspectTarget } from '../contracts/steps.ts';
import type { Head, Store } from '../contracts/store.ts';
import { discardReason } from '../errors/refused.ts';
import { nothingToDiscard } from '../errors/repair.ts';
import { claimedByLaterRun, heldByOtherRun } from '../errors/run.ts';
import { claimEntity, type EntityClaim, releaseClaim, sweepOtherLineages } from '../protocol/claim.ts';
import { discardCommit, readIntent } from '../protocol/finish.ts';
import { moveRow, readRow } from '../protocol/row.ts';
import { adoptedSnapshot } from '../schema/snapshot.ts';
import { requiredContinuationPoint } from './take-over.ts';

export interface ResetRequest {
  /**
   * What the reset does. `full`: the next run is a full load that replaces all rows. `adopt`: takes over the destination as it is. `discard`: gives
   * up a decided commit that can’t be finished.
   */
  readonly how: 'full' | 'adopt' | 'discard';
  /** With `adopt`: incremental runs continue strictly above this value. */
  readonly watermark?: string;
  readonly takeOver: boolean;
}

export interface ResetOutcome {
  readonly how: ResetRequest['how'];
  /** Whether the state and the destination disagreed, so that the destination was fenced. */
  readonly fenced: boolean;
  readonly rolledForward: boolean;
  readonly rows: number;
  readonly watermark: string | null;
  /** Whether runs continue strictly above the watermark, because it is not known which rows at the watermark are settled. */
  readonly strictlyAbove: boolean;
  readonly where: string;
  readonly fullNext: boolean;
  /** With `discard`: the published parts of the commit, which were removed. */
  readonly removed: readonly string[];
}

export async function reset(spec: EntitySpec, request: ResetRequest, ports: EnginePorts): Promise<ResetOutcome> {
  const run = `reset-${ports.random.id()}`;
  const store = await ports.store(spec);
  const claimed = await claimFor(ports, spec, store, { run, request });
  let epoch = claimed.epoch;
  try {
    const done = await carryOut(ports, spec, store, { run, request, claimed });
    epoch = done.epoch;
    return done.outcome;
  } finally {
    await releaseClaim(ports, spec, { run, epoch });
  }
}

async function claimFor(
  ports: EnginePorts,
  spec: EntitySpec,
  store: Store,
  { run, request }: { run: string; request: ResetRequest },
): Promise<EntityClaim> {
  for (let cursor: Json | undefined; ; ) {
    const step = await claimEntity(
      ports,
      spec,
      store,
      { run, takeOver: request.takeOver, ifUnfinished: request.how === 'discard' ? 'leave' : 'stop' },
      cursor,
    );
    if ('again' in step) {
      cursor = step.again;
      continue;
    }
    if (step.done.outcome === 'held') throw heldByOtherRun(spec, step.done.lease);
    if (step.done.outcome === 'ended') throw claimedByLaterRun(spec);
    return step.done;
  }
}

interface ResetWork {
  readonly run: string;
  readonly request: ResetRequest;
  readonly claimed: EntityClaim;
}

async function carryOut(
  ports: EnginePorts,
  spec: EntitySpec,
  store: Store,
  doing: ResetWork,
): Promise<{ epoch: number; outcome: ResetOutcome }> {
  const { run, request, claimed } = doing;
  const { row, epoch } = claimed;
  if (request.how === 'discard') {
    const discarded = await discardPending(ports, spec, store, doing);
    if (discarded !== 'no record') return discarded;
  }
  const head = await retry(() => store.head());
  // The row is read after the head. If a later run took over meanwhile, its commit must not be fenced.
  await stillMine(ports, spec, { run, epoch });
  const agree = (row.settled?.id ?? null) === (head?.id ?? null);
  if (request.how === 'full' && agree) {
    const moved = await moveRow(ports, spec, { event: 'reset', run, epoch });
    if (moved.outcome === 'refused') throw claimedByLaterRun(spec);
    return { epoch, outcome: outcome(doing, { store, fenced: false, settled: moved.row.settled, fullNext: true }) };
  }
  return adopt(ports, spec, store, { ...doing, head });
}

/** Throws if a later run has the entity, because then this reset must not continue. */
async function stillMine(
  ports: EnginePorts,
  spec: EntitySpec,
  { run, epoch }: { run: string; epoch: number },
): Promise<StateRow | undefined> {
  const { row } = await readRow(ports, spec);
  if (row?.epoch !== epoch || row.owner?.run !== run) throw claimedByLaterRun(spec);
  return row;
}

/** Gives up the pending commit. The lineage, the watermark and all settled facts stay. `no record`: it is not known what the intent would have committed, so the present rows are taken over. */
async function discardPending(
  ports: EnginePorts,
  spec: EntitySpec,
  store: Store,
  doing: ResetWork,
): Promise<{ epoch: number; outcome: ResetOutcome } | 'no record'> {
  const { run, claimed } = doing;
  const { row, epoch, unfinishedError, rolledForward, givenUpError } = claimed;
  if (!row.pending) throw nothingToDiscard(spec, rolledForward ? 'finished' : givenUpError ? 'given up' : 'nothing');
  const intent = await readIntent(ports, spec, row.pending);
  if (intent === 'missing') return 'no record';
  const reason = discardReason(unfinishedError);
  const step = intent === 'moved on' ? { done: 'void' as const } : await discardCommit(ports, spec, intent, reason);
  const now = await stillMine(ports, spec, { run, epoch });
  if ('again' in step) throw nothingToDiscard(spec, 'finished');
  if (typeof step.done !== 'object' || step.done.outcome === 'stuck') throw claimedByLaterRun(spec);
  if (step.done.outcome === 'settled') throw nothingToDiscard(spec, 'finished');
  const { removed } = step.done;
  return {
    epoch,
    outcome: outcome(doing, { store, fenced: true, settled: now?.settled ?? null, fullNext: now?.fullNext ?? false, removed }),
  };
}

/** H14: fences the head first, so that the old lineage can no longer commit. Only then does the row follow. */
async function adopt(
  ports: EnginePorts,
  spec: EntitySpec,
  store: Store,
  doing: ResetWork & { head: Head | null },
): Promise<{ epoch: number; outcome: ResetOutcome }> {
  const { run, request, claimed, head } = doing;
  const goOn = await goingOn(ports, spec, store, doing);
  const lineage = ports.random.nonce();
  const above = Math.max(claimed.epoch, head?.epoch ?? 0);
  const goesOn = request.how === 'full' ? {} : { goesOn: goOn };
  const fence = await fenceHead(ports, store, {
    head,
    lineage,
    own: claimed.row.lineage,
    above,
    keep: request.how === 'adopt',
    ...goesOn,
  });
  if (fence === 'moved') throw claimedByLaterRun(spec);
  const settled = await settledFrom(ports, spec, { fence, goOn, row: claimed.row, run });
  const fullNext = request.how === 'full' || (request.how === 'discard' && claimed.row.fullNext);
  const moved = await moveRow(ports, spec, { event: 'adopt', run, epoch: claimed.epoch, lineage, settled, binding: null, fullNext });
  if (moved.outcome === 'refused') throw claimedByLaterRun(spec);
  await sweepOtherLineages(ports, spec, moved.row);
  return { epoch: settled.epoch, outcome: outcome(doing, { store, fenced: true, settled, fullNext }) };
}

interface WhereToGoOn {
  readonly watermark: Watermark | null;
  readonly withBoundary: boolean;
  readonly seen: ObjectRef | null;
}

/** Where runs continue after the reset. A full load forgets that. Giving up a commit that was never made does not change it. */
async function goingOn(ports: EnginePorts, spec: EntitySpec, store: Store, doing: ResetWork & { head: Head | null }): Promise<WhereToGoOn> {
  const { request, claimed, head } = doing;
  const { row } = claimed;
  if (request.how === 'full') return { watermark: null, withBoundary: false, seen: null };
  if (request.how === 'discard') return { watermark: head?.watermark ?? null, withBoundary: true, seen: row.settled?.seen ?? null };
  const target = await inspectTarget(ports, store);
  // The decision was about the head that will be fenced. If the head is another one now, a later run has taken over.
  if (target.content === 'ours' && target.head.id !== head?.id) throw claimedByLaterRun(spec);
  const { takenFiles, ...goOn } = await requiredContinuationPoint(ports, spec, { givenWatermark: request.watermark, row, store, target });
  return {
    ...goOn,
    seen: typeof takenFiles === 'string' || takenFiles === null ? takenFiles : await putSeen(ports, spec, claimed, takenFiles),
  };
}

async function putSeen(ports: EnginePorts, spec: EntitySpec, claimed: EntityClaim, files: readonly SeenFile[]): Promise<ObjectRef> {
  const ref = seenRef(claimed, ports.random.id());
  await retry(() => ports.state.putObject(spec, ref, files as unknown as Json));
  return ref;
}

async function fenceHead(
  ports: EnginePorts,
  store: Store,
  { head, ...facts }: Omit<Parameters<Store['fence']>[0], 'prev' | 'id' | 'state'> & { readonly head: Head | null },
): Promise<Head | 'moved'> {
  const id = `fence-${ports.random.id()}`;
  const request = { ...facts, prev: head?.id ?? null, id, state: ports.state.location };
  const answer = await retry(() => store.fence(request));
  if (answer !== 'moved') return answer;
  // If the answer to this call’s own fence was lost, the head shows that the fence exists.
  const now = await retry(() => store.head());
  return now?.id === id ? retry(() => store.fence(request)) : 'moved';
}

async function settledFrom(
  ports: EnginePorts,
  spec: EntitySpec,
  { fence, goOn, row, run }: { fence: Head; goOn: WhereToGoOn; row: StateRow; run: string },
): Promise<Settled> {
  const snapshot = fence.schema
    ? await adoptedSnapshot(ports, spec, { fence, schema: fence.schema, row, run, at: ports.clock.now() })
    : null;
  return {
    id: fence.id,
    epoch: fence.epoch,
    watermark: goOn.watermark,
    boundary: goOn.withBoundary ? fence.boundary : null,
    snapshot,
    seen: goOn.seen,
    sourceVersion: null,
    rows: fence.rows,
    total: fence.rows,
    at: ports.clock.now(),
    ...filled({ nothing: fence.nothing }),
  };
}

function outcome(
  { request, claimed }: ResetWork,
  facts: { store: Store; fenced: boolean; settled: Settled | null; fullNext: boolean; removed?: readonly string[] },
): ResetOutcome {
  return {
    how: request.how,
    fenced: facts.fenced,
    rolledForward: claimed.rolledForward,
    rows: facts.settled?.rows ?? 0,
    watermark: facts.settled?.watermark?.text ?? null,
    strictlyAbove: request.how === 'adopt' && facts.settled?.watermark != null && facts.settled.boundary === null,
    where: facts.store.where,
    fullNext: facts.fullNext,
    removed: facts.removed ?? [],
  };
}
