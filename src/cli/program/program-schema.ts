import type { Surroundings } from '../terminal/surroundings.ts';
import { confirmOption, entityOption, examples, excludeOption, flowOption, gather, namesArgument } from './options.ts';
import type { Doing, Root } from './root.ts';

/** Commands about the columns of entities, as they settled and as the source has them. */
export function addSchema(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  const schema = hygge
    .command('schema')
    .description('columns as they settled, what has changed in the source, and whether a run takes it')
    .addHelpText('after', examples('hygge schema show shop.orders', 'hygge schema diff', 'hygge schema accept shop.orders'));
  schema
    .command('show')
    .description('the columns as they settled, and since which run')
    .argument('<flow.entity>', 'the entity')
    .option('--history', 'every change there was, and the run that brought it')
    .addHelpText(
      'after',
      examples('hygge schema show shop.orders', 'hygge schema show shop.orders --history   what changed, when, and by which policy'),
    )
    .action(doing(async (flags, entity) => (await import('../schema/show.ts')).schemaShow({ ...flags, entity }, surroundings)));
  schema
    .command('diff')
    .description('what has changed in the source since it settled, and what a run makes of it; exit 1: a run would stop')
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
    .description('take the source as it is now, whatever the policies say; once, and nothing that changes later')
    .argument('<flow.entity>', 'the entity')
    .option('-y, --yes', 'do not ask')
    .option(...confirmOption)
    .addHelpText('after', examples('hygge schema accept shop.orders', 'hygge schema accept shop.orders --yes'))
    .action(doing(async (flags, entity) => (await import('../schema/accept.ts')).schemaAccept({ ...flags, entity }, surroundings)));
}
