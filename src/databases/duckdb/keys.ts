/** Keys of a connection to a file of DuckDB. */
import * as z from 'zod';
import { type KeysOf, secret } from '../../ports/secret-schema.ts';
import { meansMemory } from '../../workspace/names.ts';
import type { HomeOrStore } from '../engine.ts';
import { type KeyConflict, serverKeys } from '../server-keys.ts';

const { text } = serverKeys;

/** The path of a database without a file, for queries over other files. */
export const inMemory = ':memory:';

export const keys = {
  path: text
    .default(inMemory)
    .describe(
      'The file, relative to the folder of hygge.yml or absolute. A store makes the file if it does not exist. md:name: a database of MotherDuck. Default: :memory:, which is enough for queries over files.',
    ),
  token: secret().optional().describe('The token of MotherDuck. Default: MOTHERDUCK_TOKEN.'),
  memory_limit: z
    .string()
    .regex(/^\d+(\.\d+)?\s*[KMGT]i?B$/i, 'a size such as 200MB')
    .optional()
    .describe(
      'How much DuckDB may keep in memory. DuckDB writes the rest to temp_directory. The process needs about 300 MB in addition. Default: 200MB; for more than 160 columns, 1.25MB for each column.',
    ),
  threads: z.int().min(1).max(256).default(2).describe('The maximum number of processors in use at once. Each processor needs memory.'),
  temp_directory: text.optional().describe('The folder for sorts and joins that exceed memory_limit. Default: next to the file.'),
  pool_size: z.int().min(2).max(64).default(8).describe('The maximum number of transactions of one process at once.'),
};

export type DuckdbKeys = KeysOf<typeof keys>;

const megabytes: Readonly<Record<string, number>> = {
  K: 1e-3,
  M: 1,
  G: 1e3,
  T: 1e6,
  KI: 1.024e-3,
  MI: 1.048576,
  GI: 1073.741824,
  TI: 1099511.627776,
};

/** @param limit a value of the key in the config, such as `200MB`. */
export function inMegabytes(limit: string): number {
  const [, amount = '', unit = ''] = /^([\d.]+)\s*([KMGT]i?)B$/i.exec(limit) ?? [];
  return Number(amount) * (megabytes[unit.toUpperCase()] ?? 1);
}

export const isOfMotherDuck = (path: string): boolean => /^(md|motherduck):/i.test(path);

const aFile = 'A file, such as data/sales.duckdb';

export function clash({ path, token }: DuckdbKeys, written?: HomeOrStore): KeyConflict {
  if (meansMemory(path) && written === 'store')
    return { key: 'path', needs: `${aFile}: data that is only in memory is lost when the program ends` };
  if (meansMemory(path) && typeof written === 'object' && 'table' in written && written.table !== undefined)
    return { key: 'path', needs: `${aFile}: in memory, each connection has its own empty database, without tables` };
  if (meansMemory(path) && path !== inMemory)
    return { key: 'path', needs: `${aFile}; or leave out path for a query over files: the default is ${inMemory}` };
  const isRemote = isOfMotherDuck(path);
  if (token !== undefined && !isRemote) return { key: 'token', needs: 'This key means something only with a path of MotherDuck: md:name' };
  if (isRemote && !/^(md|motherduck):[^/?]+$/i.test(path))
    return { key: 'path', needs: 'The name of a database after the prefix: md:name' };
  if (!isRemote && (/^[a-z][a-z0-9+.-]+:\/\//i.test(path) || /[/\\]$/.test(path)))
    return { key: 'path', needs: `${aFile} on this machine` };
  return undefined;
}
