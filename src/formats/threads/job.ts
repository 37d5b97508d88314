/**
 * Work over bytes that a thread can do: a function that changes only its output. A thread finds the function by its name in the `jobs` of a
 * module, which also exports its own `url`. The module is imported with `import()`, so that the module is a separate file in the bundle
 * too.
 */
export type ThreadJob = (given: never, input: Buffer, output: Output) => unknown;

export interface JobModule {
  readonly url: string;
  readonly jobs: Readonly<Record<string, ThreadJob>>;
}

/** The bytes that a job returns, one after the other. Their memory is reused for the next job. */
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

/** The memory with the input of a job, and the memory for the job’s output. */
export interface Memory {
  readonly input: SharedArrayBuffer;
  readonly output: SharedArrayBuffer;
}

export interface Task {
  readonly job: string;
  readonly given: unknown;
  /** The position of the task’s bytes in the input. */
  readonly from: number;
  readonly to: number;
}

/** A message to a thread. Each memory is sent to a thread only once. If it were sent again, it would count as separate memory, and the garbage collector would run because of it. */
export interface Order extends Task {
  readonly module: string;
  readonly lease: number;
  readonly memory: Memory | undefined;
}

/** The answer of a thread. `failed`: the job threw an error, which should not happen. `output`: the new memory of the output, if the output had to grow. */
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
