/** A person deletes the folder of a table while hygge publishes to it: Fabric waits for number 1 from then on, which no run may call a success. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Intent } from '../../src/engine/contracts/intent.ts';
import type { AppendableFileSystem } from '../../src/ports/filesystem.ts';
import { but } from '../support/but.ts';
import { run, text } from '../support/connector-conformance/bench.ts';
import { few, type LandingTables, startLandingTables, type LandingTable as Table } from '../support/fabric-replicator/landing-tables.ts';

let zone: LandingTables;
let files: AppendableFileSystem;
beforeAll(async () => {
  zone = await startLandingTables({ lastFileStays: true });
  ({ files } = zone);
});
afterAll(() => zone[Symbol.asyncDispose]());

const gone = expect.objectContaining({ code: 'HYG-4112' });
/** Nothing but that ends well: the entity can't be reset while a commit is decided. */
const goneWhileDecided = expect.objectContaining({
  code: 'HYG-4112',
  tryThis: [expect.stringContaining('hygge reset FLOW.ENTITY --discard, then hygge reset FLOW.ENTITY, then hygge go')],
});
const reason = { code: 'HYG-9000', reason: 'a test' };

async function deleteFolder({ folder }: Table): Promise<void> {
  const etag = await files.folderEtag?.(folder);
  if (etag !== undefined) expect(await files.removeFolder?.(folder, { ifMatch: etag })).toBe('removed');
}

/** Three parts, decided and not committed. */
async function decided({ bench }: Table, epoch: number, first: number): Promise<Intent> {
  const parts = await Promise.all(
    [0, 1, 2].map((slice) => bench.stage(run(epoch), [{ rows: few(first + slice, first + slice) }], { slice })),
  );
  return bench.decide(run(epoch), parts.flat());
}

/** The files of a table whose folder a person deletes before the `at`-th call that reads or writes its metadata or publishes a file. */
function deleting(table: Table, at: number): AppendableFileSystem {
  let calls = 0;
  const count = async () => {
    if (++calls === at) await deleteFolder(table);
  };
  return but(files, {
    get: async (path) => {
      if (path.endsWith('_metadata.json')) await count();
      return files.get(path);
    },
    publish: async (file) => {
      await count();
      return files.publish(file);
    },
  });
}

describe('a folder that is deleted', () => {
  test.each([2, 4])('while an increment is published, at call %i, ends the run, and each later one', async (at) => {
    const table = zone.newTable();
    expect(await table.bench.commit(await decided(table, 1, 1))).toBe('committed');
    expect(await table.replicated()).toEqual(text(few(1, 3)));
    const increment = await decided(table, 2, 4);
    await expect(table.over(deleting(table, at)).commit(increment)).rejects.toThrow(goneWhileDecided);
    expect((await (await table.bench.under.open()).head())?.id).not.toBe(increment.id);
    await expect(table.bench.commit(increment)).rejects.toThrow(goneWhileDecided);
    // What a person is told: the rest of the folder goes, and the commit with it.
    await deleteFolder(table);
    await table.replicated();
    expect(await (await table.bench.under.open()).giveUp(increment, reason, 'by force')).toEqual({ removed: [], fullNext: 'unclear' });
    await expect(table.bench.settle(3, [{ rows: few(9, 9) }])).rejects.toThrow(expect.objectContaining({ code: 'HYG-4121' }));
    await table.bench.settle(4, [{ rows: few(1, 6) }], { what: 'all', foreign: 'keep' });
    expect(await table.replicated()).toEqual(text(few(1, 6)));
  });

  test.each([4])('while a first load is published, at call %i, ends the run, and each later one', async (at) => {
    const table = zone.newTable();
    const load = await decided(table, 1, 1);
    await expect(table.over(deleting(table, at)).commit(load)).rejects.toThrow(goneWhileDecided);
    await expect(table.bench.commit(load)).rejects.toThrow(goneWhileDecided);
    expect(await (await table.bench.under.open()).head()).toBeNull();
    expect(await table.replicated()).toEqual([]);
  });

  test('after a run that published into what was left of it is found by the next one', async () => {
    const table = zone.newTable();
    expect(await table.bench.commit(await decided(table, 1, 1))).toBe('committed');
    await table.replicated();
    const increment = await decided(table, 2, 4);
    expect(await table.bench.commit(increment)).toBe('committed');
    await files.remove(`${table.folder}/_metadata.json`);
    await expect(table.bench.settle(3, [{ rows: few(9, 9) }])).rejects.toThrow(gone);
  });
});
