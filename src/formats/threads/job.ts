/**
 * Work over bytes that a thread can do: a function that changes nothing but its output, found by its name in the `jobs` of a module that exports
 * its own `url` as well, and that is imported with `import()`, so that it is a file of its own in the bundle too.
 */
export type ThreadJob = (given: never, input: Buffer, output: Output) => unknown;

export interface JobModule {
  readonly url: string;
  readonly jobs: Readonly<Record<string, ThreadJob>>;
}

/** Bytes that a job answers with, one after the other in memory that is used again for the next job. */
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

/** Memory that a job takes its bytes from and leaves its answer in. */
export interface Memory {
  readonly input: SharedArrayBuffer;
  readonly output: SharedArrayBuffer;
}

export interface Task {
  readonly job: string;
  readonly given: unknown;
  /** Where in the input its bytes are. */
  readonly from: number;
  readonly to: number;
}

/** What a thread is told. Memory is told of once: every mention would count as memory of its own, and have the garbage collector look for it. */
export interface Order extends Task {
  readonly module: string;
  readonly lease: number;
  readonly memory: Memory | undefined;
}

/** What it says to that. `failed`: the job threw, which it should not; `output`: where it is now, if it had to grow. */
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
