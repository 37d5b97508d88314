import { expect, test } from 'vitest';
import { type JournalFilter, type JournalRow, newestRow } from '../../src/ports/state.ts';
import { journalRowOf } from '../support/state-rows.ts';

/** Newest first, one a minute. */
const rows = Array.from({ length: 30 }, (_, n) => journalRowOf(`run ${n}`, `2026-01-01T00:${59 - n}:00.000Z`));
const key = { flow: 'crm', entity: 'users' };

async function found(which: string, { all = rows, most }: { readonly all?: readonly JournalRow[]; readonly most?: number } = {}) {
  const asked: (number | undefined)[] = [];
  const journal = async ({ limit }: JournalFilter) => {
    asked.push(limit);
    return all.slice(0, limit);
  };
  const row = await newestRow({ journal }, key, ({ entity_run_id }) => entity_run_id === which, most);
  return { found: row?.entity_run_id, asked };
}

test('the newest row of the journal is looked for in the last ten first, and then in as many as may be looked at', async () => {
  expect(await found('run 9')).toEqual({ found: 'run 9', asked: [10] });
  expect(await found('run 10')).toEqual({ found: 'run 10', asked: [10, undefined] });
  expect(await found('run 19', { most: 20 })).toEqual({ found: 'run 19', asked: [10, 20] });
  expect(await found('run 20', { most: 20 })).toEqual({ found: undefined, asked: [10, 20] });
});

test('a journal of fewer than ten rows is read once', async () => {
  expect(await found('none', { all: rows.slice(0, 9) })).toEqual({ found: undefined, asked: [10] });
});
