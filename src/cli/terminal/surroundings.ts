import type { Network } from '../../ports/network.ts';

/** The process around a command: where it writes, what it was given, who can stop it. Real in main.ts, made up in tests. */
export interface Stream {
  write(text: string): void;
  /** Bytes as they come, no faster than they are taken; ends early when the reader closes it. Absent: it is only for text. */
  pour?(pieces: AsyncIterable<Uint8Array>): Promise<void>;
  /** A person looks at it. */
  readonly terminal: boolean;
  size(): { readonly columns: number; readonly rows: number };
}

export type StopSignal = 'SIGINT' | 'SIGTERM';

export interface Surroundings {
  /** The absolute working directory. */
  readonly directory: string;
  /** The file that this program is started by, absolute. */
  readonly program: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What is piped into it; absent: nothing. */
  readonly input?: AsyncIterable<Uint8Array> | undefined;
  readonly out: Stream;
  readonly err: Stream;
  /** The network of the process. */
  readonly network: Network;
  /**
   * Asks the person; undefined: no person is there to answer. Who leaves a question of yes or no with Ctrl-C or Ctrl-D has answered nothing: ''; to
   * leave another one is a `StoppedAtQuestion`. `unseen`: the answer is not shown while it is typed. `whole`: it is shown.
   */
  readonly ask: ((question: string, how?: 'unseen' | 'whole') => Promise<string>) | undefined;
  /** Calls `listener` at every signal until the answer is called. */
  onStop(listener: (signal: StopSignal) => void): () => void;
  /** Ends the process at once. */
  leave(code: number): void;
}

/** The same surroundings with other members. A getter stays one: the input is looked at only by who reads it. */
export function surroundingsWith<S extends Surroundings>(given: S, others: Partial<Surroundings>): S {
  return Object.defineProperties({}, { ...Object.getOwnPropertyDescriptors(given), ...Object.getOwnPropertyDescriptors(others) }) as S;
}

/** Ctrl-C or Ctrl-D at a question that has no answer for it: nothing is done. */
export class StoppedAtQuestion extends Error {}

/** Flags that every command has. */
export interface CommonFlags {
  readonly directory?: string | undefined;
  /** The name of the chosen target of the workspace. */
  readonly target?: string | undefined;
  /** What it advises names the target where that belongs: nothing is to be added. */
  readonly writesTarget?: boolean | undefined;
  readonly color: boolean;
  readonly output: 'text' | 'json';
  readonly verbose?: boolean | undefined;
}
