import { resolve } from 'node:path';
import { realClock } from '../../adapters/real-clock.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { enginePorts } from '../../assembly/ports.ts';
import type { EnginePorts } from '../../engine/contracts/ports.ts';
import { tryOutOpening } from '../../narrate/copy-lines.ts';
import { warningText } from '../../narrate/finding-lines.ts';
import { slashed } from '../../workspace/read/find.ts';
import { isUrl } from '../../workspace/sides/paths.ts';
import { endingAfter } from '../inspect/first-rows.ts';
import { choose } from '../select/chosen-flows.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import { openOutput } from '../terminal/output.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';
import { type GoFlags, goWith } from './go.ts';
import { placesFor } from './try-out-places.ts';

/**
 * `hygge go --limit N --to DIR`: the engine itself, with homes that end after N rows, a folder in place of every store, and a state that is
 * thrown away. Neither the state nor the configured stores are opened.
 */
export async function tryOut(flags: GoFlags, surroundings: Surroundings): Promise<number> {
  const { limit, to } = mustBeWhole(flags);
  const clock = realClock();
  const opened = await openWorkspace(flags, surroundings, { now: clock.now(), vars: flags.var, tolerant: true });
  const directory = slashed(resolve(surroundings.directory, to));
  const { workspace, entities: chosen, broken } = choose(opened, flags);
  const unusable = opened.unusable.flatMap((flow) => flow.entities.flatMap(({ spec }) => spec ?? []));
  const everyone = [...opened.flows.flatMap((flow) => flow.entities), ...unusable];
  const entities = await placesFor(chosen, { directory, shown: to, everyone });
  const random = realRandom();
  const tried = { limit, directory: to };
  const output = openOutput(surroundings, flags, {
    clock,
    invocationId: random.id(),
    dryRun: false,
    entities: entities.length,
    tryOut: tried,
  });
  const flows = workspace.flows.map((flow) => ({ ...flow, entities: entities.filter((spec) => spec.flow === flow.name) }));
  const standIn = { ...workspace, flows };
  try {
    await using real = await enginePorts(standIn, {
      clock,
      random,
      emit: output.emit,
      network: surroundings.network,
      state: 'thrown away',
    });
    const ports: EnginePorts = { ...real, home: async (spec, pinned) => endingAfter(await real.home(spec, pinned), limit) };
    for (const warning of workspace.warnings) output.say({ event: 'warning', message: warningText(warning) });
    output.say({ event: 'warning', message: tryOutOpening(tried) });
    return await goWith({ flags: { ...flags, fullDrop: true }, workspace: standIn, entities, broken, ports, output, surroundings });
  } finally {
    output.close();
  }
}

function mustBeWhole(flags: GoFlags): { readonly limit: number; readonly to: string } {
  const { limit, to } = flags;
  const whole = 'hygge go --limit 100 --to try-out';
  if (limit === undefined || to === undefined) {
    const [given, lacking] = limit === undefined ? ['--to', '--limit'] : ['--limit', '--to'];
    const why =
      limit === undefined
        ? 'A try-out needs to know how many rows of each entity it may take.'
        : 'A part of the rows must not settle in the real store, as if it were all of them.';
    throw unreadable(`${given} goes with ${lacking}: together they are a try-out.`, [whole], [why]);
  }
  const others = Object.entries({
    '--dry-run': flags.dryRun,
    '--incremental': flags.incremental,
    '--full-drop': flags.fullDrop,
    '--wait': flags.wait,
    '--take-over': flags.takeOver,
  });
  const [other] = others.find(([, given]) => given) ?? [];
  if (other !== undefined)
    throw unreadable(`${other} means nothing in a try-out.`, [whole], ['A try-out reads from the beginning and touches no state.']);
  if (isUrl(to))
    throw unreadable(
      '--to takes a folder of this machine, and this is a URL.',
      [whole],
      ['A try-out is there to be looked at, and thrown away.'],
    );
  if (to.trim() === '') throw unreadable('--to needs the name of a folder.', [whole]);
  return { limit, to };
}
