import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DefectError, StoreError } from '../../src/errors/hygge-error.ts';
import type { AppendableFileSystem } from '../../src/ports/filesystem.ts';

/** One empty tree whose files can grow, and another way into the same tree, as a second process would have it. */
export interface GrowingUnderTest extends AsyncDisposable {
  readonly files: AppendableFileSystem;
  readonly another: AppendableFileSystem;
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);

/** What file systems keep whose files can grow, beside what all of them do. */
export function growingConformance(name: string, open: () => Promise<GrowingUnderTest>): void {
  describe(`${name} lets files grow`, () => {
    let under: GrowingUnderTest;
    let files: AppendableFileSystem;
    let another: AppendableFileSystem;

    beforeEach(async () => {
      under = await open();
      ({ files, another } = under);
    });
    afterEach(() => under[Symbol.asyncDispose]());

    test('lines come one after another, the file comes by itself', async () => {
      await files.append('log/2026.ndjson', bytes('one'));
      await another.append('log/2026.ndjson', bytes('two'));
      expect(text(await files.read('log/2026.ndjson'))).toBe('one\ntwo\n');
    });

    test('lines of concurrent writers stay whole', async () => {
      const lines = Array.from({ length: 100 }, (_, i) => `${i}:`.padEnd(10 + (i % 7) * 4000, String(i % 10)));
      await Promise.all(lines.map((line, i) => (i % 2 ? files : another).append('log', bytes(line))));
      const written = text(await files.read('log'))
        .split('\n')
        .filter((line) => line !== '');
      expect(written.sort()).toEqual([...lines].sort());
    });

    test('after a line that a crash tore the next one starts again', async () => {
      await files.put('log', bytes('whole\n{"torn":'), { ifNoneMatch: '*' });
      await files.append('log', bytes('next'));
      await files.append('log', bytes('last'));
      expect(text(await files.read('log'))).toBe('whole\n{"torn":\nnext\nlast\n');
    });

    test('a line that is two is refused', async () => {
      await expect(files.append('log', bytes('one\ntwo'))).rejects.toThrow(DefectError);
      expect(await files.stat('log')).toBeUndefined();
    });

    test.each(['', '/absolute', '../up', 'a/../../up', 'a//b', 'nul\u0000'])('%j is no file to append to', async (path) => {
      await expect(files.append(path, bytes('x'))).rejects.toThrow(StoreError);
    });
  });
}
