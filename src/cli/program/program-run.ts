import { Option } from '@commander-js/extra-typings';
import type { Surroundings } from '../terminal/surroundings.ts';
import {
  confirmOption,
  dryRunOption,
  durationGiven,
  entityOption,
  examples,
  excludeOption,
  flowOption,
  gather,
  gatherList,
  namesArgument,
  positiveInteger,
  retryForOption,
  takeOverOption,
  varOption,
  waitOption,
} from './options.ts';
import type { Doing, Root } from './root.ts';

/** Commands that make a workspace and move data. */
export function addMoving(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  hygge
    .command('init')
    .description('make a new workspace')
    .argument('[dir]', 'folder for it; made when it is not there', '.')
    .addOption(new Option('--example', 'with a small flow that runs at once').conflicts(['from', 'cloud']))
    .addOption(new Option('--cloud <lake>', 'ready to deploy: it reads and settles in this lake or bucket, a URL').conflicts('from'))
    .option(
      '--from <place>',
      'look at what is there, and make a flow that reads it: a connection of hygge.yml, a database, folder or bucket as `copy` takes it, or a list of an API by its address',
    )
    .option('--tables <names>', 'with --from: these, without asking which; names and patterns, a,b or repeated', gatherList)
    .option('-y, --yes', 'with --from: do not ask; without --tables, all that is there')
    .option('--views', 'with --from: views as well as tables')
    .addHelpText(
      'after',
      examples(
        'hygge init my-lake --example                               a shop with two tables, ready to run',
        'hygge init                                                 one to fill in, here',
        'hygge init my-lake --cloud abfss://lake@account.dfs.core.windows.net  one for a function app',
        'hygge init my-lake --from postgres://me@host/shop          asks which of its tables',
        "hygge init my-lake --from shop.db --tables 'order*' --yes  without a terminal",
        'hygge init my-api --from https://api.example.com/v2/orders --yes  a list of an API',
        'hygge init --from erp                                      one more flow here, of a connection of hygge.yml',
      ),
    )
    .action(doing(async (flags, dir) => (await import('../init/init.ts')).init({ ...flags, dir }, surroundings)));

  addGo(hygge, surroundings, doing);
  addCopy(hygge, surroundings, doing);
  addBackfill(hygge, surroundings, doing);
  addCompact(hygge, surroundings, doing);

  hygge
    .command('debug')
    .description('check config, homes, stores, permissions and state')
    .argument(...namesArgument)
    .option(...flowOption, gather)
    .option(...entityOption, gather)
    .option(...excludeOption, gather)
    .addHelpText('after', examples('hygge debug', 'hygge debug shop.orders'))
    .action(doing(async (flags, names) => (await import('../debug/debug.ts')).debug({ ...flags, names }, surroundings)));

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
    .action(doing(async (flags, entity) => (await import('../inspect/preview.ts')).preview({ ...flags, entity }, surroundings)));
}

function addGo(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  hygge
    .command('go')
    .alias('start')
    .description('move data: from each home, settled in its store, exactly once')
    .argument(...namesArgument)
    .option(...flowOption, gather)
    .option(...entityOption, gather)
    .option(...excludeOption, gather)
    .option('--failed', 'only those whose last run failed')
    .addOption(new Option('-i, --incremental', 'only what is new, this once').conflicts('fullDrop'))
    .addOption(new Option('-d, --full-drop', 'everything anew, this once').conflicts('incremental'))
    .option('-c, --concurrency <n>', 'entities at once', positiveInteger)
    .option(...dryRunOption)
    .option('--compare-deletes', 'compare keys now, though it is not due: of entities with `deletes: { compare }`')
    .option('--write', 'with --dry-run: write the keys that the plan proposes into the YAML of the homes')
    .option('--count', 'with --dry-run: exact row counts, even where they cost')
    .addOption(new Option('--limit <n>', 'with --to: a try-out with at most so many rows of each entity').argParser(positiveInteger))
    .option('--to <dir>', 'with --limit: where the try-out settles, instead of in the stores')
    .option(...waitOption)
    .option(...takeOverOption)
    .option(...retryForOption, durationGiven)
    .option(...varOption, gather)
    .option(...confirmOption)
    .option('--against <target>', 'with --dry-run: what is different from another target')
    .addHelpText(
      'after',
      examples(
        'hygge go                              every flow',
        'hygge go shop                         one flow; shop.orders is one entity of it',
        'hygge go -e shop.orders -d            one entity, loaded anew',
        "hygge go 'sh*' --exclude shop.orders  every flow whose name begins so, but for one entity",
        'hygge go --failed                     what failed last time',
        'hygge go --dry-run                    what would happen',
        'hygge go --dry-run --write            the same; keys that it proposes are written into the YAML',
        'hygge go -e shop.orders --compare-deletes   removes rows that the source no longer has, now',
        'hygge go --limit 100 --to try-out     100 rows of each into a folder; state and stores stay as they are',
        "hygge go --var 'flow.shop.home.path=data/{entity}.parquet'",
        'hygge go --target prod --dry-run --against dev   what prod would do, and what differs from dev',
      ),
    )
    .action(doing(async (flags, names) => (await import('../run/go.ts')).go({ ...flags, names }, surroundings)));
}

function addCopy(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  hygge
    .command('copy')
    .description('copy from one place to another, without a workspace; the same copy again goes on from where it was')
    .argument('<from>', 'files, a folder, a pattern in quotes, a table (postgres://me@host/shop#sales.orders), or - for what is piped in')
    .argument('<to>', 'a folder, a file of this machine, a lake or bucket, a table, or - for stdout')
    .option('--watermark <column>', 'only rows that are new by this column')
    .option('--key <columns>', 'with --watermark: new rows replace those of the same key, in databases; a,b or repeated', gatherList)
    .option('--columns <names>', 'only these columns; a,b or repeated', gatherList)
    .option('--where <condition>', 'only these rows: a condition in the SQL of the database that is read; of files, in that of Polars')
    .option('--query <select>', 'a SELECT that is read in place of a table; FROM is the database alone')
    .option('--format <format>', 'what is written to a folder: parquet, csv, ndjson, json; with FROM -, what comes in')
    .addOption(
      new Option('--if-exists <what>', 'what to do with data that no copy has put there').choices(['fail', 'append', 'replace'] as const),
    )
    .option('--views', 'where FROM is a pattern of tables: views as well')
    .option('-d, --full-drop', 'everything anew, this once')
    .option(...dryRunOption)
    .option('--limit <n>', 'only the first so many rows; the next copy without it replaces them by all', positiveInteger)
    .option('--save <flows/name>', 'write the flow that it is into a workspace, which goes on from here; moves nothing')
    .option('--home <key=value>', 'a key of what is read, as hygge.yml has it; repeatable', gather)
    .option('--store <key=value>', 'a key of what is written to, as hygge.yml has it; repeatable', gather)
    .option(...waitOption)
    .option(...takeOverOption)
    .option(...retryForOption, durationGiven)
    .addHelpText(
      'after',
      examples(
        'hygge copy data/orders.csv lake/orders                                a folder of parquet; again: only what is new',
        "hygge copy 'data/*.csv' all.parquet                                   one file of all of them",
        'hygge copy data/orders.csv s3://lake/orders                           a bucket',
        "hygge copy 'postgres://me@host/shop#sales.orders' orders.parquet      a table, by PGPASSWORD or ~/.pgpass",
        `hygge copy 'postgres://me:\${SHOP}@host/shop#sales.*' lake/sales       several, the password in a variable`,
        "hygge copy 'shop.db#orders' lake/recent --watermark updated_at        only rows that are new",
        "hygge copy shop.db lake/big --query 'select id from orders'           what a SELECT gives",
        'hygge copy data/orders.csv lake/orders --save flows/orders            the flow that it is, to go on with hygge go',
        'hygge copy lake/orders -                                              rows to stdout, as CSV',
      ),
    )
    .action(doing(async (flags, from, to) => (await import('../copy/copy.ts')).copy({ ...flags, from, to }, surroundings)));
}

function addBackfill(hygge: Root, surroundings: Surroundings, doing: Doing): void {
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
    .option(...retryForOption, durationGiven)
    .option(...varOption, gather)
    .option(...confirmOption)
    .addHelpText(
      'after',
      examples(
        'hygge backfill shop.orders --from 2024-01-01 --to 2024-02-01               January, in one commit',
        'hygge backfill shop.orders --from 2024-01-01 --to 2025-01-01 --chunk 1mo   a year, month by month',
        'hygge backfill shop.orders --from 2024-01-01 --to 2024-02-01 --dry-run     what would be read and replaced',
      ),
    )
    .action(doing(async (flags, entity) => (await import('../run/backfill.ts')).backfill({ ...flags, entity }, surroundings)));
}

function addCompact(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  hygge
    .command('compact')
    .description('put small settled files together into full ones, with the same rows')
    .argument('<flow.entity>', 'the entity')
    .option('--dry-run', 'show what would be put together; opens the small files, writes nothing')
    .option(...waitOption)
    .option(...takeOverOption)
    .option(...retryForOption, durationGiven)
    .option(...varOption, gather)
    .option(...confirmOption)
    .addHelpText(
      'after',
      examples(
        'hygge compact shop.orders             the files of many small commits become few',
        'hygge compact shop.orders --dry-run   how many files there are, and how many there would be',
      ),
    )
    .action(doing(async (flags, entity) => (await import('../run/compact.ts')).compact({ ...flags, entity }, surroundings)));
}
