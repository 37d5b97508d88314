import type { App, PinnedFlow } from '../../src/assembly/app.ts';
import { appName } from '../../src/assembly/app-name.ts';
import { lastReplication } from '../../src/engine/verify/last-replication.ts';
import { mapConcurrent } from '../../src/ports/map-concurrent.ts';
import { retry } from '../../src/ports/retry.ts';
import { isReplicationLane, type RunRecord } from '../../src/ports/runs.ts';
import { verifyLane } from '../../src/ports/state.ts';
import { instanceOf } from '../instance-ids.ts';
import type { Instances } from '../instances.ts';
import type { BackfillInput, VerifyInput } from '../run-input.ts';
import { waitIn } from '../wait-records.ts';

/** How long a run may take from its record on the board to the start of its instance. After that time, the run counts as lost. */
const graceMs = 2 * 60_000;
/** The orchestrations of another app can’t be seen from here. So a run of another app counts as lost after this time without news. */
const silenceMs = 24 * 3_600_000;

/** Whether a run that has not ended on the board is really still running. */
export async function isStillRunning(
  app: App,
  instances: Instances,
  { state }: Pick<PinnedFlow, 'state'>,
  record: RunRecord,
): Promise<boolean> {
  if (record.ended_at !== null) return false;
  const instance = await instances.find(instanceIn(record));
  if (instance?.run === record.run_id) return instance.running;
  const now = Date.parse(app.clock.now());
  if (record.app === undefined || record.app === appName(app.env)) return now - Date.parse(record.started_at) < graceMs;
  return (await lastSignMs(state, record)) > now - silenceMs;
}

/** The time of a run’s last sign of life: the latest of its start, its last news in the journal, and the end of its leases. */
async function lastSignMs(state: PinnedFlow['state'], record: RunRecord): Promise<number> {
  const { flow, run_id, started_at } = record;
  const wait = waitIn(record);
  // A wait for replication has no lease, but each of its checks is stored in the state.
  if (wait !== undefined) {
    const asked = (await lastReplication(state, { flow, entity: wait.entity }))?.asked_at ?? started_at;
    return Math.max(Date.parse(started_at), Date.parse(asked));
  }
  const [last] = await retry(() => state.journal({ flow, run: run_id, limit: 1, withVerifications: true }));
  const signs = [started_at, ...(last === undefined ? [] : [last.finished_at])];
  const owners = await mapConcurrent(await entitiesOf(state, flow), async (key) => (await retry(() => state.read(key)))?.row.owner);
  const leases = owners.flatMap((owner) => (owner?.run.startsWith(`${run_id}.`) ? [owner.until] : []));
  return [...signs, ...leases].reduce((latest, at) => Math.max(latest, Date.parse(at)), 0);
}

/** Entities that have a state row, whether the current config has them or not. */
export async function entitiesOf(state: PinnedFlow['state'], flow: string) {
  return (await retry(() => state.entities())).filter((key) => key.flow === flow);
}

export function instanceIn({ flow, run_id: run, trigger, lane }: RunRecord): string {
  if (isReplicationLane(lane)) return run;
  if (lane === verifyLane) return instanceOf({ flow, run, verify: {} as VerifyInput });
  return trigger === 'backfill' ? instanceOf({ flow, run, backfill: {} as BackfillInput }) : instanceOf({ flow, run });
}
