/** Finds new files with rows below the window of a run with a watermark. No run ever reads these rows, so the user must know about them. */
import type { Edge, FilesBefore, FilesBelow, PassedFiles, SeenFile } from '../../engine/contracts/home.ts';
import { shortHash } from '../../frames/short-hash.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { compareWatermarks } from '../../frames/watermark-text.ts';
import type { FileInfo } from '../../ports/filesystem.ts';
import type { ValueRange } from './bound.ts';
import { seenFile } from './new-files.ts';

/** The maximum number of files in the list. A longer list is not kept, because each commit would write it. */
const mostListed = 10_000;

export interface NewFileLooks {
  /** The range of values in a file; undefined: the file has no values. */
  ranges(files: readonly FileInfo[]): Promise<readonly (ValueRange | undefined)[]>;
  oldest(files: readonly FileInfo[]): Promise<readonly (Watermark | undefined)[]>;
  /** The rows below the window in each of the files. */
  below(files: readonly FileInfo[], before: readonly FileInfo[]): Promise<readonly RowsBelow[]>;
  name(path: string): string;
}

/** Rows of a new file that no earlier file has. */
export interface RowsBelow {
  readonly rows: number;
  /** Whether earlier files have other rows with the same value. */
  readonly repeats: boolean;
  /** The range of the rows’ values; null: no rows. */
  readonly range: { readonly from: Watermark; readonly to: Watermark } | null;
}

/** The part of a listing that settles; undefined: too many files for a list. */
export function listedFiles(found: readonly FileInfo[]): readonly SeenFile[] | undefined {
  return found.length > mostListed ? undefined : found.map((info) => seenFile(info, undefined));
}

/** The new files with rows below the window. Undefined: no new file has such rows, or an earlier run has already named all of them. Most files need no further read, because the check of the newest value also shows the oldest value. */
export async function passedFiles(
  found: readonly FileInfo[],
  { files, below, initial, mark }: FilesBefore,
  looks: NewFileLooks,
): Promise<PassedFiles | undefined> {
  if (files === null || below === null) return undefined;
  const known = new Set(files.map(({ path }) => path));
  const fresh = found.filter(({ path }) => !known.has(path));
  const ranges = await looks.ranges(fresh);
  const against = (value: Watermark, { text }: Edge) => compareWatermarks(value, { type: value.type, text });
  const isBelow = (value: Watermark) => against(value, below) < 0 || (against(value, below) === 0 && !below.inclusive);
  const lies = ({ newest, oldest }: ValueRange): 'above' | 'below' | 'on both sides' => {
    if (initial !== null && against(newest, initial) < 0) return 'above';
    if (isBelow(newest)) return 'below';
    return oldest === null || isBelow(oldest) ? 'on both sides' : 'above';
  };
  const placed = fresh.flatMap((info, at) => {
    const range = ranges[at];
    return range === undefined ? [] : [{ info, newest: range.newest, lies: lies(range) }];
  });
  const passed = placed.filter(({ lies: where }) => where !== 'above');
  const now = markOf(passed.map(({ info }) => info));
  if (passed.length === 0 || now === mark) return undefined;
  const told = new Set(
    untold(
      passed.map(({ info }) => info),
      mark,
    ),
  );
  const whole = passed.filter(({ info, lies: where }) => where === 'below' && told.has(info));
  const split = passed.flatMap(({ info, lies: where }) => (where === 'on both sides' && told.has(info) ? [info] : []));
  const before = found.filter(({ path }) => known.has(path));
  const rowsBelow = split.length === 0 ? [] : await looks.below(split, before);
  const parts = split.flatMap((info, at) => {
    const { range = null, ...rest } = rowsBelow[at] ?? {};
    return range === null ? [] : [{ rows: 0, repeats: false, ...rest, path: info.path, ...range }];
  });
  const oldest = await looks.oldest(whole.map(({ info }) => info));
  const wholes = whole.flatMap(({ info, newest }, at) => {
    const from = oldest[at];
    return from === undefined ? [] : [{ path: info.path, from, to: newest }];
  });
  const [all, some] = [together(wholes, looks), together(parts, looks)];
  const there = new Set(found.map(({ path }) => path));
  const left = files.filter(({ path }) => !there.has(path)).length;
  return { whole: all, partly: some && { ...some, ...sumOf(parts) }, left, mark: now };
}

function sumOf(parts: readonly Pick<RowsBelow, 'rows' | 'repeats'>[]): Pick<RowsBelow, 'rows' | 'repeats'> {
  return { rows: parts.reduce((sum, { rows }) => sum + rows, 0), repeats: parts.some(({ repeats }) => repeats) };
}

function together(
  files: readonly { readonly path: string; readonly from: Watermark; readonly to: Watermark }[],
  { name }: Pick<NewFileLooks, 'name'>,
): FilesBelow | null {
  const [from, to] = [
    files.map((one) => one.from).toSorted(compareWatermarks)[0],
    files
      .map((one) => one.to)
      .toSorted(compareWatermarks)
      .at(-1),
  ];
  return from && to ? { names: files.map(({ path }) => name(path)), from, to } : null;
}

/** The time of the newest file, and the files with that time. */
function markOf(passed: readonly FileInfo[]): string {
  const [newest = ''] = passed
    .map(({ modifiedAt }) => modifiedAt)
    .toSorted()
    .toReversed();
  return `${newest} ${shortHash(JSON.stringify(passed.map(({ path }) => path).toSorted()))}`;
}

/** The files that no run has named yet. If a file with an older time was moved in, the named files can’t be recognised, so all files are named again. */
function untold(passed: readonly FileInfo[], mark: string | null): readonly FileInfo[] {
  const [until = ''] = mark?.split(' ') ?? [];
  const later = passed.filter(({ modifiedAt }) => modifiedAt > until);
  return later.length > 0 ? later : passed;
}
