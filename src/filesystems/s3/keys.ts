import { StoreError } from '../../errors/hygge-error.ts';
import { markOf } from '../remote/marks.ts';
import { Tree } from '../remote/tree.ts';

/** What S3 takes for a key, in UTF-8. */
const longestKeyBytes = 1024;

/** Paths ↔ keys of a bucket. */
export class Keys extends Tree {
  /** Throws HYG-4001 where a path is none, HYG-4008 where it is too long. */
  override key(path: string): string {
    return fitting(super.key(path), path);
  }

  override existing(path: string): string {
    return fitting(super.existing(path), path);
  }

  /** Of the mark of a staged name. */
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
