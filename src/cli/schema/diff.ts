import { realClock } from '../../adapters/real-clock.ts';
import { type RealPorts, withOwnSides } from '../../assembly/ports.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { readable } from '../../errors/readable.ts';
import { comparedClosing, comparedLines, notComparedLines, wouldStop } from '../../narrate/commands/schema-diff-lines.ts';
import type { Palette } from '../../narrate/text/palette.ts';
import { tellBroken } from '../select/broken-flows.ts';
import { lookingPorts, openChosen } from '../select/open-entities.ts';
import type { Filter } from '../select/selection.ts';
import { exit } from '../terminal/exit-code.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { compare, comparisonJson } from './compare.ts';

export interface SchemaDiffFlags extends CommonFlags, Filter {
  /** The entity in the argument. Undefined: all entities, or the entities that the filters name. */
}

interface DiffAnswer {
  readonly json: object;
  readonly lines: (palette: Palette) => readonly string[];
  readonly changed: boolean;
  readonly stopped: boolean;
}

/** `hygge schema diff`: shows the changes in the columns of sources, and their effect on a run. Exit 1: a run would stop. */
export async function schemaDiff(flags: SchemaDiffFlags, surroundings: Surroundings): Promise<number> {
  const clock = realClock();
  const { workspace, entities, broken } = await openChosen(flags, surroundings, clock);
  await using ports = await lookingPorts(workspace, surroundings, clock);
  const all: DiffAnswer[] = [];
  for (const spec of entities) all.push(await told(spec, ports));
  const stopped = all.filter((one) => one.stopped).length;
  const totals = { total: all.length, changed: all.filter((one) => one.changed).length, stopped };
  printAnswer(surroundings, flags, {
    rows: all.map(({ json }) => json),
    lines: (palette) => [...all.flatMap(({ lines }) => lines(palette)), ...comparedClosing(totals, palette)],
  });
  tellBroken(broken, surroundings, flags);
  return stopped + broken.length > 0 ? exit.failed : exit.ok;
}

/** The comparison of one entity, or its error. After an error, the other entities are still compared. */
async function told(spec: EntitySpec, ports: RealPorts): Promise<DiffAnswer> {
  try {
    const found = await withOwnSides(ports, (own) => compare(spec, own));
    const stopped = wouldStop(found.compared);
    return {
      json: comparisonJson(found, stopped),
      lines: (palette) => comparedLines(found.compared, palette),
      changed: found.compared.changes.length > 0,
      stopped,
    };
  } catch (error) {
    const details = readable(error).toDetails();
    const { flow, entity } = spec;
    const json = { flow, entity, stops: true, changes: [], error: details };
    return { json, lines: (palette) => notComparedLines({ flow, entity }, details, palette), changed: false, stopped: true };
  }
}
