/** The comparison after a commit, which `verify:` in the config asks for. The run has already settled, so the watermark stays unchanged, whatever the comparison finds. */
import type { Comparison } from '../../ports/answers/comparison.ts';
import type { ErrorDetails } from '../../ports/events.ts';
import type { Noted } from '../../ports/notes.ts';
import { defined, filled } from '../../ports/values.ts';
import type { EntityRunEnd } from '../commit/commit.ts';
import { type EnginePorts, eventBase } from '../contracts/ports.ts';
import type { RunIds } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { isPeriodOver } from '../contracts/steps.ts';
import { covers } from './coverage.ts';
import { lastVerifications } from './last-verification.ts';
import { comparedWithin } from './steps/compared-within.ts';
import type { Pausing } from './steps/paused-comparison.ts';
import { errorOf, recordVerdict, verifiedEvent, verifyRunId } from './verdict.ts';

/** How long the comparison waits before it looks at differing rows again, and how long it reads one snapshot of the source, in milliseconds. */
const pauseMs = 5_000;
const maxSnapshotMs = 600_000;

export interface AfterCommit {
  readonly ids: RunIds;
  readonly spec: EntitySpec;
  readonly workspace: string;
  /** After this time, in milliseconds, the comparison is given up. */
  readonly budgetMs: number;
  readonly signal: AbortSignal;
  /** How the comparison pauses. Absent: it is made in one step. */
  readonly pausing?: Pausing;
}

/** What a comparison adds to the outcome of a run. */
export interface Aftermath {
  readonly status: 'warn' | 'error' | null;
  readonly notes: readonly Noted[];
  /** The error of a difference, if the config says `on_difference: fail`. Null: no such error. */
  readonly error: ErrorDetails | null;
}

const nothingAmiss: Aftermath = { status: null, notes: [], error: null };

export function hasCommitted({ status }: Pick<EntityRunEnd, 'status'>): boolean {
  return status === 'pass' || status === 'warn';
}

/** Whether the config wants a comparison now. It does after a run that committed, if the last comparison is as old as `every`. */
export async function isDue(spec: EntitySpec, ended: Pick<EntityRunEnd, 'status'>, ports: EnginePorts): Promise<boolean> {
  const { verify } = spec;
  if (verify === undefined || !hasCommitted(ended)) return false;
  const { everyMs, by, columns } = verify;
  if (everyMs === null) return true;
  const last = await lastVerifications(ports.state, spec).catch(() => null);
  const asked = { by, range: null, sample: 1, columns };
  // The last comparison that covers as much as the config asks for. The newest one may cover less.
  const counted = last && [last.newest, last.standing].find((one) => one.verdict !== 'not told' && covers(one, asked));
  return !counted || isPeriodOver(everyMs, counted.at, ports.clock.now());
}

/** Compares, and records the result. If the comparison can’t be made, the run gets a warning. Throws only ComparisonPaused. */
export async function verifyAfterCommit(request: AfterCommit, ports: EnginePorts): Promise<Aftermath> {
  const { ids, spec } = request;
  const { verify } = spec;
  if (verify === undefined) return nothingAmiss;
  const startedAt = ports.clock.now();
  const asked = {
    by: verify.by,
    range: null,
    columns: verify.columns,
    key: null,
    sample: 1,
    rows: 0,
    pauseMs,
    maxSnapshotMs,
    proof: false,
  };
  const { budgetMs, signal, pausing } = request;
  const found = await comparedWithin({ spec, request: asked, budgetMs, signal, ...defined({ pausing }) }, ports);
  if (found.because === 'stopped') return nothingAmiss;
  ports.emit({ ...eventBase(ids, ports), ...verifiedEvent(found) });
  const warns = verify.onDifference === 'warn' || (found.verdict !== 'differs' && found.because !== 'changed meanwhile');
  const own = { ...ids, entityRunId: verifyRunId(ids.entityRunId) };
  try {
    const row = await recordVerdict(spec, found, { ids: own, workspace: request.workspace, startedAt, ...filled({ warns }) }, ports);
    return aftermathOf(found, row?.error ?? errorOf(found), warns);
  } catch (error) {
    const amiss = aftermathOf(found, errorOf(found), warns);
    const what = error instanceof Error ? error.message : String(error);
    return { ...amiss, status: amiss.status ?? 'warn', notes: [...amiss.notes, { code: 'verdict_unwritten', what }] };
  }
}

/** Reasons for a comparison without an answer that say nothing bad about the data. A later run ends them by itself. */
const passing: ReadonlySet<Comparison['because']> = new Set(['changed since', 'reset', 'unfinished', 'nothing settled', 'no row']);

/** @param details the error with which the verdict is recorded. */
function aftermathOf(found: Comparison, details: ErrorDetails | null, warns: boolean): Aftermath {
  const { verdict, because, error } = found;
  if (verdict === 'same') return nothingAmiss;
  if (error !== null) return { status: 'warn', notes: [{ code: 'not_verified', what: error.what }], error: null };
  if (verdict === 'not told' && (details === null || warns)) {
    if (because === null || passing.has(because)) return nothingAmiss;
    return { status: 'warn', notes: [{ code: 'not_verified', because }], error: null };
  }
  if (!warns) return { status: 'error', notes: [], error: details };
  return { status: 'warn', notes: [{ code: 'differs', what: details?.what ?? '' }], error: null };
}

/** The most time for a comparison in a process on a machine of its own, in milliseconds. */
export const longestVerifyMs = 30 * 60_000;
