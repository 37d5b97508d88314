import { beforeEach, describe, expect, it } from 'vitest';
import type { Intent } from '../../src/engine/contracts/intent.ts';
import type { Part, Store } from '../../src/engine/contracts/store.ts';
import { StoreError } from '../../src/errors/hygge-error.ts';
import type { AppendableFileSystem } from '../../src/ports/filesystem.ts';
import { OutcomeUnknown } from '../../src/ports/retry.ts';
import { brokenFileSystem, type Call } from '../support/broken-filesystem.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { decided, finalName, namesIn, run, staged, stagedName, storeOn } from './settling.ts';

const head = '_hygge/f/f/current.json';
const reason = { code: 'HYG-4003', reason: 'No permission.' };
const permanent = new Set(['HYG-4003']);

/** A place that says no to some calls, and tells which there were. */
class Place {
  readonly memory = new MemoryFileSystem();
  readonly calls: string[] = [];
  refuses: (call: Call, path: string) => string | undefined = () => undefined;
  readonly files: AppendableFileSystem = brokenFileSystem(
    this.memory,
    {
      before: (call, path) => {
        const code = this.refuses(call, path);
        if (code !== undefined) throw new StoreError({ code, what: `No ${call} of ${path}.`, tryThis: ['Give the right'] });
      },
      after: (call, path) => void this.calls.push(`${call} ${path}`),
    },
    permanent,
  );
  readonly store: Store = storeOn(this.files);

  refuse(code: string, meets: (path: string) => boolean = () => true): void {
    this.refuses = (call, path) => (call === 'publish' && meets(path) ? code : undefined);
  }

  async settle(epoch: number): Promise<Intent> {
    const intent = await decided(this.store, run(epoch), await staged(this.store, run(epoch)));
    expect(await this.store.commit(intent)).toEqual({ done: 'committed' });
    return intent;
  }

  /** Decided upon three parts. */
  async decide(epoch: number): Promise<{ readonly intent: Intent; readonly parts: readonly Part[] }> {
    const all = [await staged(this.store, run(epoch)), await staged(this.store, run(epoch)), await staged(this.store, run(epoch))];
    const parts = all.flat();
    return { intent: await decided(this.store, run(epoch), parts), parts };
  }

  async manifest(): Promise<Record<string, unknown>> {
    return JSON.parse(new TextDecoder().decode((await this.memory.get(head))?.body)) as Record<string, unknown>;
  }
}

let place: Place;
beforeEach(() => {
  place = new Place();
});

describe('publishing', () => {
  it('begins with one part alone, and goes on with the others at once when it was seen published', async () => {
    const { intent, parts } = await place.decide(1);
    const [first, ...others] = parts.map(finalName);
    let waiting = 0;
    place.refuses = (call, path) => {
      if (call !== 'publish') return undefined;
      if (path !== first) expect(place.calls).toContain(`publish ${first}`);
      waiting++;
      return undefined;
    };
    expect(await place.store.commit(intent)).toEqual({ done: 'committed' });
    expect(waiting).toBe(3);
    const published = place.calls.filter((call) => call.startsWith('publish'));
    expect(published).toEqual([first, ...others].map((name) => `publish ${name}`));
  });

  it('begins with what settles as data: quarantine alone is nothing that readers could have seen', async () => {
    const { parts } = await place.decide(1);
    const [first, ...others] = parts;
    if (!first) throw new Error('no part');
    const intent = await decided(place.store, run(1), [{ ...first, role: 'quarantine' }, ...others]);
    place.refuse('HYG-4003', (path) => path !== finalName(first));
    expect(await place.store.commit(intent)).toMatchObject({ done: { outcome: 'refused', because: { code: 'HYG-4003' } } });
    expect(await namesIn(place.memory)).toEqual([]);
  });

  it('that is refused for good at its first part is refused; any other error is thrown, and may pass', async () => {
    const { intent } = await place.decide(1);
    place.refuse('HYG-4002');
    await expect(place.store.commit(intent)).rejects.toMatchObject({ code: 'HYG-4002' });
    place.refuse('HYG-4003');
    expect(await place.store.commit(intent)).toEqual({
      done: { outcome: 'refused', because: expect.objectContaining({ code: 'HYG-4003', tryThis: ['Give the right'] }) },
    });
    place.refuses = () => undefined;
    expect(await place.store.commit(intent)).toEqual({ done: 'committed' });
  });

  it.each([
    ['a later part', (call: Call, path: string, later: string) => call === 'publish' && path === later],
    ['the record', (call: Call, path: string) => call === 'put' && path.includes('/commits/')],
    ['the head', (call: Call, path: string) => call === 'put' && path === head],
  ])('refused for good at %s is stuck, and finishes once the cause is gone', async (_, meets) => {
    const { intent, parts } = await place.decide(1);
    place.refuses = (call, path) => (meets(call, path, finalName(parts[2])) ? 'HYG-4003' : undefined);
    expect(await place.store.commit(intent)).toMatchObject({ done: { outcome: 'stuck' } });
    expect(await place.store.commit(intent)).toMatchObject({ done: { outcome: 'stuck' } });
    expect(await place.store.head()).toBeNull();
    place.refuses = () => undefined;
    expect(await place.store.commit(intent)).toEqual({ done: 'committed' });
    expect((await namesIn(place.memory)).sort()).toEqual(parts.map(finalName).sort());
  });

  it('whose first part is out already is stuck, even when that one is refused now', async () => {
    const { intent, parts } = await place.decide(1);
    place.refuse('HYG-4003', (path) => path !== finalName(parts[0]));
    await place.store.commit(intent);
    place.refuse('HYG-4003');
    expect(await place.store.commit(intent)).toMatchObject({ done: { outcome: 'stuck' } });
  });
});

describe('giving up', () => {
  it('changes nothing that readers see, and leaves nothing of the intent', async () => {
    const settled = await place.settle(1);
    const before = await place.manifest();
    const { intent } = await place.decide(2);
    expect(await place.store.giveUp(intent, reason, 'unseen')).toEqual({ removed: [] });
    expect(await place.manifest()).toEqual({ ...before, version: 2, id: `refused-${intent.id}`, prev: settled.id, epoch: 2, reason });
    expect(await namesIn(place.memory)).toEqual([finalName(settled.parts[0])]);
    expect(await namesIn(place.memory, '_hygge/f/f/staging')).toEqual([]);
    expect(await place.store.commit(intent)).toEqual({ done: 'given up' });
    expect(await place.store.giveUp(intent, { code: 'HYG-6401', reason: 'Other words.' }, 'unseen')).toEqual({ removed: [] });
    expect(await place.manifest()).toMatchObject({ reason });
  });

  it('is built upon: the next commit follows the fence, and is an ordinary one', async () => {
    await place.settle(1);
    const { intent } = await place.decide(2);
    await place.store.giveUp(intent, reason, 'unseen');
    const next = await place.settle(3);
    expect(await place.manifest()).toMatchObject({ version: 1, id: next.id, prev: `refused-${intent.id}` });
    expect(await place.manifest()).not.toHaveProperty('reason');
  });

  it('takes the token before the head, so that a finisher who comes later can publish nothing', async () => {
    const { intent, parts } = await place.decide(1);
    place.calls.length = 0;
    await place.store.giveUp(intent, reason, 'unseen');
    const [taken, looked, fenced] = ['discard', 'stat', 'put'].map((call) => place.calls.findIndex((one) => one.startsWith(call)));
    expect(place.calls[taken ?? -1]).toBe(`discard ${stagedName(parts[0])}`);
    expect([taken, looked, fenced]).toEqual([taken, looked, fenced].sort((a, b) => (a ?? 0) - (b ?? 0)));
    await Promise.all(parts.map(async ({ ref }) => expect(await place.files.publish(ref as never)).toBe('gone')));
  });

  it('comes too late once the token is published, unless a person forces it', async () => {
    const settled = await place.settle(1);
    const { intent, parts } = await place.decide(2);
    place.refuse('HYG-4003', (path) => path !== finalName(parts[0]));
    await place.store.commit(intent);
    expect(await place.store.giveUp(intent, reason, 'unseen')).toBe('visible');
    expect((await place.store.head())?.id).toBe(settled.id);
    expect(await place.store.giveUp(intent, reason, 'by force')).toEqual({ removed: [finalName(parts[0])] });
    expect(await namesIn(place.memory)).toEqual([finalName(settled.parts[0])]);
    expect((await place.store.head())?.id).toBe(`refused-${intent.id}`);
  });

  it('of what is committed, or of what another head has passed, touches nothing', async () => {
    const first = await place.settle(1);
    expect(await place.store.giveUp(first, reason, 'by force')).toBe('committed');
    const { intent } = await place.decide(2);
    await place.settle(3);
    expect(await place.store.giveUp(intent, reason, 'by force')).toBe('fenced');
    expect(await place.store.giveUp(first, reason, 'unseen')).toBe('fenced');
  });

  it('of a first load leaves a head that lists nothing, and the next run is asked about foreign data again', async () => {
    const { intent } = await place.decide(1);
    await place.store.giveUp(intent, reason, 'unseen');
    const fence = expect.objectContaining({ id: `refused-${intent.id}`, prev: null, nothing: true, reason });
    expect(await place.store.inspect()).toEqual({ done: { content: 'empty', fence } });
    place.memory.plant('f/theirs.jsonl', 'anything');
    expect(await place.store.inspect()).toMatchObject({ done: { content: 'foreign', fence } });
    const next = await place.settle(2);
    expect(await place.manifest()).toMatchObject({ version: 1, id: next.id, files: [{ name: 'f/theirs.jsonl' }, {}] });
    expect(await place.manifest()).not.toHaveProperty('nothing');
  });

  it('goes on from where it broke off', async () => {
    const { intent, parts } = await place.decide(1);
    let lost = 0;
    const files = brokenFileSystem(place.memory, {
      after: (call, path) => {
        if (call === 'put' && path === head && lost++ === 0) throw new OutcomeUnknown('no answer');
        if (call === 'discard' && path === stagedName(parts[1]) && lost++ < 3)
          throw new StoreError({ code: 'HYG-4006', what: 'x', tryThis: ['y'] });
      },
    });
    await expect(storeOn(files).giveUp(intent, reason, 'unseen')).rejects.toMatchObject({ code: 'HYG-4006' });
    expect(await storeOn(files).giveUp(intent, reason, 'unseen')).toEqual({ removed: [] });
    expect(await namesIn(place.memory, '_hygge/f/f/staging')).toEqual([]);
  });

  it('never removes what the head lists', async () => {
    const settled = await place.settle(1);
    const { intent } = await place.decide(2);
    await place.store.giveUp({ ...intent, parts: [...intent.parts, ...settled.parts] }, reason, 'by force');
    expect(await namesIn(place.memory)).toEqual([finalName(settled.parts[0])]);
  });
});

describe('a reset after a first load that was refused', () => {
  it.each([
    ['takes nothing over that is someone else’s', false, 'foreign'],
    ['takes all of it over where that is asked for', true, 'ours'],
  ])('%s', async (_, keep, content) => {
    const { intent } = await place.decide(1);
    await place.store.giveUp(intent, reason, 'unseen');
    place.memory.plant('f/theirs.jsonl', 'anything');
    const prev = `refused-${intent.id}`;
    await place.store.fence({ prev, id: 'fence-1', lineage: 'next', above: 1, state: 's', keep });
    expect(await place.store.inspect()).toMatchObject({ done: { content } });
  });
});
