import type { EntitySummary } from '../../ports/events.ts';
import { visible } from '../text/visible.ts';
import { backfill } from './backfill.ts';
import { compaction } from './compaction.ts';
import { comparison } from './comparison.ts';
import { live } from './live.ts';
import { quarantine } from './quarantine.ts';
import type { WorkWords } from './work-words.ts';

/** The kinds of work, without live runs. */
const kinds: readonly WorkWords[] = [backfill, comparison, compaction, quarantine];

export function workOf(event: Partial<EntitySummary>): WorkWords {
  return kinds.find((kind) => kind.isOf(event)) ?? live;
}

/** The kind of all runs of a command; undefined: there are several kinds, or the command has no run. */
export function workOfAll(entities: readonly EntitySummary[]): WorkWords | undefined {
  const [first, ...others] = new Set(entities.map(workOf));
  return others.length === 0 ? first : undefined;
}

export function workOfMode(mode: string): WorkWords {
  return kinds.find(({ modes }) => mode in modes) ?? live;
}

/** The kind of work of a journal row, by its lane. */
export function workOfLane(lane: string): WorkWords {
  return lane === live.lane ? live : (kinds.find((kind) => kind.lane === lane) ?? backfill);
}

export function modeWords(mode: string): string {
  return workOfMode(mode).modes[mode] ?? visible(mode);
}
