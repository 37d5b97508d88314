import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Cell } from '../../src/frames/cell.ts';
import { describeType } from '../../src/frames/describe-type.ts';
import { canonicalTexts, rowHashes } from '../../src/frames/row-sum/row-hashes.ts';
import type { DataType } from '../../src/frames/schema.ts';
import { frameBuilder } from '../../src/frames/values/builders.ts';
import { duck } from '../support/duck.ts';
import { mariadbDatabase, noMariadb } from '../support/mariadb.ts';
import { noPostgres, postgresDatabase } from '../support/postgres.ts';
import { blocksOf } from './blocks.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'building', 'row-sum.md'), 'utf8');
const blocks = blocksOf(page);
const sql = (holds: string): string => {
  const block = blocks.find(({ language, text }) => language === 'sql' && text.includes(holds));
  if (block === undefined) throw new Error(`no statement of the page holds ${holds}`);
  return block.text.replace(/;$/, '');
};

async function frameOf(types: Readonly<Record<string, DataType>>, rows: readonly (readonly Cell[])[]) {
  const builder = await frameBuilder({ columns: Object.entries(types).map(([name, type]) => ({ name, type, nullable: true })) });
  for (const row of rows) builder.append(row);
  return builder.take();
}

const micros = 1_000_000n;
const vectors: readonly (readonly [DataType, string, Cell])[] = [
  [{ kind: 'bool' }, 'true', true],
  [{ kind: 'bool' }, 'false', false],
  [{ kind: 'int8' }, '-1', -1],
  [{ kind: 'int64' }, '-2^63', -(2n ** 63n)],
  [{ kind: 'uint64' }, '2^64 - 1', 2n ** 64n - 1n],
  [{ kind: 'decimal', precision: 18, scale: 2 }, '1.10', 110n],
  [{ kind: 'decimal', precision: 18, scale: 2 }, '-0.05', -5n],
  [{ kind: 'decimal', precision: 18, scale: 2 }, '100.00', 10_000n],
  [{ kind: 'decimal', precision: 38, scale: 38 }, '10^-38', 1n],
  [{ kind: 'decimal', precision: 38, scale: 0 }, '10^38 - 1', 10n ** 38n - 1n],
  [{ kind: 'float64' }, '0.1', 0.1],
  [{ kind: 'float64' }, '-0.0', -0],
  [{ kind: 'float64' }, 'NaN', Number.NaN],
  [{ kind: 'float64' }, '-Infinity', Number.NEGATIVE_INFINITY],
  [{ kind: 'float32' }, '0.1', Math.fround(0.1)],
  [{ kind: 'string' }, 'the empty text', ''],
  [{ kind: 'string' }, '"a "', 'a '],
  [{ kind: 'string' }, '"\\u00e9"', '\u00e9'],
  [{ kind: 'string' }, '"e\\u0301"', 'e\u0301'],
  [{ kind: 'string' }, '"\\ud83c\\udfe1"', '🏡'],
  [{ kind: 'uuid' }, '6F9619FF-8B86-D011-B42D-00C04FC964FF', '6F9619FF-8B86-D011-B42D-00C04FC964FF'],
  [{ kind: 'json' }, '{"b": 1.10, "a": [true, null]}', '{"b": 1.10, "a": [true, null]}'],
  [{ kind: 'json' }, '{"a": 100, "a": -0.0}', '{"a": 100, "a": -0.0}'],
  [{ kind: 'json' }, 'a text that is {', '{'],
  [{ kind: 'binary' }, '00 ff 80', Uint8Array.of(0, 255, 128)],
  [{ kind: 'date' }, '0001-01-01', -719_162],
  [{ kind: 'date' }, '9999-12-31', 2_932_896],
  [{ kind: 'date' }, 'March 15 in the year -44', -735_525],
  [{ kind: 'time', unit: 'us' }, '00:00:00', 0n],
  [{ kind: 'time', unit: 'us' }, '23:59:59.999990', 86_399_999_990_000n],
  [{ kind: 'timestamp', unit: 'us' }, '1970-01-01 00:00:00', 0n],
  [{ kind: 'timestamp', unit: 'us' }, '1582-10-04 12:00:00.5', (BigInt(-141_438) * 86_400n + 43_200n) * micros + 500_000n],
  [{ kind: 'timestamp', unit: 'ns' }, '1 ns before 1970', -1n],
  [{ kind: 'timestamp', unit: 'us', zone: 'Europe/Copenhagen' }, '2026-07-01 02:00 in Copenhagen', 1_782_864_000n * micros],
  [{ kind: 'duration', unit: 'ms' }, '-1500 ms', -1500n],
  [{ kind: 'list', item: { kind: 'int32' } }, '[1, null, -10]', [1, null, -10]],
  [
    {
      kind: 'struct',
      fields: [
        { name: 'a', type: { kind: 'string' }, nullable: true },
        { name: 'b', type: { kind: 'bool' }, nullable: true },
      ],
    },
    '{a: "\\u00e9", b: null}',
    ['é', null],
  ],
];

/** A text as the page shows it. */
const shown = (text: string): string => (text === '' ? '' : `\`${text}\``);

describe('the test vectors of docs/building/row-sum.md', () => {
  test('are the texts and hashes of frames, and the hashes those of MD5', async () => {
    const lines: string[] = [];
    for (const [type, value, cell] of vectors) {
      const [[text] = []] = await canonicalTexts(await frameOf({ c: type }, [[cell]]), [{ name: 'c', type }]);
      if (typeof text !== 'string') throw new Error('a vector has no value');
      const hash = createHash('md5').update(text).digest().readBigInt64BE(0);
      lines.push(`| \`${describeType(type)}\` | ${value} | ${shown(text)} | ${hash} |`);
    }
    const table = ['| type | value | text | hash |', '| --- | --- | --- | --- |', ...lines].join('\n');
    if (process.env.HYGGE_WRITE_VECTORS) writeFileSync(process.env.HYGGE_WRITE_VECTORS, table);
    expect(page).toContain(table);
  });
});

const types: Readonly<Record<string, DataType>> = {
  id: { kind: 'int64' },
  customer: { kind: 'string' },
  price: { kind: 'decimal', precision: 12, scale: 2 },
  placed_at: { kind: 'timestamp', unit: 'us' },
  day: { kind: 'date' },
};
const columns = Object.entries(types).map(([name, type]) => ({ name, type }));
const orders: readonly (readonly Cell[])[] = [
  [1n, 'Ann', 1250n, 1_769_903_999_500_000n, 20_484],
  [2n, 'ann ', 1200n, 1_769_904_000_000_000n, 20_485],
  [3n, 'Zoë 🏡', -5n, null, -1],
  [2n ** 63n - 1n, '', 0n, -1n, -719_162],
  [null, null, null, null, null],
];
const inserted = `
  (1, 'Ann', 12.50, '2026-01-31 23:59:59.5', '2026-01-31'), (2, 'ann ', 12.00, '2026-02-01 00:00:00', '2026-02-01'),
  (3, 'Zoë 🏡', -0.05, null, '1969-12-31'), (9223372036854775807, '', 0.00, '1969-12-31 23:59:59.999999', '0001-01-01'), (null, null, null, null, null)`;

const printed = (): readonly string[] => {
  const answer = blocks.find(({ language, text }) => language === 'text' && text.startsWith('rows  sum'))?.text ?? '';
  return answer.split('\n')[1]?.split(/ +/) ?? [];
};
const texts = (row: Readonly<Record<string, unknown>> | undefined): readonly string[] => Object.values(row ?? {}).map(String);

describe('the sum that docs/building/row-sum.md prints', () => {
  test('is that of frames', async () => {
    const hashes = await rowHashes(await frameOf(types, orders), columns);
    expect([String(hashes.length), String(hashes.reduce((sum, hash) => sum + hash, 0n))]).toEqual(printed());
  });

  test.skipIf(noPostgres() !== '')('is what PostgreSQL answers, and so is that of a column', async () => {
    await using db = await postgresDatabase();
    await db.sql(
      `create table orders (id bigint, customer text, price numeric(12, 2), placed_at timestamp, day date); insert into orders values ${inserted}`,
    );
    expect(texts((await db.sql(sql('octet_length(convert_to(id')))[0])).toEqual(printed());
    const prices = await hashesOf('price');
    expect(texts((await db.sql(sql('count(price)')))[0])).toEqual([
      String(prices.length),
      String(prices.reduce((sum, hash) => sum + hash, 0n)),
    ]);
  });

  test.skipIf(noMariadb() !== '')('is what MariaDB answers', async () => {
    await using db = await mariadbDatabase();
    await db.sql(
      'CREATE TABLE orders (id bigint, customer varchar(40) CHARACTER SET utf8mb4, price decimal(12, 2), placed_at datetime(6), day date)',
    );
    await db.sql(`INSERT INTO orders VALUES ${inserted}`);
    expect((await db.sql(sql('CONV(LEFT(MD5('))).trim().split('\t')).toEqual(printed());
  });

  test('is what DuckDB answers over parquet', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hygge-row-sum-'));
    const table = `select * from (values ${inserted}) as t(id, customer, price, placed_at, day)`;
    const made = `select id::bigint as id, customer, price::decimal(12,2) as price, placed_at::timestamp as placed_at, day::date as day from (${table})`;
    await duck(`copy (${made}) to '${folder}/a.parquet' (format parquet)`);
    const [row] = await duck(sql('read_parquet').replace('orders/*.parquet', `${folder}/*.parquet`));
    expect(texts(row)).toEqual(printed());
    await rm(folder, { recursive: true });
  });

  test('is what the program for SQLite prints', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hygge-row-sum-'));
    const file = join(folder, 'shop.db');
    const database = new DatabaseSync(file);
    database.exec(
      `create table orders (id integer, customer text, price numeric, placed_at text, day text); insert into orders values ${inserted}`,
    );
    database.close();
    const program = join(folder, 'row-sum.mjs');
    writeFileSync(program, blocks.find(({ language }) => language === 'js')?.text ?? '');
    const { stdout } = await promisify(execFile)(process.execPath, [program, file]);
    expect(stdout.trim().split(' ')).toEqual(printed());
    await rm(folder, { recursive: true });
  });
});

/** The hashes of a column's texts. */
async function hashesOf(name: string): Promise<readonly bigint[]> {
  const found = await canonicalTexts(await frameOf(types, orders), columns);
  const at = columns.findIndex((column) => column.name === name);
  return found.flatMap((row) => {
    const text = row[at] ?? null;
    return text === null ? [] : [createHash('md5').update(text).digest().readBigInt64BE(0)];
  });
}
