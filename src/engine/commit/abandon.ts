/** Ends an entity run that failed or was stopped: releases its claim and removes its staged parts. If its commit is decided, the commit is finished instead. protocol.md 2.12. */
import type { ErrorDetails } from '../../ports/events.ts';
import { retry } from '../../ports/retry.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { RunIds } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { decidedAndWaits, interruptedCode } from '../errors/interruption.ts';
import { givenUpErrorIn } from '../errors/refused.ts';
import { endLeaseKeepingClaim } from '../protocol/claim.ts';
import { finishCommit, readIntent } from '../protocol/finish.ts';
import { readRow } from '../protocol/row.ts';
import { findJournalRow, releaseWithJournal, sweepAfterRun } from './commit.ts';
import { failureRow } from './journal-row.ts';

export interface EntityRunFailure extends RunIds {
  readonly workspace: string;
  readonly startedAt: string;
  readonly runType: EntitySpec['runType'];
  /** The whole error, or the members of it that are known. */
  readonly error: Pick<ErrorDetails, 'code' | 'what'> & Partial<ErrorDetails>;
  readonly attempts: number;
  /** The name of the backfill that failed. Absent: the run is live. */
  readonly lane?: string;
}

/**
 * `settled`: the commit was already decided, so the run can’t be given up, and its commit is finished now. `refused`: the commit was decided, but the
 * store refused it, so the run ended with `error`. `waits`: the commit was decided, but can’t be finished yet.
 */
export type FailedRunEnd =
  | { readonly outcome: 'abandoned' | 'settled' | 'not mine' }
  | { readonly outcome: 'refused' | 'waits'; readonly error: ErrorDetails };

export async function endFailedEntityRun(request: EntityRunFailure, ports: EnginePorts): Promise<FailedRunEnd> {
  const spec = ports.entity(request.flow, request.entity);
  const { row } = await readRow(ports, spec);
  if (row?.pending) {
    const intent = await readIntent(ports, spec, row.pending);
    if (typeof intent === 'object' && intent.entityRunId === request.entityRunId) {
      const mine = { run: request.entityRunId, epoch: row.epoch };
      const step = await finishCommit(ports, spec, { intent, refused: row.pending.refused }).catch(async (error: unknown) => {
        await endLeaseKeepingClaim(ports, spec, mine);
        throw error;
      });
      if ('again' in step && step.notBefore !== undefined) {
        await endLeaseKeepingClaim(ports, spec, mine);
        return {
          outcome: 'waits',
          error: request.error.code === interruptedCode ? decidedAndWaits(step.waitsFor) : wholeOf(request.error),
        };
      }
      // The commit is decided, but one call did not finish it. The next finisher continues it.
      if ('again' in step) return { outcome: 'settled' };
      // The journal row of the intent says how the run ended or will end. Each intent has such a row.
      if (typeof step.done === 'object') {
        if (step.done.outcome === 'settled') return { outcome: 'settled' };
        const error = step.done.error.toDetails();
        if (step.done.outcome === 'given up') return { outcome: 'refused', error };
        await endLeaseKeepingClaim(ports, spec, mine);
        return { outcome: 'waits', error };
      }
    }
  }
  const journal = failureRow(request, ports, {
    startedAt: request.startedAt,
    lane: request.lane ?? 'live',
    runType: request.runType,
    epoch: row?.epoch ?? 0,
    // If a person stopped the run, the run did not fail.
    ...(request.error.code === interruptedCode
      ? { status: 'skip', reason: 'interrupted', code: null }
      : { status: 'error', code: request.error.code, error: wholeOf(request.error) }),
    message: request.error.what,
    column: spec.watermark?.column ?? null,
    attempts: request.attempts,
  });
  if (row?.owner?.run !== request.entityRunId || row.pending?.epoch === row.epoch) {
    // Another finisher has finished the commit meanwhile, so the run did not fail.
    const ended = await findJournalRow(request, ports, spec);
    const refused = ended && givenUpErrorIn(ended);
    if (refused) return { outcome: 'refused', error: refused.toDetails() };
    if (ended) return { outcome: ended.status === 'error' || ended.reason === 'interrupted' ? 'not mine' : 'settled' };
    await retry(() => ports.state.appendJournal(journal));
    return { outcome: 'not mine' };
  }
  await releaseWithJournal(ports, spec, { run: request.entityRunId, epoch: row.epoch, journal });
  // An intent of another run waits for its finisher, and its parts are still staged. So the finisher removes what is left over.
  if (row.pending) return { outcome: 'abandoned' };
  await sweepAfterRun(ports, spec, { store: await ports.store(spec), lineage: row.lineage, epoch: row.epoch });
  return { outcome: 'abandoned' };
}

function wholeOf(error: EntityRunFailure['error']): ErrorDetails {
  return { why: [], tryThis: [], ...error };
}
