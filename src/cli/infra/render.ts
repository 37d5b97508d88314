import { relative, resolve } from 'node:path';
import type { Deployment } from '../../../infra/deployment.ts';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import { type WholeWorkspace, workspaceWithStandIns } from '../../assembly/whole-workspace.ts';
import { shellWord } from '../../errors/as-argument.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { type RenderedTold, renderedLines } from '../../narrate/commands/infra-lines.ts';
import { visible } from '../../narrate/text/visible.ts';
import { ConfigErrors } from '../../workspace/load/load.ts';
import { findWorkspace } from '../../workspace/read/find.ts';
import { type InfraTarget, readTarget } from '../../workspace/target/read.ts';
import { gatherVersion } from '../../workspace/versions/gather.ts';
import { secretsWritten } from '../../workspace/versions/secrets.ts';
import { exit } from '../terminal/exit-code.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';
import { asOut, mustBeOutsideOfFlows, templatesFolder, writeFolder } from './folder.ts';
import { checkTargetName } from './init.ts';

export interface RenderFlags extends CommonFlags {
  /** The cloud that the templates are for. */
  readonly cloud: string;
  readonly target: string;
  readonly out: string;
  readonly force?: true | undefined;
}

/** `hygge infra render`: writes the resources of a workspace in one target as Bicep or CloudFormation. The result does not depend on this machine. Files that a person edited are not overwritten. */
export async function infraRender(flags: RenderFlags, surroundings: Surroundings): Promise<number> {
  const { cloud } = flags;
  if (cloud !== 'azure' && cloud !== 'aws')
    throw unreadable(
      `There are no templates for ${JSON.stringify(cloud)}.`,
      ['azure', 'aws'].map((one) => `hygge infra render ${one} --target ${flags.target} --out ${shellWord(visible(flags.out))}`),
    );
  checkTargetName(flags.target);
  const { target, whole } = await targetAndWorkspace(flags, surroundings);
  const out = templatesFolder(flags.out, flags, surroundings);
  mustBeOutsideOfFlows(out, whole.workspace, target.name);
  const { files, notes, secrets, inventory } = await renderedFor(cloud, whole, target);
  const shown = relative(surroundings.directory, out) || '.';
  const whose = { workspace: whole.workspace.name, target: target.name, cloud };
  const folder = { ...whose, shown, asOut: asOut(out, flags, surroundings), force: flags.force === true, inventory };
  const { written, removed } = await writeFolder(out, files, folder);
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

/** The rendered files of a workspace for a target. */
export async function renderedFor(cloud: 'azure' | 'aws', whole: WholeWorkspace, target: InfraTarget) {
  const deployment = await deploymentIn(whole, target);
  return cloud === 'azure' ? await azureOf(deployment) : { ...(await awsOf(deployment)), secrets: [], inventory: undefined };
}

export async function deploymentIn(whole: WholeWorkspace, target: InfraTarget): Promise<Deployment> {
  const [{ deploymentOf }, { placeOfApp }] = await Promise.all([
    import('../../../infra/deployment.ts'),
    import('../../../infra/azure/render.ts'),
  ]);
  return await deploymentOf({ ...whole, target, placeOf: placeOfApp(whole.workspace.name, target) });
}

export async function azureOf(deployment: Deployment) {
  const { renderAzure } = await import('../../../infra/azure/render.ts');
  return renderAzure(deployment);
}

export async function awsOf(deployment: Deployment) {
  const { renderAws } = await import('../../../infra/aws/render.ts');
  return renderAws(deployment);
}

/** A target and its workspace. Variables of this machine do not change the result. */
export async function targetAndWorkspace(
  flags: CommonFlags & { readonly target: string },
  surroundings: Surroundings,
): Promise<{ readonly target: InfraTarget; readonly whole: WholeWorkspace }> {
  const directory = resolve(surroundings.directory, flags.directory ?? '.');
  const { root } = await findWorkspace(workspaceFiles, directory);
  const target = await readTarget({ files: workspaceFiles, root, target: flags.target });
  try {
    const environment = target.settings.variables ?? {};
    const whole = await workspaceWithStandIns({ directory, environment, elsewhere: true, target: { ifAny: flags.target } });
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
    why: ['The app would read this value from there, and so could everyone who may read the config.'],
    tryThis: tryThis.slice(0, 1),
    where,
  });
}
