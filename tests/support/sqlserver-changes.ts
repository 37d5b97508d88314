/**
 * Change tracking of the tests' SQL Server: what Microsoft's documentation says that CHANGETABLE and its functions answer, over tables in memory. That SQL
 * Server does so, nothing here proves.
 */
import { type MemoryDatabase, type MemoryTable, type Shape, shapeOf } from './sqlserver.ts';
import type { Answer, TdsRequest } from './tds/session.ts';
import type { Value } from './tds/values.ts';

interface Change {
  readonly key: readonly Value[];
  readonly version: number;
  /** Of a row that is there: the version of its insert. Null: it is deleted. */
  readonly born: number | null;
}

interface Log {
  began: number;
  kept: number;
  record: number;
  readonly changes: Map<string, Change>;
}

/** The tracked tables of one database, and its one counter of commits. */
export class ChangeTracking {
  version: number;
  /** Undefined: it is off in the whole database. */
  retention: { period: number; unit: 1 | 2 | 3; forgets: boolean } | undefined = { period: 2, unit: 3, forgets: true };
  /** Null: the role may not see it. */
  fork: string | null = '0B5B33A6-7B4B-4CA9-8C1B-7F5DD2E5A4C1';
  may = true;
  isReadOnly = false;
  /** After the changes were looked up, and before their rows are: where no version of rows is kept, others write in between. */
  inBetween: (() => void) | undefined;
  /** Before each look at the state of tracking. */
  atLook: (() => void) | undefined;
  readonly #logs = new Map<MemoryTable, Log>();
  /** A table that was dropped has another one in its place. */
  readonly #made = new Map<MemoryTable, number>();
  #records = 1000;
  #halted: MemoryTable | undefined;

  constructor(version = 0) {
    this.version = version;
  }

  /** `ALTER TABLE … ENABLE CHANGE_TRACKING`. */
  enable(table: MemoryTable): void {
    this.#logs.set(table, { began: this.version, kept: this.version, record: ++this.#records, changes: new Map() });
  }

  disable(table: MemoryTable): void {
    this.#logs.delete(table);
  }

  /** Switched off, while what was kept is still there. */
  halt(table: MemoryTable): void {
    this.#halted = table;
  }

  /** What was read as advice, as somebody who may runs it. */
  run(sql: string, { tables }: Pick<MemoryDatabase, 'tables'>): void {
    if (/^ALTER DATABASE \[erp\] SET CHANGE_TRACKING = ON \(CHANGE_RETENTION = 7 DAYS, AUTO_CLEANUP = ON\);$/.test(sql))
      this.retention = { period: 7, unit: 3, forgets: true };
    else if (/^ALTER TABLE (\S+) ENABLE CHANGE_TRACKING;$/.test(sql) && this.retention)
      this.enable(this.#named(tables, sql.split(' ')[2] ?? ''));
    else if (/^GRANT VIEW CHANGE TRACKING ON \[\w+\]\.\[\w+\] TO \[loader\];$/.test(sql)) this.may = true;
    else throw new Error(`no one can run ${sql}`);
  }

  /** One transaction: each row that it writes gets the version of its commit. A null in place of a row: it is deleted. */
  commit(table: MemoryTable, writes: readonly { readonly key: Value; readonly row: Value[] | null }[]): number {
    const version = ++this.version;
    for (const { key, row } of writes) {
      const at = table.rows.findIndex(([id]) => id === key);
      const known = this.#logs.get(table)?.changes.get(String(key));
      const isNew = at < 0;
      if (row === null && isNew) continue;
      if (row === null) table.rows.splice(at, 1);
      else if (isNew) table.rows.push(row);
      else table.rows[at] = row;
      const born = row === null ? null : isNew ? version : (known?.born ?? 0);
      this.#logs.get(table)?.changes.set(String(key), { key: [key], version, born });
    }
    return version;
  }

  /** None of its rows is told as deleted. */
  truncate(table: MemoryTable): void {
    table.rows = [];
    const log = this.#logs.get(table);
    if (log) Object.assign(log, { began: ++this.version, kept: this.version }).changes.clear();
  }

  /** Dropped, made anew and filled, before it is tracked again. */
  make(table: MemoryTable, rows: Value[][]): void {
    table.rows = rows;
    this.#made.set(table, (this.#made.get(table) ?? 0) + 1);
    this.enable(table);
  }

  /** What is older than the retention goes: everything up to that version. */
  forget(upTo: number): void {
    for (const log of this.#logs.values()) {
      log.kept = Math.max(log.kept, upTo);
      for (const [key, { version }] of log.changes) if (version <= log.kept) log.changes.delete(key);
    }
  }

  readonly answer = (database: MemoryDatabase, { sql, parameters }: TdsRequest): Answer | undefined => {
    if (sql.startsWith('SELECT CONVERT(varchar(20), CHANGE_TRACKING_CURRENT_VERSION()) AS [current]')) {
      this.atLook?.();
      return this.#state(this.#named(database.tables, String(parameters.p1)), database);
    }
    if (!sql.includes('FROM sys.database_recovery_status')) return undefined;
    if (this.fork === null) return { error: { number: 262, message: 'VIEW ANY DATABASE permission denied.' } };
    return { columns: { fork: 'varchar(36)' }, rows: [[this.fork]] };
  };

  /** Rows in FROM, of the two forms that a slice is read from. */
  readonly shape = (database: MemoryDatabase, from: string): Shape | undefined => {
    const whole =
      /^\(SELECT [^()]*, (?:CHANGE_TRACKING_CURRENT_VERSION\(\)|CONVERT\(bigint, (\d+)\)) AS \[_change_version\], CONVERT\(bit, 0\) AS \[_deleted\] FROM ([\s\S]*)\) AS hygge_rows$/.exec(
        from,
      );
    if (whole) {
      const of = shapeOf(database, whole[2] ?? '');
      return (
        of &&
        told(
          of,
          [...of.rows].map((row) => [...row, whole[1] ?? String(this.version), '0']),
        )
      );
    }
    const since =
      /CHANGETABLE\(CHANGES (\S+), (\d+)\) AS c LEFT JOIN (\S+) AS r ON r\.\[(\w+)\] = c\.\[\4\] AND c\.SYS_CHANGE_OPERATION <> 'D'\nWHERE c\.SYS_CHANGE_OPERATION = 'D' OR r\.\[\4\] IS NOT NULL\) AS hygge_changes$/.exec(
        from,
      );
    const table = since && this.#named(database.tables, since[1] ?? '');
    const log = table && this.#logs.get(table);
    if (!since || !table || since[1] !== since[3]) return undefined;
    if (!log) throw new Error('CHANGETABLE of a table that is not tracked');
    const changes = [...log.changes.values()].filter(({ version }) => version > Number(since[2]));
    this.inBetween?.();
    const rows = changes.flatMap(({ key, version, born }): Value[][] => {
      if (born === null)
        return [
          [
            ...key,
            ...Object.keys(table.columns)
              .slice(1)
              .map(() => null),
            String(version),
            '1',
          ],
        ];
      const row = table.rows.find(([id]) => id === key[0]);
      return row ? [[...row, String(version), '0']] : [];
    });
    return told(table, rows);
  };

  #state(table: MemoryTable, { tables }: Pick<MemoryDatabase, 'tables'>): Answer {
    const log = this.#logs.get(table);
    const { retention } = this;
    const text = (value: number | undefined) => (value === undefined ? null : String(value));
    const row: Readonly<Record<string, string | null>> = {
      current: retention ? String(this.version) : null,
      kept: this.may && this.#halted !== table ? text(log?.kept) : null,
      table: String(100 + tables.indexOf(table) + 100 * (this.#made.get(table) ?? 0)),
      began: text(log?.began),
      record: text(log?.record),
      period: text(retention?.period),
      unit: text(retention?.unit),
      forgets: retention ? (retention.forgets ? '1' : '0') : null,
      may: this.may ? '1' : '0',
      tracked: retention ? '5' : null,
      updateability: this.isReadOnly ? 'READ_ONLY' : 'READ_WRITE',
      database: '[erp]',
      role: '[loader]',
    };
    return { columns: Object.fromEntries(Object.keys(row).map((name) => [name, 'nvarchar(200)'])), rows: [Object.values(row)] };
  }

  #named(tables: readonly MemoryTable[], quoted: string): MemoryTable {
    const table = tables.find(({ name }) => `[${name.replace('.', '].[')}]` === quoted);
    if (!table) throw new Error(`there is no ${quoted}`);
    return table;
  }
}

/** With the columns that tell of the change. */
function told({ columns }: Pick<MemoryTable, 'columns'>, rows: Value[][]): Shape {
  return { columns: { ...columns, _change_version: 'bigint', _deleted: 'bit' }, rows };
}

/** A database whose first table is tracked. */
export function trackedDatabase(tracking: ChangeTracking, tables: MemoryTable[], more: Partial<MemoryDatabase> = {}): MemoryDatabase {
  const database: MemoryDatabase = {
    ...more,
    tables,
    before: (request) => tracking.answer(database, request),
    shape: (from) => tracking.shape(database, from),
  };
  return database;
}
