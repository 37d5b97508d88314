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

/** The schemas of hygge.yml, flow.yml and an entity's file. These schemas validate the files, and are the source of the editor’s JSON Schema. */

const text = z.string().min(1);
/** Text that keeps its written form, such as `007` or `true`. YAML reads such text as a number or a truth value, and the editor must accept both. */
const literal = z.string().min(1).meta({ asWritten: true });
/** `names`: the kind of names found by `debug` that the editor offers. */
const columnName = literal.meta({ asWritten: true, names: 'column' });
const count = z.int().min(1);

const columnNames = z.union([columnName.transform((name) => [name]), z.array(columnName).min(1)]);

export const watermark = z
  .strictObject({
    column: columnName.describe('The column whose largest settled value hygge remembers.'),
    changes: z
      .enum(['change_tracking', 'change_feed', 'delta_links', 'events'])
      .describe(
        'Instead of `column`: the source itself reports which rows were inserted, updated and deleted. change_tracking: Change Tracking of SQL Server, for tables with a primary key. change_feed: the change data feed of a Delta table. delta_links: delta links of an OData service, for entity sets whose changes it tracks. events: the list of events that the home of a REST API names in `events`.',
      ),
    initial: z.union([literal, z.null()]).describe('The value at which the first incremental run begins. It is used as written.'),
    key: columnNames.describe('The columns that identify a row. With a key, stores that can merge rows do so.'),
    lag: duration('How far each run stays behind the clock of the source, so that late commits are not missed.'),
    overlap: duration('How far below the watermark each run reads rows again and replaces them.'),
    nulls: z.enum(['fail', 'include', 'exclude']).meta({ description: 'What to do with rows whose watermark is null.', default: 'fail' }),
    boundary: z.enum(['closed', 'open']).meta({
      description: 'closed: rows equal to the watermark are read again and replaced, without duplicates. open: reading continues above it.',
      default: 'closed',
    }),
    future: z.enum(['wait', 'take', 'fail']).meta({
      description:
        'Rows whose time is in the future. wait: they are read after their time, and a warning counts them. take: they are read now; rows that arrive later with an earlier time are missed. fail: they stop the run.',
      default: 'wait',
    }),
  })
  .partial();

/** `checksums:` without a value means true, as in `{ checksums, every: 7d }`. */
const wanted = z.union([z.boolean(), z.null().transform(() => true)]);

const verify = z
  .strictObject({
    checksums: wanted.meta({ description: 'Compare the rows themselves: both sides are read.', default: 'true, unless `counts` is' }),
    counts: wanted.meta({
      description: 'Count the rows of both sides. If the counts differ, the rows are compared.',
      default: false,
    }),
    every: duration('How old the last comparison must be before the next one. Absent: hygge compares after each commit.'),
    columns: columnNames.describe('Compare only the key and these columns, by their settled names.'),
    replicated: z.union([z.boolean(), z.null().transform(() => true), duration('How long a run waits.')]).meta({
      description:
        'Wait until Fabric has applied the settled rows: at most 30 minutes, or the time given here. Only for `type: open_mirroring`.',
      default: false,
    }),
    on_difference: z.enum(['warn', 'fail']).meta({
      description: 'warn: the entity ends with a warning. fail: it ends as an error. Settled rows and the watermark stay unchanged.',
      default: 'warn',
    }),
  })
  .partial();

/** A home or store as one layer writes it. The connector checks the merged layers. */
const looseSide = z.union([text, z.record(z.string(), z.unknown())]);
const homeSide = looseSide.meta({ id: 'home', description: 'The place that data is read from: a path, or a map with a type.' });
const storeSide = looseSide.meta({ id: 'store', description: 'The place that data is written to: a path, or a map with a type.' });

export const shorthands = {
  batch_size: count.describe('The most rows in a batch, for home and store. The limit in bytes usually applies first.'),
  compression: text.describe('How the store compresses its files: the same as `store.compression`.'),
  file_pattern: text.describe('The same as `store.file_pattern`, for stores that name their files by a pattern.'),
  parallel_workers: count.describe('The same as `store.parallel_workers`, for stores that have that key.'),
};

const percent = z
  .string()
  .regex(/^(100|\d{1,2}(\.\d+)?)%$/, { error: 'a share such as `5%`, from 0% to 100%' })
  .meta({ examples: ['5%', '0.5%'], default: '5% or 10 rows, whichever is more, but at most half of the rows' })
  .transform((written) => Number(written.slice(0, -1)));

const deletesComparison = z
  .strictObject({
    compare: duration('How long after the last comparison or full load the keys are compared again.'),
    // biome-ignore lint/suspicious/noThenProperty: what a person writes, and no function, so that nothing awaits it.
    then: z.enum(['apply', 'mark']).meta({
      description:
        'What happens to settled rows whose key the source no longer has. apply: they are removed. mark: they stay, with true in `_deleted` and the time of the comparison in `_deleted_at`; all other rows have these columns too.',
      default: 'apply',
    }),
    max: percent.describe('The largest share of settled rows that may be gone. If more are gone, the run stops and removes none.'),
    complete: z.boolean().meta({
      description:
        'true: the source never archives rows, and neither `where` nor folders of files hide rows. So a settled row that is missing at the source was deleted. false: rows older than the oldest row of the source stay.',
      default: false,
    }),
    pause: duration('When a read of the source finds rows gone, how long hygge waits before it reads again.', '10s'),
  })
  .partial()
  .describe('Deletes are found by comparing keys.');

/** The settings of an entity run, except its home and store. */
export const entitySettings = {
  run_type: z.enum(['full_drop', 'incremental']).meta({
    description: 'full_drop: loads all rows and replaces the destination. incremental: loads only new rows.',
    default: 'full_drop',
  }),
  if_exists: z
    .enum(['fail', 'append', 'replace'])
    .meta({ description: 'What to do with a destination that contains data that this entity did not settle.', default: 'fail' }),
  write_strategy: z
    .enum(['direct_insert', 'temp_swap', 'merge'])
    .describe('How rows are written. What a run does depends on run_type, if_exists and the key.'),
  watermark: z.union([watermark, z.null()]).describe('How hygge distinguishes new rows from settled rows.'),
  on_empty: z.enum(['replace', 'keep', 'fail']).meta({
    description:
      'What a full load does to a destination with rows if no row of the source can settle. replace: it empties the destination, keeps its columns, and warns. keep: it leaves the destination unchanged. fail: it stops.',
    default: 'replace',
  }),
  on_shrink: z.enum(['warn', 'stop', 'allow']).meta({
    description:
      'What a full load does if its rows are at most half as many as those it replaces. warn: it settles, and ends with a WARN that has both counts. stop: it ends before the destination changes, even if no row would be left and `on_empty` is replace. allow: it settles without a warning. Lists of children, backfills and `watermark.overlap` are not compared.',
    default: 'warn',
  }),
  changed_files: z.enum(['fail', 'replace', 'append', 'ignore']).meta({
    description: 'What an incremental run by file does with a file that changed after hygge read it.',
    default: 'fail',
  }),
  deletes: z
    .union([z.enum(['mark', 'apply', 'ignore']), deletesComparison])
    .describe(
      'Rows that the source reports as deleted. mark: they settle, with a column `_deleted`. This is the default. But for `watermark.changes` into a store that merges by key, the default is apply. apply: the rows with their key are removed, by stores that merge (`write_strategy: merge`, `watermark.key`). ignore: they are left out. `{compare: 1d}` is for sources that do not report deletes: hygge compares the keys of source and destination, and removes rows that the source no longer has.',
    ),
  polish: z.union([polish, z.null()]).describe('Changes to rows before they settle: renamed columns and added columns.'),
  schema: z.union([driftSchema, z.null()]).describe('What happens when the columns of the source change.'),
  schema_evolution: z.union([policies, z.null()]).describe('What happens for each kind of change. These keys override the mode.'),
  validation: z
    .union([validationSchema, z.null()])
    .describe('Rules for rows: a contract, checks, and what happens to rows that break a rule.'),
  migrations: z.union([migrations, z.null()]).describe('Planned changes of the source, in order. They do not count as unexpected.'),
  schema_overrides: z
    .union([overrides, z.null()])
    .describe(
      'Types of columns, by their names at the source: {amount: decimal(18,4), created: timestamp}; for a store that is a database, its own types also work: {code: varchar(20)}. A value that the type cannot store exactly stops the run.',
    ),
  full_every: duration(
    'An incremental entity is fully loaded when its last full load is older than this. The full load drops rows that the source no longer has. Absent: full loads run only by hand.',
  ),
  compact: z
    .union([
      z.strictObject({
        every: duration('How long after the last compaction or full load a run combines small files again.'),
      }),
      z.null(),
    ])
    .describe(
      'Combines small settled files after a run, if the store is a folder of files. Absent: only `hygge compact` does this. See [compact.md](compact.md).',
    ),
  verify: z
    .union([z.enum(['counts', 'checksums']), verify, z.null()])
    .describe('Compares the source with the settled rows after a commit: counts, checksums, or a map. See [verify.md](verify.md).'),
  expect: z
    .union([
      z
        .strictObject({
          every: duration('The entity is stale when its last commit with rows is older than this.'),
          except: z
            .array(literal.regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, { error: 'days such as `2026-12-25`' }))
            .describe("Days on which no rows are expected, on the clocks of the flow's `timezone`."),
        })
        .partial(),
      z.null(),
    ])
    .describe('When rows are expected. See [silence.md](silence.md).'),
  stall: duration('A run without a new row or answer for this long is reported while it still runs. `0s`: never.', '10m'),
  keep: duration('How long journal, intents and commit records are kept.', '90d'),
};

const layer = { ...entitySettings, ...shorthands, home: homeSide, store: storeSide };

export const defaultsSchema = z
  .strictObject(layer)
  .partial()
  .describe('Settings for entities, if neither the entity nor its flow sets them.');
export const entityFile = z
  .strictObject({
    name: literal.describe("The entity's name; by default the name of the file."),
    source: literal.describe('The name of the entity at the home, if it differs.'),
    ...layer,
  })
  .partial();

const told = z
  .union([notify, z.null()])
  .describe("Who gets a message about a run, and when; a flow's own keys override those of hygge.yml.");

const finding = z
  .strictObject({
    like: columnNames.meta({ description: 'Names or patterns (`*`, `?`). Tables may also be written as `sales.orders`.', default: '*' }),
    exclude: columnNames.describe('Names or patterns of entities to leave out.'),
    views: z.boolean().meta({ description: 'true: include the views of a database, not only its tables.', default: false }),
  })
  .partial()
  .describe('All entities in the home that match. hygge searches the home when a run begins.');

const flowSettings = {
  schedule: text
    .refine((written) => scheduleProblem(written) === undefined, { error: (issue) => scheduleProblem(String(issue.input)) ?? '' })
    .describe(
      'Six cron fields in the format of Azure Functions (NCRONTAB: seconds first; UTC, or in `timezone`), or %NAME% for an app setting.',
    ),
  timezone: text
    .refine((written) => zoneProblem(written) === undefined, { error: (issue) => `It needs ${zoneProblem(String(issue.input)) ?? ''}.` })
    .describe('The time zone of `schedule`, summer time included: Europe/Copenhagen. Default: UTC.'),
  concurrency: count.describe('How many entities of this flow run at once.'),
  notify: told,
  heartbeat: heartbeat.describe(
    'The address of a service that alerts when calls stop, such as healthchecks.io. hygge sends a POST after each run without a failure. The address is a secret, so keep it in a variable. See [silence.md](silence.md).',
  ),
  allow_vars: z
    .array(text.refine((key) => outsideProblem(key) === undefined, { error: (issue) => outsideProblem(String(issue.input)) ?? '' }))
    .meta({
      description: 'Keys that a request to start a run may set with `vars`. The places of homes and stores can never be set.',
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
        .describe('A pattern for all entities in the home that match it when a run begins. `"*"`: everything.'),
      finding,
    ])
    .describe('Names, or maps with a name; or a pattern such as `"*"` for everything in the home.'),
};

export const flowFileSchema = z.strictObject({ ...flowSettings, ...layer }).partial();

export const flowKeys: ReadonlySet<string> = new Set(Object.keys(flowSettings));

const journal = z
  .strictObject({
    mirror: z.union([storeSide]).describe('The place of the published journal: a path, or a map with a type, like any other store.'),
    table: literal.meta({ description: 'The name of the published journal in that place.', default: 'hygge_journal' }),
  })
  .partial();

/** Next to the path: keys of the path’s system, or a connection. `settleReport` checks these keys. */
const report = z.union([text, z.looseObject({ path: text.describe('A path or URL that ends in .html.') }), z.null()]).meta({
  description:
    'The place of the page that hygge writes after each run. A path or URL that ends in .html; or a map with a `path`, and a `connection` or the keys of the system, as in a store.',
  examples: ['lake/status.html', 's3://lake/hygge/status.html'],
});

const options = z
  .strictObject({
    concurrency: count.meta({ description: 'How many entities run at once in the whole invocation.', default: 8 }),
    continue_on_error: z.boolean().meta({
      description: 'Continue with the other entities after an entity failed. false: no further entity is started.',
      default: true,
    }),
    local_places: z.enum(['relative', 'absolute']).meta({
      description:
        'How hygge remembers which files of this machine settled. relative: by their path from this folder, so files and folder may be moved together. absolute: by their full path, wherever this folder is.',
      default: 'relative',
    }),
  })
  .partial()
  .describe('How an invocation runs its entities.');

/** The address of the vault for secrets that are not set here: https, because a token is sent to this address. */
const secrets = z
  .strictObject({
    key_vault: text
      .regex(/^https:\/\/[a-z0-9-]{3,24}\.vault\.(azure\.net|azure\.cn|usgovcloudapi\.net)\/?$/i, {
        error: 'only the address of a Key Vault, such as `https://northwind.vault.azure.net`',
      })
      .describe('The address of an Azure Key Vault. `_` in the name of a variable becomes `-` there.'),
    aws: text
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: 'a region as AWS writes it, such as `eu-central-1`' })
      .describe('The region of AWS Secrets Manager.'),
    google: text
      .regex(/^([a-z][a-z0-9-]{4,28}[a-z0-9]|\d{6,20})$/, { error: 'the id of a project, such as `northwind-prod`' })
      .describe('The project of Google Secret Manager.'),
    prefix: text
      .regex(/^[\w/+=.@-]{1,100}$/, { error: 'a prefix of names: letters, digits and `-`; in AWS also `/`' })
      .describe('The prefix of every name in the vault: `hygge-`, in AWS `northwind/`.'),
  })
  .partial()
  .check((context) => {
    const vaults = (['key_vault', 'aws', 'google'] as const).filter((key) => context.value[key] !== undefined);
    // Another error of the same map was already reported, for example an unknown key that was meant as the key of a vault.
    if (vaults.length === 1 || context.issues.length > 0) return;
    const message =
      vaults.length === 0
        ? '`secrets` names no vault.'
        : `\`secrets\` names ${vaults.length === 2 ? 'two' : 'three'} vaults at once: ${vaults.map((key) => `\`${key}\``).join(', ')}.`;
    const tryThis = 'Name one: `key_vault: https://northwind.vault.azure.net`, `aws: eu-central-1` or `google: northwind-prod`.';
    context.issues.push({ code: 'custom', message, input: context.value, params: { tryThis } });
  });

/** One layer's part of a map. hygge.yml may contain the other keys, and the merged map is checked. */
const part = z.record(z.string(), z.unknown());

/** The keys that a target sets instead of hygge.yml: below `targets`, or in `hygge.<target>.yml`. */
export const target = z
  .strictObject({
    protected: z.boolean().meta({
      description:
        'true: a command that moves data there asks for the name of the target at a terminal. Without a terminal, pass `--confirm <name>`.',
      default: false,
    }),
    variables: z
      .record(z.string().regex(/^[A-Za-z_]\w*$/, { error: 'the name of a variable' }), literal)
      .describe(
        'Values of config variables for this target. They override the environment. Secrets belong in the environment or in .env.<target>.',
      ),
    options,
    secrets: z.union([secrets, z.null()]).describe("The vault of the target, instead of hygge.yml's own."),
    connections: z.record(z.string().min(1), part).describe('Connections of this target, or only their keys that differ.'),
    state: part.describe("The place of the target's state. By default next to hygge.yml's own, under the name of the target."),
    notify: told,
    journal: z.union([journal, z.null()]).describe('The place where the journal of this target is published.'),
    report: z
      .union([text, part, z.null()])
      .describe("The place of the target's page. By default next to hygge.yml's own, with the name of the target before its ending."),
    defaults: defaultsSchema,
  })
  .partial();

export const hyggeFile = z
  .strictObject({
    name: literal.describe("The workspace's name; by default the name of its folder."),
    flows_dir: text.meta({ description: 'The folder that contains the flows.', default: 'flows' }),
    options,
    secrets: z
      .union([secrets, z.null()])
      .describe('A vault for secrets that are neither in the environment nor in .env. It is read with the signed-in identity.'),
    shown: z
      .array(text)
      .describe(
        'Variables in `headers`, `params` or `api_key` that are not secret: `[API_VERSION, TENANT]`. hygge never shows the values of other variables in these keys.',
      ),
    connections,
    state: stateSchema,
    notify: told,
    journal: z.union([journal, z.null()]).describe('Publishes the journal after each run, like an ordinary entity.'),
    report,
    defaults: defaultsSchema,
    flows: z.record(z.string(), flowFileSchema).describe('Flows by name, instead of folders.'),
    targets: z
      .record(z.string(), z.union([target, z.null()]))
      .describe(
        'Targets of the same flows by name (`dev`, `prod`), each with the settings that differ. A target may also have its own file `hygge.<target>.yml`.',
      ),
    default_target: literal.describe('The target if neither `--target` nor HYGGE_TARGET is set.'),
  })
  .partial();

/** Keys that a flow may let the caller of its HTTP function set. Only harmless keys are listed, because a function key must never redirect data. So the list excludes paths, types, connections, addresses, queries, and all keys of connectors. */
const harmless = [
  /^(run_type|if_exists|write_strategy|on_empty|on_shrink|changed_files|concurrency|batch_size|compression|parallel_workers)$/,
  /^watermark\.(initial|lag|overlap|nulls|boundary|future)$/,
  /^schema\.mode$/,
  /^schema_evolution\.(add_columns|remove_columns|type_changes|nullable_changes)$/,
  /^(home|store)\.(batch_size|compression|parallel_workers|target_file_size)$/,
  /^home\.(columns|exclude)$/,
];

/** Why this key must not be set from outside, as the end of "needs …"; undefined: the key may be set. */
function outsideProblem(key: string): string | undefined {
  if (harmless.some((one) => one.test(key))) return undefined;
  return 'keys that cannot redirect data, such as `run_type`, `watermark.initial`, `batch_size` or `home.columns`';
}
