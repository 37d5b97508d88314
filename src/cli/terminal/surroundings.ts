import type { Network } from '../../ports/network.ts';

/** The process around a command: its streams, input, environment and signals. main.ts passes the real process, and tests pass a simulated process. */
export interface Stream {
  write(text: string): void;
  /** Writes bytes as they arrive, with backpressure. Ends early if the reader closes the stream. Absent: only text can be written to the stream. */
  pour?(pieces: AsyncIterable<Uint8Array>): Promise<void>;
  /** Whether the stream is a terminal. */
  readonly terminal: boolean;
  size(): { readonly columns: number; readonly rows: number };
}

export type StopSignal = 'SIGINT' | 'SIGTERM';

export interface Surroundings {
  /** The absolute working directory. */
  readonly directory: string;
  /** The absolute path of the file that starts this program. */
  readonly program: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The input from a pipe. Absent: the process has no piped input. */
  readonly input?: AsyncIterable<Uint8Array> | undefined;
  readonly out: Stream;
  readonly err: Stream;
  /** The network of the process. */
  readonly network: Network;
  /**
   * Asks the person a question. Undefined: no person can answer. At a question of yes or no, Ctrl-C and Ctrl-D count as the answer ''. At any other
   * question, Ctrl-C and Ctrl-D throw `StoppedAtQuestion`. `unseen`: the answer is hidden while the person types. `whole`: the answer is shown.
   */
  readonly ask: ((question: string, how?: 'unseen' | 'whole') => Promise<string>) | undefined;
  /** Calls `listener` at each signal, until the returned function is called. */
  onStop(listener: (signal: StopSignal) => void): () => void;
  /** Ends the process immediately. */
  leave(code: number): void;
}

/** The same surroundings with some other members. A getter stays a getter, because the input may be opened only by the code that reads it. */
export function surroundingsWith<S extends Surroundings>(given: S, others: Partial<Surroundings>): S {
  return Object.defineProperties({}, { ...Object.getOwnPropertyDescriptors(given), ...Object.getOwnPropertyDescriptors(others) }) as S;
}

/** Thrown if the person presses Ctrl-C or Ctrl-D at a question without a default answer, so that nothing is done. */
export class StoppedAtQuestion extends Error {}

/** The flags that each command has. */
export interface CommonFlags {
  readonly directory?: string | undefined;
  /** The name of the chosen target of the workspace. */
  readonly target?: string | undefined;
  /** Whether printed advice already contains the target, so that the target is not added. */
  readonly writesTarget?: boolean | undefined;
  readonly color: boolean;
  readonly output: 'text' | 'json';
  readonly verbose?: boolean | undefined;
}
