/**
 * DDL of a Warehouse, as far as hygge asks for it. Sources: "CREATE TABLE (Fabric Data Warehouse)", "T-SQL surface area in Fabric Data Warehouse" (columns that may be
 * NULL are added), "Tables" (names), and the errors 24585, 24727 to 24735 of "Database engine events and errors 24000 to 24999". Whether ALTER TABLE may stand in a transaction, pages disagree: "Transactions" (October 2025) refuses it, "T-SQL surface area" (August 2026) takes it.
 * The number of the refusal, 226, is SQL Server's for statements of that kind, and a guess.
 */
import { dotted, parenthesized, partsOf } from '../tsql/scan.ts';
import { literal, ServerError } from '../tsql/sqlite.ts';
import { columnIn, columnsIn, storedType, type WarehouseColumn, warehouseCollation } from './columns.ts';
import { keyOfName, NotUnderstood } from './queries.ts';
import { undocumented } from './refusals.ts';
import { keyOf, type Transaction, type Version, type Versions } from './versions.ts';

const notAltered = (): ServerError =>
  new ServerError(24_585, 'The specified ALTER TABLE statement is not supported in this edition of SQL Server.');

export function tableNamed(transaction: Transaction, parts: readonly string[], number = 208): Version {
  const found = transaction.tables.get(keyOfName(parts));
  if (found) return found;
  const name = parts.slice(-2).join('.');
  if (number === 208) throw new ServerError(208, `Invalid object name '${name}'.`);
  throw new ServerError(number, `Cannot find the object "${name}" because it does not exist or you do not have permissions.`);
}

/** "Tables": what a name must not have. */
function mustBeNamed(schema: string, name: string): void {
  const sign = /[/\\]/.exec(name)?.[0];
  if (sign !== undefined) throw new ServerError(24_576, `Table name cannot contain '${sign}'.`);
  if (name.endsWith('.')) throw new ServerError(24_727, "Table name cannot end with '.'.");
  const other = /[/\\]/.exec(schema)?.[0];
  if (other !== undefined) throw new ServerError(24_728, `Schema name cannot contain '${other}'.`);
}

/** An empty table under a new name. */
export function addTable(
  versions: Versions,
  transaction: Transaction,
  of: { readonly parts: readonly string[]; readonly columns: readonly WarehouseColumn[]; readonly options?: string },
): Version {
  const { parts, columns, options = '' } = of;
  const name = parts.at(-1) ?? '';
  const schema = parts.at(-2) ?? 'dbo';
  mustBeNamed(schema, name);
  if (!transaction.schemas.has(schema))
    throw new ServerError(2760, `The specified schema name "${schema}" either does not exist or you do not have permission to use it.`);
  if (options !== '' && !/^\s*CLUSTER BY\b/i.test(options)) throw new ServerError(undocumented, `The option ${options} is not supported.`);
  const version = versions.newTable({ schema, name, columns });
  if (transaction.tables.has(keyOf(version))) throw new ServerError(2714, `There is already an object named '${name}' in the database.`);
  transaction.tables.set(keyOf(version), version);
  return version;
}

/** CREATE TABLE with columns; CREATE TABLE AS SELECT is not for it. */
export function createTable(versions: Versions, transaction: Transaction, statement: string): void {
  const { parts, rest } = dotted(statement.replace(/^\s*CREATE\s+TABLE\s+/i, ''));
  const [inside, after] = parenthesized(rest) ?? [];
  if (inside === undefined || after === undefined) throw new NotUnderstood(statement);
  const options = /^WITH\b/i.test(after) ? parenthesized(after.replace(/^WITH\s*/i, ''))?.[0] : undefined;
  if (after !== '' && options === undefined) throw new NotUnderstood(statement);
  addTable(versions, transaction, { parts, columns: columnsIn(inside), ...(options === undefined ? {} : { options }) });
}

export function dropTables(transaction: Transaction, statement: string): void {
  const [, unless, names = ''] = /^\s*DROP\s+TABLE\s+(IF\s+EXISTS\s+)?([\s\S]*)$/i.exec(statement) ?? [];
  for (const name of partsOf(names, ',')) {
    const { parts } = dotted(name);
    const key = keyOfName(parts);
    if (!transaction.tables.delete(key) && unless === undefined)
      throw new ServerError(3701, `Cannot drop the table '${parts.at(-1)}', because it does not exist or you do not have permission.`);
  }
}

/** Columns are added, and nothing else is altered. */
export function alterTable(versions: Versions, transaction: Transaction, statement: string): void {
  if (transaction.isExplicit) throw new ServerError(226, 'ALTER TABLE statement not allowed within multi-statement transaction.');
  const { parts, rest } = dotted(statement.replace(/^\s*ALTER\s+TABLE\s+/i, ''));
  const version = tableNamed(transaction, parts, 4902);
  const [, added] = /^ADD\s+(?!CONSTRAINT|PRIMARY|UNIQUE|FOREIGN|CHECK|DEFAULT)([\s\S]*)$/i.exec(rest) ?? [];
  if (added === undefined) throw notAltered();
  const columns = partsOf(added, ',').map((part) => {
    if (/\bIDENTITY\b/i.test(part)) throw notAltered();
    return columnIn(part, 'ALTER TABLE');
  });
  if (columns.some(({ nullable }) => !nullable)) throw new ServerError(24_735, 'Only nullable columns can be added to an existing table.');
  const twice = columns.find(({ name }) => version.columns.some((one) => one.name === name));
  if (twice)
    throw new ServerError(
      2705,
      `Column names in each table must be unique. Column name '${twice.name}' in table '${version.name}' is specified more than once.`,
    );
  versions.writable(transaction, version, 'defined', [...version.columns, ...columns]);
}

export function createSchema(transaction: Transaction, statement: string): void {
  const [, rest = ''] = /^\s*CREATE\s+SCHEMA\s+([\s\S]*)$/i.exec(statement) ?? [];
  const [name] = dotted(rest).parts;
  if (name === undefined) throw new NotUnderstood(statement);
  if (transaction.schemas.has(name)) throw new ServerError(2714, `There is already an object named '${name}' in the database.`);
  transaction.schemas.add(name);
}

/** EXEC sp_rename of a table. */
export function rename(transaction: Transaction, [from = '', to = '']: readonly string[]): void {
  const version = tableNamed(transaction, dotted(literal(from)).parts, 15_225);
  const renamed = { ...version, name: literal(to) };
  if (transaction.tables.has(keyOf(renamed)))
    throw new ServerError(15_335, `The new name '${renamed.name}' is already in use as a object name.`);
  transaction.tables.delete(keyOf(version));
  transaction.tables.set(keyOf(renamed), renamed);
}

/** Columns of what a query gave, for CREATE TABLE AS SELECT. */
export function columnsOfQuery(names: readonly string[], types: readonly string[]): readonly WarehouseColumn[] {
  return names.map((name, at) => {
    const type = storedType(name, types[at] ?? '');
    return { name, type, nullable: true, collation: /char/.test(type) ? warehouseCollation : null, counted: false };
  });
}

/** `CREATE TABLE t [WITH (…)] AS SELECT …`; undefined: it is another statement. */
export function queryInto(
  statement: string,
): { readonly parts: readonly string[]; readonly query: string; readonly options?: string } | undefined {
  if (!/^\s*CREATE\s+TABLE\b/i.test(statement)) return undefined;
  const { parts, rest } = dotted(statement.replace(/^\s*CREATE\s+TABLE\s+/i, ''));
  const [options, after] = /^WITH\b/i.test(rest) ? (parenthesized(rest.replace(/^WITH\s*/i, '')) ?? []) : [undefined, rest];
  const [, query] = /^AS\s+((?:SELECT|WITH|\()[\s\S]*)$/i.exec(after ?? '') ?? [];
  return query === undefined ? undefined : { parts, query, ...(options === undefined ? {} : { options }) };
}
