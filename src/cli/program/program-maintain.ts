import { Argument, Option } from '@commander-js/extra-typings';
import { exit } from '../terminal/exit-code.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import { confirmOption, entityOption, examples, flowOption, gather, gatherList } from './options.ts';
import type { Doing, Root } from './root.ts';

/** Adds commands that write config, change state, or set up the shell. */
export function addKeeping(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  addReset(hygge, surroundings, doing);
  addState(hygge, surroundings, doing);
  addGenerate(hygge, surroundings, doing);
  addApply(hygge, surroundings, doing);
  addCompletion(hygge, surroundings, doing);
}

function addReset(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  hygge
    .command('reset')
    .description('delete the state of an entity, so that the next run is a full load')
    .argument('[flow.entity]', 'the entity; without it, use -f, -e or --all')
    .option(...flowOption, gather)
    .option(...entityOption, gather)
    .option('--all', 'every entity of the workspace')
    .addOption(new Option('--adopt', 'keep the settled rows of the destination, and continue after them').conflicts('discard'))
    .option('--watermark <value>', 'with --adopt: the watermark to continue from')
    .addOption(new Option('--discard', 'give up a decided commit that cannot be finished, and remove its published files'))
    .option('--take-over', 'even if another run holds the entity')
    .option('-y, --yes', 'do not ask')
    .option(...confirmOption)
    .addHelpText(
      'after',
      examples(
        'hygge reset shop.orders           the next run loads everything and replaces',
        'hygge reset shop.orders --adopt   continue from the destination',
        'hygge reset -f shop --adopt       the same for each entity of a flow',
        'hygge reset --all --adopt --yes   and of every flow, as after a lost state',
      ),
    )
    .action(doing(async (flags, named) => (await import('../state/reset.ts')).reset({ ...flags, named }, surroundings)));
}

function addState(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  const state = hygge
    .command('state')
    .description('show the state of an entity, rename it, or move it to another place')
    .addHelpText('after', examples('hygge state show shop.orders', 'hygge state mv shop.orders shop.purchases', 'hygge state import'));
  state
    .command('show')
    .description('show the state row unchanged')
    .argument('<flow.entity>', 'the entity')
    .addHelpText('after', examples('hygge state show shop.orders'))
    .action(doing(async (flags, entity) => (await import('../state/show.ts')).stateShow({ ...flags, entity }, surroundings)));
  state
    .command('mv')
    .description('move the state to the new name of an entity')
    .argument('<old>', 'the earlier flow.entity')
    .argument('<new>', 'the present flow.entity')
    .option(...confirmOption)
    .addHelpText('after', examples('hygge state mv shop.orders shop.purchases'))
    .action(doing(async (flags, from, to) => (await import('../state/move.ts')).stateMove({ ...flags, from, to }, surroundings)));
  state
    .command('import')
    .description('copy the state from another place (default: .hygge/) to the place that `state:` in hygge.yml names')
    .option('--from <yaml>', 'the earlier place, as `state:` named it')
    .option(...confirmOption)
    .addHelpText(
      'after',
      examples(
        'hygge state import                                  after state: was changed from files to something else',
        "hygge state import --from '{ type: table_storage }'   after state: was changed from table_storage",
      ),
    )
    .action(doing(async (flags) => (await import('../state/import.ts')).stateImport(flags, surroundings)));
}

function addGenerate(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  const generate = hygge
    .command('generate')
    .description('write files that follow from others: entities of a source, SQL for a database, schemas for an editor')
    .addHelpText('after', examples('hygge generate entities --flow shop', 'hygge generate schema'));
  generate
    .command('entities')
    .description('write an entity file for each table, file or list of an API in the home of the flow; never overwrites')
    .requiredOption('-f, --flow <name>', 'the flow')
    .addOption(
      new Option(
        '--from <path>',
        'look here instead of in the flow’s home: a folder, or a URL; for an API: its OpenAPI description',
      ).conflicts('tables'),
    )
    .addOption(new Option('--tables <names>', 'these tables, without a request to the source; a,b or repeated').argParser(gatherList))
    .option('--connection <name>', 'read this connection of hygge.yml instead')
    .addOption(new Option('--schema <names>', 'with a database: only tables of these schemas; a,b or repeated').argParser(gatherList))
    .option('--like <pattern>', 'with a database or an API: only names like this, such as order*')
    .option('--views', 'with a database: views as well as tables')
    .option('--dry-run', 'print the files, and write none')
    .addHelpText(
      'after',
      examples(
        'hygge generate entities --flow shop                         of all data in its home',
        'hygge generate entities --flow shop --tables orders,items   by name',
        'hygge generate entities --flow erp --like "order*"          of the tables in its database',
        'hygge generate entities --flow crm --from openapi.yml       of the lists that an API describes',
        'hygge generate entities --flow shop --dry-run               print them',
      ),
    )
    .action(doing(async (flags) => (await import('../generate/generate-entities.ts')).generateEntities(flags, surroundings)));
  generate
    .command('ddl')
    .description('write SQL that creates tables: for the columns of a file, for the rows of an entity, or (--metadata) for hygge itself')
    .option(
      '--metadata',
      'for your database administrator: schemas and tables for state, commits and staging, and the rights of the role that runs hygge',
    )
    .addOption(
      new Option('--input <file>', 'write the CREATE TABLE for a parquet, CSV or JSON file, or for a folder').conflicts([
        'entity',
        'metadata',
      ]),
    )
    .addOption(new Option('-e, --entity <flow.entity>', 'write the CREATE TABLE for the rows of this entity').conflicts('metadata'))
    .option('--table <name>', 'the name of that table (default: as the store of the entity says)')
    .addOption(new Option('--connection <name>', 'with --metadata: for this connection of hygge.yml only').conflicts('dialect'))
    .option('--dialect <type>', 'the type of database (default: that of the entity, or postgres)')
    .option('--role <name>', 'with --metadata: the role that gets the rights (default: that of the connection)')
    .option('--to <file>', 'write to a file instead of stdout')
    .addHelpText(
      'after',
      examples(
        'hygge generate ddl --input orders.parquet --table sales.orders',
        'hygge generate ddl --entity shop.orders --to orders.sql',
        'hygge generate ddl --metadata                              for every database of the workspace',
        'hygge generate ddl --metadata --connection erp --to erp.sql',
        'hygge generate ddl --metadata --dialect postgres --role loader | psql erp',
      ),
    )
    .action(
      doing(async (flags) =>
        flags.metadata
          ? (await import('../generate/generate-metadata.ts')).generateMetadata(flags, surroundings)
          : (await import('../generate/generate-ddl.ts')).generateDdl(flags, surroundings),
      ),
    );
  generate
    .command('contract')
    .description('write a contract that the present rows of an entity keep, with the reason of each line')
    .argument('<flow.entity>', 'the entity')
    .option('--odcs', 'write a document of the Open Data Contract Standard')
    .option('--to <file>', 'write to a file instead of stdout')
    .addHelpText(
      'after',
      examples(
        'hygge generate contract shop.orders',
        'hygge generate contract shop.orders --to contracts/orders.yml',
        'hygge generate contract shop.orders --odcs --to contracts/orders.odcs.yaml',
      ),
    )
    .action(
      doing(async (flags, entity) =>
        (await import('../generate/generate-contract.ts')).generateContract({ ...flags, entity }, surroundings),
      ),
    );
  generate
    .command('schema')
    .description('write the JSON Schemas with which editors complete and check the YAML')
    .addHelpText('after', examples('hygge generate schema'))
    .action(doing(async (flags) => (await import('../generate/generate-schema.ts')).generateSchema(flags, surroundings)));
}

function addApply(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  hygge
    .command('apply')
    .description('run a file of SQL in a database, in one transaction if the database allows it')
    .argument('<file>', 'the file')
    .requiredOption('--connection <name>', 'the connection of hygge.yml')
    .option('--dry-run', 'show the statements, and run none')
    .option('--allow-destructive', 'run statements that drop, truncate or delete as well')
    .option(...confirmOption)
    .addHelpText('after', examples('hygge apply orders.sql --connection erp --dry-run', 'hygge apply orders.sql --connection erp'))
    .action(doing(async (flags, file) => (await import('../database/apply.ts')).apply({ ...flags, file }, surroundings)));
}

function addCompletion(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  hygge
    .command('completion')
    .description('print a script that completes commands, flows and entities in your shell')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish'] as const))
    .addHelpText(
      'after',
      examples(
        'hygge completion bash   for ~/.bashrc: eval "$(hygge completion bash)"',
        'hygge completion zsh    for ~/.zshrc, after compinit: eval "$(hygge completion zsh)"',
        'hygge completion fish   to ~/.config/fish/completions/hygge.fish',
      ),
    )
    .action(
      doing(async (_flags, shell) => {
        const { completionScript } = await import('./completion-scripts.ts');
        surroundings.out.write(completionScript(shell, surroundings.program));
        return exit.ok;
      }),
    );
  // The completion scripts call this command. Its arguments are the words so far, and the last word is being typed.
  hygge
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .helpOption(false)
    .action(
      doing(async (_flags, words) => {
        const { complete } = await import('./complete.ts');
        for (const word of await complete(words, hygge, surroundings)) surroundings.out.write(`${word}\n`);
        return exit.ok;
      }),
    );
}
