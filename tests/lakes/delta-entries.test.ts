/** An entry of the log that a lake answers with 500, whether it was written or not: the run finds out, and commits once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { byTime, codeOf, csv } from '../delta/store/store-scene.ts';
import { OtherCommitter } from '../support/delta/other-committer.ts';
import { duck } from '../support/duck.ts';
import type { Fault } from '../support/fault-proxy.ts';
import { type FaultyLake, faultyKinds } from '../support/lakes/faulty.ts';
import { TestWorkspace } from '../support/workspace.ts';

vi.mock('node:timers/promises', async (original) =>
  (await import('../support/lakes/no-pauses.ts')).withoutPauses(original as () => Promise<typeof import('node:timers/promises')>),
);

const written: Fault = { status: 500, code: 'InternalError', after: true };
const notWritten: Fault = { status: 500, code: 'InternalError' };

describe.each(faultyKinds().filter(({ name }) => name === 'adls' || name === 'gcs'))('an entry of the log on $name', (kind) => {
  let lake: FaultyLake;
  beforeAll(async () => {
    lake = await kind.start();
  });
  afterAll(() => lake[Symbol.asyncDispose]());

  /** The ids in the table, and its newest version. */
  async function found(table: string) {
    const folder = mkdtempSync(join(tmpdir(), 'hygge-table-'));
    try {
      await lake.download(table, folder);
      const { files, version } = new OtherCommitter(folder).state();
      const paths = files.map(({ path }) => `'${join(folder, decodeURIComponent(path))}'`);
      const rows = paths.length === 0 ? [] : await duck(`select id::varchar as id from read_parquet([${paths.join(', ')}]) order by id`);
      return { version, ids: rows.map(({ id }) => id).join(' ') };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  function scene(table: string) {
    const workspace = new TestWorkspace({
      'flows/f/flow.yml': `home: { path: in.csv }\nstore: ${lake.side(table, 'format: delta')}\n${byTime}`,
      '.env': Object.entries(lake.env)
        .map(([name, value]) => `${name}=${JSON.stringify(value)}\n`)
        .join(''),
    });
    const go = (source: string) => {
      workspace.write({ 'in.csv': source });
      return workspace.run(['go', '--output', 'json']);
    };
    return { workspace, go };
  }

  /** Every request that writes an entry of the log, up to so many, is answered so. Answers how many were. */
  function plant(fault: Fault, most: number): () => number {
    let met = 0;
    lake.rule(({ what, writes }) => {
      if (!writes || !what.includes('entry') || met >= most) return undefined;
      met++;
      return fault;
    });
    return () => met;
  }

  test.each([
    ['was written', written, 1],
    ['was not written twice', notWritten, 2],
  ] as const)('that is answered with 500 and %s is committed once', async (name, fault, times) => {
    const table = `tables/${name.replaceAll(' ', '-')}`;
    const { workspace, go } = scene(table);
    using _ = workspace;
    expect(codeOf(await go(csv([1, 1, 'a'], [2, 2, 'b'])))).toBeUndefined();
    const met = plant(fault, times);
    const run = await go(csv([1, 1, 'a'], [2, 2, 'b'], [3, 2, 'late'], [4, 3, 'c']));
    lake.rule(() => undefined);
    expect(met()).toBe(times);
    expect(run.events.at(-1)).toMatchObject({ pass: 1, error: 0 });
    expect(await found(table)).toEqual({ version: 1, ids: '1 2 3 4' });
    expect((await go(csv([1, 1, 'a'], [2, 2, 'b'], [3, 2, 'late'], [4, 3, 'c']))).events.at(-1)).toMatchObject({ skip: 1 });
  });
});
