import { describe, expect, it } from 'vitest';
import { resolveSeries } from '../../src/engine/backfill/backfill.ts';
import { backfill } from '../../src/engine/backfill/backfill-run.ts';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import type { Rework } from '../../src/engine/contracts/replacing.ts';
import { reset } from '../../src/engine/repair/reset.ts';
import { HyggeError } from '../../src/errors/hygge-error.ts';
import { without } from '../support/abilities.ts';
import { but } from '../support/but.ts';
import { simulated } from '../support/sim/at-once.ts';
import { asked, backfilled, before, how, live, loaded, reading } from '../support/sim/backfilled.ts';
import { multiset, row, SimFrame } from '../support/sim/rows.ts';

async function refusal(work: Promise<unknown>): Promise<{ code: string; what: string }> {
  const error = await work.catch((thrown: unknown) => thrown);
  if (error instanceof HyggeError) return { code: error.code, what: error.what };
  throw new Error(`nothing was refused: ${JSON.stringify(error)}`);
}

describe('a backfill is refused', () => {
  it('where nothing tells rows apart, or every run loads everything', async () => {
    const files = await loaded({ watermark: null, runType: 'incremental' });
    expect(await refusal(resolveSeries(asked({}), files.ports))).toMatchObject({
      code: 'HYG-2031',
      what: expect.stringContaining('no watermark'),
    });
    const full = await loaded({ runType: 'full_drop' });
    expect(await refusal(resolveSeries(asked({}), full.ports))).toMatchObject({
      code: 'HYG-2031',
      what: expect.stringContaining('loads everything'),
    });
  });

  it('where nothing is settled yet, or not any more', async () => {
    const sim = simulated({ rows: before });
    expect(await refusal(resolveSeries(asked({}), sim.ports))).toMatchObject({ code: 'HYG-2032' });
    await live(sim, 'first');
    await reset(sim.world.spec, { how: 'full', takeOver: true }, sim.ports);
    expect(await refusal(resolveSeries(asked({}), sim.ports))).toMatchObject({ code: 'HYG-2032' });
  });

  it('where all of it lies at the watermark or above', async () => {
    const sim = await loaded();
    for (const from of ['6', '7'])
      expect(await refusal(resolveSeries(asked({ from, to: '9' }), sim.ports))).toMatchObject({ code: 'HYG-2033' });
    expect(await resolveSeries(asked({ from: '5', to: '9' }), sim.ports)).toMatchObject({ chunks: 1 });
  });

  it.each([
    [{ from: '5', to: '5' }, 'HYG-1911'],
    [{ from: '5', to: '2' }, 'HYG-1911'],
    [{ from: 'five' }, 'HYG-1911'],
    [{ to: '2024-01-01' }, 'HYG-1911'],
    [{ chunk: '1d' }, 'HYG-1912'],
    [{ chunk: '0' }, 'HYG-1912'],
  ])('with %o', async (more, code) => {
    const sim = await loaded();
    expect(await refusal(resolveSeries(asked(more), sim.ports))).toMatchObject({ code });
  });

  it('in more chunks than anybody would wait for', async () => {
    const sim = await loaded({}, [row(1, 1), row(2, 100_000)]);
    expect(await refusal(resolveSeries(asked({ from: '1', to: '20000', chunk: '1' }), sim.ports))).toMatchObject({ code: 'HYG-1912' });
    expect(await resolveSeries(asked({ from: '1', to: '10001', chunk: '1' }), sim.ports)).toMatchObject({ chunks: 10_000 });
  });

  it('by a store that can not replace a range, or of a source that can not be asked for one', async () => {
    const sim = await loaded();
    const coarse: EnginePorts = {
      ...sim.ports,
      store: async (spec) => {
        const store = await sim.ports.store(spec);
        return but(store, without(store, 'range'));
      },
    };
    expect(await refusal(resolveSeries(asked({}), coarse))).toMatchObject({ code: 'HYG-2014' });
    const whole = reading(sim.ports, (home) => ({ reading: { ...home.reading, filter: 'none' } }));
    expect(await refusal(resolveSeries(asked({}), whole))).toMatchObject({ code: 'HYG-2014' });
  });
});

describe('the guard rails of a backfill stop it', () => {
  const change = [...before, row(8, 3)];

  it('when the source gives a row that was not asked for', async () => {
    const sim = await loaded();
    sim.world.source.set(change);
    const generous = reading(sim.ports, (home) => ({
      async *read(slice, window, ...of) {
        yield* home.read(slice, { ...window, upper: window.upper && { ...window.upper, inclusive: true } }, ...of);
      },
    }));
    const summary = await backfilled(sim, {}, generous);
    expect(summary.entities[0]?.error).toMatchObject({ code: 'HYG-2035', what: expect.stringContaining('a row at 5') });
    expect(multiset(sim.world.destination.rows())).toBe(multiset(before));
  });

  it('when a settled part loses a row while it is written anew', async () => {
    const sim = await loaded();
    sim.world.source.set(change);
    const losing: EnginePorts = {
      ...sim.ports,
      store: async (spec) => {
        const store = await sim.ports.store(spec);
        const { rework } = store;
        if (!rework) return store;
        const careless: Rework = {
          plan: (...of) => rework.plan(...of),
          count: (...of) => rework.count(...of),
          async *read(...of) {
            for await (const read of rework.read(...of))
              yield read instanceof SimFrame ? new SimFrame(read.schema, read.list.slice(1)) : read;
          },
        };
        return but(store, { rework: careless });
      },
    };
    const summary = await backfilled(sim, {}, losing);
    expect(summary.entities[0]?.error).toMatchObject({ code: 'HYG-2036' });
    expect(multiset(sim.world.destination.rows())).toBe(multiset(before));
  });
});

it('a backfill that goes on where another one stopped waits for a run that holds the entity only if asked to', async () => {
  const sim = await loaded();
  const series = { ...(await resolveSeries(asked({ chunk: '1' }), sim.ports)), next: 1 };
  const { spec } = sim.world;
  const found = await sim.ports.state.read(spec);
  if (found === undefined) throw new Error('nothing has settled');
  const holder = { ...sim.ports.host.self, host: 'elsewhere' };
  const until = new Date(Date.parse(sim.ports.clock.now()) + 60_000).toISOString();
  const owner = { run: 'other.1', until, holder };
  await sim.ports.state.write(spec, found.etag, { ...found.row, owner, writeId: 'held' });
  const { workspace, takeOver, signal } = how;
  const { entities } = await backfill({ spec, series, invocationId: 'inv', workspace, wait: false, takeOver, signal }, sim.ports);
  expect(entities).toMatchObject([{ status: 'skip', reason: 'held' }]);
});
