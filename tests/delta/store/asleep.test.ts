/** A commit whose machine sleeps for a month, on a disk, as another reader sees the table afterwards. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { realClock } from '../../../src/adapters/real-clock.ts';
import { realRandom } from '../../../src/adapters/real-random.ts';
import { realScratch } from '../../../src/adapters/real-scratch.ts';
import { commitPath } from '../../../src/delta/log/listing.ts';
import { writeCheckpoint } from '../../../src/files/delta-store/checkpoint.ts';
import { DeltaHead } from '../../../src/files/delta-store/head.ts';
import { LogCache } from '../../../src/files/delta-store/log-cache.ts';
import { deltaStore } from '../../../src/files/delta-store/store.ts';
import type { FilePlace } from '../../../src/files/store/layout.ts';
import { sortedRuns } from '../../../src/files/store/staging/sorted-runs.ts';
import { localFileSystem } from '../../../src/filesystems/disk/local.ts';
import { parquetFormat } from '../../../src/formats/parquet/parquet.ts';
import type { FileSystem } from '../../../src/ports/filesystem.ts';
import { but } from '../../support/but.ts';
import { Bench } from '../../support/connector-conformance/bench.ts';
import { polarsFrame } from '../../support/connector-conformance/frames.ts';
import { localTable, noChdb, startChdb } from '../../support/delta/chdb/reader.ts';
import { row } from '../../support/sim/rows.ts';

const month = 30 * 24 * 3_600_000;
const place: FilePlace = { type: 'test', root: 'lake', folder: '', flow: 'f', entity: 'e', layout: 'plain', extension: '.parquet' };

it.skipIf(noChdb() !== '')('has each row once, behind fifty commits of another program and a cleaned log', async () => {
  const root = await mkdtemp(join(tmpdir(), 'hygge-asleep-'));
  const table = join(root, 'lake');
  const real = realClock();
  let slept = 0;
  const clock = { now: () => new Date(Date.parse(real.now()) + slept).toISOString(), monotonicMs: () => real.monotonicMs() };
  const disk = localFileSystem(table);
  /** Fifty entries and a checkpoint of the last of them, which is all that stays of the log. */
  const othersGoOn = async () => {
    slept += month;
    const lines = `${JSON.stringify({ commitInfo: { operation: 'WRITE', timestamp: Date.now() } })}\n`;
    for (let version = 1; version <= 50; version++) writeFileSync(join(table, commitPath(version)), lines);
    const found = await new DeltaHead(disk, place, { clock, checkpoint: async () => false, cache: new LogCache() }).table();
    if (found !== undefined) await writeCheckpoint({ files: disk, log: disk, table: found, at: Date.now() });
    for (const name of readdirSync(join(table, '_delta_log')))
      if (/^\d+\.json$/.test(name) && Number(name.slice(0, 20)) < 50) rmSync(join(table, '_delta_log', name));
  };
  let sleep: (() => Promise<void>) | undefined;
  const files = but<FileSystem>(disk, {
    put: async (path, body, condition) => {
      const before = path.includes('/commits/') ? sleep : undefined;
      if (before !== undefined) sleep = undefined;
      await before?.();
      return disk.put(path, body, condition);
    },
  });
  const scratch = realScratch({ folder: root });
  const store = { files, clock, where: 'lake', format: parquetFormat({}), targetBytes: 1_000_000, apart: sortedRuns() };
  const open = async (at: FilePlace = place) => deltaStore({ ...store, place: at, random: realRandom(), scratch });
  const bench = new Bench({
    ...{ open, at: (at) => open(at as unknown as FilePlace), frame: polarsFrame, settled: async () => [] },
    [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
  });
  await bench.settle(1, [{ rows: [row(1, 1)] }]);
  sleep = othersGoOn;
  await bench.settle(2, [{ rows: [row(2, 2)] }]);
  const names = readdirSync(join(table, '_delta_log'));
  expect(names.filter((name) => /^\d+\.json$/.test(name)).map((name) => Number(name.slice(0, 20)))).toEqual([50, 51]);
  await using chdb = startChdb();
  expect(await chdb.query(`select id, mark from ${localTable(table)} order by id`)).toEqual([
    { id: 1, mark: 1 },
    { id: 2, mark: 2 },
  ]);
  await rm(root, { recursive: true, force: true });
});
