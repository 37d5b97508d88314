import { createHash } from 'node:crypto';
import type { JournalFilter, JournalRow } from '../../ports/state.ts';
import { encodeSegment } from '../../workspace/names.ts';
import { inverted } from '../inverted-time.ts';

/**
 * Names of journal rows, below the journal's folder: `rows/<flow>/<entity>/<inverted time>~<run>~<entity run>.json`. They say what rows are asked
 * for by, so that a question is a listing and reads no row in vain. `encodeSegment` leaves no `~` of its own.
 */
const separator = '~';
const ending = '.json';

export const rowsFolder = 'rows';

/** What the name of a row tells. Flow, entity and ids are as names have them: equal for equals, not for reading. */
export interface RowName {
  /** Below the journal's folder. */
  readonly path: string;
  readonly flow: string;
  readonly entity: string;
  /** When it finished, inverted: the newest sorts first. */
  readonly time: string;
  readonly run: string;
  readonly entityRun: string;
}

export function nameOf(row: JournalRow): RowName {
  const [flow, entity] = [encodeSegment(row.flow), encodeSegment(row.entity)];
  const [time, run, entityRun] = [inverted(row.finished_at), idPart(row.run_id), idPart(row.entity_run_id)];
  const file = `${[time, run, entityRun].join(separator)}${ending}`;
  return { path: `${rowsFolder}/${flow}/${entity}/${file}`, flow, entity, time, run, entityRun };
}

/** What a name below the journal's folder tells; undefined: it is none of a row. */
export function readName(path: string): RowName | undefined {
  const [folder, flow, entity, file, ...deeper] = path.split('/');
  if (folder !== rowsFolder || flow === undefined || entity === undefined || deeper.length > 0) return undefined;
  const [time, run, entityRun, ...more] = file?.endsWith(ending) ? file.slice(0, -ending.length).split(separator) : [];
  if (time === undefined || !/^\d{13}$/.test(time) || run === undefined || entityRun === undefined || more.length > 0) return undefined;
  return { path, flow, entity, time, run, entityRun };
}

/** Below which folder every row lies that can pass. */
export function folderFor({ flow, entity }: JournalFilter): string {
  if (flow === undefined) return rowsFolder;
  const below = `${rowsFolder}/${encodeSegment(flow)}`;
  return entity === undefined ? below : `${below}/${encodeSegment(entity)}`;
}

export function namePasses(name: RowName, { flow, entity, run, since }: JournalFilter): boolean {
  return (
    (flow === undefined || name.flow === encodeSegment(flow)) &&
    (entity === undefined || name.entity === encodeSegment(entity)) &&
    (run === undefined || name.run === idPart(run)) &&
    (since === undefined || name.time <= inverted(since))
  );
}

const longestId = 90;

/** An id as a part of a name. Ours are ULIDs; whatever is longer than three of them becomes its hash. */
function idPart(id: string): string {
  const encoded = encodeSegment(id);
  return encoded.length <= longestId ? encoded : `%.${createHash('sha256').update(id, 'utf8').digest('hex').slice(0, 32)}`;
}
