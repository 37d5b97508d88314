import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { hunt } from '../support/sim/hunt.ts';
import { changed } from '../support/sim/plant.ts';
import { notPlantable, plantedBugs } from '../support/sim/planted-bugs.ts';
import { findingRuns } from './finding-runs.ts';

const root = join(import.meta.dirname, '..', '..');

describe('a simulator that cannot fail is worthless: the ordinary seeded runs notice each rule switched off', () => {
  const found = plantedBugs.flatMap((bug) => {
    const run = findingRuns[bug.name];
    return run === undefined ? [] : [{ name: `${bug.name} (${bug.hole})`, bug, run }];
  });

  // `npm run soak` makes all of these runs, in processes of their own.
  it.each(found.filter((_, at) => at % 60 === 27))('$name', async ({ bug, run }) => {
    expect(await hunt(bug, ({ runsNamed }) => runsNamed([run]))).toBeDefined();
  });

  it('covers the 24 switches of the model and the strict bound, or says why not', () => {
    expect(plantedBugs.length + Object.keys(notPlantable).length).toBeGreaterThanOrEqual(25);
    for (const reason of Object.values(notPlantable)) expect(reason.length).toBeGreaterThan(20);
  });

  it('refuses to plant where the source no longer reads so', () => {
    const edit = { file: 'some.ts', find: 'if (x) return;', replace: '' };
    expect(() => changed('while (x) {}', edit)).toThrow('holds 0 times');
    expect(() => changed('if (x) return; if (x) return;', edit)).toThrow('holds 2 times');
    expect(changed('if (x)\n  return; go()', edit)).toBe(' go()');
  });

  it('finds the lines of each, and leaves code', async () => {
    for (const { edits } of plantedBugs)
      for (const [file, own = []] of Object.entries(Object.groupBy(edits, (edit) => edit.file))) {
        const text = own.reduce((before, edit) => changed(before, edit), readFileSync(join(root, file), 'utf8'));
        await transform(text, { loader: 'ts', sourcefile: file });
      }
  });
});
