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

/** How a child ended: with its answer, or with the error that it ended with. */
export type ChildEnd = { readonly done: unknown } | { readonly error: unknown };

/** What an orchestrator may do. */
export interface OrchestrationContext {
  readonly instance: string;
  readonly input: unknown;
  /** The same at every replay. */
  now(): Instant;
  /** Throws when the activity did. */
  call(call: Call): Course<unknown>;
  /** All at once. Throws when one did; what is asked for next begins only once all have ended. */
  wave(calls: readonly Call[]): Course<readonly unknown[]>;
  child(child: Child): Course<unknown>;
  /** All at once; answers, in their order, once all have ended. */
  children(children: readonly Child[]): Course<readonly ChildEnd[]>;
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

/** `Task.all` fails with the first that does, and the others continue. A task of it may be yielded then: it is not scheduled again, and answers when it ends. */
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
