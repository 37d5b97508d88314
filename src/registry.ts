import type { Database, Engine, Session } from './databases/engine.ts';
import type { Connector, Opening } from './engine/contracts/connector.ts';
import type { FilesOfRows } from './engine/contracts/home.ts';
import type { SumsOfFiles } from './engine/contracts/row-sums.ts';
import type { RemoteSystem } from './files/connectors/remote-system.ts';
import type { EntityQuery, QueryAnswer } from './ports/answers/entity-query.ts';

// biome-ignore lint/suspicious/noExplicitAny: a system's own config type is known only inside it
type AnySystem = RemoteSystem<any>;
// biome-ignore lint/suspicious/noExplicitAny: as above
type AnyDatabase = Database<any, any>;

/** The systems of files that are reached over the network. Loaded lazily: `hygge --help` and a parquet run load no SDK. */
const systems: Readonly<Record<string, () => Promise<AnySystem>>> = {
  azure_blob: async () => (await import('./files/systems/azure-blob.ts')).azureBlob,
  adls: async () => (await import('./files/systems/adls.ts')).adls,
  onelake: async () => (await import('./files/systems/onelake.ts')).onelake,
  s3: async () => (await import('./files/systems/s3.ts')).s3,
  gcs: async () => (await import('./files/systems/gcs.ts')).gcs,
};

/** One connector for each type, at every call: two places are of one type if their connectors are the same object. */
const once = (make: () => Promise<Connector>): (() => Promise<Connector>) => {
  let made: Promise<Connector> | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

const overNetwork = (load: () => Promise<AnySystem>) =>
  once(async () => (await import('./files/connectors/remote-connector.ts')).remoteFiles(await load()));

/** Databases, each the same way. */
const database = <K extends { readonly pool_size: number }, S extends Session>(load: () => Promise<Engine<K, S>>) =>
  once(async () => (await import('./databases/connector/connector.ts')).databaseConnector(await load()));

const keepers: Readonly<Record<string, () => Promise<AnyDatabase>>> = {
  postgres: async () => (await import('./databases/postgres/postgres.ts')).postgres,
  sqlite: async () => (await import('./databases/sqlite/sqlite.ts')).sqlite,
};

/** The one list of connectors. */
const builtIn: Readonly<Record<string, () => Promise<Connector>>> = {
  local: async () => (await import('./files/connectors/local-connector.ts')).local,
  journal: async () => (await import('./journal-home/connector.ts')).journal,
  postgres: database(async () => (await import('./databases/postgres/postgres.ts')).postgres),
  mysql: database(async () => (await import('./databases/mysql/mysql.ts')).mysql),
  sqlserver: database(async () => (await import('./databases/sqlserver/sqlserver.ts')).sqlserver),
  fabric_warehouse: database(async () => (await import('./databases/sqlserver/fabric/fabric-warehouse.ts')).fabricWarehouse),
  duckdb: database(async () => (await import('./databases/duckdb/duckdb.ts')).duckdb),
  sqlite: database(async () => (await import('./databases/sqlite/sqlite.ts')).sqlite),
  parquet: async () => (await import('./files/connectors/local-connector.ts')).parquet,
  rest_api: async () => (await import('./apis/rest/connector.ts')).restApi,
  odata: async () => (await import('./apis/odata/connector.ts')).odata,
  salesforce: async () => (await import('./apis/salesforce/connector.ts')).salesforce,
  open_mirroring: async () => (await import('./files/landing-zone/connector.ts')).openMirroring,
  ...Object.fromEntries(Object.entries(systems).map(([id, load]) => [id, overNetwork(load)])),
};

/** Connectors of installed packages, which are there from when they register. */
const registered = new Map<string, Connector>();

/** For an installed package: from now on there is a connector of that `type:`, as if it were built in. Disposing takes it away. */
export function registerConnector(connector: Connector): Disposable {
  const { id } = connector;
  if (connectorTypes().includes(id)) throw new Error(`there is a connector of type ${id} already`);
  registered.set(id, connector);
  return { [Symbol.dispose]: () => void registered.delete(id) };
}

export function connectorTypes(): readonly string[] {
  return [...Object.keys(builtIn), ...registered.keys()];
}

/** The connector of a `type:`; undefined when there is none of that name. */
export async function findConnector(type: string): Promise<Connector | undefined> {
  return Object.hasOwn(builtIn, type) ? builtIn[type]?.() : registered.get(type);
}

/** The systems that come with hygge as manifests, `src/apis/manifests/<name>.yml`. */
const described: readonly string[] = ['business_central', 'dataverse', 'github', 'sharepoint_lists', 'stripe'];

/** All that a workspace may name as a `type:`. */
export const connectors = {
  types: connectorTypes,
  find: findConnector,
  systems: {
    names: () => described,
    text: async (name: string) => (await import('./apis/manifests/texts.ts')).texts[name] ?? '',
  },
};

/** The file system of a `type:`, for other content than that of homes and stores. */
export async function findFilesSystem(type: string): Promise<AnySystem | undefined> {
  return Object.hasOwn(systems, type) ? systems[type]?.() : undefined;
}

/** Sums of the rows in files by SQL that a person can run; undefined: nothing here reads the format. */
export async function sumsOfFiles(files: FilesOfRows, opening: Opening): Promise<SumsOfFiles | undefined> {
  return (await import('./databases/duckdb/sums-of-files.ts')).sumsOfFiles(files, opening);
}

/** A SELECT over what settled, each entity a view, by the engine that is installed for it. */
export async function queryEntities(query: EntityQuery): Promise<QueryAnswer> {
  return (await import('./databases/duckdb/entity-query.ts')).queryEntities(query);
}

/** The rows of settled files as a view of such a query; undefined: they have to be brought into files that it reads. */
export async function viewOfFiles(files: FilesOfRows): Promise<string | undefined> {
  return (await import('./databases/duckdb/sums-of-files.ts')).settledRows(files);
}

/** The database of a `type:`, for other content than that of homes and stores. */
export async function findDatabase(type: string): Promise<AnyDatabase | undefined> {
  return Object.hasOwn(keepers, type) ? keepers[type]?.() : undefined;
}
