import { expect, test } from 'vitest';
import { day, sampled } from '../../support/day.ts';
import { growingIntoMariadb, killRounds, seeded } from '../../support/kill-rounds.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { onMariadb, openDatabase } from './support.ts';

onMariadb(`a table of MariaDB has each row once (SEED=${day})`, () => {
  test.each(sampled(['increments', 'full loads'] as const, 2))(
    'after hygge was killed at random in %s, with nothing left in staging',
    async (what) => {
      await using opened = await openDatabase();
      const { db, staging, metadata } = opened;
      const { flow, growing } = growingIntoMariadb(db, { staging, metadata, full: what === 'full loads' });
      using workspace = new TestWorkspace(flow);
      const { hit } = await killRounds(workspace, 5, seeded(day), growing);
      expect(hit).toBeGreaterThan(0);
    },
  );
});
