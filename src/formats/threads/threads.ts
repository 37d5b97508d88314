import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { DefectError } from '../../errors/hygge-error.ts';
import { carryOut, type JobModule, type Memory, type Order, type Reply, type Task } from './job.ts';

/** The most threads. Each thread needs memory of its own, and the code that prepares jobs and uses their results needs processors as well. */
const mostThreads = 4;
/** The number of leases beyond one for each thread: one memory is processed while another is filled or emptied. */
const sparesBeside = 1;
/** The most bytes of memory that are kept. Larger memory was needed for an unusually long row, and later rows do not need it. */
const mostKept = 16 * 1024 * 1024;
/** Jobs keep their bytes outside the heap, and objects in the heap are short-lived, so a small young generation is enough. */
const heap = { maxYoungGenerationSizeMb: 2 };

/** Work that waits for a thread. */
interface WaitingTask {
  readonly task: Task;
  readonly lease: number;
  readonly memory: Memory;
  readonly module: JobModule;
  readonly done: (reply: Reply) => void;
}

/**
 * Threads that process bytes while the main thread reads and writes. The threads are few, because all entities that are read at the same
 * time share them. Threads start with the first job, and idle threads do not keep the process alive. If no thread can start, jobs run in
 * the calling thread. A job may read its bytes from a local disk by itself, because passing the bytes costs four turns of the event loop
 * and a copy.
 */
export class Threads {
  readonly #count: number;
  readonly #free: WorkerLease[];
  readonly #askers: ((lease: WorkerLease) => void)[] = [];
  readonly #queue: WaitingTask[] = [];
  readonly #idle: Worker[] = [];
  /** The leases whose memory each thread already has. */
  readonly #told = new WeakMap<Worker, Map<number, Memory>>();
  #started = 0;
  #failed = false;

  /** @param count 0: all jobs run in the calling thread. */
  constructor(count: number = Math.min(mostThreads, availableParallelism())) {
    this.#count = count;
    const give = (lease: WorkerLease) => this.#back(lease);
    this.#free = Array.from({ length: count + sparesBeside }, (_, id) => new WorkerLease(id, (waiting) => this.#take(waiting), give));
  }

  /**
   * Waits until a lease is free. A holder of a lease must not wait for another lease, or for code that waits for a lease: that is a deadlock.
   * @example
   * using lease = await threads.lease();
   * const bytes = await source.read(range, lease.memory(size));
   */
  lease(): Promise<WorkerLease> {
    const lease = this.#free.pop();
    return lease ? Promise.resolve(lease) : new Promise((given) => this.#askers.push(given));
  }

  /** Ends the threads. Unfinished jobs then run in the calling thread. */
  async end(): Promise<void> {
    this.#failed = true;
    await Promise.all(this.#idle.splice(0).map((thread) => thread.terminate()));
  }

  #back(lease: WorkerLease): void {
    const asker = this.#askers.shift();
    if (asker) asker(lease);
    else this.#free.push(lease);
  }

  #take(waiting: WaitingTask): void {
    if (this.#failed || this.#count === 0) void here(waiting);
    else {
      this.#queue.push(waiting);
      void this.#next();
    }
  }

  async #next(): Promise<void> {
    if (this.#idle.length === 0 && this.#started < this.#count) {
      this.#started++;
      await this.#start();
    }
    while (this.#idle.length > 0 && this.#queue.length > 0) {
      const [thread, waiting] = [this.#idle.pop(), this.#queue.shift()];
      if (thread && waiting) this.#work(thread, waiting);
    }
    if (this.#failed) for (const waiting of this.#queue.splice(0)) void here(waiting);
  }

  async #start(): Promise<void> {
    try {
      const { threadOfHygge, url } = await import('./thread.ts');
      const thread = new Worker(new URL(url), { workerData: threadOfHygge, resourceLimits: heap, name: 'hygge' });
      thread.unref();
      // Without a listener, an error would end the whole process. If the thread has a job, the code below handles the error.
      thread.on('error', () => this.#lost(thread));
      this.#told.set(thread, new Map());
      this.#idle.push(thread);
    } catch {
      this.#failed = true;
    }
  }

  #work(thread: Worker, waiting: WaitingTask): void {
    const settle = (reply: Reply | undefined) => {
      thread.off('message', settle);
      thread.off('exit', gone);
      thread.unref();
      if (reply === undefined) {
        this.#lost(thread);
        void here(waiting);
        return;
      }
      waiting.done(reply);
      this.#idle.push(thread);
      void this.#next();
    };
    const gone = () => settle(undefined);
    thread.on('message', settle);
    thread.on('exit', gone);
    thread.ref();
    const { task, lease, memory, module } = waiting;
    const told = this.#told.get(thread);
    const isNews = told?.get(lease) !== memory;
    told?.set(lease, memory);
    thread.postMessage({ ...task, module: module.url, lease, memory: isNews ? memory : undefined } satisfies Order);
  }

  /** Later jobs run without the thread, because a thread that died once would die again. */
  #lost(thread: Worker): void {
    this.#failed = true;
    const at = this.#idle.indexOf(thread);
    if (at >= 0) this.#idle.splice(at, 1);
    void this.#next();
  }
}

/** Runs a task on the calling thread. */
async function here({ task, memory, module, done }: WaitingTask): Promise<void> {
  done(await carryOut(task, memory, module));
}

const none = new SharedArrayBuffer(0);

/** A lease of memory that all threads share and reuse. */
export class WorkerLease implements Disposable {
  readonly #id: number;
  readonly #take: (waiting: WaitingTask) => void;
  readonly #give: (lease: WorkerLease) => void;
  #memory: Memory = { input: none, output: none };
  #input = Buffer.from(this.#memory.input);
  #output = Buffer.from(this.#memory.output);

  constructor(id: number, take: (waiting: WaitingTask) => void, give: (lease: WorkerLease) => void) {
    this.#id = id;
    this.#take = take;
    this.#give = give;
  }

  /** A buffer with room for at least this many bytes, for the caller to fill. */
  memory(bytes: number): Buffer {
    if (this.#input.length < bytes) this.#becomes({ ...this.#memory, input: new SharedArrayBuffer(bytes) });
    return this.#input;
  }

  /**
   * @param of.bytes the input of the job. An input outside `memory` is copied.
   * @returns the result of the job, and the bytes of the job’s output, which are valid until the lease is released.
   */
  async run<T>(
    module: JobModule,
    job: string,
    of: { readonly given: unknown; readonly bytes: Buffer },
  ): Promise<{ answer: T; output: Buffer }> {
    const { given, bytes } = of;
    const isHere = bytes.buffer === this.#input.buffer;
    if (!isHere) bytes.copy(this.memory(bytes.length));
    const from = isHere ? bytes.byteOffset : 0;
    const task = { job, given, from, to: from + bytes.length };
    const memory = this.#memory;
    const reply = await new Promise<Reply>((done) => this.#take({ task, lease: this.#id, memory, module, done }));
    if ('failed' in reply) throw broken(job, reply.failed);
    if (reply.output) this.#becomes({ ...memory, output: reply.output });
    return { answer: reply.answer as T, output: this.#output.subarray(0, reply.length) };
  }

  [Symbol.dispose](): void {
    const { input, output } = this.#memory;
    if (input.byteLength + output.byteLength > mostKept) this.#becomes({ input: none, output: none });
    this.#give(this);
  }

  #becomes(memory: Memory): void {
    if (memory.input !== this.#memory.input) this.#input = Buffer.from(memory.input);
    if (memory.output !== this.#memory.output) this.#output = Buffer.from(memory.output);
    this.#memory = memory;
  }
}

function broken(job: string, why: string): DefectError {
  return new DefectError({
    code: 'HYG-9001',
    what: `A thread could not do its work (${job}).`,
    why: [why],
    tryThis: ['Run again. If the error stays, report it: this should not be possible'],
  });
}

let shared: Threads | undefined;

/** The threads that this process shares. */
export function sharedThreads(): Threads {
  shared ??= new Threads();
  return shared;
}
