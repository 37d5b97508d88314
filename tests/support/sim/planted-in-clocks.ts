import type { PlantedBug } from './planted-bug.ts';

const apiHome = 'tests/support/sim/api-home.ts';

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
        find: "if (rows !== null) yield new SimFrame(this.#server.schema, rows); if (last !== undefined) after = positionOf(last); yield { checkpoint: after ?? 'begin', ...quota };",
        replace:
          "if (last !== undefined) after = positionOf(last); yield { checkpoint: after ?? 'begin', ...quota }; if (rows !== null) yield new SimFrame(this.#server.schema, rows);",
      },
    ],
  },
];
