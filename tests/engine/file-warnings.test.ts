import { describe, expect, test } from 'vitest';
import type { PassedFiles } from '../../src/engine/contracts/home.ts';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';
import type { Store } from '../../src/engine/contracts/store.ts';
import { fileWarnings, strayWarnings } from '../../src/engine/plan/plan-notes.ts';
import type { DataType } from '../../src/frames/schema.ts';

const spec = { flow: 'sales', entity: 'orders' } as unknown as EntitySpec;
const storeThat = (replaceRange: boolean) =>
  ({ where: 'the lake', writes: new Set(), removes: new Set(replaceRange ? ['range'] : []) }) as unknown as Store;
const names = (count: number) => Array.from({ length: count }, (_, n) => `${n + 1}.csv`);
const marked = (type: DataType, text: string) => ({ column: 'at', type, text });
const passedOf = (count: number, type: DataType = { kind: 'int64' }, to = '9'): PassedFiles => ({
  whole: count === 0 ? null : { names: names(count), from: marked(type, '1'), to: marked(type, to) },
  ...{ partly: null, left: 0, mark: 'm' },
});
const moved = (count: number) => names(count).map((from) => ({ from, to: `new/${from}` }));

describe('a warning about several files', () => {
  const counts = [0, 1, 2, 3, 4, 5];
  const cells = counts.flatMap((renamed) => counts.filter((unsure) => unsure !== renamed).map((unsure) => ({ renamed, unsure })));

  test.each(cells)(
    'names the first of each kind and counts its others ($renamed renamed, $unsure maybe changed)',
    ({ renamed, unsure }) => {
      expect(fileWarnings({ spec, store: storeThat(true) }, { renamed: moved(renamed), unsure: names(unsure) })).toEqual([
        ...(renamed === 0 ? [] : [{ code: 'looks_renamed', from: '1.csv', to: 'new/1.csv', more: renamed - 1 }]),
        ...(unsure === 0 ? [] : [{ code: 'maybe_changed', file: '1.csv', more: unsure - 1 }]),
      ]);
    },
  );

  test.each([1, 2, 3, 4, 5])('names three of %i files below the watermark, and counts the others', (count) => {
    const [note] = fileWarnings({ spec, store: storeThat(true) }, { renamed: [], unsure: [], passed: passedOf(count) });
    const named = names(count).slice(0, 3);
    const whose = { code: 'files_passed', flow: 'sales', entity: 'orders', column: 'at' };
    expect(note).toEqual({ ...whose, files: named, more: count - named.length, from: '1', to: '10' });
  });

  test('says nothing of no files below the watermark', () => {
    expect(fileWarnings({ spec, store: storeThat(true) }, { renamed: [], unsure: [], passed: passedOf(0) })).toEqual([]);
  });

  test('of files that lie where they should not names the first, and counts all', () => {
    const target = { content: 'ours', strays: names(3) } as never;
    expect(strayWarnings(target, { where: 'the lake' })).toEqual([{ code: 'strays', where: 'the lake', first: '1.csv', files: 3 }]);
  });
});

// The end of a range is not in it.
test.each<readonly [string, DataType, string]>([
  ['9', { kind: 'int64' }, '10'],
  ['-1', { kind: 'int32' }, '0'],
  ['1.99', { kind: 'decimal', precision: 5, scale: 2 }, '2.00'],
  ['2024-02-29', { kind: 'date' }, '2024-03-01'],
  ['2023-12-31T23:59:59.999', { kind: 'timestamp', unit: 'ms' }, '2024-01-01T00:00:00.000'],
  ['2023-12-31T23:59:59.999999', { kind: 'timestamp', unit: 'us' }, '2024-01-01T00:00:00.000000'],
  ['b', { kind: 'string' }, 'b0'],
  ['00000000-0000-0000-0000-00000000000f', { kind: 'uuid' }, '00000000-0000-0000-0000-000000000010'],
  ['00000000-0000-0000-ffff-ffffffffffff', { kind: 'uuid' }, '00000000-0000-0001-0000-000000000000'],
])('the range that is advised after %s (%j) ends with the next value', (last, type, next) => {
  const [note] = fileWarnings({ spec, store: storeThat(false) }, { renamed: [], unsure: [], passed: passedOf(1, type, last) });
  expect(note).toMatchObject({ from: null, to: next });
});
