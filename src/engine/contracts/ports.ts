import type { Clock } from '../../ports/clock.ts';
import type { Emit } from '../../ports/events.ts';
import type { Host } from '../../ports/host.ts';
import type { LruCache } from '../../ports/lru-cache.ts';
import type { Random } from '../../ports/random.ts';
import type { StateStore } from '../../ports/state.ts';
import type { Json } from '../../ports/values.ts';
import type { Closing } from './closing.ts';
import type { Home } from './home.ts';
import type { Plan } from './records.ts';
import type { EntitySpec } from './spec.ts';
import type { Store } from './store.ts';
import type { Wording } from './words.ts';

/** Everything outside the engine that a step may touch. Real in the CLI and the function app, simulated in tests. */
export interface EnginePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly host: Host;
  readonly state: StateStore;
  readonly emit: Emit;
  /** Puts facts into words, for events. Composed outside the engine: prose is no business of its. */
  readonly words: Wording;
  /** Bytes of frames in flight over the whole process: acquire before reading, give back when written. */
  readonly budget: { acquire(bytes: number, signal: AbortSignal): Promise<() => void> };
  /** Sees every transition tried on a state row; for the simulator's coverage and for `--verbose`. */
  readonly trace?: (phase: string, event: string, outcome: string) => void;
  /** An error that is not one of ours, whole: its stack is for `--verbose`. */
  readonly onDefect?: (error: unknown) => void;
  /** The version of hygge, for the journal. */
  readonly version: string;
  /** Which of the workspace's targets runs are for; absent: it has none. */
  readonly target?: string | undefined;
  /** What closeFlow tells and publishes; absent: nothing. */
  readonly closing?: Closing;
  /** The entity as the pinned config says; steps carry only its name. */
  entity(flow: string, entity: string): EntitySpec;
  /**
   * A step disposes of nothing that it gets here: `OpenSides` keeps one home and one store for an entity run in this process, and goes with it.
   * @param pinned what an earlier look at samples decided, `Description.pinned`. @param look `anew`: not one that has looked at the source before.
   */
  home(spec: EntitySpec, pinned: Json | null, look?: 'anew', stop?: AbortSignal): Promise<Home>;
  /** That `home` reads as one that is opened with `pinned`: whoever asks for that one later gets it. Absent: each is opened. */
  readonly keeps?: (spec: EntitySpec, pinned: Json | null, home: Home) => void;
  /** @param stop as `Opening` has it, of `home` too. */
  store(spec: EntitySpec, stop?: AbortSignal): Promise<Store>;
  /** The store that an intent names, whatever the config says now. */
  storeAt(spec: EntitySpec, place: Json): Promise<Store>;
  /** Where the above are kept open: how each is opened. */
  readonly opener?: Pick<EnginePorts, 'home' | 'store' | 'storeAt'>;
  /** The plans that slices of this process were cut from. They never change. Absent: each slice reads its own. */
  readonly plans?: LruCache<Promise<Plan>>;
}
