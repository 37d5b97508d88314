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

/** Ten mixed columns, the same every time: each value is made from the number of its row, `i`. */
const columns = `
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

/** A parquet file with rows `from` to `to` (exclusive) in row groups of 122,880; made when it is not there. */
export async function parquetRows(path: string, from: number, to: number): Promise<string> {
  if (existsSync(path)) return path;
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  const rows = `SELECT ${columns} FROM range(${from}, ${to}) AS numbers(i)`;
  await query(`COPY (${rows}) TO ${quoted(temporary)} (FORMAT parquet, ROW_GROUP_SIZE 122880)`);
  await rename(temporary, path);
  return path;
}
