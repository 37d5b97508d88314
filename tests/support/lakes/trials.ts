import type { Fault } from '../fault-proxy.ts';
import type { Trial } from './faults-of-a-run.ts';
import type { LakeRequest } from './faulty.ts';

const lost: readonly Fault[] = ['drop before', 'drop after'];
const answered: readonly Fault[] = [
  'cut',
  { status: 503, retryAfter: 0 },
  { status: 429, code: 'TooManyRequests', retryAfter: 1 },
  { status: 503, retryAfter: 1 },
  { status: 500, code: 'InternalError' },
];
const deaths = ['killed before', 'killed after'] as const;

/** Everything that can happen to each request. */
export function everyTrial(asked: readonly LakeRequest[]): readonly Trial[] {
  return asked.flatMap((_, i) => [...lost, ...answered, ...deaths].map((blow) => ({ request: i + 1, blow })));
}

/**
 * As much of it as every change of the code may cost: each write lost on its way and its answer lost; each other fault with every third
 * request, by turns.
 */
export function someTrials(asked: readonly LakeRequest[]): readonly Trial[] {
  return asked.flatMap(({ writes }, i) => {
    const turn = answered[Math.floor(i / 3) % answered.length];
    const blows = [...(writes ? lost : []), ...(i % 3 === 0 && turn !== undefined ? [turn] : [])];
    return blows.map((blow) => ({ request: i + 1, blow }));
  });
}

/** The end of the process at each write, before and after it by turns. */
export function someDeaths(asked: readonly LakeRequest[]): readonly Trial[] {
  const writes = asked.flatMap(({ writes: changes }, i) => (changes ? [i + 1] : []));
  return writes.map((request, i) => ({ request, blow: deaths[i % deaths.length] ?? 'killed after' }));
}

/** One request of each kind that changes anything. */
export function eachKindOfWrite(asked: readonly LakeRequest[]): readonly number[] {
  const kinds = new Map<string, number>();
  for (const [i, { what, writes }] of asked.entries()) if (writes && !kinds.has(what)) kinds.set(what, i + 1);
  return [...kinds.values()];
}
