import { ulid } from 'ulid';
import { beforeEach, describe, expect, test } from 'vitest';
import type { StateStore } from '../../../src/ports/state.ts';
import type { Account } from '../../../src/state/table-storage/account.ts';
import { JournalTable } from '../../../src/state/table-storage/journal.ts';
import { tableState } from '../../../src/state/table-storage/state.ts';
import { connectionStringOf, sharedAzurite } from '../../support/azurite.ts';
import { startFaultProxy } from '../../support/fault-proxy.ts';
import { emptyRow, journalRowOf } from '../../support/state-rows.ts';
import { accountAt, placeOfItsOwn, tableStateAt } from '../../support/table-state.ts';

const azurite = sharedAzurite();

let place: { readonly connectionString: string; readonly table: string; readonly container: string };
let account: Account;
let state: StateStore;
let damages: { file: string; lines: number }[];

beforeEach(async () => {
  place = { connectionString: (await azurite()).connectionString, ...placeOfItsOwn() };
  account = await accountAt(place);
  damages = [];
  state = tableState({ account, onDamage: (damage) => damages.push(damage) });
});

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 20) + minute * 60_000).toISOString();
const ids = async (filter = {}) => (await state.journal(filter)).map((row) => row.entity_run_id);

/** The first row makes the table; the others come as they are written, many in one request. */
async function filled(rows: number, over: (n: number) => Partial<Parameters<typeof journalRowOf>[2]> = () => ({})): Promise<void> {
  const [first, ...others] = Array.from({ length: rows }, (_, n) => journalRowOf(`R${n}.1`, at(n), over(n)));
  if (first !== undefined) await state.appendJournal(first);
  const journal = new JournalTable(undefined as never, '', () => undefined);
  for (const ofFlow of Object.values(Object.groupBy(others, ({ flow }) => flow))) {
    const actions = ofFlow?.flatMap((row) => journal.creating(row)) ?? [];
    for (let from = 0; from < actions.length; from += 100) await account.table.submitTransaction(actions.slice(from, from + 100));
  }
}

describe('the journal in a table', () => {
  test('reads no more of it than the limit asks for', async () => {
    await filled(40, (n) => ({ flow: n % 2 ? 'crm' : 'erp' }));
    await using proxy = await startFaultProxy((await azurite()).tableUrl);
    const connectionString = connectionStringOf(`TableEndpoint=${proxy.url};BlobEndpoint=${proxy.url};`);
    const watched = await tableStateAt({ ...place, connectionString });
    expect((await watched.journal({ flow: 'crm', limit: 3 })).map((row) => row.entity_run_id)).toEqual(['R39.1', 'R37.1', 'R35.1']);
    expect(proxy.seen).toHaveLength(1);
    expect(proxy.seen[0]?.path).toContain('$top=3');
    expect((await watched.journal({ limit: 3 })).map((row) => row.entity_run_id)).toEqual(['R39.1', 'R38.1', 'R37.1']);
    // A jump to each flow and one behind the last, then a page of each.
    expect(proxy.seen).toHaveLength(1 + 3 + 2);
  });

  test('comes whole in several pages', async () => {
    await filled(1_100);
    expect(await ids()).toEqual(Array.from({ length: 1_100 }, (_, n) => `R${1_099 - n}.1`));
  });

  test('looks for a run by its id only since the day before it began', async () => {
    const began = Date.UTC(2026, 10, 20);
    const run = ulid(began);
    await state.appendJournal(journalRowOf(`${run}.1`, new Date(began + 5_000).toISOString()));
    await state.appendJournal(journalRowOf(`${run}.2`, new Date(began - 3_600_000).toISOString()));
    await state.appendJournal(journalRowOf(`${run}.3`, new Date(began - 3 * 86_400_000).toISOString()));
    await state.appendJournal(journalRowOf('R1.1', new Date(began + 6_000).toISOString()));
    expect(await ids({ run })).toEqual([`${run}.1`, `${run}.2`]);
    expect(await ids({ run: 'R1' })).toEqual(['R1.1']);
    expect(await ids({ since: new Date(began + 5_000).toISOString() })).toEqual(['R1.1', `${run}.1`]);
    expect(await ids({ since: 'no time' })).toHaveLength(4);
  });

  test('forgets what finished before, over all flows and in batches, and what it forgot may come again', async () => {
    await filled(130, (n) => ({ flow: n % 3 ? 'crm' : 'erp' }));
    await state.write({ flow: 'crm', entity: 'Account' }, undefined, emptyRow);
    expect(await state.pruneJournal(at(120))).toBe(120);
    expect(await ids()).toEqual(Array.from({ length: 10 }, (_, n) => `R${129 - n}.1`));
    expect(await state.pruneJournal(at(120))).toBe(0);
    expect(await state.read({ flow: 'crm', entity: 'Account' })).toBeDefined();
    const marks = [];
    for await (const row of account.table.listEntities({ queryOptions: { filter: "RowKey ge 'e|' and RowKey lt 'e}'" } })) marks.push(row);
    expect(marks).toHaveLength(10);
    await state.appendJournal(journalRowOf('R5.1', at(500)));
    expect((await ids({ limit: 1 }))[0]).toBe('R5.1');
  });

  test('two who prune at once do not hinder each other', async () => {
    await filled(60);
    const another = await tableStateAt(place);
    await Promise.all([state.pruneJournal(at(1000)), another.pruneJournal(at(1000))]);
    expect(await ids()).toEqual([]);
  });

  test('passes over a row that is none any more, and tells; refuses one of a newer hygge', async () => {
    await filled(3);
    const keys = [];
    for await (const row of account.table.listEntities({ queryOptions: { filter: "RowKey ge 'j|' and RowKey lt 'j}'" } })) keys.push(row);
    const { partitionKey = '', rowKey = '' } = keys[1] ?? {};
    await account.table.updateEntity({ partitionKey, rowKey, row: '{"entity_run_id":"R1' }, 'Merge');
    expect(await ids()).toEqual(['R2.1', 'R0.1']);
    expect(damages).toEqual([{ file: expect.stringContaining(place.table), lines: 1 }]);
    await account.table.updateEntity({ partitionKey, rowKey, version: 2 }, 'Merge');
    await expect(state.journal({})).rejects.toMatchObject({ code: 'HYG-5002' });
  });
});
