import { realClock } from '../../adapters/real-clock.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { openProcessResources } from '../../assembly/ports.ts';
import type { Opening } from '../../engine/contracts/connector.ts';
import type { Surroundings } from './surroundings.ts';

/** Runs `work` with separate resources of the process, which are closed afterwards. */
export async function withOpening<T>(
  { root }: { readonly root: string },
  { network }: Pick<Surroundings, 'network'>,
  work: (opening: Opening) => Promise<T>,
): Promise<T> {
  await using own = await openProcessResources('hygge', { network });
  const { scratch, pools } = own;
  return await work({
    ...{ flow: '', entity: '', root, clock: realClock(), random: realRandom() },
    ...{ scratch, pools, network: own.network, steps: 'here' as const, pinned: null },
  });
}
