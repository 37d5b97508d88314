import type { Surroundings } from '../terminal/surroundings.ts';
import { examples, flowOption, gather } from './options.ts';
import type { Doing, Root } from './root.ts';

const containerOption = ['--container <url>', 'the blob container; else HYGGE_CONFIG or AzureWebJobsStorage'] as const;

/** Adds commands about the function app: about its config in blob storage, and the package of the app. */
export function addConfig(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  hygge
    .command('check')
    .description('check the files for every target, without a request to any system')
    .option('--offline', 'accept variables and secrets that are not set, as in a pull request')
    .addHelpText('after', examples('hygge check', 'hygge check --offline', 'hygge check --offline --target prod --output json | jq .unset'))
    .action(doing(async (flags) => (await import('../config/check.ts')).check(flags, surroundings)));
  addPack(hygge, surroundings, doing);
  const config = hygge
    .command('config')
    .description('manage the versions of the workspace that the function app runs')
    .addHelpText('after', examples('hygge config push', 'hygge config list', 'hygge config rollback'));
  config
    .command('push')
    .description('check this workspace and make it the current version')
    .option(...containerOption)
    .option('-m, --message <text>', 'the reason, for the list of versions')
    .option('--dry-run', 'show what would change; writes nothing')
    .option('--allow-secrets', 'push files that contain secrets')
    .addHelpText(
      'after',
      examples('hygge config push --dry-run', "hygge config push -m 'orders by the hour'", 'hygge config push --output json | jq .version'),
    )
    .action(doing(async (flags) => (await import('../config/push.ts')).configPush(flags, surroundings)));
  config
    .command('list')
    .description('list the versions, with their times and authors')
    .option(...containerOption)
    .addHelpText('after', examples('hygge config list'))
    .action(doing(async (flags) => (await import('../config/list.ts')).configList(flags, surroundings)));
  config
    .command('pull')
    .description('write the files of a version into a folder')
    .argument('[id]', 'the version or its first characters (default: the current one)')
    .option(...containerOption)
    .option('--to <dir>', 'the folder (default: the current one)')
    .option('--force', 'overwrite files that are different')
    .addHelpText('after', examples('hygge config pull --to pulled', 'hygge config pull 3f2a90c1 --to before'))
    .action(doing(async (flags, id) => (await import('../config/pull.ts')).configPull({ ...flags, id }, surroundings)));
  config
    .command('rollback')
    .description('make an earlier version current; runs in progress keep their version')
    .argument('[id]', 'the version (default: the previous one)')
    .option(...containerOption)
    .addHelpText('after', examples('hygge config rollback', 'hygge config rollback 3f2a90c1'))
    .action(doing(async (flags, id) => (await import('../config/rollback.ts')).configRollback({ ...flags, id }, surroundings)));
}

function addPack(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  hygge
    .command('pack')
    .description('make the function app for Linux as a zip file, and try to start it')
    .option(...flowOption, gather)
    .option('--all', 'every flow of the workspace')
    .option('--out <file>', 'the zip file (default: hygge-<flows>.zip)')
    .option('--with-config', 'include this workspace, so that no config has to be pushed')
    .option(
      '--hub <name>',
      'the task hub of the app, which no other app of its storage account uses (default: made of the workspace and its flows)',
    )
    .addHelpText('after', examples('hygge pack --all', 'hygge pack --flow crm --out crm.zip', 'hygge pack --all --with-config'))
    .action(doing(async (flags) => (await import('../config/pack.ts')).pack(flags, surroundings)));
}
