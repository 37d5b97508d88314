/** Queries over the tables that a session sees, in SQLite: their rows, and the types of their columns as the server sends them. */
import { hash, randomUUID } from 'node:crypto';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Value } from '../tds/values.ts';
import { withTables } from '../tsql/scan.ts';
import { addFunctions, quote, ServerError, translated } from '../tsql/sqlite.ts';
import { typeName } from './catalogue.ts';
import { cutTo, sqliteCollation, stored, storedType, typeParts, type WarehouseColumn } from './columns.ts';
import { addDecimals, byValue } from './decimals.ts';
import type { Version } from './versions.ts';

export type Variables = Map<string, SQLInputValue>;

/** What a query is asked of. */
export interface Sight {
  /** By `schema.name` or `#name`. */
  readonly tables: ReadonlyMap<string, Version>;
  /** System views that lie ready, where the query reads any. */
  readonly views: ReadonlySet<string>;
  readonly schemas: readonly string[];
  readonly database: string;
}

export interface Found {
  readonly names: readonly string[];
  readonly types: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

/** A statement of a shape that the tests do not know: it is in no list. */
export class NotUnderstood extends Error {}

/** The parts of a name without the database. */
export const keyOfName = (parts: readonly string[]): string => {
  const [schema = 'dbo', name = ''] = parts.length === 1 ? [undefined, parts[0]] : parts.slice(-2);
  return name.startsWith('#') ? name : `${schema}.${name}`;
};

export class Queries {
  readonly #sqlite: DatabaseSync;
  /** Of the query that runs. */
  #sight: Sight = { tables: new Map(), views: new Set(), schemas: [], database: '' };
  /** What `HAS_PERMS_BY_NAME` answers. */
  readonly #lacks: (securable: string, right: string) => boolean;

  constructor(sqlite: DatabaseSync, lacks: (securable: string, right: string) => boolean) {
    this.#sqlite = sqlite;
    this.#lacks = lacks;
    addFunctions(sqlite);
    addDecimals(sqlite);
    this.#functions();
  }

  #functions(): void {
    const text = (value: unknown) => (value === null || value === undefined ? null : String(value));
    const bytes = (value: unknown) => (value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value), 'utf8'));
    const known = (name: unknown) => this.#sight.tables.get(keyOfName(namePartsOf(String(name))));
    const byId = (id: unknown) => [...this.#sight.tables.values()].find((one) => one.id === Number(id));
    const schemaId = (name: unknown) => (name === 'dbo' ? 1 : 5 + [...this.#sight.schemas].sort().indexOf(String(name)));
    const functions: Record<string, (...given: unknown[]) => unknown> = {
      object_id: (name) => known(name)?.id ?? null,
      object_name: (id) => byId(id)?.name ?? null,
      object_schema_name: (id) => byId(id)?.schema ?? null,
      schema_id: (name) => (this.#sight.schemas.includes(String(name ?? 'dbo')) ? schemaId(name ?? 'dbo') : null),
      schema_name: (id) => this.#sight.schemas.find((one) => schemaId(one) === Number(id ?? 1)) ?? null,
      type_name: typeName,
      quotename: (name) => (name === null ? null : `[${String(name).replaceAll(']', ']]')}]`),
      db_name: () => this.#sight.database,
      db_id: () => 5,
      databasepropertyex: (_name, property) => (property === 'Edition' ? 'DataWarehouse' : null),
      user_name: () => 'loader',
      suser_sname: () => 'loader',
      has_perms_by_name: (securable, _class, right) => Number(!this.#lacks(String(securable), String(right))),
      isnull: (one, other) => one ?? other,
      len: (value) => (value === null ? null : [...String(value).replace(/ +$/, '')].length),
      concat: (...all) => all.map((one) => text(one) ?? '').join(''),
      charindex: (part, whole) => (whole === null ? null : String(whole).indexOf(String(part)) + 1),
      hygge_left: (value, length) => (value === null ? null : [...String(value)].slice(0, Number(length)).join('')),
      hygge_right: (value, length) =>
        value === null || Number(length) === 0 ? value && '' : [...String(value)].slice(-Number(length)).join(''),
      newid: () => randomUUID().toUpperCase(),
      sysutcdatetime: () => '2026-11-23 00:00:00.000000',
      getutcdate: () => '2026-11-23 00:00:00.000',
      hashbytes(algorithm, value) {
        const name = { MD5: 'md5', SHA1: 'sha1', SHA2_256: 'sha256', SHA2_512: 'sha512' }[String(algorithm).toUpperCase()];
        return value === null || name === undefined ? null : hash(name, bytes(value), 'buffer');
      },
    };
    const convert = (type: unknown, value: unknown, style: unknown) =>
      converted(String(type).toLowerCase(), value as Value, style === undefined ? null : Number(style));
    Object.assign(functions, {
      hygge_convert: convert,
      hygge_try_convert(type: unknown, value: unknown, style: unknown) {
        try {
          return convert(type, value, style);
        } catch {
          return null;
        }
      },
    });
    const whole = (value: unknown) => (typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value);
    const numbers = new Set('object_id schema_id db_id has_perms_by_name len charindex'.split(' '));
    for (const [name, of] of Object.entries(functions)) {
      const answer = numbers.has(name) ? (...given: unknown[]) => whole(of(...given)) : of;
      this.#sqlite.function(name, { varargs: true, useBigIntArguments: true }, answer as never);
    }
    // SQLite prefers a function of just so many arguments, and has such a one for another server.
    const length = (value: unknown) => (value === null ? null : BigInt(bytes(value).length));
    this.#sqlite.function('datalength', { useBigIntArguments: true }, length as never);
  }

  /** SQLite looks through a whole table for each row that EXISTS is asked for, where it has no index. */
  #index(tables: ReadonlySet<Version>, sql: string): void {
    const names = new Set(
      [...sql.matchAll(/(?:\[((?:[^\]]|\]\])*)\]|\b(\w+))\s*=|=\s*\w+\.(?:\[((?:[^\]]|\]\])*)\]|(\w+))/g)].flatMap((found) =>
        found.slice(1),
      ),
    );
    for (const { physical, columns } of tables)
      for (const { name, type } of columns)
        if (names.has(name) && !type.startsWith('decimal'))
          this.#sqlite.exec(`create index if not exists ${quote(`${physical} ${name}`)} on ${quote(physical)} (${quote(name)})`);
  }

  /** @throws 207 and 208 as the server does; NotUnderstood where SQLite takes it for no query. */
  ask(sql: string, sight: Sight, variables: Variables): Found {
    this.#sight = sight;
    const common = new Set(
      [...sql.matchAll(/(?:^\s*WITH\s+|\)\s*,\s*)\[?(\w+)\]?\s*(?:\([^)]*\)\s*)?AS\s*\(/gi)].map(([, name = '']) => name),
    );
    const kinds = new Set<'system' | 'user'>();
    const read = new Set<Version>();
    const resolved = withTables(sql, (parts) => {
      if (parts.length === 1 && common.has(parts[0] ?? '')) return undefined;
      const [schema = ''] = parts;
      const view = parts.slice(-2).join('.');
      if (/^(sys|INFORMATION_SCHEMA)$/i.test(parts.at(-2) ?? '')) {
        kinds.add('system');
        const found = [...sight.views].find((one) => one.toLowerCase() === view.toLowerCase());
        return found === undefined ? raise(new ServerError(208, `Invalid object name '${view}'.`)) : `[${found}]`;
      }
      const table = sight.tables.get(keyOfName(parts));
      if (table === undefined) throw new ServerError(208, `Invalid object name '${parts.length === 1 ? schema : view}'.`);
      kinds.add('user');
      read.add(table);
      return `[${table.physical}]`;
    });
    // "T-SQL surface area": queries targeting system and user tables. The number is that of serverless SQL, and a guess.
    if (kinds.size === 2)
      throw new ServerError(15_816, 'The query references an object that is not supported in distributed processing mode.');
    const all = [...sight.tables.values()].flatMap(({ columns }) => columns);
    const namesOf = (is: (column: WarehouseColumn) => boolean) => new Set(all.filter(is).map(({ name }) => name));
    const decimals = namesOf(({ type }) => type.startsWith('decimal'));
    const text = inSqlite(
      byValue(resolved, decimals),
      namesOf(({ collation }) => collation !== null),
    );
    if (/\bEXISTS\b/i.test(sql)) this.#index(read, sql);
    try {
      const statement = this.#sqlite.prepare(text);
      statement.setReadBigInts(true);
      statement.setAllowUnknownNamedParameters(true);
      const asked = statement.columns();
      const given = Object.fromEntries(
        [...variables].filter(([name]) => new RegExp(`@${name}\\b`, 'i').test(text)).map(([name, value]) => [`@${name}`, value]),
      );
      // Two columns of one name are two columns.
      const isTwice = new Set(asked.map(({ name }) => name)).size < asked.length;
      if (isTwice) throw new NotUnderstood(`Two columns of one name: ${sql}`);
      const rows = statement.all(given).map((row) => asked.map(({ name }) => cellOf(row[name])));
      const types = asked.map(({ column, table }, at) => {
        const version = [...sight.tables.values()].find(({ physical }) => physical === table);
        const declared = version?.columns.find(({ name }) => name === column)?.type;
        return (
          declared ??
          typeOf(
            rows.map((row) => row[at] ?? null),
            sql,
          )
        );
      });
      return { names: asked.map(({ name }) => name), types, rows };
    } catch (error) {
      throw toldBySqlite(error, sql);
    }
  }
}

const raise = (error: Error): never => {
  throw error;
};

const namePartsOf = (name: string): readonly string[] =>
  [...name.matchAll(/\[((?:[^\]]|\]\])*)\]|([^.[\]]+)/g)].map(([, bracketed, bare]) => bracketed?.replaceAll(']]', ']') ?? bare ?? '');

const cellOf = (value: unknown): Value => (value === undefined ? null : (value as Value));

/** Of what is no column: a number without 32 bits is a bigint, and a text is one of a Warehouse. */
function typeOf(values: readonly Value[], sql: string): string {
  const some = values.find((value) => value !== null);
  if (some instanceof Uint8Array) return 'varbinary(8000)';
  if (typeof some === 'number') return 'float';
  if (typeof some === 'bigint') {
    const isLarge = values.some((value) => typeof value === 'bigint' && BigInt.asIntN(32, value) !== value);
    return isLarge || /COUNT_BIG|ROWCOUNT_BIG|\bbigint\b|\bSUM\b/i.test(sql) ? 'bigint' : 'int';
  }
  return values.some((value) => typeof value === 'string' && value.length > 8000) ? 'varchar(max)' : 'varchar(8000)';
}

function toldBySqlite(error: unknown, sql: string): Error {
  if (error instanceof ServerError || error instanceof NotUnderstood) return error;
  const { message } = error as Error;
  const [, column] = /no such column: "?([^"]+)"?/.exec(message) ?? [];
  if (column !== undefined) return new ServerError(207, `Invalid column name '${column}'.`);
  if (/Division by zero|overflow/i.test(message)) return new ServerError(8115, message);
  return new NotUnderstood(`${message}: ${sql}`);
}

/**
 * CONVERT. Texts are cut to their length; types that no table has, as `nvarchar`, may stand in queries. "Data types in Fabric Data Warehouse".
 */
function converted(type: string, value: Value, style: number | null): Value {
  if (value === null) return null;
  const { name, length } = typeParts(type);
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase();
  if (/^n?(var)?char$/.test(name)) {
    const before = style === 1 ? '0x' : '';
    const text = value instanceof Uint8Array ? (style === null ? Buffer.from(value).toString('utf8') : before + hex(value)) : String(value);
    const most = type.includes('(') ? length : 30;
    return most === 'max' ? text : name.startsWith('n') ? text.slice(0, most) : cutTo(text, most);
  }
  if (name === 'varbinary' || name === 'binary') {
    const bytes =
      value instanceof Uint8Array
        ? Buffer.from(value)
        : style === null
          ? Buffer.from(String(value), 'utf8')
          : Buffer.from(String(value).replace(/^0x/i, ''), 'hex');
    return length === 'max' ? bytes : bytes.subarray(0, type.includes('(') ? length : 30);
  }
  if (name === 'datetimeoffset' || name === 'datetime') return String(value);
  const plain = name === 'tinyint' ? 'smallint' : name === 'datetime2' && !type.includes('(') ? 'datetime2(6)' : type;
  const fits = name === 'datetime2' || name === 'time' ? plain.replace('(7)', '(6)') : plain;
  return stored({ name: '', type: storedType('', fits), nullable: true, collation: null, counted: false }, value, '');
}

/** Texts that are put together have a text on one side: a literal, a conversion to one, or a function that gives one. */
const texts = String.raw`(?:'(?:[^']|'')*'|hygge_(?:try_)?convert\('(?:n?var)?char|quotename\(|concat\(|replace\(|hygge_left\(|hygge_right\(|lower\(|upper\(|substr\()`;

function inSqlite(sql: string, textColumns: ReadonlySet<string>): string {
  const top = /^(\s*SELECT\s+(?:DISTINCT\s+)?)TOP\s*(?:\(\s*(\d+|@\w+)\s*\)|(\d+))\s+([\s\S]*)$/i.exec(sql);
  const limited = top === null ? sql : `${top[1]}${top[4]} LIMIT ${top[2] ?? top[3]}`;
  const conversions = limited
    .replace(/\b(TRY_)?CAST\s*\(\s*(@\w+|N?'(?:[^']|'')*'|[\w.[\]"]+)\s+AS\s+(\w+(?:\s*\([^)]*\))?)\s*\)/gi, '$1CONVERT($3, $2)')
    .replace(/\bTRY_CONVERT\s*\(\s*(\w+(?:\s*\([^)]*\))?)\s*,/gi, "hygge_try_convert('$1',")
    .replace(/\bCONVERT\s*\(\s*(\w+(?:\s*\([^)]*\))?)\s*,/gi, "hygge_convert('$1',");
  const text = translated(conversions, {
    table: (schema, table) => `${quote(schema)}.${quote(table)}`,
    collation: sqliteCollation,
    more: (plain) =>
      plain
        .replace(/\bLEFT\s*\(/gi, 'hygge_left(')
        .replace(/\bRIGHT\s*\(/gi, 'hygge_right(')
        .replace(/\bCOUNT_BIG\b/gi, 'count')
        .replace(/\bSUBSTRING\b/gi, 'substr')
        .replace(/\bOPTION\s*\((?:[^()]|\([^)]*\))*\)\s*$/i, '')
        .replace(/\b0x([\da-f]*)\b/gi, "x'$1'"),
  });
  const isText = (name: string) => textColumns.has(name.replace(/^"|"$/g, '').replaceAll('""', '"'));
  return text
    .replace(new RegExp(String.raw`\+\s*(?=${texts})`, 'gi'), '|| ')
    .replace(/('(?:[^']|'')*')\s*\+/g, '$1 ||')
    .replace(/\+(\s*(?:\w+\.|"(?:[^"]|"")*"\.)?("(?:[^"]|"")*"|[a-z_]\w*\b(?!\s*[.(])))/gi, (all, right: string, name: string) =>
      isText(name) ? `||${right}` : all,
    )
    .replace(/(("(?:[^"]|"")*"|\b[a-z_]\w*)\s*)\+/gi, (all, left: string, name: string) => (isText(name) ? `${left}||` : all))
    .replace(/\+\s*(?=x'[\da-f]*')/gi, '|| ');
}
