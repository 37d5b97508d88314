/** The found entities of a run in the function app: every step uses positions in this list, even if the home changes meanwhile. */
import { retry } from '../ports/retry.ts';
import type { StateStore } from '../ports/state.ts';
import type { Instant, Json } from '../ports/values.ts';
import type { FoundEntity } from '../workspace/load/finds.ts';
import { keyOf, pruneRunObjects, type RunKey } from './stop-flags.ts';

const prefix = 'found/';

/** Stored once: a second start of the run gets the same list. */
export async function keepFound(state: StateStore, { flow, run }: RunKey, found: readonly FoundEntity[]): Promise<void> {
  await retry(() => state.putObject(keyOf(flow), `${prefix}${run}`, { version: 1, found } as unknown as Json));
}

/** The list of a run; undefined: no list is stored for that run. */
export async function foundEntitiesOfRun(state: StateStore, { flow, run }: RunKey): Promise<readonly FoundEntity[] | undefined> {
  const kept = (await retry(() => state.getObject(keyOf(flow), `${prefix}${run}`))) as
    | { readonly found: readonly FoundEntity[] }
    | undefined;
  return kept?.found;
}

/** Deletes the lists of runs that began before a time. Returns the number of deleted lists. */
export function pruneFound(state: StateStore, flow: string, before: Instant): Promise<number> {
  return pruneRunObjects(state, { flow, prefix }, before);
}
