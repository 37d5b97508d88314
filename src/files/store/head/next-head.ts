/** Makes the next head, and moves the head to it. */
import { isDeepStrictEqual } from 'node:util';
import type { Intent } from '../../../engine/contracts/intent.ts';
import { isData, type Part, rowsOf } from '../../../engine/contracts/store.ts';
import { addFingerprints, emptyFingerprint } from '../../../frames/watermark.ts';
import { mustBeUnresolved, retry } from '../../../ports/retry.ts';
import { defined } from '../../../ports/values.ts';
import type { BoundsOfParts, MergeWork } from '../merge-work.ts';
import { type StagedGroup, stagedFile } from '../staging/staged-parts.ts';
import type { FilesHead, HeadAt, HeadLog, ListedFile, MovedFiles, QuarantinedFile } from './head-log.ts';

/** The effect of a commit on the listed files, fixed when the commit was prepared. */
export interface FileChanges {
  readonly removes: readonly string[];
  /** For each file of `removes` that is behind a linked folder: the link. Only the link is removed, and its target stays. */
  readonly links?: Readonly<Record<string, string>>;
  /** Foreign files that stay and are listed from now on. */
  readonly adopts: readonly ListedFile[];
  /** Whether the remaining part of the open boundary group stays open. */
  readonly keepsGroup?: true;
  /** The commit only rewrites files, and no row changes. Absent: rows change, or an earlier version decided the commit. */
  readonly sameRows?: true;
  /** If readers follow the head: whether all rows of the entity are removed. */
  readonly anew?: true;
  /** See `MovedFiles.rewritten`. */
  readonly rewritten?: Readonly<Record<string, string | null>>;
  /** See `MovedFiles.merge`. */
  readonly merge?: MergeWork;
  /** See `MovedFiles.carried`. */
  readonly carried?: readonly string[];
  /** See `MovedFiles.bounds`. */
  readonly bounds?: BoundsOfParts;
}

/**
 * Moves the head to the result of `next`, or returns the outcome if `next` returns an outcome. After an overtaken move, or a
 * move with an unknown outcome, the head is read again. While the head is unchanged, the same move is sent again. @param
 * pause the result if a move has done only a part of its work. Absent: the work continues in this call.
 */
export async function moveHead<Ended>(
  log: HeadLog,
  before: HeadAt | undefined,
  files: MovedFiles,
  next: (now: HeadAt | undefined) => { readonly to: FilesHead } | { readonly ended: Ended },
  pause?: Ended,
): Promise<FilesHead | Ended> {
  let unknown = 0;
  for (let now = before; ; now = await retry(() => log.read())) {
    const step = next(now);
    if ('ended' in step) return step.ended;
    try {
      const outcome = await log.move(now, step.to, files);
      if (outcome === 'moved') return step.to;
      if (outcome === 'unfinished' && pause !== undefined) return pause;
    } catch (error) {
      mustBeUnresolved(error, ++unknown);
    }
  }
}

/** The next head. All remaining files become ordinary data, because only the new commit’s own group is open. If the run was not live, the earlier group stays open. */
export function headAfter(before: FilesHead | undefined, intent: Intent, looks: ReadonlyMap<string, string> = new Map()): FilesHead {
  const target = intent.target as unknown as FileChanges;
  const removed = new Set(target.removes);
  const kept = (before?.files ?? [])
    .filter((file) => !removed.has(file.name))
    .map((file): ListedFile => (file.role === 'boundary' && !target.keepsGroup ? { ...file, role: 'data' } : file));
  const files = [...kept, ...target.adopts, ...intent.parts.filter(isData).map((part) => listedFile(part, looks))];
  const quarantine = [
    ...quarantineLeft(before, { removed, keepsGroup: target.keepsGroup === true }),
    ...intent.parts.filter((part) => !isData(part) && part.role !== 'deleted').map((part) => quarantinedFile(part, intent, looks)),
  ];
  return {
    id: intent.id,
    prev: intent.prev,
    epoch: intent.epoch,
    lineage: intent.lineage,
    state: intent.state,
    flow: intent.flow,
    entity: intent.entity,
    watermark: intent.settles.watermark,
    boundary: intent.settles.boundary,
    schema: intent.schema,
    ...totals(files),
    files,
    ...defined({ group: groupAfter(before, intent) }),
    ...(quarantine.length === 0 ? {} : { quarantine }),
    ...(before?.earlier === undefined ? {} : { earlier: before.earlier }),
    ...(before?.madeTable === undefined ? {} : { madeTable: before.madeTable }),
  };
}

/** The fingerprint of the commit’s own group, or of the group that stays open. If a part of the group has no fingerprint, the group has no fingerprint. */
function groupAfter(before: FilesHead | undefined, { parts, target, settles }: Intent): StagedGroup | undefined {
  const own = parts.filter(({ role }) => role === 'boundary');
  if (own.length === 0) {
    const stays = (target as unknown as FileChanges).keepsGroup === true && isDeepStrictEqual(before?.boundary, settles.boundary);
    return stays ? before?.group : undefined;
  }
  const staged = own.flatMap((part) => stagedFile(part).group ?? []);
  const [first] = staged;
  const sum = staged.reduce(addFingerprints, emptyFingerprint);
  const isAll = sum.rows === rowsOf(own, isData) && staged.every(({ columns }) => isDeepStrictEqual(columns, first?.columns));
  return first !== undefined && isAll ? { ...sum, columns: first.columns } : undefined;
}

export function totals(files: readonly ListedFile[]): { rows: number; bytes: number } {
  return { rows: files.reduce((sum, file) => sum + (file.rows ?? 0), 0), bytes: files.reduce((sum, file) => sum + file.bytes, 0) };
}

export function quarantinedFile(
  part: Part,
  { entityRunId: run }: Pick<Intent, 'entityRunId'>,
  looks: ReadonlyMap<string, string> = new Map(),
): QuarantinedFile {
  const { role: _, ...file } = listedFile(part, looks);
  const { setApartBy = run } = stagedFile(part);
  return {
    ...file,
    ...(part.role === 'broken' ? { broken: true } : {}),
    ...(part.role === 'correction' ? { correction: true } : {}),
    ...(part.ofGroup ? { ofGroup: true } : {}),
    run: setApartBy,
  };
}

/** The files in quarantine that stay. If the run was live, their rows of the open group now belong to a closed group. */
export function quarantineLeft(
  before: Pick<FilesHead, 'quarantine'> | undefined,
  { removed, keepsGroup }: { readonly removed: ReadonlySet<string>; readonly keepsGroup: boolean },
): readonly QuarantinedFile[] {
  const left = (before?.quarantine ?? []).filter(({ name }) => !removed.has(name));
  return keepsGroup ? left : left.map(({ ofGroup: _, ...file }) => file);
}

function listedFile(part: Part, looks: ReadonlyMap<string, string>): ListedFile {
  const { final, style } = stagedFile(part);
  const look = looks.get(final);
  const { source, sources, min, max, unmarked, partition } = part;
  return {
    name: final,
    bytes: part.bytes,
    rows: part.rows,
    role: part.role === 'boundary' ? 'boundary' : 'data',
    checksum: part.checksum,
    ...defined({ looks: look, source, sources, min, max, unmarked, partition, style }),
  };
}
