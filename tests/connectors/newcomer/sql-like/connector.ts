import { resolve } from 'node:path';
import * as z from 'zod';
import { defineConnector } from '../../../../src/engine/contracts/connector.ts';
import { type SqlPlace, sqlStore } from './store.ts';

const config = z.strictObject({
  file: z.string().describe('The file of the database.'),
  table: z.string().describe('The table that rows settle in.'),
});

export const sqlLike = defineConnector({
  id: 'sql_like',
  summary: 'Tables in a file of SQLite.',
  verifiedAgainst: 'SQLite of Node',
  family: 'databases',
  place(written) {
    const { file, table } = config.parse(written);
    return { root: file, path: `/${table}/`, shown: `${file} ${table}` };
  },
  store: {
    config,
    open: async ({ file, table }, { root, flow, entity }) => sqlStore({ file: resolve(root, file), table, flow, entity }),
    at: async (place) => sqlStore(place as SqlPlace),
    probe: async ({ file }) => [{ ok: true, what: `${file} is a file of this machine` }],
    requirements: () => [],
  },
});
