import type { PlantedBug } from './planted-bug.ts';

const plan = 'src/engine/plan/settled-plan.ts';
const store = 'src/files/store/compaction.ts';

/** Rules of putting small files together. */
export const plantedInCompaction: readonly PlantedBug[] = [
  {
    name: 'the open boundary group is put together with other files',
    hole: 'compaction: boundary group taken',
    edits: [
      {
        file: store,
        find: "return role === 'data' && rows !== null",
        replace: "return role !== 'foreign' && rows !== null",
      },
    ],
  },
  {
    name: 'a compaction that moves the watermark',
    hole: 'compaction: one watermark for all',
    edits: [
      {
        file: plan,
        find: 'live: liveOf(settled),',
        replace: "live: { ...liveOf(settled), watermark: settled.watermark && { ...settled.watermark, text: '9' } },",
      },
    ],
  },
  {
    name: 'a compaction that the state does not remember',
    hole: 'compaction: due every night',
    edits: [
      {
        file: 'src/engine/commit/commit.ts',
        find: 'if (plan.lane === compactionName) return beganAt(compactionName, plan.startedAt);',
        replace: '',
      },
    ],
  },
  {
    name: 'the files that were put together stay beside the new one',
    hole: 'compaction: rows doubled',
    edits: [
      {
        file: 'src/engine/commit/gather.ts',
        find: '...rewritten.flatMap(rewrittenSlices)],',
        replace: '...rewritten.filter(({ compacted }) => compacted === undefined).flatMap(rewrittenSlices)],',
      },
    ],
  },
  {
    name: 'a file that is not read goes with the others of its group',
    hole: 'compaction: part dropped',
    edits: [
      {
        file: 'src/engine/move/move-compaction.ts',
        find: 'for (const [n, part] of partsOf(slice).entries()) { if (n < from) continue;',
        replace:
          'for (const [n, part] of partsOf(slice).entries()) { if (n < from) continue; if (n === 1) { this.#rewritten.push({ slice: part, kept: 0 }); continue; }',
      },
    ],
  },
];
