import { aroundHome } from '../../src/engine/contracts/home.ts';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';
import type { GoRequest } from '../../src/engine/drive/drive.ts';
import { HomeError } from '../../src/errors/hygge-error.ts';
import type { HyggeEvent } from '../../src/ports/events.ts';
import { type Simulated, simulated } from '../support/sim/at-once.ts';
import { MemoryState } from '../support/sim/memory-state.ts';

export interface Many {
  readonly ports: EnginePorts;
  readonly specs: readonly EntitySpec[];
  readonly events: HyggeEvent[];
  /** The largest number of entities that were being read at once. */
  readonly peak: () => number;
  /** Names of the entities that were read, in the order in which reading began. */
  readonly begun: string[];
}

/** Several entities, each with a source and a lake of its own, in one invocation. Those in `broken` can't be read. */
export function many(entities: readonly { readonly flow: string; readonly entity: string }[], broken: readonly string[] = []): Many {
  const worlds = new Map<string, Simulated>(entities.map(({ flow, entity }) => [`${flow}.${entity}`, simulated()]));
  const begun: string[] = [];
  const events: HyggeEvent[] = [];
  let reading = 0;
  let peak = 0;
  const specs = entities.map(({ flow, entity }): EntitySpec => ({ ...of(worlds, { flow, entity }).world.spec, flow, entity }));
  const [first] = worlds.values();
  if (!first) throw new Error('no entity');
  const ports: EnginePorts = {
    ...first.ports,
    state: new MemoryState(),
    emit: (event) => void events.push(event),
    entity: (flow, entity) => {
      const spec = specs.find((each) => each.flow === flow && each.entity === entity);
      if (!spec) throw new Error(`no entity ${flow}.${entity}`);
      return spec;
    },
    home: async (spec, pinned) => {
      const home = await of(worlds, spec).ports.home(spec, pinned);
      return {
        ...aroundHome(home),
        async describe(cursor) {
          begun.push(spec.entity);
          reading++;
          peak = Math.max(peak, reading);
          // Several turns, so that entities that may run beside this one get the chance.
          for (let turn = 0; turn < 50; turn++) await Promise.resolve();
          reading--;
          if (broken.includes(spec.entity)) throw unreadable(spec.entity);
          return home.describe(cursor);
        },
      };
    },
    store: (spec) => of(worlds, spec).ports.store(spec),
    storeAt: (spec, place) => of(worlds, spec).ports.storeAt(spec, place),
  };
  return { ports, specs, events, peak: () => peak, begun };
}

function of(worlds: ReadonlyMap<string, Simulated>, { flow, entity }: { flow: string; entity: string }): Simulated {
  const found = worlds.get(`${flow}.${entity}`);
  if (!found) throw new Error(`no world for ${flow}.${entity}`);
  return found;
}

function unreadable(entity: string): HomeError {
  return new HomeError({ code: 'HYG-3001', what: `${entity} can't be read.`, tryThis: ['Look at it'] });
}

export function goRequest(specs: readonly EntitySpec[], change: Partial<GoRequest> = {}): GoRequest {
  return {
    entities: specs,
    invocationId: 'inv',
    workspace: 'simulated',
    concurrency: 4,
    flowConcurrency: {},
    continueOnError: false,
    runType: null,
    wait: false,
    takeOver: false,
    signal: new AbortController().signal,
    ...change,
  };
}
