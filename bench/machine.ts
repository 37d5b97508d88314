import { cpus, release, totalmem } from 'node:os';
import { version as duckdb } from '@duckdb/node-api';

/** What the figures were measured on, in one line; nothing that tells whose machine it is. */
export function machine(): string {
  const processors = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  return `${processors.length} × ${processors[0]?.model ?? 'processor'}, ${memory}, ${process.platform} ${release()}, Node ${process.versions.node}, DuckDB ${duckdb()}`;
}
