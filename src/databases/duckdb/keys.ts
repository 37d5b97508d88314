/** Keys of a connection to a file of DuckDB. */
import * as z from 'zod';
import type { Secret } from '../../ports/secret.ts';
import { secret } from '../../ports/secret-schema.ts';

export interface DuckdbKeys {
  readonly path: string;
  readonly token?: Secret | undefined;
  readonly memory_limit: string;
  readonly threads: number;
  readonly temp_directory?: string | undefined;
  readonly pool_size: number;
}

const text = z.string().min(1);

/** No file at all: for queries over files. */
export const inMemory = ':memory:';

export const keys = {
  path: text
    .default(inMemory)
    .describe(
      'The file, relative to the folder of hygge.yml or absolute; a store makes it where it is not there. md:name: a database of MotherDuck. Default: :memory:, which is enough for queries over files.',
    ),
  token: secret().optional().describe('Of MotherDuck. Default: MOTHERDUCK_TOKEN.'),
  memory_limit: z
    .string()
    .regex(/^\d+(\.\d+)?\s*[KMGT]i?B$/i, 'a size such as 200MB')
    .default('200MB')
    .describe('What DuckDB may keep in memory; what is more it puts into temp_directory. The process takes about 300 MB beside it.'),
  threads: z.int().min(1).max(256).default(2).describe('At most so many processors at once. Each of them needs memory.'),
  temp_directory: text.optional().describe('Where sorts and joins go that memory_limit does not hold. Default: beside the file.'),
  pool_size: z.int().min(2).max(64).default(8).describe('At most so many transactions of one process at once.'),
} satisfies Readonly<Record<keyof DuckdbKeys, z.ZodType>>;

export const isOfMotherDuck = (path: string): boolean => /^(md|motherduck):/i.test(path);

export function clash({ path, token }: DuckdbKeys): { readonly key: string; readonly needs: string } | undefined {
  const isRemote = isOfMotherDuck(path);
  if (token !== undefined && !isRemote) return { key: 'token', needs: 'It means something only with a path of MotherDuck: md:name' };
  if (isRemote && !/^(md|motherduck):[^/?]+$/i.test(path)) return { key: 'path', needs: 'The name of a database behind it: md:name' };
  if (!isRemote && (/^[a-z][a-z0-9+.-]+:\/\//i.test(path) || /[/\\]$/.test(path)))
    return { key: 'path', needs: 'A file of this machine, such as data/sales.duckdb' };
  return undefined;
}
