/**
 * The files of a workspace: a folder on a disk, or a version in blob storage. Paths are absolute, with `/` between segments.
 */
export interface WorkspaceFiles {
  /** Lists the entries directly in a folder, in any order. Throws `FileNotFound` when the folder does not exist. */
  list(dir: string): Promise<readonly { readonly name: string; readonly directory: boolean }[]>;
  /** Reads a whole text file. Throws `FileNotFound` or `NotUtf8`. */
  read(path: string): Promise<string>;
}

/** The bytes of a file are not valid UTF-8. */
export class NotUtf8 extends Error {
  override readonly name = 'NotUtf8';
  constructor(path: string) {
    super(`not UTF-8: ${path}`);
  }
}
