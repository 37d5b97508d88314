/** Files that COPY INTO reads: Parquet in a folder of ADLS Gen2 or of a Lakehouse. One identity writes and reads the files. */
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import * as z from 'zod';
import type { Requirement } from '../../../engine/contracts/connector.ts';
import type { Frame } from '../../../engine/contracts/frame.ts';
import { adls } from '../../../files/systems/adls.ts';
import { onelake } from '../../../files/systems/onelake.ts';
import { formatOf } from '../../../formats/formats.ts';
import { polars } from '../../../frames/native.ts';
import type { DataType } from '../../../frames/schema.ts';
import { overRows } from '../../../frames/values/cells.ts';
import { withDocumentColumns } from '../../../frames/values/columns-by-row.ts';
import { asPolars, PolarsFrame } from '../../../frames/values/polars-frame.ts';
import type { FileSystem } from '../../../ports/filesystem.ts';
import type { Secret } from '../../../ports/secret.ts';
import { isGuid } from '../../../remote/azure/guid.ts';
import { DatabaseError } from '../../engine.ts';
import type { LoadByFiles, OpenedStore, StagedFile } from '../../writes.ts';
import { refusedValue } from '../../writing-errors.ts';
import type { SqlServerSession } from '../connect.ts';
import { quoteName } from '../dialect.ts';
import { quoteText } from './dialect.ts';
import type { FabricKeys } from './keys.ts';

export const stagingKey = z
  .string()
  .min(1)
  .describe(
    'A folder in which hygge keeps rows as Parquet until COPY INTO has read them: abfss://filesystem@account.dfs.core.windows.net/folder, or Files of a Lakehouse, by GUIDs: abfss://<workspace>@onelake.dfs.fabric.microsoft.com/<item>/Files/folder. The identity of the connection writes and reads there.',
  );

interface Folder {
  readonly system: 'adls' | 'onelake';
  readonly keys: Readonly<Record<string, string>>;
  readonly path: string;
  /** The folder’s address as COPY INTO requires it. */
  readonly https: string;
}

const plainPath = /^[A-Za-z0-9._=-]+(\/[A-Za-z0-9._=-]+)*$/;

function folderOf(written: string): Folder | undefined {
  const ofLake = onelake.locate(written);
  const found = ofLake ?? adls.locate(written);
  if (found === undefined) return undefined;
  const { keys } = found;
  const path = found.path.replace(/\/+$/, '');
  const inside = ofLake ? [keys.workspace, keys.item] : [keys.filesystem];
  const https = [keys.account_url?.replace(/\/$/, ''), ...inside, path].filter((part) => part !== '').join('/');
  return { system: ofLake ? 'onelake' : 'adls', keys, path, https };
}

/** What a folder in the config lacks, as a requirement. Undefined: the folder lacks nothing. */
export function stagingProblem(written: string): string | undefined {
  const folder = folderOf(written);
  if (folder === undefined)
    return 'A folder of ADLS Gen2 (abfss://filesystem@account.dfs.core.windows.net/folder) or of a Lakehouse (abfss://<workspace GUID>@onelake.dfs.fabric.microsoft.com/<item GUID>/Files/folder)';
  const { system, keys, path } = folder;
  if (!plainPath.test(path)) return 'A folder whose path has only English letters, digits, dots, dashes and underscores';
  if (system === 'adls') return undefined;
  if (!isGuid(keys.workspace ?? '') || !isGuid(keys.item ?? ''))
    return 'Workspace and Lakehouse as their GUIDs, because COPY INTO accepts no names. GUIDs are in the address of the Lakehouse in Fabric';
  return path.startsWith('Files/') ? undefined : 'A folder below Files of the Lakehouse';
}

export const isInLakehouse = (written: string): boolean => folderOf(written)?.system === 'onelake';

/** The keys of the credential. The Warehouse’s credential also gives access to the folder. */
const signIn = [
  'credential',
  'tenant_id',
  'client_id',
  'client_secret',
  'client_certificate_path',
] as const satisfies readonly (keyof FabricKeys)[];

/** The maximum number of bytes of a value that COPY INTO accepts: 16 MB. */
const mostBytes = 16 * 1024 ** 2;

/** The config of the folder, with the credential of the connection. */
function configOf(folder: Folder, keys: Readonly<Record<string, unknown>>) {
  const own =
    keys.staging_sas === undefined
      ? Object.fromEntries(signIn.flatMap((name) => (keys[name] === undefined ? [] : [[name, keys[name]]])))
      : { sas_token: keys.staging_sas };
  return { system: folder.system === 'adls' ? adls : onelake, config: { ...own, ...folder.keys, path: folder.path } as never };
}

/** The identity that reads the folder during COPY INTO, as a clause. Empty: the identity that runs the statement reads the folder. */
function credentialOf({ staging_sas, staging_identity }: Partial<FabricKeys>): string {
  if (staging_identity === 'workspace') return `, CREDENTIAL = (IDENTITY = 'Workspace Identity')`;
  if (staging_sas === undefined) return '';
  return `, CREDENTIAL = (IDENTITY = 'Shared Access Signature', SECRET = ${quoteText(signatureOf(staging_sas))})`;
}

const signatureOf = (sas: Secret): string => sas.reveal().replace(/^\?/, '');

/** Removes the signature from an error, because a server may repeat the statement in its error. */
function withoutSignature(error: unknown, { staging_sas }: Partial<FabricKeys>): unknown {
  if (staging_sas === undefined || !(error instanceof DatabaseError)) return error;
  const { message, code, detail, isLost } = error;
  const bare = (text: string) => text.replaceAll(signatureOf(staging_sas), '***').replaceAll(/\b(sig=)[^&'\s]+/g, '$1***');
  return new DatabaseError(bare(message), { code, isLost, ...(detail === undefined ? {} : { detail: bare(detail) }) });
}

/** The rights to write to the folder. If the identity runs COPY INTO, it also needs the rights to read the folder. */
export function stagingRequirements(given: FabricKeys & { readonly staging?: string }): readonly Requirement[] {
  const folder = folderOf(given.staging ?? '');
  if (folder === undefined) return [];
  const { system, config } = configOf(folder, given);
  return system.requirements(config, 'write').filter(({ need }) => need !== 'secret');
}

export function loadFrom({ keys, storeKeyValues, opening }: OpenedStore): LoadByFiles<SqlServerSession> {
  const folder = folderOf(String(storeKeyValues.staging ?? ''));
  if (folder === undefined) throw new Error('a folder that was never checked');
  let opened: Promise<FileSystem> | undefined;
  const open = (): Promise<FileSystem> => {
    const { system, config } = configOf(folder, keys);
    opened ??= system.open(config, folder.path, opening);
    return opened;
  };
  return {
    by: 'files',
    format: () => formatOf('parquet', { compression: 'snappy' }),
    fileBytes: 512 * 1024 ** 2,
    inFile,
    beginFile: async (_session, name) => beginFile(await open(), nameOf(name)),
    async load(session, { table }, { files, columns }) {
      const names = columns.map(({ name }) => quoteName(name)).join(', ');
      // The files are listed one by one, because the folder may have files of another attempt.
      const urls = files.map((name) => quoteText(`${folder.https}/${nameOf(name)}`)).join(', ');
      const statement = `COPY INTO ${table} (${names}) FROM ${urls} WITH (FILE_TYPE = 'PARQUET'${credentialOf(keys)})`;
      await session.run(statement).catch((error: unknown) => {
        throw withoutSignature(error, keys);
      });
      const [row] = await session.query(`select COUNT_BIG(*) as n from ${table}`);
      return Number(row?.n);
    },
    async discardFiles(_session, table) {
      const files = await open();
      for await (const { path } of files.list(table)) await files.remove(path);
    },
  };
}

const nameOf = (name: string): string => `${name}.parquet`;

/** Begins a file. The bytes are pushed into a stream, from which the filesystem pulls them. */
function beginFile(files: FileSystem, name: string): StagedFile {
  const body = new PassThrough({ highWaterMark: 1024 ** 2 });
  // A staged file is complete under its own name, from which COPY INTO reads, so the file is never published.
  const stored = files.stage({ staged: name, final: `${name}.settled` }, body);
  body.on('error', () => undefined);
  stored.catch((cause: unknown) => body.destroy(cause as Error));
  return {
    async write(piece) {
      if (body.destroyed) await stored;
      if (!body.write(Uint8Array.from(piece))) await Promise.race([once(body, 'drain'), stored]);
    },
    async end() {
      body.end();
      await stored;
    },
    async abandon() {
      body.destroy(new Error('the attempt is over'));
      await stored.catch(() => undefined);
    },
  };
}

/** The frame in types that COPY INTO accepts. Times with an offset become their time in UTC, times of day become texts, and lists and structs become documents. */
async function inFile(frame: Frame): Promise<Frame> {
  const { schema, bytes } = frame;
  const own = asPolars(frame);
  const columns = schema.columns.map((column) => ({ ...column, type: typeInFile(column.type) ?? column.type }));
  const nested = schema.columns.filter(({ type }) => isNested(type)).map(({ name }) => ({ name, from: name }));
  const times = columns.filter(({ name, type }, at) => type !== schema.columns[at]?.type && !nested.some((one) => one.name === name));
  if (times.length + nested.length === 0) {
    await mustFit(own);
    return frame;
  }
  const pl = await polars();
  const exprs = times.map(({ name, type }) => {
    const column = pl.col(name);
    return (type.kind === 'string' ? column.dt.strftime('%H:%M:%S%.6f') : column.cast(pl.Datetime('us'))).alias(name);
  });
  const data = (await own.collect()).withColumns(...exprs);
  const types = new Map(schema.columns.map(({ name, type }) => [name, type]));
  const plan = nested.length === 0 ? data.lazy() : await withDocumentColumns(data.lazy(), { columns: nested, of: data, types });
  const settled = PolarsFrame.of({ schema: { columns }, data: await plan.select(...columns.map(({ name }) => name)).collect(), bytes });
  await mustFit(settled, nested.length > 0);
  return settled;
}

const isNested = ({ kind }: DataType): boolean => kind === 'list' || kind === 'struct';

/** The type of a column in the file. Undefined: the type stays unchanged. */
function typeInFile(type: DataType): DataType | undefined {
  if (type.kind === 'time') return { kind: 'string' };
  if (isNested(type)) return { kind: 'json' };
  return type.kind === 'timestamp' && type.zone !== undefined ? { kind: 'timestamp', unit: 'us' } : undefined;
}

/** Throws StoreError HYG-4201 if a value is longer than COPY INTO accepts. A frame below that size has no such value, unless its values became documents. */
async function mustFit(frame: PolarsFrame, hasDocuments = false): Promise<void> {
  if (frame.bytes <= mostBytes && !hasDocuments) return;
  const { columns } = frame.schema;
  const long = columns.filter(({ type }) => type.kind === 'string' || type.kind === 'json' || type.kind === 'binary');
  if (long.length === 0) return;
  await overRows(frame, (rows) => {
    let row = 0;
    for (const cells of rows) {
      for (const { name } of long) {
        const cell = cells[columns.findIndex((column) => column.name === name)];
        const length = typeof cell === 'string' ? Buffer.byteLength(cell) : cell instanceof Uint8Array ? cell.byteLength : 0;
        if (length > mostBytes)
          throw refusedValue(
            { column: name, before: 0, row },
            `has a value of ${length.toLocaleString('en-US')} bytes, but COPY INTO accepts 16 MB`,
            ['Leave the column out: exclude in the home', 'Or shorten the value in the source'],
          );
      }
      row++;
    }
  });
}
