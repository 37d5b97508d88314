import { hash } from 'node:crypto';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Inventory } from '../../../infra/inventory.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { writeFileInside } from '../../adapters/version-folder.ts';
import { shellWord } from '../../errors/as-argument.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { localFileSystem } from '../../filesystems/disk/local.ts';
import { visible } from '../../narrate/text/visible.ts';
import type { Workspace } from '../../workspace/load/load.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';

/** The file with hashes of the last rendered files, by which changes of people are detected. */
const manifestFile = '.rendered.json';

/** The absolute path of a folder for templates. Like other paths of the command, the given path is relative to the folder of `-C`. */
export function templatesFolder(
  written: string,
  flags: Pick<CommonFlags, 'directory'>,
  surroundings: Pick<Surroundings, 'directory'>,
): string {
  return resolve(surroundings.directory, flags.directory ?? '.', written);
}

/** The folder as a value for `--out`, relative to the `-C` of the command. */
export function asOut(out: string, flags: Pick<CommonFlags, 'directory'>, surroundings: Pick<Surroundings, 'directory'>): string {
  return relative(resolve(surroundings.directory, flags.directory ?? '.'), out) || '.';
}

/** The workspace, target and cloud that the templates in a folder belong to. */
export interface Whose {
  /** The name of the workspace. */
  readonly workspace: string;
  readonly target: string;
  readonly cloud: string;
}

export interface OutFolder extends Whose {
  /** The folder's path as messages show it. */
  readonly shown: string;
  /** The folder's path as a value for `--out`. */
  readonly asOut: string;
  /** Whether edited files are overwritten as well. */
  readonly force: boolean;
  /** The inventory of the templates, which is stored for the next render. */
  readonly inventory: Inventory | undefined;
}

/** Writes new and changed files, and removes rendered files that are no longer needed. Throws HYG-1117 if other content would be lost. */
export async function writeFolder(out: string, files: ReadonlyMap<string, string>, folder: OutFolder) {
  const disk = localFileSystem(out);
  const { files: before, of } = manifestIn(await textIn(disk, manifestFile));
  const { workspace, target, cloud } = folder;
  if (of !== undefined && (of.workspace !== workspace || of.target !== target || of.cloud !== cloud)) throw isOfAnother(of, folder);
  const { there, edited } = await lookedAt(disk, { files, before });
  if (edited.length > 0 && !folder.force) throw wasEdited(edited, folder);
  const written = [...files].filter(([path, text]) => there.get(path) !== text);
  const removed = [...there.keys()].filter((path) => !files.has(path));
  for (const [path, text] of written) await writeFileInside(out, path, text, realRandom().nonce());
  for (const path of removed) await disk.remove(path);
  const hashes = Object.fromEntries([...files].map(([path, text]) => [path, sha256(text)]));
  const manifest: Manifest = {
    version: 1,
    of: { workspace, target, cloud },
    files: hashes,
    ...(folder.inventory && { inventory: folder.inventory }),
  };
  await writeFileInside(out, manifestFile, `${JSON.stringify(manifest, null, 2)}\n`, realRandom().nonce());
  return { written: written.map(([path]) => path), removed };
}

/** Throws HYG-1901 if a folder of templates is among the folders of flows, since hygge would read the templates as a flow. @param out the absolute path of the folder. */
export function mustBeOutsideOfFlows(out: string, { root, files }: Pick<Workspace, 'root' | 'files'>, target: string): void {
  const folders = new Set(files.filter((file) => /\/flow\.ya?ml$/.test(file)).map((file) => join(root, dirname(dirname(file)))));
  const within = [...folders].some((folder) => out === folder || out.startsWith(`${folder}${sep}`));
  if (!within) return;
  throw unreadable(`--out ${shellWord(visible(relative(root, out)))} is in the folder of the flows, so hygge would read it as a flow.`, [
    `Use a folder next to the flows’ folder: --out out/${target}`,
  ]);
}

async function textIn(disk: ReturnType<typeof localFileSystem>, path: string): Promise<string | undefined> {
  const found = await disk.get(path);
  return found === undefined ? undefined : new TextDecoder().decode(found.body);
}

interface Manifest {
  readonly version: 1;
  /** The owner of the folder’s templates. Absent: an older hygge wrote the manifest. */
  readonly of?: Whose;
  readonly files: Readonly<Record<string, string>>;
  readonly inventory?: Inventory;
}

/** The manifest of a folder. If the manifest is not readable, all existing files count as edited. */
function manifestIn(text: string | undefined): Manifest {
  try {
    const { files = {}, inventory, of } = JSON.parse(text ?? '{}') as Partial<Manifest>;
    const inside = Object.entries(files).filter(([path]) => !path.split('/').includes('..') && !path.startsWith('/'));
    return { version: 1, files: Object.fromEntries(inside), ...(of && { of }), ...(isInventory(inventory) && { inventory }) };
  } catch {
    return { version: 1, files: {} };
  }
}

function isInventory(read: unknown): read is Inventory {
  const { apps } = (read ?? {}) as { readonly apps?: unknown };
  const lists = ['flows', 'rights', 'secrets', 'alerts'];
  return (
    typeof apps === 'object' &&
    apps !== null &&
    Object.values(apps).every(
      (app: Readonly<Record<string, unknown>>) => lists.every((key) => Array.isArray(app[key])) && 'settings' in app,
    )
  );
}

interface FolderChanges {
  readonly inventory: Inventory | undefined;
  /** The files that a render would write or remove. */
  readonly files: readonly string[];
  /** The files that a person changed since the last render, which stop a render. */
  readonly edited: readonly string[];
}

/** The facts of a folder’s last render, and the files in the folder that a render would change now. */
export async function changedSinceRendered(out: string, files: ReadonlyMap<string, string>): Promise<FolderChanges> {
  const disk = localFileSystem(out);
  const { files: before, inventory } = manifestIn(await textIn(disk, manifestFile));
  const { there, edited } = await lookedAt(disk, { files, before });
  const changed = [...files].filter(([path, text]) => before[path] !== sha256(text) || !there.has(path)).map(([path]) => path);
  const gone = Object.keys(before).filter((path) => !files.has(path));
  return { inventory, files: [...changed, ...gone].sort(), edited };
}

/** The texts of files that were rendered or would be rendered now, and the files that a person changed. */
async function lookedAt(
  disk: ReturnType<typeof localFileSystem>,
  { files, before }: { readonly files: ReadonlyMap<string, string>; readonly before: Manifest['files'] },
) {
  const there = new Map<string, string>();
  for (const path of new Set([...files.keys(), ...Object.keys(before)])) {
    const text = await textIn(disk, path);
    if (text !== undefined) there.set(path, text);
  }
  const edited = [...there].filter(([path, text]) => text !== files.get(path) && before[path] !== sha256(text)).map(([path]) => path);
  return { there, edited };
}

function sha256(text: string): string {
  return hash('sha256', text);
}

/** The error for a folder with templates of another workspace. `--force` is not proposed, because this option would remove all templates of the other workspace. */
function isOfAnother(of: Whose, { shown, workspace, target, cloud }: OutFolder): ConfigError {
  const text = (one: Whose) => `${one.workspace} in ${one.target} (${one.cloud})`;
  return new ConfigError({
    code: 'HYG-1135',
    what: `${visible(shown)} contains the templates of ${visible(text(of))}.`,
    why: [`Rendering ${visible(text({ workspace, target, cloud }))} there would remove them.`],
    tryThis: [
      `Use another folder: hygge infra render ${cloud} --target ${target} --out ${shellWord(visible(`out/${of.workspace === workspace ? '' : `${slugOf(workspace)}-`}${target}${cloud === 'aws' ? '-aws' : ''}`))}`,
      'If the other templates are not needed any more, remove that folder first',
    ],
  });
}

const slugOf = (name: string) => name.replaceAll(/[^A-Za-z0-9_-]+/g, '-');

function wasEdited([first = '', ...others]: readonly string[], { shown, asOut: out, cloud, target }: OutFolder): ConfigError {
  const more = others.length === 0 ? '' : `, nor are ${others.length} more`;
  return new ConfigError({
    code: 'HYG-1117',
    what: `${visible(shown)}/${first} has changed since it was rendered${more}.`,
    why: ['hygge would overwrite the changes.'],
    tryThis: [
      'Render into another folder and compare them',
      `If the changes may be lost: hygge infra render ${cloud} --target ${target} --out ${shellWord(visible(out))} --force`,
    ],
  });
}
