/** The source’s files whose rows have settled, for entities that load file by file. */
import type { StateRow } from '../../../ports/state.ts';
import { type Home, type SeenFile, usualSliceBytes } from '../../contracts/home.ts';
import type { EnginePorts } from '../../contracts/ports.ts';
import type { EntitySpec } from '../../contracts/spec.ts';
import { untilDone } from '../../contracts/steps.ts';
import { settledFiles } from '../../plan/windows.ts';

/** The files of an entity that loads file by file. Null: the entity does not, or no rows have settled by file. */
async function seenFiles(spec: EntitySpec, ports: EnginePorts, { row, home }: OfFiles): Promise<readonly SeenFile[] | null> {
  if (spec.watermark !== null || spec.runType !== 'incremental' || home.files === undefined || row.settled?.seen == null) return null;
  return settledFiles(ports, spec, row);
}

interface OfFiles {
  readonly row: StateRow;
  readonly home: Home;
}

/** The files that an incremental entity has taken. Null: the entity does not load file by file. */
export async function takenFiles(spec: EntitySpec, ports: EnginePorts, of: OfFiles): Promise<TakenSource | null> {
  const files = await seenFiles(spec, ports, of);
  if (files === null) return null;
  const noted = files.some(({ change }) => change === 'ignore')
    ? 'ignore'
    : files.some(({ change }) => change === 'append')
      ? 'append'
      : null;
  // A settled version of the source has only the files that were taken.
  if (of.home.past !== undefined) return { paths: null, areGone: false, otherContents: noted };
  const window = { column: null, lower: null, upper: null, nulls: 'include', seen: [], changedFiles: 'replace' } as const;
  const { seen } = await untilDone(ports.clock, (cursor) => of.home.plan(window, { sliceBytes: usualSliceBytes }, cursor));
  const there = new Map((seen?.files ?? []).map((file) => [file.path, file]));
  const isChanged = ({ path, bytes, etag }: SeenFile) => there.get(path)?.bytes !== bytes || there.get(path)?.etag !== etag;
  // Whether a run has yet to read changed files. Only a run that reads a file compares its content, because a changed etag or time alone proves nothing.
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
  /** The paths of the taken files. Null: rows of the source are not identified by their files. */
  readonly paths: ReadonlySet<string> | null;
  /** Whether taken files are gone from the source, so that their rows can’t be compared. */
  readonly areGone: boolean;
  /**
   * Whether files changed after they were taken, so that their settled rows differ from the source’s rows. `append`: the destination also has rows of
   * earlier contents. `ignore`: it may lack rows as well, or a run has yet to read the files. Null: all files are unchanged.
   */
  readonly otherContents: 'append' | 'ignore' | null;
}
