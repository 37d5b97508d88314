/** Limits how many reads and writes over a named connection happen at once, over all entities. */
import { Semaphore } from '../../ports/semaphore.ts';
import type { ConnectionSpec, EntitySpec } from '../contracts/spec.ts';

type Sides = Pick<EntitySpec, 'home' | 'store'>;

export interface SideUse {
  readonly reads: boolean;
  readonly writes: boolean;
}

/** One object for all entities of an invocation. In a function app: for all runs of a process. */
export class ConnectionLimits {
  readonly #semaphores = new Map<string, Semaphore>();

  /**
   * Runs work that reads from the home, writes to the store, or both. It always waits for its read first, and then for its write. So work that has
   * its read and waits for its write can only be waiting for work that has both. @param signal if it aborts during the wait, its reason is thrown.
   */
  run<T>({ home, store }: Sides, does: SideUse, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const writing = () => this.#within(does.writes ? store.connection : undefined, 'maxWrites', { work, signal });
    return this.#within(does.reads ? home.connection : undefined, 'maxReads', { work: writing, signal });
  }

  #within<T>(
    connection: ConnectionSpec | undefined,
    what: 'maxReads' | 'maxWrites',
    { work, signal }: { readonly work: () => Promise<T>; readonly signal: AbortSignal | undefined },
  ): Promise<T> {
    const most = connection?.[what] ?? null;
    if (connection === undefined || most === null) return work();
    // The limit is part of the key, because a config that was pushed meanwhile may have another limit.
    const key = JSON.stringify([connection.type, connection.name, what, most]);
    const semaphore = this.#semaphores.get(key) ?? new Semaphore(most);
    this.#semaphores.set(key, semaphore);
    return semaphore.run(work, signal);
  }
}

/** How many slices of these entities may move at once, whatever slices they are. Null: any number. */
export function mostSlicesAtOnce(entities: readonly Sides[]): number | null {
  const caps = entities.flatMap(({ home, store }) => [home.connection?.maxReads ?? null, store.connection?.maxWrites ?? null]);
  const known = caps.filter((cap) => cap !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/**
 * How many lanes of entities run at once, and how many slices in each lane, if the lanes know nothing about each other. All lanes together stay
 * within the limits of the flow’s connections.
 */
export function lanesWithinLimits(
  entities: readonly Sides[],
  lanes: number,
): { readonly lanes: number; readonly slicesPerLane: number | null } {
  const most = mostSlicesAtOnce(entities);
  if (most === null) return { lanes, slicesPerLane: null };
  const fewer = Math.min(lanes, most);
  return { lanes: fewer, slicesPerLane: Math.floor(most / fewer) };
}
