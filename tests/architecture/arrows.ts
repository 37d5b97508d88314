import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Import, importsOf, type Source } from './sources.ts';

/** What each room may import: arrows.yml. */
const allowed: Readonly<Record<string, readonly string[]>> = parse(readFileSync(join(import.meta.dirname, 'arrows.yml'), 'utf8'));

/** Names of connectors, clouds, formats and engines: the engine moves data without knowing any. */
export const systems =
  /\b(azure|adls|onelake|fabric|entra|aws|s3|gcs|gcp|google|bigquery|snowflake|salesforce|databricks|delta|iceberg|postgres(?:ql)?|mssql|sql ?server|mysql|mariadb|sqlite|duckdb|polars|arrow|parquet|csv|ndjson)\b/gi;

/** Arrows that no rule allows, as sentences. */
export function forbiddenArrows(sources: readonly Source[]): readonly string[] {
  return sources.flatMap((source) =>
    importsOf(source)
      .filter((one) => /^(src|infra)\//.test(one.target ?? ''))
      .filter((one) => !isAllowed(source.path, one.target ?? ''))
      .map((one) => `${source.path} imports ${one.target}: ${roomOf(source.path)} may import ${allowedIn(source.path)}`),
  );
}

function isAllowed(from: string, to: string): boolean {
  const target = to.replace(/^src\//, '');
  if (roomOf(from) === roomOf(to)) return true;
  return allowed[roomOf(from)]?.some((one) => (one.endsWith('.ts') ? target === one : target.startsWith(`${one}/`))) ?? false;
}

function allowedIn(path: string): string {
  return allowed[roomOf(path)]?.join(', ') ?? 'nothing: tests/architecture/arrows.yml does not know this room';
}

export function roomOf(path: string): string {
  return path.replace(/^src\//, '').split('/')[0] ?? '';
}

/** Folders of one room of src/ that import each other, types included: `engine/plan ↔ engine/move`, with the fewer imports. Files beside them are a folder too. */
export function circlesOfFolders(sources: readonly Source[]): readonly string[] {
  const imports = new Map<string, string[]>();
  for (const source of sources.filter(({ path }) => path.startsWith('src/')))
    for (const { target } of importsOf(source)) {
      const [from, to] = [folderOf(source.path), folderOf(target ?? '')];
      if (target === undefined || from === to || roomOf(source.path) !== roomOf(target)) continue;
      const arrow = `${from} → ${to}`;
      imports.set(arrow, [...(imports.get(arrow) ?? []), `${source.path} → ${target}`]);
    }
  return [...imports].flatMap(([arrow, there]) => {
    const [from, to] = arrow.split(' → ');
    const back = imports.get(`${to} → ${from}`);
    if (back === undefined || back.length > there.length || (back.length === there.length && arrow.startsWith(`${to}`))) return [];
    return [`${from} ↔ ${to}: ${back.join(', ')}`];
  });
}

function folderOf(path: string): string {
  const [room = '', sub = '', ...below] = path.replace(/^src\//, '').split('/');
  return below.length === 0 ? room : `${room}/${sub}`;
}

/** Systems that are alike (formats/x/, databases/x/) may not import each other. */
export function arrowsBetweenSystems(sources: readonly Source[]): readonly string[] {
  const systemOf = (path: string) =>
    /^src\/formats\/(?!(?:bytes|contract|kernels|threads)\/)[\w-]+\/|^src\/databases\/(?!(?:connector|home|store|sql)\/)[\w-]+\//.exec(
      path,
    )?.[0];
  return sources.flatMap((source) => {
    const own = systemOf(source.path);
    return importsOf(source)
      .filter((one) => own !== undefined && systemOf(one.target ?? '') !== undefined && systemOf(one.target ?? '') !== own)
      .map((one) => `${source.path} imports its sibling ${one.target}: what they share belongs next to them`);
  });
}

/** Files that need each other before either can start: `a → b → a`. Types and `import()` do not count. */
export function cycles(sources: readonly Source[]): readonly string[] {
  const isNeededAtStart = (one: Import) => !one.typeOnly && !one.dynamic && one.target !== undefined;
  const arrows = new Map(
    sources.map((source) => [
      source.path,
      importsOf(source)
        .filter(isNeededAtStart)
        .map((one) => one.target ?? ''),
    ]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
      return;
    }
    if (done.has(path)) return;
    for (const next of arrows.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const { path } of sources) visit(path, []);
  return found;
}
