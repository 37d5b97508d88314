import type { Fault } from '../fault-proxy.ts';
import type { FaultyLake, LakeRequest } from './faulty.ts';
import { GrowingLake, type HowToRun } from './growing-lake.ts';

/** What happens to one request of a run; `killed …`: the process is dead from then on. */
export type Blow = Fault | 'killed before' | 'killed after';

/** One request of a run and what is to happen to it. */
export interface Trial {
  /** From 1, over all requests of the run; or the first that is called so, since those under way at once have no order. */
  readonly request: number | string;
  readonly blow: Blow;
}

export interface Tried {
  readonly what: string;
  readonly blow: string;
  readonly problems: readonly string[];
}

/** A destination grows with every run, and with it what a look costs. */
const runsOfOneFolder = 12;

export const nameOf = (blow: Blow): string =>
  typeof blow === 'string'
    ? blow
    : 'hold' in blow
      ? 'hold'
      : `${blow.status}${blow.retryAfter === undefined ? '' : ` after ${blow.retryAfter} s`}`;

/** A small run in one lake, again and again, each time with another of its requests hit. */
export class FaultsOfARun implements AsyncDisposable {
  readonly #lake: FaultyLake;
  #growing: GrowingLake | undefined;
  #runs = 0;
  #folders = 0;

  constructor(lake: FaultyLake) {
    this.#lake = lake;
  }

  /** The requests of a run that finds new rows: publishes, replaces, moves the head, removes. */
  async requests(): Promise<readonly LakeRequest[]> {
    const growing = await this.#fresh();
    const asked: LakeRequest[] = [];
    await growing.grow();
    this.#lake.rule((one) => {
      asked.push(one);
      return undefined;
    });
    const { status, error } = await growing.run();
    this.#lake.rule(() => undefined);
    const problems = [...(status === 'pass' ? [] : [JSON.stringify(error)]), ...(await growing.problems())];
    if (problems.length > 0) throw new Error(`a run without a fault: ${problems.join('; ')}`);
    return asked;
  }

  /** Undefined: the run had fewer requests. */
  async try({ request, blow }: Trial): Promise<Tried | undefined> {
    const growing = await this.#fresh();
    await growing.grow();
    let [asked, what] = [0, ''];
    const killing = blow === 'killed before' || blow === 'killed after';
    const first: Fault | undefined = blow === 'killed before' ? 'drop before' : blow === 'killed after' ? 'drop after' : blow;
    this.#lake.rule((one) => {
      asked++;
      if (what !== '') return killing ? 'drop before' : undefined;
      if (asked !== request && one.what !== request) return undefined;
      what = one.what;
      return first;
    });
    const how: HowToRun = killing ? { isDead: () => what !== '' } : {};
    const { status, error } = await growing.run(how);
    this.#lake.rule(() => undefined);
    if (what === '') return undefined;
    const problems: string[] = [];
    if (killing || status !== 'pass') {
      if (!killing) problems.push(`the run ended ${status}: ${JSON.stringify(error)}`);
      const next = await growing.run({ takeOver: true });
      if (next.status === 'error') problems.push(`the next run: ${JSON.stringify(next.error)}`);
    }
    problems.push(...(await growing.problems()));
    if (problems.length > 0) await this.#leave();
    return { what, blow: nameOf(blow), problems };
  }

  /**
   * One request of a run is held while another run takes the entity over and settles, and let go when that is done. Undefined: the run had
   * fewer requests.
   */
  async hold(request: number | string): Promise<Tried | undefined> {
    const growing = await this.#fresh();
    await growing.grow();
    const [held, released] = [Promise.withResolvers<string>(), Promise.withResolvers<void>()];
    let [asked, met] = [0, false];
    this.#lake.rule(({ what }) => {
      asked++;
      if (met || (asked !== request && what !== request)) return undefined;
      met = true;
      held.resolve(what);
      return { hold: released.promise };
    });
    const zombie = growing.run();
    const what = await Promise.race([held.promise, zombie.then(() => '')]);
    if (what === '') return undefined;
    const problems: string[] = [];
    try {
      const other = await growing.run({ takeOver: true });
      if (other.status === 'error') problems.push(`the run that took over: ${JSON.stringify(other.error)}`);
      const before = await growing.seen();
      released.resolve();
      await zombie;
      const after = await growing.seen();
      if (before.head !== after.head) problems.push(`the head was ${before.head} and is ${after.head}`);
      if (before.listed.join() !== after.listed.join())
        problems.push(`a listing was ${before.listed.join()} and is ${after.listed.join()}`);
      if (after.differing !== '') problems.push(`rows that differ: ${after.differing}`);
    } finally {
      released.resolve();
      await zombie;
    }
    problems.push(...(await this.#goesOn(growing)));
    if (problems.length > 0) await this.#leave();
    return { what, blow: 'hold', problems };
  }

  async #goesOn(growing: GrowingLake): Promise<readonly string[]> {
    await growing.grow();
    const { status, error } = await growing.run();
    const problems = await growing.problems();
    return status === 'pass' ? problems : [`the next run: ${JSON.stringify(error)}`, ...problems];
  }

  async #fresh(): Promise<GrowingLake> {
    if (this.#growing !== undefined && this.#runs < runsOfOneFolder) {
      this.#runs++;
      return this.#growing;
    }
    await this.#leave();
    this.#growing = await GrowingLake.in(this.#lake, `lake-${++this.#folders}`);
    this.#runs = 1;
    return this.#growing;
  }

  async #leave(): Promise<void> {
    await this.#growing?.[Symbol.asyncDispose]();
    this.#growing = undefined;
    await this.#lake.empty();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#leave();
  }
}
