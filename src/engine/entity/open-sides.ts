/** The home, the store and the plans that an entity run has open in one process. */
import { LruCache } from '../../ports/lru-cache.ts';
import type { Json } from '../../ports/values.ts';
import type { Home } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { Plan } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Store } from '../contracts/store.ts';

type Opener = Pick<EnginePorts, 'home' | 'store' | 'storeAt'>;

/** How many plans are kept. A plan may be made again, and then the earlier plan is not needed any more. */
const mostPlans = 4;

/**
 * Homes and stores of one entity run, opened at first use and disposed of together. Steps that run at the same time share them. A home is opened
 * again in two cases: it has to look at the source again, or the plan has pinned how the source is read. The previous home stays open to the end,
 * since a slice may still be reading from it.
 */
export class OpenSides implements AsyncDisposable {
  readonly #plans = new LruCache<Promise<Plan>>(mostPlans);
  readonly #groups = new LruCache<Promise<boolean>>(mostPlans);
  readonly #current = new Map<string, Promise<Home | Store>>();
  readonly #opened = new Set<Promise<AsyncDisposable>>();
  readonly #homes = new Set<Promise<AsyncDisposable>>();
  #ended = false;

  /** The ports of the run, changed so that they return the homes and stores that are open here. */
  over(ports: EnginePorts, stop?: AbortSignal): EnginePorts {
    const from: Opener = ports.sharing?.opener ?? ports;
    const opener: Opener =
      stop === undefined
        ? from
        : {
            storeAt: from.storeAt,
            home: (spec, pinned) => from.home(spec, pinned, undefined, stop),
            store: (spec) => from.store(spec, stop),
          };
    return {
      ...ports,
      sharing: {
        opener,
        keepHome: (spec, pinned, home) => this.#current.set(keyOf('home', spec, pinned), Promise.resolve(home)),
        plans: this.#plans,
        groups: this.#groups,
      },
      home: (spec, pinned, look) => this.#home(opener, { spec, pinned, look }),
      store: (spec) => this.#kept(keyOf('store', spec), () => opener.store(spec)),
      storeAt: (spec, place) => this.#storeAt(opener, spec, place),
    };
  }

  /** Ends reading, so that the home releases its locks on tables and other resources. Then any writer may alter the tables, including the commit of this run. */
  async endReading(): Promise<void> {
    const homes = [...this.#homes];
    this.#homes.clear();
    for (const key of [...this.#current.keys()]) if (key.startsWith(keysOf('home'))) this.#current.delete(key);
    for (const opening of homes) this.#opened.delete(opening);
    await closed(homes);
  }

  #home(opener: Opener, { spec, pinned, look }: { spec: EntitySpec; pinned: Json | null; look: 'anew' | undefined }): Promise<Home> {
    const key = keyOf('home', spec, pinned);
    if (look === 'anew') this.#current.delete(key);
    const home = this.#kept(key, () => opener.home(spec, pinned));
    // A home that was kept under another key is not opened, so it is not added again.
    if (this.#opened.has(home)) this.#homes.add(home);
    return home;
  }

  /** Opens the store of an intent. Most intents name the same destination as the config, so the store that is already open is used. */
  async #storeAt(opener: Opener, spec: EntitySpec, place: Json): Promise<Store> {
    const wanted = canonical(place);
    const open = await (this.#current.get(keyOf('store', spec)) as Promise<Store> | undefined)?.catch(() => undefined);
    if (open !== undefined && canonical(open.place) === wanted) return open;
    return this.#kept(keyOf('store at', spec, wanted), () => opener.storeAt(spec, place));
  }

  #kept<T extends Home | Store>(key: string, open: () => Promise<T>): Promise<T> {
    const known = this.#current.get(key) as Promise<T> | undefined;
    if (known !== undefined) return known;
    if (this.#ended) throw new Error('an entity run opens a home or store after its end');
    const opening = open();
    this.#current.set(key, opening);
    this.#opened.add(opening);
    opening.catch(() => {
      this.#opened.delete(opening);
      if (this.#current.get(key) === opening) this.#current.delete(key);
    });
    return opening;
  }

  /** A home or store that can’t be closed is left open, because the outcome of the run is already decided. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    const opened = [...this.#opened];
    this.#opened.clear();
    this.#current.clear();
    await closed(opened);
  }
}

const closed = (opened: readonly Promise<AsyncDisposable>[]): Promise<unknown> =>
  Promise.allSettled(opened.map(async (opening) => (await opening)[Symbol.asyncDispose]()));

type SideKind = 'home' | 'store' | 'store at';

function keyOf(what: SideKind, { flow, entity }: EntitySpec, more: Json = null): string {
  return `${keysOf(what)}${JSON.stringify([flow, entity, more])}`;
}

const keysOf = (what: SideKind): string => `${what}: `;

/** JSON with its keys in order. The state may have kept the keys in another order. */
function canonical(value: Json): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  );
}
