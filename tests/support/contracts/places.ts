/** Every store that rows under a contract settle in, read by somebody else: DuckDB reads files, and a client of the database's own reads tables. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DatabaseKind, duckdb, mariadb, postgres, sqlite } from '../../databases/databases.ts';
import { connectionOf, storeServed } from '../../databases/sqlserver/support.ts';
import { workspace as fabricWorkspace } from '../azure-hosts/azure.ts';
import { duck } from '../duck.ts';
import { mirror, startFabric } from '../fabric-replicator/fabric.ts';
import type { LakeKind } from '../lakes/lake.ts';
import { sharedLakes } from '../lakes/test-lakes.ts';
import { writeDown } from '../lakes/write-down.ts';
import type { TestWorkspace } from '../workspace.ts';

/** A row in quarantine: its id and the rule that it breaks. */
export type RowApart = readonly [rule: string, id: number];

/** What lies in a store now. */
export interface Look {
  /** The ids of an entity's settled rows, in ascending order. */
  settled(entity: string): Promise<readonly number[]>;
  /** By rule and id. */
  apart(entity: string): Promise<readonly RowApart[]>;
}

export interface Place extends AsyncDisposable {
  /** Lines of hygge.yml. */
  readonly connection?: string;
  /** `store:` of a flow, in one line. */
  readonly store: string;
  readonly env?: Readonly<Record<string, string>>;
  look(workspace: TestWorkspace): Promise<Look>;
}

export interface PlaceKind {
  readonly name: string;
  /** Why there is none here; '': there is. */
  readonly missing: string;
  /** How an incremental flow writes there: some stores merge, some add, some do both. */
  readonly ways: readonly ('adds' | 'merges')[];
  /** Replacing all rows takes as long as somebody else takes to see that they are gone. */
  readonly replacesSlowly?: true;
  start(): Promise<Place>;
}

const flow = 'f';
const inOrder = (apart: readonly RowApart[]): readonly RowApart[] =>
  apart.toSorted(([a, one], [b, other]) => (a === b ? one - other : a < b ? -1 : 1));

const readers = {
  parquet: (files: string) => `read_parquet(${files}, hive_partitioning = false)`,
  csv: (files: string) => `read_csv(${files}, header = true, all_varchar = true, hive_partitioning = false)`,
  ndjson: (files: string) => `read_json(${files}, format = 'newline_delimited', union_by_name = true)`,
} as const;
type FileFormat = keyof typeof readers;

/** What the manifest of an entity lists, below the root of a lake. */
function lookAtFiles(root: string, format: FileFormat, records: (entity: string) => string = () => '_hygge'): Look {
  const listed = (entity: string, what: 'files' | 'quarantine'): string | null => {
    const manifest = join(root, records(entity), flow, entity, 'current.json');
    if (!existsSync(manifest)) return null;
    const head = JSON.parse(readFileSync(manifest, 'utf8')) as Readonly<Record<string, readonly { readonly name: string }[] | undefined>>;
    const names = (head[what] ?? []).map(({ name }) => `'${join(root, name)}'`);
    return names.length === 0 ? null : `[${names.join(', ')}]`;
  };
  return {
    async settled(entity) {
      const files = listed(entity, 'files');
      const rows = files === null ? [] : await duck(`select id::bigint as id from ${readers[format](files)} order by 1`);
      return rows.map(({ id }) => Number(id));
    },
    async apart(entity) {
      const files = listed(entity, 'quarantine');
      const rows = files === null ? [] : await duck(`select _rule, id::bigint as id from ${readers[format](files)}`);
      return inOrder(rows.map(({ _rule, id }): RowApart => [String(_rule), Number(id)]));
    },
  };
}

const local = (format: FileFormat): PlaceKind => ({
  ...{ name: `a folder of ${format} files`, missing: '', ways: ['adds'] },
  start: async () => ({
    store: `{ path: lake, format: ${format} }`,
    look: async (workspace) => lookAtFiles(workspace.path('lake'), format),
    [Symbol.asyncDispose]: async () => undefined,
  }),
});

const inLake = ({ name, missing = '', start }: LakeKind): PlaceKind => ({
  ...{ name, missing, ways: ['adds'] },
  async start() {
    const lake = await start();
    let looks = 0;
    return {
      store: lake.side('lake', 'format: parquet'),
      env: lake.env,
      async look(workspace) {
        const copy = workspace.path(`copy-${++looks}`);
        await lake.download('', copy);
        return lookAtFiles(join(copy, 'lake'), 'parquet');
      },
      [Symbol.asyncDispose]: () => lake[Symbol.asyncDispose](),
    };
  },
});

/** A line of the table of rejected rows: the entity, the rule, and the row as JSON, with blanks between. */
function rowsApart(lines: readonly string[], of: string): readonly RowApart[] {
  const mine = lines.flatMap((line): RowApart[] => {
    const [, entity, rule = '', row = ''] = /^(\S+) (.*?) (\{.*)$/s.exec(line) ?? [];
    return entity === of ? [[rule, Number((JSON.parse(row) as { readonly id: unknown }).id)]] : [];
  });
  return inOrder(mine);
}

const inDatabase = (kind: DatabaseKind): PlaceKind => ({
  ...{ name: kind.name, missing: kind.missing, ways: ['adds', 'merges'] },
  async start() {
    const database = await kind.open();
    const metadata = /metadata_schema: (\w+)/.exec(database.keys)?.[1] ?? 'hygge_metadata';
    const rejected = kind.name === 'SQLite' ? `${metadata}_rejected` : `${metadata}.rejected`;
    const [rule, row] = ['rule', 'row'].map((name) => (kind.name === 'MariaDB' ? `\`${name}\`` : `"${name}"`));
    return {
      connection: `connections: { c: ${database.connection} }\n`,
      store: `{ connection: c, table: "{entity}"${database.keys} }`,
      env: { SHOP_SECRET: database.password },
      look: async () => {
        const found = await database.sql(`select entity, ${rule}, ${row} from ${rejected}`).catch(() => []);
        // The client of MariaDB writes a backslash as two.
        const lines = kind.name === 'MariaDB' ? found.map((line) => line.replaceAll('\\\\', '\\')) : found;
        return {
          settled: async (entity) => (await database.sql(`select id from ${entity} order by id`).catch(() => [])).map(Number),
          apart: async (entity) => rowsApart(lines, entity),
        };
      },
      [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
    };
  },
});

/** The server that speaks SQL Server's protocol. */
const sqlserver: PlaceKind = {
  ...{ name: 'SQL Server', missing: postgres.missing === 'asked before' ? postgres.missing : '', ways: ['adds', 'merges'] },
  async start() {
    const served = await storeServed({ tables: [] }, { list: 'any' });
    return {
      connection: connectionOf(served),
      store: '{ connection: erp, table: "dbo.{entity}" }',
      look: async () => {
        const rows = (table: string) => {
          try {
            return served.tables.rows(table);
          } catch {
            return [];
          }
        };
        const lines = rows('hygge_metadata.rejected').map(({ entity, rule, row }) => `${String(entity)} ${String(rule)} ${String(row)}`);
        return {
          settled: async (entity) =>
            rows(`dbo.${entity}`)
              .map(({ id }) => Number(id))
              .sort((a, b) => a - b),
          apart: async (entity) => rowsApart(lines, entity),
        };
      },
      [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
    };
  },
};

const openMirroring: PlaceKind = {
  ...{
    name: 'Open Mirroring',
    missing: postgres.missing === 'asked before' ? postgres.missing : '',
    ways: ['merges'],
    replacesSlowly: true,
  },
  async start() {
    const fabric = await startFabric();
    const here = fabric.azure.inProcess();
    let looks = 0;
    return {
      store: `{ type: open_mirroring, workspace: ${fabricWorkspace.name}, mirror_name: ${mirror.name} }`,
      env: fabric.azure.env,
      look: async (workspace) => {
        await fabric.replicator.turn();
        return {
          settled: async (entity) =>
            (await fabric.replicator.query(`select id from "${entity}" order by 1`).catch(() => [])).map(({ id }) => Number(id)),
          apart: async (entity) => {
            const copy = workspace.path(`copy-${++looks}`);
            const files = [...fabric.azure.dfs.files('onelake', fabricWorkspace.name)].map(
              ([path, { content }]) => [path, content] as const,
            );
            await writeDown(files, '', copy);
            return lookAtFiles(join(copy, `${mirror.id}/Files`), 'parquet', (table) => `_hygge/_tables/${table}`).apart(entity);
          },
        };
      },
      async [Symbol.asyncDispose]() {
        here[Symbol.dispose]();
        await fabric[Symbol.asyncDispose]();
      },
    };
  },
};

/** All of them. To be called while tests are collected. */
export const places = (): readonly PlaceKind[] => [
  ...(['parquet', 'csv', 'ndjson'] as const).map(local),
  ...sharedLakes().map(inLake),
  ...[postgres, mariadb, sqlite, duckdb].map(inDatabase),
  sqlserver,
  openMirroring,
];
