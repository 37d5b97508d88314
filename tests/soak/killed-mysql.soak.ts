import { expect, test } from 'vitest';
import { onMariadb, openDatabase } from '../databases/mysql/support.ts';
import { victims } from '../support/database-kill-rounds.ts';
import { growingIntoMariadb, killRounds, seeded } from '../support/kill-rounds.ts';
import { mariadbDatabase, noOwnMariadb, ownMariadb } from '../support/mariadb.ts';
import { mariadbRounds } from '../support/mariadb-kill-rounds.ts';
import { SEED } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

// On MySQL's own server too (`onMysql`).
onMariadb('a table of MariaDB or MySQL has each row once', () => {
  test.each(['increments', 'full loads'] as const)('after hygge was killed at random in %s, with nothing left in staging', async (what) => {
    await using opened = await openDatabase();
    const { db, staging, metadata } = opened;
    const { flow, growing } = growingIntoMariadb(db, { staging, metadata, full: what === 'full loads' });
    using workspace = new TestWorkspace(flow);
    const { hit } = await killRounds(workspace, 5, seeded(SEED), growing);
    expect(hit).toBeGreaterThan(0);
  });

  test.skipIf(noOwnMariadb() !== '').each(victims)('again and again after %s was killed in the middle of a flow', async (victim) => {
    await using server = await ownMariadb(['--innodb-flush-log-at-trx-commit=2']);
    await using db = await mariadbDatabase(server);
    await using rounds = await mariadbRounds(db, { server, step: 2_000, fraction: seeded(SEED), flows: 1 });
    let hit = 0;
    for (let n = 0; n < 5; n++) if (await rounds.round(victim)) hit++;
    expect(hit).toBeGreaterThan(0);
  });
});
