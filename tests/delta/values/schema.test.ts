import { describe, expect, test } from 'vitest';
import type { DeltaField, DeltaType } from '../../../src/delta/table.ts';
import { partitionValueOf } from '../../../src/delta/values/partition.ts';
import { columnsOf, schemaOf } from '../../../src/delta/values/schema.ts';
import { describeType } from '../../../src/frames/describe-type.ts';
import { array, field, map, mappedTo, struct, tableOf } from './made-tables.ts';

const coded = (code: string, what: RegExp) => expect.objectContaining({ code, what: expect.stringMatching(what) as string }) as Error;

describe('the schema', () => {
  test.each([
    ['byte', 'int8'],
    ['short', 'int16'],
    ['integer', 'int32'],
    ['long', 'int64'],
    ['float', 'float32'],
    ['double', 'float64'],
    ['decimal(38,18)', 'decimal(38,18)'],
    ['decimal( 5 , 2 )', 'decimal(5,2)'],
    ['string', 'string'],
    ['varchar(5)', 'string'],
    ['char(5)', 'string'],
    ['binary', 'binary'],
    ['boolean', 'bool'],
    ['date', 'date'],
    ['timestamp', 'timestamp[us, UTC]'],
    ['timestamp_ntz', 'timestamp[us]'],
    ['void', 'null'],
    [array('long'), 'list<int64>'],
    [map('string', array('date')), 'list<struct<key: string, value: list<date>>>'],
    [struct(field('a', 'long'), field('b', struct(field('c', 'string')))), 'struct<a: int64, b: struct<c: string>>'],
  ] as readonly (readonly [DeltaType, string])[])('%j is %s', (type, wanted) => {
    const [column] = schemaOf(tableOf({ fields: [field('v', type)] }).metadata).columns;
    expect(describeType(column?.type ?? { kind: 'null' })).toBe(wanted);
  });

  test('a column has the word of the table, and says where a map is more than a list', () => {
    const fields = [
      field('l', 'long', { nullable: false }),
      field('c', 'string', { metadata: { __CHAR_VARCHAR_TYPE_STRING: 'char(5)' } }),
      field('m', struct(field('a', array(map('string', 'long'))))),
    ];
    expect(
      schemaOf(tableOf({ fields }).metadata).columns.map(({ name, nullable, sourceType, restated }) => [
        name,
        nullable,
        sourceType,
        restated,
      ]),
    ).toEqual([
      ['l', false, 'long', undefined],
      ['c', true, 'char(5)', undefined],
      ['m', true, 'struct<a:array<map<string,long>>>', true],
    ]);
  });

  test.each([['variant'], ['geometry(OGC:CRS84)'], ['geography'], ['interval'], ['decimal(39,0)'], ['decimal(5,6)'], ['toString']])(
    '%s is refused by name, at any depth, unless it is not read',
    (type) => {
      for (const of of [type, array(type), map('string', type), struct(field('x', type))]) {
        const { metadata } = tableOf({ fields: [field('v', of), field('id', 'long')] });
        expect(() => schemaOf(metadata)).toThrow(coded('HYG-3801', /^Column v.* is /));
        expect(schemaOf(metadata, ['id']).columns.map(({ name }) => name)).toEqual(['id']);
      }
    },
  );

  test('names that differ in case alone are refused, also in a struct', () => {
    const twice = [field('a', 'long'), field('A', 'long')];
    expect(() => schemaOf(tableOf({ fields: twice }).metadata)).toThrow(coded('HYG-3802', /same name if case is ignored/));
    expect(() => schemaOf(tableOf({ fields: [field('s', struct(...twice))] }).metadata)).toThrow(coded('HYG-3802', /Column s has/));
  });
});

describe('the mapping of columns', () => {
  const fields = [field('a', 'long', mappedTo('p1', 1)), field('s', struct(field('x', 'long', mappedTo('p3', 3))), mappedTo('p2', 2))];

  test('counts only where the protocol knows it', () => {
    const table = tableOf({ mode: 'name', fields });
    const names = (protocol: Partial<typeof table.protocol>) =>
      columnsOf({ metadata: { ...table.metadata }, protocol: { ...table.protocol, ...protocol } }).columns.map(
        ({ physicalName }) => physicalName,
      );
    expect(names({})).toEqual(['p1', 'p2']);
    expect(names({ readerFeatures: [] })).toEqual(['a', 's']);
    expect(names({ minReaderVersion: 2, readerFeatures: null })).toEqual(['p1', 'p2']);
    expect(names({ minReaderVersion: 1, readerFeatures: null })).toEqual(['a', 's']);
  });

  test('the same metadata under another protocol is another mapping', () => {
    const table = tableOf({ mode: 'name', fields });
    const first = columnsOf(table);
    expect(columnsOf(table)).toBe(first);
    expect(columnsOf({ ...table, protocol: { ...table.protocol, readerFeatures: [] } }).mode).toBe('none');
  });

  test.each([
    ['a mode that it does not know', 'sideways', fields, /"sideways"/],
    ['a column without a physical name', 'name', [field('a', 'long')], /column a has no physical name/],
    [
      'a field without a physical name',
      'name',
      [field('s', struct(field('x', 'long')), mappedTo('p', 1))],
      /column s.x has no physical name/,
    ],
    ['a column without an id', 'id', [field('a', 'long', { metadata: { 'delta.columnMapping.physicalName': 'p' } })], /column a has no id/],
    [
      'two columns of one id',
      'id',
      [field('a', 'long', mappedTo('p1', 1)), field('b', 'long', mappedTo('p2', 1))],
      /one column in its files/,
    ],
    [
      'two columns of one physical name',
      'name',
      [field('a', 'long', mappedTo('p', 1)), field('b', 'long', mappedTo('p', 2))],
      /one column in its files/,
    ],
  ] as readonly (readonly [string, string, readonly DeltaField[], RegExp])[])('%s is refused', (_, mode, of, what) => {
    expect(() => columnsOf(tableOf({ mode, fields: of }))).toThrow(coded('HYG-3802', what));
  });

  test('a partition column that the schema lacks is refused', () => {
    expect(() => columnsOf(tableOf({ fields, partitionColumns: ['q'] }))).toThrow(coded('HYG-3802', /partitioned by "q"/));
  });
});

describe('partition values', () => {
  const value = (type: DeltaType, text: string | null) => partitionValueOf(field('p', type), text).text;

  test.each([
    ['string', 'a b/c', 'a b/c'],
    ['string', 'x'.repeat(1_000), 'x'.repeat(1_000)],
    ['string', ' lead', ' lead'],
    ['integer', '-2147483648', '-2147483648'],
    ['byte', '007', '7'],
    ['long', '9223372036854775807', '9223372036854775807'],
    ['boolean', 'True', 'true'],
    ['date', '0001-01-01', '0001-01-01'],
    ['date', '+10000-02-29', '+010000-02-29'],
    ['timestamp', '2024-01-01T12:34:56.123456Z', '2024-01-01T12:34:56.123456Z'],
    ['timestamp', '2024-01-01 12:34:56', '2024-01-01T12:34:56.000000Z'],
    ['timestamp', '2024-03-31 01:30:00.5', '2024-03-31T01:30:00.500000Z'],
    ['timestamp', '2024-01-01T12:34:56.123456+02:00', '2024-01-01T10:34:56.123456Z'],
    ['timestamp_ntz', '1969-12-31 23:59:59.000001', '1969-12-31T23:59:59.000001'],
    ['double', '1.0E300', '1.0E300'],
    ['double', '-0.0', '-0.0'],
    ['double', '-0', '-0'],
    ['double', 'NaN', 'NaN'],
    ['double', 'Infinity', 'inf'],
    ['float', '-inf', '-inf'],
    ['decimal(10,3)', '-1.5', '-1.500'],
    ['decimal(10,3)', '1234567.890', '1234567.890'],
    ['decimal(38,18)', '0E-18', '0.000000000000000000'],
    ['decimal(10,8)', '1E-7', '0.00000010'],
    ['decimal(10,2)', '1.2E+3', '1200.00'],
    ['decimal(10,2)', '-.5', undefined],
    ['binary', 'é', 'é'],
    ['binary', '\\u0061', '\\u0061'],
  ] as readonly (readonly [DeltaType, string, string | undefined])[])('%s %j', (type, text, wanted) => {
    if (wanted === undefined) expect(() => value(type, text)).toThrow(coded('HYG-3803', /not a value of/));
    else expect(value(type, text)).toBe(wanted);
  });

  test.each(['string', 'long', 'binary', 'timestamp'])('no value, and an empty text, of %s are null', (type) => {
    expect(value(type, null)).toBeNull();
    expect(value(type, '')).toBeNull();
    expect(partitionValueOf(field('p', type), undefined).text).toBeNull();
  });

  test.each([
    ['decimal(10,3)', '-1.-500'],
    ['decimal(10,3)', '0.0-1'],
    ['decimal(10,3)', '1.2345'],
    ['decimal(3,0)', '1000'],
    ['integer', 'x'],
    ['integer', '1.5'],
    ['integer', '2147483648'],
    ['integer', ' 1'],
    ['boolean', 'yes'],
    ['date', '2023-02-29'],
    ['date', '2024-01-01 00:00:00'],
    ['timestamp', '2024-01-01'],
    ['timestamp', '2024-01-01 25:00:00'],
    ['timestamp', '2024-01-01 00:00:00.1234567'],
    ['timestamp_ntz', '2024-01-01T00:00:00Z'],
    ['double', '1,5'],
    ['double', '0x10'],
    ['double', 'e5'],
  ])('%s %j is refused, and never null', (type, text) => {
    expect(() => value(type, text)).toThrow(coded('HYG-3803', /of p is not a value of/));
  });

  test('a long text is shown in part', () => {
    expect(() => value('long', 'x'.repeat(1_000))).toThrow(coded('HYG-3803', /^.{0,140}$/));
  });
});
