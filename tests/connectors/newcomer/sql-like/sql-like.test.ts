import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StoreUnderTest } from '../../../support/connector-conformance/bench.ts';
import { polarsFrame } from '../../../support/connector-conformance/frames.ts';
import { storeConformance } from '../../../support/connector-conformance/store.ts';
import { type SqlPlace, sqlStore } from './store.ts';

async function inFile(): Promise<StoreUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'hygge-newcomer-'));
  const file = join(folder, 'a.db');
  const reader = new DatabaseSync(file, { readBigInts: true });
  return {
    open: async () => sqlStore({ file, table: 'e', flow: 'f', entity: 'e' }),
    at: async (place) => sqlStore(place as SqlPlace),
    frame: polarsFrame,
    async settled() {
      if (reader.prepare(`select 1 from sqlite_master where name = 'e'`).all().length === 0) return [];
      const rows = reader.prepare('select id, mark from e').all();
      return rows.map(({ id, mark }) => `${id}@${mark}`).sort();
    },
    async plantForeign(rows) {
      reader.exec('create table if not exists e (id bigint, mark bigint)');
      for (const { id, mark } of rows) reader.prepare('insert into e values (?, ?)').run(id, mark);
    },
    async [Symbol.asyncDispose]() {
      reader.close();
      await rm(folder, { recursive: true });
    },
  };
}

storeConformance('a SQL-like store that a newcomer wrote', inFile);
