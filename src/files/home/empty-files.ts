/** Files without content: a writer was interrupted, or has not begun. One of them says nothing about the others of its folder. */
import type { FileInfo, FileSystem } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';
import { emptyFileCode, noteOnPaths, type Selection } from './selection.ts';

export interface WithoutContent {
  /** Whether the format has tables without a byte: then a note says so, and no warning. */
  readonly isValid: boolean;
  /** Reads a file of a few bytes, to see whether they are line breaks alone. Null: the format has tables of that form. */
  readonly reads: Pick<FileSystem, 'read'> | null;
}

/** A byte order mark of three bytes, and a line break of two. */
const mostBlankBytes = 5;

/** The selection without them, as long as another file has content: a folder of empty files alone tells no columns. */
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
  const isBlank = async ({ path, bytes }: FileInfo): Promise<boolean> =>
    reads !== null && bytes > 0 && bytes <= mostBlankBytes && !hasText(await retry(() => reads.read(path)));
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
      const blank: FileInfo[] = [];
      for (const file of found) if (await isBlank(file)) blank.push(file);
      const filled = found.filter((file) => file.bytes > 0 && !blank.includes(file));
      left = filled.length === 0 ? { empty: [], blank: [] } : { empty: found.filter(({ bytes }) => bytes === 0), blank };
      return filled.length === 0 ? found : filled;
    },
  };
}

const hasText = (bytes: Uint8Array): boolean => bytes.some((byte) => !blankBytes.has(byte));

/** Line breaks, and the bytes of byte order marks in UTF-8 and UTF-16. */
const blankBytes: ReadonlySet<number> = new Set([0x0a, 0x0d, 0xef, 0xbb, 0xbf, 0xff, 0xfe, 0x00]);

const readsLater = 'and no row is read from there. A run reads such a file when it has grown; empty_files: fail stops at it';

const says = {
  empty: (are: string) => `${are} empty (0 bytes), ${readsLater}`,
  blank: (are: string) => `${are} blank (line breaks alone), ${readsLater}`,
};
