import { describe, expect, test } from 'vitest';
import { record } from '../soak/record.ts';
import { lists } from '../support/apis/crashes/lists.ts';
import { type Cell, cellOf, cellsOf, outcomeOf, told } from '../support/apis/crashes/matrix.ts';
import { parents } from '../support/apis/crashes/parents.ts';
import { systems } from '../support/apis/crashes/systems.ts';
import { seeded } from '../support/kill-rounds.ts';
import { SEED, sampled, whole } from '../support/samples.ts';

const kinds = [...lists, ...parents, ...systems];

/** Where a mistake of the field would show. */
const always: readonly (readonly [what: string, kind: string, of: Omit<Cell, 'kind'>])[] = [
  [
    'a row that comes late with the value at which the last run ended, to an API whose bound is exclusive',
    'offsets of windows that end strictly',
    { store: 'plain', driver: 'command', run: 'next', fault: { at: 5, what: 'dies after' } },
  ],
  [
    'rows that leave the list between two pages: their place is found again',
    'offsets that overlap',
    { store: 'plain', driver: 'app', run: 'first', fault: { at: 9, what: 'lost' } },
  ],
  [
    'the pages of a parent behind those of another one',
    'rows of so many parents that a slice has several',
    { store: 'plain', driver: 'command', run: 'first', fault: { at: 30, what: 'dies before' } },
  ],
  [
    'a row whose transaction ends when later ones were read',
    'pages and a total',
    { store: 'plain', driver: 'command', run: 'next', fault: { at: 4, what: 'lost' } },
  ],
  [
    'a token that expires while several pages are asked for: one is asked for again',
    'rows of parents, by pages and a total',
    { store: 'plain', driver: 'command', run: 'next', fault: { at: 5, what: 'expired' } },
  ],
  [
    'an API that answers more slowly than its tokens live',
    'offsets that overlap',
    { store: 'plain', driver: 'app', run: 'next', fault: { at: 6, what: 'dies after' }, requestMs: 1_000_000 },
  ],
  [
    'a server of tokens that asks to be left alone for an hour, and refuses each request before: the run waits for it',
    'offsets that overlap',
    { store: 'plain', driver: 'command', run: 'first', fault: { at: 1, what: 'away' } },
  ],
];

describe('a request of a run that something goes wrong at: the rows change, the run is resumed, and the destination is what the API has', () => {
  let [cells, struck] = [0, 0];

  // What takes seconds has its one cell below.
  const tried = kinds.filter(({ isLarge }) => whole || !isLarge).map((kind, i) => ({ name: kind.name, kind, i }));

  test.each(sampled(tried, 15))('$name', async ({ kind, i }) => {
    const all = whole ? cellsOf(kind) : [cellOf(kind, seeded(SEED * 100 + i))];
    const wrong: string[] = [];
    for await (const cell of all) {
      const came = await outcomeOf(cell);
      cells++;
      if (came.struck) struck++;
      if (came.wrong.length > 0) wrong.push(`${told(cell)}: ${came.wrong.join('; ')}`);
    }
    expect(wrong).toEqual([]);
  });

  test.each(always)('%s', async (_, name, of) => {
    const kind = kinds.find((one) => one.name === name);
    if (kind === undefined) throw new Error(`there is no kind ${name}`);
    const { struck: isStruck, wrong } = await outcomeOf({ kind, ...of });
    expect([isStruck, wrong]).toEqual([true, []]);
  });

  test('is met by most of the sample', () => {
    process.stdout.write(`The crash matrix of APIs: ${cells} cells, ${struck} of them struck.\n`);
    expect(struck).toBeGreaterThan(cells / 3);
    if (whole)
      record(
        'crash matrix of APIs',
        `${cells.toLocaleString('en-US')} runs of ${kinds.length} kinds of homes, ${struck.toLocaleString('en-US')} of them with a request that a process died at, that was lost, refused or sent away, resumed next to changes: destinations exact`,
      );
  });
});
