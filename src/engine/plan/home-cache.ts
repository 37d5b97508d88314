/** The homes at work in this process: what planning or one slice learned of a file (its footer) the next need not ask for again. */
import { LruCache } from '../../ports/lru-cache.ts';
import type { Json } from '../../ports/values.ts';
import type { Home } from '../contracts/contracts.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { Plan } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';

const atWork = new WeakMap<EnginePorts, LruCache<Promise<Home>>>();
const mostAtWork = 64;

type Of = Pick<Plan, 'run' | 'lineage' | 'epoch'>;

/** The home that a plan's slices are read from. */
export function homeOf(ports: EnginePorts, spec: EntitySpec, plan: Plan): Promise<Home> {
  return homesOf(ports).get(keyOf(spec, plan, plan.pinned), () => ports.home(spec, plan.pinned));
}

/** The home that a plan was made with serves its slices too, unless they are to be read otherwise: `pinned` is what it was opened with. */
export function keepHome(ports: EnginePorts, spec: EntitySpec, of: Of & { readonly home: Home; readonly pinned: Json | null }): void {
  homesOf(ports).set(keyOf(spec, of, of.pinned), Promise.resolve(of.home));
}

function homesOf(ports: EnginePorts): LruCache<Promise<Home>> {
  const homes = atWork.get(ports) ?? new LruCache<Promise<Home>>(mostAtWork);
  atWork.set(ports, homes);
  return homes;
}

function keyOf({ flow, entity }: EntitySpec, { run, lineage, epoch }: Of, pinned: Json | null): string {
  return JSON.stringify([flow, entity, run, lineage, epoch, pinned]);
}
