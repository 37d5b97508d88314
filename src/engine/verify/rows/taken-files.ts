/** The source's files whose rows have settled, for entities that load by file. */
import type { StateRow } from '../../../ports/state.ts';
import { type Home, type SeenFile, usualSliceBytes } from '../../contracts/home.ts';
import type { EnginePorts } from '../../contracts/ports.ts';
import type { EntitySpec } from '../../contracts/spec.ts';
import { untilDone } from '../../contracts/steps.ts';
import { settledFiles } from '../../plan/windows.ts';

/** The files of an entity that loads by file; null: the entity does not, or nothing has settled by files. */
async function seenFiles(spec: EntitySpec, ports: EnginePorts, { row, home }: OfFiles): Promise<readonly SeenFile[] | null> {
  if (spec.watermark !== null || spec.runType !== 'incremental' || home.files === undefined || row.settled?.seen == null) return null;
  return settledFiles(ports, spec, row);
}

interface OfFiles {
  readonly row: StateRow;
  readonly home: Home;
}

/** The files that an incremental entity by file has taken; null: the entity does not take files one by one. */
export async function takenFiles(spec: EntitySpec, ports: EnginePorts, of: OfFiles): Promise<TakenSource | null> {
  const files = await seenFiles(spec, ports, of);
  if (files === null) return null;
  const noted = files.some(({ change }) => change === 'ignore')
    ? 'ignore'
    : files.some(({ change }) => change === 'append')
      ? 'append'
      : null;
  // The settled version of the source has no other files.
  if (of.home.past !== undefined) return { paths: null, areGone: false, otherContents: noted };
  const window = { column: null, lower: null, upper: null, nulls: 'include', seen: [], changedFiles: 'replace' } as const;
  const { seen } = await untilDone(ports.clock, (cursor) => of.home.plan(window, { sliceBytes: usualSliceBytes }, cursor));
  const there = new Map((seen?.files ?? []).map((file) => [file.path, file]));
  const isChanged = ({ path, bytes, etag }: SeenFile) => there.get(path)?.bytes !== bytes || there.get(path)?.etag !== etag;
  // Only a run that reads a changed file compares its content; a changed etag or time alone proves nothing.
  const mayWait = spec.changedFiles !== 'fail' && files.some(isChanged);
  const asTaken = { ...window, seen: files, changedFiles: 'append' } as const;
  const waits = mayWait
    ? await untilDone(ports.clock, (cursor) => of.home.plan(asTaken, { sliceBytes: usualSliceBytes }, cursor))
    : { changed: [] };
  return {
    paths: new Set(files.map(({ path }) => path)),
    areGone: files.some(({ path }) => !there.has(path)),
    otherContents: (waits.changed ?? []).length > 0 ? 'ignore' : noted,
  };
}

export interface TakenSource {
  /** Null: the source's rows are not distinguished by files. */
  readonly paths: ReadonlySet<string> | null;
  /** Files that were taken are no longer in the source, so that nothing is known about their rows. */
  readonly areGone: boolean;
  /**
   * Files changed after they were taken, so that their settled rows differ from the source's. `append`: the destination also has rows of earlier contents. `ignore`:
   * it may lack rows as well, or a run has yet to read the files. Null: no file changed.
   */
  readonly otherContents: 'append' | 'ignore' | null;
}
