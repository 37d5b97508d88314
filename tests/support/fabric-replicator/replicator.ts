import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { duckInMemory } from '../duck.ts';
import { quoted, type Row, rowsOf, text } from './landed-file.ts';
import { type TableFolder, tableFolders } from './landing-zone.ts';
import { MirroredTable, type TableState } from './mirrored-table.ts';
import { type ReplicatorOptions, type Settled, settledOptions } from './options.ts';
import { type RuleName, rules } from './rules.ts';

/** A rule that a publisher broke. */
export interface Violation {
  readonly rule: RuleName;
  readonly table: string;
  readonly detail: string;
}

/** Values of MirroringStatus, and `Paused`, which the portal shows after a capacity was resumed. */
export type DatabaseStatus = 'Initializing' | 'Initialized' | 'Starting' | 'Running' | 'Stopping' | 'Stopped' | 'Paused';

/**
 * A strict model of the replicator of an open mirrored database in Microsoft Fabric, written from Microsoft's public pages: it takes files from the landing zone in a
 * tree of the DFS server and keeps the tables in a DuckDB. Nothing happens but in `turn`, at the time that the test's clock has.
 *
 * Not modelled: delimited text; and, since no page describes it, the folders of partitions. The Delta tables in OneLake are a model of their own (`DeltaWriter`). Failures of the storage
 * itself, such as a folder that cannot be deleted while Fabric reads it, are rules of the DFS server.
 */
export class FabricReplicator implements AsyncDisposable {
  readonly violations: Violation[] = [];
  readonly #options: Settled;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #scratch: string;
  readonly #tables = new Map<string, MirroredTable>();
  /** Tables that were there once: their folders are made again. */
  readonly #known = new Set<string>();
  #tail: Promise<unknown> = Promise.resolve();
  status: DatabaseStatus = 'Running';
  /** Whether the workspace's capacity is paused: then the item can't be listed or reached. */
  isPaused = false;

  private constructor(options: Settled, instance: DuckDBInstance, connection: DuckDBConnection, scratch: string) {
    this.#options = options;
    this.#instance = instance;
    this.#connection = connection;
    this.#scratch = scratch;
  }

  static async start(options: ReplicatorOptions): Promise<FabricReplicator> {
    const scratch = await mkdtemp(join(tmpdir(), 'hygge-replicator-'));
    const instance = await duckInMemory({ memory_limit: '1GB' });
    return new FabricReplicator(settledOptions(options), instance, await instance.connect(), scratch);
  }

  /** What the status API has of the tables, in the order of their names. */
  get tables(): readonly TableState[] {
    const there = [...this.#tables.values()].flatMap((table) => table.state ?? []);
    return there.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  table(name: string): TableState | undefined {
    return this.tables.find((one) => one.name === name);
  }

  /** One iteration. Turns that are asked for at once follow one another. */
  turn(): Promise<void> {
    return this.#alone(() => this.#iterate());
  }

  /** Rows of a table in no order, values as JSON. Throws for a table that is not there. */
  rows(name: string): Promise<readonly Row[]> {
    return this.query(`select * from ${quoted(name)}`);
  }

  /** A query of the tables, whose names are quoted: `select count(*) from "sales.orders"`. */
  query(sql: string): Promise<readonly Row[]> {
    return this.#alone(() => rowsOf(this.#connection, sql));
  }

  /** Writes a table to a parquet file, for a comparison by another engine. */
  async copyTo(name: string, path: string): Promise<void> {
    await this.#alone(() => this.#connection.run(`copy ${quoted(name)} to ${text(path)} (format parquet)`));
  }

  /** "Fabric capacity paused" in "Troubleshoot Fabric mirrored databases", https://learn.microsoft.com/fabric/mirroring/troubleshooting. */
  pauseCapacity(): void {
    this.isPaused = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tail;
    this.#connection.closeSync();
    this.#instance.closeSync();
    await rm(this.#scratch, { recursive: true, force: true });
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(work);
    this.#tail = done.catch(() => undefined);
    return await done;
  }

  async #iterate(): Promise<void> {
    if (this.isPaused) return;
    if (this.status !== 'Running') return;
    const folders = new Map(tableFolders(this.#options.item).map((one) => [one.name, one]));
    for (const table of [...this.#tables.values()]) await this.#look(table, folders.get(table.name));
    for (const folder of folders.values()) {
      if (!this.#tables.has(folder.name)) this.#add(folder);
    }
    for (const table of this.#tables.values()) await table.turn();
  }

  /** "Drop table" in the landing zone's page: a deleted folder drops its table, and so does one that was made again. */
  async #look(table: MirroredTable, there: TableFolder | undefined): Promise<void> {
    if (there?.folder !== table.folder) table.lose(there !== undefined);
    if (!table.isGone()) return;
    await table.drop();
    this.#tables.delete(table.name);
    this.#known.add(table.name);
    if (there !== undefined && table.wasHasty) this.#add(there).refuse('HastyRecreation', 'The table was still there.');
  }

  #add(folder: TableFolder): MirroredTable {
    const { now, reappearsAfter } = this.#options;
    const isAgain = this.#known.has(folder.name);
    const table = new MirroredTable(folder, {
      options: this.#options,
      connection: this.#connection,
      scratch: join(this.#scratch, 'file'),
      isAgain,
      startsAt: now() + (isAgain ? reappearsAfter : 0),
      report: (rule, detail) => this.#report(folder.name, rule, detail),
    });
    this.#tables.set(folder.name, table);
    return table;
  }

  #report(table: string, rule: RuleName, detail: string): void {
    this.violations.push({ rule, table, detail: `${rules[rule].says} ${detail}` });
  }
}
