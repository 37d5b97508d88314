import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Violation } from './rules.ts';
import type { WorkerFault } from './worker-faults.ts';
import type { Answer, FromWorker, FunctionMetadata, InvocationRequest, ToWorker } from './worker-messages.ts';

/** The worker ended, or went to sleep, before it answered: the work is given to another. */
export class WorkerGone extends Error {
  override readonly name = 'WorkerGone';
}

interface Open {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

interface Member {
  readonly child: ChildProcess;
  readonly ready: Promise<void>;
  readonly open: Map<number, Open>;
  readonly gone: Promise<void>;
  isReady: boolean;
  /** Why its app did not start. The platform keeps such a worker, and each function fails in it. */
  failure: string | undefined;
}

export interface PoolOptions {
  readonly app: string;
  readonly workers: number;
  onLog(entry: Extract<FromWorker, { is: 'log' }>): void;
  onViolation(violation: Pick<Violation, 'rule' | 'what'>): void;
  onHalted(pid: number): void;
  /** Workers ended too often: the platform ends the host, and starts another one. */
  onRecycle(): void;
}

/** Of workers that end while they start, or in a host without functions: with the third the platform gives the host up. */
const mostLost = 3;

/** Worker processes; one that ends is replaced. */
export class WorkerPool implements AsyncDisposable {
  /** Writes of one worker since it was armed. */
  writes = 0;
  /** Workers that took the place of others. */
  replaced = 0;
  readonly #options: PoolOptions;
  readonly #members: Member[] = [];
  readonly #asleep: Member[] = [];
  #functions: readonly FunctionMetadata[] | undefined;
  #env: Readonly<Record<string, string>> = {};
  #offsetMs = 0;
  #numbers = 0;
  #turn = 0;
  #closing = false;
  #lost = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** `env`: the whole environment of the app. */
  async start(env: Readonly<Record<string, string>>): Promise<void> {
    this.#env = env;
    for (let i = 0; i < this.#options.workers; i++) this.#members.push(this.#spawn());
    await Promise.all(this.#members.map(({ ready }) => ready));
  }

  get functions(): readonly FunctionMetadata[] {
    return this.#functions ?? [];
  }

  get pids(): readonly number[] {
    return [...this.#members, ...this.#asleep].flatMap(({ child }) => (child.pid === undefined ? [] : [child.pid]));
  }

  /** In the next worker's turn; two calls in a row go to two workers where there are two. */
  async invoke(functionName: string, request: InvocationRequest): Promise<Answer> {
    const member = this.#members[this.#turn++ % this.#members.length];
    if (member === undefined) throw new WorkerGone('there is no worker');
    await member.ready;
    if (member.failure !== undefined) return { ok: false, message: `${functionName} is not loaded: ${member.failure}`, stack: '' };
    const n = ++this.#numbers;
    return new Promise((resolve, reject) => {
      member.open.set(n, { resolve, reject });
      this.#send(member, { is: 'invoke', n, functionName, request });
    });
  }

  setClock(offsetMs: number): void {
    this.#offsetMs = offsetMs;
    for (const member of [...this.#members, ...this.#asleep]) this.#send(member, { is: 'clock', offsetMs });
  }

  arm(worker: number, fault: WorkerFault | null): void {
    const member = this.#members[worker];
    this.writes = 0;
    if (member !== undefined) this.#send(member, { is: 'arm', fault });
  }

  /** Wakes those that were halted, waits until they have ended all they had begun, and ends them. Answers how each invocation came out. */
  async wake(): Promise<readonly Answer[]> {
    const asleep = this.#asleep.splice(0);
    const answers = asleep.flatMap(({ open }) =>
      [...open.keys()].map(
        (n) =>
          new Promise<Answer>((resolve) => open.set(n, { resolve, reject: ({ message }) => resolve({ ok: false, message, stack: '' }) })),
      ),
    );
    for (const { child } of asleep) child.kill('SIGCONT');
    const outcomes = await Promise.all(answers);
    for (const { child, gone } of asleep) {
      child.kill('SIGKILL');
      await gone;
    }
    return outcomes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    const all = [...this.#members, ...this.#asleep];
    for (const { child } of all) child.kill('SIGKILL');
    await Promise.all(all.map(({ gone }) => gone));
  }

  #send({ child }: Member, message: ToWorker): void {
    // One that ends just now answers with its end.
    if (child.connected) child.send(message, () => undefined);
  }

  #spawn(): Member {
    // Its output goes where the host's goes, so that who reads it knows when all of them are gone.
    const child = fork(join(import.meta.dirname, 'worker.ts'), [this.#options.app, String(this.#offsetMs)], {
      env: this.#env,
      // Without the flags of whatever runs the test.
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    const started = Promise.withResolvers<void>();
    started.promise.catch(() => undefined); // whoever waits hears of it
    const ended = Promise.withResolvers<void>();
    const member: Member = { child, ready: started.promise, open: new Map(), gone: ended.promise, isReady: false, failure: undefined };
    child.on('message', (message: FromWorker) => this.#hear(member, message, started));
    child.once('error', (error) => started.reject(error));
    child.once('exit', (code, signal) => {
      ended.resolve();
      started.reject(new WorkerGone('the worker ended while it started'));
      for (const { reject } of member.open.values()) reject(new WorkerGone('the worker ended'));
      if (this.#closing) return;
      const isOfNoUse = !member.isReady || member.failure !== undefined || this.#functions?.length === 0;
      if (signal !== 'SIGKILL' && isOfNoUse && ++this.#lost >= mostLost) this.#options.onRecycle();
      else {
        if (signal !== 'SIGKILL' && !isOfNoUse)
          this.#options.onViolation({ rule: 'worker', what: `a worker ended by itself (${code ?? signal})` });
        this.#replace(member);
      }
    });
    return member;
  }

  #hear(member: Member, message: FromWorker, started: PromiseWithResolvers<void>): void {
    switch (message.is) {
      case 'ready':
        this.#compare(message.functions);
        member.isReady = true;
        started.resolve();
        return;
      case 'failed':
        this.#options.onLog({ is: 'log', level: 'error', category: 'system', functionName: '', message: message.message });
        member.failure = message.message;
        member.isReady = true;
        this.#functions ??= [];
        started.resolve();
        return;
      case 'answer': {
        const waiting = member.open.get(message.n);
        member.open.delete(message.n);
        this.writes = Math.max(this.writes, message.writes);
        waiting?.resolve(message.answer);
        return;
      }
      case 'halting':
        this.#halted(member);
        return;
      case 'log':
        this.#options.onLog(message);
        return;
    }
  }

  /** A function that is there on one instance and not on another would be lost work in the cloud. The host lists those of its first worker, and asks no other one. */
  #compare(functions: readonly FunctionMetadata[]): void {
    if (this.#functions?.length === 0) return;
    const names = (list: readonly FunctionMetadata[]) => JSON.stringify(list.map(({ name }) => name).sort());
    if (this.#functions !== undefined && names(this.#functions) !== names(functions)) {
      const what = `this start registered ${names(functions)}, an earlier one ${names(this.#functions)}`;
      this.#options.onViolation({ rule: 'functions', what });
    }
    this.#functions = functions;
  }

  #halted(member: Member): void {
    this.#asleep.push(member);
    if (member.child.pid !== undefined) this.#options.onHalted(member.child.pid);
    for (const [n, { reject }] of member.open) {
      reject(new WorkerGone('the worker was halted'));
      member.open.set(n, { resolve: () => undefined, reject: () => undefined });
    }
    this.#replace(member);
  }

  #replace(member: Member): void {
    const index = this.#members.indexOf(member);
    if (index < 0 || this.#closing) return;
    this.replaced += 1;
    this.#members[index] = this.#spawn();
  }
}
