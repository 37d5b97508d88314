import { StoreError } from '../../errors/hygge-error.ts';
import { markOf } from '../remote/marks.ts';
import { Tree } from '../remote/tree.ts';

/** The maximum length of a key in S3, in UTF-8 bytes. */
const longestKeyBytes = 1024;

/** Converts paths to keys of a bucket, and keys to paths. */
export class Keys extends Tree {
  /** The key of a path. Throws HYG-4001 for an invalid path, HYG-4008 for a path that is too long. */
  override key(path: string): string {
    return fitting(super.key(path), path);
  }

  override existing(path: string): string {
    return fitting(super.existing(path), path);
  }

  /** The key of the mark of a staged name. */
  markKey(staged: string): string {
    return fitting(markOf(super.key(staged)), staged);
  }
}

function fitting(key: string, path: string): string {
  if (Buffer.byteLength(key) <= longestKeyBytes) return key;
  throw new StoreError({
    code: 'HYG-4008',
    what: `The path ${JSON.stringify(path)} is too long: its key has ${Buffer.byteLength(key)} bytes.`,
    why: [`S3 takes ${longestKeyBytes}.`],
    tryThis: ['Move the destination into a folder with a shorter path, or shorten the name of the entity.'],
  });
}
