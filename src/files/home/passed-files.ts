/** New files whose rows all lie below what a run with a watermark reads: no run ever reads them, and a person has to know. */
import type { FilesBefore, PassedFiles, SeenFile } from '../../engine/contracts/home.ts';
import { shortHash } from '../../frames/short-hash.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { compareWatermarks } from '../../frames/watermark-text.ts';
import type { FileInfo } from '../../ports/filesystem.ts';
import { seenFile } from './new-files.ts';

/** Of more files no list is kept: it would be written by each commit. */
const mostListed = 10_000;

export interface NewFileLooks {
  /** The newest value of each of the files; undefined: it has none. */
  newest(files: readonly FileInfo[]): Promise<readonly (Watermark | undefined)[]>;
  oldest(files: readonly FileInfo[]): Promise<readonly (Watermark | undefined)[]>;
  name(path: string): string;
}

/** What settles of a listing; undefined: there are too many files. */
export function listedFiles(found: readonly FileInfo[]): readonly SeenFile[] | undefined {
  return found.length > mostListed ? undefined : found.map((info) => seenFile(info, undefined));
}

/** Undefined: there is none that no run has named. */
export async function passedFiles(
  found: readonly FileInfo[],
  { files, below, initial, mark }: FilesBefore,
  looks: NewFileLooks,
): Promise<PassedFiles | undefined> {
  if (files === null || below === null) return undefined;
  const known = new Set(files.map(({ path }) => path));
  const fresh = found.filter(({ path }) => !known.has(path));
  const newest = await looks.newest(fresh);
  const isPassed = (value: Watermark | undefined): value is Watermark => {
    if (value === undefined) return false;
    const against = (text: string) => compareWatermarks(value, { type: value.type, text });
    const isBelow = against(below.text) < 0 || (against(below.text) === 0 && !below.inclusive);
    return isBelow && (initial === null || against(initial.text) >= 0);
  };
  const passed = fresh.filter((_, at) => isPassed(newest[at]));
  const now = markOf(passed);
  if (passed.length === 0 || now === mark) return undefined;
  const told = untold(passed, mark);
  const oldest = await looks.oldest(told);
  const tops = told.flatMap((info) => newest[fresh.indexOf(info)] ?? []);
  const from = oldest.reduce((a, b) => (a && (!b || compareWatermarks(a, b) <= 0) ? a : b), undefined);
  const to = tops.reduce((a, b) => (compareWatermarks(a, b) >= 0 ? a : b));
  return from && { names: told.map(({ path }) => looks.name(path)), from, to, mark: now };
}

/** When the newest was written, and which files they are. */
function markOf(passed: readonly FileInfo[]): string {
  const [newest = ''] = passed
    .map(({ modifiedAt }) => modifiedAt)
    .toSorted()
    .toReversed();
  return `${newest} ${shortHash(JSON.stringify(passed.map(({ path }) => path).toSorted()))}`;
}

/** A file that was moved in keeps its time, and is not known from those named before: then all are named once more. */
function untold(passed: readonly FileInfo[], mark: string | null): readonly FileInfo[] {
  const [until = ''] = mark?.split(' ') ?? [];
  const later = passed.filter(({ modifiedAt }) => modifiedAt > until);
  return later.length > 0 ? later : passed;
}
