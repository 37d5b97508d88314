import type { FileSystem } from '../../ports/filesystem.ts';
import type { HeadKind, HeadLog } from './head/head-log.ts';
import type { FilePlace } from './layout.ts';

/** The destination of one entity's commits: the files, their names, and the head that lists them. */
export interface Destination {
  readonly files: FileSystem;
  readonly place: FilePlace;
  readonly heads: HeadKind;
  /** The log of the entity’s head. */
  readonly log: HeadLog;
}
