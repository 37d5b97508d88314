/** The kinds of heads that a home recognises, and that the search for files of other entities recognises. A store chooses its own kind (`FileStoreOptions.heads`). */
import type { HeadKind } from './head-log.ts';
import { manifestHeads } from './manifest.ts';

export const headKinds: readonly HeadKind[] = [manifestHeads];
