import { realClock } from '../../adapters/real-clock.ts';
import type { RealPorts } from '../../assembly/ports.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { type QuarantineListed, quarantineLines } from '../../narrate/commands/list-lines.ts';
import type { JournalRow } from '../../ports/state.ts';
import { tellBroken } from '../select/broken-flows.ts';
import { lookingPorts, openChosen } from '../select/open-entities.ts';
import type { Filter } from '../select/selection.ts';
import { exit } from '../terminal/exit-code.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { countReasons, type QuarantinedReason } from './reasons.ts';

export interface QuarantineListFlags extends CommonFlags, Filter {}

/** `hygge quarantine list`: what waits there, by rule, and since which run. Reads stores, writes nothing. */
export async function quarantineList(flags: QuarantineListFlags, surroundings: Surroundings): Promise<number> {
  const clock = realClock();
  const { workspace, entities, broken } = await openChosen(flags, surroundings, clock);
  await using ports = await lookingPorts(workspace, surroundings, clock);
  const rows: QuarantineListed[] = [];
  for (const spec of entities) rows.push(...(await listed(spec, ports)));
  printAnswer(surroundings, flags, { rows, lines: (palette, room) => quarantineLines(rows, { palette, room }) });
  tellBroken(broken, surroundings, flags);
  return broken.length > 0 ? exit.failed : exit.ok;
}

async function listed(spec: EntitySpec, ports: RealPorts): Promise<readonly QuarantineListed[]> {
  const store = await ports.store(spec);
  const reasons = store.quarantine === undefined ? [] : await countReasons(store.quarantine, new AbortController().signal);
  const { flow, entity } = spec;
  const journal = reasons.some(({ runs }) => runs.length > 0) ? await ports.state.journal({ flow, entity }) : [];
  return reasons.map(({ writtenBy, ...reason }) => ({ flow, entity, ...reason, ...timesOf(reason, journal), written_by: writtenBy }));
}

/** When the first and the last of the runs were that set such rows apart, as far as the journal goes back. */
function timesOf({ runs }: Pick<QuarantinedReason, 'runs'>, journal: readonly JournalRow[]): Pick<QuarantineListed, 'since' | 'last'> {
  const times = journal.filter(({ entity_run_id: run }) => runs.includes(run)).map(({ finished_at: at }) => at);
  const sorted = times.toSorted();
  return { since: sorted[0] ?? null, last: sorted.at(-1) ?? null };
}
