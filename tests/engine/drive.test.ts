import { describe, expect, it } from 'vitest';
import { go } from '../../src/engine/drive/drive.ts';
import { Interrupted } from '../../src/errors/hygge-error.ts';
import { goRequest, many } from './many.ts';

const named = (flow: string, ...entities: readonly string[]) => entities.map((entity) => ({ flow, entity }));
const ten = named('crm', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j');

describe('entities at once', () => {
  it.each([1, 3])('are never more than the concurrency: %i', async (concurrency) => {
    const { ports, specs, peak } = many(ten);
    const summary = await go(goRequest(specs, { concurrency }), ports);
    expect(summary).toMatchObject({ pass: 10, total: 10, rows: 20 });
    expect(peak()).toBe(concurrency);
  });

  it('are counted over all flows, and a flow may set a lower limit', async () => {
    const { ports, specs, peak } = many([...named('slow', 'a', 'b', 'c'), ...named('other', 'd')]);
    await go(goRequest(specs, { concurrency: 8, flowConcurrency: { slow: 1 } }), ports);
    expect(peak()).toBe(2);
  });
});

describe('an entity that fails', () => {
  it('without continue_on_error stops new ones from starting; those at work finish, the rest are counted apart', async () => {
    const { ports, specs, begun } = many(ten, ['a']);
    const summary = await go(goRequest(specs, { concurrency: 2 }), ports);
    expect(begun).toEqual(['a', 'b']);
    expect(summary).toMatchObject({ error: 1, pass: 1, skip: 0, not_started: 8, total: 10 });
    expect(summary.entities[9]).toMatchObject({ status: 'skip', reason: 'not_started', message: 'not started: an earlier entity failed' });
  });

  it('stops nothing with continue_on_error', async () => {
    const { ports, specs } = many(ten, ['a', 'd']);
    const summary = await go(goRequest(specs, { concurrency: 2, continueOnError: true }), ports);
    expect(summary).toMatchObject({ error: 2, pass: 8, skip: 0 });
  });

  it('keeps its own error', async () => {
    const { ports, specs } = many(named('crm', 'a'), ['a']);
    const summary = await go(goRequest(specs), ports);
    expect(summary.entities[0]?.error).toMatchObject({ code: 'HYG-3001', what: "a can't be read." });
  });
});

describe('an invocation that is told to stop', () => {
  it('starts nothing any more', async () => {
    const { ports, specs, begun } = many(ten);
    const summary = await go(goRequest(specs, { signal: AbortSignal.abort(new Interrupted('SIGINT')) }), ports);
    expect(begun).toEqual([]);
    expect(summary).toMatchObject({ skip: 0, not_started: 10, pass: 0 });
  });
});

describe('events', () => {
  it('begin with the run and end with the summary; every entity is done once', async () => {
    const { ports, specs, events } = many(ten);
    await go(goRequest(specs), ports);
    expect(events[0]?.event).toBe('run_start');
    expect(events.at(-1)?.event).toBe('summary');
    const done = events.filter(({ event }) => event === 'entity_done').map(({ entity }) => entity);
    expect([...done].sort()).toEqual(ten.map(({ entity }) => entity));
  });

  it('carry one run id for each flow and one invocation id', async () => {
    const { ports, specs, events } = many([...named('x', 'a', 'b'), ...named('y', 'c')]);
    const summary = await go(goRequest(specs), ports);
    const [a, b, c] = summary.entities.map(({ entity_run_id }) => entity_run_id.split('.')[0]);
    expect(a).toBe(b);
    expect(a).not.toBe(c);
    expect(new Set(events.map(({ invocation_id }) => invocation_id))).toEqual(new Set(['inv']));
  });
});
