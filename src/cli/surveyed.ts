import { undisturbed } from '../engine/agreement.ts';
import type { Home } from '../engine/contracts.ts';
import type { EnginePorts } from '../engine/ports.ts';
import { readRow } from '../engine/row.ts';
import { snapshotInForce } from '../engine/snapshot.ts';
import type { EntitySpec } from '../engine/spec.ts';
import { untilDone } from '../engine/steps.ts';
import { type Survey, survey } from '../engine/survey.ts';
import type { StateRow } from '../ports/state.ts';

/** What a run of the entity would do now, and what it would do it with. Metadata only; nothing is written. */
export async function surveyed(
  spec: EntitySpec,
  runType: EntitySpec['runType'] | null,
  ports: EnginePorts,
): Promise<{ readonly home: Home; readonly row: StateRow | undefined; readonly found: Survey }> {
  return undisturbed(async () => {
    const { row } = await readRow(ports, spec);
    const snapshot = await snapshotInForce(ports, spec, row);
    const home = await ports.home(spec, snapshot?.pinned ?? null);
    const run = { runId: 'survey', entityRunId: 'survey.1', startedAt: ports.clock.now() };
    const request = { spec, runType: runType ?? spec.runType, home, store: await ports.store(spec), row, snapshot, run };
    return { home, row, found: await untilDone(ports.clock, (cursor) => survey(ports, request, cursor)) };
  });
}
