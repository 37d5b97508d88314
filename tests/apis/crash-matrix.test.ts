import { describe, expect, test } from 'vitest';
import { record } from '../soak/record.ts';
import { lists } from '../support/apis/crashes/lists.ts';
import { cellOf, cellsOf, outcomeOf, told } from '../support/apis/crashes/matrix.ts';
import { parents } from '../support/apis/crashes/parents.ts';
import { systems } from '../support/apis/crashes/systems.ts';
import { day, whole } from '../support/day.ts';
import { seeded } from '../support/kill-rounds.ts';

const kinds = [...lists, ...parents, ...systems];

describe(`a request of a run that something goes wrong at: the rows change, the run is resumed, and the destination is what the API has (SEED=${day})`, () => {
  let [cells, struck] = [0, 0];

  test.each(kinds.map((kind, i) => ({ name: kind.name, kind, i })))('$name', async ({ kind, i }) => {
    const all = whole ? cellsOf(kind) : [cellOf(kind, seeded(day * 100 + i))];
    const wrong: string[] = [];
    for await (const cell of all) {
      const came = await outcomeOf(cell);
      cells++;
      if (came.struck) struck++;
      if (came.wrong.length > 0) wrong.push(`${told(cell)}: ${came.wrong.join('; ')}`);
    }
    expect(wrong).toEqual([]);
  });

  test('is met by most of the sample', () => {
    process.stdout.write(`The crash matrix of APIs: ${cells} cells, ${struck} of them struck.\n`);
    expect(struck).toBeGreaterThan(cells / 3);
    if (whole)
      record(
        'crash matrix of APIs',
        `${cells.toLocaleString('en-US')} runs of ${kinds.length} kinds of homes, ${struck.toLocaleString('en-US')} of them with a request that a process died at, that was lost, refused or sent away, resumed beside changes: destinations exact`,
      );
  });
});
