import { edit, type PlantedBug, planted } from './planted-bug.ts';

const plan = 'src/engine/plan/settled-plan.ts';
const store = 'src/files/store/compaction.ts';

/** Rules of putting small files together. */
export const plantedInCompaction: readonly PlantedBug[] = [
  planted(
    { name: 'the open boundary group is put together with other files', hole: 'compaction: boundary group taken' },
    edit(store, "return role === 'data' && rows !== null", "return role !== 'foreign' && rows !== null"),
  ),
  planted(
    { name: 'a compaction that moves the watermark', hole: 'compaction: one watermark for all' },
    edit(
      plan,
      'live: liveOf(settled),',
      "live: { ...liveOf(settled), watermark: settled.watermark && { ...settled.watermark, text: '9' } },",
    ),
  ),
  planted(
    { name: 'a compaction that the state does not remember', hole: 'compaction: due every night' },
    edit('src/engine/commit/commit.ts', 'if (plan.lane === compactionName) return beganAt(compactionName, plan.startedAt);'),
  ),
  planted(
    { name: 'the files that were put together stay beside the new one', hole: 'compaction: rows doubled' },
    edit(
      'src/engine/commit/gather.ts',
      '...rewritten.flatMap(rewrittenSlices)],',
      "...rewritten.filter(({ found }) => found.kind !== 'group of parts').flatMap(rewrittenSlices)],",
    ),
  ),
  planted(
    { name: 'a file that is not read goes with the others of its group', hole: 'compaction: part dropped' },
    edit(
      'src/engine/move/move-compaction.ts',
      'for (const [n, part] of partsOf(slice).entries()) { if (n < from) continue;',
      'for (const [n, part] of partsOf(slice).entries()) { if (n < from) continue; if (n === 1) { this.#rewritten.push({ slice: part, kept: 0 }); continue; }',
    ),
  ),
];
