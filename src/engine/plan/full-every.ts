/** `full_every`: decides when an incremental entity is loaded completely again, to remove rows that are gone from the source. */
import type { Note } from '../../ports/notes.ts';
import type { StateRow } from '../../ports/state.ts';
import type { Instant } from '../../ports/values.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { isPeriodOver } from '../contracts/steps.ts';
import type { Target } from '../contracts/store.ts';
import type { WriteDecision } from './modes.ts';

export interface FullLoadDue {
  /** When the last full load was planned. Null: the time is not known. */
  readonly last: Instant | null;
}

/** Why a full load is due. Null: an increment is enough. Only for an entity that has settled, since others are loaded completely anyway. */
export function fullLoadDue({ fullEveryMs }: Pick<EntitySpec, 'fullEveryMs'>, row: StateRow | undefined, now: Instant): FullLoadDue | null {
  const settled = row?.settled;
  if (fullEveryMs === Number.POSITIVE_INFINITY || !settled || settled.nothing) return null;
  if (settled.fullAt === undefined) return { last: null };
  return isPeriodOver(fullEveryMs, settled.fullAt, now) ? { last: settled.fullAt } : null;
}

/** Whether only the source’s present rows are left after a run. A run that adds to the entity’s rows also keeps rows that are gone from the source. */
export function isFullLoad({ mode, supersede }: Pick<WriteDecision, 'mode' | 'supersede'>, { content }: Pick<Target, 'content'>): boolean {
  return mode === 'full' && !(supersede.what === 'nothing' && content === 'ours');
}

export function nextFullLoadAt({ fullEveryMs }: Pick<EntitySpec, 'fullEveryMs'>, row: StateRow | undefined): Instant | undefined {
  const fullAt = row?.settled?.fullAt;
  if (fullEveryMs === Number.POSITIVE_INFINITY || fullAt === undefined) return undefined;
  return new Date(Date.parse(fullAt) + fullEveryMs).toISOString();
}

export function fullLoadDueNote(due: FullLoadDue, everyMs: number): Note {
  return { code: 'full_due', last: due.last, every: inWords(everyMs) };
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

/** A duration as a config writes it: `7d`, `1d12h`. */
export function inWords(ms: number): string {
  let rest = ms;
  return units
    .map(([unit, length]) => {
      const n = Math.floor(rest / length);
      rest -= n * length;
      return n === 0 ? '' : `${n}${unit}`;
    })
    .join('');
}
