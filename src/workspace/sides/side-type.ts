import { entry, type Mapping, type Scalar, textAt } from '../yaml/tree.ts';
import { isUrl, joinPaths, type PathPieces } from './paths.ts';

/** How a place of each system is written as a URL, for messages. */
const forms: Readonly<Record<string, readonly [string, ...string[]]>> = {
  azure_blob: ['az://container@account.blob.core.windows.net/folder', 'https://account.blob.core.windows.net/container/folder'],
  adls: ['abfss://filesystem@account.dfs.core.windows.net/folder', 'https://account.dfs.core.windows.net/filesystem/folder'],
  onelake: ['onelake://workspace/item/Files/folder', 'abfss://workspace@onelake.dfs.fabric.microsoft.com/item/Files/folder'],
  s3: ['s3://bucket/folder'],
  gcs: ['gs://bucket/folder'],
};

/** The URLs of a type; empty: it is not known to have any. */
export function formsOf(type: string): readonly string[] {
  return Object.hasOwn(forms, type) ? (forms[type] ?? []) : [];
}

const byScheme: ReadonlyMap<string, string> = new Map(
  Object.entries({
    file: 'local',
    s3: 's3',
    s3a: 's3',
    gs: 'gcs',
    az: 'azure_blob',
    wasb: 'azure_blob',
    wasbs: 'azure_blob',
    abfs: 'adls',
    abfss: 'adls',
    onelake: 'onelake',
    postgres: 'postgres',
    postgresql: 'postgres',
    mysql: 'mysql',
  }),
);

/** Hosts tell more than schemes: OneLake is spoken to by `abfss:` too. */
const byHost: readonly (readonly [RegExp, string])[] = [
  [/(^|[.@])fabric\.microsoft\.com$/i, 'onelake'],
  [/\.dfs\.(core|storage)\.[a-z.]+$/i, 'adls'],
  [/\.blob\.(core|storage)\.[a-z.]+$/i, 'azure_blob'],
  // Neither is understood; but then the right form is shown.
  [/(^|\.)s3[.-]([a-z0-9-]+\.)*amazonaws\.com(\.cn)?$/i, 's3'],
  [/^(storage\.googleapis|[a-z0-9._-]+\.storage\.googleapis|storage\.cloud\.google)\.com$/i, 'gcs'],
];

const byExtension: ReadonlyMap<string, string> = new Map(Object.entries({ parquet: 'parquet', sqlite: 'sqlite', duckdb: 'duckdb' }));

/**
 * What `type:` holds, or what the path's scheme or extension says; `local` when they say nothing. A value that is no text is for the caller
 * to refuse. @param pieces the scheme is that of the path which the others are joined to.
 */
export function typeOf(tree: Mapping, pieces: PathPieces): Pick<Scalar, 'value' | 'text' | 'shown' | 'spot'> {
  const held = entry(tree, 'type');
  const path = entry(tree, 'path');
  const written = path?.value.kind === 'scalar' ? path.value : undefined;
  const joined = written && joinPaths(pieces);
  const ofUrl = written && ((joined && typeOfUrl(joined.text)) ?? typeOfUrl(written.text));
  // A type among `defaults` gives way to a URL that is not one.
  const givesWay = held?.weight === 'default' && path?.weight !== 'default' && ofUrl !== undefined;
  if (held !== undefined && !givesWay)
    return held.value.kind === 'scalar' ? held.value : { value: null, text: '', shown: '', spot: held.value.spot };
  return written === undefined ? textAt(tree.spot, 'local') : textAt(written.spot, ofUrl ?? byEnding(written.text));
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

/** The format that was written where a type belongs. */
export function formatNamed(type: string): string | undefined {
  return formats.get(type.toLowerCase());
}

/** The format that a path's extension tells, also of a compressed file; parquet when it tells none. */
export function formatOf(path: string): string {
  const extension = /\.([a-z0-9]+)(?:\.(?:gz|zst))?$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  return formats.get(extension) ?? 'parquet';
}

/** The type that a URL speaks of, or its scheme where nobody knows it; undefined: it is no URL. */
export function typeOfUrl(path: string): string | undefined {
  if (!isUrl(path)) return undefined;
  const [, scheme = '', authority = ''] = /^([a-z][a-z0-9+.-]+):\/\/([^/]*)/i.exec(path) ?? [];
  const host = authority.replace(/:\d*$/, '');
  const known = byScheme.get(scheme.toLowerCase());
  const byItsHost = byHost.find(([hosts]) => hosts.test(host))?.[1];
  if (byItsHost === 'onelake') return byItsHost;
  return known ?? byItsHost ?? scheme.toLowerCase();
}

function byEnding(path: string): string {
  const extension = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  return byExtension.get(extension) ?? 'local';
}
