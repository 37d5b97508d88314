import { beforeEach, describe, expect, test } from 'vitest';
import type { StateStore } from '../../../src/ports/state.ts';
import type { Account } from '../../../src/state/table-storage/account.ts';
import { tableState } from '../../../src/state/table-storage/state.ts';
import { sharedAzurite } from '../../support/azurite.ts';
import { emptyRow, journalRowOf, stateRow } from '../../support/state-rows.ts';
import { accountAt, placeOfItsOwn } from '../../support/table-state.ts';

const azurite = sharedAzurite();
const key = { flow: 'crm', entity: 'Account' };
const keys = { partitionKey: 'crm', rowKey: 's|Account' };

let account: Account;
let state: StateStore;
let another: StateStore;
let damages: { file: string; lines: number }[];

beforeEach(async () => {
  const { connectionString } = await azurite();
  const place = { connectionString, ...placeOfItsOwn() };
  account = await accountAt(place);
  damages = [];
  state = tableState({ account, onDamage: (damage) => damages.push(damage) });
  another = tableState({ account: await accountAt(place) });
});

const raw = (partition: string, row: string) => account.table.getEntity<Record<string, unknown>>(partition, row);

describe('a state row', () => {
  test('shows what people look for as properties of their own, and the exact row as JSON', async () => {
    await state.write(key, undefined, stateRow());
    expect(await raw('crm', 's|Account')).toMatchObject({
      entity: 'Account',
      flow: 'crm',
      status: 'pass',
      watermark: '2026-11-19T23:59:59.123456Z',
      watermark_column: 'updated_at',
      rows_processed: '15420',
      last_run: '2026-11-20T08:00:01.000Z',
      version: 1,
      state: expect.stringContaining('"lineage":"lineage1"'),
    });
  });

  test('and its journal row are written together or not at all', async () => {
    const journal = journalRowOf('R1.1', '2026-11-20T08:00:00.000Z');
    await state.write(key, undefined, emptyRow);
    const etag = (await state.read(key))?.etag;
    await another.write(key, etag, { ...emptyRow, epoch: 1 });
    expect(await state.write(key, etag, stateRow(), journal)).toBe('moved');
    expect(await state.journal({})).toEqual([]);
    expect(await state.write(key, (await state.read(key))?.etag, stateRow(), journal)).toBe('written');
    expect(await state.journal({})).toEqual([journal]);
  });

  test('of several 64 KiB is spread over properties, emoji on their edges included', async () => {
    const binding = { source: '🪵'.repeat(60_001), target: `x${'🪵'.repeat(60_000)}`, watermark: '\u0000"\\' };
    await state.write(key, undefined, stateRow({ binding }));
    expect((await another.read(key))?.row.binding).toEqual(binding);
    expect(Object.keys(await raw('crm', 's|Account'))).toContain('state_8');
    await state.write(key, (await state.read(key))?.etag, stateRow());
    expect((await another.read(key))?.row).toEqual(stateRow());
  });

  test('beyond what a row takes is refused by name, and the row before it stands', async () => {
    await state.write(key, undefined, emptyRow);
    const binding = { source: 'x'.repeat(600_000), target: '', watermark: '' };
    const etag = (await state.read(key))?.etag;
    await expect(state.write(key, etag, stateRow({ binding }))).rejects.toMatchObject({ code: 'HYG-5007' });
    expect((await state.read(key))?.row).toEqual(emptyRow);
  });

  test('that could not be read again is not written', async () => {
    await expect(state.write(key, undefined, stateRow({ epoch: -1 }))).rejects.toMatchObject({ code: 'HYG-9403' });
    expect(await state.read(key)).toBeUndefined();
  });
});

describe('a row that is not as hygge wrote it stops its readers', () => {
  const change = (properties: object) => account.table.updateEntity({ ...keys, ...properties }, 'Merge');

  beforeEach(async () => {
    await state.write(key, undefined, stateRow());
  });

  test.each([
    ['torn JSON', { state: '{"entity":"Account","ver' }, 'HYG-5001'],
    ['an empty text', { state: '' }, 'HYG-5001'],
    ['JSON of something else', { state: '{"a":1}' }, 'HYG-5001'],
    ['an epoch that cannot be', { state: JSON.stringify({ epoch: -1 }) }, 'HYG-5001'],
    ['a newer format', { version: 6 }, 'HYG-5002'],
    ['a version that is none', { version: 'one' }, 'HYG-5003'],
  ])('%s', async (_, properties, code) => {
    await change(properties);
    const stopped = { code, tryThis: expect.arrayContaining([expect.any(String)]) };
    await expect(another.read(key)).rejects.toMatchObject(stopped);
  });

  test("something else's row", async () => {
    await account.table.upsertEntity({ ...keys, hello: 'world' }, 'Replace');
    await expect(another.read(key)).rejects.toMatchObject({ code: 'HYG-5003' });
  });

  test('a copy of another row, in its own flow or in another', async () => {
    const row = await raw('crm', 's|Account');
    await account.table.createEntity({ ...row, ...keys, rowKey: 's|Contact' });
    await account.table.createEntity({ ...row, ...keys, partitionKey: 'erp' });
    await expect(another.read({ flow: 'crm', entity: 'Contact' })).rejects.toMatchObject({ code: 'HYG-5004' });
    await expect(another.read({ flow: 'erp', entity: 'Account' })).rejects.toMatchObject({ code: 'HYG-5004' });
  });

  test('an object that is not JSON any more', async () => {
    await state.putObject(key, 'intents/1', { a: 1 });
    const blob = (await account.blobs()).getBlockBlobClient('crm/Account/intents/1.json');
    await blob.upload('{"a":', 5);
    await expect(another.getObject(key, 'intents/1')).rejects.toMatchObject({ code: 'HYG-5005' });
    await blob.upload('\x1f', 1);
    await expect(another.getObject(key, 'intents/1')).rejects.toMatchObject({ code: 'HYG-5005' });
  });
});
