import { child, type Mapping, type Scalar, textAt } from './tree.ts';

const byScheme: ReadonlyMap<string, string> = new Map(
  Object.entries({
    file: 'local',
    s3: 's3',
    gs: 'gcs',
    abfs: 'adls',
    abfss: 'adls',
    postgres: 'postgres',
    postgresql: 'postgres',
    mysql: 'mysql',
  }),
);
const byExtension: ReadonlyMap<string, string> = new Map(Object.entries({ parquet: 'parquet', sqlite: 'sqlite', duckdb: 'duckdb' }));

/** What `type:` holds, or what the path's scheme or extension says; `local` when they say nothing. A value that is no text is for the caller to refuse. */
export function typeOf(tree: Mapping): Pick<Scalar, 'value' | 'text' | 'shown' | 'spot'> {
  const type = child(tree, 'type');
  if (type?.kind === 'scalar') return type;
  if (type !== undefined) return { value: null, text: '', shown: '', spot: type.spot };
  const path = child(tree, 'path');
  return path?.kind === 'scalar' ? textAt(path.spot, inferred(path.text)) : textAt(tree.spot, 'local');
}

const formats: ReadonlyMap<string, string> = new Map(
  Object.entries({
    parquet: 'parquet',
    csv: 'csv',
    tsv: 'csv',
    json: 'json',
    ndjson: 'ndjson',
    jsonl: 'ndjson',
  }),
);

/** The format that a path's extension tells, also of a compressed file; parquet when it tells none. */
export function formatOf(path: string): string {
  const extension = /\.([a-z0-9]+)(?:\.(?:gz|zst))?$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  return formats.get(extension) ?? 'parquet';
}

function inferred(path: string): string {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(path)?.[1]?.toLowerCase();
  if (scheme === 'http' || scheme === 'https') return /\.dfs\.(core\.windows\.net|fabric\.microsoft\.com)/i.test(path) ? 'adls' : scheme;
  if (scheme !== undefined) return byScheme.get(scheme) ?? scheme;
  const extension = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  return byExtension.get(extension) ?? 'local';
}
