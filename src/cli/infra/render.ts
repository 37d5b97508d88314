import { createHash } from 'node:crypto';
import { relative, resolve } from 'node:path';
import { realRandom } from '../../adapters/real-random.ts';
import { writeFileInside } from '../../adapters/version-folder.ts';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import { type WholeWorkspace, wholeWorkspace } from '../../assembly/whole-workspace.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { localFileSystem } from '../../filesystems/disk/local.ts';
import { shellWord } from '../../narrate/as-typed.ts';
import { type RenderedTold, renderedLines } from '../../narrate/infra-lines.ts';
import { visible } from '../../narrate/visible.ts';
import { ConfigErrors } from '../../workspace/load/load.ts';
import { findWorkspace } from '../../workspace/read/find.ts';
import { readTarget, type Target } from '../../workspace/target/read.ts';
import { gatherVersion } from '../../workspace/versions/gather.ts';
import { secretsWritten } from '../../workspace/versions/secrets.ts';
import { exit } from '../terminal/exit-code.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';
import { checkTargetName } from './init.ts';

export interface RenderFlags extends CommonFlags {
  /** Whose templates. */
  readonly cloud: string;
  readonly target: string;
  readonly out: string;
  readonly force?: true | undefined;
}

/** `hygge infra render`: the workspace in one target as Bicep or CloudFormation. Nothing of this machine is in it, and nothing edited is written over. */
export async function infraRender(flags: RenderFlags, surroundings: Surroundings): Promise<number> {
  const { cloud } = flags;
  if (cloud !== 'azure' && cloud !== 'aws')
    throw unreadable(
      `There are no templates for ${JSON.stringify(cloud)}.`,
      ['azure', 'aws'].map((one) => `hygge infra render ${one} --target ${flags.target} --out ${shellWord(visible(flags.out))}`),
    );
  checkTargetName(flags.target);
  const { target, whole } = await targetAndWorkspace(flags, surroundings);
  const { files, notes, secrets } = await renderedFor(cloud, whole, target);
  const out = resolve(surroundings.directory, flags.out);
  const shown = relative(surroundings.directory, out) || '.';
  const { written, removed } = await writeFolder(out, files, { shown, flags });
  const told: RenderedTold = {
    target: target.name,
    directory: shown,
    files: [...files.keys()],
    written,
    removed,
    secrets: secrets.map(({ variable, name }) => ({ variable, name })),
    notes,
  };
  printAnswer(surroundings, flags, { rows: [told], lines: (palette) => renderedLines(told, palette) });
  return exit.ok;
}

async function renderedFor(cloud: 'azure' | 'aws', whole: WholeWorkspace, target: Target) {
  const [{ deploymentOf }, { placeOfApp, renderAzure }, { renderAws }] = await Promise.all([
    import('../../../infra/deployment.ts'),
    import('../../../infra/azure/render.ts'),
    import('../../../infra/aws/render.ts'),
  ]);
  const placeOf = placeOfApp(whole.workspace.name, target);
  const deployment = await deploymentOf({ ...whole, target, placeOf });
  return cloud === 'azure' ? renderAzure(deployment) : { ...renderAws(deployment), secrets: [] };
}

async function targetAndWorkspace(
  flags: RenderFlags,
  surroundings: Surroundings,
): Promise<{ readonly target: Target; readonly whole: WholeWorkspace }> {
  const directory = resolve(surroundings.directory, flags.directory ?? '.');
  const { root } = await findWorkspace(workspaceFiles, directory);
  const target = await readTarget({ files: workspaceFiles, root, target: flags.target });
  try {
    const environment = target.settings.variables ?? {};
    const whole = await wholeWorkspace({ directory, environment, elsewhere: true });
    const secrets = secretsWritten(await gatherVersion(whole.workspace, workspaceFiles));
    if (secrets.length > 0) throw new ConfigErrors(secrets.map(ofTemplates));
    return { target, whole };
  } catch (error) {
    if (!(error instanceof ConfigErrors)) throw error;
    const { withoutValue } = await import('../../../infra/deployment.ts');
    throw new ConfigErrors(
      error.errors.map((one) => {
        const unset = one.code === 'HYG-1020' ? /`(\w+)`/.exec(one.what)?.[1] : undefined;
        return unset === undefined ? one : withoutValue(unset, target.file, one.where);
      }),
    );
  }
}

function ofTemplates({ code, what, tryThis, where }: ConfigError): ConfigError {
  return new ConfigError({
    code,
    what,
    why: ['The app would read it from there, and so would everybody who may read the config.'],
    tryThis: tryThis.slice(0, 1),
    where,
  });
}

/** What was rendered last, to tell it from what people changed. */
const manifestFile = '.rendered.json';

interface Folder {
  readonly shown: string;
  readonly flags: RenderFlags;
}

/** Writes what is new or different; takes away what was rendered before and is no more. Throws HYG-1117 when anything else would be lost. */
async function writeFolder(out: string, files: ReadonlyMap<string, string>, { shown, flags }: Folder) {
  const disk = localFileSystem(out);
  const before = manifestIn(await textIn(disk, manifestFile));
  const there = new Map<string, string>();
  for (const path of new Set([...files.keys(), ...Object.keys(before)])) {
    const text = await textIn(disk, path);
    if (text !== undefined) there.set(path, text);
  }
  const edited = [...there].filter(([path, text]) => text !== files.get(path) && before[path] !== sha256(text)).map(([path]) => path);
  if (edited.length > 0 && !flags.force) throw wasEdited(edited, shown, flags);
  const written = [...files].filter(([path, text]) => there.get(path) !== text);
  const removed = [...there.keys()].filter((path) => !files.has(path));
  for (const [path, text] of written) await writeFileInside(out, path, text, realRandom().nonce());
  for (const path of removed) await disk.remove(path);
  const manifest = { version: 1, files: Object.fromEntries([...files].map(([path, text]) => [path, sha256(text)])) };
  await writeFileInside(out, manifestFile, `${JSON.stringify(manifest, null, 2)}\n`, realRandom().nonce());
  return { written: written.map(([path]) => path), removed };
}

async function textIn(disk: ReturnType<typeof localFileSystem>, path: string): Promise<string | undefined> {
  const found = await disk.get(path);
  return found === undefined ? undefined : new TextDecoder().decode(found.body);
}

/** A manifest that can't be read tells nothing: then all that is there counts as edited. */
function manifestIn(text: string | undefined): Readonly<Record<string, string>> {
  try {
    const read = JSON.parse(text ?? '{}') as { readonly files?: Readonly<Record<string, string>> };
    return Object.fromEntries(
      Object.entries(read.files ?? {}).filter(([path]) => !path.split('/').includes('..') && !path.startsWith('/')),
    );
  } catch {
    return {};
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function wasEdited([first = '', ...others]: readonly string[], shown: string, { cloud, target }: RenderFlags): ConfigError {
  const more = others.length === 0 ? '' : `, nor are ${others.length} more`;
  return new ConfigError({
    code: 'HYG-1117',
    what: `${visible(shown)}/${first} is not as it was rendered${more}.`,
    why: ['Writing over it would lose what was changed.'],
    tryThis: [
      'Render into another folder and compare them',
      `If it may be lost: hygge infra render ${cloud} --target ${target} --out ${shellWord(visible(shown))} --force`,
    ],
  });
}
