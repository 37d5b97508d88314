/** Records the result of a comparison: a row in the journal, and the newest verdict about the entity. */
import { verifyUsageCodes } from '../../errors/codes/verify.ts';
import type { Comparison, DescribedVerification, DifferingRow } from '../../ports/answers/comparison.ts';
import type { ErrorDetails, VerifiedTold } from '../../ports/events.ts';
import { retry } from '../../ports/retry.ts';
import { type JournalRow, type Status, type Verification, verifyLane } from '../../ports/state.ts';
import { defined, type Instant, type Json } from '../../ports/values.ts';
import { comparisonRow } from '../commit/journal-row.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { RunIds } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { differsFromSource, sourceKeepsChanging } from '../errors/verify.ts';
import { takesPlaceOf } from './coverage.ts';
import { type KeptVerification, lastVerifications, verdictFolder, verdictRef } from './last-verification.ts';

export interface VerdictRequest {
  /** The ids of the comparison. `entityRunId` is its own id: `<run_id>.<n>.verify`. */
  readonly ids: RunIds;
  readonly workspace: string;
  readonly startedAt: Instant;
  /** Present if a difference, or a failed comparison, is only a warning. */
  readonly warns?: true;
  /** Present if the described rows are kept with the last verdict, as many as fit. */
  readonly keepsRows?: true;
}

/** The id of the comparison that belongs to an entity run. */
export function verifyRunId(entityRunId: string): string {
  return `${entityRunId}.verify`;
}

export function verificationOf({ verdict, by, because, rows, differences, plan }: Comparison): Verification {
  return {
    verdict,
    by,
    because,
    rows: rows && { source: rows.source, destination: rows.destination },
    differences: differences && {
      only_in_source: differences.only_in_source,
      only_in_destination: differences.only_in_destination,
      changed: differences.changed,
    },
    range: plan?.scope.is_range ? { from: plan.scope.from, to: plan.scope.to } : null,
    sample: plan?.scope.sample ?? 1,
    columns: plan?.chosen ? plan.columns : null,
  };
}

/** After this many verdicts in a row without an answer, an error is reported, because that is no coincidence. */
const mostChanges = 3;

/** The error with which a comparison ends. Null: the comparison was possible, and found no difference. @param changes `KeptVerification.changes`. */
export function errorOf(found: Comparison, changes = 0): ErrorDetails | null {
  if (found.error !== null) return found.error;
  if (changes >= mostChanges) return sourceKeepsChanging(found, changes).toDetails();
  return found.verdict === 'differs' ? differsFromSource(found, verificationOf(found)).toDetails() : null;
}

function statusOf({ verdict, because }: Comparison, error: ErrorDetails | null, { warns }: VerdictRequest): Status {
  if (verdict === 'same') return 'pass';
  if (verdict === 'not told' && error === null) return because === 'changed meanwhile' ? 'warn' : 'skip';
  return warns ? 'warn' : 'error';
}

/** Whether the result is recorded, be it a comparison or an error. It is not if the entity has not settled, or the comparison was stopped. */
function isTelling({ verdict, because, plan, error }: Comparison): boolean {
  return verdict !== 'not told' || error !== null || (plan !== null && because !== 'stopped');
}

/** Whether the caller made a mistake, such as a wrong range. The caller gets the error, which says nothing about the entity. */
export function isMistakeOfRequest(code: string | null): boolean {
  return code !== null && (code in verifyUsageCodes || code === 'HYG-2091');
}

/** Records a verdict. A repeated call with the same ids records no second verdict. Throws the errors of the state. @returns null: there is no verdict to record. */
export async function recordVerdict(
  spec: EntitySpec,
  found: Comparison,
  request: VerdictRequest,
  ports: EnginePorts,
): Promise<JournalRow | null> {
  if (!isTelling(found)) return null;
  const last = await lastVerifications(ports.state, spec);
  // If this verdict is recorded a second time, the state’s newest verdict is this one.
  const earlier = last?.newest.id === request.ids.entityRunId ? (last.newest.changes ?? 1) - 1 : (last?.newest.changes ?? 0);
  const changes = found.because === 'changed meanwhile' ? earlier + 1 : 0;
  const error = errorOf(found, changes);
  const verified = verificationOf(found);
  const status = statusOf(found, error, request);
  const row = comparisonRow(request, ports, {
    startedAt: request.startedAt,
    runType: spec.runType,
    epoch: found.plan?.epoch ?? 0,
    lane: verifyLane,
    rowsRead: (found.rows?.source ?? 0) + (found.rows?.destination ?? 0),
    status,
    error,
    verified,
  });
  await retry(() => ports.state.appendJournal(row));
  if (isMistakeOfRequest(row.error_code)) return row;
  const { entityRunId: id } = request.ids;
  const differing = request.keepsRows ? fitting(found.differing) : undefined;
  const kept: DescribedVerification = {
    ...verified,
    id,
    at: row.finished_at,
    status,
    error_code: error?.code ?? null,
    ...defined({ differing }),
  };
  const before = last?.standing;
  const stands = before === undefined || before.id >= id || takesPlaceOf(verified, before) ? undefined : before.id;
  const own = verdictRef(id);
  const keptVerification: KeptVerification = { ...kept, ...defined({ stands }), ...(changes > 0 ? { changes } : {}) };
  await retry(() => ports.state.putObject(spec, own, keptVerification as unknown as Json));
  const standing = stands === undefined ? own : verdictRef(stands);
  const older = (await retry(() => ports.state.listObjects(spec, verdictFolder))).filter((ref) => ref < own && ref !== standing);
  if (older.length > 0) await retry(() => ports.state.removeObjects(spec, older));
  return row;
}

/** How many bytes of JSON the rows of a verdict may have. */
const mostRowBytes = 32_768;

function fitting(rows: Comparison['differing']): Comparison['differing'] {
  let bytes = 0;
  const fits = (row: DifferingRow): boolean => {
    bytes += Buffer.byteLength(JSON.stringify(row));
    return bytes <= mostRowBytes;
  };
  const end = rows.findIndex((row) => !fits(row));
  return end < 0 ? rows : rows.slice(0, end);
}

/** The event that reports a comparison. */
export function verifiedEvent(found: Comparison): VerifiedTold & { readonly event: 'verified' } {
  const { flow, entity, ok, seconds, error } = found;
  return { event: 'verified', flow, entity, ...verificationOf(found), ok, seconds, error };
}
