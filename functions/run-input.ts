import type { EntitySpec } from '../src/engine/contracts/spec.ts';
import type { ReplicationResult } from '../src/engine/verify/replication.ts';
import type { ErrorDetails } from '../src/ports/events.ts';
import type { Status, Tally } from '../src/ports/state.ts';
import { defined, type Instant, type Json } from '../src/ports/values.ts';
import type { WaitedFor } from './replication-input.ts';

/** The common input of all parts of a run: its identity, and its config version. Entities are passed as positions in that config. */
export interface RunInput {
  readonly invocation: string;
  readonly run: string;
  readonly flow: string;
  /** The pinned version of the config; `folder`: the config is a workspace on this machine’s disk, which is not pinned. */
  readonly config: string;
  /** The app that owns the run, `appName`; absent: an earlier release started the run. */
  readonly app?: string;
  /** UTC date of the run's start. */
  readonly date: string;
  readonly startedAt: Instant;
  /** During a pause, the run checks for stop requests. Absent: an earlier release started the run, and its timers stay unchanged. */
  readonly looks?: true;
  /** The config values from the request that started the run, by their path below the flow. */
  readonly vars?: Vars;
  readonly runType?: EntitySpec['runType'];
  /** The entities were found when the run began, and are stored with the state. Absent: the config names them. */
  readonly found?: 'run';
  /** The backfill of the run; absent: the run is a live run. */
  readonly backfill?: BackfillInput;
  /** The run only compares entities with their sources. */
  readonly verify?: VerifyInput;
  /** The run only waits for the replication of rows that an earlier run settled. */
  readonly replication?: WaitedFor;
}

/** The request of a comparison, as `VerifyRequest`. The request is passed to every step. */
export interface VerifyInput {
  /** The range as written in the request, without the value `to` itself. */
  readonly range: { readonly from: string; readonly to: string } | null;
  readonly columns: readonly string[] | null;
  readonly key: readonly string[] | null;
  readonly sample: number;
  readonly rows: number;
}

export type Vars = { readonly [path: string]: Json };

export interface BackfillInput {
  /** The range as written in the request, without the value `to` itself. */
  readonly from: string;
  readonly to: string;
  readonly chunk: string | null;
  /** Whether chunks that an earlier backfill has done are repeated. */
  readonly again: boolean;
}

/** The start input of a run of a flow. */
export interface FlowInput {
  readonly of: RunInput;
  /** Positions of entities, in the form of `rangesOf`. */
  readonly entities: string;
  /** Set for a run whose orchestration is gone: the outcome of the ended entities. The entities in `entities` are abandoned, then the run is reported. */
  readonly lost?: LaneOutcome;
}

/** One entity run. */
export interface EntityInput {
  readonly of: RunInput;
  /** The entity’s position in the flow’s list. */
  readonly n: number;
  /** The number of the chunk in a backfill, from 0. */
  readonly chunk?: number | undefined;
  /** The run compares keys, after the live run. */
  readonly compares?: true | undefined;
  /** The run compacts small files, after the live run. */
  readonly compacts?: true | undefined;
  /** If the run must wait for another system, it ends with `waits`, and continues outside its lane as a separate orchestration. */
  readonly leaves?: true | undefined;
  /** The position where the run continues after `waits`. */
  readonly wait?: EntityWait | undefined;
}

/** The identity of an entity run within a run, which every step gets. */
export function oneRun({ of, n, chunk, compares, compacts }: EntityInput): EntityInput {
  return { of, n, chunk, ...defined({ compares, compacts }) };
}

/** The position of an entity run that has left its lane, and when it began. */
export type EntityWait = { readonly at: Instant } & (
  | ({ readonly step: 'commit'; readonly plan: string; readonly receipts: readonly string[] } & StepWait)
  | ({ readonly step: 'replication'; readonly after: EntityOutcome } & StepWait)
  /** Whether the run waits before it reads, so that it continues after its lane. */
  | ({ readonly step: 'plan' } & StepWait)
  /** The run has waited, and now takes a turn of its lane for its follow-up runs. */
  | { readonly step: 'turn'; readonly after: EntityOutcome }
);

/** The position of a step that waits for another system, and the time to continue. */
export interface StepWait {
  readonly cursor: Json;
  readonly notBefore?: Instant | undefined;
}

/** The result of an entity run, in figures. */
export interface EntityOutcome {
  readonly status: Status;
  /** For the outcome `skip`: whether the run was never started. */
  readonly notStarted?: true;
  readonly rows: number;
  /** How many rows a backfill read; most of these rows replace themselves. Absent: the backfill read no rows, or an earlier release did not report the number. */
  readonly rowsRead?: number;
  readonly bytes: number;
  /** The chunks of a backfill; absent: another kind of run. */
  readonly series?: SeriesTold;
  /** Whether a comparison of keys must follow the live run. */
  readonly compareNext?: true;
  /** Whether a compaction must follow the live run. */
  readonly compactNext?: true;
  readonly error?: Pick<ErrorDetails, 'code' | 'what'>;
  /** Whether the config asks for a comparison after the run has settled. */
  readonly verify?: true;
  /** An earlier version used this key instead of `replicatesApart`: the entity waits inside its run. Recorded histories still contain the key. */
  readonly replicates?: true;
  /** Whether the config asks to wait until another system has applied the settled rows. The wait is a separate run, after all follow-up runs of the live run. */
  readonly replicatesApart?: true;
  /** Whether a wait for replication continues as a separate run. */
  readonly waitsApart?: true;
  /** The result of a wait for replication. `over`: the wait had ended on the board before. */
  readonly replication?: ReplicationResult | 'cancelled' | 'over';
  /** Set if the run has not ended, because it waits for another system or for its turn. */
  readonly waits?: EntityWait;
}

/** The chunks of a backfill, from the view of one chunk’s run. */
export interface SeriesTold {
  readonly chunks: number;
  /** The first chunk that an earlier backfill of the same range has not done. */
  readonly next: number;
}

/** The combined result of several entity runs. */
export interface LaneOutcome {
  readonly pass: number;
  readonly warn: number;
  readonly error: number;
  readonly skip: number;
  /** How many entities were not started; absent: all were started. */
  readonly notStarted?: number;
  readonly rows: number;
  readonly rowsRead?: number;
  readonly bytes: number;
  /** Positions of entities that settled rows, and of failed entities. */
  readonly settled: string;
  readonly failed: string;
  /** The first failed entity. */
  readonly first?: Pick<ErrorDetails, 'code' | 'what'>;
  /** How many waits for replication continue as separate runs. */
  readonly waitsApart?: number;
  /** The result of a wait for replication. */
  readonly replication?: EntityOutcome['replication'];
}

export const nothingYet: LaneOutcome = { pass: 0, warn: 0, error: 0, skip: 0, rows: 0, bytes: 0, settled: '', failed: '' };

/** How many entities have ended, with any result. */
export function countOf({ pass, warn, error, skip, notStarted = 0 }: LaneOutcome): number {
  return pass + warn + error + skip + notStarted;
}

/** The counts, as in the summary of a run. */
export function tallyIn({ pass, warn, error, skip, notStarted }: LaneOutcome): Tally {
  return { pass, warn, error, skip, ...defined({ not_started: notStarted }) };
}

/** Task ids of the app. The ids are fixed, because running work is found by these ids. */
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
