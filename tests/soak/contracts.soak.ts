import { describe, expect, it } from 'vitest';
import { judgedIntoFiles, judgedIntoSqlite } from '../support/judged-kill-rounds.ts';
import { killRounds, seeded } from '../support/kill-rounds.ts';
import { SEED } from '../support/samples.ts';
import { SqliteTestFile } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { record } from './record.ts';

const kills = Number(process.env.HYGGE_KILLS ?? 50);

describe('real processes, and rows of which one in a hundred breaks a rule', () => {
  it.each(['a folder', 'SQLite'] as const)('killed at random moments on their way to %s', async (to) => {
    using file = new SqliteTestFile();
    const { flow, growing } = to === 'a folder' ? judgedIntoFiles : judgedIntoSqlite(file);
    using workspace = new TestWorkspace(flow);
    const { hit, rows } = await killRounds(workspace, kills, seeded(SEED), growing);
    record(
      `rows in quarantine, kill -9, ${to}`,
      `${kills} runs, ${hit} of them hit while at work (seed ${SEED}); ${rows.toLocaleString('en-US')} rows, settled + quarantined = source, each once, nothing left behind`,
    );
    expect(hit).toBeGreaterThan(kills / 4);
  });
});
