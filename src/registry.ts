import type { Connector } from './engine/connector.ts';
import type { FilesSystem } from './files/system.ts';

// biome-ignore lint/suspicious/noExplicitAny: a system's own config type is known only inside it
type AnySystem = FilesSystem<any>;

/** The systems of files that are reached over the network. Loaded lazily: `hygge --help` and a parquet run load no SDK. */
const systems: Readonly<Record<string, () => Promise<AnySystem>>> = {};

const overNetwork = async (load: () => Promise<AnySystem>): Promise<Connector> => {
  const [{ remoteFiles }, system] = await Promise.all([import('./files/remote-connector.ts'), load()]);
  return remoteFiles(system);
};

/** The one list of connectors. */
const builtIn: Readonly<Record<string, () => Promise<Connector>>> = {
  local: async () => (await import('./files/local-connector.ts')).local,
  journal: async () => (await import('./journal-home/connector.ts')).journal,
  parquet: async () => (await import('./files/local-connector.ts')).parquet,
  ...Object.fromEntries(Object.entries(systems).map(([id, load]) => [id, () => overNetwork(load)])),
};

export function connectorTypes(): readonly string[] {
  return Object.keys(builtIn);
}

/** The connector of a `type:`; undefined when there is none of that name. */
export async function findConnector(type: string): Promise<Connector | undefined> {
  return Object.hasOwn(builtIn, type) ? builtIn[type]?.() : undefined;
}

/** The system of files of a `type:`, for whoever keeps something else there than homes and stores do. */
export async function findFilesSystem(type: string): Promise<AnySystem | undefined> {
  return Object.hasOwn(systems, type) ? systems[type]?.() : undefined;
}
