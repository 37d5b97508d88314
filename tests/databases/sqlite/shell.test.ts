import { afterAll, describe, expect, test } from 'vitest';
import { here } from '../../support/here.ts';
import { seeded } from '../../support/kill-rounds.ts';
import { framesOf, rowsOf } from '../../support/postgres-home.ts';
import { SEED } from '../../support/samples.ts';
import { SqliteTestFile, shell, sqliteHomes } from '../../support/sqlite-file.ts';
import { TestWorkspace } from '../../support/workspace.ts';

/** What goes in by the shell, what a frame holds of it, and what the shell prints where hygge settled it. */
interface Cell {
  readonly sql: string;
  readonly value: unknown;
  readonly settled: string;
}

type Draw = (n: number) => number;
const two = (n: number) => String(n).padStart(2, '0');
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const asText = (text: string, value: unknown = text, settled = text): Cell => ({ sql: quoted(text), value, settled: quoted(settled) });
const whole = (n: bigint, value: unknown = n): Cell => ({
  // The least of them can't be written as a literal.
  sql: n === -(2n ** 63n) ? '-9223372036854775807 - 1' : String(n),
  ...{ value, settled: String(n) },
});
const words = ['città', "it's", '"x"', 'a|b', 'x,y', 'l1\nl2', '\ttab', '😀', '007', '1e5', ' blank ', 'NULL', '\\n', '中文', ''];
const pick = <T>(draw: Draw, all: readonly T[]): T => all[draw(all.length)] as T;
const digitsOf = (draw: Draw, n: number): string => Array.from({ length: n }, () => draw(10)).join('');
const date = (draw: Draw): string => {
  const [year, month] = [pick(draw, [1, 1600, 1900, 1969, 1970, 2000, 2024, 2026, 9999]), 1 + draw(12)];
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(1 + draw(28))}`;
};
const signed = (draw: Draw, text: string): string => (/[1-9]/.test(text) && draw(2) === 0 ? `-${text}` : text);
const unscaled = (text: string): bigint => BigInt(text.replace('.', ''));
const millis = (on: string, clock = '00:00:00'): number => Date.parse(`${on}T${clock}Z`);
/** As Arrow gives microseconds to JavaScript. */
const inMillis = (ms: number, micros: number): number => ms + Math.floor(micros / 1000) + (micros % 1000) / 1000;
const hex = (bytes: Buffer): string => `X'${bytes.toString('hex').toUpperCase()}'`;

/** A time of day with as many digits as somebody liked. */
function clock(draw: Draw): { readonly text: string; readonly full: string; readonly micros: number } {
  const [h, m, s, digits] = [draw(24), draw(60), draw(60), pick(draw, [0, 1, 3, 6])];
  const fraction = digitsOf(draw, digits);
  const [hours, minutes] = [`${two(h)}:${two(m)}`, draw(4) === 0];
  const micros = minutes ? (h * 60 + m) * 60e6 : ((h * 60 + m) * 60 + s) * 1e6 + Number(fraction.padEnd(6, '0'));
  const full = minutes ? `${hours}:00.000000` : `${hours}:${two(s)}.${fraction.padEnd(6, '0')}`;
  return { text: minutes ? hours : `${hours}:${two(s)}${digits === 0 ? '' : `.${fraction}`}`, full, micros };
}

function wallClock(draw: Draw): Cell {
  const [on, at] = [date(draw), clock(draw)];
  return asText(`${on}${pick(draw, [' ', 'T'])}${at.text}`, inMillis(millis(on), at.micros), `${on} ${at.full}`);
}

function instant(draw: Draw): Cell {
  const [on, at, minutes] = [`2024-0${1 + draw(9)}-1${draw(10)}`, clock(draw), pick(draw, [0, 0, 60, 120, -300, 345, -570])];
  const abs = Math.abs(minutes);
  const zone = minutes === 0 ? pick(draw, ['Z', '+00:00']) : `${minutes < 0 ? '-' : '+'}${two(Math.floor(abs / 60))}:${two(abs % 60)}`;
  const ms = inMillis(millis(on) - minutes * 60_000, at.micros);
  const utc = new Date(Math.floor(ms)).toISOString().slice(0, 19).replace('T', ' ');
  return asText(`${on} ${at.text}${zone}`, ms, `${utc}${at.full.slice(8)}Z`);
}

/** Declared as people do it, and a value of it. */
const columns: readonly (readonly [declared: string, draw: (draw: Draw) => Cell])[] = [
  ['BIGINT', (draw) => whole(pick(draw, [0n, 1n, -1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), BigInt(draw(2 ** 31))]))],
  ['TINYINT(1)', (draw) => whole(BigInt(draw(256) - 128))],
  [
    'DOUBLE',
    (draw) => {
      const value = pick(draw, [draw(1e9) / 7, -draw(1e6) / 100, 5e-324, 1.7976931348623157e308, 0.1, draw(1000), 1 / 3, -1e-7]);
      return { sql: `${value}${Number.isInteger(value) && value < 1e20 ? '.0' : ''}`, value, settled: String(value) };
    },
  ],
  ['TEXT', (draw) => asText(`${pick(draw, words)}${draw(3) === 0 ? '' : draw(1e6)}`)],
  ['VARCHAR(20)', (draw) => asText(pick(draw, words).repeat(draw(40)))],
  [
    'BLOB',
    (draw) => {
      const bytes = Buffer.from(Array.from({ length: draw(20) }, () => draw(256)));
      return { sql: hex(bytes), value: new Uint8Array(bytes), settled: hex(bytes) };
    },
  ],
  ['BOOLEAN', (draw) => (draw(2) === 0 ? whole(0n, false) : whole(1n, true))],
  ['DATE', (draw) => ((on) => asText(on, millis(on)))(date(draw))],
  ['TIME', (draw) => (({ text, full, micros }) => asText(text, BigInt(micros) * 1000n, full))(clock(draw))],
  ['DATETIME', wallClock],
  ['TIMESTAMP WITH TIME ZONE', instant],
  [
    'DECIMAL(10,2)',
    (draw) => {
      const text = signed(draw, `${1 + draw(99_999_999)}.${digitsOf(draw, 2)}`);
      return { sql: text, value: unscaled(text), settled: quoted(text) };
    },
  ],
  [
    'DECIMAL_TEXT(38,10)',
    (draw) => ((text) => asText(text, unscaled(text)))(signed(draw, `${1 + draw(9)}${digitsOf(draw, draw(28))}.${digitsOf(draw, 10)}`)),
  ],
  ['UUID', (draw) => asText([8, 4, 4, 4, 12].map((n) => Array.from({ length: n }, () => draw(16).toString(16)).join('')).join('-'))],
  ['JSON', (draw) => asText(JSON.stringify({ a: draw(1e6), b: [pick(draw, words), null, true], c: { d: draw(100) / 8 } }))],
];

const rows = 5_000;
const ascii = { field: '\u001f', row: '\u001e' };

/** Rows as the shell prints them, each value as a literal. */
const printed = (file: SqliteTestFile, table: string): readonly (readonly string[])[] =>
  file
    .shell(`.mode ascii\nselect ${columns.map((_, at) => `quote(c${at})`).join(', ')} from ${table} order by id`)
    .split(ascii.row)
    .filter((line) => line !== '')
    .map((line) => line.split(ascii.field));

const plain = (value: unknown): unknown =>
  value instanceof Uint32Array
    ? BigInt.asIntN(
        128,
        [...value].reduce((sum, word, at) => sum + (BigInt(word) << BigInt(32 * at)), 0n),
      )
    : value instanceof Uint8Array
      ? Buffer.from(value).toString('hex')
      : value;

const missing = shell === undefined ? ' (without it: apt-get install sqlite3)' : '';

describe.skipIf(missing !== '')(`the shell of SQLite, of another version${missing}`, () => {
  const [source, target] = [new SqliteTestFile(), new SqliteTestFile()];
  afterAll(() => {
    source[Symbol.dispose]();
    target[Symbol.dispose]();
  });

  test('sees what hygge sees: rows that it wrote, and what is settled of them', async () => {
    const random = seeded(SEED);
    const draw: Draw = (n) => Math.floor(random() * n);
    const cells = Array.from({ length: rows }, () =>
      columns.map(([, of]): Cell => (draw(12) === 0 ? { sql: 'NULL', value: null, settled: 'NULL' } : of(draw))),
    );
    const values = cells.map((row, id) => `(${[id, ...row.map(({ sql }) => sql)].join(', ')})`);
    source.shell(
      `create table t (id integer primary key, ${columns.map(([declared], at) => `c${at} ${declared}`).join(', ')});\ninsert into t values ${values.join(',\n')}`,
    );

    await using homes = sqliteHomes(source);
    const read = await rowsOf(framesOf(await homes.home({ table: 't' })));
    expect(read).toHaveLength(rows);
    for (const [id, row] of read.entries())
      expect(Object.values(row).map(plain), `row ${id}`).toEqual([BigInt(id), ...(cells[id] ?? []).map(({ value }) => plain(value))]);

    using workspace = new TestWorkspace({
      'flows/f/flow.yml': `home: { type: sqlite, path: ${source.path}, table: t }
store: { type: sqlite, path: ${target.path}, table: t }
entities: [t]`,
    });
    expect((await here(workspace, 'go')).code).toBe(0);
    const settled = printed(target, 't');
    expect(settled).toHaveLength(rows);
    const isReal = columns.map(([declared]) => declared === 'DOUBLE');
    const compared = (row: readonly string[]) => row.map((text, at) => (isReal[at] && text !== 'NULL' ? Number(text) : text));
    for (const [id, row] of settled.entries())
      expect(compared(row), `row ${id}`).toEqual(compared((cells[id] ?? []).map((cell) => cell.settled)));
  });
});
