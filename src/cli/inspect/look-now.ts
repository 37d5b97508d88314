import type { Home } from '../../engine/contracts/home.ts';
import type { EnginePorts } from '../../engine/contracts/ports.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { untilDone } from '../../engine/contracts/steps.ts';
import { retryWhenOvertaken } from '../../engine/plan/agreement.ts';
import { type Survey, survey } from '../../engine/plan/survey.ts';
import { readRow } from '../../engine/protocol/row.ts';
import { snapshotInForce } from '../../engine/schema/snapshot.ts';
import type { StateRow } from '../../ports/state.ts';

/** Computes what a run of the entity would do now, from its home and its row in the state. Only metadata is read, and nothing is written. */
export async function surveyed(
  spec: EntitySpec,
  runType: EntitySpec['runType'] | null,
  ports: EnginePorts,
): Promise<{ readonly home: Home; readonly row: StateRow | undefined; readonly found: Survey }> {
  return retryWhenOvertaken(async () => {
    const { row } = await readRow(ports, spec);
    const snapshot = await snapshotInForce(ports, spec, row);
    const home = await ports.home(spec, snapshot?.pinned ?? null);
    const run = { runId: 'survey', entityRunId: 'survey.1', startedAt: ports.clock.now() };
    const request = {
      spec,
      runType: runType ?? spec.runType,
      fullEveryApplies: runType === null,
      home,
      store: await ports.store(spec),
      row,
      snapshot,
      run,
    };
    return { home, row, found: await untilDone(ports.clock, (cursor) => survey(ports, request, cursor)) };
  });
}
