import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hunt } from '../support/sim/hunt.ts';
import { changed } from '../support/sim/plant.ts';
import { plantedBugs } from '../support/sim/planted-bug.ts';

const root = join(import.meta.dirname, '..', '..');

describe('a simulator that cannot fail is worthless: the ordinary seeded runs notice each rule switched off', () => {
  const found = plantedBugs.flatMap(({ run, ...bug }) => (run === undefined ? [] : [{ name: `${bug.name} (${bug.hole})`, bug, run }]));

  // `npm run soak` makes all of these runs, in processes of their own.
  it.each(found.filter((_, at) => at % 180 === 27))('$name', async ({ bug, run }) => {
    expect(await hunt(bug, ({ runsNamed }) => runsNamed([run]))).toBeDefined();
  });

  it('finds the lines of each', () => {
    for (const { edits } of plantedBugs)
      for (const [file, own = []] of Object.entries(Object.groupBy(edits, (edit) => edit.file)))
        expect(own.reduce((before, edit) => changed(before, edit), readFileSync(join(root, file), 'utf8'))).not.toBe('');
  });
});
