import type { HistoryEvent, RuntimeStatus } from './durable-protocol.ts';
import type { Largest } from './hub.ts';
import type { Violation } from './rules.ts';
import type { Answered } from './turn.ts';
import type { WorkerFault } from './worker-faults.ts';

export interface HostOptions {
  readonly app: string;
  /** App settings: the environment of the app. */
  readonly settings: Readonly<Record<string, string>>;
  /** Journal and log lie here. */
  readonly folder: string;
  readonly workers: number;
  readonly activities: number;
  readonly delivery: 'once' | 'twice';
  readonly clock: 'jump' | 'held';
  /** Of functions. */
  readonly key: string;
}

/** Ends the host at one exact record of its journal. */
export interface HostFault {
  /** Counts from 1, from the moment it is armed. */
  readonly atRecord: number;
  readonly when: 'before' | 'after';
}

export interface InstanceView {
  readonly id: string;
  readonly name: string;
  readonly parent: string | null;
  readonly status: RuntimeStatus;
  readonly input: unknown;
  readonly output: unknown;
  readonly customStatus: unknown;
  readonly history: readonly HistoryEvent[];
}

export interface Stats {
  readonly activities: number;
  /** Bytes. */
  readonly largestInput: number;
  readonly largestOutput: number;
  /** Since a fault was armed: writes of a worker, records of the journal. */
  readonly writes: number;
  readonly records: number;
  /** Workers that took the place of others. */
  readonly replaced: number;
  readonly largestHistories: readonly Largest[];
}

/** What a test may ask of a host. Each is answered in the order that it comes true. */
export interface HostCalls {
  fireTimer(name: string): null;
  advance(ms: number): null;
  instance(id: string): InstanceView | null;
  instances(): readonly Omit<InstanceView, 'history'>[];
  /** Forgets an instance that has ended. */
  purge(id: string): null;
  /** Answers when it has ended. */
  ended(id: string): InstanceView;
  /** One replay by the worker, of whatever history; nothing comes of it. */
  replay(orchestrator: string, triggerInput: string): Answered;
  /** Answers when there is nothing to do. */
  idle(): null;
  /** Activities of these names start only so many times from now on, until the next call of this. */
  hold(names: Readonly<Record<string, number>>): null;
  stats(): Stats;
  armWorker(worker: number, fault: WorkerFault | null): null;
  armHost(fault: HostFault | null): null;
  /** Wakes workers that were halted; answers how what they had begun came out, an error message or null for each. */
  wake(): readonly (string | null)[];
}

export type CallName = keyof HostCalls;

export type ToHost = { readonly n: number; readonly call: CallName; readonly given: readonly unknown[] };

export type FromHost =
  | { readonly is: 'listening'; readonly origin: string }
  | { readonly is: 'failed'; readonly message: string }
  | { readonly is: 'answer'; readonly n: number; readonly value: unknown }
  | { readonly is: 'refused'; readonly n: number; readonly message: string }
  | { readonly is: 'violation'; readonly violation: Violation }
  /** Its workers ended too often: it ends as well. */
  | { readonly is: 'recycling' }
  | { readonly is: 'halted'; readonly pid: number };
