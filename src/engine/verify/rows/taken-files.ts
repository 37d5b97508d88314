/** The source's files whose rows have settled, of entities that load by file. */
import type { StateRow } from '../../../ports/state.ts';
import { type Home, type SeenFile, usualSliceBytes } from '../../contracts/home.ts';
import type { EnginePorts } from '../../contracts/ports.ts';
import type { EntitySpec } from '../../contracts/spec.ts';
import { untilDone } from '../../contracts/steps.ts';
import { settledFiles } from '../../plan/windows.ts';

/** Entities by file; null: the entity is none, or nothing has settled by files. */
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
  // The version that settled has no other files.
  if (of.home.past !== undefined) return { paths: null, areGone: false, otherContents: noted };
  const window = { column: null, lower: null, upper: null, nulls: 'include', seen: [], changedFiles: 'replace' } as const;
  const { seen } = await untilDone(ports.clock, (cursor) => of.home.plan(window, { sliceBytes: usualSliceBytes }, cursor));
  const there = new Map((seen?.files ?? []).map((file) => [file.path, file]));
  const isChanged = ({ path, bytes, etag }: SeenFile) => there.get(path)?.bytes !== bytes || there.get(path)?.etag !== etag;
  // Only a run that reads a changed file compares its content; another look alone says nothing.
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
  /** Null: the rows of the source are not told apart by files. */
  readonly paths: ReadonlySet<string> | null;
  /** Files that were taken are no longer in the source, so that nothing can be said of their rows. */
  readonly areGone: boolean;
  /**
   * Files changed after they were taken, and their rows settled otherwise than the source has them now. `append`: the destination has rows of earlier contents, too.
   * `ignore`: it may lack rows as well, or a run is still to read them. Null: none did.
   */
  readonly otherContents: 'append' | 'ignore' | null;
}
