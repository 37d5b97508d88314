/** A guess, for the report only: nothing is ever decided by it. */
import { levenshtein } from '../errors/did-you-mean.ts';
import { sameType } from '../frames/describe-type.ts';
import type { Column, Schema } from '../frames/schema.ts';

export interface Suspect {
  /** The column that is gone. */
  readonly column: Column;
  readonly expected: Schema;
  readonly now: Schema;
  /** The columns that are new. */
  readonly added: readonly Column[];
}

/** The new column that a removed one may be called now: same type, and a similar name or the same place. */
export function looksRenamed({ column, expected, now, added }: Suspect): Column | undefined {
  const place = expected.columns.findIndex(({ name }) => name === column.name);
  const candidates = added
    .filter((candidate) => sameType(candidate.type, column.type))
    .map((candidate) => ({
      candidate,
      alike: likeness(column.name, candidate.name),
      sameplace: now.columns[place]?.name === candidate.name && expected.columns.length === now.columns.length,
    }))
    .filter(({ alike, sameplace }) => alike >= 0.6 || (sameplace && alike >= 0.3))
    .sort((a, b) => b.alike - a.alike);
  return candidates[0]?.candidate;
}

/** 1: the same but for case and separators; 0: nothing in common. */
function likeness(a: string, b: string): number {
  const [one, other] = [plain(a), plain(b)];
  const longest = Math.max(one.length, other.length);
  if (longest === 0) return 0;
  if (one.includes(other) || other.includes(one)) return Math.max(0.6, 1 - levenshtein(one, other) / longest);
  return 1 - levenshtein(one, other) / longest;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_.-]/g, '');
}
