import type { Connector } from './engine/connector.ts';

/** The one list of connectors. Loaded lazily: `hygge --help` and a parquet run load no SDK. */
const builtIn: Readonly<Record<string, () => Promise<Connector>>> = {
  local: async () => (await import('./files/connector.ts')).local,
  journal: async () => (await import('./journal-home/connector.ts')).journal,
  parquet: async () => (await import('./files/connector.ts')).parquet,
};

export function connectorTypes(): readonly string[] {
  return Object.keys(builtIn);
}

/** The connector of a `type:`; undefined when there is none of that name. */
export async function findConnector(type: string): Promise<Connector | undefined> {
  return builtIn[type]?.();
}
