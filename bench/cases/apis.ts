import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parquetRows } from '../data.ts';
import { query, quoted } from '../duck.ts';
import { measure } from '../measure.ts';
import { alternate, type PairsResult, type Side } from '../pairs.ts';
import { megabyte, moduleHere } from '../race.ts';
import { startServer } from '../server-process.ts';
import { type BenchWorkspace, hygge, workspace } from '../workspace.ts';
import { atMost, type BenchCase, type Check, type Scale } from './case.ts';

const peakMegabytes = 450;
const count = (rows: number): string => rows.toLocaleString('en');

/** Records of a REST API into parquet, against a file that has the same records as lines of JSON. */
export const apiRecords: BenchCase = {
  name: 'api-records',
  async run(scale) {
    const rows = scale.quick ? 200_000 : 1_000_000;
    const source = join(scale.folder, `rows-${rows}.ndjson`);
    const from = await parquetRows(join(scale.folder, `rows-${rows}.parquet`), 0, rows);
    if (!existsSync(source)) await query(`COPY (FROM ${quoted(from)}) TO ${quoted(source)} (FORMAT json)`);
    await using server = await startServer(moduleHere('apis/records-server.ts'), [source]);
    const pages = '{ type: page, page_size: 10000, size_param: size, end: total, total_at: total }';
    const home = `{ type: rest_api, base_url: "${server.line}", endpoint: rows, records: data, pagination: ${pages} }`;
    await using ofApi = await workspace(scale.folder, flows(`home: ${home}\nstore: lake\nentities: [rows]\n`));
    await using ofFile = await workspace(scale.folder, flows(`home: { path: ${JSON.stringify(source)} }\nstore: lake\n`));
    const sides = [goIn(ofApi, 'hygge go, from the API', rows), goIn(ofFile, 'hygge go, from the file', rows)];
    scale.say('the API, the file, in turn…');
    const pairs = await alternate(sides, scale.pairs ?? (scale.quick ? 1 : 3), scale.quick ? 0 : 1);
    const what = `${count(rows)} records × 10 members, pages of 10,000 → parquet`;
    // Half of the file's rows a second.
    return { name: this.name, what, pairs, checks: checksOf(scale, pairs, { than: 'the file', limit: 2 }), notes: [ofServer] };
  },
};

/** Objects of a Salesforce org into parquet, by jobs of Bulk API 2.0, against a client that makes the same jobs and only downloads them. */
export const salesforceJobs: BenchCase = {
  name: 'salesforce-jobs',
  async run(scale) {
    const [objects, each] = scale.quick ? [5, 60_000] : [50, 100_000];
    await using server = await startServer(moduleHere('apis/salesforce-server.ts'), [String(objects), String(each)]);
    const auth = `{ type: oauth2, token_url: "${server.line}/services/oauth2/token", client_id: 3MVG9.client, client_secret: org-secret }`;
    const names = Array.from({ length: objects }, (_, n) => `Object${n}__c`);
    const flow = `home: { type: salesforce, base_url: "${server.line}", auth: ${auth}, api: bulk }\nstore: lake\nentities: [${names.join(', ')}]\n`;
    await using space = await workspace(scale.folder, flows(flow));
    const name = 'a client that only downloads';
    const client = [moduleHere('apis/salesforce-download.mjs'), server.line, String(objects), String(lanes), String(recordsOfPage)];
    const alone: Side = {
      name,
      run: async () => {
        const measured = await measure({ name, args: client });
        if (Number(measured.stdout) !== objects * each) throw new Error(`${measured.stdout.trim()} records came, of ${objects * each}`);
        return measured;
      },
    };
    scale.say('hygge, the client alone, in turn…');
    const sides = [goIn(space, 'hygge go', objects * each), alone];
    const pairs = await alternate(sides, scale.pairs ?? (scale.quick ? 1 : 3), 0);
    const what = `${objects} objects of ${count(each)} records × 10 fields, jobs of Bulk API 2.0 → parquet`;
    return { name: this.name, what, pairs, checks: checksOf(scale, pairs, { than: 'the client', limit: 1.25 }), notes: [ofServer] };
  },
};

/** As many entities as hygge reads at once, and the page that it asks for with these fields. */
const [lanes, recordsOfPage] = [8, 32_000];
const ofServer = 'the server is one of our own, in a process of its own on the same machine, whose processor time is not counted';

function flows(flow: string): Readonly<Record<string, string>> {
  return { 'hygge.yml': 'name: bench\n', 'flows/copy/flow.yml': flow };
}

function goIn(space: BenchWorkspace, name: string, rows: number): Side {
  return {
    name,
    prepare: () => space.empty(),
    run: () => measure({ name, args: [hygge, 'go', '-C', space.folder] }),
    settle: async () => {
      const [row] = await query(`SELECT count(*)::INTEGER AS n FROM read_parquet(${quoted(join(space.lake, '**', '*.parquet'))})`);
      if (Number(row?.n) !== rows) throw new Error(`${row?.n} rows settled, of ${rows}`);
    },
  };
}

function checksOf(
  { quick }: Scale,
  { sides, ratios }: PairsResult,
  { than, limit }: { readonly than: string; readonly limit: number },
): readonly Check[] {
  const [go, other] = sides;
  const ratio = ratios[other?.name ?? '']?.median ?? Number.NaN;
  return [
    // Of few rows, most of it is the start of the process.
    ...(quick ? [] : [atMost(`time of ${than}, median`, ratio, limit, '×')]),
    atMost('peak memory, lower quartile', (go?.quartilePeakBytes ?? Number.NaN) / megabyte, peakMegabytes, 'MB'),
  ];
}
