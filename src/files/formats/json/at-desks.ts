import type { Desk, Threads } from '../../threads/threads.ts';
import { startOfText } from './feed.ts';
import { type LineRange, type Lines, linesIn } from './lines.ts';

/** Chunks of lines, each with a desk of its own; what comes of them, in their order, while up to `ahead` more are worked at. */
export async function* atDesks<T>(
  range: LineRange,
  { threads, ahead }: { readonly threads: Threads; readonly ahead: number },
  work: (desk: Desk, lines: Lines) => Promise<T>,
): AsyncGenerator<T> {
  let next: Desk | undefined;
  const memory = async (bytes: number): Promise<Buffer> => {
    next ??= await threads.desk();
    return next.memory(bytes);
  };
  const underWay: Promise<T>[] = [];
  try {
    for await (const lines of linesIn({ ...range, memory })) {
      // Before a desk is taken: what is refused here would keep it.
      const text = withoutMark(lines, range.source.name);
      const desk = next ?? (await threads.desk());
      next = undefined;
      const one = atDesk(desk, text, work);
      // It is told when its turn comes; until then nobody listens.
      one.catch(() => undefined);
      underWay.push(one);
      const [first] = underWay.length > ahead ? underWay.splice(0, 1) : [];
      if (first) yield await first;
    }
    for (let first = underWay.shift(); first; first = underWay.shift()) yield await first;
  } finally {
    next?.[Symbol.dispose]();
    await Promise.allSettled(underWay);
  }
}

async function atDesk<T>(desk: Desk, lines: Lines, work: (desk: Desk, lines: Lines) => Promise<T>): Promise<T> {
  using own = desk;
  return await work(own, lines);
}

function withoutMark(lines: Lines, file: string): Lines {
  const start = startOfText(lines, file);
  return { bytes: lines.bytes.subarray(start), offset: lines.offset + start };
}
