import { createHash } from 'node:crypto';
import { eventTypes } from './durable-protocol.ts';
import { historyLines } from './history-lines.ts';
import { type Hub, type HubRecord, hasEnded, type Instance, type PendingActivity, type PendingTimer, type Unstamped } from './hub.ts';
import type { Journal } from './journal.ts';
import { aboutResult, aboutStart, type Violation } from './rules.ts';
import { type Answered, takeTurn } from './turn.ts';
import type { Answer, FunctionMetadata, InvocationRequest, TypedData } from './worker-messages.ts';
import { WorkerGone, type WorkerPool } from './worker-pool.ts';

export interface DispatcherOptions {
  readonly hub: Hub;
  readonly journal: Journal;
  readonly workers: Pick<WorkerPool, 'functions' | 'invoke' | 'setClock'>;
  /** Activities at once, as `maxConcurrentActivityFunctions`. */
  readonly activities: number;
  readonly turns: number;
  /** `twice`: each activity, at the same time, in two workers where there are two. */
  readonly delivery: 'once' | 'twice';
  /** `jump`: where only timers are left, the clock goes to the next. `held`: it goes on when it is told to. */
  readonly clock: 'jump' | 'held';
  /** The values of a function's bindings of durable clients. */
  clients(metadata: FunctionMetadata): InvocationRequest['inputData'];
  onViolation(violation: Violation): void;
  onIdle(): void;
}

export interface Counts {
  activities: number;
  largestInput: number;
  largestOutput: number;
}

/** Gives work to workers: turns of orchestrations, activities, timers that are due. */
export class Dispatcher {
  readonly counts: Counts = { activities: 0, largestInput: 0, largestOutput: 0 };
  readonly #options: DispatcherOptions;
  readonly #turning = new Set<string>();
  readonly #working = new Set<string>();
  /** Second deliveries that have not ended. */
  #strays = 0;
  #invocations = 0;
  #held = new Map<string, number>();

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  get nowMs(): number {
    return Date.now() + this.#options.hub.offsetMs;
  }

  get isIdle(): boolean {
    const { hub, clock } = this.#options;
    if (this.#turning.size + this.#working.size + this.#strays > 0) return false;
    if ([...hub.activities.values()].some((activity) => !this.#isHeld(activity))) return false;
    if (clock === 'jump' && hub.timers.size > 0) return false;
    return ![...hub.instances.values()].some((instance) => !hasEnded(instance) && instance.inbox.length > 0);
  }

  /** Answers whether there was no such instance running. */
  create(given: { readonly id: string; readonly name: string; readonly input: string }): boolean {
    const there = this.#options.hub.instances.get(given.id);
    if (there !== undefined && !hasEnded(there)) return false;
    for (const finding of aboutStart(given)) this.#options.onViolation({ ...finding, instance: given.id, history: [] });
    this.#note({ is: 'created', ...given, at: this.#at() });
    this.pump();
    return true;
  }

  purge(id: string): void {
    this.#note({ is: 'purged', id });
  }

  advance(byMs: number): void {
    this.#note({ is: 'clock', offsetMs: this.#options.hub.offsetMs + byMs });
    this.#options.workers.setClock(this.#options.hub.offsetMs);
    this.pump();
  }

  pump(): void {
    const { hub, activities, turns } = this.#options;
    for (const timer of [...hub.timers.values()]) if (Date.parse(timer.fireAt) <= this.nowMs) this.#fire(timer);
    for (const instance of hub.instances.values()) {
      if (this.#turning.size >= turns) break;
      if (instance.inbox.length > 0 && !hasEnded(instance) && !this.#turning.has(instance.id)) this.#begin(this.#turn(instance));
    }
    for (const activity of hub.activities.values()) {
      if (this.#working.size >= activities) break;
      if (!this.#working.has(activity.key) && this.#mayStart(activity.name)) this.#begin(this.#work(activity));
    }
    this.#jump();
    if (this.isIdle) this.#options.onIdle();
  }

  /** Activities of these names start only so many times from now on; the rest of their calls wait until another word. */
  hold(names: Readonly<Record<string, number>>): void {
    this.#held = new Map(Object.entries(names));
    this.pump();
  }

  #mayStart(name: string): boolean {
    const left = this.#held.get(name);
    if (left === undefined) return true;
    if (left > 0) this.#held.set(name, left - 1);
    return left > 0;
  }

  #isHeld({ key, name }: PendingActivity): boolean {
    return this.#held.get(name) === 0 && !this.#working.has(key);
  }

  async invoke(
    functionName: string,
    data: TypedData,
    triggerMetadata: Readonly<Record<string, TypedData>> = {},
    more: InvocationRequest['inputData'] = [],
  ): Promise<Answer> {
    const metadata = this.#options.workers.functions.find(({ name }) => name === functionName);
    const trigger = Object.entries(metadata?.bindings ?? {}).find(([, { type }]) => /trigger$/i.test(type))?.[0];
    if (trigger === undefined) return { ok: false, message: `The function ${functionName} doesn't exist`, stack: '' };
    const invocationId = `invocation-${++this.#invocations}`;
    return this.#options.workers.invoke(functionName, { invocationId, inputData: [{ name: trigger, data }, ...more], triggerMetadata });
  }

  #begin(work: Promise<void>): void {
    work.catch((error: unknown) => {
      const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#options.onViolation({ rule: 'worker', instance: null, what, history: [] });
    });
  }

  async #turn(instance: Instance): Promise<void> {
    this.#turning.add(instance.id);
    try {
      const { hub } = this.#options;
      const invoke = async (name: string, triggerInput: string) => textOf(await this.invoke(name, { string: triggerInput }));
      const { record, findings } = await takeTurn({ hub, instance, nowMs: this.nowMs, invoke });
      this.#note(record);
      for (const finding of findings) this.#violate(finding, instance);
      this.#mustNotBeStuck(instance);
    } catch (error) {
      if (!(error instanceof WorkerGone)) throw error;
    } finally {
      this.#turning.delete(instance.id);
    }
    this.pump();
  }

  async #work(activity: PendingActivity): Promise<void> {
    this.#working.add(activity.key);
    try {
      const answer = await this.#deliver(activity);
      if (this.#options.hub.activities.has(activity.key)) this.#answered(activity, answer);
    } catch (error) {
      if (!(error instanceof WorkerGone)) throw error;
    } finally {
      this.#working.delete(activity.key);
    }
    this.pump();
  }

  async #deliver(activity: PendingActivity): Promise<Answer> {
    const { workers, clients } = this.#options;
    const metadata = workers.functions.find(({ name }) => name === activity.name);
    const more = metadata === undefined ? [] : clients(metadata);
    const once = () => this.invoke(activity.name, { string: activity.input }, { instanceId: { string: activity.id } }, more);
    if (this.#options.delivery === 'once') return once();
    const both = [once(), once()];
    this.#strays += both.length;
    for (const run of both) {
      const ended = () => {
        this.#strays -= 1;
        if (this.isIdle) this.#options.onIdle();
      };
      run.then(ended, ended);
    }
    // The quicker answer counts, or the slower one: either may be the one that the hub hears of.
    if (isOdd(activity.key)) return await Promise.any(both).catch(() => Promise.reject(new WorkerGone('both workers ended')));
    const settled = await Promise.allSettled(both);
    const last = settled.findLast((run) => run.status === 'fulfilled');
    if (last === undefined) throw new WorkerGone('both workers ended');
    return last.value;
  }

  #answered(activity: PendingActivity, answer: Answer): void {
    const { id: to, generation, taskId: TaskScheduledId, name } = activity;
    const { hub } = this.#options;
    const answered = textOf(answer);
    const instance = hub.instances.get(to);
    if (answered.ok && instance !== undefined)
      for (const finding of aboutResult(name, answered.text ?? 'null')) this.#violate(finding, instance);
    this.counts.activities += 1;
    this.counts.largestInput = Math.max(this.counts.largestInput, Buffer.byteLength(activity.input));
    if (answered.ok) this.counts.largestOutput = Math.max(this.counts.largestOutput, Buffer.byteLength(answered.text ?? 'null'));
    const event: Unstamped = answered.ok
      ? { EventType: eventTypes.TaskCompleted, TaskScheduledId, Result: answered.text ?? 'null' }
      : {
          EventType: eventTypes.TaskFailed,
          TaskScheduledId,
          Reason: `Activity function '${name}' failed: ${answered.message}`,
          Details: answered.message,
        };
    this.#note({ is: 'message', to, generation, event, at: this.#at() });
  }

  #fire(timer: PendingTimer): void {
    const event = { EventType: eventTypes.TimerFired, TimerId: timer.taskId, FireAt: timer.fireAt };
    this.#note({ is: 'message', to: timer.id, generation: timer.generation, event, at: this.#at() });
  }

  #jump(): void {
    const { hub, clock } = this.#options;
    if (clock === 'held' || this.#turning.size + this.#working.size + this.#strays > 0 || hub.activities.size > 0) return;
    if ([...hub.instances.values()].some((instance) => !hasEnded(instance) && instance.inbox.length > 0)) return;
    const next = Math.min(...[...hub.timers.values()].map(({ fireAt }) => Date.parse(fireAt)));
    if (Number.isFinite(next)) this.advance(Math.max(0, next - this.nowMs));
  }

  #mustNotBeStuck(instance: Instance): void {
    const { hub } = this.#options;
    const mine = ({ id, generation }: PendingActivity | PendingTimer) => id === instance.id && generation === instance.generation;
    if (hasEnded(instance) || instance.inbox.length > 0) return;
    if ([...hub.activities.values()].some(mine) || [...hub.timers.values()].some(mine) || hub.openChildren(instance).length > 0) return;
    this.#violate({ rule: 'stuck', what: 'it waits, and nothing that is on its way would wake it' }, instance);
  }

  #violate(finding: Pick<Violation, 'rule' | 'what'>, instance: Instance): void {
    this.#options.onViolation({ ...finding, instance: instance.id, history: historyLines(instance.history) });
  }

  #note(record: HubRecord): void {
    this.#options.journal.append(record);
    this.#options.hub.apply(record);
  }

  #at(): string {
    return new Date(this.nowMs).toISOString();
  }
}

/** JSON text of what a function returned. */
export function textOf(answer: Answer): Answered {
  if (!answer.ok) return { ok: false, message: answer.message };
  const value = answer.returnValue;
  if (value === null) return { ok: true, text: null };
  if (value.json !== undefined) return { ok: true, text: value.json };
  return { ok: true, text: JSON.stringify(value.string ?? value.int ?? value.double ?? null) };
}

function isOdd(text: string): boolean {
  return (createHash('sha256').update(text).digest()[0] ?? 0) % 2 === 1;
}
