import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';
import { replicationAnswer } from '../../src/engine/verify/last-replication.ts';
import { awaitReplication } from '../../src/engine/verify/replication.ts';
import type { LandedNumbers } from '../../src/files/landing-zone/numbers.ts';
import { earlierReplication, figuresOf, replicationOf } from '../../src/files/landing-zone/replication.ts';
import type { FilesHead } from '../../src/files/store/head/head-log.ts';
import type { Replication } from '../../src/ports/answers/replication.ts';
import type { Settled } from '../../src/ports/state.ts';
import type { Json } from '../../src/ports/values.ts';
import { client, workspace as fabricWorkspace } from '../support/azure-hosts/azure.ts';
import { attach, detach, lookup, newFile } from '../support/dfs/tree.ts';
import { type Fabric, mirror, startFabricHere } from '../support/fabric-replicator/fabric.ts';
import { numbered } from '../support/fabric-replicator/scene.ts';
import { quickWaits } from '../support/quick-waits.ts';
import { TestWorkspace } from '../support/workspace.ts';

let fabric: Fabric;
beforeAll(async () => {
  fabric = await startFabricHere();
});
afterAll(() => fabric[Symbol.asyncDispose]());

/** A flow of one table; `verify` as the config has it. */
function scene(
  table: string,
  verify: string | null,
  side = `type: open_mirroring, workspace: ${fabricWorkspace.id}, mirror_name: ${mirror.id}`,
) {
  const flow = (verified: string | null) =>
    `home: in\nstore: { ${side} }\nrun_type: incremental\nwatermark: { column: changed, key: [id] }\n${verified === null ? '' : `verify: ${verified}\n`}entities: [${table}]\n`;
  const workspace = new TestWorkspace({ 'flows/up/flow.yml': flow(verify) });
  return {
    ...{ workspace, flow },
    rows: (file: string, from: number, to: number) =>
      workspace.parquet(`in/${table}/${file}.parquet`, `select range::bigint as id, range::bigint as changed from range(${from}, ${to})`),
    async go() {
      const { code, events, stdout, stderr } = await workspace.run(['go', '--output', 'json'], { env: fabric.azure.env });
      const messages = events.flatMap((event) => ('message' in event && typeof event.message === 'string' ? [event.message] : []));
      return { code, events, messages: messages.join('\n'), text: stdout + stderr, summary: events.at(-1) };
    },
    [Symbol.dispose]: () => workspace[Symbol.dispose](),
  };
}

describe('verify: { replicated }', () => {
  test('takes two requests where there is nothing new and Fabric has applied what settled', async () => {
    using at = scene('taken', null);
    await at.rows('0', 0, 1_000);
    expect((await at.go()).summary).toMatchObject({ pass: 1, rows: 1_000 });
    await fabric.replicator.turn();
    at.workspace.write({ 'flows/up/flow.yml': at.flow('{ replicated: true }') });
    const asked = () => fabric.api.seen.length + fabric.azure.dfs.seen.length;
    const [before, requests] = [fabric.api.seen.length, asked()];
    expect((await at.go()).summary).toMatchObject({ skip: 1, warn: 0 });
    // Before the run, and not once more after it.
    expect(fabric.api.seen.length - before).toBe(2);
    expect(asked() - requests).toBeLessThanOrEqual(10);
    expect(fabric.replicator.violations).toEqual([]);
  });

  test('lets other entities move while one waits, whatever the concurrency', async () => {
    const tables = ['first', 'second'];
    using workspace = new TestWorkspace({
      'hygge.yml': 'name: w\noptions: { concurrency: 1 }\n',
      'flows/up/flow.yml': `home: in\nstore: { type: open_mirroring, workspace: ${fabricWorkspace.id}, mirror_name: ${mirror.id}, schema: many }\nverify: { replicated: 5m }\nrun_type: incremental\nentities: [${tables.join(', ')}]\n`,
    });
    for (const table of tables) await workspace.parquet(`in/${table}/0.parquet`, 'select range as id from range(10)');
    const root = fabric.azure.dfs.root('onelake', fabricWorkspace.id);
    const areThere = () => tables.every((table) => lookup(root, `${mirror.id}/Files/LandingZone/many.schema/${table}/${numbered(1)}`));
    const running = workspace.run(['go', '--output', 'json'], { env: fabric.azure.env });
    await expect.poll(areThere, { timeout: 120_000 }).toBe(true);
    await fabric.replicator.turn();
    expect((await running).events.at(-1)).toMatchObject({ pass: 2, warn: 0 });
  });

  test('warns when Fabric takes longer, and looks again in the next run, though there is nothing new', async () => {
    using _ = quickWaits();
    using at = scene('late', '{ replicated: 1s }');
    await at.rows('0', 0, 10);
    const run = await at.go();
    expect(run.summary).toMatchObject({ warn: 1, rows: 10 });
    expect(run.messages).toMatch(/the settled rows were not replicated within 1s: Fabric has not made the table yet/);
    const progress = run.events.filter((event) => event.event === 'progress' && event.stage === 'replicating');
    expect(progress.length).toBeGreaterThan(0);
    expect((await at.go()).summary).toMatchObject({ warn: 1, rows: 0 });
    await fabric.replicator.turn();
    expect((await at.go()).summary).toMatchObject({ skip: 1, warn: 0 });
  });

  test('tells at once of a replication that has stopped, in each run', async () => {
    using at = scene('stopped', '{ replicated: true }');
    await at.rows('0', 0, 10);
    fabric.replicator.status = 'Stopped';
    try {
      for (const _ of [1, 2]) {
        const run = await at.go();
        expect(run.summary).toMatchObject({ warn: 1 });
        expect(run.messages).toMatch(/replication has stopped, and settled rows wait: the mirrored database is Stopped/);
      }
      // Before the next run adds to it, and once.
      await at.rows('1', 10, 20);
      const dry = await at.workspace.run(['go', '--dry-run'], { env: fabric.azure.env });
      expect(dry.stdout).toMatch(/replication has stopped/);
      const run = await at.go();
      expect(run.summary).toMatchObject({ warn: 1 });
      expect(run.messages.match(/replication has stopped/g)).toHaveLength(1);
    } finally {
      fabric.replicator.status = 'Running';
    }
  });

  test('is not needed for a warning before rows are added to a table that failed', async () => {
    using at = scene('refused', null);
    await at.rows('0', 0, 10);
    expect((await at.go()).summary).toMatchObject({ pass: 1, warn: 0 });
    const folder = `${mirror.id}/Files/LandingZone/refused`;
    const root = fabric.azure.dfs.root('onelake', fabricWorkspace.id);
    await fabric.replicator.turn();
    const bad = newFile(new Map(), new Map());
    bad.content = Buffer.from('no parquet');
    attach(root, `${folder}/${numbered(2)}`, bad);
    await fabric.replicator.turn();
    expect(fabric.replicator.table('refused')?.status).toBe('Failed');
    detach(root, `${folder}/${numbered(2)}`);
    await at.rows('1', 10, 20);
    const run = await at.go();
    expect(run.summary).toMatchObject({ warn: 1, rows: 10 });
    expect(run.text).toMatch(/replication has stopped, and settled rows wait: the table is Failed/);
    const debug = await at.workspace.run(['debug'], { env: fabric.azure.env });
    expect(debug.code).toBe(1);
    expect(debug.stdout).toMatch(/✗ store: the table is Failed: /);
    expect(debug.stdout).toContain('hygge reset FLOW.ENTITY, then hygge go, which makes the table again');
  });

  test('is not needed: without it a run asks once, and does not wait for a Fabric that asks for pauses', async () => {
    using at = scene('throttled', null);
    await at.rows('0', 0, 10);
    expect((await at.go()).summary).toMatchObject({ pass: 1 });
    fabric.api.rule(() => ({ status: 429, retryAfter: 20 }));
    const before = fabric.api.seen.length;
    try {
      await at.rows('1', 10, 20);
      expect((await at.go()).summary).toMatchObject({ pass: 1, warn: 0, rows: 10 });
      expect(fabric.api.seen.length - before).toBe(1);
    } finally {
      fabric.api.rule(() => undefined);
    }
  });

  test('hygge status and the page show what a run learned, and hygge status --check how far it is now, if Fabric can be asked', async () => {
    using at = scene('behind', '{ replicated: 1s }');
    const checked = async () => {
      const { code, stdout } = await at.workspace.run(['status', '--check'], { env: fabric.azure.env });
      expect(code).toBe(0);
      return stdout;
    };
    // Without `--check` hygge asks no system: `status` shows what a run learned, and how long ago.
    const known = async () => {
      const before = fabric.api.seen.length;
      const { stdout, events } = await at.workspace.run(['status', '--output', 'json'], { env: fabric.azure.env });
      expect([stdout.length > 0, fabric.api.seen.length]).toEqual([true, before]);
      return (events[0] as { replication?: object }).replication;
    };
    await at.rows('0', 0, 10);
    await at.go();
    expect(await known()).toMatchObject({ state: 'waiting', files_behind: 1, rows_behind: null, until: null, settled_since: false });
    expect(await checked()).toContain('not replicated yet: Fabric has not made the table yet');
    await fabric.replicator.turn();
    expect(await checked()).toMatch(/^ +replicated until 9, asked just now$/m);
    // Asking from the command line is not a run: the state knows what the last run knew.
    expect(await known()).toMatchObject({ state: 'waiting' });
    await at.go();
    expect(await known()).toMatchObject({ state: 'replicated', files_behind: 0, rows_behind: 0, until: { watermark: '9' } });
    const page = await at.workspace.run(['report', '--out', '-'], { env: fabric.azure.env });
    expect(page.stdout).toMatch(/<dt>replicated<\/dt><dd>until \d{4}-\d\d-\d\d \d\d:\d\d UTC<small>asked (just now|\d+ s ago)<\/small>/);
    await at.rows('1', 10, 20);
    fabric.api.roles.set(client.principal, 'none');
    await at.go();
    fabric.api.roles.delete(client.principal);
    expect(await known()).toMatchObject({ state: 'replicated', until: { watermark: '9' }, settled_since: true });
    const plain = await at.workspace.run(['status'], { env: fabric.azure.env });
    expect(plain.stdout).toMatch(/^ +replicated until 9, asked (just now|\d+ s ago), before the last commit$/m);
    await at.go();
    const waiting = await at.workspace.run(['status'], { env: fabric.azure.env });
    expect(waiting.stdout).toMatch(/^ +not replicated yet: the table is Replicating, and Fabric counts 10 rows of the 20 published rows$/m);
    expect(waiting.stdout).toMatch(/^ +≤ [123] files? and 10 rows behind, replicated until 9, asked (just now|\d+ s ago)$/m);
    fabric.replicator.status = 'Stopped';
    expect(await checked()).toContain('replication has stopped: the mirrored database is Stopped');
    fabric.replicator.status = 'Running';
    fabric.api.roles.set(client.principal, 'none');
    const before = fabric.api.seen.length;
    try {
      expect(await checked()).toMatch(/≤ [123] files? and 10 rows behind, replicated until 9, asked/);
      expect(fabric.api.seen.length - before).toBeLessThan(3);
    } finally {
      fabric.api.roles.delete(client.principal);
    }
  });

  test('is refused where readers see a commit at once', async () => {
    using at = scene('plain', '{ replicated: true }', 'path: lake');
    await at.rows('0', 0, 10);
    const run = await at.go();
    expect(run.code).toBe(1);
    expect(run.events.find(({ event }) => event === 'error')).toMatchObject({
      code: 'HYG-2014',
      why: [expect.stringContaining('remove `replicated`')],
    });
  });
});

const head = (rows: number, more: Partial<FilesHead>): FilesHead =>
  ({ rows, files: [{ name: 'x' }], nextNumber: 2, firstNumber: 1, epoch: 1, ...more }) as unknown as FilesHead;
const landed: LandedNumbers = { numbers: [2], taken: new Set(), twice: [], others: [], hasMetadata: true };
const published = '2026-11-20T02:00:00.000Z';
const [earlier, later] = ['2026-11-20T01:59:59.000Z', '2026-11-20T02:00:01.000Z'];
interface Asked {
  readonly of?: FilesHead;
  readonly status?: string;
  readonly lying?: Partial<LandedNumbers>;
  readonly known?: Json;
  readonly publishedAt?: string | undefined;
}
const ask = (tables: readonly object[], { of = head(10, {}), status = 'Running', lying = {}, known = null, ...more }: Asked = {}) =>
  replicationOf(
    {
      database: { status, error: null, tables } as never,
      name: { schema: 'Sales', table: 'Orders' },
      landed: { ...landed, ...lying },
      publishedAt: 'publishedAt' in more ? more.publishedAt : published,
    },
    of,
    known,
  );
const { firstNumber: _, ...withoutFirst } = head(10, {});
const table = { schema: 'sales', table: 'orders', status: 'Replicating', error: null, processedRows: 10, lastSync: later };

test.each([
  ['all rows are applied', [table], head(10, {}), 'replicated'],
  ['the count fits, and the last sync was before the commit', [{ ...table, lastSync: earlier }], head(10, {}), 'probably'],
  ['the count fits, and no sync is reported', [{ ...table, lastSync: null }], head(10, {}), 'probably'],
  ['some rows are applied', [{ ...table, processedRows: 9 }], head(10, {}), 'waiting'],
  ['rows are applied, and deletions are not', [{ ...table, processedRows: 11 }], head(10, { deletedRows: 2 }), 'waiting'],
  ['rows and deletions are applied', [{ ...table, processedRows: 12 }], head(10, { deletedRows: 2 }), 'replicated'],
  ['no one knows what was counted before this commit', [table], head(10, { nextNumber: 3 }), 'probably'],
  ['rows of an earlier publisher may be among those that are applied', [table], head(10, { firstNumber: 2 }), 'waiting'],
  ['no one knows who published first', [table], withoutFirst, 'waiting'],
  ['the table is read for the first time', [{ ...table, status: 'Snapshotting' }], head(10, {}), 'waiting'],
  ['the table has an error', [{ ...table, error: 'A column has another type.' }], head(10, {}), 'stopped'],
  ['the table failed', [{ ...table, status: 'Failed' }], head(10, {}), 'stopped'],
  ['the table is in a state that hygge does not know', [{ ...table, status: 'Dreaming' }], head(10, {}), 'stopped'],
  ['there is only a table of another schema', [{ ...table, schema: null }], head(10, {}), 'waiting'],
  ['nothing has settled', [], head(0, { files: [] }), 'replicated'],
] as const)('%s', (_, tables, of, state) => {
  expect(ask(tables, { of: of as FilesHead })).toMatchObject({ state });
});

describe('an earlier commit, which a wait asks for next to the head', () => {
  const first = head(10, { publishedAt: published });
  const second = head(15, { nextNumber: 3, epoch: 2, publishedAt: later });
  const asked = (answer: object, now: Partial<FilesHead> = {}) =>
    earlierReplication(
      {
        database: { status: 'Running', error: null, tables: [{ ...table, ...answer }] } as never,
        ...{ name: { schema: 'Sales', table: 'Orders' }, landed, publishedAt: later },
      },
      { earlier: JSON.parse(JSON.stringify(figuresOf(first))), head: { ...second, ...now } },
      null,
    );

  test('is replicated as soon as its own rows are', () => {
    expect(ask([table], { of: second, publishedAt: later })).toMatchObject({ state: 'waiting' });
    expect(asked({})).toEqual({ state: 'replicated', said: null });
    expect(asked({ processedRows: 9 })).toMatchObject({ state: 'waiting', said: expect.stringContaining('counts 9 rows of the 10') });
    expect(asked({ lastSync: earlier })).toMatchObject({ state: 'probably' });
  });

  test('is told apart from a table that was recreated since', () => {
    expect(asked({}, { anewEpoch: 2 })).toBe('recreated');
    expect(asked({}, { anewEpoch: 1 })).toMatchObject({ state: 'replicated' });
  });

  test('is reported by a few figures', () => {
    expect(JSON.stringify(figuresOf(head(10, { publishedAt: published, deletedRows: 5, anewEpoch: 7 }))).length).toBeLessThan(500);
  });
});

describe('a later commit', () => {
  // Fabric counted the rows twice, as after its replication was started again.
  const known = { epoch: 1, counted: 20, published: 10 };
  const second = head(15, { nextNumber: 3, epoch: 2 });
  const at = (processedRows: number | null, more: object = {}) => ({ ...table, processedRows, ...more });

  test('is replicated when the count has risen by its rows since the commit before, and Fabric has synced since', () => {
    expect(ask([at(24)], { of: second, known })).toMatchObject({ state: 'probably', baseline: known });
    expect(ask([at(25, { lastSync: earlier })], { of: second, known })).toMatchObject({ state: 'probably' });
    expect(ask([at(25)], { of: second, known, publishedAt: undefined })).toMatchObject({ state: 'probably' });
    const found = ask([at(25)], { of: second, known });
    expect(found).toEqual({ state: 'replicated', said: null, baseline: { epoch: 2, counted: 25, published: 15 } });
  });

  test('of a table that was recreated is not compared with the counts before', () => {
    const anew = head(15, { nextNumber: 3, epoch: 3, anewEpoch: 2 });
    expect(ask([at(25)], { of: anew, known })).toMatchObject({ state: 'probably', baseline: null });
  });

  test('is probably replicated when its last file was taken, and then the next one has a count to begin from', () => {
    const lying = { taken: new Set([2]) };
    const of = head(15, { nextNumber: 3, epoch: 2, firstNumber: 2 });
    expect(ask([at(7)], { of, lying })).toMatchObject({ state: 'probably', baseline: { epoch: 2, counted: 7, published: 15 } });
    expect(ask([at(null)], { of, lying })).toMatchObject({ state: 'probably', baseline: null });
    expect(ask([at(7, { lastSync: earlier })], { of, lying })).toMatchObject({ state: 'probably', baseline: null });
  });

  test('that published nothing needs no sync', () => {
    expect(ask([at(20, { lastSync: earlier })], { of: head(10, { epoch: 2, files: [] }), known })).toMatchObject({ state: 'replicated' });
  });
});

test('a proof is waited for two minutes, and the run says what is probable', async () => {
  let nowMs = Date.parse(published);
  const ports = {
    clock: { now: () => new Date(nowMs).toISOString() },
    store: async () => ({
      head: async () => ({ ...head(10, {}), id: 'a commit' }),
      replica: { figures: () => null, of: async () => ({ state: 'probably', said: 'the table is Replicating', baseline: null }) },
    }),
    state: { read: async () => undefined, listObjects: async () => [] },
  } as unknown as EnginePorts;
  const spec = { replication: { withinMs: 30 * 60_000, fails: true } } as unknown as EntitySpec;
  let step = await awaitReplication(spec, ports);
  for (; !('done' in step); step = await awaitReplication(spec, ports, step.again)) nowMs = Date.parse(step.notBefore ?? '');
  expect(nowMs - Date.parse(published)).toBe(2 * 60_000);
  const notes = [{ code: 'probably_replicated', said: 'the table is Replicating' }];
  expect(step.done).toEqual({ status: null, notes, error: null, result: 'probably' });
});

test('a day of waiting is fewer than 200 looks, and the last one is at its end', async () => {
  const began = Date.parse('2026-11-20T02:00:00.000Z');
  let nowMs = began;
  const ports = {
    clock: { now: () => new Date(nowMs).toISOString() },
    store: async () => ({
      head: async () => ({ ...head(10, {}), id: 'a commit' }),
      replica: { figures: () => null, of: async () => ({ state: 'waiting', said: 'it is Replicating' }) },
    }),
    state: { read: async () => undefined, listObjects: async () => [] },
  } as unknown as EnginePorts;
  const spec = { replication: { withinMs: 24 * 3_600_000, fails: false } } as unknown as EntitySpec;
  const pauses: number[] = [];
  for (let step = await awaitReplication(spec, ports); !('done' in step); step = await awaitReplication(spec, ports, step.again)) {
    const next = Date.parse(step.notBefore ?? '');
    pauses.push(next - nowMs);
    nowMs = next;
  }
  expect(nowMs - began).toBe(24 * 3_600_000);
  expect(pauses.slice(0, 5)).toEqual([5_000, 10_000, 20_000, 40_000, 60_000]);
  expect(pauses.length).toBeLessThan(200);
  expect(Math.max(...pauses)).toBe(15 * 60_000);
});

test('a database that starts is waited for, and one that is paused or waits for its start is not', () => {
  expect(ask([table], { status: 'Starting' })).toMatchObject({ state: 'waiting', said: 'the mirrored database is Starting' });
  expect(ask([table], { status: 'Initialized' })).toMatchObject({ state: 'stopped', said: 'the mirrored database is Initialized' });
  expect(ask([table], { status: 'Paused' })).toMatchObject({ state: 'stopped', said: 'the mirrored database is Paused' });
});

describe('what is behind', () => {
  const some = { ...table, processedRows: 4 };
  const files = { numbers: [3, 4, 5, 6], taken: new Set([3]) };

  test('counts files that were not moved away, and rows that Fabric does not count', () => {
    expect(ask([some], { of: head(10, { nextNumber: 7 }), lying: files }).behind).toEqual({ files: 3, rows: 6 });
    // Those of a commit that is under way are not among what has settled.
    expect(ask([some], { of: head(10, { nextNumber: 6 }), lying: files }).behind).toEqual({ files: 2, rows: 6 });
  });

  test('has no figure that was not measured', () => {
    const theirs = head(10, { firstNumber: 2, nextNumber: 7 });
    expect(ask([some], { of: theirs, lying: files }).behind).toEqual({ files: 3, rows: null });
    expect(ask([{ ...some, processedRows: null }], { of: head(10, { nextNumber: 7 }), lying: files }).behind).toEqual({
      files: 3,
      rows: null,
    });
    expect(ask([], { of: head(10, { nextNumber: 7 }), status: 'Paused', lying: files }).behind).toEqual({ files: 3, rows: null });
    const { nextNumber: _, ...unnumbered } = head(10, {});
    expect(ask([some], { of: unnumbered as FilesHead, lying: files }).behind).toEqual({ files: null, rows: 6 });
  });
});

describe('what is kept of answers', () => {
  const settled = { id: 'b', at: '2026-11-20T02:00:00.000Z', watermark: { text: '42' } } as Settled;
  const answer = (state: Replication['state'], askedAt: string): Replication => ({ state, said: null, askedAt, baseline: null });
  const at = (hour: number) => `2026-11-20T0${hour}:00:00.000Z`;

  test('the time at which a commit was first seen replicated stays, however often it is asked for', () => {
    const first = replicationAnswer(answer('replicated', at(3)), settled, null);
    expect(first).toMatchObject({ files_behind: 0, rows_behind: 0, until: { settled_at: at(2), watermark: '42', seen_at: at(3) } });
    const again = replicationAnswer(answer('replicated', at(5)), settled, { commit: 'b', ...first });
    expect(again).toMatchObject({ asked_at: at(5), until: { seen_at: at(3) } });
    // Another commit was replicated before: its time says nothing of this one.
    const other = replicationAnswer(answer('replicated', at(5)), settled, { commit: 'a', ...first });
    expect(other).toMatchObject({ until: { seen_at: at(5) } });
  });

  test('an earlier commit stands while a later one waits, until a full load may have made the table again', () => {
    const first = { commit: 'b', ...replicationAnswer(answer('replicated', at(3)), settled, null) };
    const later = { ...settled, id: 'c', at: at(4) };
    const waiting = answer('waiting', at(5));
    expect(replicationAnswer(waiting, later, first)).toMatchObject({ files_behind: null, rows_behind: null, until: first.until });
    expect(replicationAnswer(waiting, { ...later, fullAt: at(1) }, first).until).toEqual(first.until);
    expect(replicationAnswer(waiting, { ...later, fullAt: at(3) }, first).until).toBeNull();
  });
});
