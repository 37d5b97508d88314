import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SEED } from '../support/samples.ts';
import { hunt } from '../support/sim/hunt.ts';
import { changed } from '../support/sim/plant.ts';
import { notPlantable, plantedBugs } from '../support/sim/planted-bugs.ts';

const root = join(import.meta.dirname, '..', '..');
/** `npm run soak` hunts all of them, for days, and says how often each is found. */
const share = 120;
const some = plantedBugs.filter((_, i) => (i + SEED) % share === 0);
/** One that a day's runs miss may be found by the next day's: a test that fails on one day in a thousand helps nobody. */
const days = 8;

describe('a simulator that cannot fail is worthless: the ordinary seeded runs notice each rule switched off', () => {
  it.each(some.map((bug) => ({ name: `${bug.name} (${bug.hole})`, bug })))('$name', async ({ bug }) => {
    for (let on = SEED; on < SEED + days; on++) if (await hunt(bug, on)) return;
    expect.fail(`${days} days of seeded runs did not notice it`);
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

  it.each(plantedBugs.map((bug) => ({ name: bug.name, bug })))('finds the lines of: $name', ({ bug }) => {
    for (const edit of bug.edits) changed(readFileSync(join(root, edit.file), 'utf8'), edit);
  });
});
