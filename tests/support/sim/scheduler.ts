import { ConnectionError, DefectError, Interrupted } from '../../../src/errors/hygge-error.ts';
import { OutcomeUnknown } from '../../../src/ports/retry.ts';
import type { Call } from './call.ts';
import type { Coverage } from './coverage.ts';
import type { Process } from './process.ts';
import { type Reach, type Refusals, reaches } from './refusals.ts';
import { must, Violation } from './violation.ts';

export type Fault = 'lost' | 'drop' | 'delay' | 'crash' | 'crash after' | 'transient' | 'torn' | 'abort' | 'jump';

export type Option =
  | { readonly what: 'ok' }
  | { readonly what: 'fault'; readonly fault: Fault }
  /** The current process is a zombie from here on: it sleeps until somebody switches back. */
  | { readonly what: 'switch'; readonly to: Process }
  | { readonly what: 'land'; readonly index: number }
  | { readonly what: 'reorder'; readonly call: Call }
  /** From here on what the call is about is refused, to everybody. */
  | { readonly what: 'refuse'; readonly reach: Reach }
  | { readonly what: 'lift' };

/** Picks one of the options; the first is always the normal course. */
export type Choose = (options: readonly Option[], call: Call) => number;

export interface Surroundings {
  /** Time goes on a little with every call. */
  readonly tick: () => void;
  readonly jump: () => void;
  /** The oracle; throws a Violation. */
  readonly check: () => Promise<void>;
  readonly coverage: Coverage;
  readonly refusals: Refusals;
  readonly say?: (line: string) => void;
}

const mostCalls = 6_000;
const ok: Option = { what: 'ok' };
const fault = (name: Fault): Option => ({ what: 'fault', fault: name });

/** Runs simulated processes one port call at a time. Nothing else decides the order: the same choices give the same run. */
export class Scheduler {
  readonly #around: Surroundings;
  readonly #limbo: Call[] = [];
  readonly refusals: Refusals;
  calls = 0;

  constructor(around: Surroundings) {
    this.#around = around;
    this.refusals = around.refusals;
  }

  /** Until every process has ended or is dead. `everything`: also offers what only random runs try. */
  async run(processes: readonly Process[], choose: Choose | undefined, everything = false): Promise<void> {
    let current: Process | undefined;
    for (;;) {
      await quiet();
      const live = processes.filter((each) => each.life === 'live');
      const fresh = processes.find((each) => each.life === 'new');
      if (current?.life !== 'live') {
        current = await this.#next({ live, fresh, choose });
        if (!current) return;
        if (current.life === 'new') {
          this.#say(`${current.name}: starts`);
          current.start();
        }
        continue;
      }
      const call = current.calls[0];
      must(call !== undefined, `${current.name} waits for something that is no port call`);
      must(this.calls++ < mostCalls, 'no progress: the runs never end');
      const options = choose && !current.atomic ? this.#options(call, { live, fresh, everything }) : [ok];
      const option = options[choose && options.length > 1 ? choose(options, call) : 0] ?? ok;
      if (option.what === 'switch') {
        this.#say(`-- ${current.name} is paused before ${call.label}`);
        current = option.to;
        if (current.life === 'new') {
          this.#say(`${current.name}: starts`);
          current.start();
        }
      } else await this.#carryOut(call, option);
    }
  }

  /** What was delayed lands now, at the latest. */
  async flush(): Promise<void> {
    while (this.#limbo.length > 0) await this.#land(0);
  }

  async #next(now: { live: readonly Process[]; fresh: Process | undefined; choose: Choose | undefined }): Promise<Process | undefined> {
    const { live, fresh, choose } = now;
    const first = fresh ?? live[0];
    const others = live.filter((each) => each !== first);
    const waiting = others[0]?.calls[0];
    if (!choose || !waiting) return first;
    const options: Option[] = [ok, ...others.map((to): Option => ({ what: 'switch', to }))];
    const option = options[choose(options, waiting)] ?? ok;
    if (option.what !== 'switch') return first;
    this.#say(`-- ${option.to.name} goes on`);
    return option.to;
  }

  #options(call: Call, now: { live: readonly Process[]; fresh: Process | undefined; everything: boolean }): Option[] {
    const { process, kind } = call;
    const options: Option[] = [ok];
    if (kind === 'write') options.push(fault('lost'), fault('drop'), fault('delay'), fault('crash'));
    if (kind === 'read') options.push(fault('transient'));
    if (call.tear) options.push(fault('torn'));
    for (const to of now.live) if (to !== process) options.push({ what: 'switch', to });
    if (now.fresh) options.push({ what: 'switch', to: now.fresh });
    for (const index of this.#limbo.keys()) options.push({ what: 'land', index });
    if (!now.everything) return options;
    if (kind === 'write') options.push(fault('transient'));
    else options.push(fault('crash'));
    if (kind === 'read') options.push(fault('drop'));
    options.push(fault('crash after'), fault('abort'), fault('jump'));
    for (const other of process.calls) if (other !== call) options.push({ what: 'reorder', call: other });
    if (kind !== 'sleep') options.push(...reaches.map((reach): Option => ({ what: 'refuse', reach })));
    if (this.refusals.any) options.push({ what: 'lift' });
    return options;
  }

  async #carryOut(call: Call, option: Option): Promise<void> {
    if (option.what === 'land') return this.#land(option.index);
    if (option.what === 'reorder') return this.#succeed(option.call, '  !! before its turn');
    if (option.what === 'fault') return this.#fail(call, option.fault);
    if (option.what === 'lift') return this.lift();
    if (option.what === 'refuse') this.#say(`!! from here on: ${this.refusals.begin(call, option.reach)}`);
    return this.#succeed(call, '');
  }

  lift(): void {
    this.#say('!! what was refused is allowed again');
    this.refusals.lift();
  }

  async #fail(call: Call, name: Fault): Promise<void> {
    const { process, label } = call;
    if (name === 'abort' || name === 'jump') {
      this.#say(name === 'abort' ? `!! ${process.name} is told to stop` : '!! the clock jumps an hour');
      if (name === 'abort') process.abort.abort(new Interrupted('cancelled'));
      else this.#around.jump();
      return;
    }
    // Whatever its answer would have met: refused, it does not happen.
    if (this.refusals.of(call) && name !== 'crash') return this.#succeed(call, '');
    this.#around.coverage.fault(call, name);
    if (name === 'crash' || name === 'crash after') {
      this.#say(`${process.name}: ${name === 'crash' ? 'CRASH before' : 'CRASH after'} ${label}`);
      if (name === 'crash after') await this.#applyUnheard(call);
      process.die();
      return;
    }
    this.#done(call);
    this.#say(`${process.name}: ${label}  !! ${sayings[name]}`);
    if (name === 'lost') await this.#applyUnheard(call);
    if (name === 'delay') this.#limbo.push(call);
    if (name === 'torn') call.tear?.();
    if (name === 'torn') await this.#around.check();
    call.reject(name === 'transient' ? throttled(label) : new OutcomeUnknown(`${label}: no answer`));
  }

  async #succeed(call: Call, remark: string): Promise<void> {
    this.#done(call);
    this.#around.tick();
    const refused = this.refusals.of(call);
    this.#say(`${call.process.name}: ${call.label}${refused ? `  !! refused, ${refused.code}` : remark}`);
    if (refused) return call.reject(refused);
    let value: unknown;
    try {
      value = await this.#apply(call);
    } catch (error) {
      if (error instanceof Violation) throw error;
      call.reject(error);
      return;
    }
    call.resolve(value);
  }

  async #land(index: number): Promise<void> {
    const [call] = this.#limbo.splice(index, 1);
    if (!call) return;
    this.#say(`   the delayed request of ${call.process.name} lands: ${call.label}`);
    await this.#applyUnheard(call);
  }

  /** Nobody hears the answer: an error matters only where a rule was broken. */
  async #applyUnheard(call: Call): Promise<void> {
    try {
      await this.#apply(call);
    } catch (error) {
      if (error instanceof Violation || error instanceof DefectError) throw error;
    }
  }

  async #apply(call: Call): Promise<unknown> {
    const value = await call.apply();
    this.#around.coverage.applied(call, value);
    if (call.kind === 'write') await this.#around.check();
    return value;
  }

  #done(call: Call): void {
    call.process.calls.splice(call.process.calls.indexOf(call), 1);
  }

  #say(line: string): void {
    this.#around.say?.(line);
  }
}

const sayings: Readonly<Record<string, string>> = {
  lost: 'done, but the answer is lost',
  drop: 'the request is lost',
  delay: 'delayed; the caller times out',
  transient: 'throttled',
  torn: 'torn half-way',
};

function throttled(label: string): ConnectionError {
  return new ConnectionError({ code: 'HYG-6003', what: `Throttled: ${label}.`, tryThis: ['Wait a little'], transient: true });
}

/** Everything that can go on without a port call has done so. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
