/**
 * Work over bytes that a thread can do: a function that changes only its output. It is found by its name in the `jobs` of a module that
 * also exports its own `url`. The module is imported with `import()`, so that it is a separate file in the bundle too.
 */
export type ThreadJob = (given: never, input: Buffer, output: Output) => unknown;

export interface JobModule {
  readonly url: string;
  readonly jobs: Readonly<Record<string, ThreadJob>>;
}

/** The result bytes of a job, one after the other, in memory that is reused for the next job. */
export class Output {
  bytes: Buffer;
  length = 0;

  constructor(memory: SharedArrayBuffer) {
    this.bytes = Buffer.from(memory);
  }

  add(chunk: Uint8Array): void {
    this.#reserve(this.length + chunk.length);
    this.bytes.set(chunk, this.length);
    this.length += chunk.length;
  }

  #reserve(needed: number): void {
    if (needed <= this.bytes.length) return;
    const larger = Buffer.from(new SharedArrayBuffer(Math.max(needed, this.bytes.length * 2, leastOutput)));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}

const leastOutput = 1024 * 1024;

/** Memory that contains the input of a job and receives its output. */
export interface Memory {
  readonly input: SharedArrayBuffer;
  readonly output: SharedArrayBuffer;
}

export interface Task {
  readonly job: string;
  readonly given: unknown;
  /** The position of its bytes in the input. */
  readonly from: number;
  readonly to: number;
}

/** A message to a thread. Memory is sent only once: each time would count as separate memory, and make the garbage collector run for it. */
export interface Order extends Task {
  readonly module: string;
  readonly lease: number;
  readonly memory: Memory | undefined;
}

/** The answer of a thread. `failed`: the job threw, which should not happen; `output`: the new memory of the output, if it had to grow. */
export type Reply =
  | { readonly answer: unknown; readonly length: number; readonly output: SharedArrayBuffer | undefined }
  | { readonly failed: string };

export async function carryOut({ job, given, from, to }: Task, { input, output }: Memory, { jobs }: JobModule): Promise<Reply> {
  try {
    const run = jobs[job];
    if (run === undefined) return { failed: `there is no job ${job}` };
    const out = new Output(output);
    const answer = await run(given as never, Buffer.from(input, from, to - from), out);
    const memory = out.bytes.buffer as unknown as SharedArrayBuffer;
    return { answer, length: out.length, output: memory === output ? undefined : memory };
  } catch (error) {
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
