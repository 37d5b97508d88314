import { access, constants } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { StoreError } from '../../errors/hygge-error.ts';
import { reservedPrefix } from '../paths.ts';

/** The name of the lock file of a folder with compare-and-swap files. The lock file is always empty, and stays in the folder. */
export const lockName = `${reservedPrefix}lock`;

const sqliteBusy = 5;

/**
 * Runs `act` alone among all processes of this machine that use the same folder. The lock is a write lock on an empty SQLite database. The kernel holds the lock, so the
 * lock ends with its process and is never stale. `act` is synchronous and takes a millisecond, because the event loop must not run while the lock is held.
 */
export async function withFolderLock<T>(folder: string, act: () => T, patienceMs = 30_000): Promise<T> {
  const started = performance.now();
  for (let attempt = 1; ; attempt++) {
    const tried = attemptAlone(folder, act);
    if (tried.held) return tried.result;
    if (tried.code !== sqliteBusy) throw await unusable(folder, tried.error);
    if (performance.now() - started > patienceMs) throw busy(folder, patienceMs, tried.error);
    // The pause becomes longer with each try and depends on the process id. So two waiting processes do not try at the same time again and again.
    await pause(Math.min(attempt, 10) + (process.pid % 7) / 2);
  }
}

type Attempt<T> = { readonly held: true; readonly result: T } | { readonly held: false; readonly code: number; readonly error: unknown };

function attemptAlone<T>(folder: string, act: () => T): Attempt<T> {
  let database: DatabaseSync | undefined;
  try {
    database = new (sqlite())(join(folder, lockName), { timeout: 0 });
    // Nothing is written to the database, so no journal file is needed, even after a kill.
    database.exec('PRAGMA journal_mode = memory; BEGIN IMMEDIATE');
  } catch (error) {
    database?.close();
    return { held: false, code: sqliteCode(error), error };
  }
  try {
    return { held: true, result: act() };
  } finally {
    // Closing rolls back and releases the lock: nothing was ever written to the database.
    database.close();
  }
}

function sqliteCode(error: unknown): number {
  // The low byte is the basic result code. The other bytes only add details.
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : -1;
}

let loaded: typeof DatabaseSync | undefined;

/** SQLite, loaded only for the first swap, because most commands need no lock. Hides the warning of older Node versions that SQLite is experimental. */
function sqlite(): typeof DatabaseSync {
  if (loaded) return loaded;
  const warn = process.emitWarning;
  process.emitWarning = () => undefined;
  try {
    const module = createRequire(import.meta.url)('node:sqlite') as typeof import('node:sqlite');
    loaded = module.DatabaseSync;
    return loaded;
  } finally {
    process.emitWarning = warn;
  }
}

async function unusable(folder: string, error: unknown): Promise<unknown> {
  try {
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    await access(join(folder, lockName), constants.R_OK | constants.W_OK);
  } catch (plain) {
    return plain;
  }
  return new StoreError({
    code: 'HYG-4010',
    what: `The lock file ${join(folder, lockName)} cannot be used.`,
    why: [error instanceof Error ? error.message : String(error)],
    tryThis: ['Remove that file while no hygge is running: it never contains anything.', 'Keep the folder on a disk of this machine.'],
    cause: error,
  });
}

function busy(folder: string, patienceMs: number, error: unknown): StoreError {
  return new StoreError({
    code: 'HYG-4009',
    what: `Another process has held ${join(folder, lockName)} for more than ${patienceMs / 1000} seconds.`,
    why: ['A process keeps the lock for a millisecond at a time. A suspended process still has the lock.'],
    tryThis: ['Look for a suspended hygge process. Let this process continue, or end it. Then run again.'],
    transient: true,
    cause: error,
  });
}
