/** Columns in which only some values, or none, are written as the home's separators and formats say: bad rows, or text with a WARN. */
import { describe, expect, test } from 'vitest';
import * as YAML from 'yaml';
import { failureOf, readCsv } from './files.ts';

type Options = Readonly<Record<string, unknown>>;

const comma = { decimal_separator: ',' };
const grouped = { decimal_separator: ',', thousands_separator: '.' };
const point = { decimal_separator: '.' };
const day = { date_format: '%d.%m.%Y' };
const moment = { timestamp_format: '%d.%m.%Y %H:%M' };

const tableOf = (values: readonly string[]): string => `id|p\n${values.map((value, i) => `${i}|${value}\n`).join('')}`;
/** The keys that an advice prints after its colon: `If the values are numbers: types: { p: float64 }, and …`. */
const typesIn = (advice: string): Options => YAML.parse(/types: \{.*?\}/.exec(advice)?.[0] ?? 'null') as Options;

describe('values that are not written as the home says are bad rows, however many they are', () => {
  test.each<[string, Options, readonly string[], string, number]>([
    ['most have a decimal point', comma, ['1,50', '1.50', '2.50', '3.50'], 'decimal(18,2)', 1],
    ['most have a decimal comma', point, ['1.5', '1,5', '2,5', '3,5'], 'float64', 1],
    ['most have groups of commas', grouped, ['1.234,50', '1,234.50', '2,234.50'], 'decimal(18,2)', 1],
    ['most have groups of apostrophes', grouped, ['1.234', "5'678", "1'234"], 'int64', 1],
    ['most have a unit', comma, ['1,50', '2,50 €', '3,50 EUR', 'kr. 4,50'], 'decimal(18,2)', 1],
    ['most are shares', comma, ['1,50', '2,5%', '3 %', '4,5 %'], 'decimal(18,2)', 1],
    ['most are in brackets, or have a minus behind them', comma, ['1,50', '(2,50)', '3,50-'], 'decimal(18,2)', 1],
    ['a word is in most rows', comma, ['1,50', 'gratis', 'gratis', 'gratis'], 'decimal(18,2)', 1],
    ['whole numbers stand next to a decimal point', comma, ['12', '14', '1.50'], 'int64', 2],
    ['words for nothing stand in most rows', comma, ['1,50', 'n/a', '-', 'unknown'], 'decimal(18,2)', 1],
    ['most days are ISO 8601', day, ['31.12.2026', '2026-01-01', '2026-01-02'], 'date', 1],
    ['most days have the month first', day, ['01.12.2026', '12/31/2026', '12/30/2026'], 'date', 1],
    ['most years have two digits', day, ['31.12.2026', '30.12.26', '29.12.26'], 'date', 1],
    ['most days have a time', day, ['31.12.2026', '30.12.2026 10:00', '29.12.2026 10:00'], 'date', 1],
    ['most days do not exist', day, ['01.02.2026', '30.02.2026', '31.02.2026'], 'date', 1],
    ['most moments are ISO 8601', moment, ['31.12.2026 10:00', '2026-01-01 10:00', '2026-01-02 10:00'], 'timestamp[us]', 1],
    ['most moments are days', moment, ['31.12.2026 10:00', '30.12.2026', '29.12.2026'], 'timestamp[us]', 1],
  ])('%s', async (_, options, values, type, place) => {
    const text = tableOf(values);
    const { code, what, why, tryThis } = await failureOf(readCsv(text, options));
    expect([code, what]).toEqual([
      'HYG-3305',
      `orders.csv, line ${place + 2}: column p is ${type}, but ${JSON.stringify(values[place])} is not.`,
    ]);
    expect(why[0]).toContain(Object.keys(options)[0]);
    const skipped = await readCsv(text, { ...options, bad_rows: 'skip' });
    const apart = await readCsv(text, { ...options, bad_rows: 'quarantine' });
    expect([skipped.types[1], skipped.rejected.length, skipped.rows.length]).toEqual([type, values.length - place, place]);
    expect(apart.rejected.map(({ line }) => line)).toEqual(values.slice(place).map((_, at) => place + at + 2));
    expect(typesIn(tryThis[0] ?? '')).toEqual({ types: { p: 'string' } });
    const asText = await readCsv(text, { ...options, ...typesIn(tryThis[0] ?? '') });
    expect([asText.rows.map(([, p]) => p), asText.warnings]).toEqual([values, []]);
  });

  test('a field without a value is null, and says nothing of the others', async () => {
    const { types, rows } = await readCsv(tableOf(['1,50', '', '', '']), comma);
    expect([types[1], rows.map(([, p]) => p)]).toEqual(['decimal(18,2)', ['1.50', null, null, null]]);
  });

  test('blanks that stand for no value can be named as the error advises', async () => {
    const text = tableOf(['1,50', '  ']);
    const { tryThis } = await failureOf(readCsv(text, comma));
    const advice = tryThis.find((line) => line.includes('null_values')) ?? '';
    expect(advice).toContain('null_values: ["  ", ""]');
    const { rows } = await readCsv(text, { ...comma, ...(YAML.parse(/null_values: \[.*\]/.exec(advice)?.[0] ?? '') as Options) });
    expect(rows.map(([, p]) => p)).toEqual(['1.50', null]);
  });

  test('the advice names a column as YAML takes it', async () => {
    const text = '"Preis, netto: €"|id\n1,50|1\n1.50|2\n';
    const { tryThis } = await failureOf(readCsv(text, comma));
    const { rows } = await readCsv(text, { ...comma, ...typesIn(tryThis[0] ?? '') });
    expect(rows.map(([price]) => price)).toEqual(['1,50', '1.50']);
  });
});

describe('an ordinary column of text next to stays text, without a word', () => {
  test.each<[string, Options, readonly string[]]>([
    ['words', comma, ['red', 'green']],
    ['words next to words for nothing', comma, ['red', 'n/a', '-']],
    ['words with figures in them', comma, ['Route 66', '3 for 2', 'A4']],
    ['codes among whole numbers', comma, ['12', 'A13', '14']],
    ['ids with leading zeros', comma, ['007', '012', '123']],
    ['ids with leading zeros, between points', grouped, ['007', '012', '1234']],
    ['telephone numbers', comma, ['+4512345678', '12345678']],
    ['amounts with units alone', comma, ['1,50 €', '2,50 €']],
    ['quantities next to a whole number', comma, ['12', '5 kg', '3 l']],
    ['addresses of networks', grouped, ['10.0.0.1', '192.168.0.1']],
    ['days', comma, ['31.12.2026', '30.12.2026']],
    ['times of day', comma, ['10:30', '11:45']],
    ['words for nothing alone', comma, ['n/a', '-']],
    ['words next to a format of days', day, ['soon', 'later']],
    ['numbers with commas next to a format of days', day, ['1,5', '2,5']],
    ['periods next to a format of days', day, ['Q1 2026', 'Q2 2026']],
  ])('%s', async (_, options, values) => {
    for (const more of [{}, { on_guess: 'fail', header: true, delimiter: '|' }]) {
      const { types, rows, warnings } = await readCsv(tableOf(values), { ...options, ...more });
      expect([types[1], rows.map(([, p]) => p), warnings]).toEqual(['string', values, []]);
    }
  });
});

describe('a column that is text, though values of it look like numbers or days, is a WARN with what to write', () => {
  test.each<[string, Options, readonly string[], string, string, number]>([
    ['numbers of the other form alone', comma, ['1.50', '2.75'], 'no value is written as decimal_separator: "," says', '', 0],
    ['numbers of the other form, and a word', comma, ['1.0', '1.1', 'beta'], 'no value is written as', '', 0],
    ['numbers with a comma, where a point was said', point, ['1,50', '2,75'], 'no value is written as decimal_separator: "."', '', 0],
    [
      'groups of the other form',
      grouped,
      ['1,234.50', '2,345.60'],
      'no value is written as decimal_separator: "," and thousands_separator: "."',
      '',
      0,
    ],
    ['groups of two digits', { thousands_separator: ',' }, ['1,23', '4,56'], 'no value is written as thousands_separator: ","', '', 0],
    ['days of ISO 8601 alone', day, ['2026-12-31', '2026-12-30'], 'no value is written as date_format: "%d.%m.%Y" says', '', 0],
    ['days with the month first', day, ['12/31/2026', '12/30/2026'], 'look like dates ("12/31/2026")', '', 0],
    ['years of two digits', day, ['31.12.26', '30.12.26'], 'look like dates ("31.12.26")', '', 0],
    ['moments of ISO 8601 alone', moment, ['2026-12-31 10:00', '2026-12-30 11:00'], 'look like timestamps', '', 0],
    [
      'a few numbers among words',
      comma,
      ['1,5', 'red', 'green'],
      'some values of p are numbers as decimal_separator: "," says ("1,5"), but most are not ("red")',
      'float64',
      2,
    ],
    ['a few amounts among words', comma, ['1,50', '2,00', 'a', 'b', 'c'], 'some values of p are numbers', 'decimal(18,2)', 3],
    [
      'a few days among words',
      day,
      ['31.12.2026', 'soon', 'later'],
      'some values of p are dates as date_format: "%d.%m.%Y" says',
      'date',
      2,
    ],
    [
      'signs and bare points',
      comma,
      ['1,5', '+2,5', ',5', ' 7'],
      'values of p such as "+2,5" are read as numbers only if types of the home says so',
      'float64',
      0,
    ],
    ['signs before amounts', comma, ['+1,50', '-2,75', '-3,00'], 'such as "+1,50"', 'decimal(18,2)', 0],
    ['leading zeros next to fractions', comma, ['1,50', '007,25', '012,10'], 'such as "007,25"', 'decimal(18,2)', 0],
  ])('%s', async (_, options, values, reason, type, bad) => {
    const text = tableOf(values);
    const read = await readCsv(text, options);
    expect([read.types[1], read.rows.map(([, p]) => p), read.warnings]).toEqual(['string', values, [expect.stringContaining(reason)]]);
    const [told = ''] = read.warnings;
    const { code, what, tryThis } = await failureOf(readCsv(text, { ...options, on_guess: 'fail', header: true, delimiter: '|' }));
    expect([code, what]).toEqual(['HYG-3318', expect.stringContaining(reason)]);
    expect(tryThis.every((advice) => told.includes(advice))).toBe(true);
    const asText = await readCsv(text, { ...options, ...typesIn(tryThis[0] ?? ''), on_guess: 'fail', header: true, delimiter: '|' });
    expect([asText.rows.map(([, p]) => p), asText.warnings]).toEqual([values, []]);
    expect((await readCsv(text, options, { pinned: read.pinned })).warnings).toEqual([]);
    if (type === '') return;
    expect(typesIn(tryThis[1] ?? '')).toEqual({ types: { p: type } });
    const typed = await readCsv(text, { ...options, ...typesIn(tryThis[1] ?? ''), bad_rows: 'quarantine' });
    expect([typed.types[1], typed.rejected.length, typed.rows.length]).toEqual([type, bad, values.length - bad]);
    expect((tryThis[1] ?? '').includes('all other values are bad rows')).toBe(bad > 0);
  });

  test('a separator that was wrong is corrected as the WARN advises', async () => {
    const text = tableOf(['1.50', '2.75']);
    const first = await readCsv(text, comma);
    expect(first.warnings[0]).toContain(
      'If the values are numbers, correct decimal_separator, or have the file written in this form, and load the entity again (-d)',
    );
    const second = await readCsv(text, point, { pinned: first.pinned });
    expect([second.types[1], second.warnings]).toEqual(['decimal(18,2)', []]);
  });

  test('what settled as text with an earlier version stays text as long as the keys stay', async () => {
    const first = await readCsv(tableOf(['red', 'green']), comma);
    const { types, warnings } = await readCsv(tableOf(['1,5', '2.5', '3.5']), comma, { pinned: first.pinned });
    expect([types[1], warnings]).toEqual(['string', []]);
  });
});
