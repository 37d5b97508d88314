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

/** Hashes each row of a frame by some of its columns. The hashes are in the frame’s order. */
export interface KeyHashing {
  /** Exact hashes: rows with different values have different hashes. */
  exact(frame: Frame, columns: readonly SummedColumn[]): Promise<BigInt64Array>;
  /** Folded hashes: values that a collation may treat as equal have the same hash. */
  folded(frame: Frame, columns: readonly SummedColumn[]): Promise<BigInt64Array>;
}

/** Hashes of 128 bits, made of the keys of rows. */
export interface WideHashing {
  /** Hashes of rows: see `wideHashes`. */
  words(frame: Frame, columns: readonly string[], seed: string): Promise<Uint32Array>;
  /** A text about how hashes are made. If two processes have the same text, equal keys have equal hashes in both. */
  looks(seed: string): Promise<string>;
  /** The canonical texts of these columns for each row, in the frame’s order. Null: the row has no value in the column. */
  texts(frame: Frame, columns: readonly string[]): Promise<readonly (readonly (string | null)[])[]>;
}

/** The functions by which the engine asks about the rows of frames. Another implementation of frames, such as the simulator’s, has its own functions. */
export interface FrameTools {
  readonly keys: KeyHashing;
  readonly wide: WideHashing;
  /** Separates rows by rules: rows that keep them, and rows that break them. */
  readonly judge: Judge;
  /** Why a rule does not fit the columns. Null: the rule fits the columns. */
  readonly ruleProblem: (rule: Rule, schema: Schema) => Promise<string | null> | string | null;
}

/** Everything outside of the engine that a step may use. In the CLI and the function app the ports are real, and in tests they are simulated. */
export interface EnginePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly host: Host;
  readonly state: StateStore;
  readonly emit: Emit;
  readonly frames: FrameTools;
  /** Puts facts into words, for events. This happens outside of the engine, because the engine has no texts for people. */
  readonly words: Wording;
  /** The process’s memory for frames, in bytes. A step acquires bytes before it reads a frame, and releases them after it has written the frame. */
  readonly budget: { acquire(bytes: number, signal: AbortSignal): Promise<() => void> };
  /** Called for every attempt to change a state row, so that the simulator can measure its coverage. */
  trace(phase: string, event: string, outcome: string): void;
  /** Called with an error that hygge itself did not make. `--verbose` shows the stack of the error. */
  onDefect(error: unknown): void;
  /** The version of hygge, which the journal records. */
  readonly version: string;
  /** The workspace’s target. Absent: the workspace has no targets. */
  readonly target?: string | undefined;
  /** What `closeFlow` reports and publishes. Absent: it reports and publishes nothing. */
  readonly closing?: Closing;
  /** Returns an entity of the pinned config. Steps know an entity only by its name. */
  entity(flow: string, entity: string): EntitySpec;
  /**
   * Opens a home. A step does not dispose of the home. `OpenSides` keeps one home and one store for an entity run in this process, and disposes of
   * both when the entity run ends.
   * @param pinned what an earlier look at samples decided, `SourceDescription.pinned`. @param look `anew`: returns a home that has not looked at the
   * source yet.
   */
  home(spec: EntitySpec, pinned: Json | null, look?: 'anew', stop?: AbortSignal): Promise<Home>;
  /** Opens a store. @param stop `Opening.stop`, as for `home`. */
  store(spec: EntitySpec, stop?: AbortSignal): Promise<Store>;
  /** Opens the store of an intent, regardless of the present config. */
  storeAt(spec: EntitySpec, place: Json): Promise<Store>;
  /** What the steps share. Present if the methods above share open homes and stores. */
  readonly sharing?: SharedSides;
  /** Calls `work` with a system that sums the rows of files by SQL, for a proof. Undefined: no system reads the format of the files. */
  withSumsOfFiles<T>(files: FilesOfRows, spec: EntitySpec, work: (sums: SumsOfFiles | undefined) => Promise<T>): Promise<T>;
  /** The mended rows that a replay of a file settles (`QuarantineLane.file`). Absent: the run replays no file. */
  readonly mended?: MendedRows;
}

/** What the steps of an entity run share in one process. */
export interface SharedSides {
  /** The methods that open new homes and stores, without sharing them. */
  readonly opener: Pick<EnginePorts, 'home' | 'store' | 'storeAt'>;
  /** Records that `home` reads exactly like a home that was opened with `pinned`. A later call of the port `home` with `pinned` then returns it. */
  keepHome(spec: EntitySpec, pinned: Json | null, home: Home): void;
  /** The plans of the slices that this process moves. They can be kept because a plan never changes. */
  readonly plans: LruCache<Promise<Plan>>;
  /** Whether the source still has the open group as it settled. One answer for each plan in `plans`. */
  readonly groups: LruCache<Promise<boolean>>;
}

/** What hygge reports and publishes at the end of a flow’s run. This is made outside of the engine, because the engine has no texts for people and no addresses. */
export interface Closing {
  /** Where notices of the flow are sent. Null: the flow sends no notices. */
  notify(flow: string): NotifySpec | null;
  /** Where the flow’s heartbeat is sent. Null: the flow has no heartbeat. */
  heartbeat(flow: string): HeartbeatSpec | null;
  /** Makes the body of a webhook’s request from a notice. */
  message(notice: Notice | WatchNotice, format: NoticeFormat): Json;
  readonly webhook: Webhook;
  /** The entity that publishes the journal. Null: the journal is not published. */
  readonly mirror: EntityKey | null;
  /**
   * Makes the report page of all flows, and publishes it. Called at the end of a flow’s run, maybe at the same time as in other processes. After each
   * call there is one complete page, and an older page never replaces a newer one. Throws if the page can’t be published. Null: the workspace has no
   * page.
   */
  readonly page: (() => Promise<PageResult>) | null;
}

export interface PageResult {
  /** What is missing on the page because it could not be read. Null: the page is complete. */
  readonly amiss: { readonly code: string; readonly what: string } | null;
}

/** The first fields of every event of a run: the time, and the ids of the run and of its entity. */
export function eventBase(ids: Pick<RunIds, 'invocationId' | 'runId' | 'flow' | 'entity'>, ports: EnginePorts) {
  return { v: 1 as const, ts: ports.clock.now(), invocation_id: ids.invocationId, run_id: ids.runId, flow: ids.flow, entity: ids.entity };
}
