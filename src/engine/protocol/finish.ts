/** Roll-forward: the next run finishes a decided commit or gives it up (docs/building/protocol.md). Any number of runs may do so, also at the same time and repeatedly. */

import { ConnectionError, type FlowError } from '../../errors/hygge-error.ts';
import type { ErrorDetails } from '../../ports/events.ts';
import { retry } from '../../ports/retry.ts';
import { type CommitRefusalReason, compactionName, type JournalRow, type Pending, type Settled } from '../../ports/state.ts';
import { filled, type Json } from '../../ports/values.ts';
import type { Step } from '../contracts/frame.ts';
import { type CommitOutcome, type CommitRefusal, type FullNext, fenceHeadId, type Intent } from '../contracts/intent.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Store } from '../contracts/store.ts';
import type { Counts } from '../contracts/writing.ts';
import { addDecidedCommitAdvice, commitGivenUp, commitStuck, reasonOf, refusalWithoutReason } from '../errors/refused.ts';
import type { Lane } from './protocol.ts';
import { moveRow, readRow } from './row.ts';

/** How finishing a commit ended. `void`: the intent can never commit, or another finisher has ended it. Then the journal says how it ended. */
export type FinishOutcome = FinishedCommit | UnsettledCommit | 'void' | 'parts lost';

export interface FinishedCommit {
  readonly outcome: 'settled';
  /** The row as the journal has it, with the counts of the commit. */
  readonly journal: JournalRow;
}

/** A commit that did not settle. `given up`: the row says so, and readers can see no row of it. `stuck`: it waits as before. In both cases its run ends with the `error`. */
export interface UnsettledCommit {
  readonly outcome: 'given up' | 'stuck';
  readonly error: FlowError;
  /** The names of parts that had been published and were removed. */
  readonly removed: readonly string[];
}

/** What the row says about a pending intent, and how far its publishing has come. */
export interface PendingCommit {
  readonly intent: Intent;
  readonly refused?: CommitRefusalReason | undefined;
  readonly cursor?: Json | undefined;
}

/** The longest time that one step publishes, in milliseconds. Thousands of parts are published in several steps, each far shorter than the time limit of its driver. */
const publishingMs = 2 * 60_000;

/** Publishes the intent in the store, and settles it in the state row. If the store refuses the intent permanently, it is fenced and given up. */
export async function finishCommit(
  ports: EnginePorts,
  spec: EntitySpec,
  { intent, refused, cursor }: PendingCommit,
): Promise<Step<FinishOutcome>> {
  let mark = refused;
  let because: ErrorDetails | undefined;
  if (mark === undefined) {
    const step = await publish(ports, spec, intent, cursor);
    if ('again' in step) return step;
    if (isRefused(step.done)) because = step.done.because;
    else if (step.done !== 'parts lost') return { done: await conclude(ports, spec, intent, step.done) };
    const found = await markOf(ports, spec, intent, because);
    if (found === 'moved on') return { done: 'void' };
    if (found === undefined) return { done: 'parts lost' };
    mark = found;
  }
  const given = await giveUp(ports, spec, intent, { reason: mark, because, how: 'unseen' });
  if (given !== 'visible') return { done: given };
  const step = await publish(ports, spec, intent, cursor);
  return 'again' in step ? step : { done: await conclude(ports, spec, intent, step.done) };
}

/** `reset --discard`: gives up a commit that can’t be finished, even if some of its parts are published. */
export async function discardCommit(
  ports: EnginePorts,
  spec: EntitySpec,
  intent: Intent,
  reason: CommitRefusalReason,
): Promise<Step<FinishOutcome>> {
  const given = await giveUp(ports, spec, intent, { reason, because: undefined, how: 'by force' });
  return given === 'visible' ? finishCommit(ports, spec, { intent }) : { done: given };
}

/** Publishes the intent. A refusal is permanent only if a store that was opened again refuses, too. */
async function publish(ports: EnginePorts, spec: EntitySpec, intent: Intent, cursor: Json | undefined): Promise<Step<CommitOutcome>> {
  const step = await publishIn(await ports.storeAt(spec, intent.place), ports, intent, cursor);
  if ('again' in step || !isRefused(step.done)) return step;
  if (!ports.sharing) return publishIn(await ports.storeAt(spec, intent.place), ports, intent, undefined);
  // The store that is kept open may have connections that no longer work, so another one is opened.
  await using anew = await ports.sharing.opener.storeAt(spec, intent.place);
  return await publishIn(anew, ports, intent, undefined);
}

async function publishIn(
  store: Store,
  { clock }: Pick<EnginePorts, 'clock'>,
  intent: Intent,
  cursor: Json | undefined,
): Promise<Step<CommitOutcome>> {
  const began = clock.monotonicMs();
  for (let from = cursor; ; ) {
    const step = await retry(() => store.commit(intent, from)).catch(stillWaits(store));
    if ('done' in step) return step;
    if (step.notBefore !== undefined || clock.monotonicMs() - began > publishingMs) return step;
    from = step.again;
  }
}

async function conclude(ports: EnginePorts, spec: EntitySpec, intent: Intent, outcome: CommitOutcome): Promise<FinishOutcome> {
  if (outcome === 'fenced') return voided(ports, spec, intent);
  if (outcome === 'parts lost') return outcome;
  if (outcome === 'given up') return goOnFromFence(ports, spec, intent);
  if (typeof outcome === 'object' && 'because' in outcome) {
    const { where } = await ports.storeAt(spec, intent.place);
    return { outcome: 'stuck', error: commitStuck(spec, where, outcome.because), removed: [] };
  }
  return { outcome: 'settled', journal: await settle(ports, spec, intent, outcome) };
}

async function voided(ports: EnginePorts, spec: EntitySpec, intent: Intent): Promise<'void'> {
  await moveRow(ports, spec, { event: 'void', id: intent.id });
  return 'void';
}

/** Continues after a fence. The finisher that fenced the intent has not written the row yet, or has not cleaned up. The reason is in the fence. */
async function goOnFromFence(ports: EnginePorts, spec: EntitySpec, intent: Intent): Promise<FinishOutcome> {
  const store = await ports.storeAt(spec, intent.place);
  const head = await retry(() => store.head());
  if (head?.id !== fenceHeadId(intent)) return 'void';
  const { reason = refusalWithoutReason(head.id) } = head;
  const given = await giveUp(ports, spec, intent, { reason, because: undefined, how: 'unseen' });
  return given === 'visible' ? 'void' : given;
}

interface GiveUpRequest {
  readonly reason: CommitRefusalReason;
  /** The store’s own error. Undefined: another process met the error. */
  readonly because: ErrorDetails | undefined;
  readonly how: 'unseen' | 'by force';
}

/** Gives the commit up: the token and the fence are handled first in the store, and then in the row. `visible`: readers can see the token, so the intent has to be committed after all. */
async function giveUp(
  ports: EnginePorts,
  spec: EntitySpec,
  intent: Intent,
  { reason, because, how }: GiveUpRequest,
): Promise<'visible' | 'void' | UnsettledCommit> {
  const store = await ports.storeAt(spec, intent.place);
  const given = await retry(() => store.giveUp(intent, reason, how)).catch(stillWaits(store));
  if (given === 'visible' || given === 'committed') return 'visible';
  if (given === 'fenced') return voided(ports, spec, intent);
  const { fullNext } = given;
  const error = commitGivenUp(spec, store.where, { reason, because, fullNext });
  await record(ports, spec, intent, { error, fullNext });
  return { outcome: 'given up', error, removed: given.removed };
}

/** The mark of refusal in the row. If there is a reason, the mark is set now. Undefined: the row has no mark. `moved on`: the row no longer has this intent. */
async function markOf(
  ports: EnginePorts,
  spec: EntitySpec,
  intent: Intent,
  because: ErrorDetails | undefined,
): Promise<CommitRefusalReason | 'moved on' | undefined> {
  const { id } = intent;
  const row = because
    ? (await moveRow(ports, spec, { event: 'refuse', id, refused: reasonOf(because) })).row
    : (await readRow(ports, spec)).row;
  return row?.pending?.id === id ? row.pending.refused : 'moved on';
}

function isRefused(outcome: CommitOutcome): outcome is CommitRefusal {
  return typeof outcome === 'object' && outcome.outcome === 'refused';
}

/** The error for a decided commit that waits until its store can be reached. */
function stillWaits({ where }: Store): (error: unknown) => never {
  return (error) => {
    throw error instanceof ConnectionError && !error.transient ? addDecidedCommitAdvice(error, where) : error;
  };
}

/** The pending intent of the row. `moved on`: the row has another intent now, or none. `missing`: the object that the row names is gone. */
export async function readIntent(ports: EnginePorts, spec: EntitySpec, pending: Pending): Promise<Intent | 'moved on' | 'missing'> {
  const found = await retry(() => ports.state.getObject(spec, pending.ref));
  if (found) return asPresent(found as unknown as Intent | EarlierIntent);
  const { row } = await readRow(ports, spec);
  return row?.pending?.id === pending.id ? 'missing' : 'moved on';
}

/** An intent as hygge 0.1 wrote it before November 2026. If such an intent is pending, a newer version still finishes it. */
type EarlierIntent = Omit<Intent, 'version' | 'settles'> & Intent['settles'] & { readonly version: 1 };

function asPresent(intent: Intent | EarlierIntent): Intent {
  if (intent.version !== 1) return intent;
  const { watermark, boundary, snapshot, seen, sourceVersion, rows, ...same } = intent;
  return { ...same, version: 2, settles: { watermark, boundary, snapshot, seen, sourceVersion, rows } };
}

/** How many rows were inserted, updated and deleted. If only the commit shows that, the store has counted them. */
function countsOf({ journal, settles }: Intent, outcome: CommitOutcome): Counts {
  if (typeof outcome === 'object' && 'counts' in outcome) return outcome.counts;
  return { inserted: journal.rows_settled ?? settles.rows, updated: 0, deleted: journal.rows_replaced ?? 0 };
}

async function settle(ports: EnginePorts, spec: EntitySpec, intent: Intent, outcome: CommitOutcome): Promise<JournalRow> {
  const counts = countsOf(intent, outcome);
  const at = ports.clock.now();
  const settledRows = counts.inserted + counts.updated;
  const settled: Settled = { id: intent.id, epoch: intent.epoch, ...intent.settles, rows: settledRows, at };
  const journal: JournalRow = { ...endedAt(intent.journal, at), ...journalCounts(intent, counts), ...journalNotes(intent, outcome) };
  const last = { run: intent.entityRunId, at, status: journal.status, rows: journal.rows };
  const added = isAllThereIs(intent) ? null : counts.inserted - counts.deleted;
  await moveRow(
    ports,
    spec,
    {
      ...{ event: 'settle', id: intent.id, settled, added, binding: intent.binding, lane: laneOf(intent), last },
      ...filled({ keepsTime: intent.lane === compactionName }),
    },
    { journal },
  );
  return journal;
}

function journalNotes({ journal }: Intent, outcome: CommitOutcome): Pick<JournalRow, 'notes'> {
  const more = typeof outcome === 'object' && 'counts' in outcome ? (outcome.notes ?? []) : [];
  return more.length === 0 ? {} : { notes: [...(journal.notes ?? []), ...more] };
}

/** Whether all data of the destination comes from this intent, because nothing had settled before, or all of it was replaced. */
function isAllThereIs({ mode, prev, writing }: Intent): boolean {
  return mode === 'full' && (prev === null || writing?.why === 'full_load' || (writing?.mode !== 'append' && writing?.mode !== 'merge'));
}

/** The counts for the journal. An update counts as one row that settled, and as one that was replaced. */
function journalCounts(intent: Intent, { inserted, updated, deleted }: Counts) {
  const [settled, replaced] = [inserted + updated, updated + deleted];
  const rows = isAllThereIs(intent) ? settled : settled - replaced;
  return { rows, rows_settled: settled, rows_replaced: replaced, ...filled({ rows_updated: updated }) };
}

/** Records in the journal that the run ended with an error and its rows did not settle. If the run is repeated, it reads that there. */
async function record(
  ports: EnginePorts,
  spec: EntitySpec,
  intent: Intent,
  { error, fullNext }: { readonly error: FlowError; readonly fullNext: FullNext | undefined },
): Promise<void> {
  const at = ports.clock.now();
  const journal: JournalRow = {
    ...endedAt(intent.journal, at),
    status: 'error',
    rows: 0,
    bytes: 0,
    parts: 0,
    watermark_to: null,
    error_code: error.code,
    message: error.what,
    error: error.toDetails(),
    rows_settled: null,
    rows_replaced: null,
  };
  const last = { run: intent.entityRunId, at, status: journal.status, rows: 0 };
  const next = fullNext && ({ fullNext: true } as const);
  await moveRow(ports, spec, { event: 'give up', id: intent.id, fence: fenceHeadId(intent), last, ...next }, { journal });
}

function endedAt(journal: JournalRow, at: string): JournalRow {
  return { ...journal, finished_at: at, seconds: (Date.parse(at) - Date.parse(journal.started_at)) / 1000 };
}

/** The lane that the row remembers after the commit. A full load replaces all rows that backfills had replaced. */
function laneOf({ mode, lane, laneMark = null }: Intent): Lane {
  return mode === 'full' ? { anew: true } : { name: lane, watermark: laneMark };
}
