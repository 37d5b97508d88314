import { Argument } from '@commander-js/extra-typings';
import type { Surroundings } from '../terminal/surroundings.ts';
import {
  confirmOption,
  durationGiven,
  entityOption,
  examples,
  excludeOption,
  flowOption,
  gather,
  gatherList,
  namesArgument,
  positiveInteger,
  takeOverOption,
} from './options.ts';
import type { Doing, Root } from './root.ts';

/** Adds commands that only show facts, without changes. */
export function addLooking(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  hygge
    .command('status')
    .description('show what is settled, how far behind it is, which runs are active, and what is next')
    .argument(...namesArgument)
    .option(...flowOption, gather)
    .option(...entityOption, gather)
    .option(...excludeOption, gather)
    .option('--check', 'query each source for new rows; reads metadata only')
    .option('--open', 'also open it as a page in the browser, from .hygge/status.html')
    .addHelpText(
      'after',
      examples(
        'hygge status',
        'hygge status shop --check                      what a run would find',
        'hygge status --open                            the same and 90 days of history, to look at',
        'hygge status --output json | jq .watermark',
      ),
    )
    .action(doing(async (flags, names) => (await import('../inspect/status.ts')).status({ ...flags, names }, surroundings)));

  hygge
    .command('report')
    .description('write a report of the last night as one HTML page')
    .requiredOption('--out <file>', 'the file; - is standard output. An earlier page is replaced')
    .option(...flowOption, gather)
    .option(...entityOption, gather)
    .option(...excludeOption, gather)
    .option('--messages', 'include the messages of runs, which may contain values of your data')
    .addHelpText(
      'after',
      examples(
        'hygge report --out report.html',
        'hygge report --out shop.html -f shop',
        'hygge report --out report.html --output json | jq .headline',
      ),
    )
    .action(doing(async (flags) => (await import('../inspect/report.ts')).report(flags, surroundings)));

  hygge
    .command('verify')
    .description('compare settled rows with their source; exit 1: they differ')
    .argument(...namesArgument)
    .option('--settled', 'compare settled files with their own checksums, without the source')
    .option('--contract', 'check settled rows against the present contract, without the source')
    .option('--range <from..to>', 'only rows with these watermarks; the second value is excluded')
    .option('--columns <names>', 'only these settled columns, and the key; a,b or repeated', gatherList)
    .option('--key <names>', 'the settled columns that identify a row, if source and config name none', gatherList)
    .option('--sample <share>', 'only a share of the keys, such as 1%')
    .option('--rows <n>', 'the most differing rows that are described', positiveInteger, 10)
    .option('--pause <duration>', 'the time before differing rows are read again (default: 5s)', durationGiven)
    .option('--max-snapshot <duration>', 'the age at which a snapshot of the source is renewed (default: 10m)', durationGiven)
    .option('-c, --concurrency <n>', 'the number of entities at once; with --repair and --proof always one', positiveInteger)
    .option('--repair', 'read the differing ranges of the watermark again, and compare them once more')
    .option('--dry-run', 'with --repair: show what would be read and replaced, and write nothing')
    .option('-y, --yes', 'with --repair: do not ask, and remove rows in the ranges that hygge did not write')
    .option('--removes <n>', 'with --repair: the number of settled rows that you expect to lose, if it is more than 5%', positiveInteger)
    .option('--wait', 'with --repair: wait for a run that holds the entity')
    .option(...takeOverOption)
    .option(...confirmOption)
    .option('--proof <folder>', 'write SQL that computes the same sums without hygge, for one entity')
    .option(...flowOption, gather)
    .option(...entityOption, gather)
    .option(...excludeOption, gather)
    .addHelpText(
      'after',
      examples(
        'hygge verify shop.orders                with the source: which rows differ, and in which column',
        'hygge verify shop.orders --range 2024-01-01..2024-02-01',
        'hygge verify shop.orders --repair       and mend them',
        'hygge verify --settled                  in itself: settled files against their checksums; reads no source',
        'hygge verify --contract                 settled rows under the present contract; reads no source',
        'hygge verify shop.orders --proof orders-proof',
        'hygge verify --output json | jq .verdict',
      ),
    )
    .addHelpText(
      'after',
      [
        '',
        'Compares settled rows with the source; with --settled, settled files with',
        'their own checksums; with --contract, settled rows with the present rules. A',
        'run compares after its commit where the config has `verify: checksums` or',
        '`verify: counts`.',
      ].join('\n'),
    )
    .action(doing(async (flags, names) => (await import('../inspect/verify.ts')).verify({ ...flags, names }, surroundings)));

  hygge
    .command('watch')
    .description('show what is late: stale entities, missed schedules, slow runs; exit 1: something is late')
    .argument(...namesArgument)
    .requiredOption('--once', 'look once, and end: for cron')
    .option(...flowOption, gather)
    .option(...entityOption, gather)
    .option(...excludeOption, gather)
    .addHelpText('after', examples('hygge watch --once', 'hygge watch --once -f shop', 'hygge watch --once --output json | jq -r .event'))
    .addHelpText(
      'after',
      [
        '',
        'Sends what `notify: { on: [stale, missed, slow] }` asks for: once when it',
        'begins, and once when it is over. Starts no run.',
      ].join('\n'),
    )
    .action(doing(async (flags, names) => (await import('../state/watch.ts')).watchOnce({ ...flags, names }, surroundings)));

  hygge
    .command('journal')
    .description('show the latest entity runs, or one run with --run')
    .option('-r, --run <id>', 'the run: its id, the end of its id, or last')
    .option('-f, --flow <name>', 'only this flow')
    .option('-e, --entity <flow.entity>', 'only this entity')
    .option('--failed', 'only what failed')
    .option('--log', 'with --run: its log, line by line')
    .option('--since <when>', 'only runs since 2d, 12h, 2026-11-20 or 2026-11-20T08:00Z')
    .option('-n, --limit <n>', 'the most runs that are shown (default: 20)', positiveInteger)
    .addHelpText(
      'after',
      examples(
        'hygge journal -e shop.orders -n 5',
        'hygge journal --failed --since 2d',
        'hygge journal --run last            everything about the last run',
        'hygge journal --run last --log      its messages while it ran',
      ),
    )
    .action(doing(async (flags) => (await import('../inspect/journal.ts')).journal(flags, surroundings)));

  hygge
    .command('list')
    .description('list flows, entities, connections or connectors')
    .addArgument(new Argument('<what>', 'what to list').choices(['flows', 'entities', 'connections', 'connectors'] as const))
    .option(...flowOption, gather)
    .addHelpText(
      'after',
      examples(
        'hygge list flows',
        'hygge list entities --flow shop',
        'hygge list connections        named ways into systems, and who uses them',
        'hygge list connectors         the types of homes and stores',
      ),
    )
    .action(doing(async (flags, what) => (await import('../inspect/list.ts')).list({ ...flags, what }, surroundings)));

  hygge
    .command('explain')
    .description('explain an error code and its remedy, or the contract of an entity')
    .argument('[code]', 'the code, such as HYG-2002, or flow.entity; without it, all codes are listed')
    .addHelpText(
      'after',
      examples(
        'hygge explain HYG-2002',
        'hygge explain shop.orders    the rules and checks of its rows',
        'hygge explain --output json | jq .code',
      ),
    )
    .action(doing(async (flags, code) => (await import('../inspect/explain.ts')).explain({ ...flags, code }, surroundings)));

  hygge
    .command('query')
    .description('run a SELECT over settled rows, where each entity is a table')
    .argument(
      '<sql>',
      'in the SQL of DuckDB; tables are "flow"."entity", "flow"."entity_latest" the newest row of each key, and "flow"."entity_source" a Delta table that the entity reads',
    )
    .option('-n, --rows <n>', 'the most rows that are shown (default: 100, with --output json all)', positiveInteger)
    .addHelpText(
      'after',
      examples(
        "hygge query 'select count(*) from shop.orders'",
        "hygge query 'select * from shop.orders_latest where id = 7'",
        "hygge query 'describe shop.orders'",
        "hygge query 'select * from shop.orders' --output json | jq .id",
      ),
    )
    .action(doing(async (flags, sql) => (await import('../inspect/query.ts')).query({ ...flags, sql }, surroundings)));

  hygge
    .command('docs')
    .description('list the pages of the documentation, read one, or search them')
    .argument('[words...]', 'a page, page#section, an error code, or the words of a question; without it, all pages are listed')
    .addHelpText(
      'after',
      examples(
        'hygge docs                                  all pages',
        'hygge docs deletes in the source            the sections that answer this',
        'hygge docs incremental                      one page',
        'hygge docs state --output json | jq .text',
      ),
    )
    .action(doing(async (flags, words) => (await import('../inspect/docs.ts')).docs({ ...flags, words }, surroundings)));

  hygge
    .command('version')
    .description('show the version; with --verbose also its parts, and parts that are not installed')
    .addHelpText('after', examples('hygge version --verbose'))
    .action(doing(async (flags) => (await import('../inspect/version.ts')).version(flags, surroundings)));
}
