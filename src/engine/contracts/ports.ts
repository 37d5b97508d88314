import type { Rule } from '../../frames/rules/rule.ts';
import type { Schema } from '../../frames/schema.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Emit } from '../../ports/events.ts';
import type { Host } from '../../ports/host.ts';
import type { LruCache } from '../../ports/lru-cache.ts';
import type { Random } from '../../ports/random.ts';
import type { StateStore } from '../../ports/state.ts';
import type { EntityKey, Json } from '../../ports/values.ts';
import type { HeartbeatSpec, Notice, NoticeFormat, NotifySpec, WatchNotice, Webhook } from '../../ports/webhook.ts';
import type { Frame } from './frame.ts';
import type { FilesOfRows, Home } from './home.ts';
import type { Plan, RunIds } from './records.ts';
import type { MendedRows } from './replacing.ts';
import type { SummedColumn, SumsOfFiles } from './row-sums.ts';
import type { EntitySpec } from './spec.ts';
import type { Store } from './store.ts';
import type { Judge } from './validation.ts';
import type { Wording } from './words.ts';

/** Hashes of each row of a frame by some of its columns, in the frame's order. */
export interface KeyHashing {
  /** Rows with different values have different hashes. */
  exact(frame: Frame, columns: readonly SummedColumn[]): Promise<BigInt64Array>;
  /** Values that a collation may take for the same have the same hash. */
  folded(frame: Frame, columns: readonly SummedColumn[]): Promise<BigInt64Array>;
}

/** Hashes of 128 bits. */
export interface WideHashing {
  /** See `wideHashes`. */
  words(frame: Frame, columns: readonly string[], seed: string): Promise<Uint32Array>;
  /** A text that is equal in two processes if their hashes of equal keys are equal. */
  looks(seed: string): Promise<string>;
  /** For each row, in the frame's order, the canonical texts of these columns; null: the value is null. */
  texts(frame: Frame, columns: readonly string[]): Promise<readonly (readonly (string | null)[])[]>;
}

/** What the engine asks about the rows of frames. Other implementations of frames, such as the simulator's, come with tools of their own. */
export interface FrameTools {
  readonly keys: KeyHashing;
  readonly wide: WideHashing;
  /** Separates rows by rules. */
  readonly judge: Judge;
  /** Why a rule does not fit the columns; null: it fits. */
  readonly ruleProblem: (rule: Rule, schema: Schema) => Promise<string | null> | string | null;
}

/** Everything outside of the engine that a step may use. The ports are real in the CLI and the function app, and simulated in tests. */
export interface EnginePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly host: Host;
  readonly state: StateStore;
  readonly emit: Emit;
  readonly frames: FrameTools;
  /** Puts facts into words, for events. The wording is made outside of the engine, which has no prose. */
  readonly words: Wording;
  /** The process's memory for frames, in bytes. A step acquires bytes before it reads, and releases them after it has written. */
  readonly budget: { acquire(bytes: number, signal: AbortSignal): Promise<() => void> };
  /** Called for every attempted transition of a state row, for the simulator's coverage. */
  trace(phase: string, event: string, outcome: string): void;
  /** Called with an error that hygge did not make, whose stack `--verbose` shows. */
  onDefect(error: unknown): void;
  /** The version of hygge, for the journal. */
  readonly version: string;
  /** The workspace's target; absent: the workspace has none. */
  readonly target?: string | undefined;
  /** What `closeFlow` reports and publishes; absent: nothing. */
  readonly closing?: Closing;
  /** Returns an entity of the pinned config. Steps carry only its name. */
  entity(flow: string, entity: string): EntitySpec;
  /**
   * Opens a home. A step does not dispose of it: `OpenSides` keeps one home and one store for an entity run in this process, and is disposed of with it.
   * @param pinned what an earlier look at samples decided, `SourceDescription.pinned`. @param look `anew`: a home that has not looked at the source yet.
   */
  home(spec: EntitySpec, pinned: Json | null, look?: 'anew', stop?: AbortSignal): Promise<Home>;
  /** Opens a store. @param stop `Opening.stop`, as for `home`. */
  store(spec: EntitySpec, stop?: AbortSignal): Promise<Store>;
  /** Opens the store of an intent, regardless of the present config. */
  storeAt(spec: EntitySpec, place: Json): Promise<Store>;
  /** Present if the methods above share open homes and stores. */
  readonly sharing?: SharedSides;
  /** Calls `work` with a system that sums the rows of files by SQL, for a proof. Undefined: no system reads the format. */
  withSumsOfFiles<T>(files: FilesOfRows, spec: EntitySpec, work: (sums: SumsOfFiles | undefined) => Promise<T>): Promise<T>;
  /** The rows that a replay of a file settles (`QuarantineLane.file`). Absent: the run has no such file. */
  readonly mended?: MendedRows;
}

/** What the steps of an entity run share in one process. */
export interface SharedSides {
  /** The three methods that open homes and stores, without sharing. */
  readonly opener: Pick<EnginePorts, 'home' | 'store' | 'storeAt'>;
  /** Records that `home` reads exactly like a home opened with `pinned`, so that a later call of `home` with `pinned` returns it. */
  keepHome(spec: EntitySpec, pinned: Json | null, home: Home): void;
  /** The plans of the slices that this process moves. A plan never changes. */
  readonly plans: LruCache<Promise<Plan>>;
  /** For each plan in `plans`: whether the source still has the open group as it settled. */
  readonly groups: LruCache<Promise<boolean>>;
}

/** What hygge reports and publishes at the end of a flow's run. It is made outside of the engine, which has no prose and no addresses. */
export interface Closing {
  /** Where notices of the flow are sent; null: nowhere. */
  notify(flow: string): NotifySpec | null;
  /** Where the flow's heartbeat goes; null: nowhere. */
  heartbeat(flow: string): HeartbeatSpec | null;
  /** Makes the body that a webhook accepts from a notice. */
  message(notice: Notice | WatchNotice, format: NoticeFormat): Json;
  readonly webhook: Webhook;
  /** The entity that publishes the journal; null: the journal is not published. */
  readonly mirror: EntityKey | null;
  /**
   * Makes the report page of all flows, and publishes it. Called at the end of a flow's run, at the same time as other calls in this and other processes.
   * Each call leaves one complete page, and never replaces a newer page by an older one. Throws if the page can't be published. Null: there is no
   * page.
   */
  readonly page: (() => Promise<PageResult>) | null;
}

export interface PageResult {
  /** What could not be read and is missing on the page; null: the page is complete. */
  readonly amiss: { readonly code: string; readonly what: string } | null;
}

/** The first fields of every event of a run: its time, and which run of which entity it is about. */
export function eventBase(ids: Pick<RunIds, 'invocationId' | 'runId' | 'flow' | 'entity'>, ports: EnginePorts) {
  return { v: 1 as const, ts: ports.clock.now(), invocation_id: ids.invocationId, run_id: ids.runId, flow: ids.flow, entity: ids.entity };
}
