import * as z from 'zod';
import type { ChangeFeeds } from '../../engine/contracts/connector.ts';
import { formatKinds } from '../../formats/formats.ts';
import { parquetKind } from '../../formats/parquet/kind.ts';
import { readColumnType } from '../../frames/type-text.ts';
import { canBePartition } from '../paths/partition-values.ts';
import type { RemoteSystem } from './remote-system.ts';

/** A size: `128MB`, `1GB`, or a number of bytes. */
export const size = z.union([z.int().positive(), z.string().regex(/^\d+(\.\d+)?\s*(B|KB|MB|GB)$/i, 'a size such as 128MB')]);
const columnNames = z.array(z.string().min(1).meta({ names: 'column' })).nonempty();
export const batchSize = z
  .int()
  .positive()
  .optional()
  .describe('The maximum number of rows in one frame. The limit in bytes usually applies first.');

const partitionType = z.string().superRefine((written, found) => {
  const read = readColumnType(written);
  const problem =
    'problem' in read ? read.problem : canBePartition(read.type) ? undefined : `The name of a folder can't be a value of ${written}.`;
  if (problem !== undefined)
    found.addIssue({ code: 'custom', message: problem, params: { tryThis: 'Correct the type, or write `hive_partitions: auto`.' } });
});

const distinctNames = columnNames.refine((names) => new Set(names).size === names.length, 'each column once');

/** Words that may be before a bracket: words of conditions, types, and functions of one row. Functions of many rows are refused, because a frame contains only some of the rows. */
const overOneRow = new Set(
  `and or not in any between is like ilike rlike regexp case when then else cast try_cast
  date datetime timestamp time decimal numeric float double varchar char int integer bigint
  abs ceil ceiling floor round sign sqrt exp ln log log2 log10 log1p mod div pow power pi
  lower upper initcap length char_length character_length octet_length bit_length left right substr substring strpos replace reverse concat concat_ws
  trim ltrim rtrim starts_with ends_with regexp_like
  coalesce nullif ifnull if greatest least date_part extract strftime strptime`.split(/\s+/),
);
const refused = /^(select|from|over|exists|union|current_(date|time|timestamp)|localtime(stamp)?)$/;

/** If a word shows that the text is not a condition over one row: the reason, as a sentence. Undefined: no such word. */
function whereProblem(sql: string): string | undefined {
  const token = /--[^\n]*|\s+|'(?:[^']|'')*'|"(?:[^"]|"")*"|\d[\w.]*|[\p{L}_][\p{L}\p{N}_]*|[()]|\/(?!\*)|[-+*%=<>!|&^~,.:[\]]/uy;
  let [open, some, before] = [0, false, ''];
  while (token.lastIndex < sql.length) {
    const at = token.lastIndex;
    const [text] = token.exec(sql) ?? [];
    if (text === undefined) return `It is not valid from ${JSON.stringify(sql.slice(at, at + 12))} on.`;
    if (/^(--|\s)/.test(text)) continue;
    some = true;
    const word = text.toLowerCase();
    if (refused.test(word)) return `It contains ${text}, but a condition can use only the values of one row.`;
    if (text === '(' && /^["\p{L}_]/u.test(before) && !overOneRow.has(before))
      return `${before.toUpperCase()} is an unknown function, or a function over several rows.`;
    open += text === '(' ? 1 : text === ')' ? -1 : 0;
    if (open < 0) return 'A closing bracket has no opening one.';
    before = word;
  }
  if (!some) return 'It is empty.';
  return open > 0 ? 'An opening bracket is never closed.' : undefined;
}

/** The keys of every home, of files and of tables. */
const rowKeys = {
  batch_size: batchSize,
  columns: columnNames.optional().describe('Only these columns.'),
  exclude: columnNames.optional().describe('All columns except these.'),
  where: z
    .string()
    .superRefine((written, found) => {
      const problem = whereProblem(written);
      if (problem !== undefined) found.addIssue({ code: 'custom', message: problem });
    })
    .optional()
    .describe(
      'Only rows that meet this condition: an expression over one row in the SQL of Polars, such as amount > 0 and region is not null. If the condition changes, it counts as another source.',
    ),
  not_null: columnNames.optional().describe('Columns without nulls. They settle as not null, and a null in them stops the run.'),
};

/** The keys of every home of files, for any filesystem and format. */
const fileHomeKeys = {
  ...rowKeys,
  hive_partitions: z
    .union([z.literal('auto'), z.boolean(), z.record(z.string().min(1), partitionType)])
    .default('auto')
    .describe(
      'Whether folders named key=value below the home become columns. auto: yes, as whole numbers or dates if all values have that format, else as text. true: as text. false: no. {year: int32}: exactly these columns.',
    ),
  differing_files: z
    .enum(['auto', 'unify', 'fail'])
    .default('auto')
    .describe(
      'Files with other columns than the first. unify: all columns by name, null if a file lacks one, numbers in the smallest type for all of them. fail: an error. auto: unify, for up to 256 files.',
    ),
  empty_files: z
    .enum(['pass', 'fail'])
    .optional()
    .describe(
      'Files of 0 bytes, or of line breaks only, next to others. pass (the default): a warning names them, and a run reads them when they have grown. fail: an error.',
    ),
};

/** The keys of every store of files. */
const fileStoreKeys = {
  base: z.string().min(1).describe('The folder of the flow. hygge keeps its records in _hygge below it.'),
  target_file_size: size.default('128MB').describe('The approximate size of a file.'),
  layout: z
    .enum(['plain', 'versioned'])
    .default('plain')
    .describe('plain: files are in the entity’s folder. versioned: each commit gets its own folder v=<epoch>.'),
  partition_by: distinctNames
    .optional()
    .describe('Rows settle in folders column=value of these columns. The files do not contain the columns, as in Hive, Spark and DuckDB.'),
  batch_size: batchSize,
};

/** The keys of a home that is a Delta table, without the keys for its location. */
const deltaHomeKeys = {
  ...rowKeys,
  format: z.literal('delta').describe('The folder is a Delta table. Its log defines its rows.'),
  version: z.int().min(0).optional().describe('The version that each run reads. Default: the newest.'),
  timestamp: z
    .string()
    .refine((written) => !Number.isNaN(Date.parse(written)), 'a time such as 2026-11-29T12:00:00Z')
    .optional()
    .describe('The newest version at this time, in UTC unless the time has an offset.'),
};

type Clash = { readonly key: string; readonly needs: string } | undefined;

function deltaHome<C>(keys: z.ZodRawShape, clashOf: (config: C) => Clash = () => undefined) {
  return z.strictObject({ ...keys, ...deltaHomeKeys }).superRefine((config, found) => {
    const isTwice = config.version !== undefined && config.timestamp !== undefined;
    const both: Clash = isTwice
      ? { key: 'timestamp', needs: 'version and timestamp both choose a version, so use only one of them' }
      : undefined;
    for (const clash of [both, clashOf(config as C)])
      if (clash !== undefined) found.addIssue({ code: 'custom', path: [clash.key], message: clash.needs });
  });
}

/** The keys of a store that is a Delta table, without the keys for its location. The files of the store are parquet. */
const deltaStoreKeys = {
  base: fileStoreKeys.base,
  target_file_size: fileStoreKeys.target_file_size,
  partition_by: distinctNames
    .optional()
    .describe('The partition columns of the table. An empty text in one of them is refused, because Delta reads it as a missing value.'),
  column_mapping: z
    .enum(['none', 'name'])
    .optional()
    .describe(
      'How a new table finds its columns in files. none (the default): by their names, which cannot contain a blank or any of , ; { } ( ) =. name: by separate names in the files, so a column can have any name. An existing table keeps its setting.',
    ),
  timestamps: z
    .enum(['exact', 'truncate'])
    .optional()
    .describe(
      'Times finer than microseconds, which a Delta table cannot store. exact, the default: an error. truncate: hygge cuts them, and the plan shows that.',
    ),
  wall_clock: z
    .enum(['timestamp_ntz', 'utc'])
    .optional()
    .describe(
      'How wall-clock times settle: as timestamp_ntz, or as the timestamp with the same time in UTC. Default: utc on OneLake, whose SQL endpoint does not show timestamp_ntz, and timestamp_ntz elsewhere. An existing column keeps its type.',
    ),
  merge: z
    .enum(['deletion_vectors', 'copy_on_write'])
    .optional()
    .describe(
      'How a merge by key removes rows. deletion_vectors, the default: it marks them. copy_on_write: it rewrites the files that contain them, for readers that do not support deletion vectors. A table of hygge with delta.enableDeletionVectors false always uses copy_on_write.',
    ),
  compact_deleted: z
    .string()
    .regex(/^(?:100|\d{1,2}(?:\.\d+)?)%$/, 'a share such as 20%')
    .optional()
    .describe('hygge compact also rewrites a file if a larger share of its rows is marked as deleted. Default: 20%.'),
  batch_size: fileStoreKeys.batch_size,
  ...parquetKind.storeKeys,
  format: z.literal('delta').describe('The folder is a Delta table. A commit is an entry of its log.'),
};

function deltaStore<C>(keys: z.ZodRawShape, clashOf: (config: C) => Clash = () => undefined) {
  return z.strictObject({ ...keys, ...deltaStoreKeys }).superRefine((config, found) => {
    for (const clash of [parquetKind.clash?.(config), clashOf(config as C)])
      if (clash !== undefined) found.addIssue({ code: 'custom', path: [clash.key], message: clash.needs });
  });
}

/** One strict object per format, because the keys of a format do not apply to other formats. The workspace fills in `format` from the path's extension. */
function withFormats<C>(
  keys: z.ZodRawShape,
  side: 'homeKeys' | 'storeKeys',
  meaning: string,
  clashOf: (config: C) => Clash = () => undefined,
  tables: readonly (ReturnType<typeof deltaHome> | ReturnType<typeof deltaStore>)[] = [],
): z.ZodType<C> {
  const [first, ...others] = formatKinds.map((kind) =>
    z
      .strictObject({ ...keys, format: z.literal(kind.id).describe('The format of the files.'), ...kind[side] })
      .superRefine((config, found) => {
        const clashes = [kind.clash?.(config), clashOf(config as C)].filter((clash) => clash !== undefined);
        for (const { key, needs } of clashes) found.addIssue({ code: 'custom', path: [key], message: needs });
      }),
  );
  if (!first) throw new Error('there are no formats');
  return z.discriminatedUnion('format', [first, ...others, ...tables]).describe(meaning) as unknown as z.ZodType<C>;
}

interface FileConfig extends Readonly<Record<string, unknown>> {
  readonly path: string;
  readonly format: string;
  readonly batch_size?: number;
}

/** Which rows of a home are read, and how. */
export interface RowConfig {
  readonly batch_size?: number;
  readonly columns?: readonly string[];
  readonly exclude?: readonly string[];
  readonly where?: string;
  readonly not_null?: readonly string[];
}

export interface FileHomeConfig extends FileConfig, RowConfig {
  readonly hive_partitions: 'auto' | boolean | Readonly<Record<string, string>>;
  readonly differing_files: 'auto' | 'unify' | 'fail';
  readonly empty_files?: 'pass' | 'fail';
}

/** A home that is a Delta table. */
export interface DeltaHomeConfig extends RowConfig {
  readonly path: string;
  readonly format: 'delta';
  readonly version?: number;
  readonly timestamp?: string;
}

export type AnyHomeConfig = FileHomeConfig | DeltaHomeConfig;

export const isDelta = (config: AnyHomeConfig): config is DeltaHomeConfig => config.format === 'delta';

/** The change feed of a Delta table, as `watermark.changes` names it. */
export const deltaFeed: ChangeFeeds<AnyHomeConfig> = {
  names: ['change_feed'],
  missingKey: (config) => (isDelta(config) ? undefined : { key: 'format: delta', needs: 'Only Delta tables have a change feed.' }),
  clashingKey(config) {
    if (config.where !== undefined)
      return { key: 'where', needs: 'If an updated row no longer meets the condition, the settled row would keep its old values.' };
    const key = isDelta(config) && (config.version !== undefined ? 'version' : config.timestamp !== undefined ? 'timestamp' : undefined);
    return key ? { key, needs: 'One version has no changes, because the feed is read from the settled version to the newest.' } : undefined;
  },
};

export interface FileStoreConfig extends FileConfig {
  readonly base: string;
  readonly target_file_size: number | string;
  readonly layout: 'plain' | 'versioned' | 'file';
  readonly partition_by?: readonly string[];
}

/** A store that is a Delta table. */
export interface DeltaStoreConfig extends FileConfig {
  readonly format: 'delta';
  readonly base: string;
  readonly target_file_size: number | string;
  readonly partition_by?: readonly string[];
  readonly column_mapping?: 'none' | 'name';
  readonly timestamps?: 'exact' | 'truncate';
  readonly wall_clock?: 'timestamp_ntz' | 'utc';
  readonly merge?: 'deletion_vectors' | 'copy_on_write';
  readonly compact_deleted?: string;
}

export type AnyStoreConfig = FileStoreConfig | DeltaStoreConfig;

export const isDeltaStore = (config: AnyStoreConfig): config is DeltaStoreConfig => config.format === 'delta';

export const localHome = withFormats<AnyHomeConfig>(
  {
    path: z.string().min(1).describe('A file, a folder (all its files, recursively) or a glob; relative to the workspace.'),
    ...fileHomeKeys,
  },
  'homeKeys',
  'Files on a local disk.',
  undefined,
  [deltaHome({ path: z.string().min(1).describe('The folder of the table; relative to the workspace.') })],
);

export const localStore = withFormats<AnyStoreConfig>(
  {
    path: z.string().min(1).describe('The folder of the entity, relative to the workspace. With layout: file, the path of the file.'),
    ...fileStoreKeys,
    layout: z
      .enum(['plain', 'versioned', 'file'])
      .default('plain')
      .describe(
        'plain: files are in the entity’s folder. versioned: each commit gets its own folder v=<epoch>. file: the path is one file, which each full load replaces.',
      ),
  },
  'storeKeys',
  'A folder on a local disk.',
  (config) =>
    !isDeltaStore(config) && config.layout === 'file' && config.partition_by !== undefined
      ? { key: 'partition_by', needs: 'Partitions are folders, but layout: file has no folders' }
      : undefined,
  [deltaStore({ path: z.string().min(1).describe('The folder of the table; relative to the workspace.') })],
);

/** A path inside a container, which is never resolved against the workspace. */
const remotePath = (meaning: string) => z.string().describe(meaning);

type AnySystem<C> = Pick<RemoteSystem<C & object>, 'summary' | 'keys' | 'storeKeys' | 'clash'>;

export function remoteHome<C>({ summary, keys, clash }: AnySystem<C>): z.ZodType<C> {
  const path = remotePath('A file, a folder (all its files, recursively) or a glob, inside the container; or the complete URL.');
  const table = remotePath('The folder of the table, inside the container; or the complete URL.');
  const tables = [deltaHome({ path: table, ...keys }, clash as never)];
  return withFormats<C>({ path, ...keys, ...fileHomeKeys }, 'homeKeys', `${summary}.`, clash as never, tables);
}

export function remoteStore<C>({ summary, keys, storeKeys = {}, clash }: AnySystem<C>): z.ZodType<C> {
  const path = remotePath('The folder of the entity, inside the container; or the complete URL.');
  const table = remotePath('The folder of the table, inside the container; or the complete URL.');
  const tables = [deltaStore({ path: table, ...keys, ...storeKeys }, clash as never)];
  return withFormats<C>(
    { path, ...keys, ...fileStoreKeys, base: z.string(), ...storeKeys },
    'storeKeys',
    `${summary}.`,
    clash as never,
    tables,
  );
}

/** The keys of a named connection of the system. All keys are optional; the home or store that uses the connection checks whether they fit together. */
export function remoteConnection<C>({ summary, keys }: Pick<AnySystem<C>, 'summary' | 'keys'>): z.ZodType {
  return z.strictObject(keys).partial().describe(`${summary}.`);
}

/** A folder of the system that is neither a home nor a store. */
export function remotePlace<C>({ summary, keys, clash }: AnySystem<C>): z.ZodType<C> {
  const whole = { ...keys, path: remotePath('The folder, inside the container.') };
  const place = z.strictObject(whole).superRefine((config, found) => {
    const wrong = clash?.(config as never);
    if (wrong !== undefined) found.addIssue({ code: 'custom', path: [wrong.key], message: wrong.needs });
  });
  return place.describe(`${summary}.`) as unknown as z.ZodType<C>;
}

/** The bytes of a size such as 128MB; MB and the other units are powers of 1,024. */
export function parseSize(written: number | string): number {
  if (typeof written === 'number') return written;
  const [, amount = '0', unit = 'B'] = /^([\d.]+)\s*(B|KB|MB|GB)$/i.exec(written) ?? [];
  const power = ['B', 'KB', 'MB', 'GB'].indexOf(unit.toUpperCase());
  return Math.round(Number(amount) * 1024 ** power);
}
