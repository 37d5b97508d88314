import { edit, type PlantedBug, planted } from './planted-bug.ts';

const apiHome = 'tests/support/sim/api-home.ts';
const observed = 'src/engine/plan/observed-bounds.ts';

/** Waiting, clocks, and rows that come late. */
export const plantedInClocks: readonly PlantedBug[] = [
  planted(
    { name: 'a source that wants to be left alone is asked at once', hole: 'C1 notBeforeIgnored' },
    edit('src/engine/entity/entity-run.ts', 'if (notBefore !== undefined) await this.#pause(notBefore, signal, planned);'),
  ),
  planted(
    { name: 'a page is told as read before its rows are given', hole: 'C2 cursorBeforeFrames' },
    edit(
      apiHome,
      "if (rows !== null) yield new SimFrame(this.#server.schema, rows); if (last !== undefined) after = this.#server.positionOf(last); yield { checkpoint: after ?? 'begin', ...quota };",
      "if (last !== undefined) after = this.#server.positionOf(last); yield { checkpoint: after ?? 'begin', ...quota }; if (rows !== null) yield new SimFrame(this.#server.schema, rows);",
    ),
  ),
  planted(
    { name: 'a lag holds nothing back where the source is only read', hole: 'C3 lagIgnored' },
    edit(observed, 'writtenIn(type, before(observed.at, lag))', 'writtenIn(type, observed.at)'),
  ),
  planted(
    { name: 'the largest value seen settles, be it younger than the lag', hole: 'C4 largestSeenSettles' },
    edit('src/engine/move/slice-reader.ts', 'return within;', 'return frame;'),
  ),
  planted(
    { name: 'a day is over before it is over', hole: 'C5 dayCutShort' },
    edit(observed, "type.kind === 'date' ? lagMs + dayMs : lagMs", "type.kind === 'date' ? lagMs : lagMs"),
  ),
  planted(
    { name: 'what an attempt had read before the source sent it away counts as all of it', hole: 'C6 pauseEndsTheSlice' },
    edit(
      'src/engine/move/move.ts',
      'cursor: next?.cursor ?? null,',
      'cursor: next?.notBefore === undefined ? (next?.cursor ?? null) : null,',
    ),
  ),
  planted(
    { name: 'rows that are told as deleted are dropped', hole: 'C7 deletesDropped' },
    edit('src/engine/plan/deletes.ts', "(deletes !== 'ignore' && deletes !== 'apply')", "deletes === 'apply'"),
    edit('src/engine/plan/deletes.ts', "yield deletes === 'ignore' && isFrame(item)", 'yield isFrame(item)'),
  ),
  planted(
    { name: 'a deleted row is merged like any other', hole: 'C8 deletesMerged' },
    edit('tests/support/sim/database.ts', "gone: part.role === 'deleted'", 'gone: false'),
  ),
  planted(
    { name: 'a delete that is older than the row removes it', hole: 'C9 oldDeleteWins' },
    edit(
      'tests/support/sim/table.ts',
      'const order = other ? markOf(one) - markOf(other) : 1;',
      'const order = !other || (one.gone && !other.gone) ? 1 : other.gone && !one.gone ? -1 : markOf(one) - markOf(other);',
    ),
  ),
];
