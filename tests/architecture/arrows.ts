import { type Import, importsOf, type Source } from './sources.ts';

/**
 * What each room may import of src/ besides itself. `room` means all of it, `room/file.ts` that file only.
 * Arrows go one way: cli → infra → assembly, and functions → assembly → engine → ports; families import the engine's contracts; systems import their family.
 */
export const allowed: Readonly<Record<string, readonly string[]>> = {
  errors: ['ports'],
  ports: ['errors', 'frames/schema.ts', 'frames/watermark.ts'],
  frames: ['errors', 'ports', 'engine/contracts/frame.ts'],
  keys: ['errors', 'ports', 'frames', 'formats/bytes/spilled-bytes.ts'],
  engine: ['errors', 'ports', 'frames', 'checks', 'keys'],
  checks: ['errors', 'ports', 'frames'],
  remote: ['errors', 'ports'],
  filesystems: ['errors', 'ports', 'remote', 'frames/native-bytes.ts'],
  formats: [
    'errors',
    'ports',
    'frames',
    'filesystems/checksum/checksum.ts',
    'filesystems/disk/read-at-once.ts',
    'engine/contracts/frame.ts',
    'engine/contracts/home.ts',
  ],
  files: [
    'errors',
    'ports',
    'keys',
    'frames',
    'formats',
    'filesystems',
    'remote',
    'engine/contracts/errors.ts',
    'engine/contracts/frame.ts',
    'engine/contracts/home.ts',
    'engine/contracts/store.ts',
    'engine/contracts/catalog.ts',
    'engine/contracts/fit.ts',
    'engine/contracts/replacing.ts',
    'engine/contracts/writing.ts',
    'engine/contracts/boundary.ts',
    'engine/contracts/intent.ts',
    'engine/contracts/heads.ts',
    'engine/contracts/connector.ts',
    'workspace/names.ts',
    'workspace/wildcards.ts',
  ],
  databases: [
    'errors',
    'ports',
    'frames',
    'formats',
    'filesystems/disk/make-folders.ts',
    'remote',
    'engine/contracts',
    'workspace/names.ts',
    'workspace/wildcards.ts',
    'workspace/durations.ts',
  ],
  apis: [
    'errors',
    'ports',
    'keys/key-table.ts',
    'workspace/durations.ts',
    'frames',
    'checks/zone-offsets.ts',
    'formats',
    'remote',
    'engine/contracts/frame.ts',
    'engine/contracts/home.ts',
    'engine/contracts/connector.ts',
  ],
  'journal-home': [
    'errors',
    'ports',
    'frames',
    'engine/contracts/frame.ts',
    'engine/contracts/home.ts',
    'engine/contracts/connector.ts',
    'narrate/text/notes.ts',
  ],
  state: ['errors', 'ports', 'frames', 'filesystems', 'remote', 'engine/contracts/pools.ts', 'databases', 'workspace/names.ts'],
  workspace: [
    'errors',
    'ports',
    'frames',
    'checks/policies.ts',
    'checks/migrations.ts',
    'checks/zone-offsets.ts',
    'engine/contracts/spec.ts',
    'engine/contracts/validation.ts',
    'engine/contracts/connector.ts',
  ],
  adapters: [
    'errors',
    'ports',
    'engine/contracts/pools.ts',
    'remote',
    'workspace',
    'filesystems/disk/processes.ts',
    'filesystems/disk/make-folders.ts',
  ],
  pack: ['errors', 'ports', 'adapters/version-folder.ts'],
  narrate: ['errors', 'ports', 'checks/drift-text.ts'],
  docs: ['errors', 'narrate/text'],
  report: [
    'errors',
    'ports',
    'narrate',
    'frames/watermark.ts',
    'checks/drift-text.ts',
    'checks/silence.ts',
    'checks/lateness.ts',
    'engine/errors/interruption.ts',
    'engine/verify/last-verification.ts',
    'engine/verify/last-replication.ts',
    'engine/schema',
    'workspace/schema/zones.ts',
  ],
  assembly: [
    'errors',
    'ports',
    'frames',
    'checks/lateness.ts',
    'engine',
    'filesystems',
    'state',
    'workspace',
    'adapters',
    'narrate',
    'report',
    'registry.ts',
  ],
  infra: [
    'errors',
    'ports',
    'engine/contracts',
    'pack/host.ts',
    'assembly/requirements.ts',
    'narrate/commands/need-lines.ts',
    'workspace',
    'registry.ts',
  ],
  cli: [
    'errors',
    'ports',
    'frames',
    'checks/drift-text.ts',
    'engine',
    'filesystems',
    'formats',
    'files',
    'state',
    'workspace',
    'adapters',
    'pack',
    'assembly',
    'docs',
    'narrate',
    'report',
    'registry.ts',
    'infra',
  ],
  functions: [
    'errors',
    'ports',
    'engine',
    'workspace',
    'assembly',
    'narrate',
    'report',
    'adapters/app-worker.ts',
    'adapters/freed-memory.ts',
    'adapters/real-environment.ts',
  ],
  'registry.ts': [
    'engine/contracts/connector.ts',
    'engine/contracts/home.ts',
    'engine/contracts/row-sums.ts',
    'ports/answers/entity-query.ts',
    'files',
    'databases',
    'journal-home',
    'apis',
  ],
};

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
  return allowed[roomOf(path)]?.join(', ') ?? 'nothing: tests/architecture/arrows.ts does not know this room';
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
      .map((one) => `${source.path} imports its sibling ${one.target}: what they share belongs beside them`);
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
