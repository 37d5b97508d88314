/** Flags that the triggers of the function app set for a running run. The next step of the run reads the flags, and they are deleted with the run. */
import { decodeTime } from 'ulid';
import { retry } from '../ports/retry.ts';
import type { StateStore } from '../ports/state.ts';
import type { EntityKey, Instant } from '../ports/values.ts';

/** `cancelled`: a request stopped the run. `failed`: an entity failed and `continue_on_error` is off, so no other entity is started. */
export type StopFlag = 'cancelled' | 'failed';

export interface RunKey {
  readonly flow: string;
  readonly run: string;
}

const flags: readonly StopFlag[] = ['cancelled', 'failed'];
const allFlags = 'stops/';
const refOf = ({ run }: RunKey, flag: StopFlag) => `${allFlags}${run}-${flag}`;
/** The prefix of flags, next to the objects of the flow’s entities, whose prefixes always differ from this prefix. */
export const keyOf = (flow: string): EntityKey => ({ flow, entity: '_runs' });

export async function raiseStopFlag(state: StateStore, of: RunKey, flag: StopFlag): Promise<void> {
  await retry(() => state.putObject(keyOf(of.flow), refOf(of, flag), { version: 1 }));
}

/** Both flags are read by name, because every step checks them, and two reads cost less than a list. */
export async function raisedStopFlags(state: StateStore, of: RunKey): Promise<ReadonlySet<StopFlag>> {
  const found = await Promise.all(flags.map((flag) => retry(() => state.getObject(keyOf(of.flow), refOf(of, flag)))));
  return new Set(flags.filter((_, i) => found[i] !== undefined));
}

export async function removeStopFlags(state: StateStore, of: RunKey): Promise<void> {
  const up = [...(await raisedStopFlags(state, of))];
  if (up.length === 0) return;
  const refs = up.map((flag) => refOf(of, flag));
  await retry(() => state.removeObjects(keyOf(of.flow), refs));
}

/** Removes the flags of runs that began before an instant and were never closed. Returns the number of removed flags. */
export function pruneStops(state: StateStore, flow: string, before: Instant): Promise<number> {
  return pruneRunObjects(state, { flow, prefix: allFlags }, before);
}

/** Removes objects below a prefix for runs that began before a time. Returns the number of removed objects. */
export async function pruneRunObjects(
  state: StateStore,
  { flow, prefix }: { readonly flow: string; readonly prefix: string },
  before: Instant,
): Promise<number> {
  const all = await retry(() => state.listObjects(keyOf(flow), prefix));
  const old = all.filter((ref) => beganBefore(ref.slice(prefix.length), before));
  if (old.length > 0) await retry(() => state.removeObjects(keyOf(flow), old));
  return old.length;
}

function beganBefore(name: string, before: Instant): boolean {
  const run = /^[0-7][0-9A-HJKMNP-TV-Z]{25}(?=-|$)/.exec(name)?.[0];
  return run !== undefined && decodeTime(run) < Date.parse(before);
}
