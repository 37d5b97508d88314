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

/** Adds commands that create a workspace or move data. */
export function addMoving(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  hygge
    .command('init')
    .description('make a new workspace')
    .argument('[dir]', 'the folder, which is created if it does not exist', '.')
    .addOption(new Option('--example', 'with a small flow that can run immediately').conflicts(['from', 'cloud']))
    .addOption(new Option('--cloud <lake>', 'ready to deploy, with this lake or bucket (a URL) as home and store').conflicts('from'))
    .option(
      '--from <place>',
      'make a flow that reads this place: a connection of hygge.yml, a database, folder or bucket as in `copy`, or the address of a list of an API',
    )
    .option('--tables <names>', 'with --from: these tables, without a question; names and patterns, a,b or repeated', gatherList)
    .option('-y, --yes', 'with --from: do not ask; without --tables, take all tables')
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
        'hygge init --from erp                                      one more flow here, from a connection of hygge.yml',
      ),
    )
    .action(doing(async (flags, dir) => (await import('../init/init.ts')).init({ ...flags, dir }, surroundings)));

  addGo(hygge, surroundings, doing);
  addCopy(hygge, surroundings, doing);
  addBackfill(hygge, surroundings, doing);
  addCompact(hygge, surroundings, doing);

  hygge
    .command('debug')
    .description('check config, homes, stores, rights and state')
    .argument(...namesArgument)
    .option(...flowOption, gather)
    .option(...entityOption, gather)
    .option(...excludeOption, gather)
    .addHelpText('after', examples('hygge debug', 'hygge debug shop.orders'))
    .action(doing(async (flags, names) => (await import('../debug/debug.ts')).debug({ ...flags, names }, surroundings)));

  hygge
    .command('preview')
    .description('show the first rows of an entity, with their types')
    .argument('<flow.entity>', 'the entity')
    .option('-n, --rows <n>', 'the number of rows', positiveInteger, 10)
    .addHelpText(
      'after',
      examples(
        'hygge preview shop.orders',
        'hygge preview shop.orders -n 3 -v              every column, in as many tables as needed',
        'hygge preview shop.orders --output json | jq   exact values, one object a row',
      ),
    )
    .action(doing(async (flags, entity) => (await import('../inspect/preview.ts')).preview({ ...flags, entity }, surroundings)));
}

function addGo(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  hygge
    .command('go')
    .alias('start')
    .description('move data from each home into its store, exactly once')
    .argument(...namesArgument)
    .option(...flowOption, gather)
    .option(...entityOption, gather)
    .option(...excludeOption, gather)
    .option('--failed', 'only entities whose last run failed')
    .addOption(new Option('-i, --incremental', 'only new rows, in this run').conflicts('fullDrop'))
    .addOption(new Option('-d, --full-drop', 'load all rows again, in this run').conflicts('incremental'))
    .option('-c, --concurrency <n>', 'the number of entities at once', positiveInteger)
    .option(...dryRunOption)
    .option('--compare-deletes', 'compare keys now, for entities with `deletes: { compare }`')
    .option('--write', 'with --dry-run: write the keys that the plan proposes into the YAML')
    .option('--count', 'with --dry-run: count rows exactly, even if that takes long')
    .addOption(new Option('--limit <n>', 'with --to: the most rows of each entity in a trial run').argParser(positiveInteger))
    .option('--to <dir>', 'with --limit: the folder of the trial run, instead of the stores')
    .option(...waitOption)
    .option(...takeOverOption)
    .option(...retryForOption, durationGiven)
    .option(...varOption, gather)
    .option(...confirmOption)
    .option('--against <target>', 'with --dry-run: show the differences from another target')
    .addHelpText(
      'after',
      examples(
        'hygge go                              every flow',
        'hygge go shop                         one flow; shop.orders is one entity of it',
        'hygge go -e shop.orders -d            one entity, loaded again',
        "hygge go 'sh*' --exclude shop.orders  every flow whose name begins with sh, except one entity",
        'hygge go --failed                     what failed last time',
        'hygge go --dry-run                    what would happen',
        'hygge go --dry-run --write            the same; keys that it proposes are written into the YAML',
        'hygge go -e shop.orders --compare-deletes   removes rows that the source no longer has, now',
        'hygge go --limit 100 --to try-out     100 rows of each into a folder; state and stores stay unchanged',
        "hygge go --var 'flow.shop.home.path=data/{entity}.parquet'",
        'hygge go --target prod --dry-run --against dev   what prod would do, and what differs from dev',
      ),
    )
    .action(doing(async (flags, names) => (await import('../run/go.ts')).go({ ...flags, names }, surroundings)));
}

function addCopy(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  hygge
    .command('copy')
    .description('copy from one place to another, without a workspace; the same command again continues')
    .argument('<from>', 'files, a folder, a pattern in quotes, a table (postgres://me@host/shop#sales.orders), or - for stdin')
    .argument('<to>', 'a folder, a local file, a lake or bucket, a table, or - for stdout')
    .option('--watermark <column>', 'only rows with a new value in this column')
    .option('--key <columns>', 'with --watermark, in databases: new rows replace rows with the same key; a,b or repeated', gatherList)
    .addOption(
      new Option('--watermark-nulls <what>', 'with --watermark: what to do with rows without a watermark').choices([
        'fail',
        'include',
        'exclude',
      ] as const),
    )
    .option('--columns <names>', 'only these columns; a,b or repeated', gatherList)
    .option('--where <condition>', 'only these rows: a condition in the SQL of the source, or of Polars for files')
    .option('--query <select>', 'a SELECT instead of a table; FROM is the database')
    .option('--format <format>', 'the format in a folder: parquet, csv, ndjson, json; with FROM -, the format of stdin')
    .addOption(
      new Option('--if-exists <what>', 'what to do with data that hygge did not write').choices(['fail', 'append', 'replace'] as const),
    )
    .option('--views', 'views as well, if FROM is a pattern of tables')
    .option('-d, --full-drop', 'load all rows again, in this run')
    .option(...dryRunOption)
    .option('--limit <n>', 'only the first rows; the next copy without --limit replaces them with all rows', positiveInteger)
    .option('--save <flows/name>', 'write the flow of this copy into a workspace, which continues from here; moves nothing')
    .option('--home <key=value>', 'a key of the home, as in hygge.yml; repeatable', gather)
    .option('--store <key=value>', 'a key of the store, as in hygge.yml; repeatable', gather)
    .option(...waitOption)
    .option(...takeOverOption)
    .option(...retryForOption, durationGiven)
    .addHelpText(
      'after',
      examples(
        'hygge copy data/orders.csv lake/orders                                a folder of parquet; again: only what is new',
        "hygge copy 'data/*.csv' all.parquet                                   all of them into one file",
        'hygge copy data/orders.csv s3://lake/orders                           a bucket',
        "hygge copy 'postgres://me@host/shop#sales.orders' orders.parquet      a table, by PGPASSWORD or ~/.pgpass",
        `hygge copy 'postgres://me:\${SHOP}@host/shop#sales.*' lake/sales       several, the password in a variable`,
        "hygge copy 'shop.db#orders' lake/recent --watermark updated_at        only rows that are new",
        "hygge copy shop.db lake/big --query 'select id from orders'           the rows of a SELECT",
        'hygge copy data/orders.csv lake/orders --save flows/orders            saved as a flow, to continue with hygge go',
        'hygge copy lake/orders -                                              rows to stdout, as CSV',
      ),
    )
    .action(doing(async (flags, from, to) => (await import('../copy/copy.ts')).copy({ ...flags, from, to }, surroundings)));
}

function addBackfill(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  hygge
    .command('backfill')
    .description('read the rows between two values of the watermark again, and replace the settled ones')
    .argument('<flow.entity>', 'the entity')
    .requiredOption('--from <value>', 'the first value of the range, as in the watermark column')
    .requiredOption('--to <value>', 'the end of the range, which excludes this value')
    .option('--chunk <step>', 'a run and a commit for each step: 1d, 12h, 1mo, or a number')
    .option('--again', 'also do the chunks that an earlier backfill of the same range has done')
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
    .description('rewrite small settled files as full ones, with the same rows')
    .argument('<flow.entity>', 'the entity')
    .option('--dry-run', 'show which files would be rewritten; opens the files, and writes nothing')
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
