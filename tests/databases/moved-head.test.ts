import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { Session } from '../../src/databases/engine.ts';
import { dialect } from '../../src/databases/sqlite/dialect.ts';
import { writes } from '../../src/databases/sqlite/write.ts';
import { HeadTable, metadataDdl } from '../../src/databases/store/head.ts';
import type { Head } from '../../src/engine/contracts/store.ts';

const headOf = (id: string, prev: string | null): Head => ({ id, prev, epoch: 1 }) as Head;

/** A server that takes no notice of what asks for a lock. */
function unlocked(db: DatabaseSync): Session {
  const asked = (values: readonly (string | null)[] = []) => Object.fromEntries(values.map((value, at) => [`$${at + 1}`, value]));
  return {
    query: async (sql: string, values?: readonly (string | null)[]) => db.prepare(sql).all(asked(values)),
    execute: async (sql: string, values?: readonly (string | null)[]) => Number(db.prepare(sql).run(asked(values)).changes),
  } as unknown as Session;
}

test('a head that another transaction moved since it was locked is compared once more when it moves, and stays', async () => {
  using db = new DatabaseSync(':memory:');
  const spelling = { ...dialect, ...writes };
  for (const statement of metadataDdl(spelling, 'main')) db.exec(statement);
  const session = unlocked(db);
  const heads = new HeadTable(spelling, 'main', { flow: 'f', entity: 'e', table: 't' });
  const [a, b, c] = [headOf('a', null), headOf('b', 'a'), headOf('c', 'a')];
  await heads.lock(session);
  await heads.move(session, { from: null, to: a, mark: null });
  expect((await heads.lock(session)).head).toEqual(a);
  await heads.move(session, { from: a, to: b, mark: null });
  await expect(heads.move(session, { from: a, to: c, mark: null })).rejects.toMatchObject({ code: 'HYG-4291' });
  await expect(heads.move(session, { from: null, to: c, mark: null })).rejects.toMatchObject({ code: 'HYG-4291' });
  expect((await heads.read(session)).head).toEqual(b);
});
