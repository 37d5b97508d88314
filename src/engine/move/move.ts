/** moveSlice: read one slice, write it into parts of its own. protocol.md 2.5 (6). May run twice at once: nothing is shared. */

import { emptyFingerprint, sameFingerprint } from '../../frames/watermark.ts';
import { retry } from '../../ports/retry.ts';
import type { Instant, Json } from '../../ports/values.ts';
import type { Step } from '../contracts/frame.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import { type Plan, type PlannedSlice, planCacheKey, type Receipt, type RunIds, receiptRef } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { claimedByLaterRun } from '../errors/run.ts';
import { keepClaimUntil, renewLease } from '../protocol/claim.ts';
import type { Resumption } from './frame-stream.ts';
import { checkNullCounts, checkRowCounts } from './guards.ts';
import { compactParts } from './move-compaction.ts';
import { type ComparisonContext, comparedInTime } from './move-comparison.ts';
import { releaseRows } from './move-quarantine.ts';
import { emptyReceiptFacts, type PartRewriteContext, rewriteParts } from './rework.ts';
import { SliceReader, type SliceReaderContext } from './slice-reader.ts';

export interface MoveRequest extends RunIds {
  readonly plan: string;
  readonly slice: number;
  readonly attempt: number;
  /** Stop at the first checkpoint after so long. */
  readonly budgetMs: number;
  /** A comparison of keys can't be divided over steps, so one that takes longer is refused (HYG-2090). Absent: it may take as long as it does. */
  readonly comparesWithinMs?: number;
}

export interface SliceResult {
  readonly receipt: string;
  readonly rows: number;
  readonly bytes: number;
  readonly parts: number;
  /** Not null: the slice goes on from here with another step. */
  readonly cursor: Json;
  /** Nothing more is asked of the source before; absent: at once. */
  readonly notBefore?: Instant;
}

/** What a driver gives a running slice: a way to stop it and a way to hear of it. */
export interface SliceWatcher {
  readonly signal: AbortSignal;
  readonly onRows: (rows: number) => void;
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

  if (planned.compacts) return moveCompaction({ ports, spec, plan, slice: planned.slice, request, watching }, cursor);
  if (planned.quarantine) return moveQuarantine({ ports, spec, plan, slice: planned.slice, request, watching }, planned);
  if (planned.compares) return moveComparison({ ports, spec, plan, request, watching });
  if (planned.rework) return moveRework({ ports, spec, plan, slice: planned.slice, request, watching }, cursor);
  const looked = cursor === undefined ? await findUnchangedGroup({ ports, spec, plan, planned, watching }, request) : undefined;
  if (looked?.next?.notBefore !== undefined) {
    await renewLease(ports, spec, plan, { idleUntil: looked.next.notBefore });
    return { again: groupNotCompared, notBefore: looked.next.notBefore };
  }
  const known = looked?.next === null ? looked : undefined;
  const reading = known ?? new SliceReader({ ports, spec, plan, planned, watching });
  try {
    return { done: await staged({ ports, spec, plan, request, reading, known: known !== undefined }, cursor) };
  } catch (error) {
    throw await keepClaimUntil(ports, spec, { claim: plan, notBefore: reading.next?.notBefore, error });
  }
}

interface Staging {
  readonly ports: EnginePorts;
  readonly spec: EntitySpec;
  readonly plan: Plan;
  readonly request: MoveRequest;
  readonly reading: SliceReader;
  /** It has looked at the whole group, which is as it settled: nothing is staged. */
  readonly known: boolean;
}

async function staged({ ports, spec, plan, request, reading, known }: Staging, cursor: Json | undefined): Promise<SliceResult> {
  const parts = known ? [] : await reading.stage(request, isGroupNotCompared(cursor) ? undefined : cursor);
  if (!known) {
    checkRowCounts(spec, reading, parts);
    checkNullCounts(spec, reading.schema, reading.nulls, parts);
  }
  const receipt: Receipt = {
    version: 1,
    kind: 'receipt',
    slice: request.slice,
    parts,
    ...(reading.keyRuns.length === 0 ? {} : { keyRuns: reading.keyRuns }),
    rowsRead: reading.rows,
    ...(spec.validation === undefined ? {} : { measures: reading.measures, samples: reading.samples }),
    ...(reading.notYetDue === null ? {} : { ahead: reading.notYetDue }),
    ...(reading.first === null || reading.last === null ? {} : { ascends: { from: reading.first, to: reading.last } }),
    rejected: reading.rejected,
    quarantined: reading.quarantined,
    ...(reading.undated === 0 ? {} : { undated: reading.undated }),
    ...(reading.firstRejected.length === 0 ? {} : { firstRejected: reading.firstRejected }),
    ...(Object.keys(reading.lacking).length === 0 ? {} : { lacking: reading.lacking }),
    ...(reading.missed.length === 0 ? {} : { missed: reading.missed }),
    ...(reading.asked === null ? {} : { asked: reading.asked }),
    ...(Object.keys(reading.asNull).length === 0 ? {} : { asNull: reading.asNull }),
    group: reading.group,
    boundary: known ? emptyFingerprint : reading.boundary,
    schema: reading.schema,
    column: reading.column,
    key: reading.key,
    expects: reading.expects,
    changes: reading.changes,
    ...(reading.token === null ? {} : { token: reading.token }),
    ...continuationOf(reading.next),
    attempt: request.attempt,
  };
  return await recorded(ports, spec, plan, receipt, cursor);
}

/** The cursor of a boundary group that could not be read in one step to be compared. It is staged now, from its beginning. No home's cursor has this form. */
const groupNotCompared: { readonly hygge: 'stage the boundary group' } = { hygge: 'stage the boundary group' };

function isGroupNotCompared(cursor: Json | undefined): boolean {
  return JSON.stringify(cursor) === JSON.stringify(groupNotCompared);
}

function continuationOf(next: Resumption | null): Pick<Receipt, 'cursor' | 'notBefore'> {
  return { cursor: next?.cursor ?? null, ...(next?.notBefore === undefined ? {} : { notBefore: next.notBefore }) };
}

/** Records a receipt of a step that began at `begun`. */
async function recorded(
  ports: EnginePorts,
  spec: EntitySpec,
  plan: Plan,
  receipt: Omit<Receipt, 'from'>,
  begun: Json | undefined,
): Promise<SliceResult> {
  const { parts, cursor, notBefore } = receipt;
  const from = isGroupNotCompared(begun) ? null : (begun ?? null);
  const ref = receiptRef(plan, receipt.slice, ports.random.nonce());
  await retry(() => ports.state.putObject(spec, ref, { ...receipt, from } as unknown as Json));
  if (notBefore !== undefined) await renewLease(ports, spec, plan, { idleUntil: notBefore });
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  const moved = { receipt: ref, rows: receipt.rowsRead, bytes, parts: parts.length, cursor };
  return notBefore === undefined ? moved : { ...moved, notBefore };
}

async function moveRework(of: PartRewriteContext, cursor: Json | undefined): Promise<Step<SliceResult>> {
  const { ports, spec, plan, request } = of;
  const { next, ...facts } = await rewriteParts(of, cursor);
  const { slice, attempt } = request;
  const receipt: Receipt = {
    version: 1,
    kind: 'receipt',
    slice,
    attempt,
    column: plan.column,
    ...emptyReceiptFacts,
    ...facts,
    ...continuationOf(next),
  };
  return { done: await recorded(ports, spec, plan, receipt, cursor) };
}

async function moveCompaction(of: PartRewriteContext, cursor: Json | undefined): Promise<Step<SliceResult>> {
  const { ports, spec, plan, request } = of;
  const { next, ...facts } = await compactParts(of, cursor);
  const { slice, attempt } = request;
  const receipt = {
    version: 1,
    kind: 'receipt',
    slice,
    attempt,
    column: null,
    ...emptyReceiptFacts,
    ...facts,
    ...continuationOf(next),
  } as const;
  return { done: await recorded(ports, spec, plan, receipt, cursor) };
}

async function moveQuarantine(of: PartRewriteContext, planned: PlannedSlice): Promise<Step<SliceResult>> {
  const { ports, spec, plan, request } = of;
  const facts = await releaseRows(of, planned);
  const { slice, attempt } = request;
  const { key } = plan.writing;
  const receipt = { version: 1, kind: 'receipt', slice, attempt, column: null, cursor: null, ...emptyReceiptFacts, key, ...facts } as const;
  return { done: await recorded(ports, spec, plan, receipt, undefined) };
}

async function moveComparison(of: ComparisonContext): Promise<Step<SliceResult>> {
  const { ports, spec, plan, request } = of;
  const { slice, attempt } = request;
  const compared = await comparedInTime(of);
  return { done: await recorded(ports, spec, plan, { version: 1, kind: 'receipt', slice, attempt, ...compared }, undefined) };
}

/**
 * H18 without a write: the boundary group, when one slice reads all of it, is looked at first. As it was settled, it stays where it is and
 * nothing is staged for it. Rows with a null watermark move on with every upper bound, so with `nulls: include` the group is always staged.
 */
async function findUnchangedGroup(of: SliceReaderContext, request: MoveRequest): Promise<SliceReader | undefined> {
  const { spec, plan, planned } = of;
  const alone = planned.boundary && plan.slices.filter((slice) => slice.boundary).length === 1;
  if (!alone || !plan.boundary || spec.watermark?.nulls === 'include') return undefined;
  const reading = new SliceReader(of);
  await reading.dryRead(request);
  return reading.next?.notBefore !== undefined || (reading.next === null && sameFingerprint(reading.group, plan.boundary))
    ? reading
    : undefined;
}

/** Slices that begin together have one plan: parsing one of thousands of slices for each of them would be quadratic. */
export function readPlan(ports: EnginePorts, spec: EntitySpec, ref: string): Promise<Plan> {
  const read = async () => {
    const plan = (await retry(() => ports.state.getObject(spec, ref))) as unknown as Plan | undefined;
    // Plans go when their epoch is over: a step delivered after that has nothing left to do.
    if (!plan) throw claimedByLaterRun(spec);
    return plan;
  };
  return ports.plans?.get(planCacheKey(spec, ref), read) ?? read();
}
