import { realClock } from '../../adapters/real-clock.ts';
import { realHost } from '../../adapters/real-host.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { openStateAlone } from '../../assembly/open-state.ts';
import { telling, type WatchResult, watch } from '../../assembly/watch.ts';
import { watchLines } from '../../narrate/text/late-lines.ts';
import { workspaceLabel } from '../../workspace/load/load.ts';
import { looked } from '../inspect/status.ts';
import { tellBroken } from '../select/broken-flows.ts';
import type { Filter } from '../select/selection.ts';
import { exit } from '../terminal/exit-code.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';

/** `hygge watch --once`: reports late entities, from the state and the journal. Exit 1: an entity is late, or a state could not be read. */
export async function watchOnce(flags: CommonFlags & Filter, surroundings: Surroundings): Promise<number> {
  const clock = realClock();
  const random = realRandom();
  const opened = await openWorkspace(flags, surroundings, { now: clock.now(), tolerant: true });
  await using place = await openStateAlone(opened, surroundings);
  const { entities, broken } = looked(opened, flags);
  const notices = new Map(opened.flows.map(({ name, notify }) => [name, notify]));
  const flows = [...Map.groupBy(entities, ({ flow }) => flow)].map(([flow, all]) => ({
    flow,
    entities: all,
    notify: notices.get(flow) ?? null,
  }));
  const ports = { state: place.state, clock, random, host: realHost(), telling: telling(surroundings.network) };
  const found = await watch(workspaceLabel(opened).workspace, flows, ports);
  printAnswer(surroundings, flags, {
    rows: eventsOf(found, clock.now()),
    lines: (palette) =>
      watchLines(found, { nowMs: Date.parse(clock.now()), entities: entities.length, isWhole: broken.length === 0 }, palette),
  });
  tellBroken(broken, surroundings, flags);
  const isQuiet = found.findings.length === 0 && found.unread.length === 0 && found.unsent.length === 0 && broken.length === 0;
  return isQuiet ? exit.ok : exit.failed;
}

function eventsOf({ findings, unread, told, unsent }: WatchResult, ts: string) {
  const event = (name: string, body: object) => ({ event: name, v: 1, ts, ...body });
  return [
    ...findings.map((one) => event('late', one)),
    ...unread.map((one) => event('unreadable', one)),
    ...told.map((one) => event('told', { flow: one.flow, what: one.what, is_over: one.is_over, entities: one.entities })),
    ...unsent.map((one) => event('warning', { flow: one.flow, code: one.code, message: one.what })),
    event('summary', { late: findings.length, unreadable: unread.length, told: told.length, unsent: unsent.length }),
  ];
}
