import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallName, FromHost, HostCalls, HostOptions, InstanceView, ToHost } from './host-messages.ts';
import type { Violation } from './rules.ts';

export type StartOptions = Pick<HostOptions, 'app'> & Partial<Omit<HostOptions, 'app' | 'folder' | 'key'>>;

/** What every host of function apps can do, this one or `func start`. */
export interface AppHost extends AsyncDisposable {
  /** A request with the function key. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  fireTimer(name: string): Promise<void>;
  /** Resolves when this orchestration has ended. */
  ended(id: string): Promise<{ readonly status: string; readonly output: unknown }>;
}

/** A rule was broken, or the host ended or could not start. */
export class HostFailure extends Error {
  override readonly name = 'HostFailure';
}

interface Open {
  readonly message: ToHost;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Starts host and worker; resolves when the host listens. As on the platform, an app that does not start has no functions there, and its words are in the log. */
export async function startFunctionHost(options: StartOptions): Promise<FunctionHost> {
  const host = new FunctionHost(options);
  try {
    await host.start();
    return host;
  } catch (error) {
    await host[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * A function host in a process of its own, its workers in theirs. Whatever breaks a rule (rules.ts) rejects all that is waited for, and disposing:
 * no test passes over it by accident.
 */
export class FunctionHost implements AppHost {
  readonly folder: string;
  readonly key = 'function-key-of-the-test';
  readonly violations: Violation[] = [];
  /** How often the host process was started. */
  starts = 0;
  /** How often it ended because its workers had. */
  recycled = 0;
  /** All that host and workers wrote to their stdout and stderr. */
  output = '';
  origin = '';
  readonly #options: Omit<HostOptions, 'folder' | 'key'>;
  readonly #open = new Map<number, Open>();
  readonly #halted = new Set<number>();
  readonly #onViolation: (() => void)[] = [];
  #child: ChildProcess | undefined;
  #gone: Promise<void> = Promise.resolve();
  #listening: PromiseWithResolvers<void> = Promise.withResolvers();
  /** Whether what is asked can be sent; otherwise it is when the host is there again. */
  #isUp = false;
  #failure: Error | undefined;
  #numbers = 0;
  #closing = false;
  #expected = false;

  constructor(options: StartOptions) {
    this.folder = mkdtempSync(join(tmpdir(), 'hygge-host-'));
    this.#options = { settings: {}, workers: 1, activities: 4, delivery: 'once', clock: 'jump', ...options };
  }

  async start(): Promise<void> {
    this.starts += 1;
    this.#listening = Promise.withResolvers();
    this.#listening.promise.catch(() => undefined); // whoever waits hears of it
    const settings = { ...inherited(), ...this.#options.settings };
    const options: HostOptions = { ...this.#options, settings, folder: this.folder, key: this.key };
    const child = fork(join(import.meta.dirname, 'host.ts'), [JSON.stringify(options)], {
      // Without the flags of whatever runs the test.
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    child.on('message', (message: FromHost) => this.#hear(message));
    // 'close' comes when the workers, who write to the same pipe, are gone as well.
    this.#gone = new Promise((resolve) => child.once('close', () => resolve()));
    child.once('exit', (code, signal) => void this.#ended(code ?? signal));
    await this.#listening.promise;
    this.#isUp = true;
    for (const { message } of this.#open.values()) child.send(message, () => undefined);
  }

  /** Asks the host; goes on waiting over its death and its next start. */
  async ask<C extends CallName>(call: C, ...given: Parameters<HostCalls[C]>): Promise<ReturnType<HostCalls[C]>> {
    this.#mustBeWell();
    const n = ++this.#numbers;
    const message: ToHost = { n, call, given };
    const value = await new Promise<unknown>((resolve, reject) => {
      this.#open.set(n, { message, resolve, reject });
      if (this.#isUp) this.#child?.send(message, () => undefined);
    });
    return value as ReturnType<HostCalls[C]>;
  }

  ended(id: string): Promise<InstanceView> {
    return this.ask('ended', id);
  }

  async fireTimer(name: string): Promise<void> {
    await this.ask('fireTimer', name);
  }

  /** A request with the function key. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (!headers.has('x-functions-key')) headers.set('x-functions-key', this.key);
    return fetch(`${this.origin}${path}`, { ...init, headers });
  }

  /** Starts an orchestration past all triggers. */
  async startOrchestration(name: string, id: string, input: unknown = null): Promise<void> {
    const path = `/durabletask/orchestrators/${name}/${id}`;
    const answer = await fetch(`${this.origin}${path}`, { method: 'POST', body: JSON.stringify(input) });
    if (answer.status !== 202) throw new HostFailure(`${name} was not started: ${answer.status} ${await answer.text()}`);
  }

  /** What lies in the journal: instances, histories, inputs, outputs. */
  journalText(): string {
    return read(join(this.folder, 'journal.ndjson'));
  }

  /** What functions logged, and what the processes wrote. */
  logText(): string {
    return read(join(this.folder, 'log.ndjson')) + this.output;
  }

  /** What functions logged, message by message. */
  logged(): readonly string[] {
    const lines = read(join(this.folder, 'log.ndjson')).split('\n');
    return lines.filter((line) => line !== '').map((line) => (JSON.parse(line) as { message: string }).message);
  }

  /** For tests of the rules themselves: resolves with the first violation of this instance, and rule. From now on none fails anything. */
  async expectViolation(instance: string | null, rule?: Violation['rule']): Promise<Violation> {
    this.#expected = true;
    const wanted = (violation: Violation) => violation.instance === instance && (rule === undefined || violation.rule === rule);
    for (;;) {
      const found = this.violations.find(wanted);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#onViolation.push(resolve));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    for (const pid of this.#halted) endQuietly(pid);
    this.#child?.kill('SIGKILL');
    await this.#gone;
    rmSync(this.folder, { recursive: true, force: true });
    if (!this.#expected) this.#mustBeWell();
  }

  #hear(message: FromHost): void {
    switch (message.is) {
      case 'listening':
        this.origin = message.origin;
        this.#listening.resolve();
        return;
      case 'failed':
        this.#listening.reject(new HostFailure(message.message));
        return;
      case 'answer':
        this.#take(message.n)?.resolve(message.value);
        return;
      case 'refused':
        this.#take(message.n)?.reject(new HostFailure(message.message));
        return;
      case 'violation':
        this.violations.push(message.violation);
        for (const tell of this.#onViolation.splice(0)) tell();
        if (!this.#expected) for (const n of [...this.#open.keys()]) this.#take(n)?.reject(failureOf(message.violation));
        return;
      case 'recycling':
        this.recycled += 1;
        return;
      case 'halted':
        this.#halted.add(message.pid);
        return;
    }
  }

  #take(n: number): Open | undefined {
    const open = this.#open.get(n);
    this.#open.delete(n);
    return open;
  }

  async #ended(how: number | string | null): Promise<void> {
    this.#isUp = false;
    if (this.#closing) return;
    for (const pid of this.#halted) endQuietly(pid);
    this.#halted.clear();
    if (how === 'SIGKILL') {
      await this.#gone;
      await this.start().catch((error: Error) => this.#fail(error));
    } else this.#fail(new HostFailure(`the host ended by itself (${how}):\n${this.output}`));
  }

  #fail(error: Error): void {
    this.#failure = error;
    this.#listening.reject(error);
    for (const n of [...this.#open.keys()]) this.#take(n)?.reject(error);
  }

  #mustBeWell(): void {
    if (this.#failure !== undefined) throw this.#failure;
    const [first] = this.violations;
    if (first !== undefined && !this.#expected) throw failureOf(first);
  }
}

function failureOf({ rule, instance, what, history }: Violation): HostFailure {
  const where = instance === null ? '' : ` in ${instance}`;
  return new HostFailure([`${rule}${where}: ${what}`, ...history.map((line) => `  ${line}`)].join('\n'));
}

/**
 * What a process needs to run at all, where it finds what was compiled before it, and the mark by which forgotten ones are found; nothing else of this environment
 * reaches the app.
 */
function inherited(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'NODE_COMPILE_CACHE', 'HYGGE_TEST_RUN', 'HYGGE_RAISED'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // nothing was written
  }
}

function endQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
