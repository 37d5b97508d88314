import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { loaded } from '../../support/commits.ts';
import { inProcess } from '../../support/in-process.ts';
import { noOwnMariadb, ownMariadb } from '../../support/mariadb.ts';
import { openedOnce } from '../../support/opened-once.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { connectionTo, type Opened, openDatabase } from './support.ts';

describe.skipIf(noOwnMariadb() !== '')('a row that is larger than max_allowed_packet', () => {
  const server = openedOnce(() => ownMariadb(['--max-allowed-packet=1M']));

  async function loadedInto({ db, staging, metadata }: Opened) {
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

  test('settles, as the server takes files in any packets', async () => {
    await using opened = await openDatabase(server);
    const found = await loadedInto(opened);
    expect(found.loaded.code, found.loaded.stdout).toBe(0);
    expect(found.lengths.trim()).toBe('1\tNULL\n2\t700000\n3\tNULL');
    expect(found.verified?.stdout).toContain('same: 3 rows on both sides');
  });

  test('is refused at once where rows are sent by INSERT, with what to do, and debug tells how they are sent', async () => {
    await using opened = await openDatabase(server);
    await opened.db.sql('set global local_infile = off');
    const columns = [{ name: 'id', type: { kind: 'int64' }, nullable: false } as const];
    await loaded(opened.store(), { epoch: 1, schema: { columns }, rows: [[1n]] });
    const findings = await opened.side.probe(opened.config() as never, opened.opening as never);
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
    expect(findings.map(({ what }) => what).join('\n')).toMatch(/sent by INSERT, because local_infile is off/);
    await opened.cleared();
    const { loaded: refused } = await loadedInto(opened);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('HYG-4204');
    expect(refused.stdout).toMatch(
      /A row needs a statement of 1,400,\d{3} bytes, but the server accepts 1,048,576 \(max_allowed_packet\)\./,
    );
    expect(refused.stdout).toContain('SET GLOBAL local_infile = ON');
    expect(refused.stdout).not.toContain('Trying again');
  });
});
