import * as z from 'zod';
import { duration } from '../duration-schema.ts';
import { connections } from '../sides/connection-schema.ts';
import { driftSchema, migrations, overrides, policies } from './evolution-schema.ts';
import { heartbeat, notify } from './notify-schema.ts';
import { polish } from './polish-schema.ts';
import { scheduleProblem } from './schedule.ts';
import { stateSchema } from './state-schema.ts';
import { validationSchema } from './validation-schema.ts';
import { zoneProblem } from './zones.ts';

/** The schemas of hygge.yml, flow.yml and an entity's file: what is validated, and what the editor's JSON Schema is made from. */

const text = z.string().min(1);
/** Text that is taken as it is written, whatever YAML would make of it: `007`, `true`. The editor must not object. */
const literal = z.string().min(1).meta({ asWritten: true });
/** `names`: of which the editor offers what `debug` has found. */
const columnName = literal.meta({ asWritten: true, names: 'column' });
const count = z.int().min(1);

const columnNames = z.union([columnName.transform((name) => [name]), z.array(columnName).min(1)]);

export const watermark = z
  .strictObject({
    column: columnName.describe('The column whose largest settled value is remembered.'),
    changes: z
      .enum(['change_tracking', 'change_feed', 'delta_links', 'events'])
      .describe(
        'In place of `column`: the source itself says which rows were inserted, updated and deleted. change_tracking: that of SQL Server, of tables with a primary key. change_feed: that of a Delta table. delta_links: those of a service of OData, of entity sets whose changes it tracks. events: the list of events that the home of a REST API names in `events`.',
      ),
    initial: z.union([literal, z.null()]).describe('The value at which the first incremental run begins, used literally.'),
    key: columnNames.describe('Columns that tell rows apart; with a key, rows are merged in stores that can.'),
    lag: duration('How far behind the clock of the source to stay, so that late commits are not missed.'),
    overlap: duration('A window below the watermark that is read again and replaced.'),
    nulls: z.enum(['fail', 'include', 'exclude']).meta({ description: 'What to do with rows whose watermark is null.', default: 'fail' }),
    boundary: z.enum(['closed', 'open']).meta({
      description: 'closed: rows equal to the watermark are read again and replaced, without duplicates. open: reading continues above it.',
      default: 'closed',
    }),
    future: z.enum(['wait', 'take', 'fail']).meta({
      description:
        'Rows whose time is in the future. wait: they are read when their time has come, and counted in a warning. take: they are read now, and later rows below the latest of them are missed. fail: they stop the run.',
      default: 'wait',
    }),
  })
  .partial();

/** `checksums:` alone means that it is wanted, as in `{ checksums, every: 7d }`. */
const wanted = z.union([z.boolean(), z.null().transform(() => true)]);

const verify = z
  .strictObject({
    checksums: wanted.meta({ description: 'Compare the rows themselves: both sides are read.', default: 'true, unless `counts` is' }),
    counts: wanted.meta({
      description: 'Count the rows of both sides. Only where the counts differ, the rows are compared.',
      default: false,
    }),
    every: duration('Compare when the last comparison is as old as that. Absent: after each commit.'),
    columns: columnNames.describe('Compare only these columns, as they settled, and the key.'),
    replicated: z.union([z.boolean(), z.null().transform(() => true), duration('How long to wait.')]).meta({
      description:
        'Wait until Fabric has applied the settled rows, at most 30 minutes, or the time given here. For `type: open_mirroring`.',
      default: false,
    }),
    on_difference: z.enum(['warn', 'fail']).meta({
      description:
        'warn: the entity ends with a warning. fail: it ends as an error. What settled stays settled, and the watermark stays where it is.',
      default: 'warn',
    }),
  })
  .partial();

/** A home or store as one layer writes it: the connector checks it when the layers are merged. */
const looseSide = z.union([text, z.record(z.string(), z.unknown())]);
const homeSide = looseSide.meta({ id: 'home', description: 'The place that data is read from: a path, or a map with a type.' });
const storeSide = looseSide.meta({ id: 'store', description: 'The place that data settles in: a path, or a map with a type.' });

export const shorthands = {
  batch_size: count.describe('Most rows in a batch, for home and store; bytes bound first.'),
  compression: text.describe('How the store compresses its files: the same as `store.compression`.'),
  file_pattern: text.describe('The same as `store.file_pattern`, for stores that name their files by a pattern.'),
  parallel_workers: count.describe('The same as `store.parallel_workers`, for stores that have it.'),
};

const percent = z
  .string()
  .regex(/^(100|\d{1,2}(\.\d+)?)%$/, { error: 'a share such as `5%`, from 0% to 100%' })
  .meta({ examples: ['5%', '0.5%'], default: '5%, or 10 rows where those are more, but at most half of the rows' })
  .transform((written) => Number(written.slice(0, -1)));

const deletesComparison = z
  .strictObject({
    compare: duration('How long after the last comparison, or the last full load, the keys are compared again.'),
    // biome-ignore lint/suspicious/noThenProperty: what a person writes, and no function, so that nothing awaits it.
    then: z.enum(['apply', 'mark']).meta({
      description:
        'What happens to settled rows whose key the source no longer has. apply: they are removed. mark: they stay, with true in `_deleted` and the time of the comparison in `_deleted_at`; all other rows have these columns too.',
      default: 'apply',
    }),
    max: percent.describe('The share of the settled rows that may be gone. If more are, the run stops and removes none.'),
    complete: z.boolean().meta({
      description:
        'true: the source archives and forgets no row, and `where` and folders of files hide none. So a settled row that the source does not show was deleted. false: rows older than the oldest row of the source stay.',
      default: false,
    }),
    pause: duration('How long the second read of the source waits after the first one found rows gone.', '10s'),
  })
  .partial()
  .describe('Deletes are found by comparing keys.');

/** What an entity run is told, but for its home and store. */
export const entitySettings = {
  run_type: z.enum(['full_drop', 'incremental']).meta({
    description: 'full_drop loads everything and replaces; incremental only what is new.',
    default: 'full_drop',
  }),
  if_exists: z
    .enum(['fail', 'append', 'replace'])
    .meta({ description: 'What to do with a destination that hygge did not fill.', default: 'fail' }),
  write_strategy: z.enum(['direct_insert', 'temp_swap', 'merge']).describe('Only how to write; it never changes what a run does.'),
  watermark: z.union([watermark, z.null()]).describe('The column that tells new rows from settled ones.'),
  on_empty: z.enum(['replace', 'keep', 'fail']).meta({
    description:
      'What a full load of a source without any row to settle does to a destination with rows. replace: it empties the destination, keeps its columns, and warns. keep: it leaves the destination unchanged. fail: it stops.',
    default: 'replace',
  }),
  on_shrink: z.enum(['warn', 'stop', 'allow']).meta({
    description:
      'What a full load does if it would leave at most half of the rows that it replaces. warn: it settles, and ends with a WARN that has both counts. stop: it ends before the destination changes, also if no row would be left and `on_empty` is replace. allow: it settles without a warning. Lists of children, backfills and `watermark.overlap` do not count.',
    default: 'warn',
  }),
  changed_files: z.enum(['fail', 'replace', 'append', 'ignore']).meta({
    description: 'What an incremental run by file does with a file that changed after it was taken.',
    default: 'fail',
  }),
  deletes: z
    .union([z.enum(['mark', 'apply', 'ignore']), deletesComparison])
    .describe(
      'Rows that the source reports as deleted. mark: they settle, with a column `_deleted`. This is the default, except for `watermark.changes` into a store that merges by key: there it is apply. apply: the rows with their key are removed, by stores that merge (`write_strategy: merge`, `watermark.key`). ignore: they are left out. For sources that do not say so, `{compare: 1d}`: the keys of source and destination are compared, and rows that the source no longer has are removed.',
    ),
  polish: z.union([polish, z.null()]).describe('What is done to rows before they settle: names of columns, and columns that are added.'),
  schema: z.union([driftSchema, z.null()]).describe('What is done when the columns of the source change.'),
  schema_evolution: z
    .union([policies, z.null()])
    .describe('What is done about each kind of change; what is written here wins over the mode.'),
  validation: z
    .union([validationSchema, z.null()])
    .describe('What rows have to be: a contract, checks, and what happens to rows that break a rule.'),
  migrations: z.union([migrations, z.null()]).describe('Changes of the source that are planned, in order: they are not a surprise.'),
  schema_overrides: z
    .union([overrides, z.null()])
    .describe(
      'Types of columns, by their names at the source: {amount: decimal(18,4), created: timestamp}; for a store that is a database also in its own words: {code: varchar(20)}. A value that has no exact one there stops the run.',
    ),
  full_every: duration(
    'An incremental entity is loaded whole when its last full load is older, which drops rows that the source no longer has. Absent: only by hand.',
  ),
  compact: z
    .union([
      z.strictObject({
        every: duration('How long after the last compaction, or the last full load, small files are put together again, after a run.'),
      }),
      z.null(),
    ])
    .describe(
      'Puts small settled files together after a run, where the store is a folder of files. Absent: only `hygge compact` does. See [compact.md](compact.md).',
    ),
  verify: z
    .union([z.enum(['counts', 'checksums']), verify, z.null()])
    .describe('Compares the source with what settled after a commit: counts, checksums, or a map. See [verify.md](verify.md).'),
  expect: z
    .union([
      z
        .strictObject({
          every: duration('The entity is stale when its last commit with rows is older.'),
          except: z
            .array(literal.regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, { error: 'days such as `2026-12-25`' }))
            .describe("Days on which nothing is expected, on the clocks of the flow's `timezone`."),
        })
        .partial(),
      z.null(),
    ])
    .describe('When rows are expected. See [silence.md](silence.md).'),
  stall: duration('A run that stands still for so long, without a row or an answer, is reported while it stands. `0s`: never.', '10m'),
  keep: duration('How long journal, intents and commit records are kept.', '90d'),
};

const layer = { ...entitySettings, ...shorthands, home: homeSide, store: storeSide };

export const defaultsSchema = z.strictObject(layer).partial().describe('What entities say when neither they nor their flow does.');
export const entityFile = z
  .strictObject({
    name: literal.describe("The entity's name; by default the name of the file."),
    source: literal.describe('Its name at the home, when that is another.'),
    ...layer,
  })
  .partial();

const told = z
  .union([notify, z.null()])
  .describe("Who gets a message about a run, and when; a flow's own keys win over those of hygge.yml.");

const finding = z
  .strictObject({
    like: columnNames.meta({ description: 'Names or patterns (`*`, `?`), tables also as `sales.orders`.', default: '*' }),
    exclude: columnNames.describe('Names or patterns of what is left out.'),
    views: z.boolean().meta({ description: 'Views of a database as well as tables.', default: false }),
  })
  .partial()
  .describe('Whatever the home holds that is like it, found when a run begins.');

const flowSettings = {
  schedule: text
    .refine((written) => scheduleProblem(written) === undefined, { error: (issue) => scheduleProblem(String(issue.input)) ?? '' })
    .describe(
      'Six cron fields as Azure Functions reads them (NCRONTAB: seconds first; UTC, or in `timezone`), or %NAME% for an app setting.',
    ),
  timezone: text
    .refine((written) => zoneProblem(written) === undefined, { error: (issue) => `It needs ${zoneProblem(String(issue.input)) ?? ''}.` })
    .describe('The zone whose clocks `schedule` goes by, summer time included: Europe/Copenhagen. Default: UTC.'),
  concurrency: count.describe('Entities of this flow at once.'),
  notify: told,
  heartbeat: heartbeat.describe(
    'The address of a service that alerts where no call comes, such as healthchecks.io: a POST after each run without a failure. A secret: let a variable hold it. See [silence.md](silence.md).',
  ),
  allow_vars: z
    .array(text.refine((key) => outsideProblem(key) === undefined, { error: (issue) => outsideProblem(String(issue.input)) ?? '' }))
    .meta({
      description: 'Keys that a request to start a run may set with `vars`; never the places that data comes from or goes to.',
      default: [],
    }),
  defaults: defaultsSchema,
  entities: z
    .union([
      z
        .array(z.union([literal.meta({ asWritten: true, names: 'entity' }), entityFile]))
        .min(1)
        .describe('Names, or maps with a name.'),
      text
        .regex(/[*?]/, { error: 'names in a list, `[orders]`, or a pattern such as `"*"`' })
        .describe('A pattern: whatever the home holds that is like it, found when a run begins. `"*"`: all of it.'),
      finding,
    ])
    .describe('Names, or maps with a name; or a pattern, `"*"`, for what the home holds.'),
};

export const flowFileSchema = z.strictObject({ ...flowSettings, ...layer }).partial();

export const flowKeys: ReadonlySet<string> = new Set(Object.keys(flowSettings));

const journal = z
  .strictObject({
    mirror: z.union([storeSide]).describe('The place that it is published to: a path, or a map with a type, like any other store.'),
    table: literal.meta({ description: 'What the published journal is called there.', default: 'hygge_journal' }),
  })
  .partial();

/** Beside the path: the keys of the system that it is in, or a connection. `settleReport` checks them. */
const report = z.union([text, z.looseObject({ path: text.describe('A path or URL that ends in .html.') }), z.null()]).meta({
  description:
    'The place of the page of `hygge report`, which each run writes again. A path or URL that ends in .html, or a map with a `path` and, as in a store, a `connection` or the keys of the system.',
  examples: ['lake/status.html', 's3://lake/hygge/status.html'],
});

const options = z
  .strictObject({
    concurrency: count.meta({ description: 'Entities at once over the whole invocation.', default: 8 }),
    continue_on_error: z
      .boolean()
      .meta({ description: 'Continue with the other entities after one failed. false: no further one is started.', default: true }),
    local_places: z.enum(['relative', 'absolute']).meta({
      description:
        'How files of this machine are remembered with what settled. relative: as seen from this folder, which may be moved with them. absolute: the very files, wherever this folder is.',
      default: 'relative',
    }),
  })
  .partial()
  .describe('How an invocation goes about its work.');

/** Where secrets are that nothing here says: one vault. https, for what is asked there is whom a token is shown. */
const secrets = z
  .strictObject({
    key_vault: text
      .regex(/^https:\/\/[a-z0-9-]{3,24}\.vault\.(azure\.net|azure\.cn|usgovcloudapi\.net)\/?$/i, {
        error: 'the address of a Key Vault and no more, such as `https://northwind.vault.azure.net`',
      })
      .describe('An Azure Key Vault, by its address. `_` in the name of a variable is `-` there.'),
    aws: text
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: 'a region as AWS writes it, such as `eu-central-1`' })
      .describe('AWS Secrets Manager, by its region.'),
    google: text
      .regex(/^([a-z][a-z0-9-]{4,28}[a-z0-9]|\d{6,20})$/, { error: 'the id of a project, such as `northwind-prod`' })
      .describe('Google Secret Manager, by its project.'),
    prefix: text
      .regex(/^[\w/+=.@-]{1,100}$/, { error: 'what names may begin with: letters, digits and `-`; in AWS also `/`' })
      .describe('What every name begins with there: `hygge-`, in AWS `northwind/`.'),
  })
  .partial()
  .check((context) => {
    const vaults = (['key_vault', 'aws', 'google'] as const).filter((key) => context.value[key] !== undefined);
    // What is there under another name was meant to be one.
    if (vaults.length === 1 || context.issues.length > 0) return;
    const message =
      vaults.length === 0
        ? '`secrets` names no vault.'
        : `\`secrets\` names ${vaults.length === 2 ? 'two' : 'three'} vaults at once: ${vaults.map((key) => `\`${key}\``).join(', ')}.`;
    const tryThis = 'Name one: `key_vault: https://northwind.vault.azure.net`, `aws: eu-central-1` or `google: northwind-prod`.';
    context.issues.push({ code: 'custom', message, input: context.value, params: { tryThis } });
  });

/** A part of a map that hygge.yml may have written the rest of: it is checked together with that. */
const part = z.record(z.string(), z.unknown());

/** What a target says in place of hygge.yml: below `targets`, or in `hygge.<target>.yml`. */
export const target = z
  .strictObject({
    protected: z.boolean().meta({
      description: 'A command that moves data there asks for its name at a terminal; without one, `--confirm <name>` says it.',
      default: false,
    }),
    variables: z
      .record(z.string().regex(/^[A-Za-z_]\w*$/, { error: 'the name of a variable' }), literal)
      .describe(
        'The values of variables of the config there, whatever the environment says. Secrets belong into the environment, or into .env.<target>.',
      ),
    options,
    secrets: z.union([secrets, z.null()]).describe("The vault there, in place of hygge.yml's own."),
    connections: z.record(z.string().min(1), part).describe('The connections there, or those of their keys that differ.'),
    state: part.describe("The place of the state there. By default next to hygge.yml's own, under the name of the target."),
    notify: told,
    journal: z.union([journal, z.null()]).describe('The place of the published journal there.'),
    report: z
      .union([text, part, z.null()])
      .describe("The place of the page there. By default next to hygge.yml's own, with the name of the target before its ending."),
    defaults: defaultsSchema,
  })
  .partial();

export const hyggeFile = z
  .strictObject({
    name: literal.describe("The workspace's name; by default the name of its folder."),
    flows_dir: text.meta({ description: 'The folder of flows.', default: 'flows' }),
    options,
    secrets: z
      .union([secrets, z.null()])
      .describe('A vault for variables of secrets that neither the environment nor .env has, read with the signed-in identity.'),
    shown: z
      .array(text)
      .describe(
        'Variables that hold no secret, though they are in `headers`, `params` or `api_key`: `[API_VERSION, TENANT]`. What others hold there is shown nowhere.',
      ),
    connections,
    state: stateSchema,
    notify: told,
    journal: z.union([journal, z.null()]).describe('Publishes the journal after each run, as an ordinary entity.'),
    report,
    defaults: defaultsSchema,
    flows: z.record(z.string(), flowFileSchema).describe('Flows by name, instead of folders.'),
    targets: z
      .record(z.string(), z.union([target, z.null()]))
      .describe(
        'Places that the same flows run for, by name (`dev`, `prod`), and what is different there; or each in a file `hygge.<target>.yml`.',
      ),
    default_target: literal.describe('The target if neither `--target` nor HYGGE_TARGET says one.'),
  })
  .partial();

/**
 * Keys that a flow may let the caller of its HTTP function set. A list of what is harmless, not of what is not: a function key must never
 * redirect data, so paths, types, connections, addresses and queries are not in it, nor is any key that a connector may get one day.
 */
const harmless = [
  /^(run_type|if_exists|write_strategy|on_empty|on_shrink|changed_files|concurrency|batch_size|compression|parallel_workers)$/,
  /^watermark\.(initial|lag|overlap|nulls|boundary|future)$/,
  /^schema\.mode$/,
  /^schema_evolution\.(add_columns|remove_columns|type_changes|nullable_changes)$/,
  /^(home|store)\.(batch_size|compression|parallel_workers|target_file_size)$/,
  /^home\.(columns|exclude)$/,
];

/** What is wrong with letting this key be set from outside, as the end of "needs …", or undefined. */
function outsideProblem(key: string): string | undefined {
  if (harmless.some((one) => one.test(key))) return undefined;
  return 'keys that cannot redirect data, such as `run_type`, `watermark.initial`, `batch_size` or `home.columns`';
}
