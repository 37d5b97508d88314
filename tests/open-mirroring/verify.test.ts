import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { client, workspace as fabricWorkspace } from '../support/azure-hosts/azure.ts';
import { attach, detach, lookup, newFile } from '../support/dfs/tree.ts';
import type { DeltaOptions, Fate } from '../support/fabric-replicator/delta-writer.ts';
import { type Fabric, mirror, startFabricHere } from '../support/fabric-replicator/fabric.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** What Fabric does wrong in the next turns. */
let fate: (row: Readonly<Record<string, unknown>>) => Fate = () => 'kept';
let stays: NonNullable<DeltaOptions['stays']> = () => false;
let columns: NonNullable<DeltaOptions['columns']> = (all) => all;
let wallTimes: NonNullable<DeltaOptions['wallTimes']> = 'timestamp_ntz';
let fabric: Fabric;
beforeAll(async () => {
  const delta: DeltaOptions = {
    fate: (row) => fate(row),
    stays: (row, table) => stays(row, table),
    columns: (all, table) => columns(all, table),
    get wallTimes() {
      return wallTimes;
    },
  };
  fabric = await startFabricHere({ replicator: { delta } });
});
afterAll(() => fabric[Symbol.asyncDispose]());
beforeEach(() => {
  fate = () => 'kept';
  stays = () => false;
  columns = (all) => all;
  wallTimes = 'timestamp_ntz';
});

const side = `type: open_mirroring, workspace: ${fabricWorkspace.id}, mirror_name: ${mirror.id}`;
const merging = 'watermark: { column: changed, key: [id] }';

interface Told {
  readonly verdict: string;
  readonly because: string | null;
  readonly by: string;
  readonly rows: Record<string, number> | null;
  readonly differences: Record<string, number> | null;
  readonly replica: { readonly version: number | null; readonly has_all: boolean | null; readonly missing: string | null } | null;
  readonly error: { readonly code: string; readonly why: readonly string[] } | null;
}

/** A flow of one table. */
function scene(table: string, { more = '', watermark = merging, store = side, home = 'in' } = {}) {
  const flow = `home: ${home}\nstore: { ${store} }\nrun_type: incremental\n${watermark}\n${more}entities: [${table}]\n`;
  const workspace = new TestWorkspace({ 'flows/up/flow.yml': flow });
  const run = (...args: string[]) => workspace.run(args, { env: fabric.azure.env });
  return {
    workspace,
    run,
    rows: (file: string, query: string) => workspace.parquet(`in/${table}/${file}.parquet`, query),
    async go(...args: string[]) {
      const { events, stdout, stderr } = await run('go', '--output', 'json', ...args);
      expect(events.at(-1), stdout + stderr).toMatchObject({ event: 'summary' });
      const messages = events.flatMap((event) => ('message' in event && typeof event.message === 'string' ? [event.message] : []));
      return { summary: events.at(-1), messages: messages.join('\n'), verified: events.find(({ event }) => event === 'verified') };
    },
    async verify(...args: string[]): Promise<Told & { readonly code: number | null }> {
      const { stdout, stderr, code } = await run('verify', `up.${table}`, '--pause', '0s', '--output', 'json', ...args);
      const told = stdout.trim() === '' ? undefined : (JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Told);
      if (told === undefined) throw new Error(stderr);
      return { ...told, code };
    },
    [Symbol.dispose]: () => workspace[Symbol.dispose](),
  };
}

const numbered = (from: number, to: number, day = 0) =>
  `select range::bigint as id, 'row ' || range || ' of day ${day}' as name, timestamp '2026-01-01' + interval (${day}) day + interval (range) second as changed from range(${from}, ${to})`;

/** A table with a commit that is applied. */
async function loaded(table: string, how?: Parameters<typeof scene>[1]) {
  const at = scene(table, how);
  await at.rows('0', numbered(0, 20));
  await at.go();
  await fabric.replicator.turn();
  return at;
}

/** The same with another one that updates and inserts rows. */
async function applied(table: string, how?: Parameters<typeof scene>[1]) {
  const at = await loaded(table, how);
  await at.rows('1', numbered(15, 25, 1));
  await at.go();
  await fabric.replicator.turn();
  return at;
}

describe('a mirrored table next to its source', () => {
  test('is the same after updates, which Fabric writes with deletion vectors, also by columns and in a range', async () => {
    using at = await applied('same');
    expect(await at.verify()).toMatchObject({
      ...{ verdict: 'same', because: 'as designed', by: 'checksums', code: 0, error: null },
      rows: { destination: 25, kept_as_newer: 5 },
      replica: { version: 1, has_all: null, missing: null },
    });
    expect(await at.verify('--columns', 'name')).toMatchObject({ verdict: 'same', rows: { destination: 25 } });
    expect(await at.verify('--range', '2026-01-02..2026-01-03')).toMatchObject({ verdict: 'same', rows: { source: 10, destination: 10 } });
    expect((await at.run('debug', 'up')).stdout).toContain('the mirrored table is at version 1');
  });

  test('is the same where Fabric keeps times without a zone as instants', async () => {
    wallTimes = 'timestamp';
    using at = await loaded('instants');
    expect(await at.verify('--range', '2026-01-01..2026-01-02')).toMatchObject({ verdict: 'same', rows: { destination: 20 }, error: null });
  });

  test('is found in the folder of the default schema', async () => {
    using at = await loaded('indbo');
    const item = lookup(fabric.azure.dfs.root('onelake', fabricWorkspace.id), mirror.id);
    if (item?.kind !== 'folder') throw new Error('no item');
    const folder = lookup(item, 'Tables/indbo');
    if (folder === undefined) throw new Error('no table');
    detach(item, 'Tables/indbo');
    attach(item, 'Tables/dbo/indbo', folder);
    expect(await at.verify()).toMatchObject({ verdict: 'same', rows: { destination: 20 } });
  });

  test('is the same with values of every type', async () => {
    using at = scene('types');
    await at.rows(
      '0',
      `select 1::bigint as id, true as b, 1::tinyint as i8, 4294967295::uinteger as u32, 18446744073709551615::ubigint as u64, 1.5::float as f32, 2.5::double as f64,
      12345678901234567890.123456789012345678::decimal(38,18) as amount, 'næme' as "a name, with ;", '\\x00FF'::blob as raw, uuid '6F1F9A4E-0b1e-4c1e-9b1e-0123456789ab' as guid,
      date '0099-12-31' as day, time '12:34:56.789' as clock, timestamp '2026-01-02 03:04:05.678901' as wall, [1, 2] as list, {'a': 1, 'b': null} as struct,
      timestamptz '2026-01-02 03:04:05.678901+02' as instant, timestamp '2026-01-01' as changed
      union all by name select 2::bigint as id, timestamp '2026-01-01' as changed`,
    );
    await at.go();
    await fabric.replicator.turn();
    expect(await at.verify()).toMatchObject({ verdict: 'same', rows: { source: 2, destination: 2 }, error: null });
  });

  test('has what deletes of the source took away, and a row that Fabric should have deleted: no comparison of keys would take it away', async () => {
    using at = scene('deleted', { more: 'deletes: { compare: 1d, max: 50% }\n', home: 'in/{entity}.parquet' });
    const rows = (query: string) => at.workspace.parquet('in/deleted.parquet', query);
    await rows(numbered(0, 20));
    await at.go();
    await fabric.replicator.turn();
    await rows(`${numbered(0, 5)} union all ${numbered(8, 20)}`);
    await at.go('--compare-deletes');
    expect((await at.verify()).verdict).not.toBe('differs');
    await fabric.replicator.turn();
    expect(await at.verify()).toMatchObject({ verdict: 'same', because: null, rows: { source: 17, destination: 17, deletes_due: 0 } });
    await rows(`${numbered(0, 5)} union all ${numbered(11, 20)}`);
    await at.go('--compare-deletes');
    stays = ({ id }) => Number(id) === 9;
    await fabric.replicator.turn();
    // While the file of the deletes is the last one, nothing but a count of Fabric's says that it was applied.
    const last = await at.verify();
    expect(last).toMatchObject({ verdict: 'not told', because: 'not replicated', code: 1 });
    expect(last.replica?.missing).toContain('lacks 1 row of the 3 that the last files changed');
    await rows(`${numbered(0, 5)} union all ${numbered(11, 21)}`);
    await at.go();
    await fabric.replicator.turn();
    expect(await at.verify()).toMatchObject({ verdict: 'differs', rows: { foreign: 1 }, replica: { has_all: true } });
  });
});

describe('what Fabric does wrong is a difference', () => {
  test('an update that never arrives, a row that arrives twice, and one that is lost', async () => {
    const fates: Readonly<Record<number, Fate>> = { 17: 'old', 18: 'lost', 22: 'twice' };
    using at = await loaded('faulty');
    await at.rows('0', `${numbered(0, 15)} union all ${numbered(15, 25, 1)}`);
    await at.go();
    fate = ({ id }) => fates[Number(id)] ?? 'kept';
    await fabric.replicator.turn();
    fate = () => 'kept';
    // Fabric says what it has counted, which no page defines, and its sync ends later.
    fabric.clock.now += 60_000;
    await fabric.replicator.turn();
    // Another commit, so that the file with the fault is not the last one.
    await at.rows('2', numbered(25, 26, 2));
    await at.go();
    fabric.clock.now += 60_000;
    await fabric.replicator.turn();
    expect(await at.verify()).toMatchObject({
      verdict: 'differs',
      differences: { changed: 1, only_in_destination: 1, only_in_source: 1 },
      replica: { version: 2, has_all: true, missing: null },
      code: 1,
    });
  });

  test('a column of another type, and one that no one settled', async () => {
    columns = (all) => [
      ...all.map((one) => (one.name === 'name' ? { ...one, type: 'BLOB' } : one)),
      { name: 'more', type: 'BIGINT', isNullable: true },
    ];
    using at = scene('retyped');
    await at.rows('0', numbered(0, 5));
    await at.go();
    await fabric.replicator.turn();
    const found = await at.verify();
    expect(found).toMatchObject({ verdict: 'not told', code: 1, error: { code: 'HYG-4122' } });
    expect(found.error?.why.join(' ')).toMatch(/name is binary, but string settled.*column more/);
  });
});

describe('a table that lags is not a difference', () => {
  test('before Fabric has made the table, and later with the version, and what is missing', async () => {
    using at = scene('lagging');
    await at.rows('0', numbered(0, 20));
    await at.go();
    expect(await at.verify()).toMatchObject({
      verdict: 'not told',
      because: 'not replicated',
      replica: { version: null, has_all: false },
      code: 1,
    });
    const { stdout } = await at.run('verify', 'up.lagging', '--pause', '0s');
    expect(stdout).toContain('Fabric has not made the table yet');
    expect(stdout).toContain('verify: { replicated: true }');
    await fabric.replicator.turn();
    await at.rows('1', numbered(15, 25, 1));
    await at.go();
    const found = await at.verify();
    expect(found).toMatchObject({ verdict: 'not told', because: 'not replicated', replica: { version: 0, has_all: false } });
    expect(found.replica?.missing).toContain('version 0 of the mirrored table lacks 10 rows of the');
  });

  test('also where the counts are equal, since an update changes none', async () => {
    using at = scene('counted', { more: 'verify: counts\n', home: 'in/{entity}.parquet' });
    await at.workspace.parquet('in/counted.parquet', numbered(0, 20));
    await at.go();
    await fabric.replicator.turn();
    await at.workspace.parquet('in/counted.parquet', `${numbered(0, 10)} union all ${numbered(10, 20, 1)}`);
    const run = await at.go();
    expect(run.verified).toMatchObject({ verdict: 'not told', by: 'counts', because: 'not replicated' });
    expect(run.summary).toMatchObject({ warn: 1, error: 0 });
    expect(run.messages).toContain('Fabric has not applied all settled rows yet');
    await fabric.replicator.turn();
    expect(await at.verify()).toMatchObject({ verdict: 'same', rows: { source: 20, destination: 20 } });
  });

  test('where the last file has rows that were there already, and one before it was not applied', async () => {
    using at = scene('again', { home: 'in/{entity}.parquet' });
    await at.workspace.parquet('in/again.parquet', numbered(0, 10));
    await at.go();
    await fabric.replicator.turn();
    await at.workspace.parquet('in/again.parquet', `${numbered(0, 5)} union all ${numbered(5, 10, 1)}`);
    await at.go();
    const backfill = ['backfill', 'up.again', '--from', '2026-01-01', '--to', '2026-01-02', '--output', 'json'];
    expect((await at.run(...backfill)).code).toBe(0);
    const found = await at.verify();
    expect(found).toMatchObject({ verdict: 'not told', because: 'not replicated', replica: { version: 0 } });
    expect(found.replica?.missing).toContain('lacks 5 rows of the 10');
    await fabric.replicator.turn();
    expect(await at.verify()).toMatchObject({ verdict: 'same', because: null });
  });

  test('where Fabric applies the rest while it is asked: the table is read again', async () => {
    using at = scene('meanwhile', { home: 'in/{entity}.parquet' });
    await at.workspace.parquet('in/meanwhile.parquet', numbered(0, 10));
    await at.go();
    await fabric.replicator.turn();
    await at.workspace.parquet('in/meanwhile.parquet', numbered(0, 10, 1));
    await at.go();
    let turned: Promise<void> | undefined;
    fabric.api.rule(() => {
      turned ??= fabric.replicator.turn();
      return { hold: turned };
    });
    try {
      expect(await at.verify()).toMatchObject({ verdict: 'same', because: null, replica: { version: 1 } });
      expect(turned).toBeDefined();
    } finally {
      fabric.api.rule(() => undefined);
    }
  });
});

describe('where the REST API can’t be asked', () => {
  test('the rows that wait in the landing zone tell', async () => {
    fabric.api.roles.set(client.principal, 'none');
    try {
      using at = scene('unasked');
      await at.rows('0', numbered(0, 20));
      await at.go();
      await fabric.replicator.turn();
      await at.rows('1', numbered(15, 25, 1));
      await at.go();
      expect(await at.verify()).toMatchObject({ verdict: 'not told', because: 'not replicated' });
      await fabric.replicator.turn();
      expect(await at.verify()).toMatchObject({ verdict: 'same' });
      // A row that other rows' files can't explain.
      await at.rows('2', numbered(25, 27, 2));
      fate = ({ id }) => (Number(id) === 26 ? 'twice' : 'kept');
      await at.go();
      await fabric.replicator.turn();
      expect(await at.verify()).toMatchObject({ verdict: 'differs', differences: { only_in_destination: 1 }, replica: { has_all: true } });
    } finally {
      fabric.api.roles.delete(client.principal);
    }
  });

  test('the files of Fabric’s own monitoring tell how far the replication is', async () => {
    fabric.api.roles.set(client.principal, 'none');
    const item = lookup(fabric.azure.dfs.root('onelake', fabricWorkspace.id), mirror.id);
    if (item?.kind !== 'folder') throw new Error('no item');
    const put = (name: string, content: object) => {
      const file = newFile(new Map(), new Map());
      file.content = Buffer.from(JSON.stringify(content));
      attach(item, `Files/Monitoring/${name}`, file);
    };
    try {
      using at = scene('monitored', { more: 'verify: { replicated: 1s, on_difference: fail }\n' });
      await at.rows('0', numbered(0, 10));
      const denied = await at.go();
      expect(denied.messages).toMatch(/HYG-6401|denies permission/);
      const metrics = { processedRows: 10, processedBytes: 1, lastSyncDateTime: '2099-01-01T00:00:00.0000000Z' };
      put('replicator.json', { status: 'Running' });
      put('tables.json', { tables: [{ sourceTableName: 'monitored', status: 'Replicating', metrics }] });
      const told = await at.go();
      expect(told.summary).toMatchObject({ skip: 1, warn: 0 });
      // What has no state of the database tells nothing.
      put('replicator.json', {});
      expect((await at.go()).messages).toMatch(/denies permission/);
    } finally {
      detach(item, 'Files/Monitoring');
      fabric.api.roles.delete(client.principal);
    }
  });
});
