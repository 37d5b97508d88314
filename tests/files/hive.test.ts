import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hiveFolder, hivePairs, isHiveFolder } from '../../src/files/paths/hive.ts';
import { inferPartitionType, partitionText } from '../../src/files/paths/partition-values.ts';
import { isHidden } from '../../src/files/store/layout.ts';
import { checkPath } from '../../src/filesystems/paths.ts';
import { encodeSegment } from '../../src/workspace/names.ts';
import { SEED } from '../support/samples.ts';

const nasty = fc.oneof(
  fc.constantFrom(
    '',
    '.',
    '..',
    '/',
    '../..',
    'a/b',
    'a\\b',
    '%',
    '%2F',
    '%zz',
    'null',
    'NULL',
    '__HIVE_DEFAULT_PARTITION__',
    '\0',
    '\n',
    'a ',
  ),
  fc.constantFrom(
    'x=y',
    'a:b',
    '*?[a]{b}',
    '~',
    '-',
    '#',
    "o'brien",
    'æ ø 語 🎈',
    'é',
    'é',
    '00000000000000000001',
    '_hidden',
    '.hidden',
    'CON',
  ),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

describe('a folder named for a value', () => {
  it('reads back as that value, whatever it holds', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ key: nasty, value: fc.option(nasty) }), { minLength: 1, maxLength: 3 }), (pairs) => {
        const wellFormed = pairs.filter(({ key, value }) => key !== '' && key.isWellFormed() && (value ?? '').isWellFormed());
        const path = [...wellFormed.map(hiveFolder), 'file.parquet'].join('/');
        expect(hivePairs(path)).toEqual(wellFormed);
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });

  it('is one segment that every file system takes, and never leads elsewhere', () => {
    fc.assert(
      fc.property(nasty, (value) => {
        if (!value.isWellFormed()) return;
        const folder = hiveFolder({ key: 'k', value });
        expect(folder).not.toMatch(/[/\\]/);
        expect(folder).not.toMatch(/[. ]$/);
        if (Buffer.byteLength(folder) <= 255) checkPath(`f/${folder}/x.parquet`);
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });

  it('is named differently for every value, null included', () => {
    fc.assert(
      fc.property(fc.option(nasty), fc.option(nasty), (a, b) => {
        expect(hiveFolder({ key: 'k', value: a }) === hiveFolder({ key: 'k', value: b })).toBe(a === b);
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });

  it.each([
    ['2026', 'year=2026'],
    ['Ærø', 'year=Ærø'],
    ['a/b', 'year=a%2Fb'],
    [null, 'year=__HIVE_DEFAULT_PARTITION__'],
    ['', 'year='],
  ])('%j is %s', (value, folder) => {
    expect(hiveFolder({ key: 'year', value })).toBe(folder);
  });

  it('never looks like the folder of a version, which says nothing of rows', () => {
    expect(hivePairs('v=00000000000000000001/x.parquet')).toEqual([]);
    const folder = hiveFolder({ key: 'v', value: '00000000000000000001' });
    expect(hivePairs(`${folder}/x.parquet`)).toEqual([{ key: 'v', value: '00000000000000000001' }]);
  });

  it('is never that of an entity', () => {
    fc.assert(
      fc.property(nasty, (name) => void (name.isWellFormed() && expect(isHiveFolder(encodeSegment(name))).toBe(false))),
      { seed: SEED },
    );
  });

  it('is read by others even when its column begins with an underscore, as folders of records are not', () => {
    expect(isHidden('', '_day=1/x.parquet')).toBe(false);
    expect(isHidden('', '_hygge/x.parquet')).toBe(true);
    expect(isHidden('', '_day=1')).toBe(true);
  });
});

describe('the type of folders', () => {
  it.each([
    [['1', '22', null], 'int64'],
    [['-5', '0'], 'int64'],
    [['01', '02'], 'string'],
    [['9223372036854775807'], 'int64'],
    [['9223372036854775808'], 'string'],
    [['2026-11-20', '1999-01-01'], 'date'],
    [['2026-11-20', '2026-02-30'], 'string'],
    [['2026-11-20T00:00:00'], 'string'],
    [['1', 'x'], 'string'],
    [['1', ''], 'string'],
    [[null], 'string'],
  ])('%j is %s', (values, kind) => {
    expect(inferPartitionType(values).kind).toBe(kind);
  });

  it.each([
    [{ kind: 'int32' }, '7', '7'],
    [{ kind: 'int32' }, '007', '7'],
    [{ kind: 'int32' }, '2147483648', undefined],
    [{ kind: 'bool' }, 'True', 'true'],
    [{ kind: 'bool' }, 'yes', undefined],
    [{ kind: 'decimal', precision: 5, scale: 2 }, '1.5', '1.50'],
    [{ kind: 'timestamp', unit: 'us' }, '2026-11-20 10:00:00', '2026-11-20T10:00:00.000000'],
    [{ kind: 'date' }, 'someday', undefined],
  ] as const)('a declared %j takes %j for %j', (type, written, text) => {
    expect(partitionText(type, written)).toBe(text);
  });
});
