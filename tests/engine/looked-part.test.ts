import { describe, expect, it } from 'vitest';
import type { LookedPart } from '../../src/engine/contracts/home.ts';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import { but } from '../support/but.ts';
import { idsOf } from '../support/sim/actors.ts';
import { type Simulated, simulated } from '../support/sim/at-once.ts';
import { how } from '../support/sim/backfilled.ts';
import { datedSchema, row } from '../support/sim/rows.ts';
import type { SpecChanges } from '../support/sim/world.ts';

const dayMs = 86_400_000;
const today = 20_777;

function watched(spec: SpecChanges): Simulated {
  const sim = simulated({ home: 'api with a clock', rows: [row(1, today - 9)], spec });
  sim.world.source.schema = datedSchema;
  return sim;
}

/** What a run told the home, before it looked, of the part that it reads. */
async function partOf({ world, ports }: Simulated, name: string, run: Partial<typeof how> | { readonly runType: 'full_drop' } = {}) {
  const parts: (LookedPart | undefined)[] = [];
  const home: typeof ports.home = async (...of) => {
    const opened = await ports.home(...of);
    return but(opened, {
      describe: (...asked: Parameters<typeof opened.describe>) => {
        parts.push(asked[3]);
        return opened.describe(...asked);
      },
    });
  };
  const summary = await runEntity({ ids: idsOf(name), spec: world.spec, ...how, ...run }, { ...ports, home });
  expect(summary.status).not.toBe('error');
  return parts[0];
}

describe('a look at the source knows which part of it the run reads', () => {
  const incremental: SpecChanges = { watermark: { nulls: 'exclude', lagMs: dayMs } };

  it('none in particular with a first run and a full load, what lies above the watermark with an increment', async () => {
    const sim = watched(incremental);
    expect(await partOf(sim, 'A')).toBeUndefined();
    sim.world.tick(dayMs);
    const column = { column: 'mark', type: { kind: 'date' } };
    expect(await partOf(sim, 'B')).toEqual({ column, lower: { text: '2026-11-19', inclusive: true }, upper: null });
    sim.world.tick(dayMs);
    expect(await partOf(sim, 'C', { runType: 'full_drop' })).toBeUndefined();
  });

  it('with an overlap, from where that begins', async () => {
    const sim = watched({ watermark: { nulls: 'exclude', lagMs: dayMs, overlapMs: 3 * dayMs } });
    await partOf(sim, 'A');
    sim.world.tick(dayMs);
    expect((await partOf(sim, 'B'))?.lower).toEqual({ text: '2026-11-16', inclusive: true });
  });

  it('all of it where a full load is due', async () => {
    const sim = watched({ ...incremental, fullEveryMs: 2 * dayMs });
    await partOf(sim, 'A');
    sim.world.tick(dayMs);
    expect(await partOf(sim, 'B')).toBeDefined();
    sim.world.tick(2 * dayMs);
    expect(await partOf(sim, 'C')).toBeUndefined();
  });
});
