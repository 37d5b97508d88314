import type { App } from '../../src/assembly/app.ts';
import { telling, watch } from '../../src/assembly/watch.ts';
import { watchKinds } from '../../src/ports/webhook.ts';
import { scheduleProblem } from '../../src/workspace/schema/schedule.ts';
import { endLostRuns } from '../lost-run.ts';
import type { TriggerContext } from '../sdk.ts';
import type { ServedFlow } from './flows.ts';
import { toldIn } from './logging.ts';

const everyQuarterOfAnHour = '0 */15 * * * *';

/** When the watcher runs: the app setting HYGGE_WATCH, six fields of cron in UTC. */
export function watchSchedule(env: App['env']): string {
  const written = env.HYGGE_WATCH ?? '';
  return written === '' || written.includes('%') || scheduleProblem(written) !== undefined ? everyQuarterOfAnHour : written;
}

/**
 * `hygge-watch`: ends runs whose orchestration is gone, and reports late entities of flows whose `notify.on` asks for it. The watcher reads the board of
 * every flow, but the state and the journal only of flows with such `notify.on`. It starts no run.
 */
export async function onWatch(app: App, served: readonly ServedFlow[], called: TriggerContext): Promise<void> {
  const { clock, random, network } = app;
  for (const { found, schedule } of served) {
    if ('errors' in found) continue;
    try {
      const pinned = await app.look(found.name);
      const { workspace, flow, state } = pinned;
      await endLostRuns(app, called.instances, pinned, { flow: flow.name });
      if (!watchKinds.some((kind) => found.flow.notify?.on.includes(kind))) continue;
      const entities = flow.entities.map((spec) => ({ flow: spec.flow, entity: spec.entity, schedule, expect: spec.expect }));
      const watched = [{ flow: flow.name, entities, notify: flow.notify }];
      const ports = { state, clock, random, telling: telling(network), host: { fate: async () => 'unknown' as const } };
      const { findings, told, unsent, unread } = await watch(workspace.name, watched, ports);
      const counts = { late: findings.length, told: told.length, unsent: unsent.map(({ code }) => code), unreadable: unread.length };
      called.log.info(JSON.stringify({ event: 'watched', v: 1, ts: clock.now(), flow: flow.name, ...counts }));
    } catch (error) {
      // If a flow can’t be checked, the next flows are still checked.
      toldIn(app, found.name, called)(error);
    }
  }
}
