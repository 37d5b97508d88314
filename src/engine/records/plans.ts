/** Plans as the state keeps them. */

import { defined, filled, type Json } from '../../ports/values.ts';
import { anyRows, noAnswers, type Plan, type PlannedSlice, type SliceWork } from '../contracts/records.ts';
import { type StoredSupersede, storedSupersede, supersedeIn } from '../contracts/replacing.ts';
import { unusual } from './unusual.ts';

/**
 * A slice as the state keeps it. The kinds of work of the first versions are members of the slice itself, so that steps of all versions understand a
 * shared plan. Later kinds are in the member `work`.
 */
interface StoredSlice extends Pick<PlannedSlice, 'slice'> {
  readonly boundary: boolean;
  /** The index of the window in `windows`. Absent: 0, or the list is empty. */
  readonly window?: number;
  readonly rework?: true;
  readonly compares?: true;
  readonly compacts?: true;
  readonly quarantine?: 'replay' | 'drop';
  readonly uncorrects?: string;
  readonly mended?: Extract<SliceWork, { kind: 'replay' }>['mended'];
}

interface StoredFacts {
  readonly slices: readonly StoredSlice[];
  /** Older versions of hygge stored a sentence or null here. */
  readonly waiting: Plan['waiting'] | string | null;
  readonly supersede?: StoredSupersede;
}

/** The usual values of a plan’s members. The state leaves out members with these values, because older versions assume the same values. */
const usual = {
  ...{ emptied: false, byClock: false, stopsAtNull: 'no', retyped: [], provisos: [], asked: noAnswers, corrections: [], windows: [] },
  ...{ mostFewer: anyRows, mostLeftOut: anyRows },
} as const satisfies Partial<Plan>;

export function storedPlan(plan: Plan): Json {
  const slices = plan.slices.map(({ slice, work }) => ({ slice, ...marksOf(work) }));
  const { supersede } = plan;
  return { ...unusual({ ...plan }, usual), ...defined({ supersede: supersede && storedSupersede(supersede) }), slices } as unknown as Json;
}

function marksOf(work: SliceWork): Omit<StoredSlice, 'slice'> {
  switch (work.kind) {
    case 'read':
      return { boundary: false, ...filled({ window: work.window }) };
    case 'group':
      return { boundary: true };
    case 'rework':
      return { boundary: false, rework: true };
    case 'compare':
      return { boundary: false, compares: true };
    case 'compact':
      return { boundary: false, compacts: true };
    case 'replay':
      return { boundary: false, quarantine: 'replay', ...defined({ mended: work.mended ?? undefined }) };
    case 'drop':
      return { boundary: false, quarantine: 'drop' };
    case 'uncorrect':
      return { boundary: false, uncorrects: work.id };
  }
}

export function planIn(json: Json): Plan {
  const stored = json as unknown as Omit<Plan, 'slices' | 'waiting' | 'supersede'> & StoredFacts;
  const { slices, waiting, asked, fullAt, supersede } = stored;
  return {
    ...({ ...usual, ...stored } as unknown as Plan),
    ...defined({ supersede: supersede && supersedeIn(supersede) }),
    slices: slices.map((slice) => ({ slice: slice.slice, work: workIn(slice) })),
    waiting: typeof waiting === 'string' ? [waiting] : (waiting ?? []),
    asked: { ...noAnswers, ...asked },
    fullAt: fullAt ?? null,
  };
}

function workIn({ boundary, window, rework, compares, compacts, quarantine, mended, uncorrects }: StoredSlice): SliceWork {
  if (uncorrects !== undefined) return { kind: 'uncorrect', id: uncorrects };
  if (quarantine === 'replay') return { kind: 'replay', mended: mended ?? null };
  if (quarantine === 'drop') return { kind: 'drop' };
  if (compacts) return { kind: 'compact' };
  if (compares) return { kind: 'compare' };
  if (rework) return { kind: 'rework' };
  return boundary ? { kind: 'group' } : { kind: 'read', window: window ?? 0 };
}
