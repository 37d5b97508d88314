import { describe, expect, test } from 'vitest';
import { begins, committed, decided, first, loaded, second } from '../support/commits.ts';
import { openStore } from './sqlite/support.ts';

// Every database counts by the same function what moved a head.
describe('a head whose UPDATE changes no row', () => {
  const idsOf = ({ file }: Awaited<ReturnType<typeof openStore>>) => file.sql('select id from e order by id').map(({ id }) => Number(id));

  test('is no commit: nothing settles, the error says so, and it is made once the cause has gone', async () => {
    await using opened = await openStore();
    const store = await opened.store();
    await loaded(store, first);
    const intent = await decided(store, second);
    opened.file.sql('select 1', 'create trigger keeps before update on hygge_metadata_heads begin select raise(ignore); end');
    await expect(committed(store, intent)).rejects.toMatchObject({ code: 'HYG-4291' });
    expect(idsOf(opened)).toEqual([1, 2]);
    opened.file.sql('select 1', 'drop trigger keeps');
    expect(await committed(store, intent)).toMatchObject({ outcome: 'committed', counts: { inserted: 2 } });
    expect(idsOf(opened)).toEqual([1, 2, 2, 3]);
    expect(await committed(store, intent)).toMatchObject({ outcome: 'already' });
  });

  test('moves once for two intents that were decided over the same one', async () => {
    await using opened = await openStore();
    const [one, other] = [await opened.store(), await opened.store()];
    const [mine, theirs] = [await decided(one, begins), await decided(other, { ...begins, epoch: 3 })];
    const outcomes = await Promise.all([committed(one, mine), committed(other, theirs)]);
    expect(outcomes.filter((outcome) => outcome === 'fenced')).toHaveLength(1);
    expect(idsOf(opened)).toEqual([1, 2]);
  });
});
