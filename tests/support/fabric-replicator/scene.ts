import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duck } from '../duck.ts';

export const numbered = (number: number, extension = 'parquet'): string => `${String(number).padStart(20, '0')}.${extension}`;

/** A parquet file of a query's rows. */
export async function parquetOf(query: string): Promise<Buffer> {
  const path = join(tmpdir(), `hygge-landed-${randomUUID()}.parquet`);
  await duck(`copy (${query}) to '${path}' (format parquet)`, 'select 1');
  const content = await readFile(path);
  await rm(path);
  return content;
}

/** The same of a list of rows, written as SQL: `rowsFile('id, name', "(1, 'a')")`. */
export const rowsFile = (columns: string, ...rows: readonly string[]): Promise<Buffer> =>
  parquetOf(`select * from (values ${rows.join(', ')}) t(${columns})`);
