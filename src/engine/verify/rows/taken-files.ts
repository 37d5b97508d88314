/** The source's files whose rows have settled, of entities that load by file. */
import type { StateRow } from '../../../ports/state.ts';
import { type Home, usualSliceBytes } from '../../contracts/home.ts';
import type { EnginePorts } from '../../contracts/ports.ts';
import type { EntitySpec } from '../../contracts/spec.ts';
import { untilDone } from '../../contracts/steps.ts';
import { settledFiles } from '../../plan/windows.ts';

/** The files that an incremental entity by file has taken; null: its rows are not told apart by files. */
export async function takenFiles(
  spec: EntitySpec,
  ports: EnginePorts,
  { row, home }: { readonly row: StateRow; readonly home: Home },
): Promise<ReadonlySet<string> | null> {
  if (spec.watermark !== null || spec.runType !== 'incremental' || home.files === undefined || row.settled?.seen == null) return null;
  // The version that settled has no other files.
  if (home.past !== undefined) return null;
  return new Set((await settledFiles(ports, spec, row)).map(({ path }) => path));
}

/** Whether files that were taken are no longer in the source, so that nothing can be said of their rows. */
export async function areGone(home: Home, files: ReadonlySet<string>, { clock }: EnginePorts): Promise<boolean> {
  const window = { column: null, lower: null, upper: null, nulls: 'include', seen: [], changedFiles: 'replace' } as const;
  const { seen } = await untilDone(clock, (cursor) => home.plan(window, { sliceBytes: usualSliceBytes }, cursor));
  const there = new Set((seen?.files ?? []).map(({ path }) => path));
  return [...files].some((path) => !there.has(path));
}
