/**
 * COPY INTO of a Warehouse, from Parquet. Sources: "COPY INTO (Transact-SQL)" (addresses, folders and wildcards, fields by their order, Snappy and GZIP, files of
 * one container, IDENTITY_INSERT), its sections on OneLake (the Files folder of a Lakehouse, Microsoft Entra and no other identity) and "Troubleshoot" of Data
 * Factory (the message for a type that does not fit). That texts are cut without a word is what the page says of values that are longer than their column.
 * The numbers 13807, 13812 and 13822 are those of serverless SQL, whose reader of files a Warehouse shares; that it has these numbers is a guess.
 */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duck } from '../duck.ts';
import type { Value } from '../tds/values.ts';
import { dotted, parenthesized, partsOf, tokensOf } from '../tsql/scan.ts';
import { literal, ServerError } from '../tsql/sqlite.ts';
import { clockText, dateText } from '../tsql/types.ts';
import { cutTo, mostBytes, typeParts, type WarehouseColumn } from './columns.ts';
import { undocumented } from './refusals.ts';

/** Where the files of a statement really lie: the test says it. */
export interface StagedFiles {
  /** Full addresses of all files below one that ends with a slash. */
  below(address: string): Promise<readonly string[]>;
  /** A file of this machine, or its bytes; undefined: there is none under the address. */
  file(address: string): Promise<string | Uint8Array | undefined>;
}

/** Folders of this machine by the beginnings of addresses: `https://account.dfs.core.windows.net/container`. */
export function foldersBy(places: Readonly<Record<string, string>>): StagedFiles {
  const place = (address: string) => Object.entries(places).find(([begin]) => address === begin || address.startsWith(`${begin}/`));
  const path = (address: string) => {
    const [begin = '', folder = ''] = place(address) ?? [];
    return folder === '' ? undefined : join(folder, decodeURIComponent(address.slice(begin.length)));
  };
  const entries = async (address: string) => {
    const folder = path(address);
    return folder === undefined ? [] : await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  };
  return {
    async below(address) {
      const folder = path(address) ?? '';
      const files = (await entries(address)).filter((entry) => entry.isFile());
      return files.map((file) => `${address}${join(file.parentPath, file.name).slice(join(folder, '/').length)}`).sort();
    },
    async file(address) {
      const parent = address.slice(0, address.lastIndexOf('/') + 1);
      return (await this.below(parent)).includes(address) ? path(address) : undefined;
    },
  };
}

export interface Copy {
  readonly target: readonly string[];
  /** Column, and the number of its field, which begins at 1; null: the default, without a field. */
  readonly fields: readonly { readonly column: string; readonly field: number }[] | null;
  readonly addresses: readonly string[];
  readonly options: ReadonlyMap<string, string>;
}

const wrong = (message: string, number = undocumented): ServerError => new ServerError(number, message);

export function copyIn(statement: string): Copy {
  const { parts: target, rest } = dotted(statement.replace(/^\s*COPY\s+INTO\s+/i, ''));
  const list = parenthesized(rest);
  const after = list?.[1] ?? rest;
  const tokens = tokensOf(after);
  if (tokens[0]?.text.toUpperCase() !== 'FROM') throw wrong("Incorrect syntax near 'COPY'.", 102);
  const withAt = tokens.findIndex(({ text, depth }) => depth === 0 && text.toUpperCase() === 'WITH');
  const addresses = tokens.slice(1, withAt < 0 ? undefined : withAt).filter(({ kind }) => kind === 'text');
  const given = withAt < 0 ? '' : (parenthesized(after.slice(tokens[withAt]?.end).trim())?.[0] ?? '');
  const fields = list === undefined ? null : partsOf(list[0], ',').map((part, at) => fieldIn(part, at));
  const options = new Map(
    (given === '' ? [] : partsOf(given, ',')).map((part): [string, string] => {
      const [, key = '', value = ''] = /^(\w+)\s*=\s*([\s\S]*)$/.exec(part) ?? [];
      return [key.toUpperCase(), /^N?'/.test(value) ? literal(value) : value];
    }),
  );
  return { target, fields, addresses: addresses.map(({ text }) => literal(text)), options };
}

function fieldIn(part: string, at: number) {
  const { parts, rest } = dotted(part);
  if (/^default\b/i.test(rest)) throw wrong('Defaults of columns are no part of the tests.');
  return { column: parts[0] ?? '', field: rest === '' ? at + 1 : Number(rest) };
}

const guid = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}';
const oneLake = new RegExp(`^https://[\\w-]*onelake\\.(?:dfs|blob)\\.fabric\\.microsoft\\.com/(${guid}/${guid})/Files/.+$`, 'i');
const storage = /^(https:\/\/[a-z\d]{3,24}\.(?:dfs|blob)\.core\.windows\.net\/[^/]+)(?:\/.*)?$/;
const takenOptions = new Set(['FILE_TYPE', 'CREDENTIAL', 'COMPRESSION', 'IDENTITY_INSERT', 'MAXERRORS', 'ERRORFILE', 'AUTO_CREATE_TABLE']);

/** @throws where the statement names a place that a Warehouse does not read. */
export function mustBeReadable({ addresses, options }: Copy): void {
  if (addresses.length === 0) throw wrong('COPY INTO needs a location.', 102);
  const unknown = [...options.keys()].find((option) => !takenOptions.has(option));
  if (unknown !== undefined) throw wrong(`COPY INTO has no option ${unknown} for files of Parquet.`, 102);
  // CSV is the default. What a Warehouse makes of one is no part of the tests.
  if (options.get('FILE_TYPE')?.toUpperCase() !== 'PARQUET') throw wrong('FILE_TYPE must be PARQUET here.');
  const compression = options.get('COMPRESSION')?.toUpperCase();
  if (compression !== undefined && compression !== 'SNAPPY' && compression !== 'GZIP')
    throw wrong(`COMPRESSION ${compression} is not supported for files of Parquet.`);
  const credential = options.get('CREDENTIAL') ?? '';
  const containers = new Set(
    addresses.map((address) => {
      if (/[?#]/.test(address)) throw wrong(`The location '${address}' must not have a query.`);
      if (!address.includes('fabric.microsoft.com')) {
        const [, container] = storage.exec(address) ?? [];
        return container ?? raise(wrong(`The location '${address}' is no address of Azure Storage or OneLake.`));
      }
      const [, item] = oneLake.exec(address) ?? [];
      if (item === undefined)
        throw wrong(`The location '${address}' must name workspace and Lakehouse by their GUIDs and lie below Files.`);
      if (/shared access signature|storage account key/i.test(credential)) throw wrong('OneLake takes identities of Microsoft Entra only.');
      return item.toLowerCase();
    }),
  );
  if (containers.size > 1) throw wrong('Multiple file locations can only be specified from the same storage account and container.');
}

const raise = (error: Error): never => {
  throw error;
};

/** Hidden files, which only their own address names. */
const isHidden = (address: string, from: string): boolean =>
  address
    .slice(from.length)
    .split('/')
    .some((part) => /^[_.]/.test(part));

async function addressesOf(address: string, files: StagedFiles): Promise<readonly string[]> {
  const wild = address.search(/[*?]/);
  if (wild >= 0) {
    const begin = address.slice(0, address.lastIndexOf('/', wild) + 1);
    const pattern = address
      .slice(begin.length)
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '[^/]*');
    // Recursive: in each folder below.
    const matches = new RegExp(`^(?:.*/)?${pattern}$`);
    return (await files.below(begin)).filter((one) => matches.test(one.slice(begin.length)) && !isHidden(one, begin));
  }
  if ((await files.file(address)) !== undefined) return [address];
  const folder = address.endsWith('/') ? address : `${address}/`;
  return (await files.below(folder)).filter((one) => !isHidden(one, folder));
}

interface Field {
  readonly name: string;
  readonly type: string;
  readonly length: number;
  readonly logical: string;
  readonly precision: number;
  readonly scale: number;
}

/** Rows of all files, as the columns keep them, and which columns they are for. */
export async function copiedRows(
  copy: Copy,
  table: { readonly called: string; readonly columns: readonly WarehouseColumn[] },
  files: StagedFiles,
): Promise<{ readonly columns: readonly WarehouseColumn[]; readonly rows: readonly (readonly Value[])[] }> {
  mustBeReadable(copy);
  const takesIdentity = copy.options.get('IDENTITY_INSERT')?.toUpperCase() === 'ON';
  const wanted = copy.fields ?? table.columns.map(({ name }, at) => ({ column: name, field: at + 1 }));
  const targets = wanted.map(({ column, field }) => {
    const found = table.columns.find(({ name }) => name === column);
    if (!found) throw new ServerError(207, `Invalid column name '${column}'.`);
    if (found.counted && !takesIdentity)
      throw wrong(`A column list that has no field for the identity column '${column}' must be specified where IDENTITY_INSERT is OFF.`);
    return { column: found, field };
  });
  const folder = await mkdtemp(join(tmpdir(), 'hygge-copy-into-'));
  try {
    const rows: (readonly Value[])[] = [];
    for (const address of copy.addresses) {
      const found = await addressesOf(address, files);
      if (found.length === 0)
        throw wrong(`File '${address}' cannot be opened because it does not exist or it is used by another process.`, 13_822);
      for (const one of found) {
        const content = await files.file(one);
        if (content === undefined)
          throw wrong(`File '${one}' cannot be opened because it does not exist or it is used by another process.`, 13_822);
        const path = typeof content === 'string' ? content : join(folder, 'part.parquet');
        if (typeof content !== 'string') await writeFile(path, content);
        rows.push(...(await rowsOf({ path, address: one, targets, isWhole: copy.fields === null })));
      }
    }
    return { columns: targets.map(({ column }) => column), rows };
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface FileOf {
  readonly path: string;
  readonly address: string;
  readonly targets: readonly { readonly column: WarehouseColumn; readonly field: number }[];
  /** Without a list of columns each field has one. */
  readonly isWhole: boolean;
}

async function rowsOf({ path, address, targets, isWhole }: FileOf): Promise<readonly (readonly Value[])[]> {
  const from = `'${path.replaceAll("'", "''")}'`;
  const schema = await duck(`select * from parquet_schema(${from})`).catch(() =>
    raise(
      wrong(
        `The query failed because parquet file is corrupted and cannot be deserialized while attempting to read it from the location: ${address}.`,
        24_711,
      ),
    ),
  );
  const codecs = await duck(`select distinct compression as codec from parquet_metadata(${from}) where compression is not null`);
  const other = codecs.find(({ codec }) => !['SNAPPY', 'GZIP', 'UNCOMPRESSED'].includes(String(codec)));
  if (other) throw wrong(`The compression ${other.codec} of '${address}' is not supported: files of Parquet are Snappy or GZIP.`);
  const [root, ...nodes] = schema;
  if (nodes.length !== Number(root?.num_children)) throw wrong(`'${address}' has fields inside of fields, which are no part of the tests.`);
  const fields = nodes.map(
    (node): Field => ({
      ...{ name: String(node.name), type: String(node.type), length: Number(node.type_length ?? 0) },
      logical: `${node.logical_type ?? ''} ${node.converted_type ?? ''}`.trim(),
      ...{ precision: Number(node.precision ?? 0), scale: Number(node.scale ?? 0) },
    }),
  );
  // Whether fields without a column are passed over, no page says; a client that sends them has made a mistake here.
  if (isWhole && fields.length !== targets.length) throw wrong(`'${address}' has ${fields.length} fields for ${targets.length} columns.`);
  const reads = targets.map(({ column, field }, at) => {
    const one = fields[field - 1];
    if (!one) throw wrong(`'${address}' has no field ${field} for the column '${column.name}'.`);
    const how = readAs(column, one);
    if (!how) throw incompatible(column, one);
    return { column, ...how, select: `${how.select(`"${one.name.replaceAll('"', '""')}"`)} as c${at}` };
  });
  const found = await duck("set timezone = 'UTC'", `select ${reads.map(({ select }) => select).join(', ')} from read_parquet(${from})`);
  return found.map((row) =>
    reads.map(({ column, value }, at) => {
      const cell = row[`c${at}`] as string | null;
      if (cell === null && !column.nullable)
        throw wrong("There are null values present in the column which was specified as 'not null'.", 24_709);
      return cell === null ? null : value(cell);
    }),
  );
}

function incompatible({ name, type }: WarehouseColumn, field: Field): ServerError {
  const logical = field.logical === '' ? '' : `, logical type: ${field.logical.split(/[ (]/)[0]}`;
  return wrong(
    `Column '${name}' of type '${type.toUpperCase()}' is not compatible with external data type 'Parquet physical type: ${field.type}${logical}'.`,
    13_812,
  );
}

interface Reading {
  /** What DuckDB is asked for: always text. */
  select(column: string): string;
  value(text: string): Value;
}

const asText = (column: string): string => `cast(${column} as varchar)`;
const inMicroseconds = (column: string): string => `cast(epoch_us(${column}) as varchar)`;
const dayMicros = 86_400_000_000n;
/** Days between 0001-01-01 and 1970-01-01. */
const epochDay = 719_162n;

function momentText(micros: bigint, digits: number): string {
  const days = (micros - (((micros % dayMicros) + dayMicros) % dayMicros)) / dayMicros;
  if (days < -epochDay || days > 2_932_896n)
    throw wrong(`Insertion of timestamp failed. The allowed SQL range is from '0001-01-01' to '9999-12-31'.`, 24_789);
  const unit = 10n ** BigInt(6 - digits);
  // What has more digits than the column loses them.
  const rest = ((micros - days * dayMicros) / unit) * unit;
  return `${dateText(Number(days + epochDay))} ${clockText(rest * 10n, digits)}`;
}

/** How a field of Parquet becomes a value of a column; undefined: it does not. */
function readAs(
  { type, name: called }: WarehouseColumn,
  { type: physical, length, logical, precision, scale }: Field,
): Reading | undefined {
  const parts = typeParts(type);
  const is = (pattern: RegExp) => pattern.test(logical);
  const isWhole = (physical === 'INT32' || physical === 'INT64') && !is(/decimal|time|date|unsigned|uint|isSigned=0/i);
  const bits = is(/\b(8|INT_8|16|INT_16)\b|bitWidth=(8|16)\b/i) ? 16 : physical === 'INT32' ? 32 : 64;
  const most = parts.length === 'max' ? mostBytes : parts.length;
  switch (parts.name) {
    case 'bit':
      return physical === 'BOOLEAN' ? { select: asText, value: (text) => Number(text === 'true') } : undefined;
    case 'smallint':
    case 'int':
    case 'bigint':
      return isWhole && bits <= { smallint: 16, int: 32, bigint: 64 }[parts.name] ? { select: asText, value: BigInt } : undefined;
    case 'real':
    case 'float':
      if (physical !== 'FLOAT' && (physical !== 'DOUBLE' || parts.name === 'real')) return undefined;
      return {
        select: asText,
        value(text) {
          if (!Number.isFinite(Number(text)))
            throw wrong(
              `Error converting values NaN or Infinity to type '${type}' in the column '${called}'. NaN and Infinity are not supported.`,
              24_762,
            );
          return Number(text);
        },
      };
    case 'decimal': {
      if (!is(/decimal/i) || scale > parts.scale || precision - scale > parts.precision - parts.scale) return undefined;
      return {
        select: (column) => `cast(cast(${column} as decimal(${parts.precision},${parts.scale})) as varchar)`,
        value: (text) => text,
      };
    }
    case 'date':
      return is(/date/i) ? { select: inMicroseconds, value: (text) => momentText(BigInt(text), 0).slice(0, 10) } : undefined;
    case 'time':
      // Nanoseconds have no place, and no page says what becomes of them.
      if (!is(/TimeType|TIME_M/) || is(/NanoSeconds/)) return undefined;
      return { select: inMicroseconds, value: (text) => momentText(BigInt(text), parts.scale).slice(11) };
    case 'datetime2':
      if (!is(/timestamp/i) || is(/NanoSeconds/)) return undefined;
      return { select: inMicroseconds, value: (text) => momentText(BigInt(text), parts.scale) };
    case 'char':
    case 'varchar': {
      if (physical !== 'BYTE_ARRAY' || !is(/string|utf8|enum|json/i)) return undefined;
      const pad = (text: string) => (parts.name === 'char' ? text + ' '.repeat(most - Buffer.byteLength(text)) : text);
      return { select: asText, value: (text) => pad(cutTo(text, most)) };
    }
    case 'varbinary':
      if (!/BYTE_ARRAY/.test(physical) || is(/string|utf8|enum|json|decimal|uuid/i)) return undefined;
      return { select: (column) => `hex(${column})`, value: (text) => Buffer.from(text, 'hex').subarray(0, most) };
    case 'uniqueidentifier':
      // "Data types": stored as binary. That a field of UUID is read in its own order is a guess.
      return physical === 'FIXED_LEN_BYTE_ARRAY' && length === 16 && is(/uuid/i)
        ? { select: asText, value: (text) => text.toUpperCase() }
        : undefined;
    default:
      return undefined;
  }
}
