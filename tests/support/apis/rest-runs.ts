import { here, type RunHere } from '../here.ts';
import { noteWithin } from '../raised-codes.ts';
import { asked } from '../sqlite-file.ts';
import type { TestWorkspace } from '../workspace.ts';
import { settledRows } from './rest-flow.ts';
import { scriptedScene } from './scripted-scene.ts';

export interface RestRun extends RunHere {
  /** What the first error says: what happened, and why. */
  readonly said: string;
  /** What the first error advises. */
  readonly tryThis: readonly string[];
  /** All events as one text. */
  readonly all: string;
}

/** `hygge go` in this process. */
export async function goIn(workspace: TestWorkspace, ...args: readonly string[]): Promise<RestRun> {
  const ran = await here(workspace, 'go', ...args);
  noteWithin(ran.events);
  const failed = ran.events.find((event) => event.event === 'error');
  const { what = '', why = [], tryThis = [] } = failed?.event === 'error' ? failed : {};
  return { ...ran, said: [what, ...why].join(' '), tryThis, all: JSON.stringify(ran.events) };
}

/** An API that a test scripts, made anew for each test, and runs of the flow that reads it. */
export function restRuns() {
  const scene = scriptedScene();
  return Object.assign(scene, {
    go: (...args: readonly string[]) => goIn(scene.workspace, ...args),
    /** Ids of what settled in the lake. */
    settled: async () => (await settledRows(scene.workspace)).map(Number),
    /** Texts of the rows in the table of `copy.db`. */
    copied(row = 'id'): readonly string[] {
      const [rows = []] = asked(scene.workspace.path('copy.db'), `select ${row} as one from items order by id`);
      return rows.map(({ one }) => String(one));
    },
  });
}

/** Whole numbers from 0 to below `count`. */
export const ids = (count: number) => Array.from({ length: count }, (_, id) => id);
