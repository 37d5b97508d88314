/** The errors of a Delta log that can't be read. */
import { deltaLogCodes } from '../../errors/codes/delta/log.ts';
import { HomeError } from '../../errors/hygge-error.ts';

export type DeltaLogCode = keyof typeof deltaLogCodes;

interface More {
  readonly why?: readonly string[];
  readonly tryThis?: readonly string[];
  readonly cause?: unknown;
}

/** A HomeError about a log. Its next step comes from the catalogue of codes. */
export function deltaError(code: DeltaLogCode, what: string, details: More = {}): HomeError {
  return new HomeError({ code, what, tryThis: deltaLogCodes[code].tryThis, ...details });
}

/** The error for a commit, or a checkpoint in JSON, that violates the protocol. The caller adds the name of the file. */
export class BadAction extends Error {
  override readonly name = 'BadAction';
}

/** The error for a commit or a log that contradicts itself. The caller adds the name of the file. */
export class Contradiction extends Error {
  override readonly name = 'Contradiction';
}

/** The error for a file of the log that can’t be used. The actions of this file may also be in other files. */
export class UnusableLogFile extends Error {
  override readonly name = 'UnusableLogFile';
  readonly path: string;
  readonly error: HomeError;
  constructor(path: string, error: HomeError) {
    super(error.message);
    this.path = path;
    this.error = error;
  }
}

export function noTable(table: string): HomeError {
  const above = /^(.+)\/_delta_log\/?$/.exec(table)?.[1];
  return deltaError('HYG-3701', `${table} is not a Delta table.`, {
    why: [
      above === undefined
        ? 'The folder `_delta_log` of the table has no commit and no checkpoint.'
        : 'This folder is the log of the table in the folder above.',
    ],
    ...(above === undefined ? {} : { tryThis: [`path: ${above}`] }),
  });
}

export function gap(table: string, missing: number, version: number): HomeError {
  return deltaError('HYG-3702', `The log of ${table} has a gap: version ${missing} is missing.`, {
    why: [`Version ${version} can’t be read without the changes of version ${missing}, and no checkpoint has these changes.`],
  });
}

export function cleanedUp(table: string, wanted: string, oldest: number | null): HomeError {
  return deltaError('HYG-3703', `The log of ${table} does not reach back to ${wanted}.`, {
    why: [
      oldest === null ? 'The log contains neither a checkpoint nor the first commit.' : `The oldest version that can be read is ${oldest}.`,
    ],
    ...(oldest === null
      ? {}
      : { tryThis: [`Choose version ${oldest} or a newer version.`, ...deltaLogCodes['HYG-3703'].tryThis.slice(1)] }),
  });
}

/** @param newest the newest version, to suggest it to the user; absent: no suggestion. */
export function noSuchVersion(table: string, wanted: string, why: string, newest?: number): HomeError {
  const tryThis = newest === undefined ? {} : { tryThis: [`version: ${newest}`, deltaLogCodes['HYG-3704'].tryThis[1]] };
  return deltaError('HYG-3704', `${table} has no version for ${wanted}.`, { why: [why], ...tryThis });
}

export function badCommit(name: string, why: string, cause?: unknown): HomeError {
  return deltaError('HYG-3705', `${name} can’t be read.`, { why: [why], cause });
}

export function badCheckpoint(name: string, why: readonly string[], cause?: unknown): HomeError {
  return deltaError('HYG-3706', `The checkpoint ${name} can’t be read, and some commits before it are missing.`, { why, cause });
}

export function contradiction(name: string, why: string): HomeError {
  return deltaError('HYG-3707', `${name} contradicts itself.`, { why: [why] });
}

export function timeless(table: string, version: number): HomeError {
  return deltaError('HYG-3711', `Version ${version} of ${table} does not say when it was made.`, {
    why: ['The table has delta.enableInCommitTimestamps, but `commitInfo` of the commit has no `inCommitTimestamp`.'],
  });
}

export function changedMeanwhile(table: string, path: string): HomeError {
  return deltaError('HYG-3712', `The log of ${table} changed while it was read.`, {
    why: [`${path} existed when the log was listed, but is missing now.`],
  });
}
