/**
 * The features of durable functions that orchestrators use. Only safe features (see docs/functions.md): plain calls, waves of calls, sub-orchestrations,
 * timers. A new version of the SDK changes only this file.
 */
import type { Instant, Json } from '../src/ports/values.ts';

declare const task: unique symbol;
/** A task of the SDK, which an orchestrator yields. */
export interface Task {
  readonly [task]?: never;
}

/** A part of an orchestrator, used with `yield*`. Every replay must give the same result, so its code uses no clock, randomness or ports. */
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

/** The result of a child: its answer, or its error. */
export type ChildEnd = { readonly done: unknown } | { readonly error: unknown };

/** The operations that an orchestrator may use. */
export interface OrchestrationContext {
  readonly instance: string;
  readonly input: unknown;
  /** The current time, which is the same at every replay. */
  now(): Instant;
  /** Throws if the activity threw. */
  call(call: Call): Course<unknown>;
  /** Runs all calls at once. If a call threw, throws after all calls have ended. */
  wave(calls: readonly Call[]): Course<readonly unknown[]>;
  child(child: Child): Course<unknown>;
  /** Runs all children at once. Returns their results in the order of `children`, after all children have ended. */
  children(children: readonly Child[]): Course<readonly ChildEnd[]>;
  until(at: Instant): Course<void>;
  /** Sets the instance's status, which requests can read; at most 16 kB. */
  status(status: Json): void;
}

/** The members of the SDK’s context that this file uses. */
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
      return yield* settled(df, children.map(one));
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

/** `Task.all` fails with the first failed task while the other tasks continue. If a task is yielded again, it is not scheduled again, and the answer comes when the task ends. */
function* settled(df: SdkContext, tasks: Task[]): Course<readonly ChildEnd[]> {
  try {
    return (yield* all(df, tasks)).map((done) => ({ done }));
  } catch {
    const ends: ChildEnd[] = [];
    for (const one of tasks) ends.push(yield* settledOne(one));
    return ends;
  }
}

function* settledOne(one: Task): Course<ChildEnd> {
  try {
    return { done: yield one };
  } catch (error) {
    return { error };
  }
}
