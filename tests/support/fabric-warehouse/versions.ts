/**
 * Tables of a Warehouse as sessions see them. A version of a table is a table of SQLite that nobody changes once it is committed: Parquet files and a log that names
 * them. Sources: "Transactions in Fabric Data Warehouse" (one isolation, conflicts by table, INSERT makes new files) and "Resolving Write Conflicts in Microsoft
 * Fabric Data Warehouse" (the snapshot is that of the first statement after BEGIN TRANSACTION; conflicts are found at COMMIT).
 */
import type { DatabaseSync } from 'node:sqlite';
import type { TdsSession } from '../tds/session.ts';
import { quote, ServerError } from '../tsql/sqlite.ts';
import { sqliteColumn, type WarehouseColumn } from './columns.ts';

export interface Version {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly WarehouseColumn[];
  /** SQLite's name of it. */
  readonly physical: string;
  /** How often rows of it have been changed or removed since it was made. */
  readonly rewrites: number;
  /** The next value of its counted column: no transaction takes one back. */
  readonly counter: { next: bigint; last: bigint | null };
}

export interface State {
  /** By `schema.name`. */
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

export const keyOf = ({ schema, name }: Pick<Version, 'schema' | 'name'>): string => `${schema}.${name}`;

/** `object_id` of the first table. */
export const firstId = 100;

export class Versions {
  readonly #sqlite: DatabaseSync;
  #committed: State = { tables: new Map(), schemas: new Set(['dbo']) };
  readonly #open = new Map<TdsSession, Transaction>();
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

  begin(session: TdsSession, isExplicit: boolean): Transaction {
    const tables = new Map(this.#committed.tables);
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

  newTable(of: Pick<Version, 'schema' | 'name' | 'columns'>): Version {
    const version: Version = {
      ...{ ...of, id: this.#ids++, rewrites: 0, counter: { next: 1n, last: null } },
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
    const copied = { ...version, physical, columns };
    transaction.tables.set(keyOf(version), copied);
    return copied;
  }

  #add(to: string, from: string, columns: readonly WarehouseColumn[], ids: 'as they are' | 'new', unlike?: string): void {
    const names = columns.map(({ name }) => quote(name));
    const own = ids === 'new' ? names : ['_rowid_', ...names];
    const where = unlike === undefined ? '' : ` where _rowid_ not in (select _rowid_ from ${quote(unlike)})`;
    if (own.length > 0)
      this.#sqlite.exec(`insert into ${quote(to)} (${own.join(', ')}) select ${own.join(', ')} from ${quote(from)}${where}`);
  }

  /** @throws 24556 where another transaction has changed or removed rows of a table in which this one did. */
  commit(transaction: Transaction, database: string): void {
    const { base, written, session } = transaction;
    const tables = new Map(this.#committed.tables);
    const byId = (of: ReadonlyMap<string, Version>) => new Map([...of.values()].map((one) => [one.id, one]));
    const [before, now, theirs] = [byId(base.tables), byId(transaction.tables), byId(tables)];
    try {
      for (const [id, how] of written) {
        const [was, is] = [before.get(id), theirs.get(id)];
        if (how === 'rewritten' && was && is?.rewrites !== was.rewrites) throw conflictOf(was, database);
      }
      for (const [id, was] of before) if (!now.has(id) && theirs.has(id)) tables.delete(keyOf(was));
      for (const [id, mine] of now) {
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
    this.#committed = { tables, schemas: new Set([...this.#committed.schemas, ...transaction.schemas]) };
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

  rollback({ session }: Pick<Transaction, 'session'>): void {
    this.#end(session);
  }

  #end(session: TdsSession): void {
    this.#open.delete(session);
    const seen = [this.#committed.tables, ...[...this.#open.values()].flatMap(({ base, tables }) => [base.tables, tables])];
    const used = new Set(seen.flatMap((tables) => [...tables.values()].map(({ physical }) => physical)));
    for (const physical of this.#physical) {
      if (used.has(physical)) continue;
      this.#sqlite.exec(`drop table ${quote(physical)}`);
      this.#physical.delete(physical);
    }
  }
}

/** "Transactions": 24556 and 24706 are documented, and none of the pages says which of them comes when. */
function conflictOf({ schema, name }: Version, database: string): ServerError {
  return new ServerError(
    24_556,
    `Snapshot isolation transaction aborted due to update conflict. Using snapshot isolation to access table '${schema}.${name}' directly or indirectly in database '${database}' can cause update conflicts if rows in that table have been deleted or updated by another concurrent transaction. Retry the transaction.`,
  );
}
