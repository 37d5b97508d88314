import type { App } from '../../src/assembly/app.ts';
import { pruneFound } from '../../src/assembly/run-entities.ts';
import { pruneStops } from '../../src/assembly/stop-flags.ts';
import { retry } from '../../src/ports/retry.ts';
import { entitiesOrTemplate } from '../../src/workspace/load/load.ts';
import type { TriggerContext } from '../sdk.ts';
import type { ServedFlow } from './flows.ts';

/** How long histories of orchestrations are kept: shorter than the journal, because histories are only for debugging. */
const keepHistoryMs = 7 * 86_400_000;
/** How long a stop flag is kept: much longer than a run takes. */
const keepStopsMs = 90 * 86_400_000;

/** `hygge-purge`, once a day: deletes orchestrations and runs that ended long ago, and stop flags of runs that were never closed. */
export async function onPurge(app: App, served: readonly Pick<ServedFlow, 'found'>[], { instances, log }: TriggerContext): Promise<void> {
  const now = app.clock.now();
  const before = (ms: number) => new Date(Date.parse(now) - ms).toISOString();
  const histories = await instances.purge(before(keepHistoryMs));
  const pruned = await pruneRuns(app, served, { runs: before(keepRunsMs(served)), stops: before(keepStopsMs) });
  log.info(JSON.stringify({ event: 'purged', v: 1, ts: now, histories, ...pruned }));
}

/** Runs are kept as long as the journal has them: by the longest `keep` of the flows. */
function keepRunsMs(served: readonly Pick<ServedFlow, 'found'>[]): number {
  const keeps = served.flatMap(({ found }) => ('errors' in found ? [] : entitiesOrTemplate(found.flow).map(({ keepMs }) => keepMs)));
  return Math.max(keepHistoryMs, ...keeps);
}

/** All flows share one board, and one state. */
async function pruneRuns(app: App, served: readonly Pick<ServedFlow, 'found'>[], before: Record<'runs' | 'stops', string>) {
  const ready = served.find(({ found }) => !('errors' in found))?.found.name;
  if (ready === undefined) return { runs: 0, stops: 0 };
  const { board, state } = await app.look(ready);
  let stops = 0;
  for (const { found } of served) {
    stops += await pruneStops(state, found.name, before.stops);
    if (!('errors' in found) && found.flow.finds !== null) await pruneFound(state, found.name, before.stops);
  }
  return { runs: await retry(() => board.prune(before.runs)), stops };
}
