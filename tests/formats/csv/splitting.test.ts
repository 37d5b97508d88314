import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecordEnds } from '../../../src/formats/csv/cut.ts';
import type { Dialect } from '../../../src/formats/csv/dialect.ts';
import { Fields, written } from '../../../src/formats/csv/fields.ts';
import { splitRecords } from '../../../src/formats/csv/split.ts';
import { type Kernels, kernels } from '../../../src/formats/kernels/kernels.ts';
import { areas, mostFields } from '../../../src/formats/kernels/layout.ts';
import { cases } from '../../support/samples.ts';
import { readCsv } from './files.ts';

const dialect: Dialect = { delimiter: 44, quote: 34, escapeByte: 34, newline: 10, comment: null };

/** Another reader of the same rules, a character at a time, with nothing in common with ours but the rules. */
function simply(text: string): string[][] {
  const records: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const record: string[] = [];
    for (;;) {
      let field = '';
      if (text[at] === '"') {
        at++;
        while (at < text.length && !(text[at] === '"' && text[at + 1] !== '"')) {
          if (text[at] === '"') at++;
          field += text[at++];
        }
        if (at >= text.length) return records;
        at++;
        if (text[at] === '\r' && (text[at + 1] === '\n' || at + 1 === text.length)) at++;
        if (at < text.length && text[at] !== ',' && text[at] !== '\n') {
          field = 'MALFORMED';
          while (at < text.length && text[at] !== ',' && text[at] !== '\n') at++;
        }
      } else {
        while (at < text.length && text[at] !== ',' && text[at] !== '\n') field += text[at++];
        if (text[at] !== ',' && field.endsWith('\r')) field = field.slice(0, -1);
      }
      record.push(field);
      if (text[at] !== ',') break;
      at++;
    }
    at++;
    if (record.length > 1 || record[0] !== '') records.push(record);
  }
  return records;
}

/** With kernels and without. */
function ours(text: string, columns: number): string[][] {
  const slowly = split(text, columns, undefined);
  expect(split(text, columns, kernels())).toEqual(slowly);
  return slowly;
}

function split(text: string, columns: number, fast: Kernels | undefined): string[][] {
  const bytes = fast?.load(Buffer.from(text)) ?? Buffer.from(text);
  const fields = new Fields(columns, fast);
  const records: string[][] = [];
  for (let from = fast ? areas.text : 0; ; ) {
    const to = bytes.length;
    const next = splitRecords(fields, { bytes, from, to, last: true, quotes: text.includes('"'), kernels: fast }, dialect);
    for (let row = 0; row < fields.rows; row++)
      records.push(
        Array.from({ length: columns }, (_, column) => {
          const place = row * columns + column;
          const field = bytes.subarray(fields.starts[place], fields.ends[place]).toString();
          return fields.anyQuoted && fields.marks[place] === written.escaped ? field.replaceAll('""', '"') : field;
        }),
      );
    if (next === from) return records;
    from = next;
  }
}

const closed = (text: string): boolean => {
  try {
    ours(text, 2);
    return true;
  } catch {
    return false;
  }
};
const anyText = fc
  .array(fc.constantFrom('a', 'bc', ',', '"', '""', '\n', '\r\n', '\r', 'é', ' ', '"a",', '"b,c"', '"d\ne"\n', '"f""g",'), {
    maxLength: 60,
  })
  .map((parts) => parts.join(''));

test('any text is taken apart as a simple reader of the same rules does it', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      fc.pre(closed(text));
      const expected = simply(text).filter((record) => record.length === 2 && !record.includes('MALFORMED'));
      expect(ours(text, 2)).toEqual(expected);
    }),
    cases(2000),
  );
});

/** Where records end, as a scan finds them that gets so many bytes at a time. */
function endsIn(bytes: Uint8Array, stretch: number, of: Dialect): { readonly ends: readonly number[]; readonly scan: RecordEnds } {
  const ends: number[] = [];
  const scan = new RecordEnds(of);
  for (let start = 0; start < bytes.length; start += stretch) {
    const piece = bytes.subarray(start, start + stretch);
    for (let from = 0; from < piece.length; ) {
      const end = scan.next(piece, from, 0);
      if (end < 0) break;
      ends.push(start + end);
      from = end;
    }
  }
  return { ends, scan };
}

test.each([1, 2, 3, 7, 100])('records end behind quotes that another sign escapes, in stretches of %i bytes', (stretch) => {
  const records = ['1,"a \\"b\\"\n"\n', '2,"c \\\\"\n', '3,"d"\n', '4,e\n', '5,"f",g\n'];
  const { ends, scan } = endsIn(Buffer.from(records.join('')), stretch, { ...dialect, escapeByte: 92 });
  expect(ends).toEqual(records.map((_, at) => records.slice(0, at + 1).join('').length));
  expect(scan.isOpen()).toBe(false);
});

test('records end in the same places, however the text comes in stretches', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 7 }), (text, stretch) => {
      fc.pre(closed(text));
      const bytes = Buffer.from(text);
      const { ends, scan } = endsIn(bytes, stretch, dialect);
      expect(scan.isOpen()).toBe(false);
      // Every end is one: what lies before and what lies behind are read as the whole is.
      for (const end of ends)
        expect([
          ...ours(text.length === bytes.length ? text.slice(0, end) : bytes.subarray(0, end).toString(), 2),
          ...ours(bytes.subarray(end).toString(), 2),
        ]).toEqual(ours(text, 2));
      if (!text.includes('"')) expect(ends).toHaveLength(text.split('\n').length - 1);
    }),
    cases(1000),
  );
});

test('a quoted record may be the last that a turn has room for, and any number of them follow', () => {
  const columns = 4;
  const turn = mostFields / columns;
  for (const quoted of [
    [turn - 1],
    [turn - 2, turn - 1],
    [turn],
    [turn - 1, 2 * turn - 1],
    Array.from({ length: 3 * turn }, (_, row) => row),
  ]) {
    const isQuoted = new Set(quoted);
    const rows = Array.from({ length: 3 * turn + 5 }, (_, row) => [
      isQuoted.has(row) ? `x,${row}` : `x${row}`,
      'b',
      `c${row % 7}`,
      `${row}`,
    ]);
    const text = rows.map((row) => row.map((field) => (field.includes(',') ? `"${field}"` : field)).join(',')).join('\n');
    const found = split(text, columns, kernels());
    expect([found.length, found.find((row, at) => row.join('|') !== rows[at]?.join('|'))]).toEqual([rows.length, undefined]);
  }
});

const cell = fc.oneof(
  fc.constantFrom('', 'x', 'a,b', '"', 'say "hi"', 'two\nlines', 'cr\rlf\r\n', ' blank ', 'é世界🙂', '\0', ','),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);
const quotedCell = (text: string): string => `"${text.replaceAll('"', '""')}"`;

test('the same rows arrive whatever the size of chunks, pieces and frames', async () => {
  const row = fc.tuple(
    fc.option(cell, { nil: null }),
    fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { nil: null }),
    cell,
  );
  const sizes = fc.record({
    chunkBytes: fc.integer({ min: 1, max: 300 }),
    pieceBytes: fc.integer({ min: 1, max: 300 }),
    frameRows: fc.integer({ min: 1, max: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), sizes, fc.constantFrom('\n', '\r\n'), async (rows, how, newline) => {
      const text = [
        's,i,t',
        ...rows.map(([s, i, t]) => [s === null ? '' : quotedCell(s), i === null ? '' : String(i), quotedCell(t)].join(',')),
      ];
      const options = { types: { s: 'string', i: 'int64', t: 'string' }, delimiter: ',', header: true };
      const table = await readCsv(`${text.join(newline)}${newline}`, options, how);
      expect(table.rows).toEqual(rows.map(([s, i, t]) => [s, i === null ? null : String(i), t]));
    }),
    cases(150),
  );
});

/** A quote that opens a field in quotes, a byte at a time: all record ends, and whether the last field is still open. */
function endsOneByOne(
  bytes: Uint8Array,
  { quote, escapeByte, delimiter, newline }: Dialect,
): { readonly ends: readonly number[]; readonly open: boolean } {
  const ends: number[] = [];
  let at = 0;
  let isStart = true;
  for (; at < bytes.length; at++) {
    if (isStart && bytes[at] === quote) {
      for (at++; at < bytes.length; at++) {
        const isPair = bytes[at] === escapeByte && (escapeByte !== quote || bytes[at + 1] === quote);
        if (isPair) at++;
        else if (bytes[at] === quote) break;
      }
      if (at >= bytes.length) return { ends, open: true };
      isStart = false;
      continue;
    }
    if (bytes[at] === newline) ends.push(at + 1);
    isStart = bytes[at] === newline || bytes[at] === delimiter;
  }
  return { ends, open: false };
}

const longText = fc
  .array(
    fc.constantFrom(
      'a',
      'bc',
      ',',
      '"',
      '""',
      '\\"',
      '\\',
      '\n',
      'é',
      '"a",',
      '"b,c"',
      '"d\ne"\n',
      'long '.repeat(30),
      `"${'in quotes\n'.repeat(20)}"`,
    ),
    { maxLength: 80 },
  )
  .map((parts) => Buffer.from(parts.join('')));

test('the first record end at or behind a place is the one that a look at each byte finds, wherever the bytes lie', () => {
  fc.assert(
    fc.property(
      longText,
      fc.record({ before: fc.nat(5), stretch: fc.integer({ min: 1, max: 400 }), step: fc.nat(300), escaped: fc.boolean() }),
      (text, of) => {
        const as = of.escaped ? { ...dialect, escapeByte: 92 } : dialect;
        const { ends, open } = endsOneByOne(text, as);
        const bytes = Buffer.concat([Buffer.alloc(of.before), text]).subarray(of.before);
        const scan = new RecordEnds(as);
        const found: number[] = [];
        let last = 0;
        for (let start = 0; start < bytes.length; start += of.stretch) {
          const piece = bytes.subarray(start, start + of.stretch);
          for (let from = 0; from < piece.length; ) {
            const end = scan.next(piece, from, Math.max(0, last + of.step - start));
            if (end < 0) break;
            last = start + end;
            found.push(last);
            from = end;
          }
        }
        const expected: number[] = [];
        for (const end of ends) if (end >= (expected.at(-1) ?? 0) + of.step) expected.push(end);
        expect(found).toEqual(expected);
        expect(scan.isOpen()).toBe(open);
      },
    ),
    cases(5_000),
  );
});

test('without quotes, and with comments, record ends are found as well', () => {
  const text = Buffer.from('a,"b\n# "c\nd,e\n');
  const { ends } = endsIn(text, 100, { ...dialect, quote: -1 });
  expect(ends).toEqual([5, 10, 14]);
  expect(endsIn(Buffer.from('# "c\nd,"x\ny"\n'), 4, { ...dialect, comment: [35] }).ends).toEqual([5, 13]);
});

test.each([34, 92])(
  'the marks of a record with too many fields are not those of the one behind it, where sign %i escapes',
  (escapeByte) => {
    const fast = kernels();
    for (const torn of ['1,"",x', '1,"a""b",x', '1,"a\\"b",x']) {
      const bytes = fast.load(Buffer.from(`${torn}\n2,\n`)) ?? Buffer.alloc(0);
      const fields = new Fields(2, fast);
      splitRecords(
        fields,
        { bytes, from: areas.text, to: bytes.length, last: true, quotes: true, kernels: fast },
        { ...dialect, escapeByte },
      );
      if (fields.rows === 1) expect([...fields.marks.slice(0, 2)], torn).toEqual([written.plain, written.plain]);
      else expect(torn).toContain(escapeByte === 34 ? '\\' : '""b');
    }
  },
);
