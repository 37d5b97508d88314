import type { App, PinnedFlow } from '../../src/assembly/app.ts';
import { version } from '../../src/assembly/version.ts';
import { failureRow } from '../../src/engine/commit/journal-row.ts';
import { retry } from '../../src/ports/retry.ts';
import type { RunRecord } from '../../src/ports/runs.ts';
import { logged } from '../log.ts';
import type { TriggerContext } from '../sdk.ts';
import { toldIn } from './logging.ts';
import { start } from './start.ts';

/** `<flow>-schedule`: starts a run of the whole flow. If a run is in progress, the journal records a `skip`. */
export async function onSchedule(app: App, flow: string, called: TriggerContext): Promise<void> {
  try {
    const wanted = {
      flow,
      invocation: called.invocation,
      trigger: 'schedule' as const,
      entities: null,
      runType: null,
      backfill: null,
      lane: 'live',
      vars: {},
    };
    const started = await start(app, called.instances, wanted);
    if (started.outcome === 'running') await skip(app, called, started);
  } catch (error) {
    toldIn(app, flow, called)(error);
    // The error is thrown again, because the platform counts a thrown error as a failed invocation.
    throw error;
  }
}

async function skip(
  app: App,
  { log, invocation }: TriggerContext,
  { pinned, run, record }: { readonly pinned: PinnedFlow; readonly run: string; readonly record: RunRecord },
): Promise<void> {
  const { flow } = record;
  const message = `not started: run ${record.run_id} of ${flow} has been running since ${record.started_at}`;
  const ids = { invocationId: invocation, runId: run, entityRunId: `${run}.0`, flow, entity: '' };
  const row = failureRow(
    { ...ids, workspace: pinned.workspace.name },
    { clock: app.clock, version },
    {
      startedAt: app.clock.now(),
      lane: 'live',
      runType: pinned.flow.entities[0]?.runType ?? 'full_drop',
      epoch: 0,
      status: 'skip',
      code: null,
      message,
      column: null,
      attempts: 0,
    },
  );
  await retry(() => pinned.state.appendJournal(row));
  logged(log)({ v: 1, ts: app.clock.now(), invocation_id: invocation, run_id: run, flow, event: 'warning', message });
}
