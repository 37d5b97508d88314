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

const runsOption = [
  '--run <ids>',
  'only rows that these runs put into quarantine, by the ids in events or in the journal; a,b or repeated',
] as const;

/** Adds commands about rows in quarantine, which are not readable or break a rule. */
export function addQuarantine(hygge: Root, surroundings: Surroundings, doing: Doing): void {
  const quarantine = hygge
    .command('quarantine')
    .description('manage rows in quarantine: unreadable ones, and those that break a rule')
    .addHelpText('after', examples('hygge quarantine list', 'hygge quarantine show shop.orders', 'hygge quarantine replay shop.orders'));
  quarantine
    .command('list')
    .description('count the rows by rule, with their age')
    .argument(...namesArgument)
    .option(...flowOption, gather)
    .option(...entityOption, gather)
    .option(...excludeOption, gather)
    .addHelpText('after', examples('hygge quarantine list', 'hygge quarantine list shop.orders'))
    .action(doing(async (flags, names) => (await import('../quarantine/list.ts')).quarantineList({ ...flags, names }, surroundings)));
  quarantine
    .command('show')
    .description('show the rows with their values and the broken rules')
    .argument('<flow.entity>', 'the entity')
    .option(...runsOption, gatherList)
    .option('-n, --rows <n>', 'the most rows that are shown (default: 20; all with --output json or csv, or --to)', positiveInteger)
    .option('--to <file>', 'write the rows to a new file: .csv, .tsv, .parquet, .ndjson or .json')
    .option('--unreadable', 'only unreadable rows')
    .addHelpText(
      'after',
      examples(
        'hygge quarantine show shop.orders',
        'hygge quarantine show shop.orders --to mended.csv   for the person who can mend them',
        'hygge quarantine show shop.orders --output csv | xsv table',
      ),
    )
    .action(doing(async (flags, entity) => (await import('../quarantine/show.ts')).quarantineShow({ ...flags, entity }, surroundings)));
  quarantine
    .command('replay')
    .description('check the rows again by the present rules: those that keep them settle, the others stay')
    .argument('<flow.entity>', 'the entity')
    .option(...runsOption, gatherList)
    .option('--file <file>', 'settle the corrected rows of a file that `show --to` wrote; each replaces the row of its _id')
    .option(...dryRunOption)
    .option(...waitOption)
    .option(...takeOverOption)
    .option(...retryForOption, durationGiven)
    .option(...varOption, gather)
    .option(...confirmOption)
    .addHelpText(
      'after',
      examples(
        'hygge quarantine replay shop.orders                     after a rule was corrected',
        'hygge quarantine replay shop.orders --file mended.csv   after rows were mended in a file',
      ),
    )
    .action(
      doing(async (flags, entity) => (await import('../quarantine/release.ts')).release('replay', { ...flags, entity }, surroundings)),
    );
  quarantine
    .command('drop')
    .description('delete the rows permanently')
    .argument('<flow.entity>', 'the entity')
    .option(...runsOption, gatherList)
    .option('-y, --yes', 'do not ask')
    .option(...dryRunOption)
    .option(...waitOption)
    .option(...takeOverOption)
    .option(...retryForOption, durationGiven)
    .option(...varOption, gather)
    .option(...confirmOption)
    .addHelpText('after', examples('hygge quarantine drop shop.orders', 'hygge quarantine drop shop.orders --yes   without asking'))
    .action(doing(async (flags, entity) => (await import('../quarantine/release.ts')).release('drop', { ...flags, entity }, surroundings)));
  quarantine
    .command('corrections')
    .description('list rows that replay --file corrected: each later run corrects them again while the source has them unchanged')
    .argument(...namesArgument)
    .option(...flowOption, gather)
    .option(...entityOption, gather)
    .option(...excludeOption, gather)
    .addHelpText('after', examples('hygge quarantine corrections', 'hygge quarantine corrections shop.orders'))
    .action(doing(async (flags, names) => (await import('../quarantine/corrections.ts')).corrections({ ...flags, names }, surroundings)));
  quarantine
    .command('drop-correction')
    .description('delete a correction: later runs read the row as the source has it')
    .argument('<of>', 'the entity: flow.entity')
    .argument('<id>', 'the correction, as `quarantine corrections` shows it')
    .option(...dryRunOption)
    .option(...waitOption)
    .option(...takeOverOption)
    .option(...retryForOption, durationGiven)
    .option(...varOption, gather)
    .option(...confirmOption)
    .addHelpText('after', examples('hygge quarantine drop-correction shop.orders 3f2a'))
    .action(
      doing(async (flags, entity, correction) =>
        (await import('../quarantine/release.ts')).release('drop', { ...flags, entity, correction }, surroundings),
      ),
    );
}
