import type { Connector, Opening } from '../engine/connector.ts';
import type { EnginePorts } from '../engine/ports.ts';
import type { EntitySpec } from '../engine/spec.ts';
import { ConfigError, DefectError } from '../errors/hygge-error.ts';
import type { Clock } from '../ports/clock.ts';
import type { Emit } from '../ports/events.ts';
import type { Random } from '../ports/random.ts';
import type { Json } from '../ports/values.ts';
import { findConnector } from '../registry.ts';
import type { Workspace } from '../workspace/load.ts';
import { openState, passingState } from './open-state.ts';
import { version } from './version.ts';

export interface RealPorts extends EnginePorts, AsyncDisposable {
  readonly opening: (spec: EntitySpec, pinned?: Json | null) => Opening;
}

/** Frames read and not yet written, over all entities. */
const bytesInFlight = 192 * 1024 * 1024;

/** The engine's ports on this machine: real clock, real disk, state in the workspace's own folder. */
export async function enginePorts(
  workspace: Workspace,
  given: {
    readonly clock: Clock;
    readonly random: Random;
    readonly emit: Emit;
    /** Gone with these ports, instead of the workspace's own. */
    readonly state?: 'thrown away';
  },
): Promise<RealPorts> {
  const [{ realHost }, { realScratch }, { ByteBudget }] = await Promise.all([
    import('../adapters/real-host.ts'),
    import('../adapters/real-scratch.ts'),
    import('../frames/budget.ts'),
  ]);
  const { clock, random, emit } = given;
  const host = realHost('hygge go');
  const scratch = realScratch({ host });
  const specs = new Map(workspace.flows.flatMap((flow) => flow.entities).map((spec) => [JSON.stringify([spec.flow, spec.entity]), spec]));
  const opening = (spec: EntitySpec, pinned: Json | null = null): Opening => {
    const { flow, entity, root } = spec;
    return { flow, entity, root, clock, random, scratch, pinned };
  };
  return {
    clock,
    random,
    emit,
    host,
    state: given.state === 'thrown away' ? await passingState(scratch) : await openState(workspace),
    budget: new ByteBudget(bytesInFlight),
    version,
    opening,
    entity(flow, entity) {
      const spec = specs.get(JSON.stringify([flow, entity]));
      if (spec !== undefined) return spec;
      throw new DefectError({ code: 'HYG-9001', what: `No entity ${flow}.${entity} in this run.`, tryThis: ['Report this'] });
    },
    home: async (spec, pinned) => (await side(spec, 'home')).open(spec.home.config, opening(spec, pinned)),
    store: async (spec) => (await side(spec, 'store')).open(spec.store.config, opening(spec)),
    storeAt: async (spec, place) => (await side(spec, 'store')).at(place, opening(spec)),
    [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
  };
}

/** One side of an entity's connector. The workspace has checked that it exists; an intent may name one that is gone since. */
export async function side<S extends 'home' | 'store'>(spec: EntitySpec, which: S): Promise<NonNullable<Connector[S]>> {
  const found = (await findConnector(spec[which].type))?.[which];
  if (found !== undefined && found !== null) return found;
  throw new ConfigError({
    code: 'HYG-1030',
    what: `There is no ${which} of type ${JSON.stringify(spec[which].type)}.`,
    tryThis: ['See what there is: hygge list connectors'],
    where: spec.where,
  });
}
