/** What settled and looks otherwise now is compared with its checksum before a run builds on it. */

import type { EnginePorts } from '../contracts/ports.ts';
import { inspectTarget } from '../contracts/steps.ts';
import type { ChecksumResult, SettledLook, Target } from '../contracts/store.ts';
import { settledDataEdited } from '../errors/run.ts';
import { type EntitySides, waysToContinue } from './agreement.ts';

export interface TouchedFilesCheck {
  /** The looks to record: new looks of files that are the same, and the first looks of files that no run has looked at yet. */
  readonly recordLooks: boolean;
  /** Comparing ends soon after; what is left looks otherwise still. */
  readonly withinMs: number;
}

/** Throws when something was edited. `more`: time was up before all of it was compared. */
export async function checkTouchedFiles(
  ports: EnginePorts,
  sides: EntitySides,
  target: Target,
  { recordLooks, withinMs }: TouchedFilesCheck,
): Promise<'checked' | 'more'> {
  const { row, store } = sides;
  if (target.content !== 'ours' || row?.fullNext) return 'checked';
  const known = async (looks: readonly SettledLook[]) => {
    if (recordLooks && looks.length > 0) await store.rememberLooks?.(target.head.id, looks);
  };
  if (target.touched.length === 0 || !store.compareChecksums) {
    await known(target.notLookedAt);
    return 'checked';
  }
  const began = ports.clock.monotonicMs();
  const edited: string[] = [];
  const same: SettledLook[] = [];
  let compared = 0;
  for await (const one of store.compareChecksums(new Set(target.touched))) {
    compared++;
    if (one.found === 'same' && one.looks !== undefined) same.push({ name: one.name, looks: one.looks });
    if (isWrong(one)) edited.push(one.name);
    if (ports.clock.monotonicMs() - began >= withinMs) break;
  }
  if (edited.length > 0) {
    const ways = await waysToContinue(ports, sides, await inspectTarget(ports, store), 'accept edits');
    throw settledDataEdited(sides.spec, store.where, edited, ways);
  }
  await known([...same, ...target.notLookedAt]);
  return compared < target.touched.length ? 'more' : 'checked';
}

function isWrong({ found }: ChecksumResult): boolean {
  return found === 'changed' || found === 'missing';
}
