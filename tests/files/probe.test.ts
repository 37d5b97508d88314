import { describe, expect, test } from 'vitest';
import { ConnectionError } from '../../src/errors/hygge-error.ts';
import { probeSteps, probeStore } from '../../src/files/connectors/probe.ts';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import { OutcomeUnknown } from '../../src/ports/retry.ts';
import { brokenFileSystem, type Call } from '../support/broken-filesystem.ts';
import { but } from '../support/but.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';

const denied = (doing: string) =>
  new ConnectionError({ code: 'HYG-6401', what: `s3://lake does not let us ${doing}.`, tryThis: [`Give it the right to ${doing}`] });

const nobody = new ConnectionError({
  code: 'HYG-6402',
  what: 's3://lake does not recognise the identity of this run.',
  tryThis: ['Sign in'],
});

/** A lake that refuses what it is told to. */
const refusing = (files: MemoryFileSystem, refuses: (call: Call, path: string) => boolean, error: (call: Call) => Error = denied) =>
  brokenFileSystem(files, {
    before(call, path) {
      if (refuses(call, path)) throw error(call);
    },
  });

const lines = (findings: readonly { readonly ok: boolean; readonly what: string }[]) =>
  findings.map(({ ok, what }) => `${ok ? '✓' : '✗'} ${what.replace(' in memory://files', '')}`);

const all = [
  '✓ lists files',
  '✓ stages files',
  '✓ publishes them once',
  '✓ reads them back',
  '✓ discards staged files permanently',
  '✓ writes a record only if no one else has written it',
  '✓ removes files',
];

describe('what debug tries in a store', () => {
  test('is found to be in order, a line for each right, and nothing is left', async () => {
    const files = new MemoryFileSystem();
    expect(lines(await probeSteps(files, 'n1'))).toEqual(all);
    expect([...files.snapshot().keys()]).toEqual([]);
    expect(files.reused).toEqual([]);
    expect(await probeStore(files, 'n2')).toEqual([{ ok: true, what: expect.stringContaining('memory://files') }]);
  });

  test('names each right that is missing, and continues to the next', async () => {
    const files = new MemoryFileSystem();
    const found = await probeSteps(
      refusing(files, (call) => call === 'put' || call === 'publish'),
      'n',
    );
    expect(lines(found)).toEqual([
      '✓ lists files',
      '✓ stages files',
      '✗ HYG-6401 s3://lake does not let us publish.',
      '✗ HYG-6401 s3://lake does not let us publish.',
      '✗ HYG-6401 s3://lake does not let us put.',
    ]);
    expect(found.at(-1)?.tryThis).toEqual(['Give it the right to put']);
    expect([...files.snapshot().keys()]).toEqual([]);
  });

  test('ends where nothing else could be said', async () => {
    const found = await probeSteps(
      refusing(
        new MemoryFileSystem(),
        (call) => call === 'stage',
        () => nobody,
      ),
      'n',
    );
    expect(lines(found)).toEqual(['✓ lists files', '✗ HYG-6402 s3://lake does not recognise the identity of this run.']);
  });

  test.each<Call>(['stat', 'read', 'get', 'stage', 'publish', 'discard', 'put', 'remove'])(
    'is cleared away also when %s fails in the middle',
    async (which) => {
      for (const nth of [1, 2, 3]) {
        const files = new MemoryFileSystem();
        let seen = 0;
        const found = await probeSteps(
          refusing(files, (call) => call === which && ++seen === nth),
          'n',
        );
        expect([which, nth, [...files.snapshot().keys()]]).toEqual([which, nth, []]);
        expect([which, nth, found.some(({ ok }) => !ok)]).toEqual([which, nth, seen >= nth]);
      }
    },
  );

  test('says what it could not clear away', async () => {
    const files = new MemoryFileSystem();
    const found = await probeSteps(
      refusing(files, (call) => call === 'remove'),
      'n',
    );
    const last = found.at(-1);
    expect(last?.what).toBe('the files that this check wrote could not be removed from memory://files');
    expect(last?.tryThis?.[0]).toBe('Remove these files by hand: _hygge/probe/n, _hygge/probe/n.json');
  });

  test.each<Call>(['stat', 'read', 'get', 'publish', 'discard', 'put', 'remove'])(
    'is looked up where the answer to %s is lost',
    async (which) => {
      for (let nth = 1; nth <= 4; nth++) {
        const files = new MemoryFileSystem();
        let seen = 0;
        const deaf = brokenFileSystem(files, {
          after(call) {
            if (call === which && ++seen === nth) throw new OutcomeUnknown('lost');
          },
        });
        expect([nth, lines(await probeSteps(deaf, 'n'))]).toEqual([nth, all]);
        expect([...files.snapshot().keys()]).toEqual([]);
      }
    },
  );
});

describe('a store that does not keep its word is found out', () => {
  const broken = (change: (files: MemoryFileSystem) => Partial<FileSystem>) => {
    const files = new MemoryFileSystem();
    return probeSteps(but<FileSystem>(files, change(files)), 'n');
  };
  const wrong = async (change: (files: MemoryFileSystem) => Partial<FileSystem>) =>
    (await broken(change)).filter(({ ok }) => !ok).map(({ what }) => what);

  test('by overwriting what is there', async () => {
    const careless = await wrong((files) => ({
      async put(path, body) {
        files.plant(path, body);
        return { outcome: 'written', etag: '1' };
      },
    }));
    expect(careless).toEqual([
      'memory://files does not support conditional writes correctly, because a record that is there is overwritten',
    ]);
  });

  test('by replacing what another writer has replaced', async () => {
    const careless = await wrong((files) => ({
      async put(path, body, condition) {
        if ('ifNoneMatch' in condition) return files.put(path, body, condition);
        files.plant(path, body);
        return { outcome: 'written', etag: '1' };
      },
    }));
    expect(careless).toEqual([
      'memory://files does not support conditional writes correctly, because a record that someone else has replaced is overwritten',
    ]);
  });

  test('by publishing what was given up', async () => {
    const late = await wrong(() => ({ discard: async () => {} }));
    expect(late).toEqual(['a discarded staged file can still be published in memory://files']);
  });

  test('by not listing what is staged', async () => {
    const blind = await wrong(() => ({ staged: async function* () {} }));
    expect(blind).toEqual(['a staged file is not found again in memory://files']);
  });

  test('by reading back something else', async () => {
    const garbled = await wrong(() => ({ read: async () => new Uint8Array(3) }));
    expect(garbled).toEqual(['a published file has other content when it is read from memory://files']);
  });

  test('by keeping what was removed', async () => {
    const kept = await wrong((files) => ({ remove: async (path) => (path.endsWith('.json') ? files.remove(path) : undefined) }));
    expect(kept).toEqual(['a file that was removed is still there in memory://files']);
  });
});
