/**
 * All that orchestrators know of durable functions. Safe forms only (see docs/functions.md): plain calls, waves of calls, sub-orchestrations,
 * timers. Another version of the SDK is a change of this file alone.
 */
import type { Instant, Json } from '../src/ports/values.ts';

declare const task: unique symbol;
/** Something the SDK waits for; what an orchestrator yields. */
export interface Task {
  readonly [task]?: never;
}

/** A part of an orchestrator: used with `yield*`. It must do the same whenever it is replayed: no clock, no randomness, no ports. */
export type Course<T> = Generator<Task, T, unknown>;

export interface Call {
  readonly activity: string;
  readonly input: Json;
}

export interface Child {
  readonly orchestrator: string;
  readonly input: Json;
  /** Unique in the task hub; no `/ \ # ?`, under 100 characters. */
  readonly id: string;
}

/** What an orchestrator may do. */
export interface OrchestrationContext {
  readonly instance: string;
  readonly input: unknown;
  /** The same at every replay. */
  now(): Instant;
  /** Throws when the activity did. */
  call(call: Call): Course<unknown>;
  /** All at once; throws, once all have ended, when one did. */
  wave(calls: readonly Call[]): Course<readonly unknown[]>;
  child(child: Child): Course<unknown>;
  children(children: readonly Child[]): Course<readonly unknown[]>;
  until(at: Instant): Course<void>;
  /** Sets the instance's status, which requests can read; under 16 kB. */
  status(status: Json): void;
}

/** The part of the SDK's context that is used here. */
export interface SdkContext {
  readonly instanceId: string;
  readonly currentUtcDateTime: Date;
  getInput(): unknown;
  callActivity(name: string, input?: unknown): Task;
  callSubOrchestrator(name: string, input?: unknown, instanceId?: string): Task;
  createTimer(fireAt: Date): Task;
  setCustomStatus(status: unknown): void;
  readonly Task: { all(tasks: Task[]): Task };
}

export function durableOf(df: SdkContext): OrchestrationContext {
  const one = ({ orchestrator, input, id }: Child) => df.callSubOrchestrator(orchestrator, input, id);
  return {
    instance: df.instanceId,
    input: df.getInput(),
    now: () => df.currentUtcDateTime.toISOString(),
    *call({ activity, input }) {
      return yield df.callActivity(activity, input);
    },
    *wave(calls) {
      return yield* all(
        df,
        calls.map(({ activity, input }) => df.callActivity(activity, input)),
      );
    },
    *child(child) {
      return yield one(child);
    },
    *children(children) {
      return yield* all(df, children.map(one));
    },
    *until(at) {
      yield df.createTimer(new Date(at));
    },
    status: (status) => df.setCustomStatus(status),
  };
}

/** `Task.all` of nothing throws. */
function* all(df: SdkContext, tasks: Task[]): Course<readonly unknown[]> {
  return tasks.length === 0 ? [] : ((yield df.Task.all(tasks)) as readonly unknown[]);
}
