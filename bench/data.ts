import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { query, quoted } from './duck.ts';

/** Where a bench run keeps its data and workspaces. */
export interface BenchFolder extends AsyncDisposable {
  readonly path: string;
}

/** A folder of its own that goes with the run; or $HYGGE_BENCH_DIR, which stays, so that the next run need not generate data again. */
export async function benchFolder(): Promise<BenchFolder> {
  const kept = process.env.HYGGE_BENCH_DIR;
  if (kept !== undefined) await mkdir(kept, { recursive: true });
  const path = kept ?? (await mkdtemp(join(tmpdir(), 'hygge-bench-')));
  return {
    path,
    async [Symbol.asyncDispose]() {
      if (kept === undefined) await rm(path, { recursive: true, force: true });
    },
  };
}

/** What the columns of a table are made of: each value is made from the number of its row, `i`, and so is the same every time. */
export type Mix = 'plain' | 'people' | ColumnKind;

/** Ten mixed columns that are easy on every road. */
const plain = `
  i::BIGINT AS id,
  TIMESTAMP '2020-01-01' + INTERVAL (i * 37 % 157680000) SECOND + INTERVAL (i * 7919 % 1000000) MICROSECOND AS ts,
  ((hash(i) % 100000000)::BIGINT / 10000.0)::DECIMAL(18, 4) AS amount,
  (hash(i + 1) % 1000003) / 997.0 AS price,
  (hash(i + 2) % 1000)::INTEGER AS qty,
  hash(i + 3) % 3 = 0 AS flag,
  'C' || lpad((hash(i + 4) % 200)::VARCHAR, 3, '0') AS code,
  'name ' || to_hex(hash(i + 5)) AS name,
  DATE '2015-01-01' + (hash(i + 6) % 4000)::INTEGER AS day,
  CASE WHEN hash(i + 7) % 5 = 0 THEN NULL ELSE 'note ' || (hash(i + 8) % 50000)::VARCHAR END AS note`;

/** Values as tables of people have them: amounts beyond a million, texts with quotes and umlauts, floats of 16 and 17 digits, uuids. */
const values = {
  bigint: `(i * 1000003 + hash(i) % 1000)::BIGINT`,
  int: `(hash(i + 2) % 2000000)::INTEGER - 1000000`,
  numeric: `((hash(i + 1) % 2000000000000)::BIGINT - 1000000000000)::DECIMAL(14, 0) / 100`,
  text: `'Straße ' || (hash(i + 4) % 5000)::VARCHAR || ', Köln'`,
  'quoted text': `CASE WHEN hash(i + 7) % 10 = 0 THEN NULL
    ELSE 'say "hé' || to_hex(hash(i + 5) % 65536) || '"' || chr(9) || 'to Jörg & Zoë, ' || (hash(i + 8) % 50000)::VARCHAR END`,
  timestamptz: `make_timestamptz(1577836800000000 + i * 37000000 % 157680000000000 + i * 7919 % 1000000)`,
  date: `DATE '2015-01-01' + (hash(i + 6) % 4000)::INTEGER`,
  bool: `hash(i + 3) % 3 = 0`,
  float8: `(hash(i + 9) % 1000000007) / 997.0 - 250000`,
  uuid: `md5(i::VARCHAR)::UUID`,
} as const;

export type ColumnKind = keyof typeof values;
export const columnKinds = Object.keys(values) as readonly ColumnKind[];

/** Of the mix `people`, in this order. */
const people: Readonly<Record<ColumnKind, string>> = {
  ...{ bigint: 'id', int: 'qty', numeric: 'amount', text: 'address', 'quoted text': 'note' },
  ...{ timestamptz: 'at', date: 'day', bool: 'flag', float8: 'price', uuid: 'key' },
};

/** The column's name in the mix. */
export const columnOf = (kind: ColumnKind): string => people[kind];

function expressions(mix: Mix): string {
  if (mix === 'plain') return plain;
  const kinds = mix === 'people' ? columnKinds : [mix];
  return kinds.map((kind) => `${cast(kind)} AS ${people[kind]}`).join(', ');
}

const cast = (kind: ColumnKind): string => (kind === 'numeric' ? `(${values.numeric})::DECIMAL(12, 2)` : values[kind]);

/** A parquet file with rows `from` to `to` (exclusive) in row groups of 122,880; made when the entity is not there. */
export async function parquetRows(path: string, from: number, to: number, mix: Mix = 'plain'): Promise<string> {
  if (existsSync(path)) return path;
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  const rows = `SELECT ${expressions(mix)} FROM range(${from}, ${to}) AS numbers(i)`;
  await query(`COPY (${rows}) TO ${quoted(temporary)} (FORMAT parquet, ROW_GROUP_SIZE 122880)`);
  await rename(temporary, path);
  return path;
}
