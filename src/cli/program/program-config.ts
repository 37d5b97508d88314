import type { Surroundings } from '../terminal/surroundings.ts';
import { examples, flowOption, gather } from './options.ts';
import type { Doing, Root } from './root.ts';

const containerOption = ['--container <url>', 'the blob container; else HYGGE_CONFIG or AzureWebJobsStorage'] as const;

/** Commands about what the function app runs: its config in blob storage, and the package of the app itself. */
export function addConfig(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  hygge
    .command('check')
    .description('check that the files are valid, for every target; opens nothing, sends nothing')
    .option('--offline', 'without variables and secrets, for a pull request: what is not set is no error')
    .addHelpText('after', examples('hygge check', 'hygge check --offline', 'hygge check --offline --target prod --output json | jq .unset'))
    .action(doing(async (flags) => (await import('../config/check.ts')).check(flags, surroundings)));
  addPack(hygge, surroundings, doing);
  const config = hygge
    .command('config')
    .description('the workspace that the function app runs: versions in blob storage')
    .addHelpText('after', examples('hygge config push', 'hygge config list', 'hygge config rollback'));
  config
    .command('push')
    .description('check this workspace and make it the current version')
    .option(...containerOption)
    .option('-m, --message <text>', 'why, for those who read the list')
    .option('--dry-run', 'show what would change; writes nothing')
    .option('--allow-secrets', 'even with secrets that are written out in the files')
    .addHelpText(
      'after',
      examples('hygge config push --dry-run', "hygge config push -m 'orders by the hour'", 'hygge config push --output json | jq .version'),
    )
    .action(doing(async (flags) => (await import('../config/push.ts')).configPush(flags, surroundings)));
  config
    .command('list')
    .description('the versions there are: which is current, since when, by whom')
    .option(...containerOption)
    .addHelpText('after', examples('hygge config list'))
    .action(doing(async (flags) => (await import('../config/list.ts')).configList(flags, surroundings)));
  config
    .command('pull')
    .description('write the files of a version into a folder')
    .argument('[id]', 'the version, its beginning is enough; without it, the current')
    .option(...containerOption)
    .option('--to <dir>', 'the folder; else the current one')
    .option('--force', 'overwrite files that are different')
    .addHelpText('after', examples('hygge config pull --to pulled', 'hygge config pull 3f2a90c1 --to before'))
    .action(doing(async (flags, id) => (await import('../config/pull.ts')).configPull({ ...flags, id }, surroundings)));
  config
    .command('rollback')
    .description('make an earlier version current; runs that began go on with theirs')
    .argument('[id]', 'the version; without it, the one before')
    .option(...containerOption)
    .addHelpText('after', examples('hygge config rollback', 'hygge config rollback 3f2a90c1'))
    .action(doing(async (flags, id) => (await import('../config/rollback.ts')).configRollback({ ...flags, id }, surroundings)));
}

function addPack(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  hygge
    .command('pack')
    .description('the function app as a zip to deploy, for Linux, tried out')
    .option(...flowOption, gather)
    .option('--all', 'every flow that the config has')
    .option('--out <file>', 'the zip; else hygge-<flows>.zip')
    .option('--with-config', 'with this workspace in it, instead of one that is pushed')
    .option('--hub <name>', 'the task hub of the app, one of its own in its storage account; else named after the workspace and its flows')
    .addHelpText('after', examples('hygge pack --all', 'hygge pack --flow crm --out crm.zip', 'hygge pack --all --with-config'))
    .action(doing(async (flags) => (await import('../config/pack.ts')).pack(flags, surroundings)));
}
