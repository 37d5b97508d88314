import { isDeepStrictEqual } from 'node:util';
import { type Course, durableOf, type OrchestrationContext, type SdkContext, type Task } from '../../functions/durable.ts';

/** What an orchestrator asked for, and what came of it. */
interface Asked extends Task {
  /** From 0, in the order of the orchestrator's calls: the same task at every replay. */
  readonly nth: number;
  readonly kind: 'activity' | 'child' | 'timer' | 'all';
  readonly name: string;
  readonly input: unknown;
  readonly id: string | undefined;
  readonly parts: readonly Asked[];
}

type Result = { readonly value: unknown } | { readonly error: Error };

/** Of one instance, by the task's number. */
type Ends = Map<number, Promise<Result>>;

/** One orchestration, as far as it has come: every yield with its answer. */
export interface History {
  readonly id: string;
  readonly name: string;
  readonly startedAt: number;
  /** `at`: when the answer came. */
  readonly steps: { readonly asked: Asked; readonly result: Result; readonly at: number }[];
  readonly statuses: unknown[];
}

export interface World {
  readonly orchestrators: ReadonlyMap<string, (durable: OrchestrationContext) => Course<unknown>>;
  /** Answers an activity; a rejection is a crash of the machine. */
  activity(name: string, input: never, now: string): unknown;
  /** Answers how a child fails that is ended from outside. */
  endedFromOutside?(id: string): boolean;
}

/**
 * Runs orchestrators as the platform does: from the beginning after every answer, with all answers so far. What they ask for must be the same
 * each time, and goes through JSON. `Task.all` fails with the first that does. A task that is yielded again is not carried out again. What is new
 * begins only once all that was asked for before has ended. The clock goes on, to the next timer, when no activity is under way.
 */
export class Replayer {
  readonly histories = new Map<string, History>();
  /** Calls of activities in order. */
  readonly calls: { readonly name: string; readonly input: Record<string, unknown> }[] = [];
  /** Activities under way at once, at most. */
  most = 0;
  now = Date.parse('2026-11-20T02:00:00.000Z');
  readonly #world: World;
  #timers: readonly { readonly at: number; readonly fire: () => void }[] = [];
  #underWay = 0;

  constructor(world: World) {
    this.#world = world;
  }

  async run(name: string, input: unknown, id: string): Promise<unknown> {
    if (this.histories.has(id)) throw new Error(`two instances are called ${id}`);
    if (/[/\\#?]/.test(id) || id.length >= 100) throw new Error(`${id} is no instance id`);
    const history: History = { id, name, startedAt: this.now, steps: [], statuses: [] };
    this.histories.set(id, history);
    const ends: Ends = new Map();
    const given = json(input);
    for (;;) {
      const { asked, done } = this.#replay(history, given);
      const known = asked && ends.get(asked.nth);
      if (known === undefined) await Promise.all(ends.values());
      if (asked === undefined) return json(done);
      const result = await (known ?? this.#begin(ends, asked));
      history.steps.push({ asked, result, at: this.now });
    }
  }

  /** Holds an activity up until `work` is done, while the clock goes on for the others. */
  async heldUp(work: Promise<unknown>): Promise<void> {
    this.#underWay--;
    this.#passTime();
    await work;
    this.#underWay++;
  }

  /** Events in the longest history, as the platform counts them. */
  get longest(): number {
    const events = ({ steps }: History) => steps.reduce((sum, { asked }) => sum + 3 * Math.max(1, asked.parts.length), 0);
    return Math.max(...[...this.histories.values()].map(events));
  }

  #replay(history: History, input: unknown): { asked: Asked | undefined; done: unknown } {
    const course = this.#world.orchestrators.get(history.name);
    if (course === undefined) throw new Error(`there is no orchestrator ${history.name}`);
    let now = history.startedAt;
    const generator = course(durableOf(this.#context(history, input, () => now)));
    let next = generator.next();
    for (const [i, step] of history.steps.entries()) {
      if (next.done) throw new Error(`${history.id} ended at step ${i}, and continued before: it does not do the same twice`);
      if (!isDeepStrictEqual(next.value, step.asked))
        throw new Error(`step ${i} of ${history.id} is another one than before: it does not do the same twice`);
      now = step.at;
      next = 'error' in step.result ? generator.throw(step.result.error) : generator.next(step.result.value);
    }
    return next.done ? { asked: undefined, done: next.value } : { asked: next.value as Asked, done: undefined };
  }

  #context(history: History, input: unknown, now: () => number): SdkContext {
    let nth = 0;
    const asked = (of: Partial<Asked> & Pick<Asked, 'kind' | 'name'>): Asked => ({
      nth: nth++,
      input: undefined,
      id: undefined,
      parts: [],
      ...of,
    });
    return {
      instanceId: history.id,
      get currentUtcDateTime() {
        return new Date(now());
      },
      getInput: () => input,
      callActivity: (name, given) => asked({ kind: 'activity', name, input: json(given) }),
      callSubOrchestrator: (name, given, id) => asked({ kind: 'child', name, input: json(given), id }),
      createTimer: (at) => asked({ kind: 'timer', name: at.toISOString() }),
      setCustomStatus: (status) => history.statuses.push(json(status)),
      Task: {
        all: (tasks) => {
          if (tasks.length === 0) throw new Error('Task.all of nothing');
          return asked({ kind: 'all', name: '', parts: tasks as Asked[] });
        },
      },
    };
  }

  #begin(ends: Ends, asked: Asked): Promise<Result> {
    const end = this.#carryOut(ends, asked);
    ends.set(asked.nth, end);
    return end;
  }

  async #carryOut(ends: Ends, asked: Asked): Promise<Result> {
    try {
      return { value: await this.#answer(ends, asked) };
    } catch (error) {
      return { error: error as Error };
    }
  }

  async #answer(ends: Ends, asked: Asked): Promise<unknown> {
    switch (asked.kind) {
      case 'all':
        return await Promise.all(asked.parts.map(async (part) => valueIn(await this.#begin(ends, part))));
      case 'timer':
        return await this.#until(Date.parse(asked.name));
      case 'child':
        if (this.#world.endedFromOutside?.(asked.id ?? '')) throw new Error('terminated');
        return await this.run(asked.name, asked.input, asked.id ?? '');
      default:
        return await this.#call(asked);
    }
  }

  #until(at: number): Promise<void> {
    return new Promise((resolve) => {
      this.#timers = [...this.#timers, { at, fire: resolve }];
      this.#passTime();
    });
  }

  /** After all that goes on by itself. */
  #passTime(): void {
    setImmediate(() => {
      if (this.#underWay > 0) return;
      const next = Math.min(...this.#timers.map(({ at }) => at));
      if (next === Number.POSITIVE_INFINITY) return;
      this.now = Math.max(this.now, next);
      const [due, later] = [this.#timers.filter(({ at }) => at <= this.now), this.#timers.filter(({ at }) => at > this.now)];
      this.#timers = later;
      for (const { fire } of due) fire();
      this.#passTime();
    });
  }

  async #call({ name, input }: Asked): Promise<unknown> {
    this.calls.push({ name, input: input as Record<string, unknown> });
    this.#underWay++;
    this.most = Math.max(this.most, this.#underWay);
    try {
      return json(await this.#world.activity(name, input as never, new Date(this.now).toISOString()));
    } finally {
      this.#underWay--;
      this.#passTime();
    }
  }
}

function valueIn(result: Result): unknown {
  if ('error' in result) throw result.error;
  return result.value;
}

function json(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
