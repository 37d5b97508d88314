import { realClock } from '../../adapters/real-clock.ts';
import type { RealPorts } from '../../assembly/ports.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { quarantineOf } from '../../engine/plan/settled-plan.ts';
import { readRow } from '../../engine/protocol/row.ts';
import { snapshotInForce } from '../../engine/schema/snapshot.ts';
import { readCorrections } from '../../engine/validation/corrections.ts';
import { type CorrectionListed, correctionLines } from '../../narrate/commands/list-lines.ts';
import { timeOfId } from '../../ports/random.ts';
import { tellBroken } from '../select/broken-flows.ts';
import { lookingPorts, openChosen } from '../select/open-entities.ts';
import { exit } from '../terminal/exit-code.ts';
import { printAnswer } from '../terminal/print.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import type { QuarantineListFlags } from './list.ts';

/** `hygge quarantine corrections`: lists the corrections of each entity. Stores are only read. */
export async function corrections(flags: QuarantineListFlags, surroundings: Surroundings): Promise<number> {
  const clock = realClock();
  const { workspace, entities, broken } = await openChosen(flags, surroundings, clock);
  await using ports = await lookingPorts(workspace, surroundings, clock);
  const rows: CorrectionListed[] = [];
  for (const spec of entities) rows.push(...(await listed(spec, ports)));
  printAnswer(surroundings, flags, { rows, lines: (palette, room) => correctionLines(rows, { palette, room }) });
  tellBroken(broken, surroundings, flags);
  return broken.length > 0 ? exit.failed : exit.ok;
}

async function listed(spec: EntitySpec, ports: RealPorts): Promise<readonly CorrectionListed[]> {
  const store = await ports.store(spec);
  const head = store.quarantine === undefined ? null : await store.head();
  if (head === null || head.schema === null) return [];
  const { row } = await readRow(ports, spec);
  const settled = head.schema;
  const quarantine = quarantineOf(spec, store, { of: await snapshotInForce(ports, spec, row), settled });
  const { signal } = new AbortController();
  const found = await readCorrections({ spec, quarantine, parts: await quarantine.corrections(head), settled, signal });
  return found.map(({ id, run, changed }) => {
    const ms = run === null ? undefined : timeOfId(run);
    return { flow: spec.flow, entity: spec.entity, id, columns: changed, run, at: ms === undefined ? null : new Date(ms).toISOString() };
  });
}
