/** The step `moveSlice`: reads one slice and writes its rows into parts of its own. protocol.md 2.5 (6). It may run twice at the same time, because two attempts share no part. */

import { retry } from '../../ports/retry.ts';
import type { Instant, Json } from '../../ports/values.ts';
import type { Step } from '../contracts/frame.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import { type Plan, planCacheKey, receiptRef, type SliceWork } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { claimedByLaterRun } from '../errors/run.ts';
import { keepClaimUntil, renewLease } from '../protocol/claim.ts';
import { planIn } from '../records/plans.ts';
import { type Receipt, storedReceipt } from '../records/receipts.ts';
import { compactParts } from './move-compaction.ts';
import { comparedInTime } from './move-comparison.ts';
import { dropRows, replayRows, uncorrectRows } from './move-quarantine.ts';
import { isNotComparedCursor, readGroup, readSource } from './move-source.ts';
import { rewriteParts } from './rework.ts';
import type { MovedSlice, MoveRequest, SliceContext, SliceWatcher } from './slice-context.ts';

export interface SliceResult {
  readonly receipt: string;
  readonly rows: number;
  readonly bytes: number;
  readonly parts: number;
  /** Where the slice continues with another step. Null: the slice is complete. */
  readonly cursor: Json;
  /** The earliest time of the next request to the source. Absent: the request may be sent at once. */
  readonly notBefore?: Instant;
}

export async function moveSlice(
  request: MoveRequest,
  ports: EnginePorts,
  watching: SliceWatcher,
  cursor?: Json,
): Promise<Step<SliceResult>> {
  const spec = ports.entity(request.flow, request.entity);
  const plan = await readPlan(ports, spec, request.plan);
  await renewLease(ports, spec, plan);
  const planned = plan.slices[request.slice];
  if (!planned) throw new Error(`plan ${request.plan} has no slice ${request.slice}`);
  const of = { ports, spec, plan, slice: planned.slice, request, watching };
  const step = await stepOf(of, planned.work, cursor);
  if ('again' in step) return step;
  try {
    return { done: await recorded(of, step.done, cursor) };
  } catch (error) {
    throw await keepClaimUntil(ports, spec, { claim: plan, notBefore: step.done.next?.notBefore, error });
  }
}

/** Calls the function for the slice’s kind of work. */
async function stepOf(of: SliceContext, work: SliceWork, cursor: Json | undefined): Promise<Step<MovedSlice>> {
  switch (work.kind) {
    case 'read':
      return { done: await readSource(of, cursor) };
    case 'group':
      return readGroup(of, cursor);
    case 'rework':
      return { done: await rewriteParts(of, cursor) };
    case 'compare':
      return { done: await comparedInTime(of) };
    case 'compact':
      return { done: await compactParts(of, cursor) };
    case 'replay':
      return { done: await replayRows(of, work) };
    case 'drop':
      return { done: await dropRows(of) };
    case 'uncorrect':
      return { done: await uncorrectRows(of, work.id) };
  }
}

/** Records the receipt of a step that began at `cursor`. */
async function recorded(
  { ports, spec, plan, request }: SliceContext,
  { next, ...moved }: MovedSlice,
  cursor: Json | undefined,
): Promise<SliceResult> {
  const { slice, attempt } = request;
  const notBefore = next?.notBefore;
  const begun = { at: cursor === undefined || isNotComparedCursor(cursor) ? null : cursor };
  const receipt: Receipt = { ...moved, slice, attempt, begun, cursor: next?.cursor ?? null, notBefore: notBefore ?? null };
  const ref = receiptRef(plan, slice, ports.random.nonce());
  await retry(() => ports.state.putObject(spec, ref, storedReceipt(receipt)));
  if (notBefore !== undefined) await renewLease(ports, spec, plan, { idleUntil: notBefore });
  const bytes = moved.parts.reduce((sum, part) => sum + part.bytes, 0);
  const result = { receipt: ref, rows: moved.rowsRead, bytes, parts: moved.parts.length, cursor: receipt.cursor };
  return notBefore === undefined ? result : { ...result, notBefore };
}

/** Reads a plan from the state. Slices that begin together share the parsed plan, because parsing it once for each of thousands of slices would take quadratic time. */
export function readPlan(ports: EnginePorts, spec: EntitySpec, ref: string): Promise<Plan> {
  const read = async () => {
    const plan = await retry(() => ports.state.getObject(spec, ref));
    // A plan is removed after its epoch. So if it is gone, this step was delivered too late.
    if (plan === undefined) throw claimedByLaterRun(spec);
    return planIn(plan);
  };
  return ports.sharing?.plans.get(planCacheKey(spec, ref), read) ?? read();
}
