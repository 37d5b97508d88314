/**
 * DDL of a Warehouse. Sources: "CREATE TABLE (Fabric Data Warehouse)", "T-SQL surface area in Fabric Data Warehouse" (columns that may be NULL are added, columns are
 * dropped; ALTER COLUMN is a preview), "ALTER TABLE (Transact-SQL)" (what the preview widens), "Primary, foreign, and unique keys" (NOT ENFORCED, by ALTER TABLE
 * alone), "Temp tables in Fabric Data Warehouse", "Tables" (names), and the errors 24583, 24585, 24727 to 24735 of "Database engine events and errors 24000 to
 * 24999". Whether ALTER TABLE may stand in a transaction, pages disagree: "Transactions" (October 2025) refuses it, "T-SQL surface area" (August 2026) takes it.
 * The number of the refusal, 226, is SQL Server's for statements of that kind, and a guess.
 */
import { clausesOf, dotted, parenthesized, partsOf, tokensOf } from '../tsql/scan.ts';
import { literal, ServerError } from '../tsql/sqlite.ts';
import { columnIn, columnsIn, storedType, typeParts, type WarehouseColumn, warehouseCollation } from './columns.ts';
import { keyOfName, NotUnderstood } from './queries.ts';
import { undocumented } from './refusals.ts';
import { type Key, keyOf, type Transaction, type Version, type Versions } from './versions.ts';

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
  if (!transaction.schemas.has(schema) && !name.startsWith('#'))
    throw new ServerError(2760, `The specified schema name "${schema}" either does not exist or you do not have permission to use it.`);
  const isDistributed = /DISTRIBUTION\s*=\s*ROUND_ROBIN/i.test(options);
  if (options !== '' && !(isDistributed && name.startsWith('#')) && !/^\s*CLUSTER BY\b/i.test(options))
    throw new ServerError(undocumented, `The option ${options} is not supported.`);
  const version = versions.newTable({ schema, name, columns, isMdf: name.startsWith('#') && !isDistributed });
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

/** What is in preview, or what only some pages have. */
export interface Alterations {
  readonly inTransactions: boolean;
  readonly ofTypes: boolean;
}

export function alterTable(versions: Versions, transaction: Transaction, statement: string, may: Alterations): void {
  if (transaction.isExplicit && !may.inTransactions)
    throw new ServerError(226, 'ALTER TABLE statement not allowed within multi-statement transaction.');
  const { parts, rest } = dotted(statement.replace(/^\s*ALTER\s+TABLE\s+/i, ''));
  const version = tableNamed(transaction, parts, 4902);
  if (version.isMdf) throw notAltered();
  const replace = (changed: Partial<Pick<Version, 'keys'>>) => transaction.tables.set(keyOf(version), { ...version, ...changed });
  const [, dropped] = /^DROP\s+COLUMN\s+([\s\S]*)$/i.exec(rest) ?? [];
  if (dropped !== undefined) {
    const names = partsOf(dropped, ',').map((one) => dotted(one).parts[0] ?? '');
    const unknown = names.find((name) => !version.columns.some((one) => one.name === name));
    if (unknown !== undefined)
      throw new ServerError(4924, `ALTER TABLE DROP COLUMN failed because column '${unknown}' does not exist in table '${version.name}'.`);
    const left = version.columns.filter(({ name }) => !names.includes(name));
    versions.writable(transaction, version, 'defined', left);
    return;
  }
  const [, constraint] = /^DROP\s+CONSTRAINT\s+([\s\S]*)$/i.exec(rest) ?? [];
  if (constraint !== undefined) {
    const [name] = dotted(constraint).parts;
    if (!version.keys.some((one) => one.name === name)) throw new ServerError(3728, `'${name}' is not a constraint.`);
    replace({ keys: version.keys.filter((one) => one.name !== name) });
    return;
  }
  const [, altered] = /^ALTER\s+COLUMN\s+([\s\S]*)$/i.exec(rest) ?? [];
  if (altered !== undefined) {
    const to = columnIn(altered, 'ALTER TABLE');
    const from = version.columns.find(({ name }) => name === to.name);
    if (!from)
      throw new ServerError(4924, `ALTER TABLE ALTER COLUMN failed because column '${to.name}' does not exist in table '${version.name}'.`);
    const isWider =
      may.ofTypes && widens(from.type, to.type) && from.collation === to.collation && !from.counted && (to.nullable || !from.nullable);
    if (!isWider) throw notAltered();
    versions.writable(
      transaction,
      version,
      'defined',
      version.columns.map((one) => (one === from ? to : one)),
    );
    return;
  }
  const [, added] = /^ADD\s+([\s\S]*)$/i.exec(rest) ?? [];
  if (added === undefined) throw notAltered();
  if (/^(CONSTRAINT|PRIMARY|UNIQUE|FOREIGN|CHECK|DEFAULT)\b/i.test(added)) {
    replace({ keys: [...version.keys, keyIn(added, version)] });
    return;
  }
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

/** "ALTER TABLE (Transact-SQL)", the table of what ALTER COLUMN changes in Fabric. TIME to DATETIME2 and CHAR are left out: whoever needs them adds them. */
function widens(from: string, to: string): boolean {
  const [a, b] = [typeParts(from), typeParts(to)];
  const grows = (one: number | 'max', other: number | 'max') => one !== 'max' && (other === 'max' || other >= one);
  switch (`${a.name} to ${b.name}`) {
    case 'smallint to int':
    case 'smallint to bigint':
    case 'int to bigint':
    case 'smallint to float':
    case 'int to float':
    case 'real to float':
      return true;
    case 'decimal to decimal':
      return b.scale >= a.scale && b.precision - b.scale >= a.precision - a.scale;
    case 'smallint to decimal':
    case 'int to decimal':
      return b.precision - b.scale >= 10;
    case 'datetime2 to datetime2':
      return b.scale >= a.scale;
    case 'varchar to varchar':
    case 'varbinary to varbinary':
      return grows(a.length, b.length);
    default:
      return false;
  }
}

function keyIn(added: string, version: Version): Key {
  const [, named = ''] = /^CONSTRAINT\s+([\s\S]*)$/i.exec(added) ?? [];
  const { parts, rest } = named === '' ? { parts: [`key_${version.keys.length}`], rest: added } : dotted(named);
  const words = tokensOf(rest)
    .map(({ text }) => text.toUpperCase())
    .join(' ');
  if (/^(CHECK|DEFAULT)/.test(words)) throw notAltered();
  if (!/\bNOT ENFORCED$/.test(words))
    throw new ServerError(
      24_583,
      'Enforced constraints are not supported. To create an unenforced constraint you must include the NOT ENFORCED syntax as part of your statement.',
    );
  const kind = words.startsWith('PRIMARY') ? 'PK' : words.startsWith('UNIQUE') ? 'UQ' : 'F';
  // "PRIMARY KEY is only supported when NONCLUSTERED and NOT ENFORCED are both used."
  if (kind === 'PK' && !/^PRIMARY KEY NONCLUSTERED\b/.test(words)) throw notAltered();
  const inside = /\(([^)]*)\)/.exec(rest)?.[1] ?? '';
  const columns = partsOf(inside, ',').map((one) => dotted(one).parts[0] ?? '');
  const required = version.columns.filter(({ name }) => columns.includes(name));
  if (required.length < columns.length) throw new ServerError(1911, `Column name does not exist in the target table '${version.name}'.`);
  if (kind === 'PK' && required.some(({ nullable }) => nullable))
    throw new ServerError(8111, `Cannot define PRIMARY KEY constraint on nullable column in table '${version.name}'.`);
  return { name: parts[0] ?? '', kind, columns };
}

export function changeSchema(transaction: Transaction, statement: string): void {
  const [, how = '', unless, rest = ''] = /^\s*(CREATE|DROP)\s+SCHEMA\s+(IF\s+EXISTS\s+)?([\s\S]*)$/i.exec(statement) ?? [];
  const [name = ''] = dotted(rest).parts;
  const exists = transaction.schemas.has(name);
  if (how.toUpperCase() === 'CREATE') {
    if (exists) throw new ServerError(2714, `There is already an object named '${name}' in the database.`);
    transaction.schemas.add(name);
    return;
  }
  if (!exists && unless === undefined)
    throw new ServerError(15_151, `Cannot drop the schema '${name}', because it does not exist or you do not have permission.`);
  if ([...transaction.tables.values()].some(({ schema }) => schema === name))
    throw new ServerError(3729, `Cannot drop schema '${name}' because it is being referenced by an object.`);
  transaction.schemas.delete(name);
}

/** EXEC sp_rename of a table, or of a column: "T-SQL surface area" has both. */
export function rename(versions: Versions, transaction: Transaction, given: readonly string[]): void {
  const [from = '', to = '', what = 'OBJECT'] = given.map(literal);
  const { parts } = dotted(from);
  const isColumn = what.toUpperCase() === 'COLUMN';
  const version = transaction.tables.get(keyOfName(isColumn ? parts.slice(0, -1) : parts));
  if (!version) throw new ServerError(15_225, `No item by the name of '${from}' could be found in the current database.`);
  if (!isColumn) {
    const renamed = { ...version, name: to };
    if (transaction.tables.has(keyOf(renamed))) throw new ServerError(15_335, `The new name '${to}' is already in use as a object name.`);
    transaction.tables.delete(keyOf(version));
    transaction.tables.set(keyOf(renamed), renamed);
    return;
  }
  if (!version.columns.some(({ name }) => name === parts.at(-1))) throw new ServerError(15_248, `Column '${from}' does not exist.`);
  versions.renameColumn(transaction, version, parts.at(-1) ?? '', to);
}

/** Columns of what a query gave, for CREATE TABLE AS SELECT and SELECT INTO. */
export function columnsOfQuery(names: readonly string[], types: readonly string[]): readonly WarehouseColumn[] {
  return names.map((name, at) => {
    const type = storedType(name, types[at] ?? '');
    return { name, type, nullable: true, collation: /char/.test(type) ? warehouseCollation : null, counted: false };
  });
}

/** `CREATE TABLE t [WITH (…)] AS SELECT …`, or `SELECT … INTO t FROM …`; undefined: it is neither. */
export function queryInto(
  statement: string,
): { readonly parts: readonly string[]; readonly query: string; readonly options?: string } | undefined {
  if (/^\s*CREATE\s+TABLE\b/i.test(statement)) {
    const { parts, rest } = dotted(statement.replace(/^\s*CREATE\s+TABLE\s+/i, ''));
    const [options, after] = /^WITH\b/i.test(rest) ? (parenthesized(rest.replace(/^WITH\s*/i, '')) ?? []) : [undefined, rest];
    const [, query] = /^AS\s+((?:SELECT|WITH|\()[\s\S]*)$/i.exec(after ?? '') ?? [];
    return query === undefined ? undefined : { parts, query, ...(options === undefined ? {} : { options }) };
  }
  const { head, INTO: into, FROM: from } = clausesOf(statement, ['INTO', 'FROM']);
  if (into === undefined || !/^SELECT\b/i.test(head ?? '')) return undefined;
  return { parts: dotted(into).parts, query: `${head} ${from === undefined ? '' : `FROM ${from}`}` };
}
