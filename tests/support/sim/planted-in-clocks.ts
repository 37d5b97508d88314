import type { PlantedBug } from './planted-bug.ts';

const apiHome = 'tests/support/sim/api-home.ts';
const observed = 'src/engine/plan/observed-bounds.ts';

/** Waiting, clocks, and rows that come late. */
export const plantedInClocks: readonly PlantedBug[] = [
  {
    name: 'a source that wants to be left alone is asked at once',
    hole: 'C1 notBeforeIgnored',
    edits: [
      {
        file: 'src/engine/entity/entity-run.ts',
        find: 'if (notBefore !== undefined) await this.#pause(notBefore, signal, planned);',
        replace: '',
      },
    ],
  },
  {
    name: 'a page is told as read before its rows are given',
    hole: 'C2 cursorBeforeFrames',
    edits: [
      {
        file: apiHome,
        find: "if (rows !== null) yield new SimFrame(this.#server.schema, rows); if (last !== undefined) after = this.#server.positionOf(last); yield { checkpoint: after ?? 'begin', ...quota };",
        replace:
          "if (last !== undefined) after = this.#server.positionOf(last); yield { checkpoint: after ?? 'begin', ...quota }; if (rows !== null) yield new SimFrame(this.#server.schema, rows);",
      },
    ],
  },
  {
    name: 'a lag holds nothing back where the source is only read',
    hole: 'C3 lagIgnored',
    edits: [{ file: observed, find: 'writtenIn(type, before(observed.at, lag))', replace: 'writtenIn(type, observed.at)' }],
  },
  {
    name: 'the largest value seen settles, be it younger than the lag',
    hole: 'C4 largestSeenSettles',
    edits: [{ file: 'src/engine/move/slice-reader.ts', find: 'return within;', replace: 'return frame;' }],
  },
  {
    name: 'a day is over before it is over',
    hole: 'C5 dayCutShort',
    edits: [{ file: observed, find: "type.kind === 'date' ? lagMs + dayMs : lagMs", replace: "type.kind === 'date' ? lagMs : lagMs" }],
  },
  {
    name: 'what an attempt had read before the source sent it away counts as all of it',
    hole: 'C6 pauseEndsTheSlice',
    edits: [
      {
        file: 'src/engine/move/move.ts',
        find: 'cursor: next?.cursor ?? null,',
        replace: 'cursor: next?.notBefore === undefined ? (next?.cursor ?? null) : null,',
      },
    ],
  },
  {
    name: 'rows that are told as deleted are dropped',
    hole: 'C7 deletesDropped',
    edits: [
      { file: 'src/engine/plan/deletes.ts', find: "(deletes !== 'ignore' && deletes !== 'apply')", replace: "deletes === 'apply'" },
      { file: 'src/engine/plan/deletes.ts', find: "yield deletes === 'ignore' && isFrame(item)", replace: 'yield isFrame(item)' },
    ],
  },
  {
    name: 'a deleted row is merged like any other',
    hole: 'C8 deletesMerged',
    edits: [{ file: 'tests/support/sim/database.ts', find: "gone: part.role === 'deleted'", replace: 'gone: false' }],
  },
  {
    name: 'a delete that is older than the row removes it',
    hole: 'C9 oldDeleteWins',
    edits: [
      {
        file: 'tests/support/sim/table.ts',
        find: 'const order = other ? markOf(one) - markOf(other) : 1;',
        replace: 'const order = !other || (one.gone && !other.gone) ? 1 : other.gone && !one.gone ? -1 : markOf(one) - markOf(other);',
      },
    ],
  },
];
