import { writePrivately } from '../../adapters/disk-places.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { writeFileInside } from '../../adapters/version-folder.ts';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import { shellWord } from '../../errors/as-argument.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { localFileSystem } from '../../filesystems/disk/local.ts';
import { visible } from '../../narrate/text/visible.ts';
import type { FileSystem } from '../../ports/filesystem.ts';
import { connectors } from '../../registry.ts';

/** A file that `init` creates. With `yields`, an existing file is left unchanged. */
export interface NewFile {
  readonly path: string;
  readonly body: Uint8Array;
  readonly yields?: true;
  /** Whether the existing file stays, since it is newer than the file that would be written. */
  readonly isKept?: true;
}

export function textFile(path: string, text: string): NewFile {
  return { path, body: new TextEncoder().encode(text) };
}

/** The first line of a YAML file, by which editors complete and check the file. */
export function schemaLine(path: string, schema: 'hygge' | 'flow' | 'entity'): string {
  const up = '../'.repeat(path.split('/').length - 1);
  return `# yaml-language-server: $schema=${up}.hygge/schema/${schema}.json`;
}

export const gitignore: NewFile = {
  ...textFile(
    '.gitignore',
    `# hygge's own notes: what is settled, and the journal. The schemas are for your editor, keep those.
.hygge/*
!.hygge/schema/
# Secrets live here.
.env
.env.*
`,
  ),
  yields: true,
};

/** The file hygge.yml of a new workspace. @param more further keys after the usual keys. */
export function workspaceFile(name: string, more = ''): NewFile {
  return textFile(
    'hygge.yml',
    `${schemaLine('hygge.yml', 'hygge')}
name: ${JSON.stringify(name)}

options:
  concurrency: 8            # entities that run at once
  continue_on_error: true   # a failed entity does not stop the others
${more === '' ? '' : `\n${more}`}`,
  );
}

/** The files of a workspace to fill in, with one flow and one entity. Each line has an effect. */
export function starterFiles(name: string): readonly NewFile[] {
  return [
    workspaceFile(name),
    textFile(
      'flows/hello/flow.yml',
      `${schemaLine('flows/hello/flow.yml', 'flow')}

# The place of the data now. {entity} is the name of each entity below.
home:
  type: parquet
  path: data/inbox/{entity}.parquet

# The place where it settles: data/lake/<entity>/
store:
  type: parquet
  path: data/lake

# full_drop loads everything each time and replaces the earlier rows.
# incremental moves only what is new; give the entity a watermark for that.
run_type: full_drop

# schedule: "0 0 2 * * *"   # every night at two (UTC), in the function app
`,
    ),
    textFile(
      'flows/hello/entities/orders.yml',
      `${schemaLine('flows/hello/entities/orders.yml', 'entity')}
name: orders

# run_type: incremental
# watermark:
#   column: updated_at
`,
    ),
    gitignore,
  ];
}

/** The file with the names in this workspace, which the schemas use. `debug` writes it again. */
const namesFile = '.hygge/schema/names.json';

/** The columns of entities (`flow.entity`) with their types, as `debug` found them. */
export type ColumnsMet = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Stores names for the editor, if the workspace has editor schemas. If an existing entity was not read now, its stored names stay. If the
 * folder can not be written, the command does not fail, and the editor keeps the old schemas.
 */
export async function keepNames(
  {
    root,
    connections,
    entities,
  }: {
    readonly root: string;
    readonly connections: readonly { readonly name: string; readonly type: string }[];
    readonly entities: readonly { readonly flow: string; readonly entity: string }[];
  },
  met: ColumnsMet,
): Promise<void> {
  const files = localFileSystem(root);
  try {
    const before = await files.get(namesFile);
    if (before === undefined && (await files.stat('.hygge/schema/flow.json')) === undefined) return;
    const known =
      before === undefined ? {} : ((JSON.parse(new TextDecoder().decode(before.body)) as { columns?: ColumnsMet }).columns ?? {});
    const columns: Record<string, Readonly<Record<string, string>>> = {};
    for (const { flow, entity } of entities) {
      const own = met[`${flow}.${entity}`] ?? known[`${flow}.${entity}`];
      if (own !== undefined) columns[`${flow}.${entity}`] = own;
    }
    const body = await namesBody({ connections, entities, columns });
    if (before !== undefined && new TextDecoder().decode(before.body) === body) return;
    await writeFileInside(root, namesFile, body, realRandom().nonce());
  } catch {
    return;
  }
}

async function namesBody({
  connections,
  entities,
  columns,
}: {
  readonly connections: readonly { readonly name: string; readonly type: string }[];
  readonly entities: readonly { readonly flow: string; readonly entity: string }[];
  readonly columns: ColumnsMet;
}): Promise<string> {
  const { namesSchema } = await import('../../workspace/schema/json-schema.ts');
  const column = new Map<string, string>();
  for (const [entity, own] of Object.entries(columns))
    for (const [name, type] of Object.entries(own)) {
      const told = column.get(name);
      column.set(name, `${told === undefined ? '' : `${told}  \n`}${entity}: ${type}`);
    }
  const names = {
    connection: new Map(connections.map(({ name, type }) => [name, type] as const)),
    entity: new Map(entities.map(({ flow, entity }) => [entity, `in ${flow}`] as const)),
    column,
  };
  return `${JSON.stringify(namesSchema(names, { columns }), null, 2)}\n`;
}

/** The JSON Schema of each kind of file, made from the schemas that validate the files. @param root the folder of the workspace with manifests. Absent: no manifests are known. */
export async function editorSchemas(root?: string): Promise<readonly NewFile[]> {
  const { jsonSchemas } = await import('../../workspace/schema/json-schema.ts');
  const { everySystem } = await import('../../workspace/manifests/systems.ts');
  const known = await everySystem(connectors, root === undefined ? undefined : { files: workspaceFiles, root });
  const schemas = await jsonSchemas(known.connectors);
  const text = await namesBody({ connections: [], entities: [], columns: {} });
  const names: NewFile = { ...textFile(namesFile, text), yields: true, isKept: true };
  return [
    ...(['hygge', 'flow', 'entity', 'target', 'manifest', 'contract'] as const).map((kind) => ({
      ...textFile(`.hygge/schema/${kind}.json`, `${JSON.stringify(schemas[kind], null, 2)}\n`),
      yields: true as const,
    })),
    names,
  ];
}

/** The wanted files that exist already. */
export async function whatIsThere(files: FileSystem, wanted: readonly NewFile[]): Promise<readonly NewFile[]> {
  const there: NewFile[] = [];
  for (const file of wanted) if ((await files.stat(file.path)) !== undefined) there.push(file);
  return there;
}

/** Writes the files one by one. If a file can not be written, the files written so far are removed. */
export async function writeNewFiles(files: FileSystem, wanted: readonly NewFile[], place: NewPlace): Promise<void> {
  const written: string[] = [];
  try {
    for (const file of wanted) {
      const put = await files.put(file.path, file.body, { ifNoneMatch: '*' });
      if (put.outcome === 'refused') refuseIfAny([file], place);
      written.push(file.path);
    }
  } catch (error) {
    for (const path of written) await files.remove(path);
    throw error;
  }
}

export interface NewPlace {
  /** The absolute path of the folder. */
  readonly directory: string;
  /** The folder's path relative to the person's working directory. */
  readonly shown: string;
}

/** Throws if files exist already. @param otherwise an alternative to the command, if one is known. */
export function refuseIfAny(inTheWay: readonly NewFile[], { directory, shown }: NewPlace, otherwise: readonly string[] = []): void {
  if (inTheWay.length === 0) return;
  throw new ConfigError({
    code: 'HYG-1904',
    what: `${visible(directory)} is not empty; init never overwrites files.`,
    why: inTheWay.map((file) => `${file.path} is there`),
    tryThis: [
      ...(otherwise.length > 0 ? otherwise : ['Choose another folder: hygge init my-lake']),
      `If this is your workspace, it is ready: hygge debug${shown === '.' ? '' : ` -C ${shellWord(visible(shown))}`}`,
    ],
  });
}

/** Writes passwords to `.env`, if git ignores that file. Passwords are written to no other file. */
export async function keepSecrets(
  directory: string,
  variables: Readonly<Record<string, string>>,
): Promise<{ readonly made: readonly string[]; readonly toSet: readonly string[] }> {
  const names = Object.keys(variables);
  if (names.length === 0) return { made: [], toSet: [] };
  const lines = Object.entries(variables).map(([name, value]) => envLine(name, value));
  const ignored = new TextDecoder().decode((await localFileSystem(directory).get('.gitignore'))?.body);
  const isIgnored = /^\/?(\*\*\/)?\.env\*?\s*$/m.test(ignored);
  if (!isIgnored || lines.includes(null)) return { made: [], toSet: names };
  const isMade = await writePrivately(`${directory}/.env`, `${lines.join('\n')}\n`);
  return isMade ? { made: ['.env'], toSet: [] } : { made: [], toSet: names };
}

/** A line of `.env`. Null: the value contains all kinds of quotes, so it can not be quoted. */
function envLine(name: string, value: string): string | null {
  if (/[\r\n]/.test(value)) return null;
  const quote = ["'", '`', '"'].find((one) => !value.includes(one) && !(one === '"' && value.includes('\\')));
  return quote === undefined ? null : `${name}=${quote}${value}${quote}`;
}
