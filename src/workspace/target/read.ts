import { didYouMean } from '../../errors/did-you-mean.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { FileNotFound } from '../../ports/filesystem.ts';
import { namesSecret } from '../../ports/secret.ts';
import type { WorkspaceFiles } from '../../ports/workspace-files.ts';
import { check } from '../check/check.ts';
import type { References } from '../read/references.ts';
import { looksSecret } from '../versions/secrets.ts';
import { ConfigErrors, collectProblems, quoted } from '../yaml/problems.ts';
import { type Spot, whereIs } from '../yaml/source.ts';
import { lookUp, type MapNode, mapScalars } from '../yaml/tree.ts';
import { parseMapping } from '../yaml/yaml-tree.ts';
import { type TargetSettings, targetFile } from './schema.ts';

export interface InfraTarget {
  readonly name: string;
  /** The file’s path, relative to the workspace’s root. */
  readonly file: string;
  readonly settings: TargetSettings;
  /** The place of a key in the file; the start of the file if the key is not written. */
  spot(...path: readonly string[]): Spot;
}

/** The path of a target’s settings, relative to the root. */
export function targetPath(target: string): string {
  return `infra/${target}.yml`;
}

export interface TargetRequest {
  readonly files: WorkspaceFiles;
  /** The absolute path of the workspace’s root. */
  readonly root: string;
  readonly target: string;
}

/** Reads and checks `infra/<target>.yml`. Throws `ConfigErrors` with all errors; HYG-1110 if the file does not exist. */
export async function readTarget({ files, root, target }: TargetRequest): Promise<InfraTarget> {
  const file = targetPath(target);
  const text = await textOf(files, { root, file, target });
  const problems = collectProblems();
  const tree = parseMapping({ name: file, text }, problems);
  const checked = tree && check(targetFile, tree, { name: `the settings of ${quoted(target)}`, spot: tree.spot, prefix: [] }, problems);
  const errors = [...problems.errors(), ...(tree === undefined ? [] : secretsIn(tree))];
  if (tree === undefined || checked === undefined || errors.length > 0) throw new ConfigErrors(errors);
  return {
    name: target,
    file,
    settings: checked.value,
    spot: (...path) => {
      const found = lookUp(tree, path);
      return found?.entry?.spot ?? found?.tree.spot ?? tree.spot;
    },
  };
}

async function textOf(
  files: WorkspaceFiles,
  { root, file, target }: { readonly root: string; readonly file: string; readonly target: string },
) {
  try {
    return await files.read(`${root === '/' ? '' : root}/${file}`);
  } catch (error) {
    if (!(error instanceof FileNotFound)) throw error;
    throw new ConfigErrors([
      new ConfigError({
        code: 'HYG-1110',
        what: `There is no ${file}, which contains the settings of ${quoted(target)}.`,
        tryThis: [`Create it: hygge infra init --target ${target}`],
      }),
    ]);
  }
}

/** The file must not contain secrets, because its content becomes part of templates, which people share. */
function secretsIn(tree: MapNode): readonly ConfigError[] {
  const found: ConfigError[] = [];
  mapScalars(tree, (scalar, path) => {
    const key = path.at(-1) ?? '';
    if (scalar.text !== '' && (namesSecret(key) || looksSecret.test(scalar.text))) found.push(secretWritten(key, scalar.spot));
    return scalar;
  });
  return found;
}

function secretWritten(name: string, spot: Spot): ConfigError {
  return new ConfigError({
    code: 'HYG-1112',
    what: `${quoted(name)} is a secret, but is written out in the settings of a target.`,
    why: ['These settings become part of templates, and everyone with read access to the deployed app can see them.'],
    tryThis: ['Remove the secret here. The app reads it from the vault, and `hygge infra render` shows its name there.'],
    where: whereIs(spot, spot.offset),
  });
}

/** Errors of the target's variables that the config uses as secrets, or does not use at all. @param settings the app settings that schedules refer to. */
export function wrongVariables(target: InfraTarget, { variables }: References, settings: ReadonlySet<string>): readonly ConfigError[] {
  const read = new Set([...variables.map(({ name }) => name), ...settings]);
  return Object.keys(target.settings.variables ?? {}).flatMap((name) => {
    const spot = target.spot('variables', name);
    if (variables.some((one) => one.name === name && namesSecret(one.path.at(-1) ?? ''))) return [secretWritten(name, spot)];
    if (read.has(name)) return [];
    const near = didYouMean(name, read);
    return [
      new ConfigError({
        code: 'HYG-1116',
        what: `Nothing in the config reads the variable ${quoted(name)}.${near === undefined ? '' : ` Did you mean ${quoted(near)}?`}`,
        tryThis: ['Correct its name, or remove it.'],
        where: whereIs(spot),
      }),
    ];
  });
}
