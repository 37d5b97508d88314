import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import { collect } from '../support/collect.ts';
import { sampled } from '../support/samples.ts';
import { finishWorker, startWorker } from '../support/worker-process.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hygge-processes-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const decode = (body: Uint8Array): string => new TextDecoder().decode(body);

describe('several processes on one folder', () => {
  test('who compare and swap the same file: one winner for each step, and none is lost', async () => {
    const workers = Array.from({ length: 3 }, () => startWorker('file-worker.ts', [root, 'count', '20']));
    const won = await Promise.all(workers.map(finishWorker));
    expect(won.flat().sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    expect(decode(await localFileSystem(root).read('counter'))).toMatch(/^60 by /);
  });

  test('who append to the same file: every line is there, once and whole', async () => {
    const workers = Array.from({ length: 3 }, () => startWorker('file-worker.ts', [root, 'log', '20']));
    const said = await Promise.all(workers.map(finishWorker));
    const lines = decode(await localFileSystem(root).read('log')).split('\n');
    expect(lines.filter((line) => line !== '').sort()).toEqual(said.flat().sort());
  });
});

interface Report {
  readonly did: 'staged' | 'published' | 'appended' | 'created';
  readonly name: string;
}

/** Everything that is on the disk is whole, and everything that was answered is on the disk. Answers where the counter stands. */
async function checkAfterKill(reports: readonly (Report | number)[]): Promise<number> {
  const files = localFileSystem(root);
  for await (const { path } of files.list('data')) {
    const content = createHash('sha256')
      .update(await files.read(path))
      .digest('hex');
    expect(path).toBe(`data/${content}`);
  }
  const log = decode((await files.get('log'))?.body ?? new Uint8Array()).split('\n');
  const named = log.flatMap((line) => [...line.matchAll(/^\{"name":"(\w+)"\}$/g)].map((match) => match[1]));
  let counted = 0;
  for (const report of reports) {
    if (typeof report === 'number') counted = Math.max(counted, report);
    else if (report.did === 'published') expect(await files.stat(`data/${report.name}`)).toBeDefined();
    else if (report.did === 'appended') expect(named).toContain(report.name);
  }
  const counter = Number(/^(\d+) by \d+$/.exec(decode((await files.get('counter'))?.body ?? new Uint8Array()))?.[1] ?? 0);
  // At most one more than was answered: the swap whose answer the kill took away.
  expect([counted, counted + 1]).toContain(counter);
  return counter;
}

test('kill -9 at any moment leaves whole files, everything that was answered, no lock, and no litter for the next who comes', async () => {
  const reports: (Report | number)[] = [];
  let counter = 0;
  for (const lines of sampled([1, 2, 3, 4, 5, 7, 10, 13, 17, 23], 3)) {
    const worker = startWorker('file-worker.ts', [root, 'live']);
    let heard = 0;
    for await (const report of worker.said) {
      reports.push(report as Report | number);
      heard += 1;
      if (heard === lines) worker.process.kill('SIGKILL');
    }
    expect((await worker.ended).signal).toBe('SIGKILL');
    counter = await checkAfterKill(reports);
  }
  const [next] = await finishWorker(startWorker('file-worker.ts', [root, 'count', '1']));
  expect(next).toBe(counter + 1);
  const files = localFileSystem(root);
  await collect(files.list(''));
  await files.append('log', new TextEncoder().encode('{}'));
  expect((await readdir(root, { recursive: true })).filter((path) => path.includes('.hygge-tmp-'))).toEqual([]);
});
