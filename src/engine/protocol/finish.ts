/** Roll-forward: what was decided is finished by whoever comes next. protocol.md 2.6; any number at once, any number of times. */

import { ConnectionError } from '../../errors/hygge-error.ts';
import { retry } from '../../ports/retry.ts';
import type { JournalRow, Pending, Settled } from '../../ports/state.ts';
import type { Json } from '../../ports/values.ts';
import type { Step } from '../contracts/contracts.ts';
import type { CommitOutcome, Intent } from '../contracts/intent.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Counts } from '../contracts/writing.ts';
import type { Lane } from './protocol.ts';
import { moveRow, readRow } from './row.ts';

export type Finished = Finishing | 'void' | 'parts lost';

export interface Finishing {
  readonly outcome: 'settled';
  /** As it is in the journal: with the counts of the commit. */
  readonly journal: JournalRow;
}

/** Thousands of parts are published in several steps: none may come near the time limit of whoever runs it. */
const publishingMs = 2 * 60_000;

/** Publishes the intent in the store, then settles it in the state row. */
export async function finish(ports: EnginePorts, spec: EntitySpec, intent: Intent, cursor?: Json): Promise<Step<Finished>> {
  const store = await ports.storeAt(spec, intent.place);
  const began = ports.clock.monotonicMs();
  for (let from = cursor; ; ) {
    const step = await retry(() => store.commit(intent, from)).catch((error: unknown) => {
      throw error instanceof ConnectionError && !error.transient ? stillWaits(error, store.where) : error;
    });
    if ('again' in step) {
      if (step.notBefore !== undefined || ports.clock.monotonicMs() - began > publishingMs) return step;
      from = step.again;
      continue;
    }
    if (step.done === 'parts lost') return { done: 'parts lost' };
    if (step.done === 'fenced') {
      await moveRow(ports, spec, { event: 'void', id: intent.id });
      return { done: 'void' };
    }
    return { done: { outcome: 'settled', journal: await settle(ports, spec, intent, countsOf(intent, step.done)) } };
  }
}

/** The place is that of the intent, and only the credential is today's: whoever changed the one may have taken the other away. */
function stillWaits({ code, what, why, tryThis }: ConnectionError, where: string): ConnectionError {
  return new ConnectionError({
    code,
    what,
    why: [...why, `A commit in ${where} is decided; it is finished before anything else happens to the entity.`],
    tryThis: [...tryThis, 'If the store is written otherwise now: write it as it was, run once, and change it then.'],
  });
}

/** The pending intent of the row. `moved on`: the row points elsewhere by now; `missing`: it points at an object that is gone. */
export async function readIntent(ports: EnginePorts, spec: EntitySpec, pending: Pending): Promise<Intent | 'moved on' | 'missing'> {
  const found = await retry(() => ports.state.getObject(spec, pending.ref));
  if (found) return asPresent(found as unknown as Intent | EarlierIntent);
  const { row } = await readRow(ports, spec);
  return row?.pending?.id === pending.id ? 'missing' : 'moved on';
}

/** As hygge 0.1 before November 2026 wrote it: what a newer one finds pending is finished all the same. */
type EarlierIntent = Omit<Intent, 'version' | 'settles'> & Intent['settles'] & { readonly version: 1 };

function asPresent(intent: Intent | EarlierIntent): Intent {
  if (intent.version !== 1) return intent;
  const { watermark, boundary, snapshot, seen, sourceVersion, rows, ...same } = intent;
  return { ...same, version: 2, settles: { watermark, boundary, snapshot, seen, sourceVersion, rows } };
}

/** What became of how many rows: as the store counted, where only committing tells. */
function countsOf({ journal, settles }: Intent, outcome: CommitOutcome): Counts {
  if (typeof outcome === 'object' && 'counts' in outcome) return outcome.counts;
  return { inserted: journal.rows_settled ?? settles.rows, updated: 0, deleted: journal.rows_replaced ?? 0 };
}

async function settle(ports: EnginePorts, spec: EntitySpec, intent: Intent, counts: Counts): Promise<JournalRow> {
  const at = ports.clock.now();
  const settledRows = counts.inserted + counts.updated;
  const settled: Settled = { id: intent.id, epoch: intent.epoch, ...intent.settles, rows: settledRows, at };
  const journal: JournalRow = {
    ...intent.journal,
    finished_at: at,
    seconds: (Date.parse(at) - Date.parse(intent.journal.started_at)) / 1000,
    ...journalCounts(intent, counts),
  };
  const last = { run: intent.entityRunId, at, status: journal.status, rows: journal.rows };
  const added = isAllThereIs(intent) ? null : counts.inserted - counts.deleted;
  await moveRow(
    ports,
    spec,
    { event: 'settle', id: intent.id, settled, added, binding: intent.binding, lane: laneOf(intent), last },
    journal,
  );
  return journal;
}

/** Nothing that settled before is there any more, or nothing had. */
function isAllThereIs({ mode, prev, writing }: Intent): boolean {
  return mode === 'full' && (prev === null || (writing?.mode !== 'append' && writing?.mode !== 'merge'));
}

/** An update settles a row and takes the place of one. */
function journalCounts(intent: Intent, { inserted, updated, deleted }: Counts) {
  const [settled, replaced] = [inserted + updated, updated + deleted];
  const rows = isAllThereIs(intent) ? settled : settled - replaced;
  return { rows, rows_settled: settled, rows_replaced: replaced, ...(updated === 0 ? {} : { rows_updated: updated }) };
}

/** A full load leaves nothing of what backfills had replaced. */
function laneOf({ mode, lane, laneMark = null }: Intent): Lane {
  return mode === 'full' ? { anew: true } : { name: lane, watermark: laneMark };
}
