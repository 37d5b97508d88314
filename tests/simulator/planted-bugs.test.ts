import { describe, expect, it } from 'vitest';
import { hunt } from '../support/sim/hunt.ts';
import { changed } from '../support/sim/plant.ts';
import { notPlantable, plantedBugs } from '../support/sim/planted-bugs.ts';

const limits = { schedules: 4_000, seeds: 3_000 };

describe('a simulator that cannot fail is worthless: each rule switched off is noticed', () => {
  it.each(plantedBugs.map((bug) => ({ name: `${bug.name} (${bug.hole})`, bug })))('$name', async ({ bug }) => {
    const found = await hunt(bug, limits);
    expect(found?.violation).toBeTypeOf('string');
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
});
