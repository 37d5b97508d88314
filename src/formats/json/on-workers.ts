import type { Threads, WorkerLease } from '../threads/threads.ts';
import { startOfText } from './feed.ts';
import type { Done, LinesInput } from './jobs.ts';
import { type LineRange, type Lines, linesIn } from './lines.ts';

interface OnWorkers {
  readonly threads: Threads;
  /** How many further chunks are being processed while the code waits for one chunk. */
  readonly ahead: number;
}

/** Processes the lines of a chunk on a thread. Undefined: the thread could not read the lines itself. */
export type Work<T> = (lease: WorkerLease, lines: LinesInput, bytes: Buffer) => Promise<Done<T> | undefined>;

/** Processes chunks of lines on threads, each chunk with its own lease. The results are in the order of the chunks. */
export async function* onWorkers<T>(range: LineRange, { threads, ahead }: OnWorkers, work: Work<T>): AsyncGenerator<T> {
  const { localPath } = range.source;
  const isOwn = range.compression === 'none' && localPath !== undefined;
  const chunks = isOwn ? ownChunks(range, localPath, { threads, work }) : readChunks(range, { threads, work });
  const underWay: Promise<readonly T[]>[] = [];
  try {
    for await (const { done } of chunks) {
      // If a chunk fails, the error is thrown when the code waits for the chunk. Until then, the error must not count as unhandled.
      done.catch(() => undefined);
      underWay.push(done);
      const [first] = underWay.length > ahead ? underWay.splice(0, 1) : [];
      if (first) yield* await first;
    }
    for (let first = underWay.shift(); first; first = underWay.shift()) yield* await first;
  } finally {
    await Promise.allSettled(underWay);
  }
}

interface Chunk<T> {
  /** The promise is in an object, because a generator would await a promise that it yields. */
  readonly done: Promise<readonly T[]>;
}

interface WorkerWork<T> {
  readonly threads: Threads;
  readonly work: Work<T>;
}

/** The chunks for threads that read the file themselves. A thread gets only the positions of its chunk. */
async function* ownChunks<T>(range: LineRange, path: string, { threads, work }: WorkerWork<T>): AsyncGenerator<Chunk<T>> {
  const { source, to, chunkBytes } = range;
  for (let from = range.from; from < to; from += chunkBytes) {
    const part = { from, to: Math.min(to, from + chunkBytes) };
    yield { done: byItself(await threads.lease(), { ...range, ...part }, { path, bytes: source.bytes, ...part }, work) };
  }
}

async function byItself<T>(
  lease: WorkerLease,
  range: LineRange,
  of: { readonly path: string; readonly bytes: number; readonly from: number; readonly to: number },
  work: Work<T>,
): Promise<readonly T[]> {
  using taken = lease;
  for (;;) {
    const add = range.source.readsDirectly?.();
    const own = await work(taken, { own: of }, nothing);
    if (own === undefined) return await handedOver(taken, range, work);
    if (own.read === undefined || add === undefined || (await add(own.read))) return [own.done];
  }
}

/** Reads the lines of a chunk again, in a way that reports their faults. */
async function handedOver<T>(lease: WorkerLease, range: LineRange, work: Work<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const lines of linesIn({ ...range, memory: async (bytes) => lease.memory(bytes) })) {
    const { bytes, offset } = withoutMark(lines, range.source.name);
    const given = await work(lease, { offset }, bytes);
    if (given !== undefined) all.push(given.done);
  }
  return all;
}

const nothing = Buffer.alloc(0);

async function* readChunks<T>(range: LineRange, { threads, work }: WorkerWork<T>): AsyncGenerator<Chunk<T>> {
  let next: WorkerLease | undefined;
  const memory = async (bytes: number): Promise<Buffer> => {
    next ??= await threads.lease();
    return next.memory(bytes);
  };
  try {
    for await (const lines of linesIn({ ...range, memory })) {
      // This line may throw, so it comes before the lease: an error after the lease would keep the lease forever.
      const text = withoutMark(lines, range.source.name);
      const lease = next ?? (await threads.lease());
      next = undefined;
      yield { done: onWorker(lease, text, work) };
    }
  } finally {
    next?.[Symbol.dispose]();
  }
}

async function onWorker<T>(lease: WorkerLease, { bytes, offset }: Lines, work: Work<T>): Promise<readonly T[]> {
  using taken = lease;
  const given = await work(taken, { offset }, bytes);
  return given === undefined ? [] : [given.done];
}

function withoutMark(lines: Lines, file: string): Lines {
  const start = startOfText(lines, file);
  return { bytes: lines.bytes.subarray(start), offset: lines.offset + start };
}
