import { type Command, type Step, shownCommand } from '../../../infra/commands.ts';
import { NoSuchProgram, type ProgramResult, runProgram } from '../../adapters/programs.ts';
import { Interrupted } from '../../errors/hygge-error.ts';
import type { Clock } from '../../ports/clock.ts';
import { parsedJson } from '../../ports/values.ts';
import type { StopSignal, Surroundings } from '../terminal/surroundings.ts';
import { answersGarbage, commandFailed, programAbsent, secretsMissing } from './errors.ts';

/** Prints lines while commands run. */
export interface ProgressLines {
  began(name: string, command: string): void;
  ended(name: string, command: string, seconds: number): void;
  stopping(): void;
}

export interface Places {
  /** The absolute path of the folder with rendered templates for Azure. */
  readonly azure: string;
  readonly aws: string;
  /** Options for commands of `hygge`, if the rendered folder is not below the workspace. */
  readonly inWorkspace: readonly string[];
}

/** Runs commands one after the other, and records the completed commands. After a first Ctrl-C, the current command finishes. A second Ctrl-C ends the current command. */
export class Commands implements Disposable {
  readonly done: string[] = [];
  readonly #surroundings: Surroundings;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #telling: ProgressLines;
  readonly #unlisten: () => void;
  readonly #saved = new Map<string, string>();
  readonly #stop = new AbortController();
  readonly #end = new AbortController();
  #stopped: StopSignal | undefined;

  constructor(surroundings: Surroundings, clock: Pick<Clock, 'monotonicMs'>, telling: ProgressLines) {
    this.#surroundings = surroundings;
    this.#clock = clock;
    this.#telling = telling;
    this.#unlisten = surroundings.onStop((signal) => {
      if (this.#stopped !== undefined) this.#end.abort();
      else telling.stopping();
      this.#stopped ??= signal;
      this.#stop.abort();
    });
  }

  [Symbol.dispose](): void {
    this.#unlisten();
  }

  /** A signal that aborts when the person stops the deployment. */
  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  /** Throws `Interrupted` if the person has stopped the deployment. */
  mayGoOn(): void {
    if (this.#stopped !== undefined) throw new Interrupted(this.#stopped);
  }

  /** Runs a step in the folder that was rendered for it. Throws HYG-1123, HYG-1126, HYG-1127 and HYG-1128, and `Interrupted` before and after the step. */
  async carryOut(step: Step, places: Places): Promise<void> {
    const command = located(step.command, places);
    const { stdout } = await this.told(nameOf(step), command, places[step.folder]);
    if (command.saves !== undefined) this.#saved.set(command.saves, saved(command, stdout));
    if (step.secrets !== undefined) mustHold(step.secrets, namesIn(command, stdout));
    this.done.push(nameOf(step));
    this.mayGoOn();
  }

  /** Runs a command and prints it. @param isFine whether a text on stderr is not a failure. */
  async told(name: string, command: Command, directory: string, isFine?: (said: string) => boolean): Promise<ProgramResult> {
    const shown = shownCommand(command);
    const startedMs = this.#clock.monotonicMs();
    this.#telling.began(name, shown);
    const ended = await this.run(command, directory);
    if (ended.status !== 0 && !(ended.status !== null && isFine?.(ended.stderr))) {
      this.mayGoOn();
      throw commandFailed(command, ended);
    }
    this.#telling.ended(name, shown, (this.#clock.monotonicMs() - startedMs) / 1000);
    return ended;
  }

  /** Runs a command, and returns the result for any exit code. Throws HYG-1123, and `Interrupted` before the command starts. */
  async run(command: Command, directory: string): Promise<ProgramResult> {
    this.mayGoOn();
    const args = command.args.map((word) => (typeof word === 'string' ? word : `${word.before}${this.#saved.get(word.saved) ?? ''}`));
    const { program } = this.#surroundings;
    const environment = { ...this.#surroundings.environment, ...command.variables };
    const started = command.program === 'hygge' ? asProgram(program) : [command.program];
    const [first = '', ...own] = started;
    try {
      return await runProgram({ program: first, args: [...own, ...args], directory, environment, signal: this.#end.signal });
    } catch (error) {
      if (error instanceof NoSuchProgram) throw programAbsent(command.program);
      throw error;
    }
  }
}

/** The words that start a file: the Node of this process runs a module, and any other program is started directly. */
function asProgram(file: string): readonly string[] {
  return /\.[cm]?[jt]s$/.test(file) ? [process.execPath, file] : [file];
}

export function nameOf({ kind, app, command }: Pick<Step, 'kind' | 'app' | 'command'>): string {
  if (kind === 'aws') return command.saves === undefined ? `aws: ${command.program}` : `aws: ${command.saves}`;
  return app === null ? kind : `${kind} ${app}`;
}

/** A command of hygge. If the command does not find its workspace from its working folder, the path of the workspace is added as an option. */
export function located(command: Command, { inWorkspace }: Pick<Places, 'inWorkspace'>): Command {
  return command.program === 'hygge' ? { ...command, args: [...command.args, ...inWorkspace] } : command;
}

/** The output of a command, which must be one word, such as the id of an identity. */
function saved(command: Command, stdout: string): string {
  const word = stdout.trim();
  if (!/^[\w-]{1,200}$/.test(word)) throw answersGarbage(command, 'an id');
  return word;
}

export function namesIn(command: Command, stdout: string): readonly string[] {
  const listed = parsedJson(stdout);
  if (!Array.isArray(listed) || !listed.every((one) => typeof one === 'string')) throw answersGarbage(command, 'a list of names');
  return listed;
}

/** Throws if a vault lacks a secret. Names that differ only in case are the same secret. */
function mustHold(wanted: ReadonlyMap<string, Command>, listed: readonly string[]): void {
  const there = new Set(listed.map((name) => name.toLowerCase()));
  const missing = new Map([...wanted].filter(([name]) => !there.has(name.toLowerCase())));
  if (missing.size > 0) throw secretsMissing(missing, wanted.size);
}
