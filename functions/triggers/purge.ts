import type { App } from '../../src/assembly/app.ts';
import { insist } from '../../src/ports/outcome.ts';
import type { Called } from '../sdk.ts';

/** Histories of orchestrations are for those who look into what went wrong; the journal is for everybody. */
const keepHistoryMs = 7 * 86_400_000;
const keepRunsMs = 90 * 86_400_000;

/** `hygge-purge`, once a day: forgets orchestrations and runs that ended long ago. */
export async function onPurge(app: App, flow: string | undefined, { instances, log }: Called): Promise<void> {
  const now = app.clock.now();
  const before = (ms: number) => new Date(Date.parse(now) - ms).toISOString();
  const histories = await instances.purge(before(keepHistoryMs));
  const runs = flow === undefined ? 0 : await pruneRuns(app, flow, before(keepRunsMs));
  log.info(JSON.stringify({ event: 'purged', v: 1, ts: now, histories, runs }));
}

/** All flows share one board. */
async function pruneRuns(app: App, flow: string, before: string): Promise<number> {
  const { board } = await app.look(flow);
  return await insist(() => board.prune(before));
}
