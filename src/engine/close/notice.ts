/** What a notice reports about a run. It is made from the journal alone, so it is the same for every driver and every call. */
import { catalogue } from '../../errors/codes/catalogue.ts';
import { retry } from '../../ports/retry.ts';
import { type JournalRow, type Tally, unchangingLanes, verifyLane } from '../../ports/state.ts';
import type { FailedEntity, Notice, NotifySpec } from '../../ports/webhook.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import { unknownFailure } from '../errors/closing.ts';
import { interruptedCode } from '../errors/interruption.ts';
import { isMistakeOfRequest } from '../verify/verdict.ts';
import type { CloseRequest } from './close.ts';

/** How many entities are listed by name. Further entities are only counted. */
const namedAtMost = 5;
/** How far back in the journal hygge searches for the beginning of a series of failures. */
const lookedBack = 100;

type Final = CloseRequest & { readonly final: Tally };

/** The notice of a run. Undefined: the run had no event for which a notice is wanted. */
export async function noticeToSend(request: Final, ports: EnginePorts, on: NotifySpec['on']): Promise<Notice | undefined> {
  const all = await retry(() => ports.state.journal({ flow: request.flow, run: request.runId, withVerifications: true }));
  const runs = latest(all.filter(({ lane }) => !isAfterwards(lane)));
  const rows = withAftermath(
    runs,
    all.filter(({ lane }) => isAfterwards(lane)),
  );
  const ended = rows.filter(({ status }) => status === 'error');
  const failed = ended.filter((row) => !isStopped(row) && !isMistakeOfRequest(row.error_code));
  const warned = rows.filter(({ status }) => status === 'warn');
  const anyFailed = request.final.error > ended.length - failed.length;
  const recovered = !anyFailed && on.includes('recovered') ? await recoveredOf(request, ports, runs) : [];
  const what = anyFailed ? 'error' : recovered.length > 0 ? 'recovered' : request.final.warn > 0 ? 'warn' : undefined;
  if (what === undefined || !on.includes(what)) return undefined;
  const at = ports.clock.now();
  const began = [at, ...rows.map(({ started_at }) => started_at)].sort()[0] ?? at;
  return {
    workspace: request.workspace,
    flow: request.flow,
    run_id: request.runId,
    what,
    at,
    seconds: (Date.parse(at) - Date.parse(began)) / 1000,
    rows: runs.reduce((sum, row) => sum + row.rows, 0),
    counts: request.final,
    failed:
      anyFailed && failed.length === 0 && request.waited
        ? [{ ...request.waited, ...inWords(request.waited.code), since: at, times: 1 }]
        : await Promise.all(failed.slice(0, namedAtMost).map((row) => told(row, ports))),
    warned: what === 'warn' && warned.length === 0 && request.waited ? [request.waited.entity] : namesOf(warned),
    recovered: recovered.slice(0, namedAtMost),
    recovered_total: recovered.length,
  };
}

const namesOf = (rows: readonly JournalRow[]) => rows.slice(0, namedAtMost).map(({ entity }) => entity);

/** If a person stopped the run, no notice is sent. */
function isStopped({ status, error_code: code, reason }: JournalRow): boolean {
  return (status === 'skip' && reason != null) || (status === 'error' && code === interruptedCode);
}

/** One row for each entity. If an entity ran several times in a run (as in a backfill, chunk by chunk), its worst row is taken. */
function latest(rows: readonly JournalRow[]): readonly JournalRow[] {
  const byEntity = new Map<string, JournalRow>();
  for (const row of rows) if (!byEntity.has(row.entity) || row.status === 'error') byEntity.set(row.entity, row);
  return [...byEntity.values()];
}

function isAfterwards(lane: string): boolean {
  return lane === verifyLane || unchangingLanes.has(lane);
}

/**
 * The row of a comparison represents the entity if the comparison ended worse than the run before it. The row of a failed compaction represents the
 * entity in the same way. If a run came before, the failed compaction counts as a warning.
 */
function withAftermath(runs: readonly JournalRow[], afterwards: readonly JournalRow[]): readonly JournalRow[] {
  const weight = ({ status }: JournalRow) => (status === 'error' ? 2 : Number(status === 'warn'));
  const worst = new Map(runs.map((run) => [run.entity, run]));
  for (const row of afterwards) {
    const before = worst.get(row.entity);
    const found =
      before !== undefined && unchangingLanes.has(row.lane) && row.status === 'error' ? { ...row, status: 'warn' as const } : row;
    if (before === undefined || weight(found) > weight(before)) worst.set(row.entity, found);
  }
  return [...worst.values()];
}

/** Entities that did not fail in this run, but failed in their last run before it. A backfill is ignored, since it proves nothing about live runs. */
async function recoveredOf({ flow, runId }: Final, ports: EnginePorts, rows: readonly JournalRow[]): Promise<readonly string[]> {
  const now = rows.filter((row) => row.lane === 'live' && !isStopped(row));
  if (now.length === 0) return [];
  const limit = now.length * 2 + lookedBack;
  const before = new Map<string, JournalRow>();
  for (const row of await retry(() => ports.state.journal({ flow, limit })))
    if (row.run_id < runId && row.lane === 'live' && !isStopped(row) && !before.has(row.entity)) before.set(row.entity, row);
  return now.map(({ entity }) => entity).filter((entity) => before.get(entity)?.status === 'error');
}

async function told(row: JournalRow, ports: EnginePorts): Promise<FailedEntity> {
  const { flow, entity, lane, run_id: run } = row;
  const all = await retry(() => ports.state.journal({ flow, entity, limit: lookedBack, withVerifications: true }));
  const earlier = all.filter((one) => one.lane === lane && one.run_id <= run && !isStopped(one));
  const end = earlier.findIndex(({ status }) => status !== 'error');
  const series = end < 0 ? earlier : earlier.slice(0, end);
  const since = (series.at(-1) ?? row).finished_at;
  return { entity, code: row.error_code, ...inWords(row.error_code), since, times: Math.max(1, series.length) };
}

function inWords(failed: string | null): Pick<FailedEntity, 'what' | 'try'> {
  const known = catalogue.find(({ code }) => code === failed);
  if (known === undefined) return { what: unknownFailure.what, try: unknownFailure.try };
  return { what: `${known.title}. ${known.meaning}`, try: known.tryThis?.[0] ?? unknownFailure.try };
}
