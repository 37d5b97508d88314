import { expect, test } from 'vitest';
import type { Head, ReplicaStanding, ReplicatedRows, Store } from '../../src/engine/contracts/store.ts';
import { readableRows, replicaSays } from '../../src/engine/verify/replica.ts';

const head = { id: 'h' } as Head;
const replica = (rows: ReplicatedRows | null) => ({ rows: async () => rows }) as unknown as Store['replica'];

test('a store that can read its rows back is read itself, and one without a way back is not', async () => {
  const home = {} as never;
  const both = { settled: { gives: 'rows', open: async () => home }, replica: replica(null) } as unknown as Store;
  expect(await readableRows(both, head)).toEqual({ home, replica: null });
  expect(await readableRows({ settled: { gives: 'keys' } } as unknown as Store, head)).toMatchObject({ because: 'no way back' });
});

test('a table that is not there is not replicated', async () => {
  expect(await readableRows({ replica: replica(null) } as unknown as Store, head)).toEqual({
    because: 'not replicated',
    replica: { version: null, has_all: false, missing: null },
  });
});

test.each<{ readonly found: ReplicaStanding; readonly says: unknown }>([
  { found: { standing: 'moved', said: null }, says: 'moved' },
  { found: { standing: 'replicated', said: null }, says: { because: null, replica: { version: 7, has_all: true, missing: null } } },
  { found: { standing: 'behind', said: 'x' }, says: { because: 'not replicated', replica: { version: 7, has_all: false, missing: 'x' } } },
  {
    found: { standing: 'unfinished', said: null },
    says: { because: 'unfinished', replica: { version: 7, has_all: false, missing: null } },
  },
])('a version that is $found.standing', async ({ found, says }) => {
  const rows: ReplicatedRows = { version: 7, home: {} as never, standing: async () => found };
  const ports = { state: { listObjects: async () => [], getObject: async () => undefined } } as never;
  expect(await replicaSays({ flow: 'f', entity: 'e' } as never, rows, ports)).toEqual(says);
});
