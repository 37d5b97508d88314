/**
 * INSERT, UPDATE and DELETE of a Warehouse. What a statement selects is a query; what it does to rows it does by their number. Sources: "INSERT", "UPDATE"
 * and "DELETE (Transact-SQL)", and for counted columns "IDENTITY columns in Fabric Data Warehouse" and "SET IDENTITY_INSERT".
 */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Value } from '../tds/values.ts';
import { clausesOf, dotted, parenthesized, partsOf, tablesIn, tokensOf } from '../tsql/scan.ts';
import { quote, ServerError } from '../tsql/sqlite.ts';
import { stored, type WarehouseColumn } from './columns.ts';
import { tableNamed } from './definitions.ts';
import { type Found, keyOfName, NotUnderstood } from './queries.ts';
import type { Transaction, Version, Versions } from './versions.ts';

export interface Changing {
  readonly sqlite: DatabaseSync;
  readonly versions: Versions;
  readonly transaction: Transaction;
  /** Runs a query of the statement over what the transaction sees. */
  readonly ask: (sql: string) => Found;
  /** Whether a table takes values for its counted column from this session now. */
  readonly takesIdentity: (version: Version) => boolean;
}

/** Rows that end up in a table. @returns how many. */
export function addRows(on: Changing, version: Version, columns: readonly WarehouseColumn[], rows: readonly (readonly Value[])[]): number {
  const called = `${version.schema}.${version.name}`;
  const counted = version.columns.find((one) => one.counted);
  const given = columns.map(({ name }) => name);
  const isGiven = counted !== undefined && given.includes(counted.name);
  if (counted && isGiven && !on.takesIdentity(version))
    throw new ServerError(
      544,
      `Cannot insert explicit value for identity column in table '${version.name}' when IDENTITY_INSERT is set to OFF.`,
    );
  if (counted && !isGiven && on.takesIdentity(version))
    throw new ServerError(
      545,
      `Explicit value must be specified for identity column in table '${version.name}' when IDENTITY_INSERT is set to ON.`,
    );
  const own = on.versions.writable(on.transaction, version, 'appended');
  const names = own.columns.map(({ name }) => quote(name));
  const insert = on.sqlite.prepare(`insert into ${quote(own.physical)} (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`);
  for (const row of rows) {
    const values = own.columns.map((column) => {
      const at = given.indexOf(column.name);
      if (column.counted && at < 0) return own.counter.next++;
      return stored(column, at < 0 ? null : row[at], called);
    });
    insert.run(...(values as SQLInputValue[]));
  }
  if (counted && rows.length > 0) {
    // Not in a row: each statement has ranges of its own.
    own.counter.next += 1000n;
    own.counter.last = -1n;
  }
  return rows.length;
}

/** DBCC CHECKIDENT('t', RESEED): the next values are none that is there. */
export function reseed(on: Pick<Changing, 'sqlite'>, version: Version): void {
  const counted = version.columns.find((one) => one.counted);
  if (!counted) throw new ServerError(7997, `'${version.name}' does not contain an identity column.`);
  const statement = on.sqlite.prepare(`select max(${quote(counted.name)}) as most from ${quote(version.physical)}`);
  statement.setReadBigInts(true);
  const most = BigInt((statement.get()?.most as bigint | null) ?? 0n);
  if (most >= version.counter.next) version.counter.next = most + 1n;
}

const columnsNamed = (version: Version, names: readonly string[]): readonly WarehouseColumn[] =>
  names.map((name) => {
    const found = version.columns.find((one) => one.name === name);
    if (!found) throw new ServerError(207, `Invalid column name '${name}'.`);
    return found;
  });

const namesIn = (list: string): readonly string[] => partsOf(list, ',').map((one) => dotted(one).parts.at(-1) ?? '');

/** `WITH … AS (…)`, in front of a change. */
function split(statement: string, verb: string): readonly [common: string, rest: string] {
  const at = tokensOf(statement).find(({ kind, text, depth }) => kind === 'word' && depth === 0 && text.toUpperCase() === verb);
  if (!at) throw new NotUnderstood(statement);
  return [statement.slice(0, at.at), statement.slice(at.end).trim()];
}

export function insert(on: Changing, statement: string): number {
  const [common, after] = split(statement, 'INSERT');
  const { parts, rest } = dotted(after.replace(/^INTO\s+/i, ''));
  const version = tableNamed(on.transaction, parts);
  const list = parenthesized(rest);
  const isList = list !== undefined && /^(SELECT|VALUES|WITH|\()/i.test(list[1]);
  const query = isList ? list[1] : rest;
  const columns = isList
    ? columnsNamed(version, namesIn(list[0]))
    : version.columns.filter((one) => !one.counted || on.takesIdentity(version));
  if (on.takesIdentity(version) && !isList)
    throw new ServerError(
      8101,
      `An explicit value for the identity column in table '${version.name}' can only be specified when a column list is used and IDENTITY_INSERT is ON.`,
    );
  const values = /^VALUES\b/i.test(query) ? `SELECT * FROM (${query})` : query;
  const found = on.ask(`${common}${distinctNames(values, columns.length)}`);
  if (found.names.length !== columns.length)
    throw new ServerError(
      found.names.length < columns.length ? 120 : 121,
      'The select list for the INSERT statement has another number of items than the insert list.',
    );
  return addRows(on, version, columns, found.rows);
}

/** Items of a SELECT list that have one name twice, or none, get names of their own. */
function distinctNames(query: string, items: number): string {
  const words = tokensOf(query).filter(({ kind, depth }) => kind === 'word' && depth === 0);
  const isOne = words.every(({ text }) => !/^(UNION|EXCEPT|INTERSECT|ORDER)$/i.test(text));
  const rest = words.find(({ text }) => /^(FROM|WHERE|GROUP|HAVING)$/i.test(text))?.at ?? query.length;
  const [, begin = '', list = ''] =
    /^(SELECT\s+(?:DISTINCT\s+)?(?:TOP\s*\(\s*\w+\s*\)\s+)?)([\s\S]*)$/i.exec(query.slice(0, rest).trim()) ?? [];
  const written = partsOf(list, ',');
  if (!isOne || list === '' || list.includes('*') || written.length !== items) return query;
  const named = written.map((item, at) => `${withoutAlias(item)} AS hygge_${at}`);
  return `${begin}${named.join(', ')} ${query.slice(rest)}`;
}

function withoutAlias(item: string): string {
  const tokens = tokensOf(item).filter(({ depth }) => depth === 0);
  const as = tokens.findLast(({ kind, text }) => kind === 'word' && text.toUpperCase() === 'AS');
  return as && tokens.at(-2) === as ? item.slice(0, as.at).trim() : item;
}

interface Target {
  readonly version: Version;
  readonly alias: string;
  readonly from: string;
}

/** A target is a table, or the alias of one in FROM. */
function targetOf(on: Changing, parts: readonly string[], from: string | undefined): Target {
  if (from === undefined) {
    const version = tableNamed(on.transaction, parts);
    return { version, alias: version.name, from: `${bracketed(parts)} AS ${bracketed([version.name])}` };
  }
  const tables = tablesIn(from);
  const found =
    tables.find(({ alias }) => parts.length === 1 && alias === parts[0]) ?? tables.find((one) => keyOfName(one.parts) === keyOfName(parts));
  if (!found) throw new ServerError(208, `Invalid object name '${parts.join('.')}'.`);
  return { version: tableNamed(on.transaction, found.parts), alias: found.alias, from };
}

const bracketed = (parts: readonly string[]): string => parts.map((part) => `[${part.replaceAll(']', ']]')}]`).join('.');

export function update(on: Changing, statement: string): number {
  const [common, after] = split(statement, 'UPDATE');
  const { head = '', SET: set = '', FROM: from, WHERE: where } = clausesOf(after, ['SET', 'FROM', 'WHERE']);
  const { version, alias, from: tables } = targetOf(on, dotted(head).parts, from);
  const sets = partsOf(set, ',').map((part) => {
    const { parts, rest } = dotted(part);
    if (!rest.startsWith('=')) throw new NotUnderstood(statement);
    return { name: parts.at(-1) ?? '', to: rest.slice(1).trim() };
  });
  const columns = columnsNamed(
    version,
    sets.map(({ name }) => name),
  );
  const counted = columns.find((one) => one.counted);
  if (counted) throw new ServerError(8102, `Cannot update identity column '${counted.name}'.`);
  const values = sets.map(({ to }, at) => `, ${to} AS hygge_${at}`).join('');
  const found = on.ask(
    `${common}SELECT ${bracketed([alias])}._rowid_ AS hygge_row${values} FROM ${tables}${where === undefined ? '' : ` WHERE ${where}`}`,
  );
  return changeRows(on, version, columns, new Map(found.rows.map(([row, ...rest]) => [row as bigint, rest])));
}

function changeRows(
  on: Changing,
  version: Version,
  columns: readonly WarehouseColumn[],
  rows: ReadonlyMap<bigint, readonly Value[]>,
): number {
  // Whether UPDATE and DELETE that find no row take part in conflicts, no page says.
  if (rows.size === 0) return 0;
  const own = on.versions.writable(on.transaction, version, 'rewritten');
  const change = on.sqlite.prepare(
    `update ${quote(own.physical)} set ${columns.map(({ name }) => `${quote(name)} = ?`).join(', ')} where _rowid_ = ?`,
  );
  for (const [row, values] of rows) {
    const kept = columns.map((column, at) => stored(column, values[at], `${version.schema}.${version.name}`));
    change.run(...(kept as SQLInputValue[]), row);
  }
  return rows.size;
}

function removeRows(on: Changing, version: Version, rows: ReadonlySet<bigint>): number {
  // Whether UPDATE and DELETE that find no row take part in conflicts, no page says.
  if (rows.size === 0) return 0;
  const own = on.versions.writable(on.transaction, version, 'rewritten');
  const remove = on.sqlite.prepare(`delete from ${quote(own.physical)} where _rowid_ = ?`);
  for (const row of rows) remove.run(row);
  return rows.size;
}

export function remove(on: Changing, statement: string): number {
  const [common, after] = split(statement, 'DELETE');
  // DELETE t FROM …, DELETE FROM t FROM …, DELETE FROM t WHERE …
  const { head = '', FROM: from, WHERE: where } = clausesOf(after.replace(/^FROM\s+/i, ''), ['FROM', 'WHERE']);
  const { parts, rest } = dotted(head);
  if (rest !== '') throw new NotUnderstood(statement);
  const { version, alias, from: tables } = targetOf(on, parts, from);
  const found = on.ask(
    `${common}SELECT DISTINCT ${bracketed([alias])}._rowid_ AS hygge_row FROM ${tables}${where === undefined ? '' : ` WHERE ${where}`}`,
  );
  return removeRows(on, version, new Set(found.rows.map(([row]) => row as bigint)));
}
