import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { wholeIn } from '../../../src/formats/bytes/json-texts.ts';
import { type How, readText } from './over-text.ts';

const good = '{"id":1,"t":"a"}\n';

async function failure(
  content: string | Uint8Array,
  how: How = {},
): Promise<{ code: string; what: string; why: string[]; tryThis: string[] }> {
  try {
    await readText(content, how);
  } catch (error) {
    return error as never;
  }
  throw new Error('it was read');
}

const bad: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
  ['a record that is cut off', '{"id":2,"t":"b', /ends where the end of a string should be/],
  ['more behind the record', '{"id":2} {"id":3}', /more data follows/],
  ['a record that is not an object', '[1,2]', /not an object/],
  ['a trailing comma', '{"id":2,}', /a name in quotes should be/],
  ['a name without quotes', '{id:2}', /a name in quotes should be/],
  ['a name that is there twice', '{"id":2,"id":3}', /the name "id" occurs twice/],
  ['NaN', '{"id":NaN}', /NaN is not JSON/],
  ['Infinity behind a minus', '{"id":-Infinity}', /“I” where a value should be|not JSON/],
  ['a leading zero', '{"id":007}', /begins with 0/],
  ['a point without digits', '{"id":1.}', /a digit should be/],
  ['half a surrogate pair', '{"t":"\\ud800"}', /half a surrogate pair/],
  ['the other half', '{"t":"\\udc00x"}', /half a surrogate pair/],
  ['an escape that is none', '{"t":"\\x41"}', /escape/],
  ['a raw control character', '{"t":"a\u0001b"}', /byte 1 where the end of a string should be/],
  ['a raw NUL', '{"t":"a\u0000b"}', /byte 0 where the end of a string should be/],
  ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0x74, 0x22, 0x3a, 0x22, 0xe9, 0x22, 0x7d]), /not UTF-8/],
  ['a value that does not fit', '{"id":"x"}', /column id: "x" is not int64/],
  ['a float that is too large', '{"f":1e400}', /column f: 1e400 is not float64/],
  ['a value far too deep', `{"n":${'['.repeat(300)}1${']'.repeat(300)}}`, /deeper than/],
];

describe('a record that can’t be read', () => {
  const pinnedBy = async () => (await readText(`${good}{"f":0.5}\n{"n":[[1]]}\n`)).pinned;
  const among = (line: string | Uint8Array) => Buffer.concat([Buffer.from(good), Buffer.from(line), Buffer.from(`\n${good}`)]);

  test.each(bad)('%s: stops the run, naming the line', async (_, line, reason) => {
    const error = await failure(among(line), { pinned: await pinnedBy() });
    expect(error).toMatchObject({ code: 'HYG-3305', what: expect.stringMatching(reason) });
    expect(error.what).toMatch(/^Line 2 of in\/data/);
    expect(error.tryThis.length).toBeGreaterThan(0);
  });

  test.each(bad)('%s: is left out and counted, and the others arrive', async (_, line, reason) => {
    for (const [policy, kept] of [
      ['skip', false],
      ['quarantine', true],
    ] as const) {
      const read = await readText(among(line), { pinned: await pinnedBy(), options: { bad_rows: policy } });
      expect(read.rows.map((row) => row.slice(0, 2))).toEqual([
        ['1', 'a'],
        ['1', 'a'],
      ]);
      expect(read.rejected).toMatchObject([{ source: 'in/data', line: 2, reason: expect.stringMatching(reason) }]);
      expect(read.kept).toBe(kept);
    }
  });

  test('a name that was not seen when the run was planned is never dropped', async () => {
    const { pinned: planned } = await readText(good);
    const error = await failure(`${good}{"id":2,"new":1}\n`, { planned });
    expect(error).toMatchObject({
      code: 'HYG-3305',
      what: expect.stringMatching(/^Line 2 of in\/data .* the name "new" is not among the names/),
    });
    expect(error.tryThis.join()).toContain('hygge reset');
    const inside = await failure('{"g":{"y":1}}\n', { planned: (await readText('{"g":{"x":1}}\n')).pinned });
    expect(inside.what).toContain('column g: the name "y" is not among the names');
  });

  test('long values are shortened in messages', async () => {
    const { pinned } = await readText(good);
    const error = await failure(`{"id":"${'x'.repeat(10_000)}"}\n`, { pinned });
    expect(error.what.length).toBeLessThan(160);
  });

  test('its text is kept, cut at 64 kB', async () => {
    const { pinned } = await readText(good);
    const read = await readText(`{"id":"${'x'.repeat(100_000)}"}\n${good}`, { pinned, options: { bad_rows: 'quarantine' } });
    expect(read.rejected[0]?.text).toHaveLength(64 * 1024);
  });

  test('thousands of them do not stop the good ones', async () => {
    const { pinned } = await readText(good);
    const lines = Array.from({ length: 5_000 }, (_, i) => (i % 2 ? `{"id":${i}}` : '{"id":')).join('\n');
    const read = await readText(lines, { pinned, options: { bad_rows: 'skip' } });
    expect(read.rows).toHaveLength(2_500);
    expect(read.rejected).toHaveLength(2_500);
    expect(read.rejected.at(-1)?.line).toBe(4_999);
  });

  test('in an array as well, with the line it begins in', async () => {
    const text = '[\n {"id":1},\n {"id":"x",\n  "t":"b"},\n {"id":3}\n]\n';
    const { pinned } = await readText('[{"id":1,"t":"a"}]', { format: 'json' });
    expect((await failure(text, { format: 'json', pinned })).what).toMatch(/^Line 3 of in\/data/);
    const read = await readText(text, { format: 'json', pinned, options: { bad_rows: 'skip' } });
    expect(read.rows.map(([id]) => id)).toEqual(['1', '3']);
    expect(read.rejected).toMatchObject([{ line: 3, text: '{"id":"x",\n  "t":"b"}' }]);
  });
});

describe('a file that is not JSON', () => {
  test.each([
    ['a truncated array', '[{"id":1},{"id":2}', 'HYG-3401'],
    ['a truncated record', '[{"id":1},{"id":', 'HYG-3401'],
    ['more behind the array', '[{"id":1}]x', 'HYG-3401'],
    ['one object a line', '{"id":1}\n{"id":2}\n', 'HYG-3401'],
    ['a missing comma', '[{"id":1} {"id":2}]', 'HYG-3401'],
    ['a number', '12', 'HYG-3401'],
    ['nothing', '', 'HYG-3401'],
    ['an empty array', '[]', 'HYG-3406'],
  ])('%s', async (_, text, code) => {
    expect(await failure(text, { format: 'json' })).toMatchObject({ code });
  });

  test('one object a line is told what it is', async () => {
    expect((await failure('{"id":1}\n{"id":2}\n', { format: 'json' })).tryThis.join()).toContain('format: ndjson');
  });

  test('a document that is taken for lines is told what it is', async () => {
    for (const text of ['[\n{"id":1}\n]', '[{"id":1}]', '{\n"id":1}'])
      expect((await failure(text)).tryThis.join()).toContain('format: json');
  });

  test('UTF-16 is named', async () => {
    expect(await failure(Buffer.from('\ufeff{"id":1}\n', 'utf16le'))).toMatchObject({ code: 'HYG-3302' });
    expect(await failure(Buffer.from('\ufeff[]', 'utf16le'), { format: 'json' })).toMatchObject({ code: 'HYG-3302' });
  });

  test('names without end are named', async () => {
    const lines = Array.from({ length: 25_000 }, (_, i) => `{"by":{"user-${i}":1}}`).join('\n');
    expect(await failure(lines)).toMatchObject({ code: 'HYG-3404' });
  });

  test('a member without a name', async () => {
    expect(await failure('{"":1}\n')).toMatchObject({ code: 'HYG-3407' });
    expect(await failure('{"a":[{"":1}]}\n')).toMatchObject({ code: 'HYG-3407' });
  });

  test('a file of lines may be empty, but its columns must be told', async () => {
    expect(await failure('\n \n')).toMatchObject({ code: 'HYG-3406' });
    const read = await readText('', { options: { types: { id: 'int64' } } });
    expect(read.rows).toEqual([]);
    expect(read.schema.columns).toMatchObject([{ name: 'id', type: { kind: 'int64' } }]);
  });
});

describe('what is allowed', () => {
  test.each([
    ['a BOM', '\ufeff{"id":1}\n'],
    ['CRLF', '{"id":1}\r\n'],
    ['CR before the end', '{"id":1}\r'],
    ['blank lines', '\n\n  \n{"id":1}\n\n'],
    ['white space everywhere', ' \t{ "id" :\t1 } \t\n'],
    ['no line break at the end', '{"id":1}'],
    ['gzip', gzipSync('{"id":1}\n')],
    ['zstd', zstdCompressSync('{"id":1}\n')],
  ])('%s', async (_, content) => {
    const read = await readText(content);
    expect(read.rows).toEqual([['1']]);
  });

  test('a torn gzip is an error', async () => {
    const whole = gzipSync(Array.from({ length: 1000 }, (_, i) => `{"id":${Math.sin(i)}}`).join('\n'));
    expect(await failure(whole.subarray(0, whole.length - 30))).toMatchObject({ code: 'HYG-3301' });
  });
});

describe('records inside a document', () => {
  const text = '{"meta":{"next":["[",{"x":"\\"]"}]},"data":{"n":2,"items":[{"id":1},{"id":2}],"after":[[]]},"end":null}';

  test('are found by their path', async () => {
    const read = await readText(text, { format: 'json', options: { records: 'data.items' } });
    expect(read.rows).toEqual([['1'], ['2']]);
  });

  test.each([
    ['data.rows', /no "rows"\. There are: "n", "items", "after"/],
    ['meta.next.x', /no object that "x" could be in/],
    ['end', /where an array or an object should be/],
  ])('%s leads nowhere', async (records, why) => {
    const error = await failure(text, { format: 'json', options: { records } });
    expect(error).toMatchObject({ code: 'HYG-3403' });
    expect(error.why.join()).toMatch(why);
  });

  test('a document that breaks off behind them is an error', async () => {
    expect(await failure(text.slice(0, -1), { format: 'json', options: { records: 'data.items' } })).toMatchObject({ code: 'HYG-3401' });
  });

  test('one object is one record', async () => {
    const read = await readText('{"id":1,"l":[1,2]}', { format: 'json' });
    expect(read.rows).toEqual([['1', ['1', '2']]]);
  });
});

describe('a whole number that a declared float would round', () => {
  test.each([
    ['float64', '9007199254740993', ['int64', '"decimal(38,9)"']],
    ['float32', '16777217', ['int64', '"decimal(38,9)"']],
    ['float64', '9.007199254740993e15', ['int64', '"decimal(38,9)"']],
    ['float64', '9223372036854775809', ['"decimal(38,9)"']],
    ['float64', '12345678901234567890123456789012345678', ['"decimal(38,0)"']],
    ['list<float64>', '[9007199254740993]', ['"list<int64>"', '"list<decimal(38,9)>"']],
  ])('of %s (%s) stops the run, and each line of types that the message names reads it', async (type, value, others) => {
    const content = `{"sum":${value}}\n`;
    const error = await failure(content, { options: { types: { sum: type } } });
    const named = error.tryThis.flatMap((line) => /would round the number.*types: \{sum: (.*)\}$/.exec(line)?.[1] ?? []);
    expect([error.code, named]).toEqual(['HYG-3305', others]);
    for (const one of named) {
      const { rows } = await readText(content, { options: { types: { sum: one.replaceAll('"', '') } } });
      expect(JSON.stringify(rows, (_, cell) => (typeof cell === 'bigint' ? String(cell) : cell))).toContain(
        String(wholeIn(value.replace(/[[\]]/g, ''))),
      );
    }
  });

  test.each(['1e39', '-1e39', '1e-50'])('and one that it does not have at all (%s) stop the run', async (value) => {
    expect(await failure(`{"sum":${value}}\n`, { options: { types: { sum: 'float32' } } })).toMatchObject({ code: 'HYG-3305' });
    const { rows } = await readText(`{"sum":${value}}\n`, { options: { types: { sum: 'float64' } } });
    expect(rows).toHaveLength(1);
  });
});
