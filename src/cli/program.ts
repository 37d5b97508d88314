import { Argument, Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { Surroundings } from './surroundings.ts';
import { version } from './version.ts';

/** Every command and flag: a public contract. What a command does is loaded when it is called, so that `--help` loads nothing. */
export function program(surroundings: Surroundings, finished: (code: number) => void) {
  const hygge = new Command('hygge')
    .description('Extract and load that feels like home.')
    .version(version, '--version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .option('-C, --directory <dir>', 'work in this folder instead of the current one')
    .option('--no-color', 'plain text without colour (so does NO_COLOR)')
    .option('-v, --verbose', 'tell more; stacks of errors too')
    .addOption(new Option('--output <form>', 'what stdout speaks').choices(['text', 'json'] as const).default('text' as const))
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .addHelpText('after', footer)
    .configureOutput({
      writeOut: (text) => surroundings.out.write(text),
      writeErr: (text) => surroundings.err.write(text),
      // Told once, in our own words, by whoever catches it.
      outputError: () => {},
      getOutHelpWidth: () => surroundings.out.size().columns,
      getErrHelpWidth: () => surroundings.err.size().columns,
    })
    .exitOverride();

  hygge
    .command('init')
    .description('make a new workspace')
    .argument('[dir]', 'folder for it; made when it is not there', '.')
    .option('--example', 'with a small flow that runs at once')
    .addHelpText('after', examples('hygge init my-lake --example   a shop with two tables, ready to run'))
    .action(async (dir, _options, command) => {
      const { init } = await import('./init.ts');
      finished(await init({ ...command.optsWithGlobals(), dir }, surroundings));
    });

  hygge
    .command('go')
    .alias('start')
    .description('move data: from each home, settled in its store, exactly once')
    .option('-f, --flow <names>', 'only these flows; a,b or repeated', gather)
    .option('-e, --entity <flow.entity>', 'only this entity; repeatable', gather)
    .addOption(new Option('-i, --incremental', 'only what is new, this once').conflicts('fullDrop'))
    .addOption(new Option('-d, --full-drop', 'everything anew, this once').conflicts('incremental'))
    .option('-c, --concurrency <n>', 'entities at once', positiveInteger)
    .option('--dry-run', 'show what would happen; reads metadata only, writes nothing')
    .option('--count', 'with --dry-run: exact row counts, even where they cost')
    .option('--wait', 'wait for an entity that another run holds')
    .option('--take-over', 'take an entity from a run that is gone for good')
    .option('--var <assignment>', 'flow.<flow>.<path>=<value> for this once; repeatable', gather)
    .addHelpText(
      'after',
      examples(
        'hygge go                       every flow',
        'hygge go -e shop.orders -d     one entity, loaded anew',
        'hygge go --dry-run             what would happen',
      ),
    )
    .action(async (_options, command) => {
      const { go } = await import('./go.ts');
      finished(await go(command.optsWithGlobals(), surroundings));
    });

  hygge
    .command('debug')
    .description('check config, homes, stores, permissions and state')
    .option('-f, --flow <names>', 'only these flows; a,b or repeated', gather)
    .option('-e, --entity <flow.entity>', 'only this entity; repeatable', gather)
    .addHelpText('after', examples('hygge debug', 'hygge debug -e shop.orders'))
    .action(async (_options, command) => {
      const { debug } = await import('./debug.ts');
      finished(await debug(command.optsWithGlobals(), surroundings));
    });

  hygge
    .command('status')
    .description('what is settled, who is at work, what goes next')
    .option('-f, --flow <names>', 'only these flows; a,b or repeated', gather)
    .option('-e, --entity <flow.entity>', 'only this entity; repeatable', gather)
    .addHelpText('after', examples('hygge status', 'hygge status --output json | jq .watermark'))
    .action(async (_options, command) => {
      const { status } = await import('./status.ts');
      finished(await status(command.optsWithGlobals(), surroundings));
    });

  hygge
    .command('journal')
    .description('the latest entity runs')
    .option('-f, --flow <name>', 'only this flow')
    .option('-e, --entity <flow.entity>', 'only this entity')
    .option('-n, --limit <n>', 'at most so many', positiveInteger, 20)
    .addHelpText('after', examples('hygge journal -e shop.orders -n 5'))
    .action(async (_options, command) => {
      const { journal } = await import('./journal.ts');
      finished(await journal(command.optsWithGlobals(), surroundings));
    });

  hygge
    .command('list')
    .description('what there is')
    .addArgument(new Argument('<what>', 'what to list').choices(['flows', 'entities', 'connectors'] as const))
    .addHelpText('after', examples('hygge list entities', 'hygge list connectors'))
    .action(async (what, _options, command) => {
      const { list } = await import('./list.ts');
      finished(await list({ ...command.optsWithGlobals(), what }, surroundings));
    });

  hygge
    .command('reset')
    .description('forget what is settled: the next run is a full load that replaces')
    .argument('<flow.entity>', 'the entity')
    .addOption(new Option('--adopt', 'take the destination over as it is instead').conflicts('discard'))
    .option('--watermark <value>', 'with --adopt: go on from here')
    .addOption(new Option('--discard', 'give up a decided commit whose staged parts are lost'))
    .option('--take-over', 'even while another run holds it')
    .option('-y, --yes', 'do not ask')
    .addHelpText(
      'after',
      examples(
        'hygge reset shop.orders           the next run loads everything and replaces',
        'hygge reset shop.orders --adopt   go on from what is there',
      ),
    )
    .action(async (entity, _options, command) => {
      const { reset } = await import('./reset.ts');
      finished(await reset({ ...command.optsWithGlobals(), entity }, surroundings));
    });

  const state = hygge
    .command('state')
    .description('look at an entity’s state, or give it a new name')
    .addHelpText('after', examples('hygge state show shop.orders', 'hygge state mv shop.orders shop.purchases'));
  state
    .command('show')
    .description('the state row, as it is')
    .argument('<flow.entity>', 'the entity')
    .addHelpText('after', examples('hygge state show shop.orders'))
    .action(async (entity, _options, command) => {
      const { stateShow } = await import('./state-show.ts');
      finished(await stateShow({ ...command.optsWithGlobals(), entity }, surroundings));
    });
  state
    .command('mv')
    .description('carry the state over after an entity was renamed')
    .argument('<old>', 'flow.entity as it was')
    .argument('<new>', 'flow.entity as it is now')
    .addHelpText('after', examples('hygge state mv shop.orders shop.purchases'))
    .action(async (from, to, _options, command) => {
      const { stateMove } = await import('./state-move.ts');
      finished(await stateMove({ ...command.optsWithGlobals(), from, to }, surroundings));
    });

  return hygge;
}

const footer = `
Start here:
  hygge init my-lake --example && hygge go -C my-lake

Exit codes: 0 all is well · 1 a run or check failed · 2 wrong usage or config
            3 held by another run · 130 and 143 stopped by a signal, state intact`;

function examples(...commands: readonly string[]): string {
  return ['', `Example${commands.length > 1 ? 's' : ''}:`, ...commands.map((command) => `  ${command}`)].join('\n');
}

function gather(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function positiveInteger(value: string): number {
  const n = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(n) || n < 1) throw new InvalidArgumentError('A whole number from 1 on is expected.');
  return n;
}
