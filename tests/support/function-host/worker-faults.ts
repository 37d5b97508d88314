/**
 * Ends or halts this process at one exact write. Writes are what leaves it: requests over HTTP that change something, and changes of the disk.
 * Nothing of the app knows of it.
 */
import diagnostics from 'node:diagnostics_channel';
import fs from 'node:fs/promises';
import type { ClientRequest } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';

export interface WorkerFault {
  /** Counts from 1, from the moment it is armed. */
  readonly atWrite: number;
  /** After: it has happened, and the answer never reaches the app. */
  readonly when: 'before' | 'after';
  /** `halt`: as a machine that sleeps; it may be woken up. */
  readonly what: 'kill' | 'halt';
}

const changing = new Set(['POST', 'PUT', 'PATCH', 'DELETE', 'MERGE']);
const diskWrites = ['rename', 'link', 'unlink', 'rm', 'rmdir', 'mkdir', 'writeFile', 'appendFile'] as const;

/** `told`: is said just before it halts. */
export function watchWrites(told: (what: 'halting') => void): { arm(fault: WorkerFault | null): void; writes(): number } {
  let armed: WorkerFault | null = null;
  let count = 0;
  const strike = (when: WorkerFault['when'], n: number) => {
    if (armed === null || armed.when !== when || armed.atWrite !== n) return;
    const { what } = armed;
    armed = null;
    if (what === 'kill') process.kill(process.pid, 'SIGKILL');
    told('halting');
    process.kill(process.pid, 'SIGSTOP');
  };
  const begin = (): number => {
    count += 1;
    strike('before', count);
    return count;
  };
  watchHttp(begin, (n) => strike('after', n));
  watchDisk(begin, (n) => strike('after', n));
  return {
    arm(fault) {
      armed = fault;
      count = 0;
    },
    writes: () => count,
  };
}

function watchHttp(begin: () => number, ended: (n: number) => void): void {
  const numbers = new WeakMap<ClientRequest, number>();
  diagnostics.subscribe('http.client.request.created', (message) => {
    const { request } = message as { request: ClientRequest };
    if (changing.has(request.method)) numbers.set(request, begin());
  });
  diagnostics.subscribe('http.client.response.finish', (message) => {
    const n = numbers.get((message as { request: ClientRequest }).request);
    if (n !== undefined) ended(n);
  });
}

function watchDisk(begin: () => number, ended: (n: number) => void): void {
  const open = fs as unknown as Record<string, (...given: unknown[]) => Promise<unknown>>;
  for (const name of diskWrites) {
    const real = open[name];
    if (real === undefined) continue;
    open[name] = async (...given) => {
      const n = begin();
      const result = await real.apply(fs, given);
      ended(n);
      return result;
    };
  }
  syncBuiltinESMExports();
}
