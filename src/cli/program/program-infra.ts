import { Option } from '@commander-js/extra-typings';
import type { Surroundings } from '../terminal/surroundings.ts';
import { examples, flowOption, gather, gatherList } from './options.ts';
import type { Doing, Root } from './root.ts';

/** Adds commands about the resources that the function app needs, which follow from the workspace. */
export function addInfra(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  addDeploy(hygge, surroundings, doing);
  const infra = hygge
    .command('infra')
    .description('plan plan the rights, hosts and secrets that the workspace needs')
    .addHelpText(
      'after',
      examples(
        'hygge infra explain',
        'hygge infra init --target prod',
        'hygge infra render azure --target prod --out out/prod',
        'hygge infra plan --target prod',
      ),
    );
  infra
    .command('explain')
    .description('explain each right: the flow, the system and the line of the config that need it; warn of rights that are too wide')
    .option(...flowOption, gather)
    .addHelpText('after', examples('hygge infra explain', 'hygge infra explain --flow crm --output json'))
    .action(doing(async (flags) => (await import('../infra/explain.ts')).infraExplain(flags, surroundings)));
  infra
    .command('init')
    .description('write infra/<target>.yml, the settings of the --target to fill in')
    .addHelpText('after', examples('hygge infra init --target prod'))
    .action(doing(async (flags) => (await import('../infra/init.ts')).infraInit(withTarget(flags, hygge), surroundings)));
  infra
    .command('render')
    .description('write templates of all that the workspace needs in the --target, by the settings in infra/<target>.yml')
    .argument('<cloud>', 'azure, or aws')
    .requiredOption('--out <dir>', 'the folder to write them to')
    .option('--force', 'overwrite files that were edited')
    .addHelpText(
      'after',
      examples('hygge infra render azure --target prod --out out/prod', 'hygge infra render aws --target prod --out out/prod-aws'),
    )
    .action(
      doing(async (flags, cloud) => (await import('../infra/render.ts')).infraRender({ ...withTarget(flags, hygge), cloud }, surroundings)),
    );
  infra
    .command('plan')
    .description(
      'show in words what would change in the --target since the last render: apps, rights gained and lost, secrets, alerts; writes nothing',
    )
    .option('--out <dir>', 'the folder of the last templates (default: out/<target>)')
    .option('--check', 'exit with 1 if something would change')
    .addHelpText('after', examples('hygge infra plan --target prod', 'hygge infra plan --target prod --check --output json'))
    .action(doing(async (flags) => (await import('../infra/plan.ts')).infraPlan(withTarget(flags, hygge), surroundings)));
  infra
    .command('destroy')
    .description('remove the apps of the --target with their plans, identities, rights and alerts, and keep all data')
    .addOption(new Option('--app <names>', 'only these apps, those of deleted flows too; a,b or repeated').argParser(gatherList))
    .option('--dry-run', 'print the commands, and run none')
    .option('--confirm <name>', 'the name of the target again, if there is no terminal to ask for it')
    .addHelpText(
      'after',
      examples(
        'hygge infra destroy --target prod --dry-run',
        'hygge infra destroy --target prod',
        'hygge infra destroy --target prod --app crm',
      ),
    )
    .action(doing(async (flags) => (await import('../deploy/destroy.ts')).infraDestroy(withTarget(flags, hygge), surroundings)));
}

function addDeploy(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  hygge
    .command('deploy')
    .description('create what the workspace needs in the --target, upload its apps, and run their checks')
    .option(...flowOption, gather)
    .option('--out <dir>', 'the folder for the templates (default: out/<target>)')
    .option('--dry-run', 'print the commands in their order, and run none')
    .option('-y, --yes', 'do not ask')
    .addHelpText(
      'after',
      examples('hygge deploy --target prod --dry-run', 'hygge deploy --target prod', 'hygge deploy --target prod --flow crm --yes'),
    )
    .action(doing(async (flags) => (await import('../deploy/deploy.ts')).deploy(withTarget(flags, hygge), surroundings)));
}

/** The flags with their target. Throws without a target, since a command that creates or removes resources has no default target. */
function withTarget<Flags extends { readonly target?: string | undefined }>(flags: Flags, hygge: Root) {
  const { target } = flags;
  if (target === undefined)
    return hygge.error("error: required option '--target <name>' not specified", { code: 'commander.missingMandatoryOptionValue' });
  return { ...flags, target, writesTarget: true } as const;
}
