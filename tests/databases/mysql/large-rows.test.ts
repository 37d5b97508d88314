import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { inProcess } from '../../support/in-process.ts';
import { noOwnMariadb, ownMariadb } from '../../support/mariadb.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { connectionTo, openDatabase } from './support.ts';

const most = '--max-allowed-packet=1M';

async function loadedInto(options: readonly string[]) {
  await using server = await ownMariadb([most, ...options]);
  await using opened = await openDatabase(server);
  const { db, staging, metadata } = opened;
  using workspace = new TestWorkspace({
    'hygge.yml': `name: w\nconnections: { c: ${connectionTo(db)} }\n`,
    'flows/f/flow.yml': `home: { type: sqlite, path: shop.db, table: "{entity}" }
store: { connection: c, table: "{entity}", staging_schema: ${staging}, metadata_schema: ${metadata} }\nentities: [e]\n`,
  });
  const source = new DatabaseSync(workspace.path('shop.db'));
  source.exec(`create table e (id integer primary key, v blob); insert into e values (1, null), (2, zeroblob(700000)), (3, null)`);
  source.close();
  const hygge = (...args: readonly string[]) => inProcess(args, workspace.root, { SHOP_SECRET: db.password });
  const loaded = await hygge('go');
  const verified = loaded.code === 0 ? await hygge('verify', '--pause', '0s') : undefined;
  return { loaded, verified, lengths: loaded.code === 0 ? await db.sql('select id, length(v) from e order by id') : '' };
}

describe.skipIf(noOwnMariadb() !== '')('a row that is larger than max_allowed_packet', () => {
  test('settles, as the server takes files in any packets', async () => {
    const found = await loadedInto([]);
    expect(found.loaded.code, found.loaded.stdout).toBe(0);
    expect(found.lengths.trim()).toBe('1\tNULL\n2\t700000\n3\tNULL');
    expect(found.verified?.stdout).toContain('same: 3 rows on both sides');
  });

  test('is refused at once where rows are sent by INSERT, with what to do', async () => {
    const { loaded } = await loadedInto(['--local-infile=0']);
    expect(loaded.code).toBe(1);
    expect(loaded.stdout).toContain('HYG-4204');
    expect(loaded.stdout).toMatch(
      /A row needs a statement of 1,400,\d{3} bytes, but the server accepts 1,048,576 \(max_allowed_packet\)\./,
    );
    expect(loaded.stdout).toContain('SET GLOBAL local_infile = ON');
    expect(loaded.stdout).not.toContain('Trying again');
  });
});
