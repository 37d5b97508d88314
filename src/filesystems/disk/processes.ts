import { readFileSync, readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { LeaseHolder } from '../../ports/host.ts';

/** Identifies one process among all processes of any machine and time. */
export type Identity = Omit<LeaseHolder, 'program'>;

let known: Identity | undefined;

/** The identity of this process. */
export function ownIdentity(): Identity {
  known ??= identityOf(process.pid);
  return known;
}

/** The identity of a process of this machine that exists now. */
export function identityOf(pid: number): Identity {
  return { host: hostname(), boot: bootId(), pid, started: startedAt(readQuietly(`/proc/${pid}/stat`)) };
}

/**
 * The state of another process. `dead` only if the kernel proves it: the process ran on this host before the last boot, or its pid is free, or its pid
 * belongs to a process that started at another time. Without `/proc` (macOS, Windows), only a free pid is proof. Containers on one kernel number their
 * processes separately, so a pid of another numbering proves nothing, even under the same host name.
 */
export async function fateOf(other: Identity, us: Identity): Promise<'alive' | 'dead' | 'unknown'> {
  if (other.host !== us.host) return 'unknown';
  const [boot, numbering] = other.boot.split(' ');
  const [ourBoot, ourNumbering] = us.boot.split(' ');
  if (boot !== ourBoot) return boot !== '' && ourBoot !== '' ? 'dead' : 'unknown';
  if (numbering !== ourNumbering) return 'unknown';
  if (!Number.isSafeInteger(other.pid) || other.pid <= 0) return 'unknown';
  if (pidIsFree(other.pid)) return 'dead';
  const started = startedAt(await readFile(`/proc/${other.pid}/stat`, 'latin1').catch(() => ''));
  if (started === '' || other.started === '') return 'unknown';
  return started === other.started ? 'alive' : 'dead';
}

function pidIsFree(pid: number): boolean {
  try {
    // Signal 0 checks without sending a signal.
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/** Field 22 of `/proc/<pid>/stat`, in ticks since boot. The name in field 2 may contain spaces and brackets, so fields are counted from its last bracket. */
function startedAt(stat: string): string {
  const state = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A zombie has ended, but its parent has not noticed yet.
  if (state[0] === 'Z' || state[0] === 'X') return 'ended';
  return state[19] ?? '';
}

/** The kernel's id of this boot and of this process numbering. */
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
