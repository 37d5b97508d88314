import { expect, test } from 'vitest';
import { loaded } from '../../support/commits.ts';
import { openStore } from './support.ts';

test('a merge into a table that holds two rows of a key is refused, and the statement that is told finds them', async () => {
  await using opened = await openStore();
  const { file } = opened;
  const rows = () => file.sql('select id, name from e order by id, name').map(({ id, name }) => `${id} ${name}`);
  file.sql('select 1', 'create table e (id integer, name text)', `insert into e values (1, 'a'), (2, 'b'), (2, 'b too')`);

  const outcome = await loaded(opened.store(), {
    epoch: 1,
    schema: {
      columns: [
        { name: 'id', type: { kind: 'int64' }, nullable: false },
        { name: 'name', type: { kind: 'string' }, nullable: true },
      ],
    },
    rows: [[2n, 'B']],
    writing: { mode: 'merge', key: ['id'], why: 'key' },
  });
  expect(outcome).toMatchObject({
    outcome: 'refused',
    because: { code: 'HYG-4246', what: expect.stringMatching(/ holds 2 rows with the same id: 2\.$/) },
  });
  expect(rows()).toEqual(['1 a', '2 b', '2 b too']);
  const tryThis = typeof outcome === 'object' && 'because' in outcome ? outcome.because.tryThis : [];
  const [, sought = ''] = /All of them: (.*)/.exec(tryThis.join('\n')) ?? [];
  expect(file.sql(sought).map((row) => Object.values(row).map(Number))).toEqual([[2, 2]]);
});
