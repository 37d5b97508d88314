import type { Network } from '../../ports/network.ts';

/** The process around a command: its streams, input, environment and signals. Real in main.ts, simulated in tests. */
export interface Stream {
  write(text: string): void;
  /** Writes bytes as they arrive, with backpressure. Ends early if the reader closes the stream. Absent: the stream is only for text. */
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
  /** The piped input. Absent: there is none. */
  readonly input?: AsyncIterable<Uint8Array> | undefined;
  readonly out: Stream;
  readonly err: Stream;
  /** The network of the process. */
  readonly network: Network;
  /**
   * Asks the person. Undefined: no person can answer. Ctrl-C or Ctrl-D at a question of yes or no counts as the answer ''. At another
   * question, it throws `StoppedAtQuestion`. `unseen`: the answer is hidden while it is typed. `whole`: it is shown.
   */
  readonly ask: ((question: string, how?: 'unseen' | 'whole') => Promise<string>) | undefined;
  /** Calls `listener` at every signal, until the returned function is called. */
  onStop(listener: (signal: StopSignal) => void): () => void;
  /** Ends the process immediately. */
  leave(code: number): void;
}

/** The same surroundings with other members. A getter stays a getter, because the input must be opened only by its reader. */
export function surroundingsWith<S extends Surroundings>(given: S, others: Partial<Surroundings>): S {
  return Object.defineProperties({}, { ...Object.getOwnPropertyDescriptors(given), ...Object.getOwnPropertyDescriptors(others) }) as S;
}

/** Ctrl-C or Ctrl-D at a question without a default answer: nothing is done. */
export class StoppedAtQuestion extends Error {}

/** Flags that every command has. */
export interface CommonFlags {
  readonly directory?: string | undefined;
  /** The name of the chosen target of the workspace. */
  readonly target?: string | undefined;
  /** The printed advice contains the target already, so none is added. */
  readonly writesTarget?: boolean | undefined;
  readonly color: boolean;
  readonly output: 'text' | 'json';
  readonly verbose?: boolean | undefined;
}
