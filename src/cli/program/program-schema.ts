import type { Surroundings } from '../terminal/surroundings.ts';
import { confirmOption, entityOption, examples, excludeOption, flowOption, gather, namesArgument } from './options.ts';
import type { Doing, Root } from './root.ts';

/** Adds commands about the columns of entities, as they have settled and as they are in the source. */
export function addSchema(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  const schema = hygge
    .command('schema')
    .description('show settled columns, and how the source has changed')
    .addHelpText('after', examples('hygge schema show shop.orders', 'hygge schema diff', 'hygge schema accept shop.orders'));
  schema
    .command('show')
    .description('show the settled columns, and the run that added each')
    .argument('<flow.entity>', 'the entity')
    .option('--history', 'show every change, and its run')
    .addHelpText(
      'after',
      examples('hygge schema show shop.orders', 'hygge schema show shop.orders --history   what changed, when, and by which policy'),
    )
    .action(doing(async (flags, entity) => (await import('../schema/show.ts')).schemaShow({ ...flags, entity }, surroundings)));
  schema
    .command('diff')
    .description('show how the source has changed, and what a run does about it; exit 1: a run would stop')
    .argument(...namesArgument)
    .option(...flowOption, gather)
    .option(...entityOption, gather)
    .option(...excludeOption, gather)
    .addHelpText(
      'after',
      examples('hygge schema diff shop.orders', 'hygge schema diff -f shop', 'hygge schema diff --output json | jq .changes'),
    )
    .action(doing(async (flags, names) => (await import('../schema/diff.ts')).schemaDiff({ ...flags, names }, surroundings)));
  schema
    .command('accept')
    .description('accept the present columns of the source once, whatever the policies say; later changes are not accepted')
    .argument('<flow.entity>', 'the entity')
    .option('-y, --yes', 'do not ask')
    .option(...confirmOption)
    .addHelpText('after', examples('hygge schema accept shop.orders', 'hygge schema accept shop.orders --yes'))
    .action(doing(async (flags, entity) => (await import('../schema/accept.ts')).schemaAccept({ ...flags, entity }, surroundings)));
}
