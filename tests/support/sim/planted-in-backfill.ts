import type { PlantedBug } from './planted-bug.ts';

const lane = 'src/engine/plan/lane.ts';
const windows = 'src/engine/plan/windows.ts';

/** Rules of replacing a range. */
export const plantedInBackfill: readonly PlantedBug[] = [
  {
    name: 'a part that was written anew without the range stays beside its copy',
    hole: 'range: straddling part stays',
    edits: [
      {
        file: 'src/files/store/replaced-files.ts',
        find: "(apart.get(file.name) ?? 0) > 0 || rangeOverlap(file, supersede) === 'whole'",
        replace: "rangeOverlap(file, supersede) === 'whole'",
      },
    ],
  },
  {
    name: 'a part that straddles the range goes as a whole',
    hole: 'range: straddling part not rewritten',
    edits: [
      {
        file: 'src/files/store/range.ts',
        find: "return low === 'inside' && high === 'inside' ? 'whole' : 'some';",
        replace: "return 'whole';",
      },
    ],
  },
  {
    name: 'the end of the range is replaced, but not read',
    hole: 'range: upper inclusive',
    edits: [
      {
        file: windows,
        find: "const replacedRange = from && { type: lower.type, from, to, group: 'rows' as const };",
        replace: "const replacedRange = from && { type: lower.type, from, to: to && { ...to, inclusive: true }, group: 'rows' as const };",
      },
    ],
  },
  {
    name: 'a backfill moves the live watermark',
    hole: 'lanes: one watermark for all',
    edits: [{ file: 'src/engine/commit/commit.ts', find: '...(liveAfter(plan, gathered) ?? {', replace: '...({' }],
  },
  {
    name: 'a repaired range that moves the watermark',
    hole: 'repair: one watermark for all',
    edits: [
      {
        file: 'src/engine/plan/survey.ts',
        find: 'live: lane && row?.settled ? liveOf(row.settled) : null,',
        replace: 'live: lane && !lane.repair && row?.settled ? liveOf(row.settled) : null,',
      },
    ],
  },
  {
    name: 'the last value of a repaired range is replaced, but not read',
    hole: 'repair: end not read',
    edits: [
      {
        file: windows,
        find: "const replacedRange = from && { type: lower.type, from, to, group: 'rows' as const };",
        replace:
          "const replacedRange = from && { type: lower.type, from, to, group: 'rows' as const }; if (chunk.to_included && to) return { window: { ...window, upper: { ...to, inclusive: false } }, boundaryWindow: null, nothing: false, replacedRange };",
      },
    ],
  },
  {
    name: 'a backfill closes the open boundary group',
    hole: 'lanes: boundary group lost',
    edits: [
      {
        file: 'src/files/store/head/next-head.ts',
        find: "file.role === 'boundary' && !target.keepsGroup",
        replace: "file.role === 'boundary'",
      },
    ],
  },
  {
    name: 'a backfill goes on above the live watermark',
    hole: 'lanes: not capped',
    edits: [
      {
        file: lane,
        find: 'const upper = end <= 0 ? { text: chunk.to, inclusive: isIncluded } : edge;',
        replace: 'const upper = { text: chunk.to, inclusive: false };',
      },
    ],
  },
  {
    name: 'a backfill takes the rows at the watermark out of the open group',
    hole: 'lanes: boundary group taken',
    edits: [
      {
        file: lane,
        find: 'return { text: settledWatermark(spec, row).text, inclusive: open };',
        replace: 'return { text: settledWatermark(spec, row).text, inclusive: open || true };',
      },
    ],
  },
  {
    name: 'a zombie whose settled part was replaced takes it for damage',
    hole: 'found by the simulator 4',
    edits: [
      {
        file: 'src/engine/move/rework.ts',
        find: 'throw row?.epoch === plan.epoch ? error : claimedByLaterRun(spec);',
        replace: 'throw row ? error : claimedByLaterRun(spec);',
      },
      {
        file: 'src/files/store/rework.ts',
        find: "throw error instanceof FileNotFound ? notTheSettledFile(shown, 'It is gone.') : error;",
        replace: 'throw error;',
      },
    ],
  },
  {
    name: 'an overlap reads rows without a watermark again and leaves the old ones',
    hole: 'overlap: nulls twice',
    edits: [{ file: windows, find: "const group = nulls === 'include' ? 'whole' : 'rows';", replace: "const group = 'rows' as const;" }],
  },
  {
    name: 'a part that was written anew for a column’s type stays beside its copy',
    hole: 'retyped: old part stays',
    edits: [{ file: 'src/files/store/store.ts', find: 'isReplaced(file) || anew.has(file.name)', replace: 'isReplaced(file)' }],
  },
  {
    name: 'what was written anew of an open group that changed is published beside it',
    hole: 'retyped: group twice',
    edits: [
      {
        file: 'src/engine/commit/gather.ts',
        find: "const stay = what === 'boundary' ? all.receipts.filter((receipt) => !isGroup(receipt)) : all.receipts;",
        replace: 'const stay = all.receipts;',
      },
    ],
  },
  {
    name: 'a group that new rows closed is written anew as an open one',
    hole: 'retyped: closed group open',
    edits: [{ file: 'src/engine/commit/gather.ts', find: "isGroup(receipt) && what === 'range' ?", replace: 'isGroup(receipt) ?' }],
  },
  {
    name: 'a backfill that writes the open group anew closes it',
    hole: 'retyped: open group closed',
    edits: [
      { file: 'src/engine/commit/gather.ts', find: "isGroup(receipt) && what === 'range' ?", replace: 'isGroup(receipt) && false ?' },
    ],
  },
  {
    name: 'parts that settled keep the type of a column that had no value',
    hole: 'retyped: two types',
    edits: [{ file: 'src/engine/plan/survey.ts', find: 'isRead ? firstTypedColumns(shaped) : []', replace: '[]' }],
  },
  {
    name: 'an overlap only adds what it reads',
    hole: 'overlap: nothing replaced',
    edits: [
      {
        file: 'src/engine/plan/replacement.ts',
        find: "if (facts.range) return { what: 'range', ...facts.range };",
        replace: "if (facts.range) return { what: 'boundary' };",
      },
    ],
  },
];
