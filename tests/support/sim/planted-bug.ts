import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FieldName } from './sample.ts';

/** One change of a source text; white space counts as any white space, and the text must be there exactly once. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  /** Absent: the text goes. */
  readonly replace?: string;
}

/** A rule of the protocol switched off in the real code. The simulator must notice. */
export interface PlantedBug {
  readonly name: string;
  /** The hole it opens, as docs/building/protocol.md counts them. */
  readonly hole: string;
  readonly edits: readonly Edit[];
  /** Hunted with the runs of that field. */
  readonly in?: FieldName;
  /** Without a sweep staged files stay for good: noticing only that would be too easy. */
  readonly ignoresStaging?: true;
  /**
   * A seeded run that notices the bug. `npm test` makes all these runs without their bugs, and a few with them; `npm run soak` makes all with them, and hunts
   * the bugs with fresh seeds as well. `node tests/support/sim/hunt-cli.ts` finds such a run.
   */
  readonly run?: string;
}

const list = join(import.meta.dirname, '..', '..', 'simulator', 'planted-bugs.json');

export const plantedBugs: readonly PlantedBug[] = JSON.parse(readFileSync(list, 'utf8')).bugs;
