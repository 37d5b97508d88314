import { beforeEach, describe, expect, test } from 'vitest';
import type { PlannedChange } from '../../../src/engine/contracts/catalog.ts';
import type { PlannedFilling } from '../../../src/engine/contracts/store.ts';
import type { Column, Schema } from '../../../src/frames/schema.ts';
import { decided, type Load, loaded } from '../../support/commits.ts';
import { openedOnce } from '../../support/opened-once.ts';
import { anew, type StoreServed, storeServed } from './support.ts';

const id: Column = { name: 'id', type: { kind: 'int64' }, nullable: false };
const note: Column = { name: 'note', type: { kind: 'string' }, nullable: true };
const of = (...columns: readonly Partial<Column>[]): Schema => ({ columns: [id, ...columns.map((one) => ({ ...note, ...one }))] });
const x = (length: number) => 'x'.repeat(length);
const merge = (...key: readonly string[]) => ({ mode: 'merge', key, why: 'key' }) as const;
const swap = { supersede: { what: 'all', foreign: 'keep' }, writing: { mode: 'swap', key: [], why: 'full_load' } } as const;

describe('texts in tables of SQL Server that hygge makes', () => {
  const served = openedOnce(() => storeServed());
  beforeEach(() => {
    served.tables.clear();
    served.tables.server = { edition: '2', version: '16.0.4135.4', objective: null, tier: null };
  });

  let epoch = 0;
  const settled = async (...texts: readonly (string | null)[]) => loads(of({}), texts);
  const loads = async (schema: Schema, texts: readonly (string | null)[], more: Partial<Load> = {}, own: StoreOf = {}) => {
    const rows = texts.map((text, at) => [BigInt(++epoch * 100 + at), text]);
    return loaded(served.store(own), { epoch, schema, rows, ...more });
  };
  type StoreOf = Parameters<StoreServed['store']>[0];
  const types = (table = 'dbo.e') => Object.fromEntries(served.tables.columnsOf(table).map(({ name, type }) => [name, type]));
  const texts = (table = 'dbo.e') => served.tables.rows(table).map((row) => row.note);
  const indexes = () =>
    served.tables.sqlite
      .prepare('select name from sys_indexes where tbl = ? order by name')
      .all('dbo.e')
      .map((row) => row.name);
  const asked = async (work: () => Promise<unknown>, pattern: RegExp) => {
    const from = served.server.requests.length;
    await work();
    return served.server.requests.slice(from).flatMap(({ sql }) => (pattern.test(sql.trim()) ? [sql.trim()] : []));
  };
  const planning = (more: Partial<PlannedFilling>): PlannedFilling => ({
    ...{ schema: of({}), mode: 'append', key: [], changes: [], ...anew },
    ...more,
  });
  const committedAs = { outcome: 'committed' };

  /** The type of each column, made by one load of a row. */
  const made = async (columns: readonly (Partial<Column> & { readonly name: string; readonly text: string })[]) => {
    const row = [BigInt(++epoch * 100), ...columns.map(({ text }) => text)];
    const load = { epoch, schema: of(...columns.map(({ text: _, ...column }) => column)), rows: [row] };
    expect(await loaded(served.store(), load)).toMatchObject(committedAs);
    expect(served.tables.rows('dbo.e').map((found) => Object.values(found).slice(1))).toEqual([row.slice(1)]);
    return columns.map(({ name }) => types()[name]);
  };

  test('the longest text that comes makes a column as long as a step of lengths', async () => {
    const steps = { 0: 50, 50: 50, 51: 100, 255: 255, 256: 450, 451: 850, 851: 2000, 4000: 4000, 4001: 'max' };
    const columns = Object.keys(steps).map((longest) => ({ name: `of ${longest}`, text: x(Number(longest)) }));
    expect(await made(columns)).toEqual(Object.values(steps).map((length) => `nvarchar(${length})`));
  });

  test('characters are counted as the server does: two for what is beyond the 65,536 first, and blanks at the end', async () => {
    await settled('😀'.repeat(25), ' '.repeat(50));
    expect(types().note).toBe('nvarchar(50)');
    await settled('😀'.repeat(26));
    expect(types().note).toBe('nvarchar(100)');
    await settled(`a${' '.repeat(100)}`);
    expect(types().note).toBe('nvarchar(255)');
    expect(texts()).toEqual(['😀'.repeat(25), ' '.repeat(50), '😀'.repeat(26), `a${' '.repeat(100)}`]);
  });

  test('what the source declares in characters makes a column as long', async () => {
    const declared = { 'varchar(30)': 30, 'character varying(120)': 120, 'NVARCHAR(4000)': 4000, 'char(3)': 3 };
    const none = { 'varchar(4001)': 50, varchar: 50, text: 50, 'decimal(20)': 50 };
    const lengths = Object.entries({ ...declared, ...none });
    const columns = lengths.map(([sourceType]) => ({ name: `as ${sourceType}`, sourceType, text: 'abc' }));
    expect(await made(columns)).toEqual(lengths.map(([, length]) => `nvarchar(${length})`));
  });

  test('what the source declares in characters is no limit: texts that need more make the column longer', async () => {
    const schema = of({ sourceType: 'varchar(5)' });
    await loads(schema, ['abcde']);
    expect(types().note).toBe('nvarchar(5)');
    expect(await loads(schema, ['😀😀😀'])).toMatchObject(committedAs);
    expect(types().note).toBe('nvarchar(50)');
    expect(await loads(of({ sourceType: 'varchar(70)' }), [x(60)])).toMatchObject(committedAs);
    expect(types().note).toBe('nvarchar(70)');
  });

  test('schema_overrides wins, and so do documents: they have no length', async () => {
    await loads(of({ override: { declared: 'nvarchar(7)', most: 7 }, sourceType: 'varchar(30)' }), ['abc']);
    expect(types().note).toBe('nvarchar(7)');
    await loads(of({ type: { kind: 'json' } }), ['{}'], {}, { table: 'dbo.documents' });
    expect(types('dbo.documents').note).toBe('nvarchar(max)');
  });

  test('a longer text makes its column longer in the transaction that brings it, and a shorter one never makes it shorter', async () => {
    await settled('a');
    const altered = await asked(() => settled(x(51)), /^alter table/);
    expect(altered).toEqual(['alter table [dbo].[e] alter column [note] nvarchar(100) COLLATE SQL_Latin1_General_CP1_CI_AS null']);
    expect(await asked(() => settled('b'), /^alter table/)).toEqual([]);
    expect(types().note).toBe('nvarchar(100)');
    expect(texts()).toEqual(['a', x(51), 'b']);
  });

  test('a column that is added is as long as it comes, also next to one that is renamed', async () => {
    await loads(of({}), ['a']);
    const changes: readonly PlannedChange[] = [
      { change: 'add column', column: { ...note, name: 'more' }, how: 'in place' },
      { change: 'rename column', column: 'note', to: 'remark', how: 'in place' },
    ];
    const rows = [[++epoch * 100, x(60), x(300)]].map(([n, ...rest]) => [BigInt(n as number), ...rest]);
    const schema = of({ name: 'remark' }, { name: 'more' });
    expect(await loaded(served.store(), { epoch, schema, changes, rows })).toMatchObject(committedAs);
    expect(types()).toEqual({ id: 'bigint', remark: 'nvarchar(100)', more: 'nvarchar(450)' });
  });

  test('a full load leaves the table and its lengths, and makes longer what is too short', async () => {
    await settled(x(60));
    const swapped = (text: string) => asked(() => loads(of({}), [text], swap), /SWITCH|sp_rename|^alter table/);
    expect(await swapped('a')).toEqual([expect.stringContaining('SWITCH')]);
    expect(types().note).toBe('nvarchar(100)');
    expect(await swapped(x(101))).toEqual([
      expect.stringContaining('alter column [note] nvarchar(255)'),
      expect.stringContaining('SWITCH'),
    ]);
    expect([types().note, texts()]).toEqual(['nvarchar(255)', [x(101)]]);
    expect(indexes()).toEqual(['hygge_columns']);
    const store = await served.store();
    expect(await store.inspect()).toMatchObject({ done: { content: 'ours', catalog: { dependents: [] } } });
    const planned = planning({ mode: 'swap' });
    expect((await store.notesOnPlan?.(planned))?.notes).toMatchObject([
      { code: 'database.table_stays' },
      { code: 'database.counted_alone' },
    ]);
  });

  test('a text that is too long for a table of yours ends the load with column, key and both lengths, and changes nothing', async () => {
    served.tables.run('create table [dbo].[e] ([id] bigint, [note] nvarchar(5))');
    await loads(of({}), ['short']);
    const load = decided(served.store(), {
      epoch: ++epoch,
      schema: of({}),
      writing: merge('id'),
      rows: [
        [7n, x(61)],
        [8n, 'longer'],
      ],
    });
    await expect(load).rejects.toMatchObject({
      code: 'HYG-4234',
      what: expect.stringContaining('note of'),
      why: [expect.anything(), 'The longest value has 61 characters, but the column accepts 5: id 7.'],
      tryThis: expect.arrayContaining([expect.stringContaining('alter column [note] nvarchar(max)')]),
    });
    expect([types().note, texts()]).toEqual(['nvarchar(5)', ['short']]);
  });

  test('a key of texts has an index as long as one takes it; then it goes, and the rows stay', async () => {
    const keyed = of({ nullable: false });
    const byNote = { writing: merge('note') };
    await loads(keyed, ['a'], byNote);
    expect(indexes()).toEqual(['hygge_columns', 'hygge_key']);
    for (const [length, left] of [
      [850, ['hygge_columns', 'hygge_key']],
      [851, ['hygge_columns']],
      [4001, ['hygge_columns']],
    ] as const) {
      expect(await loads(keyed, [x(length)], byNote)).toMatchObject(committedAs);
      expect(indexes()).toEqual(left);
    }
    expect(types().note).toBe('nvarchar(max)');
    expect(texts()).toHaveLength(4);
  });

  test('SQL Server 2016 makes a columnstore of texts, and lets go of it when one has no length any more', async () => {
    served.tables.server = { edition: '2', version: '13.0.5026.0', objective: null, tier: null };
    const planned = planning({ key: ['note'] });
    const { notes = [] } = (await (await served.store()).notesOnPlan?.(planned)) ?? {};
    expect(notes.map(({ text }) => text.replace(/sqlserver \S+/, 'it'))).toEqual([
      'texts of it dbo.e become nvarchar with the length of the longest text seen: note',
      expect.stringMatching(/^it dbo.e is a columnstore while no text has more than 4,000 characters: /),
      'the key of it dbo.e gets an index while its texts have no more than 850 characters: note',
      expect.stringMatching(/^after staging, note \(string\) is compared only by rows and nulls/),
    ]);
    await settled('a');
    expect(indexes()).toEqual(['hygge_columns']);
    expect(await settled(x(4001))).toMatchObject(committedAs);
    expect([indexes(), texts()]).toEqual([[], ['a', x(4001)]]);
  });

  test('a columnstore that is asked for on SQL Server 2016 is refused once a text is too long for it, and nothing settles', async () => {
    served.tables.server = { edition: '2', version: '13.0.5026.0', objective: null, tier: null };
    const outcome = await loads(of({}), [x(4001)], {}, { own: { storage: 'columnstore' } });
    expect(outcome).toMatchObject({ outcome: 'refused', because: { code: 'HYG-4241' } });
    expect(types()).toEqual({});
  });
});
