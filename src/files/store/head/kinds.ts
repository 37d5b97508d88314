/** The kinds of heads that are known to a home and to the search for files of other entities. A store chooses its own kind (`FileStoreOptions.heads`). */
import type { HeadKind } from './head-log.ts';
import { manifestHeads } from './manifest.ts';

export const headKinds: readonly HeadKind[] = [manifestHeads];
