/** Keys of a connection to a file of SQLite. */
import * as z from 'zod';
import { meansMemory } from '../../workspace/names.ts';

export interface SqliteKeys {
  readonly path: string;
  readonly pool_size: number;
  /** Seconds. */
  readonly busy_timeout: number;
}

export const keys = {
  path: z
    .string()
    .min(1)
    .describe(
      'The file, relative to the folder of hygge.yml or absolute. On a disk of this machine: locks of SQLite do not hold over a network.',
    ),
  pool_size: z.int().min(1).max(64).default(4).describe('At most so many connections of one process, each with a thread of its own.'),
  busy_timeout: z.int().min(1).max(600).default(30).describe('Seconds to wait while another program writes to the file.'),
} satisfies Readonly<Record<keyof SqliteKeys, z.ZodType>>;

export function clash({ path }: SqliteKeys): { readonly key: string; readonly needs: string } | undefined {
  if (meansMemory(path))
    return { key: 'path', needs: 'A file, such as data/state.db: in memory each connection would have an empty database of its own' };
  if (/^[a-z][a-z0-9+.-]+:/i.test(path) || /[/\\]$/.test(path)) return { key: 'path', needs: 'A file, such as data/state.db' };
  return undefined;
}
