import { execute, explain, type Pick, type Plot, straight } from './explore.ts';
import type { Reach } from './refusals.ts';
import type { Option } from './scheduler.ts';

const isFault = (option: Option, fault: string) => option.what === 'fault' && option.fault === fault;
const isRefusal = (option: Option, reach: Reach) => option.what === 'refuse' && option.reach === reach;

/** What a run may meet at one call: it dies there, or from there on it is refused something for good. */
export const deaths: Readonly<Record<string, (option: Option) => boolean>> = {
  'killed before': (option) => isFault(option, 'crash'),
  'killed after': (option) => isFault(option, 'crash after'),
  'refused that name': (option) => isRefusal(option, 'name'),
  'refused its kind': (option) => isRefusal(option, 'kind'),
  'refused to write': (option) => isRefusal(option, 'writes'),
  'refused everything': (option) => isRefusal(option, 'system'),
};

export interface Met {
  readonly call: number;
  readonly death: string;
}

/** Everything else goes its normal course. */
function meeting({ call, death }: Met): Pick {
  const meets = deaths[death];
  return (options, i) => (i === call && meets ? Math.max(0, options.findIndex(meets)) : 0);
}

/** Every `stride`-th pair of a call and a death, beginning with the `first`; of fewer than that, one. Answers how many there were, and what went wrong. */
export async function matrix(plot: Plot, { stride, first }: { readonly stride: number; readonly first: number }) {
  const { points, violation } = await execute(plot, straight, true);
  if (violation !== null) return { calls: 0, runs: 0, wounds: [violation] };
  const wounds: string[] = [];
  const all = points.flatMap((_, call) => Object.keys(deaths).map((death) => ({ call, death })));
  const step = Math.min(stride, all.length);
  const some = all.filter((_, i) => i % step === first % step);
  for (const met of some) {
    const done = await execute(plot, meeting(met), true);
    if (done.violation === null) continue;
    const title = `call ${met.call}, ${met.death}: ${plot.scenario.name}, ${plot.pair.store}, state in ${plot.pair.state}`;
    wounds.push([title, ...(await explain(plot, meeting(met), true))].join('\n'));
  }
  return { calls: points.length, runs: some.length, wounds };
}
