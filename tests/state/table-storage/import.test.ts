import { writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { realRandom } from '../../../src/adapters/real-random.ts';
import { bring } from '../../../src/cli/state/import.ts';
import type { StateStore } from '../../../src/ports/state.ts';
import { filesState } from '../../../src/state/files.ts';
import { hygge } from '../../cli/workspace.ts';
import { sharedAzurite } from '../../support/azurite.ts';
import { MemoryFileSystem } from '../../support/memory-filesystem.ts';
import { journalRowOf, stateRow } from '../../support/state-rows.ts';
import { placeOfItsOwn, tableStateAt } from '../../support/table-state.ts';
import { TestWorkspace } from '../../support/workspace.ts';

const azurite = sharedAzurite();

describe('hygge state import', () => {
  test('brings watermarks, taken files, schemas and journal to the cloud, and runs continue from there', async () => {
    using workspace = new TestWorkspace({
      'flows/f/flow.yml':
        'home: in/{entity}/*.parquet\nstore: lake\nrun_type: incremental\nentities:\n  - { name: a, watermark: { column: id } }\n  - b\n  - never\n',
    });
    for (const entity of ['a', 'b']) await workspace.parquet(`in/${entity}/0.parquet`, 'select range as id from range(10)');
    await workspace.parquet('in/never/0.parquet', 'select 1 as id');
    const run = (...args: string[]) => hygge(args, workspace.root);
    expect((await run('state', 'import')).stderr).toContain('HYG-1906');
    expect((await run('go', '-e', 'f.a', '-e', 'f.b')).stdout).toContain('PASS=2');
    const schemas = (await run('schema', 'show', 'f.a', '--history')).stdout;

    const place = { connectionString: (await azurite()).connectionString, ...placeOfItsOwn() };
    workspace.write({ '.env': `STATE=${place.connectionString}\n` });
    writeFileSync(
      workspace.path('hygge.yml'),
      `state: { type: table_storage, connection_string: "\${STATE}", table: ${place.table}, container: ${place.container} }\n`,
    );
    const imported = await run('state', 'import');
    expect(imported).toMatchObject({ code: 0, stderr: '' });
    expect(imported.stdout).toMatch(/✓ f\.a\n✓ f\.b\nState and journal are in table /);
    expect((await run('state', 'import', '--output', 'json')).stdout).toBe('');
    expect((await run('state', 'import')).stdout).toContain('nothing to move');

    expect((await run('schema', 'show', 'f.a', '--history')).stdout).toBe(schemas);
    expect((await run('journal', '--output', 'json')).stdout.trim().split('\n')).toHaveLength(2);
    expect((await run('go', '-e', 'f.a', '-e', 'f.b')).stdout).toContain('SKIP=2');
    for (const entity of ['a', 'b']) await workspace.parquet(`in/${entity}/1.parquet`, 'select range as id from range(10, 15)');
    expect((await run('go', '-e', 'f.a', '-e', 'f.b')).stdout).toContain('PASS=2');
    for (const entity of ['a', 'b']) expect(await workspace.settled(`lake/${entity}`, 'f', entity, 'lake')).toHaveLength(15);

    writeFileSync(workspace.path('hygge.yml'), 'name: test\n');
    expect((await run('go', '-e', 'f.a')).stdout).toContain('HYG-2016');
  });
});

describe('bringing one entity over', () => {
  const key = { flow: 'crm', entity: 'Account' };
  const around = { host: { fate: async () => 'alive' as const }, random: realRandom(), now: '2026-11-20T08:30:00.000Z' };
  const rest = { owner: null, pending: null };
  let from: StateStore;
  let to: StateStore;

  beforeEach(async () => {
    from = filesState({ files: new MemoryFileSystem() });
    to = await tableStateAt({ connectionString: (await azurite()).connectionString, ...placeOfItsOwn() });
  });

  test('is finished by a repeat after a crash at any point, even when runs continued meanwhile', async () => {
    await from.write(key, undefined, stateRow(rest), journalRowOf('R1.1', '2026-11-20T08:00:00.000Z'));
    await from.putObject(key, 'schemas/6', { version: 1 });
    await from.putObject(key, 'intents/6', { version: 1 });
    const dying: StateStore = {
      location: to.location,
      read: (one) => to.read(one),
      write: (...all) => to.write(...all),
      putObject: (...all) => to.putObject(...all),
      getObject: (...all) => to.getObject(...all),
      removeObjects: (...all) => to.removeObjects(...all),
      listObjects: (...all) => to.listObjects(...all),
      appendJournal: () => Promise.reject(new Error('died')),
      journal: (filter) => to.journal(filter),
      pruneJournal: (before) => to.pruneJournal(before),
      entities: () => to.entities(),
    };
    await expect(bring({ from, to: dying, key }, around)).rejects.toThrow('died');
    const there = await to.read(key);
    if (there?.row.settled == null) throw new Error('not there');
    await to.write(key, there.etag, { ...there.row, settled: { ...there.row.settled, id: 'newer' }, writeId: 'newer' });
    expect(await bring({ from, to, key }, around)).toBe('there already');
    expect((await to.read(key))?.row.settled?.id).toBe('newer');
    expect(await to.journal({})).toEqual([journalRowOf('R1.1', '2026-11-20T08:00:00.000Z')]);
    expect(await to.listObjects(key, '')).toEqual(['schemas/6']);
    expect((await from.read(key))?.row).toMatchObject({ settled: null, owner: null, epoch: 8 });
    expect(await bring({ from, to, key }, around)).toBe('nothing');
  });

  test('keeps off an entity that is at work, or has a decided commit', async () => {
    await from.write(key, undefined, stateRow({ pending: null }));
    await expect(bring({ from, to, key }, around)).rejects.toMatchObject({ code: 'HYG-1906', why: [expect.stringContaining('held by')] });
    await from.write(key, (await from.read(key))?.etag, stateRow({ owner: null }));
    await expect(bring({ from, to, key }, around)).rejects.toMatchObject({ code: 'HYG-1906', why: [expect.stringContaining('decided')] });
    expect(await to.read(key)).toBeUndefined();
  });

  test('keeps off a place that has a state of its own', async () => {
    await from.write(key, undefined, stateRow(rest));
    await to.write(key, undefined, stateRow({ ...rest, lineage: 'another' }));
    await expect(bring({ from, to, key }, around)).rejects.toMatchObject({
      code: 'HYG-1906',
      why: [expect.stringContaining('another state there')],
    });
    expect((await from.read(key))?.row.settled).not.toBeNull();
  });
});
