/** Keys of a connection to a file of SQLite. */

import * as z from 'zod';
import type { KeysOf } from '../../ports/secret-schema.ts';
import { meansMemory } from '../../workspace/names.ts';
import type { KeyConflict } from '../server-keys.ts';

export const keys = {
  path: z
    .string()
    .min(1)
    .describe(
      'The file, relative to the folder of hygge.yml or absolute. On a disk of this machine: locks of SQLite do not work over a network.',
    ),
  pool_size: z.int().min(1).max(64).default(4).describe('The maximum number of connections of one process, each with its own thread.'),
  busy_timeout: z.int().min(1).max(600).default(30).describe('Seconds to wait while another program writes to the file.'),
};

export type SqliteKeys = KeysOf<typeof keys>;

export function clash({ path }: SqliteKeys): KeyConflict {
  if (meansMemory(path))
    return { key: 'path', needs: 'A file, such as data/state.db: in memory each connection would have an empty database of its own' };
  if (/^[a-z][a-z0-9+.-]+:/i.test(path) || /[/\\]$/.test(path)) return { key: 'path', needs: 'A file, such as data/state.db' };
  return undefined;
}
