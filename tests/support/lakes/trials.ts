import type { Fault } from '../fault-proxy.ts';
import { sampled } from '../samples.ts';
import type { Trial } from './faults-of-a-run.ts';
import type { LakeRequest } from './faulty.ts';

const lost: readonly [Fault, ...Fault[]] = ['drop before', 'drop after'];
const answered: readonly [Fault, ...Fault[]] = [
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

/** As much of it as every change of the code may cost: every sixth kind of write lost on its way, or its answer lost; each other fault with one request in 120. */
export function someTrials(asked: readonly LakeRequest[]): readonly Trial[] {
  const writes = sampled(eachKindOfWrite(asked), 6).map((request, i) => ({ request, blow: turn(lost, i) }));
  const others = sampled(asked.keys(), 120).map((at, i) => ({ request: at + 1, blow: turn(answered, i) }));
  return [...writes, ...others];
}

/** The end of the process at every eighth kind of write, before and after it by turns. */
export function someDeaths(asked: readonly LakeRequest[]): readonly Trial[] {
  return sampled(eachKindOfWrite(asked), 8).map((request, i) => ({ request, blow: turn(deaths, i) }));
}

const turn = <T>(all: readonly [T, ...T[]], i: number): T => all[i % all.length] ?? all[0];

/** What the requests that change anything are called. */
export function eachKindOfWrite(asked: readonly LakeRequest[]): readonly string[] {
  return [...new Set(asked.filter(({ writes }) => writes).map(({ what }) => what))];
}

/** Of the kinds of writes those from publishing on: what a zombie could still show to somebody. */
export function eachKindOfShowing(asked: readonly LakeRequest[]): readonly string[] {
  const shows = /rename|move|comp=blocklist|^POST part uploadId$|head|record|DELETE part/;
  return eachKindOfWrite(asked).filter((what) => shows.test(what));
}
