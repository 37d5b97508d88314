import { Argument } from '@commander-js/extra-typings';
import type { Surroundings } from '../terminal/surroundings.ts';
import { entityOption, examples, excludeOption, flowOption, gather, namesArgument, positiveInteger } from './options.ts';
import type { ExitHandler, Root } from './root.ts';

/** Commands that look something up and change nothing. */
export function addLooking(hygge: Root, surroundings: Surroundings, finished: ExitHandler): void {
  hygge
    .command('status')
    .description('what is settled, how far behind it is, who is at work, what goes next')
    .argument(...namesArgument)
    .option(...flowOption, gather)
    .option(...entityOption, gather)
    .option(...excludeOption, gather)
    .option('--check', 'ask each source what waits there; reads metadata only')
    .option('--open', 'and as a page, in your browser; it is kept in .hygge/status.html')
    .addHelpText(
      'after',
      examples(
        'hygge status',
        'hygge status shop --check                      what a run would find',
        'hygge status --open                            the same and 90 days of history, to look at',
        'hygge status --output json | jq .watermark',
      ),
    )
    .action(async (names, _options, command) => {
      const { status } = await import('../inspect/status.ts');
      finished(await status({ ...command.optsWithGlobals(), names }, surroundings));
    });

  hygge
    .command('report')
    .description('how the night went, as one page to look at: HTML that needs nothing else')
    .requiredOption('--out <file>', 'where to; - is standard output. An earlier page is replaced')
    .option(...flowOption, gather)
    .option(...entityOption, gather)
    .option(...excludeOption, gather)
    .option('--messages', 'with the messages of runs, which may quote values of your data')
    .addHelpText(
      'after',
      examples(
        'hygge report --out report.html',
        'hygge report --out shop.html -f shop',
        'hygge report --out report.html --output json | jq .headline',
      ),
    )
    .action(async (_options, command) => {
      const { report } = await import('../inspect/report.ts');
      finished(await report(command.optsWithGlobals(), surroundings));
    });

  hygge
    .command('verify')
    .description('read what settled, and compare it with its checksums; exit 1: something differs')
    .argument(...namesArgument)
    .option('--settled', 'what is in the store, against what settled there')
    .option(...flowOption, gather)
    .option(...entityOption, gather)
    .option(...excludeOption, gather)
    .addHelpText(
      'after',
      examples(
        'hygge verify --settled                  every file of every entity',
        'hygge verify shop.orders --settled',
        'hygge verify --settled --output json | jq .changed',
      ),
    )
    .action(async (names, _options, command) => {
      const { verify } = await import('../inspect/verify.ts');
      finished(await verify({ ...command.optsWithGlobals(), names }, surroundings));
    });

  hygge
    .command('journal')
    .description('the latest entity runs; with --run, one of them whole')
    .option('-r, --run <id>', 'this run: its id, the end of it as the table shows it, or last')
    .option('-f, --flow <name>', 'only this flow')
    .option('-e, --entity <flow.entity>', 'only this entity')
    .option('--failed', 'only what failed')
    .option('--log', 'with --run: what it said, line by line')
    .option('--since <when>', 'only since: 2d, 12h, 2026-11-20, 2026-11-20T08:00Z')
    .option('-n, --limit <n>', 'at most so many (default: 20)', positiveInteger)
    .addHelpText(
      'after',
      examples(
        'hygge journal -e shop.orders -n 5',
        'hygge journal --failed --since 2d',
        'hygge journal --run last            everything about the last run',
        'hygge journal --run last --log      what it said while it ran',
      ),
    )
    .action(async (_options, command) => {
      const { journal } = await import('../inspect/journal.ts');
      finished(await journal(command.optsWithGlobals(), surroundings));
    });

  hygge
    .command('list')
    .description('what there is')
    .addArgument(new Argument('<what>', 'what to list').choices(['flows', 'entities', 'connections', 'connectors'] as const))
    .option(...flowOption, gather)
    .addHelpText(
      'after',
      examples(
        'hygge list flows',
        'hygge list entities --flow shop',
        'hygge list connections        named ways into systems, and who uses them',
        'hygge list connectors         what homes and stores can be',
      ),
    )
    .action(async (what, _options, command) => {
      const { list } = await import('../inspect/list.ts');
      finished(await list({ ...command.optsWithGlobals(), what }, surroundings));
    });

  hygge
    .command('explain')
    .description('what an error code means, and what to do about it')
    .argument('[code]', 'as it was told: HYG-2002; without it, all there are')
    .addHelpText('after', examples('hygge explain HYG-2002', 'hygge explain --output json | jq .code'))
    .action(async (code, _options, command) => {
      const { explain } = await import('../inspect/explain.ts');
      finished(await explain({ ...command.optsWithGlobals(), code }, surroundings));
    });

  hygge
    .command('version')
    .description('which hygge this is; with --verbose what it runs on, and what of it is not installed')
    .addHelpText('after', examples('hygge version --verbose'))
    .action(async (_options, command) => {
      const { version } = await import('../inspect/version.ts');
      finished(await version(command.optsWithGlobals(), surroundings));
    });
}
