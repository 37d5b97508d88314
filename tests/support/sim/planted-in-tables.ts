/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are quoted here as they are written */
import type { PlantedBug } from './planted-bug.ts';

const table = 'tests/support/sim/table.ts';
const store = 'tests/support/sim/sql-store.ts';
const database = 'tests/support/sim/database.ts';
const survey = 'src/engine/plan/survey.ts';

/** Rules of tables: merging, deleting by value, rows of others, counts. */
export const plantedInTables: readonly PlantedBug[] = [
  {
    name: 'a merge inserts what it updates',
    hole: 'merge: duplicates',
    edits: [{ file: table, find: 'if (at.length === 0) table.push(one);', replace: 'table.push(one);' }],
  },
  {
    name: 'the key is lost on the way to the store',
    hole: 'merge: no key',
    edits: [
      {
        file: 'src/engine/commit/gather.ts',
        find: 'writing: { ...plan.writing, key:',
        replace: "writing: { ...plan.writing, mode: 'append', key:",
      },
    ],
  },
  {
    name: 'rows without a key are merged',
    hole: 'merge: a null equals nothing',
    edits: [{ file: 'src/engine/commit/commit.ts', find: 'if (nulls > 0) throw keysMissing(spec, column, nulls);', replace: '' }],
  },
  {
    name: 'a key that comes twice is merged twice',
    hole: 'merge: shifting pages',
    edits: [
      {
        file: database,
        find: 'newest(this.staged(intent.parts, target.marked), writing.key).rows',
        replace: 'this.staged(intent.parts, target.marked)',
      },
    ],
  },
  {
    name: 'replacing the boundary takes rows of others with it',
    hole: 'H19: by value, not counted',
    edits: [
      {
        file: store,
        find: "if (what.where === 'boundary' && count !== what.boundary.rows)",
        replace: "if (what.where === 'boundary' && count < 0)",
      },
    ],
  },
  {
    name: 'the mark column is not asked when the boundary is replaced',
    hole: 'H19: rows of others share the value',
    edits: [
      { file: table, find: 'return isMine(target, mark) && isAt(target.boundary, row);', replace: 'return isAt(target.boundary, row);' },
      {
        file: store,
        find: "if (what.where === 'boundary' && count !== what.boundary.rows)",
        replace: "if (what.where === 'boundary' && count < 0)",
      },
    ],
  },
  {
    name: 'the cap of a comparison is judged after the commit',
    hole: 'keys: the cap',
    edits: [
      {
        file: 'src/engine/keys/compare-keys.ts',
        find: 'if (gone > most) throw tooManyGone(spec, { gone, settled, most, comparison });',
        replace: '',
      },
      {
        file: 'src/engine/keys/compare-keys.ts',
        find: 'if (within.rows > 0 && isWithin(comparison, before + gone, head.rows)) frames.push(',
        replace: 'if (within.rows > 0) frames.push(',
      },
    ],
  },
  {
    name: 'a delete is decided on a snapshot of the source that has moved on',
    hole: 'keys: one look',
    edits: [
      {
        file: 'src/engine/keys/compare-keys.ts',
        find: 'if (gone === 0 || !looksAgain)',
        replace: 'if (gone >= 0 || !looksAgain)',
      },
    ],
  },
  {
    name: 'a comparison of keys closes the open boundary group',
    hole: 'keys: the open group',
    edits: [
      {
        file: 'src/files/store/store.ts',
        find: "request.keepsGroup || request.supersede.what === 'range'",
        replace: "request.supersede.what === 'range'",
      },
    ],
  },
  {
    name: 'a file that a comparison of keys wrote anew stays beside the new one',
    hole: 'keys: parts written anew',
    edits: [
      {
        file: 'src/engine/commit/gather.ts',
        find: 'return { slice, dropped, anew: true as const };',
        replace: 'return { slice, dropped };',
      },
    ],
  },
  {
    name: 'a range takes rows of others with it',
    hole: 'range: by value alone',
    edits: [
      { file: table, find: 'return isMine(target, mark) && inRange(target.range, row);', replace: 'return inRange(target.range, row);' },
    ],
  },
  {
    name: 'a full load swaps a table that holds rows of others',
    hole: 'whose rows: a swap takes all',
    edits: [
      {
        file: survey,
        find: "keepsForeignRows: target.content === 'ours' && target.foreign !== 0",
        replace: "keepsForeignRows: target.content === 'empty'",
      },
    ],
  },
  {
    name: 'a commit does not count what it deletes',
    hole: 'whose rows: they come between prepare and commit',
    edits: [{ file: database, find: 'if (deleted !== target.count) throw', replace: 'if (deleted < 0) throw' }],
  },
  {
    name: 'a full load deletes rows that it can not tell from ours',
    hole: 'whose rows: nothing tells',
    edits: [
      {
        file: survey,
        find: "const leaves = supersede.what === 'range' || (supersede.what === 'all' && supersede.foreign === 'keep');",
        replace: "const leaves = supersede.what === 'range';",
      },
    ],
  },
  {
    name: 'deleting and inserting are two transactions',
    hole: 'delete_insert: a moment of nothing',
    edits: [
      {
        file: store,
        find: 'const outcome = await this.#write(`tx ${intent.id}`,',
        replace:
          "if (intent.writing?.mode === 'delete_insert' && this.#db.head?.id === intent.prev) await this.#write(`delete ${intent.id}`, () => { const target = intent.target as unknown as SqlTarget; this.#db.table = this.#db.table.filter((each) => !deletes(target, each)); (intent.target as { count: number }).count = 0; }); const outcome = await this.#write(`tx ${intent.id}`,",
      },
    ],
  },
  {
    name: 'who finds a commit done counts nothing',
    hole: 'counts: of another attempt',
    edits: [{ file: database, find: 'counts: this.commits.get(intent.id)?.counts ?? nothingDone', replace: 'counts: nothingDone' }],
  },
  {
    name: 'the journal counts what was prepared, not what the commit did',
    hole: 'counts: before the commit',
    edits: [
      {
        file: 'src/engine/protocol/finish.ts',
        find: "if (typeof outcome === 'object' && 'counts' in outcome) return outcome.counts;",
        replace: '',
      },
    ],
  },
  {
    name: 'a connection is not given back when a statement fails',
    hole: 'pool: a leak',
    edits: [
      {
        file: 'tests/support/sim/pool.ts',
        find: 'try { return await work(); } finally { this.#give(); }',
        replace: 'const done = await work(); this.#give(); return done;',
      },
    ],
  },
  {
    name: 'the boundary group is read from the watermark on, though the destination keeps it coarser',
    hole: 'H19 floor: the group',
    edits: [
      {
        file: 'src/engine/plan/windows.ts',
        find: 'lower: floorEdge(lower.type, boundaryWindow.lower, precision)',
        replace: 'lower: boundaryWindow.lower',
      },
    ],
  },
  {
    name: 'a range is deleted from its unfloored lower bound',
    hole: 'H19 floor: a range',
    edits: [
      {
        file: 'src/engine/plan/windows.ts',
        find: 'const from = floorEdge(replacedRange.type, replacedRange.from, precision);',
        replace: 'const from = replacedRange.from;',
      },
    ],
  },
  {
    name: 'what lies under the value of the settled group does not join it',
    hole: 'H19 floor: the group grows',
    edits: [{ file: 'src/engine/commit/gather.ts', find: 'const isJoined = sameWhenKept(plan);', replace: 'const isJoined = false;' }],
  },
];
