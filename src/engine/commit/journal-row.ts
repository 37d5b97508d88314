import type { ErrorDetails } from '../../ports/events.ts';
import type { Noted } from '../../ports/notes.ts';
import type { JournalRow, SkipReason, Status, Verification } from '../../ports/state.ts';
import { defined, filled } from '../../ports/values.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { Plan, RunIds } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { isData, type Part } from '../contracts/store.ts';
import { checksFailedBy } from '../errors/validation.ts';
import type { Verdict } from '../validation/verdict.ts';
import type { GatheredReceipts } from './gather.ts';

interface Facts {
  readonly spec: EntitySpec;
  readonly plan: Plan;
  readonly gathered: GatheredReceipts;
  readonly counts: Verdict['counts'];
  readonly parts: readonly Part[];
  /** Whether the parts stay files after the commit, so that the journal counts them. */
  readonly keepsParts: boolean;
  readonly rows: number;
  /** How many rows settled. */
  readonly settled: number;
  readonly replaced: number;
  readonly status: Status;
  readonly notes: readonly Noted[];
}

type Request = RunIds & { readonly workspace: string };

/** The row of a run that reached its end. */
export function journalRow(request: Request, ports: EnginePorts, facts: Facts): JournalRow {
  const { plan, gathered, parts } = facts;
  return {
    ...frame(request, ports, plan.startedAt),
    lane: plan.lane,
    epoch: plan.epoch,
    status: facts.status,
    run_type:
      facts.plan.byFile || (plan.column && facts.spec.runType === 'incremental') || plan.mode === 'incremental'
        ? 'incremental'
        : 'full_drop',
    rows: facts.rows,
    rows_read: gathered.rowsRead,
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    parts: facts.keepsParts ? parts.filter(isData).length : 0,
    attempts: gathered.attempts,
    watermark_column: plan.column?.column ?? null,
    watermark_type: plan.column?.type.kind ?? null,
    watermark_from: plan.lower?.text ?? null,
    watermark_to: gathered.watermark?.text ?? null,
    error_code: null,
    message: null,
    ...filled({ notes: facts.notes }),
    rows_settled: facts.settled,
    rows_replaced: facts.replaced,
    ...filled({
      bad_rows: gathered.firstRejected,
      quarantined: facts.counts.quarantined,
      checks_warned: facts.counts.checksWarned,
    }),
  };
}

/** The row of a run that failed, was interrupted, or never started. */
export function failureRow(
  request: Request,
  ports: Pick<EnginePorts, 'clock' | 'version'>,
  facts: {
    startedAt: string;
    lane: string;
    runType: EntitySpec['runType'];
    epoch: number;
    status: Status;
    code: string | null;
    message: string;
    column: string | null;
    attempts: number;
    reason?: SkipReason;
    error?: ErrorDetails;
  },
): JournalRow {
  return {
    ...frame(request, ports, facts.startedAt),
    lane: facts.lane,
    epoch: facts.epoch,
    status: facts.status,
    run_type: facts.runType,
    rows: 0,
    rows_read: 0,
    bytes: 0,
    parts: 0,
    attempts: facts.attempts,
    watermark_column: facts.column,
    watermark_type: null,
    watermark_from: null,
    watermark_to: null,
    error_code: facts.code,
    message: facts.message.slice(0, 1000),
    ...defined({ reason: facts.reason, error: facts.error && bounded(facts.error) }),
    ...filled({ checks_failed: facts.error && checksFailedBy(facts.error) }),
  };
}

/** The row of a comparison with the source. A comparison is not a run: its lane shows that, and the figures that only runs have are 0 or null. */
export function comparisonRow(
  request: { readonly ids: RunIds; readonly workspace: string },
  ports: Pick<EnginePorts, 'clock' | 'version' | 'target'>,
  facts: Pick<JournalRow, 'lane' | 'epoch' | 'status'> & {
    readonly startedAt: string;
    readonly runType: EntitySpec['runType'];
    readonly rowsRead: number;
    readonly error: ErrorDetails | null;
    readonly verified: Verification;
  },
): JournalRow {
  return {
    ...frame({ ...request.ids, workspace: request.workspace }, ports, facts.startedAt),
    lane: facts.lane,
    epoch: facts.epoch,
    status: facts.status,
    run_type: facts.runType,
    rows: 0,
    rows_read: facts.rowsRead,
    bytes: 0,
    parts: 0,
    attempts: 1,
    watermark_column: null,
    watermark_type: null,
    watermark_from: null,
    watermark_to: null,
    error_code: facts.error?.code ?? null,
    message: facts.error?.what.slice(0, 1000) ?? null,
    ...filled({ error: facts.error && bounded(facts.error) }),
    verified: facts.verified,
  };
}

const mostTexts = 12;
const longestText = 1000;

/** The details of an error for the journal. An error may quote the source, so its texts are cut to keep the row small. */
function bounded({ code, what, why, tryThis, where }: ErrorDetails): ErrorDetails {
  const few = (texts: readonly string[]) => texts.slice(0, mostTexts).map((text) => text.slice(0, longestText));
  const at = where && { ...where, ...defined({ text: where.text?.slice(0, longestText) }) };
  return { code, what: what.slice(0, longestText), why: few(why), tryThis: few(tryThis), ...defined({ where: at }) };
}

/** The member of a row or event that names the target of a run. It is absent if the workspace has no targets. */
export function targetField({ target }: Pick<EnginePorts, 'target'>): { readonly target?: string } {
  return defined({ target });
}

function frame(request: Request, ports: Pick<EnginePorts, 'clock' | 'version' | 'target'>, startedAt: string) {
  const at = ports.clock.now();
  return {
    entity_run_id: request.entityRunId,
    run_id: request.runId,
    invocation_id: request.invocationId,
    workspace: request.workspace,
    ...targetField(ports),
    flow: request.flow,
    entity: request.entity,
    started_at: startedAt,
    finished_at: at,
    seconds: (Date.parse(at) - Date.parse(startedAt)) / 1000,
    hygge_version: ports.version,
  };
}
