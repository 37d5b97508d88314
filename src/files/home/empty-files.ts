/** Finds files without content, whose writer was interrupted or has not started. An empty file shows nothing about the other files of its folder. */
import type { FileInfo, FileSystem } from '../../ports/filesystem.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import { retry } from '../../ports/retry.ts';
import { emptyFileCode, noteOnPaths, type Selection } from './selection.ts';

export interface WithoutContent {
  /** Whether a file of zero bytes is a valid table in the format. If so, an empty file is reported by a note instead of a warning. */
  readonly isValid: boolean;
  /** Reads a file of a few bytes to check whether it has only line breaks. Null: such a file is a valid table in the format. */
  readonly reads: Pick<FileSystem, 'read'> | null;
}

/** The maximum size of a blank file: a byte order mark of three bytes and a line break of two bytes. */
const mostBlankBytes = 5;

/** The selection without the empty files. If all files are empty, they stay in the selection. */
export function withoutEmptyFiles(selection: Selection, { isValid, reads }: WithoutContent): Selection {
  let left: Readonly<Record<'empty' | 'blank', readonly FileInfo[]>> = { empty: [], blank: [] };
  const own = () =>
    (['empty', 'blank'] as const).flatMap((what) =>
      noteOnPaths(
        emptyFileCode,
        left[what].map(({ path }) => selection.display(path)),
        says[what],
      ),
    );
  /** Results by path and etag, because the files are listed several times in a run. */
  const looked = new Map<string, boolean>();
  const isBlank = async ({ path, etag }: FileInfo): Promise<boolean> => {
    const file = JSON.stringify([path, etag]);
    const known = looked.get(file) ?? (reads !== null && !hasText(await retry(() => reads.read(path))));
    looked.set(file, known);
    return known;
  };
  return {
    oneFile: selection.oneFile,
    display: (path) => selection.display(path),
    get notes() {
      return isValid ? [...selection.notes, ...own()] : selection.notes;
    },
    get warnings() {
      return isValid ? selection.warnings : [...selection.warnings, ...own()];
    },
    async files() {
      const found = await selection.files();
      const small = found.filter(({ bytes }) => reads !== null && bytes > 0 && bytes <= mostBlankBytes);
      const areBlank = await mapConcurrent(small, isBlank);
      const blank = small.filter((_, at) => areBlank[at]);
      const filled = found.filter((file) => file.bytes > 0 && !blank.includes(file));
      left = filled.length === 0 ? { empty: [], blank: [] } : { empty: found.filter(({ bytes }) => bytes === 0), blank };
      return filled.length === 0 ? found : filled;
    },
  };
}

const hasText = (bytes: Uint8Array): boolean => bytes.some((byte) => !blankBytes.has(byte));

/** The bytes of line breaks, and of byte order marks in UTF-8 and UTF-16. */
const blankBytes: ReadonlySet<number> = new Set([0x0a, 0x0d, 0xef, 0xbb, 0xbf, 0xff, 0xfe, 0x00]);

const readsLater = 'and no row is read from there. A run reads an empty file when it has grown; empty_files: fail makes it an error';

const says = {
  empty: (are: string) => `${are} empty (0 bytes), ${readsLater}`,
  blank: (are: string) => `${are} blank (only line breaks), ${readsLater}`,
};
