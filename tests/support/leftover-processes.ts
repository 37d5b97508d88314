import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

export interface Leftover {
  readonly pid: number;
  readonly command: string;
}

const name = 'HYGGE_TEST_RUN';

/** From now on every process that this one starts, at any depth, carries the mark in its environment. */
export function markThisRun(): string {
  const mark = `${process.pid}-${process.hrtime.bigint()}`;
  process.env[name] = mark;
  return mark;
}

/** The mark of the run that this process belongs to. */
export const markOfThisRun = (): string => process.env[name] ?? String(process.pid);

/**
 * Processes that carry the mark and do not belong to vitest itself. One that is just ending gets `graceMs` to go.
 * Linux only; elsewhere there is no list of other processes' environments and the answer is empty.
 */
export async function leftoverProcesses(mark: string, graceMs = 60_000): Promise<readonly Leftover[]> {
  const giveUpAt = performance.now() + graceMs;
  for (;;) {
    const found = marked(mark);
    if (found.length === 0 || performance.now() > giveUpAt) return found;
    await wait(50);
  }
}

export function endLeftovers(leftovers: readonly Leftover[]): void {
  for (const { pid } of leftovers) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

function marked(mark: string): readonly Leftover[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .flatMap((pid) => {
      const environment = read(pid, 'environ').split('\0');
      const command = read(pid, 'cmdline').replaceAll('\0', ' ').trim();
      const ours = environment.includes(`${name}=${mark}`) && !isVitestWorker(pid, command);
      return ours ? [{ pid: Number(pid), command }] : [];
    });
}

/** vitest ends its own workers after this look; they are its direct children. */
function isVitestWorker(pid: string, command: string): boolean {
  return /vitest.*worker/.test(command) && /^PPid:\t(\d+)/m.exec(read(pid, 'status'))?.[1] === String(process.pid);
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // gone, or another user's
  }
}
