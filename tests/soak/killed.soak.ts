import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { duck } from '../support/duck.ts';
import { DuckdbTestFile } from '../support/duckdb-file.ts';
import { judgedIntoFiles, judgedIntoSqlite } from '../support/judged-kill-rounds.ts';
import {
  type Growing,
  growingCopy,
  growingCopyToFile,
  growingFlow,
  growingIntoDuckdb,
  growingIntoSqlite,
  growingParquet,
  killRounds,
  raceRounds,
  seeded,
} from '../support/kill-rounds.ts';
import { objectPlace, objectWorkspace } from '../support/object-state.ts';
import { SEED } from '../support/samples.ts';
import { SqliteTestFile } from '../support/sqlite-file.ts';
import { cloudWorkspace, placeOfItsOwn } from '../support/table-state.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { record } from './record.ts';

const azurite = sharedAzurite();

interface Scene {
  readonly workspace: TestWorkspace;
  readonly growing?: Growing;
}
interface Place {
  readonly kills: number;
  /** Absent: nothing races. */
  readonly races?: number;
  /** What it opens goes with the stack. */
  open(stack: DisposableStack): Scene | Promise<Scene>;
}

const flow = (home: string, store: string) => ({
  'flows/f/flow.yml': `home: { ${home} }\nstore: { ${store} }\nrun_type: incremental\nwatermark: { column: day }\n`,
});
const copied = (growing: Growing): Place => ({ kills: 50, open: () => ({ workspace: new TestWorkspace(), growing }) });
const inDuckdb = (full: boolean, races?: number): Place => ({
  kills: 50,
  ...(races === undefined ? {} : { races }),
  open(stack) {
    const { flow: files, growing } = growingIntoDuckdb(stack.use(new DuckdbTestFile()), full);
    return { workspace: new TestWorkspace(files), growing };
  },
});

/** Days of rows with ties at the newest, nested and null values. */
const lineColumns = "{id: 'BIGINT', day: 'DATE', noise: 'VARCHAR', g: 'STRUCT(x DOUBLE, l BIGINT[])'}";
const readLines = (path: string) => `(select * from read_json('${path}', format = 'newline_delimited', columns = ${lineColumns}))`;
const growingLines: Growing = {
  step: 20_000,
  async write(workspace, from, to) {
    const values =
      "range as id, date '2026-01-01' + (range // 9000)::int as day, case when range % 3 > 0 then md5(range::varchar) end as noise, {x: range * 0.5, l: [range, null]} as g";
    mkdirSync(workspace.path('in'), { recursive: true });
    await duck(`copy (select ${values} from range(${from}, ${to})) to '${workspace.path('in', `${from}.ndjson`)}' (format json)`);
  },
  source: (workspace) => readLines(workspace.path('in/*.ndjson')),
  listed: (workspace) => readLines(workspace.path('lake/*.ndjson.gz')),
};

/** Days of rows in folders, with ties at the newest; kinds that mean something in paths. */
const readFolders = (folder: string) =>
  `(select id, day::varchar as day, kind, noise from read_parquet('${folder}/**/*.parquet', hive_partitioning = true, hive_types_autocast = false))`;
const growingFolders: Growing = {
  step: 20_000,
  async write(workspace, from, to) {
    const kind = "case range % 4 when 0 then null when 1 then 'a/b' when 2 then '..' else 'æ%' end";
    await duck(
      `copy (select range as id, date '2026-01-01' + (range // 9000)::int as day, ${kind} as kind, md5(range::varchar) as noise from range(${from}, ${to}))
       to '${workspace.path('in')}' (format parquet, partition_by (day), overwrite_or_ignore, filename_pattern 'part_${from}_{i}', row_group_size 2048)`,
    );
  },
  source: (workspace) => readFolders(workspace.path('in')),
  listed: (workspace) => readFolders(workspace.path('lake')),
};

const places: Readonly<Record<string, Place>> = {
  'on a local disk': { kills: 300, races: 200, open: () => ({ workspace: new TestWorkspace(growingFlow) }) },
  'with their state next to the data (blobs of Azurite)': {
    kills: 100,
    races: 200,
    open: async () => ({ workspace: objectWorkspace(await objectPlace(await azurite()), growingFlow) }),
  },
  'with their state in Table Storage (Azurite)': {
    kills: 100,
    races: 200,
    open: async () => ({ workspace: cloudWorkspace({ ...(await azurite()), ...placeOfItsOwn() }, growingFlow) }),
  },
  'into SQLite': {
    kills: 50,
    races: 200,
    open(stack) {
      const { flow: files, growing } = growingIntoSqlite(stack.use(new SqliteTestFile()));
      return { workspace: new TestWorkspace(files), growing };
    },
  },
  'into DuckDB': inDuckdb(false, 200),
  'into DuckDB, full loads': inDuckdb(true),
  'that copy to a folder': copied(growingCopy),
  'that copy to one file': copied(growingCopyToFile),
  'with rows that break a rule, to a folder': {
    kills: 50,
    open: () => ({ workspace: new TestWorkspace(judgedIntoFiles.flow), growing: judgedIntoFiles.growing }),
  },
  'with rows that break a rule, to SQLite': {
    kills: 50,
    open(stack) {
      const { flow: files, growing } = judgedIntoSqlite(stack.use(new SqliteTestFile()));
      return { workspace: new TestWorkspace(files), growing };
    },
  },
  'from lines to lines': {
    kills: 40,
    open: () => ({
      workspace: new TestWorkspace(flow('path: in, format: ndjson, types: { day: date }', 'path: lake, format: ndjson, compression: gzip')),
      growing: growingLines,
    }),
  },
  'from partitions to partitions': {
    kills: 40,
    open: () => ({ workspace: new TestWorkspace(flow('path: in', 'path: lake, partition_by: [kind, day]')), growing: growingFolders }),
  },
};

describe.each(Object.entries(places))('real processes %s', (name, { kills, races, open }) => {
  it(`killed ${kills} times at random moments`, async () => {
    using stack = new DisposableStack();
    const { workspace, growing = growingParquet } = await open(stack);
    stack.use(workspace);
    const { hit, rows } = await killRounds(workspace, kills, seeded(SEED), growing);
    record(
      `kill -9, ${name}`,
      `${kills} runs, ${hit} of them hit while at work (seed ${SEED}); ${rows.toLocaleString('en-US')} rows, equal as multisets, nothing left behind`,
    );
    expect(hit).toBeGreaterThan(kills / 4);
  });

  it.runIf(races !== undefined)('racing for one entity', async () => {
    using stack = new DisposableStack();
    const { workspace, growing = growingParquet } = await open(stack);
    stack.use(workspace);
    const { held } = await raceRounds(workspace, races ?? 0, growing);
    record(
      `two at once, ${name}`,
      `${races} races: one commit each, ${held} times the other was told who holds the entity; equal as multisets`,
    );
    expect(held).toBeGreaterThan(20);
  });
});
