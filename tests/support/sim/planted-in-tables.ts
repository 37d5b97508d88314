/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are quoted here as they are written */
import { edit, type PlantedBug, planted } from './planted-bug.ts';

const table = 'tests/support/sim/table.ts';
const store = 'tests/support/sim/sql-store.ts';
const database = 'tests/support/sim/database.ts';
const survey = 'src/engine/plan/survey.ts';

/** Rules of tables: merging, deleting by value, rows of others, counts. */
export const plantedInTables: readonly PlantedBug[] = [
  planted(
    { name: 'a merge inserts what it updates', hole: 'merge: duplicates' },
    edit(table, 'if (at.length === 0) table.push(one);', 'table.push(one);'),
  ),
  planted(
    { name: 'the key is lost on the way to the store', hole: 'merge: no key' },
    edit('src/engine/commit/gather.ts', 'writing: { ...plan.writing, key:', "writing: { ...plan.writing, mode: 'append', key:"),
  ),
  planted(
    { name: 'rows without a key are merged', hole: 'merge: a null equals nothing' },
    edit('src/engine/commit/commit.ts', 'if (nulls > 0) throw keysMissing(spec, column, nulls);'),
  ),
  planted(
    { name: 'a key that comes twice is merged twice', hole: 'merge: shifting pages' },
    edit(database, 'newest(this.staged(intent.parts, target.marked), writing.key).rows', 'this.staged(intent.parts, target.marked)'),
  ),
  planted(
    { name: 'replacing the boundary takes rows of others with it', hole: 'H19: by value, not counted' },
    edit(store, "if (what.where === 'boundary' && count !== what.boundary.rows)", "if (what.where === 'boundary' && count < 0)"),
  ),
  planted(
    { name: 'the mark column is not asked when the boundary is replaced', hole: 'H19: rows of others share the value' },
    edit(table, 'return isMine(target, mark) && isAt(target.boundary, row);', 'return isAt(target.boundary, row);'),
    edit(store, "if (what.where === 'boundary' && count !== what.boundary.rows)", "if (what.where === 'boundary' && count < 0)"),
  ),
  planted(
    { name: 'the cap of a comparison is judged after the commit', hole: 'keys: the cap' },
    edit('src/engine/keys/compare-keys.ts', 'if (gone > most) throw tooManyGone(spec, { gone, settled, most, comparison });'),
    edit(
      'src/engine/keys/compare-keys.ts',
      'if (within.rows > 0 && isWithin(comparison, before + gone, head.rows)) frames.push(',
      'if (within.rows > 0) frames.push(',
    ),
  ),
  planted(
    { name: 'a delete is decided on a snapshot of the source that has moved on', hole: 'keys: one look' },
    edit('src/engine/keys/compare-keys.ts', 'if (gone === 0 || !looksAgain)', 'if (gone >= 0 || !looksAgain)'),
  ),
  planted(
    { name: 'a comparison of keys closes the open boundary group', hole: 'keys: the open group' },
    edit('src/files/store/store.ts', "request.keepsGroup || request.supersede.what === 'range'", "request.supersede.what === 'range'"),
  ),
  planted(
    { name: 'a file that a comparison of keys wrote anew stays beside the new one', hole: 'keys: parts written anew' },
    edit('src/engine/commit/gather.ts', 'return { slice, dropped, anew: true as const };', 'return { slice, dropped };'),
  ),
  planted(
    { name: 'a range takes rows of others with it', hole: 'range: by value alone' },
    edit(table, 'return isMine(target, mark) && inRange(target.range, row);', 'return inRange(target.range, row);'),
  ),
  planted(
    { name: 'a full load swaps a table that holds rows of others', hole: 'whose rows: a swap takes all' },
    edit(survey, "keepsForeignRows: target.content === 'ours' && target.foreign !== 0", "keepsForeignRows: target.content === 'empty'"),
  ),
  planted(
    { name: 'a commit does not count what it deletes', hole: 'whose rows: they come between prepare and commit' },
    edit(database, 'if (deleted !== target.count) throw', 'if (deleted < 0) throw'),
  ),
  planted(
    { name: 'a full load deletes rows that it can not tell from ours', hole: 'whose rows: nothing tells' },
    edit(
      survey,
      "const leaves = supersede.what === 'range' || (supersede.what === 'all' && supersede.foreign === 'keep');",
      "const leaves = supersede.what === 'range';",
    ),
  ),
  planted(
    { name: 'deleting and inserting are two transactions', hole: 'delete_insert: a moment of nothing' },
    edit(
      store,
      'const outcome = await this.#write(`tx ${intent.id}`,',
      "if (intent.writing?.mode === 'delete_insert' && this.#db.head?.id === intent.prev) await this.#write(`delete ${intent.id}`, () => { const target = intent.target as unknown as SqlTarget; this.#db.table = this.#db.table.filter((each) => !deletes(target, each)); (intent.target as { count: number }).count = 0; }); const outcome = await this.#write(`tx ${intent.id}`,",
    ),
  ),
  planted(
    { name: 'who finds a commit done counts nothing', hole: 'counts: of another attempt' },
    edit(database, 'counts: this.commits.get(intent.id)?.counts ?? nothingDone', 'counts: nothingDone'),
  ),
  planted(
    { name: 'the journal counts what was prepared, not what the commit did', hole: 'counts: before the commit' },
    edit('src/engine/protocol/finish.ts', "if (typeof outcome === 'object' && 'counts' in outcome) return outcome.counts;"),
  ),
  planted(
    { name: 'a connection is not given back when a statement fails', hole: 'pool: a leak' },
    edit(
      'tests/support/sim/pool.ts',
      'try { return await work(); } finally { this.#give(); }',
      'const done = await work(); this.#give(); return done;',
    ),
  ),
  planted(
    { name: 'the boundary group is read from the watermark on, though the destination keeps it coarser', hole: 'H19 floor: the group' },
    edit('src/engine/plan/windows.ts', 'lower: floorEdge(lower.type, boundaryWindow.lower, precision)', 'lower: boundaryWindow.lower'),
  ),
  planted(
    { name: 'a range is deleted from its unfloored lower bound', hole: 'H19 floor: a range' },
    edit(
      'src/engine/plan/windows.ts',
      'const from = floorEdge(replacedRange.type, replacedRange.from, precision);',
      'const from = replacedRange.from;',
    ),
  ),
  planted(
    { name: 'what lies under the value of the settled group does not join it', hole: 'H19 floor: the group grows' },
    edit('src/engine/commit/gather.ts', 'const isJoined = sameWhenKept(plan);', 'const isJoined = false;'),
  ),
];
