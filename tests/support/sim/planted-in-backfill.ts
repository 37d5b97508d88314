import { edit, type PlantedBug, planted } from './planted-bug.ts';

const lane = 'src/engine/plan/lane.ts';
const windows = 'src/engine/plan/windows.ts';

/** Rules of replacing a range. */
export const plantedInBackfill: readonly PlantedBug[] = [
  planted(
    { name: 'a part that was written anew without the range stays beside its copy', hole: 'range: straddling part stays' },
    edit(
      'src/files/store/replaced-files.ts',
      "(apart.get(file.name) ?? 0) > 0 || rangeOverlap(file, supersede) === 'whole'",
      "rangeOverlap(file, supersede) === 'whole'",
    ),
  ),
  planted(
    { name: 'a part that straddles the range goes as a whole', hole: 'range: straddling part not rewritten' },
    edit('src/files/store/range.ts', "return low === 'inside' && high === 'inside' ? 'whole' : 'some';", "return 'whole';"),
  ),
  planted(
    { name: 'the end of the range is replaced, but not read', hole: 'range: upper inclusive' },
    edit(
      windows,
      "const replacedRange = from && { type: lower.type, from, to, group: 'rows' as const };",
      "const replacedRange = from && { type: lower.type, from, to: to && { ...to, inclusive: true }, group: 'rows' as const };",
    ),
  ),
  planted(
    { name: 'a backfill moves the live watermark', hole: 'lanes: one watermark for all' },
    edit('src/engine/commit/commit.ts', '...(liveAfter(plan, gathered) ?? {', '...({'),
  ),
  planted(
    { name: 'a repaired range that moves the watermark', hole: 'repair: one watermark for all' },
    edit(
      'src/engine/plan/survey.ts',
      'live: lane && row?.settled ? liveOf(row.settled) : null,',
      'live: lane && !lane.repair && row?.settled ? liveOf(row.settled) : null,',
    ),
  ),
  planted(
    { name: 'the last value of a repaired range is replaced, but not read', hole: 'repair: end not read' },
    edit(
      windows,
      "const replacedRange = from && { type: lower.type, from, to, group: 'rows' as const };",
      "const replacedRange = from && { type: lower.type, from, to, group: 'rows' as const }; if (chunk.to_included && to) return { window: { ...window, upper: { ...to, inclusive: false } }, boundaryWindow: null, nothing: false, replacedRange };",
    ),
  ),
  planted(
    { name: 'a backfill closes the open boundary group', hole: 'lanes: boundary group lost' },
    edit('src/files/store/head/next-head.ts', "file.role === 'boundary' && !target.keepsGroup", "file.role === 'boundary'"),
  ),
  planted(
    { name: 'a backfill goes on above the live watermark', hole: 'lanes: not capped' },
    edit(
      lane,
      'const upper = end <= 0 ? { text: chunk.to, inclusive: isIncluded } : edge;',
      'const upper = { text: chunk.to, inclusive: false };',
    ),
  ),
  planted(
    { name: 'a backfill takes the rows at the watermark out of the open group', hole: 'lanes: boundary group taken' },
    edit(
      lane,
      'return { text: settledWatermark(spec, row).text, inclusive: open };',
      'return { text: settledWatermark(spec, row).text, inclusive: open || true };',
    ),
  ),
  planted(
    { name: 'a zombie whose settled part was replaced takes it for damage', hole: 'found by the simulator 4' },
    edit(
      'src/engine/move/rework.ts',
      'throw row?.epoch === plan.epoch ? error : claimedByLaterRun(spec);',
      'throw row ? error : claimedByLaterRun(spec);',
    ),
    edit(
      'src/files/store/rework.ts',
      "throw error instanceof FileNotFound ? notTheSettledFile(shown, 'It is gone.') : error;",
      'throw error;',
    ),
  ),
  planted(
    { name: 'an overlap reads rows without a watermark again and leaves the old ones', hole: 'overlap: nulls twice' },
    edit(windows, "const group = nulls === 'include' ? 'whole' : 'rows';", "const group = 'rows' as const;"),
  ),
  planted(
    { name: 'a part that was written anew for a column’s type stays beside its copy', hole: 'retyped: old part stays' },
    edit('src/files/store/store.ts', 'isReplaced(file) || anew.has(file.name)', 'isReplaced(file)'),
  ),
  planted(
    { name: 'what was written anew of an open group that changed is published beside it', hole: 'retyped: group twice' },
    edit(
      'src/engine/commit/gather.ts',
      "const stay = what === 'boundary' ? all.receipts.filter((receipt) => !isGroup(receipt)) : all.receipts;",
      'const stay = all.receipts;',
    ),
  ),
  planted(
    { name: 'a group that new rows closed is written anew as an open one', hole: 'retyped: closed group open' },
    edit('src/engine/commit/gather.ts', "isGroup(receipt) && what === 'range' ?", 'isGroup(receipt) ?'),
  ),
  planted(
    { name: 'a backfill that writes the open group anew closes it', hole: 'retyped: open group closed' },
    edit('src/engine/commit/gather.ts', "isGroup(receipt) && what === 'range' ?", 'isGroup(receipt) && false ?'),
  ),
  planted(
    { name: 'parts that settled keep the type of a column that had no value', hole: 'retyped: two types' },
    edit('src/engine/plan/survey.ts', 'isRead ? firstTypedColumns(shaped) : []', '[]'),
  ),
  planted(
    { name: 'an overlap only adds what it reads', hole: 'overlap: nothing replaced' },
    edit(
      'src/engine/plan/replacement.ts',
      "if (facts.range) return { what: 'range', ...facts.range };",
      "if (facts.range) return { what: 'boundary' };",
    ),
  ),
];
