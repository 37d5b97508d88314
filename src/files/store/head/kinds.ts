/** The kinds of heads that a home, and the look for files of other entities, know. A store chooses one of its own (`FileStoreOptions.heads`). */
import type { HeadKind } from './head-log.ts';
import { manifestHeads } from './manifest.ts';

export const headKinds: readonly HeadKind[] = [manifestHeads];
