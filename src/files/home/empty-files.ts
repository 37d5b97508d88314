/** Files of 0 bytes: a writer was interrupted, or has not begun. One of them says nothing about the others of its folder. */
import type { FileInfo } from '../../ports/filesystem.ts';
import { emptyFileCode, noteOnPaths, type Selection } from './selection.ts';

/**
 * The selection without them, as long as another file has bytes: a folder of empty files alone tells no columns.
 * @param isValid whether the format has tables without a byte: then a note says so, and no warning.
 */
export function withoutEmptyFiles(selection: Selection, { isValid }: { readonly isValid: boolean }): Selection {
  let empty: readonly FileInfo[] = [];
  const own = () =>
    noteOnPaths(
      emptyFileCode,
      empty.map(({ path }) => selection.display(path)),
      says,
    );
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
      const filled = found.filter(({ bytes }) => bytes > 0);
      empty = filled.length === 0 ? [] : found.filter(({ bytes }) => bytes === 0);
      return filled.length === 0 ? found : filled;
    },
  };
}

const says = (are: string) =>
  `${are} empty (0 bytes), and no row is read from there. A run reads such a file when it has grown; empty_files: fail stops at it`;
