/**
 * COPY INTO of a Warehouse, from Parquet. Source: "COPY INTO (Transact-SQL)" for Fabric: addresses and folders, files of one container; fields go to columns of
 * exactly their name, and a column without a field is NULL; digits that a number or a time has too many of are cut and not rounded; Snappy and GZIP; no MAXERRORS;
 * OneLake by GUIDs, for Microsoft Entra and the workspace's identity alone; IDENTITY_INSERT. "Troubleshoot" of Data Factory has the message for a type that does not
 * fit. That texts and bytes are cut as digits are is what a client must expect, and on no page. The numbers 13812 and 13822 are those of serverless SQL, whose
 * reader of files a Warehouse shares; that it has these numbers is a guess.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duck } from '../duck.ts';
import type { Value } from '../tds/values.ts';
import { dotted, parenthesized, partsOf, tokensOf } from '../tsql/scan.ts';
import { literal, ServerError } from '../tsql/sqlite.ts';
import { clockText, dateText } from '../tsql/types.ts';
import { cutTo, mostBytes, type TypeParts, typeParts, type WarehouseColumn } from './columns.ts';
import { undocumented } from './refusals.ts';

/** Where the files of a statement really lie: the test says it. */
export interface StagedFiles {
  /** Full addresses of all files below one that ends with a slash. */
  below(address: string): Promise<readonly string[]>;
  /** A file of this machine, or its bytes; undefined: there is none under the address. */
  file(address: string): Promise<string | Uint8Array | undefined>;
}

export interface Copy {
  readonly target: readonly string[];
  /** Columns that get a field; null: all. */
  readonly columns: readonly string[] | null;
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
  const columns = list === undefined ? null : partsOf(list[0], ',').map(columnIn);
  const options = new Map(
    (given === '' ? [] : partsOf(given, ',')).map((part): [string, string] => {
      const [, key = '', value = ''] = /^(\w+)\s*=\s*([\s\S]*)$/.exec(part) ?? [];
      return [key.toUpperCase(), /^N?'/.test(value) ? literal(value) : value];
    }),
  );
  return { target, columns, addresses: addresses.map(({ text }) => literal(text)), options };
}

function columnIn(part: string): string {
  const { parts, rest } = dotted(part);
  // "Field_number - Applies to CSV files only." What a Warehouse does with one for Parquet, no page says.
  if (rest !== '') throw wrong(`COPY INTO takes nothing but names of columns for files of Parquet: ${part}.`);
  return parts[0] ?? '';
}

const guid = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}';
const oneLake = new RegExp(`^https://[\\w-]*onelake\\.(?:dfs|blob)\\.fabric\\.microsoft\\.com/(${guid}/${guid})/Files/.+$`, 'i');
const storage = /^(https:\/\/[a-z\d]{3,24}\.(?:dfs|blob)\.core\.windows\.net\/[^/]+)(?:\/.*)?$/;
/** Of files of Parquet: MAXERRORS and ERRORFILE are for others. */
const takenOptions = new Set(['FILE_TYPE', 'CREDENTIAL', 'COMPRESSION', 'IDENTITY_INSERT']);

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
  const [, identity] = /IDENTITY\s*=\s*N?'([^']*)'/i.exec(options.get('CREDENTIAL') ?? '') ?? [];
  if (identity !== undefined && !['Shared Access Signature', 'Storage Account Key', 'Workspace Identity'].includes(identity))
    throw wrong(`COPY INTO takes no identity '${identity}'.`);
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
      if (identity !== undefined && identity !== 'Workspace Identity') throw wrong('OneLake takes identities of Microsoft Entra only.');
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
  if ((await files.file(address)) !== undefined) return [address];
  const folder = address.endsWith('/') ? address : `${address}/`;
  return (await files.below(folder)).filter((one) => !isHidden(one, folder));
}

interface Field {
  readonly name: string;
  readonly type: string;
  readonly length: number;
  readonly logical: string;
}

/** Rows of all files, as the columns keep them, and which columns they are for. */
export async function copiedRows(
  copy: Copy,
  table: { readonly called: string; readonly columns: readonly WarehouseColumn[] },
  files: StagedFiles,
): Promise<{ readonly columns: readonly WarehouseColumn[]; readonly rows: readonly (readonly Value[])[] }> {
  mustBeReadable(copy);
  const takesIdentity = copy.options.get('IDENTITY_INSERT')?.toUpperCase() === 'ON';
  const counted = table.columns.find((one) => one.counted);
  if (counted && !takesIdentity && (copy.columns?.includes(counted.name) ?? true))
    throw wrong(`A column list without the identity column '${counted.name}' must be specified where IDENTITY_INSERT is OFF.`);
  if (counted && takesIdentity && copy.columns?.includes(counted.name) === false)
    throw wrong(`A column list must have the identity column '${counted.name}' where IDENTITY_INSERT is ON.`);
  const targets = (copy.columns ?? table.columns.map(({ name }) => name)).map((column) => {
    const found = table.columns.find(({ name }) => name === column);
    if (!found) throw new ServerError(207, `Invalid column name '${column}'.`);
    return found;
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
        for (const row of await rowsOf(path, one, targets)) rows.push(row);
      }
    }
    return { columns: targets, rows };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function rowsOf(path: string, address: string, targets: readonly WarehouseColumn[]): Promise<readonly (readonly Value[])[]> {
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
    }),
  );
  const reads = targets.map((column, at) => {
    const one = fields.find(({ name }) => name === column.name);
    if (!one) return { column, select: `null as c${at}`, value: () => null };
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
  const rest = ((micros - days * dayMicros) / unit) * unit;
  return `${dateText(Number(days + epochDay))} ${clockText(rest * 10n, digits)}`;
}

function cutDigits(text: string, { precision, scale }: TypeParts, column: string): string {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole.replace(/^0+/, '').length > precision - scale)
    throw new ServerError(8115, `Arithmetic overflow error converting numeric to data type decimal in the column '${column}'.`);
  const digits = `${whole}${scale === 0 ? '' : `.${fraction.padEnd(scale, '0').slice(0, scale)}`}`;
  return /[1-9]/.test(digits) ? sign + digits : digits;
}

/** "Maximum varchar(max) column size 16 MB": one that is larger fails. */
function mustBeStored(bytes: number, { length }: TypeParts, column: string): void {
  if (length === 'max' && bytes > mostBytes) throw wrong(`A value of the column '${column}' has more than 16 MB.`);
}

/** How a field of Parquet becomes a value of a column; undefined: it does not. */
function readAs({ type, name: called }: WarehouseColumn, { type: physical, length, logical }: Field): Reading | undefined {
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
      if (!is(/decimal/i)) return undefined;
      return { select: asText, value: (text) => cutDigits(text, parts, called) };
    }
    case 'date':
      return is(/date/i) ? { select: inMicroseconds, value: (text) => momentText(BigInt(text), 0).slice(0, 10) } : undefined;
    case 'time':
      if (!is(/TimeType|TIME_M/)) return undefined;
      return { select: inMicroseconds, value: (text) => momentText(BigInt(text), parts.scale).slice(11) };
    case 'datetime2':
      if (!is(/timestamp/i)) return undefined;
      return { select: inMicroseconds, value: (text) => momentText(BigInt(text), parts.scale) };
    case 'varchar':
      if (physical !== 'BYTE_ARRAY' || !is(/string|utf8|enum|json/i)) return undefined;
      return {
        select: asText,
        value(text) {
          mustBeStored(Buffer.byteLength(text), parts, called);
          return cutTo(text, most);
        },
      };
    case 'varbinary':
      if (!/BYTE_ARRAY/.test(physical) || is(/string|utf8|enum|json|decimal|uuid/i)) return undefined;
      return {
        select: (column) => `hex(${column})`,
        value(text) {
          mustBeStored(text.length / 2, parts, called);
          return Buffer.from(text, 'hex').subarray(0, most);
        },
      };
    case 'uniqueidentifier':
      // "Data types": stored as binary. That a field of UUID is read in its own order is a guess.
      return physical === 'FIXED_LEN_BYTE_ARRAY' && length === 16 && is(/uuid/i)
        ? { select: asText, value: (text) => text.toUpperCase() }
        : undefined;
    default:
      return undefined;
  }
}
