import { EventEmitter } from 'node:events';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * For vite: connections to SQLite in the process of a test take threads that earlier connections have left. A thread takes about 60 ms of a processor to start, which
 * is more than the rest of a short run. A hygge of its own process starts a thread for each connection.
 */
export const keptThreads = {
  name: 'kept-threads',
  enforce: 'pre' as const,
  transform(code: string, id: string): string | undefined {
    if (!id.endsWith('/src/databases/sqlite/connect.ts')) return undefined;
    const own = "import { Worker } from 'node:worker_threads'";
    if (!code.includes(own) || !code.includes('new Worker('))
      throw new Error(`${id} starts its threads in another way: see kept-threads.ts`);
    return code.replace(own, `import { keptThread } from ${JSON.stringify(import.meta.filename)}`).replace('new Worker(', 'keptThread(');
  },
};

/** The host of a thread sends this once a connection has closed its file. */
export const over = 'over';

type Thread = EventEmitter & Pick<Worker, 'postMessage' | 'ref' | 'unref' | 'terminate'>;

/** Threads without a connection. */
const idle: Worker[] = [];
/** Most runs have two connections at once. */
const mostIdle = 4;
const post = Worker.prototype.postMessage;
/** `Worker` itself becomes another class as soon as a test puts one in its place. */
const original = Worker;

/** A thread for one connection, as `new Worker` gives it; a test that puts another class in place of `Worker` has a new one of that class. */
export function keptThread(url: URL, options: WorkerOptions): Thread {
  if (Worker !== original) return new Worker(url, options);
  const thread = idle.pop() ?? started(url, options);
  // By the original method: this is no question to the connection, and a test that replaced the method counts questions.
  post.call(thread, options.workerData);
  return new Lease(thread);
}

function started(url: URL, options: WorkerOptions): Worker {
  const host = new URL('./kept-thread-host.ts', import.meta.url);
  return new Worker(host, { ...options, workerData: { url: url.href } });
}

/** A thread for as long as one connection has it. */
class Lease extends EventEmitter {
  readonly #thread: Worker;
  readonly #closed = Promise.withResolvers<boolean>();
  #isClosing = false;
  #ended: Promise<number> | undefined;

  constructor(thread: Worker) {
    super();
    this.#thread = thread;
    thread.on('message', (message) => (message === over ? this.#closed.resolve(true) : this.emit('message', message)));
    thread.on('error', (error) => this.emit('error', error));
    thread.on('exit', (code) => {
      this.#closed.resolve(false);
      this.emit('exit', code);
    });
  }

  ref(): void {
    this.#thread.ref();
  }

  unref(): void {
    this.#thread.unref();
  }

  postMessage(question: { readonly kind: string }, transfer: readonly ArrayBuffer[] = []): void {
    this.#isClosing = question.kind === 'close';
    this.#thread.postMessage(question, transfer);
  }

  /** Ends the thread, unless its connection has closed by itself. */
  terminate(): Promise<number> {
    this.#ended ??= this.#isClosing ? this.#leave() : this.#thread.terminate();
    return this.#ended;
  }

  async #leave(): Promise<number> {
    const isWhole = await this.#closed.promise;
    // Not all listeners: by some of its own a worker knows when to take messages.
    for (const event of ['message', 'error', 'exit']) this.#thread.removeAllListeners(event);
    if (!isWhole || idle.length >= mostIdle) return this.#thread.terminate();
    this.#thread.unref();
    idle.push(this.#thread);
    return 0;
  }
}
