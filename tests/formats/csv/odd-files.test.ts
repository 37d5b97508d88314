import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Window } from '../../../src/engine/contracts/home.ts';
import type { FileSource } from '../../../src/formats/contract/format.ts';
import { sampled } from '../../support/samples.ts';
import { everything, failureOf, fileOf, readCsv } from './files.ts';

describe('a file', () => {
  test('with only a header has no rows', async () => {
    const { names, rows } = await readCsv('id,name');
    expect([names, rows]).toEqual([['id', 'name'], []]);
  });

  test('of 0 bytes is refused: it has not even a header', async () => {
    expect(await failureOf(readCsv(''))).toMatchObject({ code: 'HYG-3303', what: 'orders.csv is empty: it does not even have a header.' });
  });

  test('that holds nothing but a byte order mark is refused as well', async () => {
    expect((await failureOf(readCsv(Buffer.from([0xef, 0xbb, 0xbf])))).code).toBe('HYG-3303');
  });

  test('with all kinds of line ends and no last one is read', async () => {
    const { rows } = await readCsv('id,name\r\n1,"a"\r\n2,b\n3,"c"\n4,d\r\n5,"e"');
    expect(rows.map(([id, name]) => `${id}${name}`)).toEqual(['1a', '2b', '3c', '4d', '5e']);
  });

  test('of lines that end with a carriage return alone is read', async () => {
    const { names, rows } = await readCsv('id,name\r1,a\r2,b\r');
    expect([names, rows]).toEqual([
      ['id', 'name'],
      [
        ['1', 'a'],
        ['2', 'b'],
      ],
    ]);
  });

  test('of lines that end with a carriage return alone keeps line feeds in quotes, as spreadsheets of a Mac write them', async () => {
    const { names, rows } = await readCsv('id,text,name\r1,"x\ny",a\r2,z,b\r');
    expect(names).toEqual(['id', 'text', 'name']);
    expect(rows).toEqual([
      ['1', 'x\ny', 'a'],
      ['2', 'z', 'b'],
    ]);
    expect((await readCsv('"id";"a\nb"\r1;2\r', { delimiter: ';' })).rows).toEqual([['1', '2']]);
    expect((await readCsv('made by\rid,text\r1,"x\ny"\r', { skip_rows: 1 })).rows).toEqual([['1', 'x\ny']]);
  });

  test('whose lines end in two ways is refused, where rows would be part of its names', async () => {
    expect(await failureOf(readCsv('id,name\r1,a\r2,b\n'))).toMatchObject({ code: 'HYG-3317' });
    expect((await readCsv('id,na\rme\r\n1,b\r\n', { header: ['id', 'name'], skip_rows: 1 })).rows).toEqual([['1', 'b']]);
    const late = `id,name\r${'1,a\r'.repeat(70_000)}2,b\n`;
    expect(await failureOf(readCsv(late))).toMatchObject({
      code: 'HYG-3305',
      what: 'orders.csv, line 70002: a line feed is outside of quotes, but lines end with a carriage return alone.',
    });
  });

  test('whose names are not UTF-8 is refused: they would settle as other names', async () => {
    expect(await failureOf(readCsv(Buffer.from('id,n\xe6r\n1,x\n', 'latin1')))).toMatchObject({
      code: 'HYG-3302',
      what: 'orders.csv is not valid utf-8: byte 4 is not valid UTF-8.',
    });
    const said = await readCsv(Buffer.from('id,n\xe6r\n1,x\n', 'latin1'), { encoding: 'windows-1252' });
    expect(said.names).toEqual(['id', 'nær']);
  });

  test('with NUL bytes keeps them', async () => {
    expect((await readCsv('id,name\n1,a\0b\n2,\0\n')).rows).toEqual([
      ['1', 'a\0b'],
      ['2', '\0'],
    ]);
  });

  test('with quotes in the middle of a field keeps them', async () => {
    expect((await readCsv('size,name\n5" pipe,a\n6",b"c\n')).rows).toEqual([
      ['5" pipe', 'a'],
      ['6"', 'b"c'],
    ]);
  });

  test('with blank lines between its rows has those rows', async () => {
    expect((await readCsv('\n\nid,name\n\n1,a\n\r\n2,b\n\n')).rows).toHaveLength(2);
  });

  test('with comments and lines before the header passes them over, quotes in them or not', async () => {
    const text = 'made by "a program\nid,name\n# it\'s "so\n1,a\n#\n2,"b\n# no comment"\n';
    expect((await readCsv(text, { skip_rows: 1, comment: '#' })).rows).toEqual([
      ['1', 'a'],
      ['2', 'b\n# no comment'],
    ]);
  });

  test('with another quote, another escape, or none, is read as it says', async () => {
    expect((await readCsv("id,name\n1,'a,''b'''\n", { quote: "'" })).rows).toEqual([['1', "a,'b'"]]);
    expect((await readCsv('id,name\n1,"a \\"b\\", \\\\"\n', { escape: '\\' })).rows).toEqual([['1', 'a "b", \\']]);
    expect((await readCsv('id,name\n1,"a\n2,b"\n', { quote: 'none' })).rows).toEqual([
      ['1', '"a'],
      ['2', 'b"'],
    ]);
  });

  test('of 1,000 columns is read', async () => {
    const columns = Array.from({ length: 1_000 }, (_, i) => `c${i}`);
    const row = (n: number) => columns.map((_, i) => (i % 3 === 0 ? String(n * i) : i % 3 === 1 ? `t${i}` : '')).join(',');
    const table = await readCsv(`${columns.join(',')}\n${[1, 2, 3].map(row).join('\n')}\n`, {}, { chunkBytes: 10_000 });
    expect(table.names).toEqual(columns);
    expect(table.rows[2]?.slice(996, 1_000)).toEqual(['2988', 't997', null, '2997']);
  });
});

describe('an encoding', () => {
  test.each([
    ['UTF-8 with a mark', Buffer.from('\ufeffid,name\n1,Ærø\n'), {}],
    ['UTF-16, little-endian', Buffer.from('\ufeffid,name\n1,Ærø\n', 'utf16le'), {}],
    ['UTF-16, big-endian', Buffer.from('\ufeffid,name\n1,Ærø\n', 'utf16le').swap16(), {}],
    ['windows-1252', Buffer.from('id,name\n1,Ærø\n', 'latin1'), { encoding: 'windows-1252' }],
  ])('%s is understood', async (_, bytes, options) => {
    const { names, rows } = await readCsv(bytes, options);
    expect([names, rows]).toEqual([['id', 'name'], [['1', 'Ærø']]]);
  });

  test('that does not fit is reported, with the place, and nothing is replaced', async () => {
    const { code, what, tryThis } = await failureOf(readCsv(Buffer.from('id,name\n1,Ærø\n', 'latin1')));
    expect([code, what]).toEqual(['HYG-3302', 'orders.csv is not valid utf-8: byte 10 is not valid UTF-8.']);
    expect(tryThis[0]).toBe('If the file was written on Windows, try encoding: windows-1252');
  });

  test.each([
    ['utf-16le', (bytes: Buffer) => bytes, {}],
    ['utf-16be', (bytes: Buffer) => bytes.swap16(), {}],
    ['utf-16le', (bytes: Buffer) => bytes, { encoding: 'windows-1252' }],
  ])('of UTF-16 without a mark is refused, valid or not, and read as the message says: %s', async (encoding, written, options) => {
    const bytes = written(Buffer.from('id,name\n1,Mary', 'utf16le'));
    const { code, tryThis } = await failureOf(readCsv(bytes, options));
    expect([code, tryThis[0]]).toEqual(['HYG-3302', `Say so: encoding: ${encoding}`]);
    const { names, rows } = await readCsv(bytes, { encoding });
    expect([names, rows]).toEqual([['id', 'name'], [['1', 'Mary']]]);
  });

  test('of a file cut in the middle of a character is told', async () => {
    const bytes = Buffer.from('\ufeffid,name\n1,Ærø\n', 'utf16le').subarray(0, -1);
    expect((await failureOf(readCsv(bytes))).what).toBe(
      'orders.csv is not valid utf-16le: it ends at byte 29 in the middle of a character.',
    );
  });
});

describe('a compressed file', () => {
  const text = `id,name\n${Array.from({ length: 20_000 }, (_, i) => `${i},name ${i}\n`).join('')}`;

  test('is read whatever its name says', async () => {
    const { rows } = await readCsv(gzipSync(text), {}, { chunkBytes: 5_000 });
    expect([rows.length, rows[19_999]]).toEqual([20_000, ['19999', 'name 19999']]);
  });

  test('that is torn is reported, not taken for a short one', async () => {
    const bytes = gzipSync(text);
    expect(await failureOf(readCsv(bytes.subarray(0, bytes.length - 9)))).toMatchObject({
      code: 'HYG-3301',
      what: 'orders.csv is torn: its gzip data ends too early.',
    });
  });
});

describe('rows that do not fit', () => {
  const text = 'id,name\n1,a\n2\nx,b\n3,c,d\n4,"e"f\n5,g\n';
  const types = { types: { id: 'int64', name: 'string' } };

  test('stop the run at the first of them, by name and line', async () => {
    expect((await failureOf(readCsv(text, types))).what).toBe('orders.csv, line 3: it has 1 field instead of 2.');
    const value = await failureOf(readCsv(`id,name\n1,a\n"line\n${'z'.repeat(100)}",b\n`, types));
    expect(value.what).toBe(`orders.csv, line 3: column id is int64, but ${JSON.stringify(`line\n${'z'.repeat(55)}…`)} is not.`);
    expect(value.tryThis[0]).toBe(
      'If this value is right, give the column another type: types: { id: string }. Then load the settled rows again: hygge reset FLOW.ENTITY, then hygge go',
    );
  });

  test('are left out and counted with skip', async () => {
    const { rows, rejected } = await readCsv(text, { ...types, bad_rows: 'skip' });
    expect(rows).toEqual([
      ['1', 'a'],
      ['5', 'g'],
    ]);
    expect(rejected).toHaveLength(4);
  });

  test('are kept as they stand with quarantine, the same at any size of chunks', async () => {
    for (const chunkBytes of [1, 8, 1000]) {
      const { rows, rejected } = await readCsv(text, { ...types, bad_rows: 'quarantine' }, { chunkBytes });
      expect(rows).toHaveLength(2);
      expect([...rejected].sort((a, b) => (a.line ?? 0) - (b.line ?? 0))).toEqual([
        { source: 'orders.csv', line: 3, reason: 'it has 1 field instead of 2', text: '2' },
        { source: 'orders.csv', line: 4, reason: 'column id is not int64', text: 'x,b' },
        { source: 'orders.csv', line: 5, reason: 'it has 3 fields instead of 2', text: '3,c,d' },
        { source: 'orders.csv', line: 6, reason: 'text follows a closing quote', text: '4,"e"f' },
      ]);
    }
  });

  test('know their line in a compressed file too', async () => {
    const lines = Array.from({ length: 3_000 }, (_, i) => (i === 2_500 ? 'bad,row' : `${i},"a\nb"`));
    const { rejected } = await readCsv(
      gzipSync(`id,name\n${lines.join('\n')}\n`),
      { ...types, bad_rows: 'quarantine' },
      { chunkBytes: 512 },
    );
    expect(rejected.map(({ line }) => line)).toEqual([2 * 2_500 + 2]);
  });
});

describe('a window', () => {
  const text = `id,mark,note\n${Array.from({ length: 50 }, (_, i) => `${i},${i % 7 === 0 ? '' : i},n${i}\n`).join('')}`;
  const window = (more: Partial<Window>): Window => ({ ...everything, column: { column: 'mark', type: { kind: 'int64' } }, ...more });

  test('takes its rows, also when its column is not wanted', async () => {
    const lower = { text: '40', inclusive: false };
    const { rows } = await readCsv(text, {}, { window: window({ lower, nulls: 'exclude' }), columns: ['note'], frameRows: 3 });
    expect(rows.map(([note]) => note)).toEqual(['n41', 'n43', 'n44', 'n45', 'n46', 'n47', 'n48']);
  });

  test('of another type than the column is refused', async () => {
    const wrong = window({ column: { column: 'mark', type: { kind: 'string' } } });
    expect((await failureOf(readCsv(text, {}, { window: wrong }))).code).toBe('HYG-3112');
  });
});

/** A source of `bytes` bytes that no disk holds: `head`, then filling. Each read first calls `beforeRead`. */
function endless(head: string, bytes: number, beforeRead: () => void): FileSource {
  const start = Buffer.from(head);
  return {
    name: 'huge.csv',
    bytes,
    localPath: '/nowhere/huge.csv',
    read: async (range) => {
      beforeRead();
      const part = Buffer.alloc(Math.min(range.end, bytes) - range.start, '1,2\n1,2\n'.slice(range.start % 4, (range.start % 4) + 4));
      if (range.start < start.length) start.copy(part, 0, range.start);
      return part;
    },
  };
}

/** The bytes of the array buffers that something still refers to: garbage is collected first. */
function liveBuffers(): number {
  setFlagsFromString('--expose_gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().arrayBuffers;
}

test('a file that became shorter while it was read is reported, not taken for a short one', async () => {
  const whole = fileOf(`id,name\n${'1,a\n'.repeat(1000)}`);
  const { pinned } = await readCsv(whole);
  const shrinking: FileSource = {
    ...whole,
    read: async ({ start, end }) => whole.read({ start, end: start > 1000 ? Math.min(end, 2000) : end }),
  };
  expect((await failureOf(readCsv(shrinking, {}, { pinned, chunkBytes: 500 }))).code).toBe('HYG-3203');
});

describe('a quote that is never closed', () => {
  test('in 3 GB of text is reported by its line, long before the end, in little memory', async () => {
    const before = liveBuffers();
    let peak = 0;
    const source = endless('a,b\n1,2\n3,4\n5,"6\n', 3 * 2 ** 30, () => {
      peak = Math.max(peak, liveBuffers() - before);
    });
    const { code, what } = await failureOf(readCsv(source));
    expect([code, what]).toEqual(['HYG-3307', 'huge.csv: the record that begins in line 4 is larger than 96 MB.']);
    expect(peak).toBeLessThan(100 * 2 ** 20);
  });

  test('in a small file is reported by its line', async () => {
    expect(await failureOf(readCsv('a,b\n1,2\n3,"4\n5,6\n'))).toMatchObject({
      code: 'HYG-3306',
      what: 'orders.csv: the quote that opens in line 3 is never closed.',
    });
  });

  test('is told where pieces are cut as well', async () => {
    expect((await failureOf(readCsv(`a,b\n${'1,2\n'.repeat(50)}3,"4\n`, {}, { pieceBytes: 20 }))).what).toBe(
      'orders.csv: the quote that opens in line 52 is never closed.',
    );
  });
});

test.each(sampled([64, 5, 32, 24], 4))('a field of %i MB arrives whole', async (megabytes) => {
  const large = Buffer.alloc(megabytes * 2 ** 20, 'abc,"" \n');
  const file = Buffer.concat([Buffer.from('id,name\n1,"'), large, Buffer.from('"\n2,b\n')]);
  const { rows } = await readCsv(fileOf(file), { types: { name: 'string' } });
  expect(rows.map(([id, name]) => [id, name?.length])).toEqual([
    ['1', (megabytes - megabytes / 8) * 2 ** 20],
    ['2', 1],
  ]);
});
