import { Argument, Option } from '@commander-js/extra-typings';
import { exit } from '../terminal/exit-code.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import { confirmOption, entityOption, examples, flowOption, gather, gatherList } from './options.ts';
import type { Doing, Root } from './root.ts';

/** Commands that write config, change state, or set up the shell. */
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
    .description('forget what is settled: the next run is a full load that replaces')
    .argument('[flow.entity]', 'the entity; without it, what -f and -e name, or --all')
    .option(...flowOption, gather)
    .option(...entityOption, gather)
    .option('--all', 'every entity of the workspace')
    .addOption(new Option('--adopt', 'take the destination over as it is instead').conflicts('discard'))
    .option('--watermark <value>', 'with --adopt: go on from here')
    .addOption(new Option('--discard', 'give up a decided commit that cannot be finished, and take back what is published of it'))
    .option('--take-over', 'even while another run holds it')
    .option('-y, --yes', 'do not ask')
    .option(...confirmOption)
    .addHelpText(
      'after',
      examples(
        'hygge reset shop.orders           the next run loads everything and replaces',
        'hygge reset shop.orders --adopt   go on from what is there',
        'hygge reset -f shop --adopt       the same for each entity of a flow',
        'hygge reset --all --adopt --yes   and of every flow, as after a lost state',
      ),
    )
    .action(doing(async (flags, named) => (await import('../state/reset.ts')).reset({ ...flags, named }, surroundings)));
}

function addState(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  const state = hygge
    .command('state')
    .description('look at an entity’s state, give it a new name, or take it along to another place')
    .addHelpText('after', examples('hygge state show shop.orders', 'hygge state mv shop.orders shop.purchases', 'hygge state import'));
  state
    .command('show')
    .description('the state row, as it is')
    .argument('<flow.entity>', 'the entity')
    .addHelpText('after', examples('hygge state show shop.orders'))
    .action(doing(async (flags, entity) => (await import('../state/show.ts')).stateShow({ ...flags, entity }, surroundings)));
  state
    .command('mv')
    .description('carry the state over after an entity was renamed')
    .argument('<old>', 'flow.entity as it was')
    .argument('<new>', 'flow.entity as it is now')
    .option(...confirmOption)
    .addHelpText('after', examples('hygge state mv shop.orders shop.purchases'))
    .action(doing(async (flags, from, to) => (await import('../state/move.ts')).stateMove({ ...flags, from, to }, surroundings)));
  state
    .command('import')
    .description('bring the state from another place, by default .hygge/, to where `state:` of hygge.yml says now')
    .option('--from <yaml>', 'where it was: what `state:` said before')
    .option(...confirmOption)
    .addHelpText(
      'after',
      examples(
        'hygge state import                                  after state: was changed from files to something else',
        "hygge state import --from '{ type: table_storage }'   after it was changed from that",
      ),
    )
    .action(doing(async (flags) => (await import('../state/import.ts')).stateImport(flags, surroundings)));
}

function addGenerate(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  const generate = hygge
    .command('generate')
    .description('write what is written by rule: entities of a source, SQL for a database, schemas for your editor')
    .addHelpText('after', examples('hygge generate entities --flow shop', 'hygge generate schema'));
  generate
    .command('entities')
    .description('an entity file for each table, file or list of an API that the flow’s home has; never overwrites')
    .requiredOption('-f, --flow <name>', 'the flow')
    .addOption(
      new Option(
        '--from <path>',
        'look here instead of in the flow’s home: a folder, or a URL; of an API: its OpenAPI description',
      ).conflicts('tables'),
    )
    .addOption(new Option('--tables <names>', 'these, without looking; a,b or repeated').argParser(gatherList))
    .option('--connection <name>', 'look into this database of hygge.yml instead')
    .addOption(new Option('--schema <names>', 'of a database: only tables of these schemas; a,b or repeated').argParser(gatherList))
    .option('--like <pattern>', 'of a database or an API: only what has such a name, as in order*')
    .option('--views', 'of a database: views as well as tables')
    .option('--dry-run', 'print the files instead of writing them')
    .addHelpText(
      'after',
      examples(
        'hygge generate entities --flow shop                         what lies in its home',
        'hygge generate entities --flow shop --tables orders,items   by name',
        'hygge generate entities --flow erp --like "order*"          of the tables in its database',
        'hygge generate entities --flow crm --from openapi.yml       of the lists that an API describes',
        'hygge generate entities --flow shop --dry-run               print them',
      ),
    )
    .action(doing(async (flags) => (await import('../generate/generate-entities.ts')).generateEntities(flags, surroundings)));
  generate
    .command('ddl')
    .description(
      'SQL that makes tables: for the columns of a file, for what an entity settles, or (--metadata) for what hygge keeps of its own',
    )
    .option(
      '--metadata',
      'for your database administrator: schemas and tables for state, commits and staging, and the rights of the role that runs hygge',
    )
    .addOption(
      new Option('--input <file>', 'the CREATE TABLE for a parquet, CSV or JSON file, or a folder of them').conflicts([
        'entity',
        'metadata',
      ]),
    )
    .addOption(new Option('-e, --entity <flow.entity>', 'the CREATE TABLE for what this entity would settle').conflicts('metadata'))
    .option('--table <name>', 'what that table is called; by default as the entity’s store says')
    .addOption(new Option('--connection <name>', 'with --metadata: for this connection of hygge.yml only').conflicts('dialect'))
    .option('--dialect <type>', 'for any database of this type; by default the entity’s, else postgres')
    .option('--role <name>', 'with --metadata: who is to have the rights; default: whoever the connection says')
    .option('--to <file>', 'write it to a file instead of printing it')
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
    .description('a contract that the rows of an entity keep, each line with what it was seen in')
    .argument('<flow.entity>', 'the entity')
    .option('--odcs', 'as a document of the Open Data Contract Standard')
    .option('--to <file>', 'write it to a file instead of printing it')
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
    .description('the JSON Schemas that let editors complete and check the YAML')
    .addHelpText('after', examples('hygge generate schema'))
    .action(doing(async (flags) => (await import('../generate/generate-schema.ts')).generateSchema(flags, surroundings)));
}

function addApply(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  hygge
    .command('apply')
    .description('run a file of SQL in a database, each statement shown; all of it or nothing, where the database can take it back')
    .argument('<file>', 'the file')
    .requiredOption('--connection <name>', 'the connection of hygge.yml')
    .option('--dry-run', 'show the statements, and run none')
    .option('--allow-destructive', 'also what drops, truncates or deletes')
    .option(...confirmOption)
    .addHelpText('after', examples('hygge apply orders.sql --connection erp --dry-run', 'hygge apply orders.sql --connection erp'))
    .action(doing(async (flags, file) => (await import('../database/apply.ts')).apply({ ...flags, file }, surroundings)));
}

function addCompletion(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  hygge
    .command('completion')
    .description('a script that completes commands, flows and entities in your shell')
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
  // Asked by those scripts: the words so far, the last of them being typed.
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
