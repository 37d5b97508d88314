import type { EntitySpec } from '../src/engine/contracts/spec.ts';
import type { ReplicationResult } from '../src/engine/verify/replication.ts';
import type { ErrorDetails } from '../src/ports/events.ts';
import type { Status, Tally } from '../src/ports/state.ts';
import { defined, type Instant, type Json } from '../src/ports/values.ts';
import type { WaitedFor } from './replication-input.ts';

/** What every part of a run carries: who it is, and the config it began with. Names of entities are in that config, so they travel as positions. */
export interface RunInput {
  readonly invocation: string;
  readonly run: string;
  readonly flow: string;
  /** The version of the config that is pinned; `folder`: a workspace on this machine's disk, which is not. */
  readonly config: string;
  /** The app whose run it is, `appName`; absent: it was begun by a release that did not say. */
  readonly app?: string;
  /** UTC date of the run's start. */
  readonly date: string;
  readonly startedAt: Instant;
  /** During a pause, requests to stop are looked for. Absent: an earlier release began it, and its timers stay unchanged. */
  readonly looks?: true;
  /** The values of the request that started the run, by path below the flow. */
  readonly vars?: Vars;
  readonly runType?: EntitySpec['runType'];
  /** Its entities were found when it began, and are kept with the state. Absent: the config names them. */
  readonly found?: 'run';
  /** Absent: a live run. */
  readonly backfill?: BackfillInput;
  /** The run compares entities with their sources, and moves nothing. */
  readonly verify?: VerifyInput;
  /** The run only waits for the replication of what an earlier run settled. */
  readonly replication?: WaitedFor;
}

/** What a comparison was asked for, as `VerifyRequest`. It travels with every step. */
export interface VerifyInput {
  /** As written; `to` is not in it. */
  readonly range: { readonly from: string; readonly to: string } | null;
  readonly columns: readonly string[] | null;
  readonly key: readonly string[] | null;
  readonly sample: number;
  readonly rows: number;
}

export type Vars = { readonly [path: string]: Json };

export interface BackfillInput {
  /** As written; `to` is not in it. */
  readonly from: string;
  readonly to: string;
  readonly chunk: string | null;
  /** Chunks that an earlier backfill has done are done again. */
  readonly again: boolean;
}

/** A run of a flow, as its orchestrator is started with. */
export interface FlowInput {
  readonly of: RunInput;
  /** Positions, `rangesOf`. */
  readonly entities: string;
  /** The outcome of the entities that have ended, of a run whose orchestration is gone. `entities` are given up, and the run is reported. */
  readonly lost?: LaneOutcome;
}

/** One entity run. */
export interface EntityInput {
  readonly of: RunInput;
  /** Its position in the flow's list. */
  readonly n: number;
  /** Of a backfill, from 0. */
  readonly chunk?: number | undefined;
  /** It compares keys, after the live run. */
  readonly compares?: true | undefined;
  /** It puts small files together, after the live run. */
  readonly compacts?: true | undefined;
  /** Instead of waiting for another system the run ends with `waits`, and continues beside its lane, as an orchestration of its own. */
  readonly leaves?: true | undefined;
  /** Where it continues after that. */
  readonly wait?: EntityWait | undefined;
}

/** What tells an entity run from the others of a run, as every step of it is given it. */
export function oneRun({ of, n, chunk, compares, compacts }: EntityInput): EntityInput {
  return { of, n, chunk, ...defined({ compares, compacts }) };
}

/** Where an entity run is that has left its lane, and when it began. */
export type EntityWait = { readonly at: Instant } & (
  | ({ readonly step: 'commit'; readonly plan: string; readonly receipts: readonly string[] } & StepWait)
  | ({ readonly step: 'replication'; readonly after: EntityOutcome } & StepWait)
  /** It waits before it reads, so it continues behind its lane. */
  | ({ readonly step: 'plan' } & StepWait)
  /** It has waited, and takes a turn of its lane for the runs that follow it. */
  | { readonly step: 'turn'; readonly after: EntityOutcome }
);

/** A step that waits for another system: where it continues, and when. */
export interface StepWait {
  readonly cursor: Json;
  readonly notBefore?: Instant | undefined;
}

/** How an entity run ended, in figures. */
export interface EntityOutcome {
  readonly status: Status;
  /** Of a `skip`: it was never started. */
  readonly notStarted?: true;
  readonly rows: number;
  /** Of what a backfill reads most replaces itself; absent: nothing was read, or an earlier release did not say. */
  readonly rowsRead?: number;
  readonly bytes: number;
  /** Of a backfill. */
  readonly series?: SeriesTold;
  /** Of a live run: a comparison of keys is due. */
  readonly compareNext?: true;
  /** Of a live run: a compaction is due. */
  readonly compactNext?: true;
  readonly error?: Pick<ErrorDetails, 'code' | 'what'>;
  /** The config wants a comparison now that the run has settled. */
  readonly verify?: true;
  /** The same as `replicatesApart`, of an earlier version: the entity waits within its run. Recorded histories have it. */
  readonly replicates?: true;
  /** The config wants to wait until another system has taken over what settled: as a run of its own, once all that follows the live run has ended. */
  readonly replicatesApart?: true;
  /** A wait for replication continues as a run of its own. */
  readonly waitsApart?: true;
  /** What a wait for replication found. `over`: the wait had ended on the board before. */
  readonly replication?: ReplicationResult | 'cancelled' | 'over';
  /** It has not ended: it waits for another system, or for its turn. */
  readonly waits?: EntityWait;
}

/** A backfill's chunks, as a run of one of them finds them. */
export interface SeriesTold {
  readonly chunks: number;
  /** The first that an earlier backfill of the same range has not done. */
  readonly next: number;
}

/** How several entity runs ended. */
export interface LaneOutcome {
  readonly pass: number;
  readonly warn: number;
  readonly error: number;
  readonly skip: number;
  /** Absent: all were started. */
  readonly notStarted?: number;
  readonly rows: number;
  readonly rowsRead?: number;
  readonly bytes: number;
  /** Positions of entities that settled something, and of those that failed. */
  readonly settled: string;
  readonly failed: string;
  /** The first that failed. */
  readonly first?: Pick<ErrorDetails, 'code' | 'what'>;
  /** How many waits for replication continue as runs of their own. */
  readonly waitsApart?: number;
  /** The result of a wait for replication. */
  readonly replication?: EntityOutcome['replication'];
}

export const nothingYet: LaneOutcome = { pass: 0, warn: 0, error: 0, skip: 0, rows: 0, bytes: 0, settled: '', failed: '' };

/** Entities that are through, however they ended. */
export function countOf({ pass, warn, error, skip, notStarted = 0 }: LaneOutcome): number {
  return pass + warn + error + skip + notStarted;
}

/** The counts, as the summary of a run has them. */
export function tallyIn({ pass, warn, error, skip, notStarted }: LaneOutcome): Tally {
  return { pass, warn, error, skip, ...defined({ not_started: notStarted }) };
}

/** Task ids of the app: fixed, because what is in flight is known by them. */
export const activities = {
  planFlow: 'hygge-plan-flow',
  planEntity: 'hygge-plan-entity',
  moveSlice: 'hygge-move-slice',
  recordSlices: 'hygge-record-slices',
  commitEntity: 'hygge-commit-entity',
  abandonEntity: 'hygge-abandon-entity',
  verifyEntity: 'hygge-verify-entity',
  awaitReplication: 'hygge-await-replication',
  replicateApart: 'hygge-replicate-apart',
  look: 'hygge-look',
  closeFlow: 'hygge-close-flow',
} as const;

export const orchestrators = {
  flow: 'hygge-flow',
  lane: 'hygge-lane',
  entity: 'hygge-entity',
  slices: 'hygge-slices',
  backfill: 'hygge-backfill',
  verify: 'hygge-verify',
  replication: 'hygge-replication',
} as const;
