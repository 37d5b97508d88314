import { describe, expect, test } from 'vitest';
import type { FileSystem, PutOutcome } from '../../../src/ports/filesystem.ts';
import { OutcomeUnknown } from '../../../src/ports/retry.ts';
import { objectsState } from '../../../src/state/objects/state.ts';
import { brokenFileSystem } from '../../support/broken-filesystem.ts';
import { MemoryFileSystem } from '../../support/memory-filesystem.ts';
import { emptyRow } from '../../support/state-rows.ts';

const key = { flow: 'crm', entity: 'Account' };

/** A service that takes a condition and does not look at it. */
function careless(files: MemoryFileSystem, ignored: 'ifMatch' | 'ifNoneMatch'): FileSystem {
  const usual = brokenFileSystem(files, {});
  return {
    ...usual,
    put: async (path, body, condition): Promise<PutOutcome> => {
      if (!(ignored in condition)) return files.put(path, body, condition);
      files.plant(path, body);
      return { outcome: 'written', etag: (await files.get(path))?.etag ?? '' };
    },
  };
}

describe.each(['ifMatch', 'ifNoneMatch'] as const)('where %s is taken and not looked at', (ignored) => {
  test('no state begins, and debug says so', async () => {
    const files = new MemoryFileSystem();
    const state = objectsState({ files: careless(files, ignored) });
    const refused = { name: 'StateError', code: 'HYG-5010', what: expect.stringContaining('memory://files') };
    await expect(state.write(key, undefined, emptyRow)).rejects.toMatchObject(refused);
    await expect(state.probe?.('abcdefghij')).rejects.toMatchObject(refused);
    expect(await state.read(key)).toBeUndefined();
  });
});

describe('a tree that keeps conditions', () => {
  test('is tried once, before the first state begins there, and nothing of it stays but a mark', async () => {
    const files = new MemoryFileSystem();
    const puts: string[] = [];
    const counted = brokenFileSystem(files, { before: (call, path) => void (call === 'put' && puts.push(path)) });
    await objectsState({ files: counted }).write(key, undefined, emptyRow);
    expect(new Set(puts)).toEqual(new Set(['.hygge/probe-writeid000-1', '.hygge/conditions.json', '.hygge/state/crm/Account.state.yml']));
    expect([...files.snapshot().keys()]).toEqual(['.hygge/conditions.json', '.hygge/state/crm/Account.state.yml']);
    puts.length = 0;
    await objectsState({ files: counted }).write({ ...key, entity: 'Contact' }, undefined, emptyRow);
    expect(puts).toEqual(['.hygge/state/crm/Contact.state.yml']);
  });

  test('is tried by one of many entities that begin at once, and by each process with a file of its own', async () => {
    const files = new MemoryFileSystem();
    const tried = new Set<string>();
    const watched = brokenFileSystem(files, {
      before: (call, path) => void (call === 'put' && path.includes('/probe-') && tried.add(path)),
    });
    const processes = [objectsState({ files: watched }), objectsState({ files: watched })];
    const births = Array.from({ length: 16 }, (_, n) =>
      processes[n % 2]?.write({ ...key, entity: `e${n}` }, undefined, { ...emptyRow, writeId: `writeid${n}` }),
    );
    expect(new Set(await Promise.all(births))).toEqual(new Set(['written']));
    expect(tried).toEqual(new Set(['.hygge/probe-writeid0-1', '.hygge/probe-writeid1-1']));
    expect([...files.snapshot().keys()].filter((path) => path.includes('probe'))).toEqual([]);
  });

  test('is tried whatever the id of the first write is', async () => {
    for (const writeId of ['a\u0013b', '../..', '', 'x/y', '🪵'.repeat(80)]) {
      const files = new MemoryFileSystem();
      expect(await objectsState({ files }).write(key, undefined, { ...emptyRow, writeId })).toBe('written');
      expect(files.snapshot().size).toBe(2);
    }
  });

  test('is believed after any lost answer or refusal of the trial, once it is asked again', async () => {
    for (const when of ['before', 'after'] as const)
      for (let n = 1; n <= 7; n++) {
        const files = new MemoryFileSystem();
        let calls = 0;
        const lose = () => {
          if (++calls === n) throw new OutcomeUnknown('lost');
        };
        const state = objectsState({ files: brokenFileSystem(files, { [when]: lose }) });
        await expect(state.write(key, undefined, emptyRow), `${when} ${n}`).rejects.toThrow(OutcomeUnknown);
        const again = await state.write(key, undefined, emptyRow);
        // The row itself may have been written, its answer lost: whoever asks looks at the write id.
        expect(again === 'written' || (await state.read(key))?.row.writeId === emptyRow.writeId, `${when} ${n}`).toBe(true);
        expect([...files.snapshot().keys()]).toEqual(['.hygge/conditions.json', '.hygge/state/crm/Account.state.yml']);
      }
  });
});
