import { Option } from '@commander-js/extra-typings';
import type { Surroundings } from '../terminal/surroundings.ts';
import {
  dryRunOption,
  entityOption,
  examples,
  flowOption,
  gather,
  positiveInteger,
  takeOverOption,
  varOption,
  waitOption,
} from './options.ts';
import type { Finished, Root } from './program.ts';

/** Commands that make a workspace and move data. */
export function addMoving(hygge: Root, surroundings: Surroundings, finished: Finished): void {
  hygge
    .command('init')
    .description('make a new workspace')
    .argument('[dir]', 'folder for it; made when it is not there', '.')
    .option('--example', 'with a small flow that runs at once')
    .addHelpText(
      'after',
      examples(
        'hygge init my-lake --example   a shop with two tables, ready to run',
        'hygge init                     one to fill in, here',
      ),
    )
    .action(async (dir, _options, command) => {
      const { init } = await import('../generate/init.ts');
      finished(await init({ ...command.optsWithGlobals(), dir }, surroundings));
    });

  addGo(hygge, surroundings, finished);
  addBackfill(hygge, surroundings, finished);

  hygge
    .command('debug')
    .description('check config, homes, stores, permissions and state')
    .option(...flowOption, gather)
    .option(...entityOption, gather)
    .addHelpText('after', examples('hygge debug', 'hygge debug -e shop.orders'))
    .action(async (_options, command) => {
      const { debug } = await import('../debug/debug.ts');
      finished(await debug(command.optsWithGlobals(), surroundings));
    });

  hygge
    .command('preview')
    .description('the first rows of an entity, with their types')
    .argument('<flow.entity>', 'the entity')
    .option('-n, --rows <n>', 'so many rows', positiveInteger, 10)
    .addHelpText(
      'after',
      examples(
        'hygge preview shop.orders',
        'hygge preview shop.orders -n 3 -v              every column, in as many tables as it takes',
        'hygge preview shop.orders --output json | jq   exact values, one object a row',
      ),
    )
    .action(async (entity, _options, command) => {
      const { preview } = await import('../inspect/preview.ts');
      finished(await preview({ ...command.optsWithGlobals(), entity }, surroundings));
    });
}

function addGo(hygge: Root, surroundings: Surroundings, finished: Finished): void {
  hygge
    .command('go')
    .alias('start')
    .description('move data: from each home, settled in its store, exactly once')
    .option(...flowOption, gather)
    .option(...entityOption, gather)
    .addOption(new Option('-i, --incremental', 'only what is new, this once').conflicts('fullDrop'))
    .addOption(new Option('-d, --full-drop', 'everything anew, this once').conflicts('incremental'))
    .option('-c, --concurrency <n>', 'entities at once', positiveInteger)
    .option(...dryRunOption)
    .option('--count', 'with --dry-run: exact row counts, even where they cost')
    .addOption(new Option('--limit <n>', 'with --to: a try-out with at most so many rows of each entity').argParser(positiveInteger))
    .option('--to <dir>', 'with --limit: where the try-out settles, instead of in the stores')
    .option(...waitOption)
    .option(...takeOverOption)
    .option(...varOption, gather)
    .addHelpText(
      'after',
      examples(
        'hygge go                              every flow',
        'hygge go -e shop.orders -d            one entity, loaded anew',
        'hygge go --dry-run                    what would happen',
        'hygge go --limit 100 --to try-out     100 rows of each into a folder; state and stores stay as they are',
        "hygge go --var 'flow.shop.home.path=data/{entity}.parquet'",
      ),
    )
    .action(async (_options, command) => {
      const { go } = await import('../run/go.ts');
      finished(await go(command.optsWithGlobals(), surroundings));
    });
}

function addBackfill(hygge: Root, surroundings: Surroundings, finished: Finished): void {
  hygge
    .command('backfill')
    .description('replace what settled between two values of the watermark by what the source has there now')
    .argument('<flow.entity>', 'the entity')
    .requiredOption('--from <value>', 'where it begins, in the words of the watermark column')
    .requiredOption('--to <value>', 'where it ends; this value is not in it any more')
    .option('--chunk <step>', 'a run and a commit for each: 1d, 12h, 1mo, or a number for numbers')
    .option('--again', 'also what an earlier backfill of the same range has done')
    .option(...dryRunOption)
    .option(...waitOption)
    .option(...takeOverOption)
    .option(...varOption, gather)
    .addHelpText(
      'after',
      examples(
        'hygge backfill shop.orders --from 2024-01-01 --to 2024-02-01               January, in one commit',
        'hygge backfill shop.orders --from 2024-01-01 --to 2025-01-01 --chunk 1mo   a year, month by month',
        'hygge backfill shop.orders --from 2024-01-01 --to 2024-02-01 --dry-run     what would be read and replaced',
      ),
    )
    .action(async (entity, _options, command) => {
      const { backfill } = await import('../run/backfill.ts');
      finished(await backfill({ ...command.optsWithGlobals(), entity }, surroundings));
    });
}
