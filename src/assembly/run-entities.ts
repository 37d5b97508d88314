/** What was found for a run of the function app: its entities are positions in this list, in every step, whatever comes and goes at the home. */
import { retry } from '../ports/retry.ts';
import type { StateStore } from '../ports/state.ts';
import type { Instant, Json } from '../ports/values.ts';
import type { FoundEntity } from '../workspace/load/finds.ts';
import { keyOf, pruneRunObjects, type RunKey } from './stop-flags.ts';

const prefix = 'found/';

/** Kept once: a second start of the run has the same list. */
export async function keepFound(state: StateStore, { flow, run }: RunKey, found: readonly FoundEntity[]): Promise<void> {
  await retry(() => state.putObject(keyOf(flow), `${prefix}${run}`, { version: 1, found } as unknown as Json));
}

/** Undefined: nothing is kept of that run. */
export async function foundEntitiesOfRun(state: StateStore, { flow, run }: RunKey): Promise<readonly FoundEntity[] | undefined> {
  const kept = (await retry(() => state.getObject(keyOf(flow), `${prefix}${run}`))) as
    | { readonly found: readonly FoundEntity[] }
    | undefined;
  return kept?.found;
}

/** Forgets those of runs that began before. Answers how many. */
export function pruneFound(state: StateStore, flow: string, before: Instant): Promise<number> {
  return pruneRunObjects(state, { flow, prefix }, before);
}
