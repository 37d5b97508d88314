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

/** Commands that look something up and change nothing. */
export function addLooking(hygge: Root, surroundings: Surroundings, doing: Doing): void {
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
    .action(doing(async (flags, names) => (await import('../inspect/status.ts')).status({ ...flags, names }, surroundings)));

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
    .action(doing(async (flags) => (await import('../inspect/report.ts')).report(flags, surroundings)));

  hygge
    .command('verify')
    .description('compare what settled with its source, row by row; exit 1: something differs')
    .argument(...namesArgument)
    .option('--settled', 'not with the source: settled files against their own checksums')
    .option('--contract', 'not with the source: settled rows against the contract as it is now')
    .option('--range <from..to>', 'only these values of the watermark; the second one is not in the range')
    .option('--columns <names>', 'only these columns, as they settled, and the key; a,b or repeated', gatherList)
    .option('--key <names>', 'the columns that tell rows apart, as they settled, where source and config name none', gatherList)
    .option('--sample <share>', 'only this share of the keys, such as 1%')
    .option('--rows <n>', 'describe at most so many differing rows', positiveInteger, 10)
    .option('--pause <duration>', 'wait so long before what differs is looked at again (default: 5s)', durationGiven)
    .option('--max-snapshot <duration>', 'take a new snapshot of the source after so long (default: 10m)', durationGiven)
    .option('-c, --concurrency <n>', 'entities at once; with --repair and --proof one by one', positiveInteger)
    .option('--repair', 'bring in again the ranges of the watermark that differ, and compare them once more')
    .option('--dry-run', 'with --repair: show what would be read and replaced; writes nothing')
    .option('-y, --yes', 'with --repair: do not ask, and take away rows of others that lie in the ranges')
    .option('--removes <n>', 'with --repair: so many settled rows are meant to go; needed where they are more than 5%', positiveInteger)
    .option('--wait', 'with --repair: wait for a run that holds the entity')
    .option(...takeOverOption)
    .option(...confirmOption)
    .option('--proof <folder>', 'write SQL that gives the same sums without hygge; of one entity')
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
        'hygge verify --contract                 settled rows under the contract of now; reads no source',
        'hygge verify shop.orders --proof orders-proof',
        'hygge verify --output json | jq .verdict',
      ),
    )
    .addHelpText(
      'after',
      [
        '',
        'Compares settled rows with the source; with --settled, settled files with',
        'their own checksums; with --contract, settled rows with the rules of now. A',
        'run compares after its commit where the config has `verify: checksums` or',
        '`verify: counts`.',
      ].join('\n'),
    )
    .action(doing(async (flags, names) => (await import('../inspect/verify.ts')).verify({ ...flags, names }, surroundings)));

  hygge
    .command('watch')
    .description('what is late, without a run: stale entities, missed schedules, slow runs; exit 1: something is')
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
    .action(doing(async (flags) => (await import('../inspect/journal.ts')).journal(flags, surroundings)));

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
    .action(doing(async (flags, what) => (await import('../inspect/list.ts')).list({ ...flags, what }, surroundings)));

  hygge
    .command('explain')
    .description('what an error code means, and what to do about it; or what an entity’s contract asks')
    .argument('[code]', 'as it was told: HYG-2002, or flow.entity; without it, all codes there are')
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
    .description('a SELECT over what settled: each entity is a table; reads, and writes nothing')
    .argument(
      '<sql>',
      'in the SQL of DuckDB; tables are "flow"."entity", "flow"."entity_latest" the newest row of each key, and "flow"."entity_source" a Delta table that the entity reads',
    )
    .option('-n, --rows <n>', 'at most so many rows (default: 100, with --output json all)', positiveInteger)
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
    .description('the documentation, offline: list its pages, read one, or find those that answer a question')
    .argument('[words...]', 'a page, page#section, an error code, or words of a question; none: all pages')
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
    .description('which hygge this is; with --verbose what it runs on, and what of it is not installed')
    .addHelpText('after', examples('hygge version --verbose'))
    .action(doing(async (flags) => (await import('../inspect/version.ts')).version(flags, surroundings)));
}
