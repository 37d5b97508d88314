import { expect, test } from 'vitest';
import { DatabaseError } from '../../src/databases/engine.ts';
import { Transactions } from '../../src/databases/store/transactions.ts';

/** A commit in a database whose DDL commits by itself, and where the lock is answered so. */
function locking(answer: readonly object[], by: 'committing ddl' | 'transaction' = 'committing ddl') {
  const seen: string[] = [];
  const session = {
    query: async (sql: string) => {
      seen.push(sql);
      return answer;
    },
    run: async (sql: string) => void seen.push(sql),
    begin: async ({ isolation }: { readonly isolation: string }) => void seen.push(`begin ${isolation}`),
  };
  const commit = { by, exclusiveLockQuery: () => 'lock', lockTimeoutCode: '1205' };
  const dialect = { commit, quote: (name: string) => name, ownTables: { tablesFor: 'all entities' } };
  const of = { sessions: { label: 'l' }, dialect, place: { table: { schema: 's', name: 'e' }, metadataSchema: 'm', key: {} } };
  const transactions = new Transactions(of as never);
  const ahead = async () => void seen.push('ahead');
  const done = transactions.lockOutOtherCommits({ session } as never, ahead, async () => 'serializable' as never);
  return done.then(() => seen);
}

test('a commit that has the lock does what comes ahead, and begins another transaction with the isolation of then', async () => {
  expect(await locking([{ got: '1' }])).toEqual(['lock', 'ahead', 'commit', 'begin serializable']);
});

test.each([
  ['another process has it', [{ got: '0' }]],
  ['the server could not take it', [{ got: null }]],
  ['nothing is answered', []],
])('a commit without the lock does nothing else: %s', async (_, answer) => {
  const error = await locking(answer).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DatabaseError);
  expect(error).toMatchObject({ code: '1205' });
});

test('a commit within one transaction takes no lock of its own', async () => {
  expect(await locking([{ got: '0' }], 'transaction')).toEqual([]);
});
