import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { serverAt } from '../../tests/support/named-servers.ts';
import { sqlServerDatabase } from '../../tests/support/sqlserver-admin.ts';
import { parquetRows } from '../data.ts';
import { query, quoted } from '../duck.ts';
import { type Measurement, measure } from '../measure.ts';
import { alternate, type PairsResult, type Side } from '../pairs.ts';
import { megabyte, moduleHere } from '../race.ts';
import { startServer } from '../server-process.ts';
import { hygge, workspace } from '../workspace.ts';
import { atMost, type BenchCase, type CaseResult, type Scale } from './case.ts';

const client = moduleHere('sqlserver-by-client.mjs');
const clientName = 'its client alone';
/** hygge may take so many times the client's processor time: it reads 0.6 of the rows a second, and writes 0.9. */
const limits = { read: 1.67, write: 1.11 };
const peakMegabytes = 450;
const rowsOf = ({ quick }: Scale): number => (quick ? 200_000 : 2_000_000);
const note =
  'the server is a test server of our own, in a process of its own that is not counted: these are figures of hygge’s own side, and none is SQL Server’s';

/** A table of the tests' server into parquet, against what Microsoft's client takes to hand over the same rows to nobody. */
export const fromSqlServer: BenchCase = {
  name: 'from-sqlserver',
  async run(scale) {
    const rows = rowsOf(scale);
    await using server = await startServer(moduleHere('tds-server.ts'), ['read', String(rows)]);
    const home = sideOf(server.line, { database: 'erp', table: 'dbo.rows' });
    const flow = `home: ${home}\nstore: lake\n`;
    await using space = await workspace(scale.folder, { 'hygge.yml': 'name: bench\n', 'flows/copy/flow.yml': flow });
    const settled = async () => {
      const [row] = await query(`SELECT count(*)::INTEGER AS n FROM read_parquet(${quoted(join(space.lake, '*.parquet'))})`);
      if (Number(row?.n) !== rows) throw new Error(`${row?.n} rows settled, of ${rows}`);
    };
    const go: Side = {
      name: 'hygge go',
      prepare: () => space.empty(),
      run: () => measure({ name: 'hygge go', args: [hygge, 'go', '-C', space.folder] }),
      settle: settled,
    };
    const alone: Side = { name: clientName, run: () => said(rows, measure({ name: clientName, args: [client, 'read', server.line] })) };
    const pairs = await inTurn(scale, [go, alone]);
    return result(scale, {
      name: this.name,
      what: `${count(rows)} rows × 8 columns, SQL Server’s protocol → parquet`,
      pairs,
      limit: limits.read,
    });
  },
};

/** Parquet into a table of it, against that client's own bulk load. */
export const toSqlServer: BenchCase = {
  name: 'to-sqlserver',
  async run(scale) {
    const rows = rowsOf(scale);
    const source = await parquetRows(join(scale.folder, `rows-${rows}.parquet`), 0, rows);
    await using server = await startServer(moduleHere('tds-server.ts'), ['write']);
    await using database = await sqlServerDatabase(server.line);
    const store = sideOf(server.line, { database: database.keys.database, table: 'dbo.rows' });
    const home = `{ path: ${JSON.stringify(source)}, exclude: [name, day] }`;
    const flow = `home: ${home}\nstore: ${store}\nschema_overrides: { code: nvarchar(10), note: nvarchar(50) }\n`;
    await using space = await workspace(scale.folder, { 'hygge.yml': 'name: bench\n', 'flows/copy/flow.yml': flow });
    const empty = async () => {
      await database.clear();
      await rm(join(space.folder, '.hygge'), { recursive: true, force: true });
    };
    const go: Side = {
      name: 'hygge go',
      prepare: empty,
      run: () => measure({ name: 'hygge go', args: [hygge, 'go', '-C', space.folder] }),
    };
    const url = server.line.replace('?', `/${database.keys.database}?`);
    const alone: Side = {
      name: clientName,
      prepare: empty,
      run: () => said(rows, measure({ name: clientName, args: [client, 'write', url, String(rows)] })),
    };
    const pairs = await inTurn(scale, [go, alone]);
    return result(scale, {
      name: this.name,
      what: `${count(rows)} rows × 8 columns, parquet → SQL Server’s protocol`,
      pairs,
      limit: limits.write,
    });
  },
};

const count = (rows: number): string => rows.toLocaleString('en');

function sideOf(url: string, more: Readonly<Record<string, unknown>>): string {
  const { host, port, user, password, more: keys } = serverAt(url, 'HYGGE_TEST_MSSQL');
  return JSON.stringify({ type: 'sqlserver', server: host, port, user, password, ...keys, ...more });
}

/** What the client counted has to be what there is. */
async function said(rows: number, measuring: Promise<Measurement>): Promise<Measurement> {
  const measured = await measuring;
  if (Number(measured.stdout) !== rows) throw new Error(`the client alone moved ${measured.stdout.trim()} rows, of ${rows}`);
  return measured;
}

function inTurn(scale: Scale, sides: readonly Side[]): Promise<PairsResult> {
  scale.say('hygge, the client alone, in turn…');
  return alternate(sides, scale.pairs ?? (scale.quick ? 1 : 3), scale.quick ? 0 : 1);
}

function result(
  { quick }: Scale,
  { name, what, pairs, limit }: Pick<CaseResult, 'name' | 'what'> & { readonly pairs: PairsResult; readonly limit: number },
): CaseResult {
  const [go, alone] = pairs.sides;
  return {
    ...{ name, what, pairs },
    checks: [
      // Of few rows, most of it is the start of the process.
      ...(quick
        ? []
        : [atMost('processor time of the client alone, medians', (go?.cpuMs ?? Number.NaN) / (alone?.cpuMs ?? Number.NaN), limit, '×')]),
      atMost('peak memory, lower quartile', (go?.quartilePeakBytes ?? Number.NaN) / megabyte, peakMegabytes, 'MB'),
    ],
    notes: [note],
  };
}
