import { z } from 'zod';
import { durationMs } from './durations.ts';
import { scheduleProblem } from './schedule.ts';

/** The schemas of hygge.yml, flow.yml and an entity's file: what is validated, and what the editor's JSON Schema is made from. */

const text = z.string().min(1);
/** Text that is taken as it is written, whatever YAML would make of it: `007`, `true`. The editor must not object. */
const literal = z.string().min(1).meta({ asWritten: true });
const count = z.int().min(1);

function duration(meaning: string) {
  return z
    .string()
    .refine((written) => durationMs(written) !== undefined, { error: 'a duration such as `90s`, `5m`, `1h30m` or `2d`' })
    .transform((written) => durationMs(written) ?? 0)
    .describe(meaning);
}

const names = z.union([literal.transform((name) => [name]), z.array(literal).min(1)]);

export const watermark = z
  .strictObject({
    column: literal.describe('The column whose largest settled value is remembered.'),
    initial: z.union([literal, z.null()]).describe('Where the first incremental run begins; taken literally.'),
    key: names.describe('Columns that tell rows apart; with a key, rows are merged in stores that can.'),
    lag: duration('How far behind the clock of the source to stay, so that late commits are not missed.'),
    overlap: duration('A window below the watermark that is read again and replaced.'),
    nulls: z.enum(['fail', 'include', 'exclude']).describe('What to do with rows whose watermark is null.'),
    boundary: z.enum(['closed', 'open']).describe('closed: rows equal to the watermark are read again and replaced, without duplicates.'),
  })
  .partial();

/** A home or store as one layer writes it: the connector checks it when the layers are merged. */
const looseSide = z.union([text, z.record(z.string(), z.unknown())]);
export const homeSide = looseSide.meta({ id: 'home', description: 'Where data is read: a path, or a map with a type.' });
export const storeSide = looseSide.meta({ id: 'store', description: 'Where data settles: a path, or a map with a type.' });

export const shorthands = {
  batch_size: count.describe('Most rows in a batch, for home and store.'),
  compression: text.describe('For the store.'),
  file_pattern: text.describe('For the store.'),
  parallel_workers: count.describe('For the store.'),
};

/** What an entity run is told, but for its home and store. */
export const entitySettings = {
  run_type: z.enum(['full_drop', 'incremental']).describe('full_drop (default) loads everything; incremental what is new.'),
  if_exists: z.enum(['fail', 'append', 'replace']).describe('What to do with a destination that hygge did not fill.'),
  write_strategy: z.enum(['direct_insert', 'temp_swap', 'merge']).describe('Only how to write; it never changes what a run does.'),
  watermark: z.union([watermark, z.null()]).describe('The column that tells new rows from settled ones.'),
  on_empty: z.enum(['replace', 'keep']).describe('What a full load of an empty source does to the destination.'),
  changed_files: z.enum(['fail', 'replace', 'append', 'ignore']).describe('Files that changed after they were taken.'),
  keep: duration('How long journal, intents and commit records are kept; 90d by default.'),
};

const layer = { ...entitySettings, ...shorthands, home: homeSide, store: storeSide };

export const defaults = z.strictObject(layer).partial();
export const entityFile = z
  .strictObject({
    name: literal.describe("The entity's name; by default the name of the file."),
    source: literal.describe('Its name at the home, when that is another.'),
    ...layer,
  })
  .partial();

const flowSettings = {
  schedule: text
    .refine((written) => scheduleProblem(written) === undefined, { error: (issue) => scheduleProblem(String(issue.input)) ?? '' })
    .describe('Six-field cron (seconds first, UTC), or %NAME% for an app setting.'),
  concurrency: count.describe('Entities of this flow at once.'),
  defaults,
  entities: z
    .array(z.union([literal, entityFile]))
    .min(1)
    .describe('Names, or maps with a name.'),
};

export const flowFile = z.strictObject({ ...flowSettings, ...layer }).partial();

export const flowKeys: ReadonlySet<string> = new Set(Object.keys(flowSettings));

export const hyggeFile = z
  .strictObject({
    name: literal.describe("The workspace's name; by default the name of its folder."),
    flows_dir: text.describe('The folder of flows; `flows` by default.'),
    options: z
      .strictObject({
        concurrency: count.describe('Entities at once over the whole invocation; 8 by default.'),
        continue_on_error: z.boolean().describe('Try the other entities after one failed; false by default.'),
      })
      .partial(),
    state: z.strictObject({ type: z.literal('files').describe('Where state is kept: files in .hygge/.') }).partial(),
    defaults,
    flows: z.record(z.string(), flowFile).describe('Flows by name, instead of folders.'),
  })
  .partial();
