/** Words that the triggers of the function app leave for a run that is under way; its next step sees them. They go with the run. */
import { insist } from '../ports/outcome.ts';
import type { StateStore } from '../ports/state.ts';
import type { EntityKey } from '../ports/values.ts';

/** `cancelled`: somebody asked to stop. `failed`: an entity failed and `continue_on_error` is off, so no other one is started. */
export type StopFlag = 'cancelled' | 'failed';

export interface RunOf {
  readonly flow: string;
  readonly run: string;
}

const prefixOf = ({ run }: RunOf) => `stops/${run}-`;
/** Beside the objects of the flow's entities, whatever those are called: theirs have other prefixes. */
const keyOf = ({ flow }: RunOf): EntityKey => ({ flow, entity: '_runs' });

export async function raise(state: StateStore, of: RunOf, flag: StopFlag): Promise<void> {
  await insist(() => state.putObject(keyOf(of), `${prefixOf(of)}${flag}`, { version: 1 }));
}

export async function raised(state: StateStore, of: RunOf): Promise<ReadonlySet<string>> {
  const found = await insist(() => state.listObjects(keyOf(of), prefixOf(of)));
  return new Set(found.map((ref) => ref.slice(prefixOf(of).length)));
}

export async function lower(state: StateStore, of: RunOf): Promise<void> {
  const found = await insist(() => state.listObjects(keyOf(of), prefixOf(of)));
  if (found.length > 0) await insist(() => state.removeObjects(keyOf(of), found));
}
