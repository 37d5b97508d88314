import { join, relative } from 'node:path';
import type { RenderedFolder } from '../../../infra/azure/render.ts';
import type { Inventory } from '../../../infra/inventory.ts';
import { shellWord } from '../../errors/as-argument.ts';
import { type PlannedTold, plannedLines } from '../../narrate/commands/infra-lines.ts';
import type { InfraTarget } from '../../workspace/target/read.ts';
import { exit } from '../terminal/exit-code.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { asOut, changedSinceRendered, templatesFolder } from './folder.ts';
import { checkTargetName } from './init.ts';
import { awsOf, azureOf, deploymentIn, targetAndWorkspace } from './render.ts';

export interface PlanFlags extends CommonFlags {
  readonly target: string;
  /** The folder of the last render. Absent: the folder is `out/<target>`. */
  readonly out?: string | undefined;
  /** Whether the command fails if a render would change a file. */
  readonly check?: true | undefined;
}

/** `hygge infra plan`: describes the changes that the next render would make in a target. Writes no file and sends no request. */
export async function infraPlan(flags: PlanFlags, surroundings: Surroundings): Promise<number> {
  checkTargetName(flags.target);
  const { target, whole } = await targetAndWorkspace(flags, surroundings);
  const deployment = await deploymentIn(whole, target);
  const out = templatesFolder(flags.out ?? `out/${target.name}`, flags, surroundings);
  const aws = target.settings.aws === undefined ? undefined : await awsOf(deployment);
  const { told } = await plannedTold({ target, rendered: await azureOf(deployment), aws, out, flags, surroundings });
  printAnswer(surroundings, flags, { rows: [told], lines: (palette) => plannedLines(told, palette) });
  return flags.check && told.files.length + told.edited.length > 0 ? exit.failed : exit.ok;
}

interface InfraPlanRequest {
  readonly target: InfraTarget;
  readonly rendered: Pick<RenderedFolder, 'files' | 'inventory' | 'connections'>;
  /** The rendered resources of the target in AWS. Undefined: the target has no resources in AWS. */
  readonly aws: { readonly files: RenderedFolder['files'] } | undefined;
  /** The absolute path of the folder of the last render. The templates for AWS are in the folder with this name and `-aws`. */
  readonly out: string;
  readonly flags: Pick<CommonFlags, 'directory'>;
  readonly surroundings: Pick<Surroundings, 'directory'>;
}

interface PlannedChanges {
  readonly told: PlannedTold;
  /** The inventory of the last render. Undefined: the inventory is unknown. */
  readonly before: Inventory | undefined;
}

/** The changes since the last render. */
export async function plannedTold({ target, rendered, aws, out, flags, surroundings }: InfraPlanRequest): Promise<PlannedChanges> {
  const { changesBetween } = await import('../../../infra/inventory.ts');
  const before = await changedSinceRendered(out, rendered.files);
  const ofAws = aws === undefined ? { files: [], edited: [] } : await changedSinceRendered(`${out}-aws`, aws.files);
  const shownAws = (file: string) => relative(out, join(`${out}-aws`, file));
  const isEdited = { azure: before.edited.length > 0, aws: ofAws.edited.length > 0 };
  const told: PlannedTold = {
    target: target.name,
    directory: relative(surroundings.directory, out) || '.',
    first: before.inventory === undefined,
    changes: changesBetween(before.inventory ?? { apps: {} }, rendered.inventory),
    ...(rendered.connections.length === 0 ? {} : { connections: rendered.connections }),
    files: [...before.files, ...ofAws.files.map(shownAws)],
    edited: [...before.edited, ...ofAws.edited.map(shownAws)],
    commands: (['azure', 'aws'] as const)
      .filter((cloud) => isEdited[cloud] || (cloud === 'azure' ? before : ofAws).files.length > 0)
      .map((cloud) => {
        const folder = `${asOut(out, flags, surroundings)}${cloud === 'aws' ? '-aws' : ''}`;
        return `hygge infra render ${cloud} --target ${target.name} --out ${shellWord(folder)}${isEdited[cloud] ? ' --force' : ''}`;
      }),
  };
  return { told, before: before.inventory };
}
