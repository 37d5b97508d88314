import { readFileSync, readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism, hostname } from 'node:os';
import type { Holder, Host } from '../ports/host.ts';

/**
 * This process and machine. Another process is `dead` only when the kernel proves it: it is of this host and of an earlier boot, or its pid is free, or its
 * pid belongs to a process that started at another time. Without `/proc` (macOS, Windows) only a free pid proves it. Containers on one kernel number
 * their processes apart: of a pid in another one's numbering nothing is known, even under the same host name.
 */
export function realHost(program = 'hygge'): Host {
  const self: Holder = {
    host: hostname(),
    boot: bootId(),
    pid: process.pid,
    started: startedAt(readQuietly(`/proc/${process.pid}/stat`)),
    program,
  };
  return { self, processors: availableParallelism(), fate: (holder) => fateOf(holder, self) };
}

async function fateOf(holder: Holder, self: Holder): Promise<'alive' | 'dead' | 'unknown'> {
  if (holder.host !== self.host) return 'unknown';
  const [boot, numbering] = holder.boot.split(' ');
  const [ourBoot, ourNumbering] = self.boot.split(' ');
  if (boot !== ourBoot) return boot !== '' && ourBoot !== '' ? 'dead' : 'unknown';
  if (numbering !== ourNumbering) return 'unknown';
  if (!Number.isSafeInteger(holder.pid) || holder.pid <= 0) return 'unknown';
  if (pidIsFree(holder.pid)) return 'dead';
  const started = startedAt(await readFile(`/proc/${holder.pid}/stat`, 'latin1').catch(() => ''));
  if (started === '' || holder.started === '') return 'unknown';
  return started === holder.started ? 'alive' : 'dead';
}

function pidIsFree(pid: number): boolean {
  try {
    // Signal 0 asks without sending.
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/** Field 22 of `/proc/<pid>/stat`, in ticks since boot. The name in field 2 may hold spaces and brackets: count from its last bracket. */
function startedAt(stat: string): string {
  const state = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A zombie has ended; only its parent has not noticed yet.
  if (state[0] === 'Z' || state[0] === 'X') return 'ended';
  return state[19] ?? '';
}

/** The kernel's id of this boot and of the numbering of processes we live in. */
function bootId(): string {
  const boot = readQuietly('/proc/sys/kernel/random/boot_id').trim();
  return boot === '' ? '' : `${boot} ${pidNumbering()}`;
}

function pidNumbering(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
