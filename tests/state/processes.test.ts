import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import { filesState } from '../../src/state/files.ts';
import { sampled } from '../support/samples.ts';
import { finishWorker, startWorker } from '../support/worker-process.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hygge-state-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

async function epochs(): Promise<{ row: number; journal: number[] }> {
  const state = filesState({ files: localFileSystem(root) });
  const row = (await state.read({ flow: 'crm', entity: 'Account' }))?.row.epoch ?? 0;
  const journal = (await state.journal({})).map((each) => each.epoch);
  return { row, journal: journal.sort((a, b) => a - b) };
}

test('processes that move one row at once: every epoch is made once, and journalled once', async () => {
  const workers = Array.from({ length: 2 }, () => startWorker('state-worker.ts', [root, '6']));
  const said = await Promise.all(workers.map(finishWorker));
  expect(said.flat().sort((a, b) => Number(a) - Number(b))).toEqual(upTo(12));
  expect(await epochs()).toEqual({ row: 12, journal: upTo(12) });
});

test('kill -9 at any moment: the journal has exactly the epochs that the row went through', async () => {
  for (const moves of sampled([1, 2, 3, 5, 8, 13], 6)) {
    const worker = startWorker('state-worker.ts', [root]);
    let last = 0;
    let heard = 0;
    for await (const epoch of worker.said) {
      last = Number(epoch);
      heard += 1;
      if (heard === moves) worker.process.kill('SIGKILL');
    }
    await worker.ended;
    const { row, journal } = await epochs();
    expect([last, last + 1]).toContain(row);
    expect(journal).toEqual(upTo(row));
  }
});
