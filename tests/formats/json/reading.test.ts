import { describe, expect, test } from 'vitest';
import { describeType } from '../../../src/frames/describe-type.ts';
import { readFiles, readText, sourceOf, typesIn } from './over-text.ts';

const columns = (read: { schema: { columns: readonly { name: string; type: Parameters<typeof describeType>[0] }[] } }) =>
  Object.fromEntries(read.schema.columns.map(({ name, type }) => [name, describeType(type)]));

describe('columns are the names of all records', () => {
  test('a name first met in the last record is a column, and null in the others', async () => {
    const lines = [...Array.from({ length: 5_000 }, (_, i) => `{"id":${i}}`), '{"id":5000,"late":"x"}'].join('\n');
    const read = await readText(lines);
    expect(columns(read)).toEqual({ id: 'int64', late: 'string' });
    expect(read.rows.at(-1)).toEqual(['5000', 'x']);
    expect(read.rows.slice(0, -1).every(([, late]) => late === null)).toBe(true);
    expect(read.rows).toHaveLength(5_001);
  });

  test('names may come in any order', async () => {
    const read = await readText('{"a":1,"b":"x"}\n{"b":"y","a":2}\n{"b":"z"}\n');
    expect(read.rows).toEqual([
      ['1', 'x'],
      ['2', 'y'],
      [null, 'z'],
    ]);
  });

  test('a name is what it means, however it is written', async () => {
    const read = await readText('{"caf\\u00e9":1}\n{"café":2}\n{"a\\"b":4}\n');
    expect(typesIn(read.schema)).toEqual([
      ['café', 'int64'],
      ['a"b', 'int64'],
    ]);
    expect(read.rows).toEqual([
      ['1', null],
      ['2', null],
      [null, '4'],
    ]);
  });

  test('of several files together', async () => {
    const read = await readFiles([sourceOf('a', '{"a":1}\n'), sourceOf('b', '{"b":true}\n')]);
    expect(columns(read)).toEqual({ a: 'int64', b: 'bool' });
    expect(read.rows).toEqual([
      ['1', null],
      [null, true],
    ]);
  });

  test('a column that is null in every record settles as text', async () => {
    expect(columns(await readText('{"a":null}\n{"a":null,"b":1}\n'))).toEqual({ a: 'string', b: 'int64' });
  });
});

describe('numbers arrive exactly', () => {
  test('whole numbers of 64 bits, to the last digit', async () => {
    const values = ['9223372036854775807', '-9223372036854775808', '9007199254740993', '-9007199254740993', '999999999999999', '-1', '0'];
    const read = await readText(values.map((value) => `{"n":${value}}`).join('\n'));
    expect(columns(read)).toEqual({ n: 'int64' });
    expect(read.rows.map(([n]) => n)).toEqual(values);
  });

  test('whole numbers beyond 64 bits become decimals', async () => {
    const values = ['18446744073709551615', '-99999999999999999999999999999999999999', '1'];
    const read = await readText(values.map((value) => `{"n":${value}}`).join('\n'));
    expect(columns(read)).toEqual({ n: 'decimal(38,0)' });
    expect(read.rows.map(([n]) => n)).toEqual(values);
  });

  test('fractions are the nearest float64, as JSON.parse takes them', async () => {
    const values = [
      '0.1',
      '-0.0',
      '1e3',
      '34.214643931795386',
      '1.7976931348623157e308',
      '5e-324',
      '123456789012345678.5',
      '2.5E+2',
      '7',
      '0.30000000000000004',
    ];
    const read = await readText(values.map((value) => `{"n":${value}}`).join('\n'));
    expect(columns(read)).toEqual({ n: 'float64' });
    expect(read.rows.map(([n]) => n)).toEqual(values.map((value) => JSON.parse(value)));
    expect(Object.is(read.rows[1]?.[0], -0)).toBe(true);
  });

  test('decimals come from their own digits when types says so', async () => {
    const lines = '{"n":1234567890123456.78}\n{"n":-0.10}\n{"n":"3.5"}\n{"n":12e-1}\n{"n":7}\n';
    const read = await readText(lines, { options: { types: { n: 'decimal(18,2)' } } });
    expect(read.rows.map(([n]) => n)).toEqual(['1234567890123456.78', '-0.10', '3.50', '1.20', '7.00']);
  });

  test('a float that its writer printed without a fraction is a float', async () => {
    const read = await readText('{"n":0.5}\n{"n":123456789012345680000}\n{"n":9007199254740992}\n');
    expect(read.rows.map(([n]) => n)).toEqual([0.5, 123456789012345680000, 9007199254740992]);
  });

  test.each([
    ['9007199254740993', 'a bad row'],
    ['-9007199254740993', 'a bad row'],
    ['9007199254740993000000001', 'a bad row'],
    ['9007199254740992', 9007199254740992],
    ['-9007199254740994', -9007199254740994],
  ])('of the type float64 that is given, never rounded to another whole number: %s is %s', async (text, value) => {
    const forms = [
      ['float64', (n: string) => n],
      ['float64', (n: string) => `"${n}"`],
      ['list<float64>', (n: string) => `[${n}]`],
    ] as const;
    for (const [type, written] of forms) {
      const lines = ['0.5', text, '1e3'].map((n) => `{"n":${written(n)}}\n`).join('');
      const read = await readText(lines, { options: { types: { n: type }, bad_rows: 'skip' } });
      expect(
        read.rows.map(([n]) => Number(n)),
        type,
      ).toEqual([0.5, ...(value === 'a bad row' ? [] : [value]), 1000]);
    }
    if (value === 'a bad row')
      await expect(readText(`{"n":${text}}\n`, { options: { types: { n: 'float64' } } })).rejects.toMatchObject({ code: 'HYG-3305' });
  });

  test('whole numbers that a float would round do not go next to fractions', async () => {
    await expect(readText('{"n":9007199254740993}\n{"n":0.5}\n')).rejects.toMatchObject({ code: 'HYG-3402' });
  });
});

describe('texts arrive exactly', () => {
  test.each([
    ['escapes', '"a\\"b\\\\c\\/d\\b\\f\\n\\r\\t"'],
    ['a NUL', '"a\\u0000b"'],
    ['a pair of surrogates', '"\\ud83c\\udfe1 and 🏡"'],
    ['U+FFFD as it is', '"\ufffd"'],
    ['nothing', '""'],
    ['what looks like JSON', '"{\\"a\\": [1,2]}"'],
    ['many bytes', JSON.stringify('åß'.repeat(10_000))],
    ['other line breaks', '"\u2028\u0085"'],
  ])('%s', async (_, written) => {
    const read = await readText(`{"t":${written},"n":1}\n{"t":"behind","n":2}\n`);
    expect(read.rows).toEqual([
      [JSON.parse(written), '1'],
      ['behind', '2'],
    ]);
  });

  test('what looks like a number, a date or nothing stays text', async () => {
    const read = await readText('{"zip":"00501","day":"2024-01-01","none":"null"}\n');
    expect(columns(read)).toEqual({ zip: 'string', day: 'string', none: 'string' });
    expect(read.rows).toEqual([['00501', '2024-01-01', 'null']]);
  });
});

describe('nested values', () => {
  test('objects become structs of all their names, arrays lists of their items', async () => {
    const read = await readText('{"g":{"lat":1.5,"tags":["a",null]}}\n{"g":{"lon":2,"lat":null}}\n{"g":null}\n{}\n');
    expect(columns(read)).toEqual({ g: 'struct<lat: float64, tags: list<string>, lon: int64>' });
    expect(read.rows).toEqual([[{ lat: 1.5, tags: ['a', null], lon: null }], [{ lat: null, tags: null, lon: '2' }], [null], [null]]);
  });

  test('empty objects and arrays', async () => {
    const read = await readText('{"o":{},"l":[],"ll":[[],[1]]}\n');
    expect(columns(read)).toEqual({ o: 'json', l: 'list<string>', ll: 'list<list<int64>>' });
    expect(read.rows).toEqual([['{}', [], [[], ['1']]]]);
  });

  test('types: json keeps a value as it is written', async () => {
    const read = await readText('{"v": {"b" : [1, 2.50]} }\n{"v":"x"}\n{"v":null}\n', { options: { types: { v: 'json' } } });
    expect(read.rows).toEqual([['{"b" : [1, 2.50]}'], ['"x"'], [null]]);
  });

  test('flatten makes columns of their members', async () => {
    const read = await readText('{"id":1,"geo":{"lat":1,"at":{"x":"y"}}}\n{"id":2,"geo":null}\n', { options: { flatten: true } });
    expect(columns(read)).toEqual({ id: 'int64', geo_lat: 'int64', geo_at_x: 'string' });
    expect(read.rows).toEqual([
      ['1', '1', 'y'],
      ['2', null, null],
    ]);
  });

  test('flatten: 1 stops there, and the separator is a choice', async () => {
    const read = await readText('{"geo":{"lat":1,"at":{"x":"y"}}}\n', { options: { flatten: 1, separator: '.' } });
    expect(columns(read)).toEqual({ 'geo.lat': 'int64', 'geo.at': 'struct<x: string>' });
  });

  test('two columns of one name are refused', async () => {
    await expect(readText('{"a_b":1,"a":{"b":2}}\n', { options: { flatten: true } })).rejects.toMatchObject({ code: 'HYG-3405' });
  });
});

describe('types that are said', () => {
  test('are kept to, from numbers and from texts', async () => {
    const lines =
      '{"day":"2024-02-29","at":"2024-01-01T10:00:00.123456+02:00","wall":"2024-01-01 10:00","ns":"2024-01-01T00:00:00.123456789","ok":"true","n":"42","small":-128,"t":"23:59:59.5","u":"6F9619FF-8B86-D011-B42D-00C04FC964FF","b":"AP8=","zip":501}\n';
    const types = {
      day: 'date',
      at: 'timestamp[us, UTC]',
      wall: 'timestamp',
      ns: 'timestamp[ns]',
      ok: 'bool',
      n: 'int64',
      small: 'int8',
      t: 'time',
      u: 'uuid',
      b: 'binary',
      zip: 'string',
    };
    const read = await readText(lines, { options: { types } });
    expect(columns(read)).toMatchObject({ at: 'timestamp[us, UTC]', ns: 'timestamp[ns]', small: 'int8', t: 'time[us]', zip: 'string' });
    const [day, at, wall, ns, ok, n, small, t, u, b, zip] = read.rows[0] ?? [];
    expect([ok, n, small, u, b, zip]).toEqual([true, '42', -128, '6f9619ff-8b86-d011-b42d-00c04fc964ff', '00ff', '501']);
    expect([Number(day), Number(at), Number(wall)]).toEqual([Date.UTC(2024, 1, 29), 1704096000123.456, 1704103200000]);
    expect(String(ns)).toMatch(/^1704067200123/);
    expect(String(t)).toBe('86399500000000');
  });

  test('a column that no record has is there as nulls, and the plan says so', async () => {
    const read = await readText('{"a":1}\n', { options: { types: { b: 'date' } } });
    expect(columns(read)).toEqual({ a: 'int64', b: 'date' });
    expect(read.notes.join()).toContain('types names b');
  });
});

describe('values of several kinds', () => {
  const lines = '{"t":"Star Wars"}\n{"t":300}\n{"t":true}\n{"t":{"a":1}}\n{"t":null}\n';

  test('stop the run, with a line for each kind', async () => {
    const failed = await readText(lines).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'HYG-3402', what: expect.stringContaining('Column t') });
    expect((failed as { why: string[] }).why).toEqual([
      'true or false in line 3 of in/data',
      'a whole number in line 2 of in/data',
      'a text in line 1 of in/data',
      'an object in line 4 of in/data',
    ]);
  });

  test('mixed: string keeps their text', async () => {
    const read = await readText(lines, { options: { mixed: 'string' } });
    expect(read.rows.map(([t]) => t)).toEqual(['Star Wars', '300', 'true', '{"a":1}', null]);
  });

  test('mixed: string takes no text for the number of a column of numbers', async () => {
    const { pinned } = await readText('{"n":1}\n', { options: { mixed: 'string' } });
    await expect(readText('{"n":"2"}\n', { pinned, options: { mixed: 'string' } })).rejects.toMatchObject({ code: 'HYG-3305' });
  });

  test('mixed: json keeps each as JSON', async () => {
    const read = await readText(lines, { options: { mixed: 'json' } });
    expect(read.rows.map(([t]) => t)).toEqual(['"Star Wars"', '300', 'true', '{"a":1}', null]);
  });

  test('inside a list as well', async () => {
    await expect(readText('{"l":[1,"a"]}\n')).rejects.toMatchObject({ code: 'HYG-3402', what: expect.stringContaining('Column l') });
    const read = await readText('{"l":[1,"a"]}\n', { options: { mixed: 'string' } });
    expect(read.rows).toEqual([[['1', 'a']]]);
  });
});

describe('what was decided stays decided', () => {
  test('a later value that does not fit is a bad row, not another type', async () => {
    const { pinned } = await readText('{"n":1}\n');
    const later = readText('{"n":1}\n{"n":1.5}\n', { pinned });
    await expect(later).rejects.toMatchObject({ code: 'HYG-3305', what: "Line 2 of in/data can't be read: column n: 1.5 is not int64." });
  });

  test('a new name is decided again and comes last', async () => {
    const { pinned } = await readText('{"b":1}\n');
    const later = await readText('{"a":"x","b":2}\n', { pinned });
    expect(columns(later)).toEqual({ b: 'int64', a: 'string' });
    expect(later.rows).toEqual([['2', 'x']]);
    expect(later.notes.join()).toContain('new in the files: a');
  });

  test('a struct gains members, and keeps those that are gone', async () => {
    const { pinned } = await readText('{"g":{"x":1}}\n');
    const later = await readText('{"g":{"y":"z"}}\n', { pinned });
    expect(columns(later)).toEqual({ g: 'struct<x: int64, y: string>' });
  });

  test('a column that was only nulls gets its type from the first value', async () => {
    const { pinned } = await readText('{"a":null}\n');
    expect(columns(await readText('{"a":1}\n', { pinned }))).toEqual({ a: 'int64' });
  });

  test('types in the configuration come before what is pinned', async () => {
    const { pinned } = await readText('{"n":1}\n');
    expect(columns(await readText('{"n":1.5}\n', { pinned, options: { types: { n: 'string' } } }))).toEqual({ n: 'string' });
  });
});

describe('a window and a choice of columns', () => {
  const lines = Array.from({ length: 100 }, (_, i) => `{"id":${i},"mark":${i % 10 === 0 ? null : i},"x":"${i}"}`).join('\n');

  test('only rows of the window, exactly', async () => {
    const column = { column: 'mark', type: { kind: 'int64' } } as const;
    const window = {
      column,
      lower: { text: '11', inclusive: false },
      upper: { text: '13', inclusive: true },
      nulls: 'exclude',
      seen: null,
      changedFiles: 'fail',
    } as const;
    const read = await readText(lines, { window, columns: ['id'] });
    expect(read.rows).toEqual([['12'], ['13']]);
  });

  test('columns that are not wanted may hold anything that is JSON', async () => {
    const { pinned } = await readText('{"a":1,"b":1}\n');
    const read = await readText('{"a":1,"b":"not a number"}\n', { pinned, columns: ['a'] });
    expect(read.rows).toEqual([['1']]);
  });
});
