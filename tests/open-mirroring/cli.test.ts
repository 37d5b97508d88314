// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { workspace as fabricWorkspace } from '../support/azure-hosts/azure.ts';
import { attach, lookup, newFile } from '../support/dfs/tree.ts';
import { duck } from '../support/duck.ts';
import { type Fabric, mirror, replicating, startFabricHere } from '../support/fabric-replicator/fabric.ts';
import { numbered, parquetOf } from '../support/fabric-replicator/scene.ts';
import { TestWorkspace } from '../support/workspace.ts';

let fabric: Fabric;
beforeAll(async () => {
  fabric = await startFabricHere();
});
afterAll(() => fabric[Symbol.asyncDispose]());

const byName = `type: open_mirroring, workspace: ${fabricWorkspace.name}, mirror_name: ${mirror.name}`;
const byId = `type: open_mirroring, workspace: ${fabricWorkspace.id}, mirror_name: ${mirror.id}`;

const go = async (workspace: TestWorkspace, ...args: string[]) => {
  const run = await workspace.run(['go', '--output', 'json', ...args], { env: fabric.azure.env });
  expect(run.stdout + run.stderr).not.toContain(fabric.azure.env.AZURE_CLIENT_SECRET);
  return { ...run, summary: run.events.at(-1) as Record<string, unknown> | undefined };
};

/** The rows of a query or table of Fabric's, as sorted texts. */
async function mirrored(table: string, columns: string): Promise<readonly string[]> {
  await fabric.replicator.turn();
  const rows = await fabric.replicator.query(`select ${columns} from "${table}"`);
  return rows.map((row) => JSON.stringify(Object.values(row).map(String))).sort();
}

async function ofSource(query: string): Promise<readonly string[]> {
  const rows = await duck(query);
  return rows.map((row) => JSON.stringify(Object.values(row).map(String))).sort();
}

const violations = (table: string) =>
  fabric.replicator.violations.filter((one) => one.table === table).map(({ rule, detail }) => `${rule}: ${detail}`);

const shop = (from: number, to: number, day: number) =>
  `select range::bigint as id, 'näme ' || range as name, range * 0.5 as amount, timestamp '2026-01-01' + interval (${day}) day + interval (range) second as changed from range(${from}, ${to})`;

describe('a flow into a mirrored database', () => {
  // Addressed by GUIDs they settle in verify.test.ts.
  test('settles a first load and increments, addressed by names', async () => {
    const table = 'byname';
    using workspace = new TestWorkspace({
      'flows/up/flow.yml': `home: in\nstore: { schema: sales, ${byName} }\nrun_type: incremental\nwatermark: { column: changed, key: [id] }\nentities: [${table}]\n`,
    });
    const all = `select id, name, amount, changed::varchar from '${workspace.path('in', table)}/*.parquet' qualify row_number() over (partition by id order by changed desc) = 1`;
    await workspace.parquet(`in/${table}/0.parquet`, shop(0, 30, 0));
    expect((await go(workspace)).summary).toMatchObject({ event: 'summary', pass: 1, rows: 30 });
    expect(await mirrored(`sales.${table}`, 'id, name, amount, changed::varchar')).toEqual(await ofSource(all));
    // Changed rows and new ones.
    await workspace.parquet(`in/${table}/1.parquet`, shop(20, 40, 1));
    expect((await go(workspace)).summary).toMatchObject({ pass: 1, rows: 20 });
    expect(await mirrored(`sales.${table}`, 'id, name, amount, changed::varchar')).toEqual(await ofSource(all));
    expect((await go(workspace)).summary).toMatchObject({ skip: 1, rows: 0 });
    expect(violations(`sales.${table}`)).toEqual([]);
    expect(fabric.azure.hosts.refused).toEqual([]);
  });
});

/** A flow of one table with a key, from files. */
const upserting = (entity: string, more = '') =>
  `home: in\nstore: { ${byName} }\nrun_type: incremental\nwatermark: { column: changed, key: [id] }\n${more}entities: [${entity}]\n`;

describe('values of every type', () => {
  const values = `select 1::bigint as id, true as b, 1::tinyint as i8, 2::smallint as i16, 3::integer as i32, 4::utinyint as u8, 5::usmallint as u16,
    4294967295::uinteger as u32, 18446744073709551615::ubigint as u64, 1.5::float as f32, 2.5::double as f64,
    12345678901234567890.123456789012345678::decimal(38,18) as amount, 'næme' as name, '\\x00FF'::blob as raw, uuid '6f1f9a4e-0b1e-4c1e-9b1e-0123456789ab' as guid,
    date '0099-12-31' as day, time '12:34:56.789' as clock, timestamp '2026-01-02 03:04:05.678901' as wall,
    timestamptz '2026-01-02 03:04:05.678901+02' as instant, timestamp '2026-01-01' as changed`;

  test('arrive as they are, or as the wider type that Fabric has', async () => {
    using workspace = new TestWorkspace({ 'flows/up/flow.yml': upserting('alltypes') });
    await workspace.parquet(
      'in/alltypes/0.parquet',
      `${values} union all by name select 2::bigint as id, timestamp '2026-01-01' as changed`,
    );
    expect((await go(workspace)).summary).toMatchObject({ pass: 1, rows: 2 });
    await fabric.replicator.turn();
    const [row, empty] = await fabric.replicator.query('select * from alltypes order by id');
    expect(row).toMatchObject({
      ...{
        b: true,
        i8: 1,
        i16: 2,
        i32: 3,
        u8: 4,
        u16: 5,
        f32: 1.5,
        f64: 2.5,
        name: 'næme',
        day: '0099-12-31',
        clock: '12:34:56.789000000',
      },
      ...{ u32: '4294967295', u64: '18446744073709551615', amount: '12345678901234567890.123456789012345678' },
      ...{ guid: '6f1f9a4e-0b1e-4c1e-9b1e-0123456789ab', wall: '2026-01-02 03:04:05.678901', raw: expect.stringContaining('FF') },
    });
    expect(new Date(String(row?.instant)).toISOString()).toBe('2026-01-02T01:04:05.678Z');
    expect(Object.values(empty ?? {}).filter((value) => value !== null)).toHaveLength(2);
    expect(violations('alltypes')).toEqual([]);
  });
});

describe('lists and structs', () => {
  const rows = (id: number, nested: string) =>
    `select ${id}::bigint as id, ${nested}, timestamp '2026-01-01' + interval (${id}) day as changed`;
  const documents = () => mirrored('nested', 'id, lines, address');

  test('arrive as JSON texts, which the plan says; a field more is in the texts from then on', async () => {
    using workspace = new TestWorkspace({ 'flows/up/flow.yml': upserting('nested', 'schema: { mode: adapt }\n') });
    await workspace.parquet(
      'in/nested/0.parquet',
      `${rows(1, "[{sku: 'a', price: 9.50::decimal(10,2)}, null] as lines, {street: 'Nørregade \"1\"', zip: 12::bigint} as address")} union all by name ${rows(2, 'null as lines, null as address')}`,
    );
    const { events } = await go(workspace, '--dry-run');
    expect(events.find(({ event }) => event === 'plan')).toMatchObject({
      schema: expect.arrayContaining([expect.objectContaining({ name: 'lines', store_type: 'json', fidelity: 'widened' })]),
    });
    expect((await go(workspace)).summary).toMatchObject({ pass: 1, rows: 2 });
    const first = [
      ['1', '[{"sku":"a","price":9.50},null]', '{"street":"Nørregade \\"1\\"","zip":12}'],
      ['2', 'null', 'null'],
    ].map((row) => JSON.stringify(row));
    expect(await documents()).toEqual(first);
    expect(await mirrored('nested', 'lines is null, typeof(lines)')).toEqual(['["false","VARCHAR"]', '["true","VARCHAR"]']);
    await workspace.parquet(
      'in/nested/1.parquet',
      rows(3, "[{sku: 'b', price: 1::decimal(10,2)}] as lines, {street: 'x', zip: 1::bigint, city: 'y'} as address"),
    );
    const next = await go(workspace);
    expect(next.events.filter(({ event }) => event === 'error')).toEqual([]);
    expect(await documents()).toEqual([...first, JSON.stringify(['3', '[{"sku":"b","price":1.00}]', '{"street":"x","zip":1,"city":"y"}'])]);
    expect(violations('nested')).toEqual([]);
  });
});

describe('columns that change', () => {
  /** One row a file: a watermark that rises, and whatever else. */
  const rows = (id: number, more: string) => `select ${id}::bigint as id, timestamp '2026-01-01' + interval (${id}) day as changed${more}`;

  test('an added one is added, one that is gone is null from then on, and one of another type stops the run before a row moves', async () => {
    using workspace = new TestWorkspace({ 'flows/up/flow.yml': upserting('drifting', 'schema: { mode: adapt }\n') });
    const next = async (id: number, more: string) => {
      await workspace.parquet(`in/drifting/${id}.parquet`, rows(id, more));
      return go(workspace);
    };
    expect((await next(1, ", 'a' as kept, 'x' as gone")).summary).toMatchObject({ pass: 1 });
    expect((await next(2, ", 'b' as kept, 'x' as gone, 7 as added")).summary).toMatchObject({ error: 0, rows: 2 });
    expect(await mirrored('drifting', 'id, kept, gone, added')).toEqual(['["1","a","x","null"]', '["2","b","x","7"]']);
    expect((await next(3, ", 'c' as kept, 8 as added")).summary).toMatchObject({ error: 0 });
    const settled = ['["1","a","x","null"]', '["2","b","x","7"]', '["3","c","null","8"]'];
    expect(await mirrored('drifting', 'id, kept, gone, added')).toEqual(settled);
    const { summary, events } = await next(4, ", 'd' as kept, 7000000000 as added");
    expect(summary).toMatchObject({ error: 1, rows: 0 });
    expect(events).toContainEqual(expect.objectContaining({ event: 'error', code: 'HYG-4116' }));
    expect(await mirrored('drifting', 'id, kept, gone, added')).toEqual(settled);
    expect(violations('drifting')).toEqual([]);
  });
});

describe('rows without a key', () => {
  const inserting = (entity: string, watermark: string) =>
    `home: in\nstore: { ${byName} }\nrun_type: incremental\n${watermark}\nentities: [${entity}]\n`;

  test('are inserted once, equal ones as well', async () => {
    const table = 'appended';
    using workspace = new TestWorkspace({ 'flows/up/flow.yml': inserting(table, 'watermark: { column: changed, boundary: open }') });
    const all = `select id, name, changed::varchar from '${workspace.path('in', table)}/*.parquet'`;
    await workspace.parquet(`in/${table}/0.parquet`, `${shop(0, 100, 0)} union all ${shop(0, 10, 0)}`);
    expect((await go(workspace)).summary).toMatchObject({ pass: 1, rows: 110 });
    expect((await go(workspace)).summary).toMatchObject({ skip: 1 });
    await workspace.parquet(`in/${table}/1.parquet`, shop(50, 150, 1));
    expect((await go(workspace)).summary).toMatchObject({ pass: 1, rows: 100 });
    expect(await mirrored(table, 'id, name, changed::varchar')).toEqual(await ofSource(all));
    expect(violations(table)).toEqual([]);
  });

  test.each([
    ['a closed boundary', 'watermark: { column: changed }', 'HYG-2014', 'watermark.key'],
    ['an overlap', 'watermark: { column: changed, boundary: open, overlap: 2d }', 'HYG-2014', 'window of rows'],
  ])('are refused before a row is read, where they would be inserted twice: %s', async (_, watermark, code, says) => {
    using workspace = new TestWorkspace({ 'flows/up/flow.yml': inserting('doubling', watermark) });
    await workspace.parquet('in/doubling/0.parquet', shop(0, 10, 0));
    const { events, stdout } = await go(workspace);
    expect(events).toContainEqual(expect.objectContaining({ event: 'error', code }));
    expect(stdout).toContain(says);
    await fabric.replicator.turn();
    expect(fabric.replicator.table('doubling')).toBeUndefined();
  });
});

describe('rows that are read again by their key', () => {
  const row = (id: number, day: number, name: string) =>
    `select ${id}::bigint as id, '${name}' as name, timestamp '2026-01-01' + interval (${day}) day as changed`;
  const stands = async (workspace: TestWorkspace, table: string) => {
    const newest = `select id, name, changed::varchar from '${workspace.path('in', table)}/*.parquet' qualify row_number() over (partition by id order by changed desc) = 1`;
    expect(await mirrored(table, 'id, name, changed::varchar')).toEqual(await ofSource(newest));
    expect(violations(table)).toEqual([]);
  };

  test('by an overlap are there once, late ones as well', async () => {
    using workspace = new TestWorkspace({
      'flows/up/flow.yml': upserting('overlapping').replace('key: [id]', 'key: [id], overlap: 3d'),
    });
    await workspace.parquet('in/overlapping/0.parquet', `${row(1, 1, 'a')} union all ${row(2, 9, 'b')} union all ${row(3, 10, 'c')}`);
    expect((await go(workspace)).summary).toMatchObject({ pass: 1, rows: 3 });
    await stands(workspace, 'overlapping');
    await workspace.parquet('in/overlapping/1.parquet', `${row(4, 8, 'late')} union all ${row(5, 11, 'new')}`);
    const second = await go(workspace);
    expect(second.summary).toMatchObject({ pass: 1, rows: 4 });
    expect(second.stdout).toContain('open_mirroring.range_by_key');
    await stands(workspace, 'overlapping');
    expect((await go(workspace)).summary).toMatchObject({ error: 0 });
    await stands(workspace, 'overlapping');
  });

  test('by a backfill are there once, and one without a key is refused', async () => {
    const files = { 'flows/up/flow.yml': upserting('backfilled') };
    using workspace = new TestWorkspace(files);
    await workspace.parquet('in/backfilled/0.parquet', [1, 2, 3, 20].map((id) => row(id, id, 'first')).join(' union all '));
    expect((await go(workspace)).summary).toMatchObject({ pass: 1, rows: 4 });
    await workspace.parquet('in/backfilled/0.parquet', [1, 2, 3, 4, 20].map((id) => row(id, id, 'corrected')).join(' union all '));
    const backfill = (...more: string[]) =>
      workspace.run(['backfill', 'up.backfilled', '--from', '2026-01-01', '--to', '2026-01-10', ...more], { env: fabric.azure.env });
    for (let time = 0; time < 2; time++) {
      const done = await backfill('--again');
      expect(done).toMatchObject({ code: 0, stderr: '' });
      expect(done.stdout).toContain('Backfill done: 4 rows loaded, updated or inserted by their key');
      expect(done.stdout).toContain('4 rows, updated or inserted by their key');
      expect(done.stdout).not.toMatch(/than before|Replacing the range/);
      expect(await mirrored('backfilled', 'id, name')).toEqual([
        '["1","corrected"]',
        '["2","corrected"]',
        '["20","first"]',
        '["3","corrected"]',
        '["4","corrected"]',
      ]);
    }
    expect(violations('backfilled')).toEqual([]);
    workspace.write({ 'flows/up/flow.yml': files['flows/up/flow.yml'].replace('key: [id]', 'boundary: open') });
    const refused = await backfill('--again');
    expect(refused.code).not.toBe(0);
    expect(refused.stdout + refused.stderr).toContain('HYG-2014');
  });
});

test('a key of five columns is a warning of the first run', async () => {
  using workspace = new TestWorkspace({
    'flows/up/flow.yml': upserting('widekey').replace('key: [id]', 'key: [id, b, c, d, e]'),
  });
  await workspace.parquet('in/widekey/0.parquet', `select *, 1 as b, 2 as c, 3 as d, 4 as e from (${shop(0, 10, 0)})`);
  const first = await go(workspace);
  expect(first.summary).toMatchObject({ warn: 1, rows: 10 });
  expect(first.stdout).toContain('open_mirroring.wide_key');
});

/** The folder of a table in the landing zone; absent: there is none. */
const landingFolder = (table: string) =>
  lookup(fabric.azure.dfs.root('onelake', fabricWorkspace.id), `${mirror.id}/Files/LandingZone/${table}`);

/** Deletes the folder of a table, as a person does it. */
function deleteFolder(table: string): void {
  const zone = lookup(fabric.azure.dfs.root('onelake', fabricWorkspace.id), `${mirror.id}/Files/LandingZone`);
  if (zone?.kind !== 'folder') throw new Error('there is no landing zone');
  zone.children.delete(table);
}

describe('a full load in the place of rows', () => {
  test('makes the table again, and says what it waits for', async () => {
    using workspace = new TestWorkspace({ 'flows/up/flow.yml': upserting('anew') });
    await workspace.parquet('in/anew/0.parquet', shop(0, 100, 0));
    await workspace.parquet('in/anew/1.parquet', shop(100, 200, 0));
    expect((await go(workspace)).summary).toMatchObject({ pass: 1, rows: 200 });
    expect(await mirrored('anew', 'id')).toHaveLength(200);
    rmSync(workspace.path('in/anew/1.parquet'));
    const dry = await go(workspace, '-d', '--dry-run');
    expect([dry.code, dry.stdout]).toEqual([0, expect.stringContaining('open_mirroring.made_anew')]);
    {
      const running = go(workspace, '-d');
      // A look at the table takes two requests. Fabric begins to work during the second look, after the run has waited.
      await expect.poll(() => landingFolder('anew'), { timeout: 60_000 }).toBeUndefined();
      const asked = fabric.api.seen.length;
      await expect.poll(() => fabric.api.seen.length, { timeout: 60_000 }).toBeGreaterThan(asked + 2);
      await using _ = replicating(fabric);
      const anew = await running;
      // Half of the rows are gone from the source.
      expect(anew.summary).toMatchObject({ warn: 1, rows: 100 });
      const waits = anew.events.flatMap((event) => (event.event === 'progress' && event.waits_for !== undefined ? [event.waits_for] : []));
      expect(new Set(waits)).toEqual(new Set(['Fabric has to remove the table from the mirrored database first']));
    }
    expect(await mirrored('anew', 'id')).toHaveLength(100);
    await workspace.parquet('in/anew/2.parquet', shop(50, 150, 1));
    expect((await go(workspace)).summary).toMatchObject({ pass: 1, rows: 100 });
    expect(await mirrored('anew', 'id')).toHaveLength(150);
    expect(violations('anew')).toEqual([]);
  });

  test('makes a table again of which Fabric has removed numbers that nothing tells of, as the error advises', async () => {
    using workspace = new TestWorkspace({ 'flows/up/flow.yml': upserting('removed') });
    const all = `select id, changed::varchar from '${workspace.path('in/removed')}/*.parquet'`;
    await workspace.parquet('in/removed/0.parquet', shop(0, 20, 0));
    expect((await go(workspace)).summary).toMatchObject({ pass: 1, rows: 20 });
    await workspace.parquet('in/removed/1.parquet', shop(20, 30, 1));
    // OneLake is out of reach after the rename, before the record of it.
    let isRenamed = false;
    fabric.azure.dfs.rule(({ method, path }) => {
      if (method === 'PUT' && /removed\/\d{20}\.parquet$/.test(path)) isRenamed = true;
      else if (isRenamed && method !== 'GET' && method !== 'HEAD') return { status: 403, code: 'AuthorizationPermissionMismatch' };
      return undefined;
    });
    expect((await go(workspace).finally(() => fabric.azure.dfs.rule(() => undefined))).code).toBe(1);
    expect(isRenamed).toBe(true);
    await fabric.replicator.turn();
    // More than a week passes: all files are gone that Fabric took, and the record is as old.
    const folder = landingFolder('removed');
    if (folder?.kind !== 'folder') throw new Error('the table has no folder');
    for (const name of [...folder.children.keys()]) if (name !== '_metadata.json') folder.children.delete(name);
    const [path = ''] = [...fabric.azure.dfs.files('onelake', fabricWorkspace.name).keys()].filter((one) =>
      one.includes('removed/up/removed/numbers/'),
    );
    const record = lookup(fabric.azure.dfs.root('onelake', fabricWorkspace.id), path);
    if (record?.kind !== 'file') throw new Error(`there is no record in ${path}`);
    const told = JSON.parse(record.content.toString());
    expect(told.number).toBeGreaterThan(1);
    record.content = Buffer.from(JSON.stringify({ ...told, since: '2026-01-01T00:00:00.000Z' }));
    await workspace.parquet('in/removed/2.parquet', shop(30, 40, 2));
    for (const args of [
      ['go', '-e', 'up.removed'],
      ['reset', 'up.removed', '--yes'],
    ]) {
      const stopped = await workspace.run(args, { env: fabric.azure.env });
      expect([stopped.code, stopped.stdout + stopped.stderr]).toEqual([1, expect.stringContaining('HYG-4121')]);
      expect(stopped.stdout + stopped.stderr).toContain(
        `The file with number ${told.number} may have been published since 2026-01-01T00:00:00.000Z.`,
      );
      expect(stopped.stdout + stopped.stderr).toMatch(
        /hygge reset (up\.removed|FLOW\.ENTITY) --discard, then hygge go, which makes the table again/,
      );
    }
    const discarded = await workspace.run(['reset', 'up.removed', '--discard', '--yes'], { env: fabric.azure.env });
    expect([discarded.code, discarded.stdout], discarded.stderr).toEqual([
      0,
      expect.stringContaining('The decided commit of up.removed is given up; the next run is a full load that replaces the content of'),
    ]);
    {
      await using _ = replicating(fabric);
      expect((await go(workspace)).summary).toMatchObject({ pass: 1, rows: 40 });
    }
    expect(await mirrored('removed', 'id, changed::varchar')).toEqual(await ofSource(all));
    expect(violations('removed')).toEqual([]);
  });

  test('that adds to the rows by their key leaves the table there', async () => {
    const flow = upserting('added').replace('incremental', 'full_drop\nif_exists: append');
    using workspace = new TestWorkspace({ 'flows/up/flow.yml': flow });
    await workspace.parquet('in/added/0.parquet', shop(0, 10, 0));
    expect((await go(workspace)).summary).toMatchObject({ pass: 1, rows: 10 });
    await workspace.parquet('in/added/0.parquet', shop(5, 15, 1));
    expect((await go(workspace)).summary).toMatchObject({ error: 0 });
    expect(await mirrored('added', 'id, changed::date')).toHaveLength(15);
    // One file for each small commit: Fabric needs its time for each.
    expect(fabric.replicator.table('added')?.taken).toEqual([numbered(1), numbered(2)]);
    expect(violations('added')).toEqual([]);
  });

  test('is refused where Fabric can’t be asked, and what is advised leads on', async () => {
    using workspace = new TestWorkspace({ 'flows/up/flow.yml': upserting('unseen') });
    await workspace.parquet('in/unseen/0.parquet', shop(0, 100, 0));
    expect((await go(workspace)).summary).toMatchObject({ pass: 1, rows: 100 });
    await fabric.replicator.turn();
    fabric.api.rule(() => ({ status: 403 }));
    try {
      for (const more of [[], ['--dry-run']]) {
        const { code, events } = await go(workspace, '-d', ...more);
        expect(code).toBe(1);
        expect(events).toContainEqual(expect.objectContaining({ event: 'error', code: 'HYG-4114' }));
      }
      expect((await go(workspace)).summary).toMatchObject({ skip: 1 });
      deleteFolder('unseen');
      await fabric.replicator.turn();
      expect((await go(workspace)).events).toContainEqual(expect.objectContaining({ event: 'error', code: 'HYG-2004' }));
      expect((await workspace.run(['reset', 'up.unseen', '--yes'], { env: fabric.azure.env })).code).toBe(0);
      expect((await go(workspace)).summary).toMatchObject({ pass: 1, rows: 100 });
      expect(await mirrored('unseen', 'id')).toHaveLength(100);
      await workspace.parquet('in/unseen/1.parquet', shop(50, 150, 1));
      const increment = await go(workspace);
      expect([increment.summary, increment.stdout]).toMatchObject([
        { warn: 1, rows: 100 },
        expect.stringContaining('reappearance_unknown'),
      ]);
    } finally {
      fabric.api.rule(() => undefined);
    }
    expect(await mirrored('unseen', 'id')).toHaveLength(150);
    expect(violations('unseen')).toEqual([]);
  });
});

describe('a table that the original filled', () => {
  /** As the original leaves it: numbered files with columns of its own, the marker last. */
  const original = async (table: string): Promise<void> => {
    const zone = lookup(fabric.azure.dfs.root('onelake', fabricWorkspace.id), `${mirror.id}/Files`);
    if (zone?.kind !== 'folder') throw new Error('there is no folder Files');
    const put = (path: string, content: Buffer) => {
      const file = newFile(new Map(), new Map());
      file.content = content;
      attach(zone, `LandingZone/${table}/${path}`, file);
    };
    put('_metadata.json', Buffer.from(JSON.stringify({ keyColumns: ['id'], isUpsertDefaultRowMarker: true })));
    const rows = `select range::bigint as id, 'old' as name, 0.5::double as amount, timestamp '2026-01-01' as changed, timestamp '2026-01-01' as "__LastLoadedAt__", 4 as "__rowMarker__" from range(0, 10)`;
    put(numbered(1), await parquetOf(rows));
    await fabric.replicator.turn();
    expect(fabric.replicator.table(table)?.taken).toEqual([numbered(1)]);
  };

  test('continues with its numbers and its key, once the config says so', async () => {
    using workspace = new TestWorkspace({ 'flows/up/flow.yml': upserting('original') });
    await original('original');
    await workspace.parquet(
      'in/original/0.parquet',
      `select range::bigint as id, 'new' as name, (range * 0.5)::double as amount, timestamp '2026-02-01' as changed from range(5, 15)`,
    );
    expect((await go(workspace)).events).toContainEqual(expect.objectContaining({ event: 'error', code: 'HYG-2002' }));
    workspace.write({ 'flows/up/flow.yml': upserting('original', 'if_exists: append\n') });
    const second = await go(workspace);
    expect(second.events.filter(({ event }) => event === 'error')).toEqual([]);
    expect(second.summary).toMatchObject({ error: 0, rows: 10 });
    expect(await mirrored('original', 'count(*), count(distinct id), count("__LastLoadedAt__")')).toEqual(['["15","15","5"]']);
    expect(fabric.replicator.table('original')?.taken.at(-1)).toBe(numbered(2));
    await workspace.parquet(
      'in/original/1.parquet',
      `select range::bigint as id, 'newer' as name, (range * 0.5)::double as amount, timestamp '2026-03-01' as changed from range(14, 16)`,
    );
    expect((await go(workspace)).summary).toMatchObject({ error: 0, rows: 2 });
    expect(await mirrored('original', 'count(*), count(distinct id)')).toEqual(['["16","16"]']);
    expect(violations('original')).toEqual([]);
  });
});

describe('hygge debug', () => {
  const debug = async (store: string) => {
    using workspace = new TestWorkspace({ 'flows/up/flow.yml': upserting('debugged').replace(byName, store) });
    await workspace.parquet('in/debugged/0.parquet', shop(0, 10, 0));
    return await workspace.run(['debug'], { env: fabric.azure.env });
  };
  const left = () =>
    [...fabric.azure.dfs.files('onelake', fabricWorkspace.name)].filter(([path]) => path.includes('debugged') || path.includes('probe'));

  test('tries what a commit needs, asks for the replication, and leaves nothing', async () => {
    const { code, stdout } = await debug(byName);
    expect(stdout).toContain('✓ store: publishes them once');
    expect(stdout).toContain('✓ store: the mirrored database is Running');
    expect(stdout).toContain('Contributor');
    expect(code).toBe(0);
    expect(left()).toEqual([]);
  });

  test('names a mirrored database that is stopped, and an item that is none', async () => {
    fabric.replicator.status = 'Stopped';
    try {
      const stopped = await debug(byId);
      expect(stopped.stdout).toContain('✗ store: the mirrored database is Stopped');
      expect(stopped.code).toBe(1);
    } finally {
      fabric.replicator.status = 'Running';
    }
    const lakehouse = fabricWorkspace.items[0]?.id ?? '';
    const other = await debug(byId.replace(mirror.id, lakehouse));
    expect(other.stdout).toMatch(/✗ store: HYG-6403/);
    expect(other.code).toBe(1);
  });

  test('is content with a right to publish alone, and names the right to ask Fabric', async () => {
    fabric.api.rule(() => ({ status: 403 }));
    const { code, stdout } = await debug(byId);
    fabric.api.rule(() => undefined);
    expect(stdout).not.toContain('the mirrored database is');
    expect(stdout).toContain("✓ store: publishes, but can't read the status of Fabric: HYG-6401");
    expect(stdout).toContain('the role Viewer in the workspace');
    expect(code).toBe(0);
  });
});

describe('what the config says', () => {
  const flow = (store: string, more = '') =>
    `home: in\nstore: { ${store} }\nrun_type: incremental\nwatermark: { column: changed, key: [id] }\n${more}`;

  const said = async (files: Readonly<Record<string, string>>) => {
    using workspace = new TestWorkspace(files);
    const { code, stdout, stderr } = await workspace.run(['check'], { env: fabric.azure.env });
    return { code, text: (stdout + stderr).replace(/\s+/g, ' ') };
  };

  test.each([
    ['a schema whose name Fabric skips', 'schema: _sales', 'Fabric skips names that begin with _'],
    ['an entity whose name is none of a table', '', 'Write a path of its own', '_orders'],
    ['a schema for a table', 'path: "Files/LandingZone/{entity}.schema"', 'Files/LandingZone/<schema>.schema/<table>'],
    ['a table outside of the landing zone', 'path: Files/orders', 'Files/LandingZone/<table>'],
    ['a folder inside of a table', 'path: Files/LandingZone/orders/eu', 'Files/LandingZone/<table>'],
    ['names by storage time', 'file_detection: timestamp', 'it would apply a late file after newer ones'],
    ['another first number', 'starting_sequence: 7', 'Fabric waits for the file with the number 1'],
    ['markers of updates', 'row_marker: 1', 'The key of the entity decides how Fabric applies rows'],
    ['inserts next to a key', 'row_marker: 0, key_columns: id', 'next to key_columns'],
    ['a key column twice', 'key_columns: [id, id]', 'Each column once'],
    ['a source without a partner', 'source_type: erp', 'artner_name'],
    ['the journal', 'mirror_journal: true', 'journal: { mirror: … }'],
    ['another format', 'format: csv', 'parquet'],
    ['a codec that Fabric does not read', 'compression: brotli', 'snappy'],
    ['partitions', 'partition_by: [day]', 'partition_by'],
    ['a name next to a GUID', `mirror_name: ${mirror.id}`, 'both names, or both GUIDs'],
  ])('is refused: %s', async (_, keys, why, entity = 'orders') => {
    const { code, text } = await said({
      'flows/up/flow.yml': flow(
        keys.startsWith('mirror_name') ? `type: open_mirroring, workspace: Sales, ${keys}` : `${byName}, ${keys}`,
        `entities: [${entity}]\n`,
      ),
    });
    expect(text).toContain(why);
    expect(code).toBe(2);
  });

  test('is refused: two entities for one table, also if both merge', async () => {
    const { code, text } = await said({
      'flows/up/flow.yml': flow(
        byName,
        'write_strategy: merge\nentities: [{ name: a, store: { path: /Files/LandingZone/all } }, { name: b, store: { path: /Files/LandingZone/all } }]\n',
      ),
    });
    expect(text).toContain('HYG-1052');
    expect(code).toBe(2);
  });

  test.each([
    ['tables', byName, '/Files/LandingZone/Orders', '/Files/LandingZone/orders'],
    ['schemas', byId, '/Files/LandingZone/Crm.schema/orders', '/Files/LandingZone/crm.schema/orders'],
  ])('is refused: two %s whose names differ only in upper and lower case', async (_, side, one, other) => {
    const entities = `entities: [{ name: a, store: { path: ${one} } }, { name: b, store: { path: ${other} } }]\n`;
    const { code, text } = await said({ 'flows/up/flow.yml': flow(side, entities) });
    expect(text).toContain('HYG-1052');
    expect(text).toContain('differ only in upper and lower case');
    expect(code).toBe(2);
  });

  test('of the original continues, with a warning for each key that changes nothing', async () => {
    const { code, text } = await said({
      'flows/up/flow.yml': flow(
        `type: open_mirroring, filesystem: ${fabricWorkspace.id}, mirror_name: ${mirror.id}, key_columns: id, row_marker: 4, file_detection: sequential, starting_sequence: 1, folder_deletion_wait_seconds: 120, partner_name: hygge, source_type: erp, source_version: "1", schema_name: dbo, mirror_journal: false, file_pattern: x`,
        'entities: [orders]\n',
      ),
    });
    expect(code).toBe(0);
    expect(text).toContain('`folder_deletion_wait_seconds` has no effect');
    expect(text).toContain('`file_pattern` has no effect');
    expect(text.match(/has no effect/g)).toHaveLength(2);
  });

  test.each([
    ['key_columns: [name]', 'watermark: { column: changed, key: [id] }'],
    ['row_marker: 4', 'watermark: { column: changed, boundary: open }'],
    ['row_marker: 0', 'watermark: { column: changed, key: [id] }'],
  ])('contradicts the key of the entity: %s beside %s', async (store, watermark) => {
    using workspace = new TestWorkspace({
      'flows/up/flow.yml': `home: in\nstore: { ${byName}, ${store} }\nrun_type: incremental\n${watermark}\nentities: [contradicting]\n`,
    });
    await workspace.parquet('in/contradicting/0.parquet', shop(0, 10, 0));
    const { events } = await go(workspace);
    expect(events).toContainEqual(expect.objectContaining({ event: 'error', code: 'HYG-4115' }));
    await fabric.replicator.turn();
    expect(fabric.replicator.table('contradicting')).toBeUndefined();
  });
});
