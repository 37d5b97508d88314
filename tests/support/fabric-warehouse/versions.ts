/**
 * Tables of a Warehouse as sessions see them. A version of a table is a table of SQLite that nobody changes once it is committed: Parquet files and a log that names
 * them. Sources: "Transactions in Fabric Data Warehouse" (one isolation, conflicts by table, INSERT makes new files) and "Resolving Write Conflicts in Microsoft
 * Fabric Data Warehouse" (the snapshot is that of the first statement after BEGIN TRANSACTION; conflicts are found at COMMIT; MERGE always takes part in them).
 */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { TdsSession } from '../tds/session.ts';
import type { Value } from '../tds/values.ts';
import { quote, ServerError } from '../tsql/sqlite.ts';
import { sqliteColumn, stored, type WarehouseColumn } from './columns.ts';

export interface Key {
  readonly name: string;
  readonly kind: 'PK' | 'UQ' | 'F';
  readonly columns: readonly string[];
}

export interface Version {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly WarehouseColumn[];
  readonly keys: readonly Key[];
  /** SQLite's name of it. */
  readonly physical: string;
  /** How often rows of it have been changed or removed since it was made. */
  readonly rewrites: number;
  /** The next value of its counted column: no transaction takes one back. */
  readonly counter: { next: bigint; last: bigint | null };
  /** Temporary tables that are no Parquet: "Temp tables", the default. */
  readonly isMdf: boolean;
}

export interface State {
  /** By `schema.name`, or `#name`. */
  readonly tables: ReadonlyMap<string, Version>;
  readonly schemas: ReadonlySet<string>;
}

export interface Transaction {
  readonly session: TdsSession;
  readonly isExplicit: boolean;
  readonly base: State;
  readonly tables: Map<string, Version>;
  readonly schemas: Set<string>;
  readonly written: Map<number, 'appended' | 'rewritten'>;
}

export const keyOf = ({ schema, name }: Pick<Version, 'schema' | 'name'>): string => (name.startsWith('#') ? name : `${schema}.${name}`);
const isTemporary = (key: string): boolean => key.startsWith('#');

/** `object_id` of the first table. */
export const firstId = 100;

export class Versions {
  readonly #sqlite: DatabaseSync;
  #committed: State = { tables: new Map(), schemas: new Set(['dbo']) };
  readonly #open = new Map<TdsSession, Transaction>();
  readonly #temporary = new Map<TdsSession, ReadonlyMap<string, Version>>();
  readonly #physical = new Set<string>();
  #made = 0;
  #ids = firstId;

  constructor(sqlite: DatabaseSync) {
    this.#sqlite = sqlite;
  }

  get committed(): State {
    return this.#committed;
  }

  /** What the statements of a session run in, where it began one. */
  of(session: TdsSession): Transaction | undefined {
    return this.#open.get(session);
  }

  get open(): readonly Transaction[] {
    return [...this.#open.values()];
  }

  /** What a session sees that has begun nothing. */
  stateOf(session: TdsSession): State {
    const temporary = this.#temporary.get(session);
    if (!temporary || temporary.size === 0) return this.#committed;
    return { tables: new Map([...this.#committed.tables, ...temporary]), schemas: this.#committed.schemas };
  }

  begin(session: TdsSession, isExplicit: boolean): Transaction {
    const temporary = this.#temporary.get(session) ?? new Map<string, Version>();
    const tables = new Map([...this.#committed.tables, ...temporary]);
    const transaction: Transaction = {
      ...{ session, isExplicit, base: { tables: new Map(tables), schemas: this.#committed.schemas } },
      ...{ tables, schemas: new Set(this.#committed.schemas), written: new Map() },
    };
    this.#open.set(session, transaction);
    return transaction;
  }

  /**
   * Tables that others have made since the transaction began are there for its DDL, and for what it does with them from then on. "Transactions": DDL holds its
   * locks on the catalogue to the end of its transaction, and the next one waits for it, then continues with the table there.
   */
  seeNewTables(session: TdsSession): void {
    const transaction = this.of(session);
    if (!transaction) return;
    const known = new Set([...transaction.base.tables.values()].map(({ id }) => id));
    for (const [key, version] of this.#committed.tables) {
      if (known.has(version.id) || transaction.tables.has(key)) continue;
      (transaction.base.tables as Map<string, Version>).set(key, version);
      transaction.tables.set(key, version);
    }
  }

  newTable(of: Pick<Version, 'schema' | 'name' | 'columns' | 'isMdf'>): Version {
    const version: Version = {
      ...{ ...of, id: this.#ids++, keys: [], rewrites: 0, counter: { next: 1n, last: null } },
      physical: this.#physicalOf(of.columns),
    };
    return version;
  }

  #physicalOf(columns: readonly WarehouseColumn[]): string {
    const physical = `v${++this.#made}`;
    const declared = columns.map((column) => `${quote(column.name)} ${sqliteColumn(column)}`);
    this.#sqlite.exec(`create table ${quote(physical)} (${declared.join(', ')})`);
    this.#physical.add(physical);
    return physical;
  }

  /** A copy that only this transaction sees, with other columns where they are given; columns that the version lacks are NULL. */
  writable(transaction: Transaction, version: Version, how: 'appended' | 'rewritten' | 'defined', columns = version.columns): Version {
    if (how !== 'defined' && transaction.written.get(version.id) !== 'rewritten') transaction.written.set(version.id, how);
    const before = [...transaction.base.tables.values()].find(({ id }) => id === version.id);
    if (before?.physical !== version.physical && columns === version.columns) return version;
    const physical = this.#physicalOf(columns);
    const kept = columns.filter(({ name }) => version.columns.some((one) => one.name === name));
    this.#add(physical, version.physical, kept, 'as they are');
    this.#widen(physical, version.columns, kept);
    const copied = { ...version, physical, columns };
    transaction.tables.set(keyOf(version), copied);
    return copied;
  }

  /** Values of columns whose type is another one now. */
  #widen(physical: string, before: readonly WarehouseColumn[], now: readonly WarehouseColumn[]): void {
    const changed = now.filter((column) => before.find(({ name }) => name === column.name)?.type !== column.type);
    if (changed.length === 0) return;
    const all = this.#sqlite.prepare(`select _rowid_ as hygge_row, * from ${quote(physical)}`);
    all.setReadBigInts(true);
    const set = this.#sqlite.prepare(
      `update ${quote(physical)} set ${changed.map(({ name }) => `${quote(name)} = ?`).join(', ')} where _rowid_ = ?`,
    );
    for (const row of all.all()) {
      const values = changed.map((column) => stored(column, row[column.name] as Value, physical));
      set.run(...(values as SQLInputValue[]), row.hygge_row as bigint);
    }
  }

  renameColumn(transaction: Transaction, version: Version, from: string, to: string): void {
    const copied = this.writable(transaction, version, 'defined', [...version.columns]);
    this.#sqlite.exec(`alter table ${quote(copied.physical)} rename column ${quote(from)} to ${quote(to)}`);
    const columns = copied.columns.map((one) => (one.name === from ? { ...one, name: to } : one));
    transaction.tables.set(keyOf(version), { ...copied, columns });
  }

  #add(to: string, from: string, columns: readonly WarehouseColumn[], ids: 'as they are' | 'new', unlike?: string): void {
    const names = columns.map(({ name }) => quote(name));
    const own = ids === 'new' ? names : ['_rowid_', ...names];
    const where = unlike === undefined ? '' : ` where _rowid_ not in (select _rowid_ from ${quote(unlike)})`;
    if (own.length > 0)
      this.#sqlite.exec(`insert into ${quote(to)} (${own.join(', ')}) select ${own.join(', ')} from ${quote(from)}${where}`);
  }

  /** @throws 24556 or 24706 where another transaction has changed or removed rows of a table in which this one did. */
  commit(transaction: Transaction, database: string, conflict: 24556 | 24706): void {
    const { base, written, session } = transaction;
    const tables = new Map(this.#committed.tables);
    const byId = (of: ReadonlyMap<string, Version>) => new Map([...of.values()].map((one) => [one.id, one]));
    const [before, now, theirs] = [byId(base.tables), byId(transaction.tables), byId(tables)];
    const temporary = new Map([...transaction.tables].filter(([key]) => isTemporary(key)));
    try {
      for (const [id, how] of written) {
        const [was, is] = [before.get(id), theirs.get(id)];
        if (how === 'rewritten' && was && !isTemporary(keyOf(was)) && is?.rewrites !== was.rewrites)
          throw conflictOf(was, database, conflict);
      }
      for (const [id, was] of before) if (!now.has(id) && theirs.has(id)) tables.delete(keyOf(was));
      for (const [id, mine] of now) {
        if (isTemporary(keyOf(mine))) continue;
        const was = before.get(id);
        if (was === mine) continue;
        const is = theirs.get(id);
        if (was && !is)
          throw new ServerError(
            3961,
            `Snapshot isolation transaction failed in database '${database}' because the object accessed by the statement has been modified by a DDL statement in another concurrent transaction since the start of this transaction.`,
          );
        if (was && is) tables.delete(keyOf(is));
        if (tables.has(keyOf(mine))) throw new ServerError(2714, `There is already an object named '${mine.name}' in the database.`);
        const rewrites = (is?.rewrites ?? 0) + (written.get(id) === 'rewritten' ? 1 : 0);
        tables.set(keyOf(mine), { ...this.#merged({ was, is, mine, how: written.get(id) }), rewrites });
      }
    } catch (error) {
      this.rollback(transaction);
      throw error;
    }
    const dropped = new Set([...base.schemas].filter((one) => !transaction.schemas.has(one)));
    const schemas = new Set([...this.#committed.schemas, ...transaction.schemas].filter((one) => !dropped.has(one)));
    this.#committed = { tables, schemas };
    this.#temporary.set(session, temporary);
    this.#end(session);
  }

  /** Rows of both where others have only added some. */
  #merged(of: { was: Version | undefined; is: Version | undefined; mine: Version; how: 'appended' | 'rewritten' | undefined }): Version {
    const { was, is, mine, how } = of;
    if (!was || !is || was.physical === is.physical) return mine;
    if (how === undefined) return mine.physical === was.physical ? { ...mine, physical: is.physical } : mine;
    if (how === 'rewritten') {
      this.#add(mine.physical, is.physical, mine.columns, 'new', was.physical);
      return mine;
    }
    const physical = this.#physicalOf(mine.columns);
    this.#add(physical, is.physical, mine.columns, 'as they are');
    this.#add(physical, mine.physical, mine.columns, 'new', was.physical);
    return { ...mine, physical };
  }

  rollback({ session, base }: Transaction): void {
    this.#temporary.set(session, new Map([...base.tables].filter(([key]) => isTemporary(key))));
    this.#end(session);
  }

  /** A session is over, and its temporary tables with it. */
  closed(session: TdsSession): void {
    this.#temporary.delete(session);
    this.#end(session);
  }

  #end(session: TdsSession): void {
    this.#open.delete(session);
    const seen = [this.#committed.tables, ...this.#temporary.values(), ...this.open.flatMap(({ base, tables }) => [base.tables, tables])];
    const used = new Set(seen.flatMap((tables) => [...tables.values()].map(({ physical }) => physical)));
    for (const physical of this.#physical) {
      if (used.has(physical)) continue;
      this.#sqlite.exec(`drop table ${quote(physical)}`);
      this.#physical.delete(physical);
    }
  }
}

/** "Transactions": both messages are documented, and none of the pages says which of them comes when. */
function conflictOf({ schema, name }: Version, database: string, number: 24556 | 24706): ServerError {
  const begin = 'Snapshot isolation transaction aborted due to update conflict.';
  const table = `'${schema}.${name}' directly or indirectly in database '${database}'`;
  return number === 24556
    ? new ServerError(
        number,
        `${begin} Using snapshot isolation to access table ${table} can cause update conflicts if rows in that table have been deleted or updated by another concurrent transaction. Retry the transaction.`,
      )
    : new ServerError(
        number,
        `${begin} You cannot use snapshot isolation to access table ${table} to update, delete, or insert the row that has been modified or deleted by another transaction. Please retry the transaction.`,
      );
}
