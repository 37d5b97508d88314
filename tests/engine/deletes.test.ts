import { describe, expect, it } from 'vitest';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import { noteWithin } from '../support/raised-codes.ts';
import { idsOf } from '../support/sim/actors.ts';
import { type Simulated, simulated } from '../support/sim/at-once.ts';
import { backfilled, how, reading } from '../support/sim/backfilled.ts';
import { datedSchema, row, rowText, withDeletes } from '../support/sim/rows.ts';
import { validating } from '../support/sim/validating.ts';
import type { Setting, SpecChanges } from '../support/sim/world.ts';

const day = 20_777 - 9;
const told = (id: number, at: number, gone: boolean) => row(id, at, { _deleted: String(gone) });
const watermark = { boundary: 'open', nulls: 'exclude', lagMs: 86_400_000 } as const;

function scene(deletes: SpecChanges['deletes'], home: Setting['home'] = 'api that tells deletes'): Simulated {
  const sim = simulated({
    home,
    rows: [told(1, day, false), told(2, day + 1, false)],
    spec: { watermark, ...(deletes === undefined ? {} : { deletes }) },
  });
  sim.world.source.schema = withDeletes(datedSchema);
  return sim;
}

async function go({ world, ports }: Simulated, name: string) {
  const summary = await runEntity({ ids: idsOf(name), spec: world.spec, ...how }, ports);
  noteWithin(summary);
  return summary;
}

const settled = ({ world }: Simulated) => world.destination.rows().map(rowText).sort();
const goes = ({ world }: Simulated) => world.source.set([...world.source.rows, told(1, day + 3, true)]);

describe('a row that the source says is deleted', () => {
  it.each([undefined, 'mark'] as const)('settles with a column that says so (deletes: %s)', async (deletes) => {
    const sim = scene(deletes);
    expect(await go(sim, 'A')).toMatchObject({ status: 'pass', rows: 2 });
    goes(sim);
    sim.world.tick(86_400_000);
    expect(await go(sim, 'B')).toMatchObject({ status: 'pass', rows: 1 });
    expect(settled(sim)).toEqual([told(1, day, false), told(1, day + 3, true), told(2, day + 1, false)].map(rowText).sort());
  });

  it('is left out with deletes: ignore, and so is the column; what settled of it stays', async () => {
    const sim = scene('ignore');
    await go(sim, 'A');
    goes(sim);
    sim.world.tick(86_400_000);
    expect(await go(sim, 'B')).toMatchObject({ status: 'skip', rows: 0 });
    expect(settled(sim)).toEqual([row(1, day), row(2, day + 1)].map(rowText).sort());
    expect(sim.world.destination.head()?.schema?.columns.map(({ name }) => name)).toEqual(['id', 'mark']);
  });

  it('is not removed by a store that only adds and replaces: deletes: apply is refused, and both other ways are named and lead on', async () => {
    const sim = scene('apply');
    const { error } = await go(sim, 'A');
    expect(error).toMatchObject({
      code: 'HYG-2084',
      tryThis: [expect.stringContaining('deletes: mark'), expect.stringContaining('deletes: ignore')],
    });
    expect(settled(sim)).toEqual([]);
    for (const way of ['mark', 'ignore'] as const) expect(await go(scene(way), 'A')).toMatchObject({ status: 'pass', rows: 2 });
  });
});

describe('deletes: apply, in a store that merges', () => {
  const merging = { deletes: 'apply', writeStrategy: 'merge', watermark: { ...watermark, key: ['id'] } } as const;
  const inTable = (spec: SpecChanges, home: Setting['home'] = 'api that tells deletes'): Simulated => {
    const rows = [told(1, day, false), told(2, day + 1, false)];
    const sim = simulated({ home, pair: { store: 'sql', state: 'memory' }, rows, spec });
    sim.world.source.schema = withDeletes(datedSchema);
    return sim;
  };

  it('removes the row with the key, whatever rules say of what is left of it; the column does not settle, and the journal counts', async () => {
    const sim = inTable({ ...merging, validation: validating([{ name: 'marked', column: 'mark', what: 'not null' }]) });
    expect(await go(sim, 'A')).toMatchObject({ status: 'pass', rows: 2 });
    goes(sim);
    sim.world.tick(86_400_000);
    expect(await go(sim, 'B')).toMatchObject({ status: 'pass', rows: -1 });
    expect(settled(sim)).toEqual([rowText(row(2, day + 1))]);
    expect(sim.world.destination.head()).toMatchObject({ rows: 1, schema: { columns: [{ name: 'id' }, { name: 'mark' }] } });
    const [last] = (await sim.ports.state.journal({ flow: 'sim', entity: 'orders' })).filter(({ rows_replaced }) => rows_replaced === 1);
    expect(last).toMatchObject({ rows: -1, rows_read: 1, rows_settled: 0, rows_replaced: 1 });
    expect((await sim.world.row())?.settled).toMatchObject({ rows: 0, total: 1 });
  });

  it.each([
    ['without a key', { ...merging, watermark }],
    ['without write_strategy: merge', { ...merging, writeStrategy: null }],
  ] as const)('is refused %s, and what is said leads on', async (_, spec) => {
    const { error } = await go(inTable(spec), 'A');
    expect(error).toMatchObject({
      code: 'HYG-2084',
      tryThis: [
        expect.stringMatching(/write_strategy: merge.*watermark\.key/),
        expect.stringContaining('deletes: mark'),
        expect.stringContaining('deletes: ignore'),
      ],
    });
    expect(await go(inTable(merging), 'A')).toMatchObject({ status: 'pass' });
    for (const deletes of ['mark', 'ignore'] as const)
      expect(await go(inTable({ ...spec, deletes }), 'A')).toMatchObject({ status: 'pass', rows: 2 });
  });

  it('is refused to a backfill, and a full load does what is said instead', async () => {
    const made = inTable(merging, 'api with a clock');
    const sim = { ...made, ports: reading(made.ports, (home) => ({ reading: { ...home.reading, tellsDeletes: true } })) };
    await go(sim, 'A');
    goes(sim);
    sim.world.tick(2 * 86_400_000);
    const range = { from: '2026-11-01', to: '2026-11-15' };
    const refused = await backfilled(sim, range).catch((error: unknown) => ({ error }));
    expect(JSON.stringify(refused)).toContain('HYG-2084');
    expect(await runEntity({ ids: idsOf('C'), spec: sim.world.spec, ...how, runType: 'full_drop' }, sim.ports)).toMatchObject({
      status: 'pass',
    });
    expect(settled(sim)).toEqual([rowText(row(2, day + 1))]);
  });
});

it('a source that tells no deletes is refused a word on them, and goes on without it', async () => {
  for (const deletes of ['mark', 'apply', 'ignore'] as const)
    expect(await go(scene(deletes, 'api that tells its columns'), 'A')).toMatchObject({
      error: {
        code: 'HYG-2085',
        tryThis: [
          'Remove deletes from the config',
          expect.stringContaining('hygge go -d'),
          expect.stringContaining('deletes: { compare: 1d }'),
        ],
      },
    });
  expect(await go(scene(undefined, 'api that tells its columns'), 'A')).toMatchObject({ status: 'pass', rows: 2 });
});
