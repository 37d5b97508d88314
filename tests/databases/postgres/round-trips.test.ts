import { expect, test } from 'vitest';
import type { Schema } from '../../../src/frames/schema.ts';
import { loaded, onPostgres, openDatabase, staged } from './support.ts';

onPostgres('what a store asks of PostgreSQL', () => {
  const schema: Schema = { columns: [{ name: 'id', type: { kind: 'int64' }, nullable: false }] };

  test('that its own tables are there is not believed for longer than they are', async () => {
    await using opened = await openDatabase();
    const store = await opened.store();
    await loaded(store, { epoch: 1, schema, rows: [[1n]] });
    await opened.db.sql('drop schema hygge_metadata, hygge_staging cascade');
    expect(await store.head()).toBeNull();
    expect(await store.inspect()).toMatchObject({ done: { content: 'foreign' } });
    await loaded(store, { epoch: 2, schema, rows: [[2n]] });
    await opened.db.sql('drop schema hygge_metadata, hygge_staging cascade');
    await expect(staged(store, { epoch: 3, schema, rows: [[3n]] })).rejects.toMatchObject({ code: 'HYG-4204' });
    expect(await staged(store, { epoch: 3, schema, rows: [[3n]] })).toMatchObject([{ rows: 1 }]);
  });
});
