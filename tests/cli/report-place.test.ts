// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { BlobServiceClient } from '@azure/storage-blob';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program/run.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { fakeSurroundings } from './surroundings.ts';

const azurite = sharedAzurite();

async function hygge(workspace: TestWorkspace, line: string, environment: Readonly<Record<string, string>> = {}) {
  const surroundings = fakeSurroundings(workspace.root, { environment });
  const code = await run(line.split(' '), surroundings);
  return { code, stdout: surroundings.stdout(), stderr: surroundings.stderr() };
}

/** Two flows, of one entity each, whose page is where `report` says. */
async function twoFlows(report = 'lake/status.html', files: Readonly<Record<string, string>> = {}): Promise<TestWorkspace> {
  const workspace = new TestWorkspace({
    'hygge.yml': `name: northwind\nreport: ${report}\n`,
    'flows/shop/flow.yml': 'home: in/shop\nstore: lake/shop\n',
    'flows/crm/flow.yml': 'home: in/crm\nstore: lake/crm\n',
    ...files,
  });
  await workspace.parquet('in/shop/1.parquet', 'select 1 as id');
  await workspace.parquet('in/crm/1.parquet', "select 'canary-in-the-data' as id");
  return workspace;
}

const isWhole = /^<!doctype html>[\s\S]*<\/html>\n$/;
const page = (workspace: TestWorkspace, path = 'lake/status.html') => readFileSync(workspace.path(path), 'utf8');
/** Entities that the page knows a run of. */
const ran = (html: string) => [...html.matchAll(/<h4>([^<]*)<\/h4><p class="state">([^<]*)/g)].map(([, name, said]) => `${name}: ${said}`);

describe('report: a path', () => {
  it('has every run put the page of all flows there, which tells of that very run', async () => {
    using workspace = await twoFlows();
    const first = await hygge(workspace, 'go -f shop');
    expect([first.code, first.stdout]).toEqual([0, expect.stringMatching(/Done\. PASS=1 WARN=0 ERROR=0 SKIP=0 TOTAL=1/)]);
    expect(page(workspace)).toMatch(isWhole);
    expect(ran(page(workspace))).toEqual([expect.stringContaining('crm: ! never run'), expect.stringContaining('shop: ✓ passed')]);
    await hygge(workspace, 'go');
    expect(ran(page(workspace))).toEqual([expect.stringContaining('crm: ✓ passed'), expect.stringContaining('shop: ✓ passed')]);
    // Readers need not be those who may see the data, or who have hygge.
    expect(page(workspace)).not.toContain('canary-in-the-data');
    expect(page(workspace)).toContain('Commands are for the command line, where the workspace is.');
    expect(await readdir(workspace.path('lake'))).toEqual(expect.arrayContaining(['crm', 'shop', 'status.html']));
  });

  it('is written by a backfill, and by a run that fails; not by what only looks', async () => {
    using workspace = await twoFlows();
    await workspace.parquet('in/shop/1.parquet', "select 1 as id, timestamp '2026-01-01' as at");
    workspace.write({ 'flows/shop/flow.yml': 'home: in/shop\nstore: lake/shop\nrun_type: incremental\nwatermark: { column: at }\n' });
    for (const line of ['go --dry-run', 'go --dry-run --count', 'status', 'list flows', 'check', 'go -f shop --limit 1 --to out'])
      expect([line, (await hygge(workspace, line)).code]).toEqual([line, 0]);
    expect(existsSync(workspace.path('lake'))).toBe(false);
    await hygge(workspace, 'go -f shop');
    rmSync(workspace.path('lake/status.html'));
    const backfill = await hygge(workspace, 'backfill shop.shop --from 2025-12-01 --to 2026-01-01');
    expect([backfill.code, backfill.stdout + backfill.stderr]).toEqual([0, expect.anything()]);
    expect(page(workspace)).toMatch(isWhole);
    workspace.write({ 'in/crm/1.parquet': 'no parquet' });
    expect((await hygge(workspace, 'go')).code).toBe(1);
    expect(ran(page(workspace))).toEqual([expect.stringContaining('crm: ✗ failed'), expect.stringContaining('shop: ✓ nothing new')]);
    expect((await hygge(workspace, 'report --out whole.html')).code).toBe(0);
  });

  it('quotes no row that a run refused or left out, though the run itself quotes it', async () => {
    using workspace = await twoFlows('lake/status.html', {
      'flows/shop/flow.yml': 'home: { path: in/shop.csv, types: { id: int64 } }\nstore: lake/shop\n',
      'flows/crm/flow.yml': 'home: { path: in/crm.csv, types: { id: int64 }, bad_rows: skip }\nstore: lake/crm\n',
      'in/shop.csv': 'id\n1\ncanary-that-stops\n',
      'in/crm.csv': 'id\n1\ncanary-that-is-skipped\n',
    });
    const { code, stdout } = await hygge(workspace, 'go');
    expect(code).toBe(1);
    expect(stdout).toContain('canary-that-stops');
    expect(ran(page(workspace))).toEqual([expect.stringContaining('crm: ! passed'), expect.stringContaining('shop: ✗ failed')]);
    expect(page(workspace)).toMatch(/HYG-\d{4}/);
    expect(page(workspace)).not.toContain('canary');
    // By hand, the page has them where they are asked for.
    expect((await hygge(workspace, 'report --out plain.html')).code).toBe(0);
    expect(page(workspace, 'plain.html')).not.toContain('canary');
    expect((await hygge(workspace, 'report --messages --out told.html')).code).toBe(0);
    expect(page(workspace, 'told.html')).toContain('canary');
  });

  it('that cannot be written leaves the run as it is, with a warning that says why', async () => {
    using workspace = await twoFlows('place/status.html');
    workspace.write({ place: 'a file where a folder should be' });
    const { code, stdout } = await hygge(workspace, 'go');
    expect(code).toBe(0);
    expect(stdout).toMatch(/! shop {2}the page could not be written to the place of `report`: .*place/);
    expect(stdout.match(/the page could not/g)).toHaveLength(1);
    expect(stdout).toContain('Done. PASS=2 WARN=0 ERROR=0 SKIP=0 TOTAL=2');
    const events = (await hygge(workspace, 'go --output json')).stdout.trim().split('\n');
    const told = events.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(told.filter(({ event }) => event === 'warning')).toEqual([
      expect.objectContaining({
        flow: 'shop',
        code: expect.stringMatching(/^HYG-\d{4}$/),
        message: expect.stringContaining('the page could'),
      }),
    ]);
    expect(told.at(-1)).toMatchObject({ event: 'summary', error: 0 });
  });

  it('of several runs that end at once is one whole page that tells of all of them, whenever it is looked at', async () => {
    using workspace = await twoFlows('lake/status.html', { 'flows/erp/flow.yml': 'home: in/erp\nstore: lake/erp\n' });
    await workspace.parquet('in/erp/1.parquet', 'select 1 as id');
    await hygge(workspace, 'go -f shop');
    let looking = true;
    const seen = (async () => {
      let times = 0;
      for (; looking; times++) {
        expect(page(workspace)).toMatch(isWhole);
        await new Promise(setImmediate);
      }
      return times;
    })();
    const codes = await Promise.all(['shop', 'crm', 'erp'].map(async (flow) => (await hygge(workspace, `go -f ${flow}`)).code));
    looking = false;
    expect(codes).toEqual([0, 0, 0]);
    expect(await seen).toBeGreaterThan(0);
    expect(ran(page(workspace)).map((line) => line.replace(/,.*/, ''))).toEqual(['crm: ✓ passed', 'erp: ✓ passed', 'shop: ✓ passed']);
  });

  it('is each target’s own: under its name, or where it says, with what hygge.yml says beside it', async () => {
    using workspace = await twoFlows('{ path: lake/status.html }', {
      'hygge.dev.yml': 'variables: {}\n',
      'hygge.prod.yml': 'report: served/prod.html\n',
      'hygge.none.yml': 'report: null\n',
    });
    for (const target of ['dev', 'prod', 'none'])
      expect((await hygge(workspace, `go -f shop --target ${target} --var flow.shop.store.path=out/${target}`)).code).toBe(0);
    expect(page(workspace, 'lake/status.dev.html')).toContain('northwind');
    expect(page(workspace, 'served/prod.html')).toContain('prod');
    expect(existsSync(workspace.path('lake/status.html'))).toBe(false);
    expect(await readdir(workspace.path('lake'))).toEqual(expect.not.arrayContaining(['status.none.html', 'status.html']));
  });

  it('in a container is a page of its own kind, put there by a connection, whose secret is never seen', async () => {
    const { connectionString } = await azurite();
    const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient('pages');
    await container.create();
    const canary = Buffer.from('canary-2b7e').toString('base64');
    using workspace = await twoFlows('{ connection: lake, path: hygge/status.html }');
    const hyggeYml = readFileSync(workspace.path('hygge.yml'), 'utf8');
    workspace.write({
      'hygge.yml': `${hyggeYml}connections:\n  lake: { type: azure_blob, container: pages, connection_string: "\${LAKE}" }\n`,
    });
    for (const round of [1, 2]) {
      const { code, stdout, stderr } = await hygge(workspace, 'go', { LAKE: connectionString });
      expect([round, code, stdout.includes('!'), stderr]).toEqual([round, 0, false, '']);
    }
    const blob = container.getBlobClient('hygge/status.html');
    const { contentType, cacheControl } = await blob.getProperties();
    expect([contentType, cacheControl]).toEqual(['text/html; charset=utf-8', 'no-cache']);
    const html = (await blob.downloadToBuffer()).toString();
    expect(html).toMatch(isWhole);
    const LAKE = connectionString.replace(/AccountKey=[^;]+/, `AccountKey=${canary}`);
    const refused = await hygge(workspace, 'go -v', { LAKE });
    expect(refused.code).toBe(0);
    expect(refused.stdout).toMatch(/! shop {2}the page could not be written to the place of `report`: /);
    const debugged = await hygge(workspace, 'debug', { LAKE });
    for (const text of [html, ...Object.values(refused), ...Object.values(debugged)].map(String))
      expect(text).not.toMatch(/canary-2b7e|Y2FuYXJ5LTJiN2|AccountKey/);
    // Who runs it is told what for, and a variable that is not set is told before anything is touched.
    expect(debugged.stdout).toMatch(/secret .*connection_string.*the page of crm/);
    expect(await hygge(workspace, 'go')).toMatchObject({ code: 2, stderr: expect.stringContaining('LAKE') });
    expect((await hygge(workspace, 'status')).code).toBe(0);
  });
});
