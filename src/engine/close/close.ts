/**
 * `closeFlow` runs after a flow’s entities, and removes records of the journal and of commits that are older than `keep`. Its last call of a run also
 * sends notices, and publishes the journal and the report page.
 */
import type { Note } from '../../ports/notes.ts';
import { retry, withWaiting } from '../../ports/retry.ts';
import { Semaphore } from '../../ports/semaphore.ts';
import type { JournalRow, Status, Tally } from '../../ports/state.ts';
import { type EntityKey, filled, type Instant, type Json } from '../../ports/values.ts';
import type { HeartbeatSpec } from '../../ports/webhook.ts';
import type { Step } from '../contracts/frame.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { RunIds } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { runEntity } from '../entity/entity-run.ts';
import { whyNotDelivered } from '../errors/closing.ts';
import { detailsOf } from '../errors/details.ts';
import { interruptedCode } from '../errors/interruption.ts';
import { instantAfter } from '../protocol/claim.ts';
import { readRow } from '../protocol/row.ts';
import { noticeToSend } from './notice.ts';
import { deliver, sendNotice } from './notice-sending.ts';

export interface CloseRequest extends Omit<RunIds, 'entity' | 'entityRunId'> {
  readonly workspace: string;
  /** Entities of the flow that settled something in this run. A call gets at most ten of them, so that a step’s input stays small. */
  readonly entities: readonly string[];
  /** How many entities ended with which status. Present only in the run’s last call. */
  readonly final?: Tally;
  /** The entity whose replication the run waited for, and the code of its failure, or null. Present only in the last call of a run that waited, because the journal has no row for the wait. */
  readonly waited?: { readonly entity: string; readonly code: string | null };
  /** The invocation closes further flows after this one, so this call publishes no page. The last call publishes the page for all flows. */
  readonly more?: true;
}

export interface CloseResult {
  /** The number of records that were removed. */
  readonly pruned: number;
}

export function tallyOf(entities: readonly Pick<JournalRow, 'status' | 'reason'>[]): Tally {
  const started = entities.filter(({ reason }) => reason !== 'not_started');
  const count = (status: Status) => started.filter((entity) => entity.status === status).length;
  const notStarted = entities.length - started.length;
  return {
    pass: count('pass'),
    warn: count('warn'),
    error: count('error'),
    skip: count('skip'),
    ...filled({ not_started: notStarted }),
  };
}

/** Where `closeFlow` continues if its step ended early. */
type Cursor = { readonly pruned: number; readonly told?: true; readonly waited?: number };

/** Throws if old records can’t be removed. If a notice can’t be sent, or the journal or page can’t be published, there is only a `warning` event. */
export async function closeFlow(request: CloseRequest, ports: EnginePorts, cursor?: Json): Promise<Step<CloseResult>> {
  const from = cursor === undefined ? { pruned: await prune(request, ports) } : (cursor as Cursor);
  const told = 'told' in from ? { done: null } : await tell(request, ports);
  if ('again' in told) return { ...told, again: { ...from } };
  if (!('told' in from)) await beat(request, ports);
  const published = await publish(request, ports, from.waited ?? 0);
  if ('again' in published) return { ...published, again: { pruned: from.pruned, told: true, waited: published.again } };
  await putPage(request, ports);
  return { done: { pruned: from.pruned } };
}

async function tell({ final, ...request }: CloseRequest, ports: EnginePorts): Promise<Step<null>> {
  const { closing } = ports;
  const notify = final && closing?.notify(request.flow);
  if (!final || !closing || !notify) return { done: null };
  try {
    const notice = await noticeToSend({ ...request, final }, ports, notify.on);
    const sent = notice ? await sendNotice({ notice, notify, closing }, ports) : { done: null };
    return 'again' in sent ? sent : { done: null };
  } catch (error) {
    const { code, what, why } = detailsOf(error);
    warn(request, ports, { code, message: [what, ...why].join(' ') });
    return { done: null };
  }
}

async function beat({ final, ...request }: CloseRequest, ports: EnginePorts): Promise<void> {
  const heartbeat = final && ports.closing?.heartbeat(request.flow);
  if (!final || !heartbeat) return;
  const note = (what: string) => warn(request, ports, { message: ports.words.note({ code: 'heartbeat_unsent', what }) });
  try {
    const { problem } = await sendHeartbeat({ ...request, final }, ports, heartbeat);
    if (problem !== null) note(problem);
  } catch (error) {
    note(detailsOf(error).what);
  }
}

async function publish(request: CloseRequest, ports: EnginePorts, waited: number): Promise<Step<null>> {
  const mirror = ports.closing?.mirror;
  if (!request.final || !mirror) return { done: null };
  try {
    const step = await publishJournal(request, ports, { mirror, waited });
    if ('again' in step) return step;
    if (step.done.problem) warn(request, ports, step.done.problem);
  } catch (error) {
    const { code, what } = detailsOf(error);
    warn(request, ports, { code, message: ports.words.note({ code: 'journal_unpublished', what }) });
  }
  return { done: null };
}

/** The longest wait for a page. It is short because the run’s data has already settled. */
const pageMs = 60_000;

async function putPage(request: CloseRequest, ports: EnginePorts): Promise<void> {
  const { page = null } = ports.closing ?? {};
  if (!request.final || request.more || page === null) return;
  const { clock, random } = ports;
  const waiting = { clock, fraction: () => random.fraction(), untilMs: clock.monotonicMs() + pageMs };
  const done = new AbortController();
  const late = clock.sleep(pageMs, done.signal).then(
    () => ({ note: { code: 'page_late', seconds: pageMs / 1000 } as const }),
    () => null,
  );
  const put = withWaiting(waiting, page).then(
    ({ amiss }) => amiss && { code: amiss.code, note: { code: 'page_partial', what: amiss.what } as const },
    (error) => {
      const { code, what } = detailsOf(error);
      return { code, note: { code: 'page_unwritten', what } as const };
    },
  );
  const said: { readonly code?: string; readonly note: Note } | null = await Promise.race([put, late]);
  done.abort();
  if (said !== null) warn(request, ports, { ...(said.code && { code: said.code }), message: ports.words.note(said.note) });
}

type CloseContext = Pick<CloseRequest, 'invocationId' | 'runId' | 'flow'>;

function warn(
  { invocationId, runId, flow }: CloseContext,
  ports: EnginePorts,
  about: { readonly code?: string; readonly message: string },
): void {
  ports.emit({ v: 1, ts: ports.clock.now(), invocation_id: invocationId, run_id: runId, flow, event: 'warning', ...about });
}

async function prune(request: CloseRequest, ports: EnginePorts): Promise<number> {
  const specs = request.entities.map((entity) => ports.entity(request.flow, entity));
  const [first] = specs;
  if (!first) return 0;
  const prunedIn = async (spec: EntitySpec) => {
    const store = await ports.store(spec);
    return retry(() => store.prune(instantAfter(ports, -spec.keepMs)));
  };
  const pruned = await Promise.all([pruneJournal(ports, instantAfter(ports, -first.keepMs)), ...specs.map(prunedIn)]);
  return pruned.reduce((sum, some) => sum + some, 0);
}

/** Keeps the records that the journal’s copy has yet to publish or will read again. If they were removed, the copy would lose them, too. */
async function pruneJournal(ports: EnginePorts, before: Instant): Promise<number> {
  const { mirror } = ports.closing ?? {};
  if (!mirror) return retry(() => ports.state.pruneJournal(before));
  const spec = ports.entity(mirror.flow, mirror.entity);
  const { row } = await readRow(ports, spec);
  const published = row?.settled?.watermark?.text;
  if (published === undefined) return 0;
  const needed = new Date(Date.parse(published) - (spec.watermark?.overlapMs ?? 0)).toISOString();
  return retry(() => ports.state.pruneJournal(needed < before ? needed : before));
}

// ---- the heartbeat of a flow: after each run, a POST to a service that alerts a person if no heartbeat arrives. A heartbeat that can’t be sent does not fail the run

/** A run sends a heartbeat if it moved rows or looked for rows without a failure. A run that was stopped sends none. A run that was locked out by another run sends none either, because the other run will. */
async function sendHeartbeat(
  { flow, runId, workspace, final }: CloseRequest & { readonly final: Tally },
  ports: EnginePorts,
  heartbeat: HeartbeatSpec,
): Promise<{ readonly problem: string | null }> {
  const rows = (await retry(() => ports.state.journal({ flow, run: runId }))).filter(({ lane }) => lane === 'live');
  const hasFailed = rows.some((row) => row.status === 'error' && !isStopped(row));
  const isWhole = rows.length > 0 && final.error === 0 && final.not_started === undefined && !rows.some(isStopped);
  const url = hasFailed ? heartbeat.failUrl : isWhole ? heartbeat.url : null;
  const closing = ports.closing;
  if (url === null || closing === undefined) return { problem: null };
  const { pass, warn, error, skip } = final;
  const status = hasFailed ? 'fail' : 'ok';
  const body = { version: 1, workspace, flow, run_id: runId, status, counts: { pass, warn, error, skip } };
  const failed = await deliver({ url, body }, closing, ports);
  return { problem: failed === null ? null : whyNotDelivered(failed) };
}

function isStopped({ status, error_code: code, reason }: JournalRow): boolean {
  return reason != null || (status === 'error' && code === interruptedCode);
}

/** How long and how often a flow waits to publish the journal, if another flow that ended at the same time is publishing it. */
const waitMs = 5_000;
const waitsAtMost = 24;

interface MirrorResult {
  /** Why the journal can’t be published. Null: it is published. */
  readonly problem: { readonly code: string; readonly message: string } | null;
}

/**
 * Publishes the journal once a run, with the steps of an ordinary entity. So it is published exactly once, even if other runs publish at the same
 * time. The run that publishes has a row in the journal, too, but the home of the journal leaves this row out. If the row were published, every
 * publication would make the next one necessary. Publishing is not a run of a flow, so no closeFlow follows.
 */
async function publishJournal(
  request: CloseRequest,
  ports: EnginePorts,
  { mirror, waited }: { readonly mirror: EntityKey; readonly waited: number },
): Promise<Step<MirrorResult>> {
  const { invocationId, runId, workspace } = request;
  const spec = ports.entity(mirror.flow, mirror.entity);
  // Entities of the flow are counted from 1.
  const ids = { invocationId, runId, entityRunId: `${runId}.0`, flow: spec.flow, entity: spec.entity };
  const how = { runType: null, wait: false, takeOver: false, sliceSlots: new Semaphore(1), signal: new AbortController().signal };
  const ended = await runEntity({ ids, spec, workspace, ...how }, { ...ports, emit: () => undefined });
  if (ended.error?.code === 'HYG-2001' && waited < waitsAtMost) return { again: waited + 1, notBefore: instantAfter(ports, waitMs) };
  if (ended.status === 'error' || ended.reason !== undefined)
    return {
      done: {
        problem: {
          code: ended.error?.code ?? 'HYG-9001',
          message: ports.words.note({ code: 'journal_unpublished', what: ended.error?.what ?? ended.message ?? '' }),
        },
      },
    };
  const store = await ports.store(spec);
  await retry(() => store.prune(instantAfter(ports, -spec.keepMs)));
  return { done: { problem: null } };
}
