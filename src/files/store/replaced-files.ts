/** Decides which settled files a commit replaces. */
import type { PrepareRequest } from '../../engine/contracts/intent.ts';
import type { Supersede } from '../../engine/contracts/store.ts';
import type { ListedFile, QuarantinedFile } from './head/head-log.ts';
import { quarantineOverlap, rangesOverlap } from './range.ts';
import { fileOfSlice } from './rework.ts';

/** Whether a commit removes a file in quarantine. Rows that break a rule are removed with the other rows of their commit. Unreadable rows of a source file are removed when this source file is read again. */
export function isReplacedApart(
  { supersede, readAgain: sources, groupAgain }: Pick<PrepareRequest, 'supersede' | 'readAgain' | 'groupAgain'>,
  apart: ReadonlyMap<string, number>,
): (file: QuarantinedFile) => boolean {
  if (supersede.what === 'quarantine') {
    const names = new Set(supersede.parts.map((part) => fileOfSlice(part).name));
    return ({ name }) => names.has(name);
  }
  const readAgain = new Set(sources);
  const replaced = isReplaced(supersede, new Map());
  return (file) => {
    if (file.correction) return false;
    // A full load reads all rows again, also a full load that is merged.
    if (supersede.what === 'all' || supersede.what === 'unmatched') return true;
    if (supersede.what === 'range' && ((apart.get(file.name) ?? 0) > 0 || quarantineOverlap(file, supersede) === 'whole')) return true;
    if (file.ofGroup && groupAgain !== null) return true;
    if (file.broken || file.ofGroup) return supersede.what !== 'range' && replaced({ ...file, role: file.ofGroup ? 'boundary' : 'data' });
    return file.source !== undefined && (readAgain.has(file.source) || replaced({ ...file, role: 'data' }));
  };
}

/** Whether a commit replaces a file. @param apart files that were read, with the number of their rows that are in the range or in the open group. */
export function isReplaced(supersede: Supersede, apart: ReadonlyMap<string, number>): (file: ListedFile) => boolean {
  switch (supersede.what) {
    // Plain files are never merged.
    case 'unmatched':
    case 'nothing':
    case 'quarantine':
      return () => false;
    case 'all':
      return (file) => file.role !== 'foreign' || supersede.foreign === 'replace';
    case 'boundary':
      return (file) => file.role === 'boundary' || (apart.get(file.name) ?? 0) > 0;
    case 'sources':
      return (file) => file.source !== undefined && supersede.sources.includes(file.source);
    case 'range':
      return (file) => (apart.get(file.name) ?? 0) > 0 || rangesOverlap(file, supersede) === 'whole';
  }
}

/**
 * Like `isReplaced`, for tables in which other programs combine files. A file that another program rewrote may contain only the open group but not have its
 * role. @param listed all files of the head.
 */
export function replacedAmong(
  listed: readonly ListedFile[],
  supersede: Supersede,
  apart: ReadonlyMap<string, number>,
): (file: ListedFile) => boolean {
  const replaced = isReplaced(supersede, apart);
  if (supersede.what !== 'boundary') return replaced;
  const inGroup = listed.reduce((sum, { role, rows }) => sum + (role === 'boundary' ? (rows ?? 0) : 0), 0);
  if (inGroup === supersede.rows) return replaced;
  const { column, type, text, nulls } = supersede;
  const edge = { text, inclusive: true };
  const group = { column, type, ranges: [{ from: edge, to: edge }], group: nulls ? 'with nulls' : 'rows' } as const;
  return (file) => replaced(file) || rangesOverlap(file, group) === 'whole';
}
