import { beforeEach, describe, expect, test } from 'vitest';
import { InMemoryRunObjects } from '../../src/engine/entity/own-objects.ts';
import type { StateRow, StateStore } from '../../src/ports/state.ts';
import { MemoryState } from '../support/sim/memory-state.ts';
import { stateRow } from '../support/state-rows.ts';

const key = { flow: 'crm', entity: 'Account' };
const claimed = (epoch: number): StateRow => stateRow({ epoch, writeId: `w${epoch}` });

let listings: number;
let shared: StateStore;
let own: StateStore;
beforeEach(() => {
  listings = 0;
  const memory = new MemoryState();
  const list = memory.listObjects.bind(memory);
  memory.listObjects = (...of) => {
    listings++;
    return list(...of);
  };
  shared = memory;
  own = new InMemoryRunObjects(shared);
});

describe('what only a run itself reads', () => {
  test('is kept in memory, created once, listed and removed', async () => {
    expect(await own.putObject(key, 'plans/1', { n: 1 })).toEqual({ n: 1 });
    expect(await own.putObject(key, 'plans/1', { n: 2 })).toEqual({ n: 1 });
    await own.putObject(key, 'receipts/1', ['part']);
    expect(await own.getObject(key, 'receipts/1')).toEqual(['part']);
    expect(await own.listObjects(key, 'plans/')).toEqual(['plans/1']);
    expect(await shared.listObjects(key, '')).toEqual([]);
    await own.removeObjects(key, ['plans/1', 'receipts/1']);
    expect(await own.getObject(key, 'plans/1')).toBeUndefined();
    expect(await own.listObjects(key, '')).toEqual([]);
  });

  test('is a copy: what becomes of the value later does not change it', async () => {
    const plan = { slices: [1] };
    await own.putObject(key, 'plans/1', plan);
    plan.slices.push(2);
    expect(await own.getObject(key, 'plans/1')).toEqual({ slices: [1] });
  });

  test('is for everybody what it is where there is too much of it', async () => {
    const large = 'x'.repeat(40 * 1024 * 1024);
    await own.putObject(key, 'receipts/1', large);
    await own.putObject(key, 'receipts/2', large);
    expect(await shared.listObjects(key, '')).toEqual(['receipts/2']);
    expect(await own.getObject(key, 'receipts/2')).toBe(large);
    await own.removeObjects(key, ['receipts/1']);
    await own.putObject(key, 'receipts/3', large);
    expect(await shared.listObjects(key, '')).toEqual(['receipts/2']);
  });
});

describe('intents, schemas and lists of settled files', () => {
  test('are where others read them', async () => {
    for (const ref of ['intents/1', 'schemas/1', 'seen/1']) await own.putObject(key, ref, 1);
    expect([...(await shared.listObjects(key, ''))].sort()).toEqual(['intents/1', 'schemas/1', 'seen/1']);
  });

  test('are listed once under a claim, and what the run writes and removes is known', async () => {
    await shared.write(key, undefined, claimed(1));
    await shared.putObject(key, 'seen/old', 1);
    await own.write(key, (await own.read(key))?.etag, claimed(2));
    expect(await own.listObjects(key, '')).toEqual(['seen/old']);
    await own.putObject(key, 'intents/1', 1);
    await own.removeObjects(key, ['seen/old']);
    expect(await own.listObjects(key, '')).toEqual(['intents/1']);
    expect(listings).toBe(1);
  });

  test('are listed again under another claim: others may have written meanwhile', async () => {
    await own.listObjects(key, '');
    await shared.write(key, undefined, claimed(1));
    await shared.putObject(key, 'intents/theirs', 1);
    await own.write(key, (await own.read(key))?.etag, claimed(2));
    expect(await own.listObjects(key, '')).toEqual(['intents/theirs']);
    await shared.putObject(key, 'intents/more', 1);
    await own.write(key, (await own.read(key))?.etag, claimed(3));
    expect(await own.listObjects(key, '')).toContain('intents/more');
  });

  test('need not be listed for a row that the run has created, and must be where that is not known', async () => {
    expect(await own.write(key, undefined, claimed(1))).toBe('written');
    await own.putObject(key, 'intents/1', 1);
    expect(await own.listObjects(key, '')).toEqual(['intents/1']);
    expect(listings).toBe(0);
    const late = new InMemoryRunObjects(shared);
    expect(await late.write(key, undefined, claimed(1))).toBe('moved');
    expect(await late.listObjects(key, '')).toEqual(['intents/1']);
    expect(listings).toBe(1);
  });
});

describe('what runs ask of the state where it lives', () => {
  test('is asked there: to be ready before each survey, and to be written to for a probe', async () => {
    const asked: string[] = [];
    const memory: StateStore = Object.assign(new MemoryState(), {
      makeReady: async () => void asked.push('makeReady'),
      probe: async (name: string) => void asked.push(`probe ${name}`),
    });
    const through = new InMemoryRunObjects(memory);
    await through.makeReady();
    await through.probe('name');
    expect(asked).toEqual(['makeReady', 'probe name']);
  });
});
