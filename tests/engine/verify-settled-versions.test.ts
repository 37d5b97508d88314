import { expect, test } from 'vitest';
import { SettledVersions } from '../../src/engine/verify/rows/settled-versions.ts';

const versionsOf = (rows: readonly (readonly [row: bigint, version: string | null])[], deleted: string | null = null) => {
  const versions = new SettledVersions({ kind: 'int64' });
  for (const [row, version] of rows) versions.add(1n, row, version);
  versions.addDeleted(1n, deleted);
  return versions;
};
const there = { key: 1n, source: [5n] };
const gone = { key: 1n, source: [] };

test.each([
  [
    'the newest row of a key counts',
    versionsOf([
      [5n, '9'],
      [6n, '10'],
      [7n, '2'],
    ]),
    there,
    [6n],
    2,
  ],
  [
    'a row without a version is older than all others',
    versionsOf([
      [5n, null],
      [6n, '1'],
    ]),
    there,
    [6n],
    1,
  ],
  [
    'a row that settled twice counts once',
    versionsOf([
      [5n, '1'],
      [6n, '2'],
      [5n, '3'],
    ]),
    there,
    [5n],
    2,
  ],
  [
    'rows of one version all count',
    versionsOf([
      [5n, '3'],
      [6n, '3'],
    ]),
    there,
    [5n, 6n],
    0,
  ],
  [
    'a key that was deleted last has none',
    versionsOf(
      [
        [5n, '1'],
        [6n, '2'],
      ],
      '3',
    ),
    there,
    [],
    2,
  ],
  [
    'a key that came back has its newest',
    versionsOf(
      [
        [5n, '1'],
        [6n, '4'],
      ],
      '3',
    ),
    gone,
    [6n],
    1,
  ],
  ['a version that deleted a key and added it is reported by the source: it has it', versionsOf([[6n, '3']], '3'), there, [6n], 0],
  ['a version that deleted a key and added it is reported by the source: it has it not', versionsOf([[6n, '3']], '3'), gone, [], 1],
  ['a key of which nothing settled has none', versionsOf([]), there, [], 0],
] as const)('%s', (_, versions, of, rows, earlier) => {
  expect(versions.newest(of)).toEqual({ rows, earlier });
});

test('what a step leaves to the next one says the same', () => {
  const versions = versionsOf(
    [
      [5n, '9'],
      [6n, '10'],
      [7n, null],
    ],
    '8',
  );
  versions.addDeleted(2n, '4');
  versions.addDeleted(2n, '3');
  const again = new SettledVersions({ kind: 'int64' }, JSON.parse(JSON.stringify(versions.toJson())));
  expect(again.newest(there)).toEqual(versions.newest(there));
  expect(again.toJson()).toEqual(versions.toJson());
});
