import { staleSince } from '../checks/lateness.ts';
import { rowsBrought, type SilenceRequest } from '../checks/silence.ts';
import { lastReplication, stillThere } from '../engine/verify/last-replication.ts';
import { lastVerifications } from '../engine/verify/last-verification.ts';
import { readable } from '../errors/readable.ts';
import type { Watermark } from '../frames/watermark.ts';
import type { EntityStatus } from '../narrate/commands/status-lines.ts';
import type { Host } from '../ports/host.ts';
import { isOldFiles, isStrays } from '../ports/notes.ts';
import { compactionName, type JournalRow, newestRow, type StateRow, type StateStore, settledRowsLanes } from '../ports/state.ts';
import type { EntityKey } from '../ports/values.ts';
import { scheduled } from '../workspace/schema/zones.ts';
import { nextTime, overdueSince } from './schedule.ts';

/** An entity that may have state, even if it can’t run. */
export interface ScheduledEntity extends EntityKey {
  /** The schedule: six fields of cron, or the name of an app setting. Null: the entity runs only by hand. */
  readonly schedule: string | null;
  /** The expectations in the config; absent: none, or the config is unknown. */
  readonly expect?: Expectation | undefined;
}

/** The validated `expect:` of an entity (engine/contracts/spec.ts). */
export interface Expectation {
  readonly everyMs: number | null;
  readonly except: readonly string[];
}

/** The time zone for silence, and the days without expected rows. */
export function silenceRule({ schedule, expect }: ScheduledEntity): SilenceRequest {
  return { zone: schedule === null ? null : scheduled(schedule).zone, except: expect?.except };
}

export interface StatusContext {
  readonly state: Pick<StateStore, 'read' | 'now' | 'listObjects' | 'getObject'>;
  readonly host: Pick<Host, 'fate'>;
  readonly now: string;
  /** The newest journal row of an entity that passes the test. */
  newest(key: EntityKey, test: (row: JournalRow) => boolean): Promise<JournalRow | undefined>;
}

/** How far back the journal is searched. */
const rowsAtMost = 2_000;

/** The newest journal row of an entity that passes the test, among its last rows. */
export function newestIn(state: Pick<StateStore, 'journal'>): StatusContext['newest'] {
  return (key, test) => newestRow(state, key, test, rowsAtMost);
}

/** A state that cannot be read is reported at its entity, and other entities are still shown. */
export async function statusOf(
  spec: ScheduledEntity,
  around: StatusContext,
): Promise<{ readonly status: EntityStatus; readonly row: StateRow | undefined }> {
  try {
    const found = await around.state.read({ flow: spec.flow, entity: spec.entity });
    return { status: await told(spec, found?.row, around), row: found?.row };
  } catch (error) {
    const { code, what } = readable(error);
    return { status: { ...(await told(spec, undefined, around)), unreadable: { code, what } }, row: undefined };
  }
}

/** The journal row of the last run. A newer row may exist, because a run that fails before it gets the lease leaves the state unchanged. */
async function lastRowOf(
  spec: ScheduledEntity,
  last: StateRow['last'] | undefined,
  around: StatusContext,
): Promise<JournalRow | undefined> {
  if (last == null) return undefined;
  return around.newest(spec, (row) => row.entity_run_id === last.run);
}

/** A run on settled rows must not hide a failed load before it. The failed load has a lower epoch in the journal, even if the clocks of two machines differ. */
async function loadBefore(spec: ScheduledEntity, last: JournalRow | undefined, around: StatusContext): Promise<JournalRow | undefined> {
  if (last === undefined || !settledRowsLanes.has(last.lane)) return undefined;
  return around.newest(spec, ({ lane, epoch }) => !settledRowsLanes.has(lane) && epoch < last.epoch);
}

/** When the last run ended that a schedule may have started; a backfill or a repair does not count. */
async function lastLive(spec: ScheduledEntity, last: JournalRow | undefined, around: StatusContext): Promise<JournalRow | undefined> {
  if (spec.schedule === null || last === undefined || !/^(backfill|repair):/.test(last.lane)) return last;
  return around.newest(spec, ({ lane, epoch }) => lane === 'live' && epoch < last.epoch);
}

/** A compaction that a person stopped has not failed. */
function failedCompaction(last: JournalRow | undefined): Pick<EntityStatus, 'compaction'> {
  if (last?.lane !== compactionName || last.status !== 'error') return {};
  return { compaction: { at: last.finished_at, code: last.error_code ?? '', what: last.message ?? '' } };
}

/** The number as of the last run. If a compaction has deleted some files since then, the next run reports how many are left. */
function waitingFiles(last: JournalRow | undefined): Pick<EntityStatus, 'old_files'> {
  const found = last?.lane === compactionName ? undefined : last?.notes?.find(isOldFiles);
  return found ? { old_files: { where: found.where, files: found.files, bytes: found.bytes } } : {};
}

function asLast({ entity_run_id: run, finished_at: at, status, rows }: JournalRow): StateRow['last'] {
  return { run, at, status, rows };
}

/** The journal’s text of the last entity run, if the text is the error of the run. */
function lastError(row: StateRow | undefined, last: JournalRow | undefined): EntityStatus['error'] {
  if (row?.last?.status !== 'error' || last === undefined || last.error_code === null) return null;
  return { code: last.error_code, message: last.message ?? '', why: last.error?.why ?? [], try: last.error?.tryThis ?? [] };
}

/** If rows replaced the same number of other rows, the run has moved rows although its number is 0. So for a successful run with 0 rows, the numbers come from the journal. */
function movedRows(row: StateRow | undefined, last: JournalRow | undefined): Pick<EntityStatus, 'moved_rows'> {
  if (row?.last?.rows !== 0 || (row.last.status !== 'pass' && row.last.status !== 'warn')) return {};
  const moved = last?.rows_settled ?? 0;
  return moved === 0 ? {} : { moved_rows: moved };
}

/** The files as of the last run, even of a run without work, because newer facts would need a request to the store. */
function lastStrays(row: StateRow | undefined, last: JournalRow | undefined): Pick<EntityStatus, 'strays'> {
  const found = row?.last?.status === 'warn' ? last?.notes?.find(isStrays) : undefined;
  return found ? { strays: { where: found.where, first: found.first, files: found.files } } : {};
}

/** The latest verdict. For an entity that never settled, nothing, because it was never compared. Differing rows are left out, because they contain values. A verdict that can't be read is ignored. */
async function lastVerdict(
  { flow, entity }: ScheduledEntity,
  row: StateRow | undefined,
  state: StatusContext['state'],
): Promise<Pick<EntityStatus, 'verified'>> {
  if (row?.settled == null) return {};
  const last = await lastVerifications(state, { flow, entity }).catch(() => null);
  if (last === null) return {};
  const { differing: _values, ...verified } = last.standing;
  return { verified };
}

/** An answer that can't be read is ignored. */
async function knownReplication(
  { flow, entity }: ScheduledEntity,
  row: StateRow | undefined,
  state: StatusContext['state'],
): Promise<Pick<EntityStatus, 'replication'>> {
  const settled = row?.settled;
  if (settled == null) return {};
  const last = await lastReplication(state, { flow, entity }).catch(() => null);
  if (last === null) return {};
  const { commit, ...known } = last;
  return { replication: { ...known, until: stillThere(known.until, settled), settled_since: commit !== settled.id } };
}

async function told(spec: ScheduledEntity, found: StateRow | undefined, around: StatusContext): Promise<EntityStatus> {
  const lastRow = await lastRowOf(spec, found?.last, around);
  const load = await loadBefore(spec, lastRow, around);
  const row = found && load ? { ...found, last: asLast(load) } : found;
  const last = load ?? lastRow;
  const live = await lastLive(spec, last, around);
  const { state, host, now } = around;
  const owner = row?.owner ?? null;
  const fate = owner === null ? null : await host.fate(owner.holder);
  const held = owner !== null && (fate === 'dead' || owner.until > (state.now?.() ?? now));
  const watermark = row?.settled?.watermark ?? null;
  const [verdict, replication] = await Promise.all([lastVerdict(spec, row, state), knownReplication(spec, row, state)]);
  return {
    flow: spec.flow,
    entity: spec.entity,
    last_run: row?.last?.at ?? null,
    status: row?.last?.status ?? null,
    rows: row?.last?.rows ?? null,
    ...movedRows(row, last),
    ...lastStrays(row, last),
    ...failedCompaction(lastRow),
    ...waitingFiles(lastRow),
    settled_rows: row?.settled?.total ?? null,
    overdue_since: held
      ? null
      : await overdueSince(spec.schedule, { last: (live === last ? row?.last?.at : live?.finished_at) ?? null, now }),
    stale_since: await stale(spec, row, around),
    error: lastError(row, last),
    watermark: watermark?.text ?? null,
    watermark_column: watermark?.column ?? null,
    behind_seconds: watermark === null ? null : behindSeconds(watermark, Date.parse(now)),
    settled_at: row?.settled?.nothing ? null : (row?.settled?.at ?? null),
    pending: (row?.pending ?? null) !== null,
    full_next: row?.fullNext ?? false,
    held_by: held && owner !== null ? { ...holderOf(owner.holder), until: owner.until, fate: fate ?? 'unknown' } : null,
    schedule: spec.schedule,
    next: await nextTime(spec.schedule, now),
    unreadable: null,
    ...verdict,
    ...replication,
  };
}

/** A commit without rows, such as a full load of nothing, does not meet `expect`. */
async function stale(spec: ScheduledEntity, row: StateRow | undefined, { now, newest }: StatusContext): Promise<string | null> {
  const settled = row?.settled;
  if (spec.expect?.everyMs == null || settled == null || settled.nothing) return null;
  const isBusy = (one: JournalRow) => one.lane === 'live' && rowsBrought(one) > 0;
  const settledAt = settled.rows > 0 ? settled.at : ((await newest(spec, isBusy))?.finished_at ?? null);
  return staleSince({ settledAt, ...spec.expect, zone: silenceRule(spec).zone, now });
}

/** The time from the newest settled value to now. Times without a zone count as UTC. Null: the watermark is not a time. */
export function behindSeconds({ type, text }: Watermark, nowMs: number): number | null {
  if (type.kind !== 'timestamp' && type.kind !== 'date') return null;
  const at = Date.parse(type.kind === 'date' || text.endsWith('Z') ? text : `${text}Z`);
  return Number.isNaN(at) ? null : Math.max(0, Math.round((nowMs - at) / 1000));
}

function holderOf(holder: { readonly program: string; readonly host: string; readonly pid: number }) {
  return { program: holder.program, host: holder.host, pid: holder.pid };
}
