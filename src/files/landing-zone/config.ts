/** The keys of `type: open_mirroring`: the mirrored database, the table in its landing zone, and how its files are written. */
import * as z from 'zod';
import { parquetKind } from '../../formats/parquet/kind.ts';
import { isGuid } from '../../remote/azure/guid.ts';
import type { AzureKeys } from '../../remote/azure/keys.ts';
import { batchSize, type FileStoreConfig, size } from '../connectors/config.ts';
import { onelake } from '../systems/onelake.ts';

export interface MirrorConfig extends AzureKeys, FileStoreConfig {
  readonly account_url: string;
  readonly workspace?: string;
  readonly filesystem?: string;
  readonly mirror_name: string;
  readonly schema?: string;
  readonly schema_name?: string;
  readonly key_columns?: string | readonly string[];
  readonly row_marker?: 0 | 4;
  readonly partner_name?: string;
  readonly source_type?: string;
  readonly source_version?: string;
}

const { item: _, ...oneLakeKeys } = onelake.keys;
const segment = /^[^/\\?#%]+$/;

/** The keys of a connection: the mirrored database, and how to sign in. */
export const mirrorKeys = {
  ...oneLakeKeys,
  mirror_name: z
    .string()
    .regex(segment, 'a name or a GUID')
    .describe('The mirrored database: its name, or its GUID. The GUIDs of workspace and database are safer, because names can change.'),
};

const columnName = z.string().min(1).meta({ names: 'column' });

/** A key of the original for which hygge accepts only some values. All other values are refused with the reason. */
function only<T extends z.ZodType>(schema: T, values: readonly unknown[], because: { readonly why: string; readonly tryThis: string }): T {
  return schema.superRefine((written, found) => {
    if (!values.includes(written)) found.addIssue({ code: 'custom', message: because.why, params: { tryThis: because.tryThis } });
  });
}

const compressions = ['snappy', 'gzip', 'zstd', 'uncompressed'] as const;

const storeKeys = {
  path: z.string().describe('The folder of the table: Files/LandingZone/[<schema>.schema/]<table>; or the complete URL.'),
  ...mirrorKeys,
  schema: z
    .string()
    .regex(segment, 'the name of a schema')
    .optional()
    .describe('The schema of the tables. Their folders are then Files/LandingZone/<schema>.schema/{entity}.'),
  schema_name: z.string().regex(segment, 'the name of a schema').optional().describe('The same as schema.'),
  key_columns: z
    .union([columnName, z.array(columnName).nonempty()])
    .optional()
    .describe('The columns of the key, by their settled names. The default is watermark.key, and another value is an error.'),
  row_marker: only(z.int().optional(), [undefined, 0, 4], {
    why: 'The key of the entity decides how Fabric applies rows. With a key, rows are updated or inserted (4). Without a key, rows are inserted (0).',
    tryThis: 'Remove `row_marker`, and name the key in the entity: `watermark: { column: …, key: [ … ] }`.',
  }).describe('4: rows are updated or inserted by the key. 0: rows are inserted, without a key. The default depends on watermark.key.'),
  file_detection: only(z.enum(['sequential', 'timestamp']).default('sequential'), ['sequential'], {
    why: 'Fabric applies files of `timestamp` in the order of their storage times, so it would apply a late file after newer ones.',
    tryThis:
      'Remove `file_detection`: files are numbered. If the table was filled with timestamps, delete its folder and load the table again.',
  }).describe('sequential: files are numbered, and applied in that order. timestamp is refused.'),
  starting_sequence: only(z.int().default(1), [1], {
    why: 'Fabric waits for the file with the number 1, and applies the others after it.',
    tryThis: 'Remove `starting_sequence`, because later files continue from the largest existing number.',
  }).describe('The number of the first file. Later files continue from the largest existing number.'),
  partner_name: z.string().min(1).optional().describe('The publisher, as Fabric reports it. With it, _partnerEvents.json is written once.'),
  source_type: z.string().min(1).optional().describe('The kind of the source, as Fabric reports it. Needs partner_name.'),
  source_version: z.string().min(1).optional().describe('The version of the source, as Fabric reports it. Needs partner_name.'),
  mirror_journal: only(z.boolean().optional(), [undefined, false], {
    why: 'The journal is published for the whole workspace, not for a store.',
    tryThis: 'Write `journal: { mirror: … }` in hygge.yml.',
  }).describe('The journal is published with journal: { mirror: … } in hygge.yml.'),
  base: z.string(),
  target_file_size: size.default('128MB').describe('The approximate size of a file.'),
  batch_size: batchSize,
  format: z.literal('parquet').describe('The format of the files.'),
  ...parquetKind.storeKeys,
  compression: z.enum(compressions).default('snappy').describe('How pages are compressed.'),
};

/** Keys of the original that have no effect here. Each is accepted with a warning. */
export const retiredKeys = {
  folder_deletion_wait_seconds: 'a full load waits until Fabric reports that the table is deleted',
  journal_table_name: 'the journal is published with journal: { mirror: … } in hygge.yml',
  file_pattern: 'Fabric prescribes the names of the files: numbers of 20 digits',
} as const;

export const mirrorStore = z
  .strictObject(storeKeys)
  .superRefine((config, found) => {
    const wrong = parquetKind.clash?.(config) ?? clashOf(config as unknown as MirrorConfig);
    if (wrong !== undefined) found.addIssue({ code: 'custom', path: [wrong.key], message: wrong.needs });
  })
  .describe('A table of a mirrored database in Microsoft Fabric (open mirroring).') as unknown as z.ZodType<MirrorConfig>;

/** The landing zone and the parts of the table’s name in a path such as `Files/LandingZone/sales.schema/orders`. Undefined: the path is not the folder of a table. */
export function tableOf(path: string): { readonly schema: string | null; readonly table: string } | undefined {
  const [files, zone, ...inside] = path.split('/');
  if (files !== 'Files' || zone !== 'LandingZone') return undefined;
  const [folder = '', within, ...more] = inside;
  if (more.length > 0 || folder === '') return undefined;
  if (!folder.endsWith('.schema')) return within === undefined ? { schema: null, table: folder } : undefined;
  return within === undefined ? undefined : { schema: folder.slice(0, -'.schema'.length), table: within };
}

function clashOf(config: MirrorConfig): { readonly key: string; readonly needs: string } | undefined {
  const { base: _, ...side } = config;
  const wrong = onelake.clash?.(asOneLake(side as MirrorConfig));
  if (wrong !== undefined)
    return wrong.key === 'item' ? { key: 'mirror_name', needs: 'Workspace and mirror_name are both names, or both GUIDs' } : wrong;
  const { source_type, source_version, partner_name, key_columns: keys = [] } = config;
  const lonely = source_type !== undefined ? 'source_type' : source_version !== undefined ? 'source_version' : undefined;
  if (partner_name === undefined && lonely !== undefined)
    return { key: lonely, needs: 'Partner_name, because Fabric reports both together' };
  if (new Set(keys).size < keys.length && typeof keys !== 'string') return { key: 'key_columns', needs: 'Each column once' };
  if (config.row_marker === 0 && keys.length > 0) return { key: 'row_marker', needs: '4 next to key_columns, or no row_marker' };
  return nameClash(config);
}

/** A table name that Fabric does not accept: Fabric skips names that begin with an underscore, and treats a folder that ends in .schema as a schema. */
function nameClash({ path }: MirrorConfig): { readonly key: string; readonly needs: string } | undefined {
  const found = tableOf(path);
  if (found === undefined) return { key: 'path', needs: 'A folder Files/LandingZone/<table> or Files/LandingZone/<schema>.schema/<table>' };
  const named = [found.table, ...(found.schema === null ? [] : [found.schema])];
  const odd = named.find((name) => name === '' || /^[_.]|\.schema$|[%]/.test(name));
  if (odd === undefined) return undefined;
  return {
    key: 'path',
    needs: `Another name than ${odd}: letters, digits, - and _ are safe, and Fabric skips names that begin with _. Write a path of its own: Files/LandingZone/<table>`,
  };
}

/** The config of the mirrored database as an item of OneLake. A name without an item type is the name of a mirrored database. */
export function asOneLake<C extends Pick<MirrorConfig, 'mirror_name'>>(config: C): C & { readonly item: string } {
  const { mirror_name: name } = config;
  const isWhole = isGuid(name) || name.endsWith('.MirroredDatabase');
  return { ...config, item: isWhole ? name : `${name}.MirroredDatabase` };
}
