import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { DatabaseError, joinedStatements, type Row, type Session, type Transaction } from '../../../../src/databases/engine.ts';
import type { LeasedConnection, Pool } from '../../../../src/engine/contracts/pools.ts';
import { duckInMemory } from '../../../support/duck.ts';

/** A warehouse in memory, with a stage beside it that files are put into. It does one transaction at a time. */
export class Warehouse implements Pool<WarehouseSession> {
  readonly system = 'warehouse';
  readonly stage = new Map<string, readonly Uint8Array[]>();
  readonly folder: string;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  #turn: Promise<void> = Promise.resolve();

  private constructor(folder: string, instance: DuckDBInstance, connection: DuckDBConnection) {
    this.folder = folder;
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(folder: string): Promise<Warehouse> {
    const instance = await duckInMemory();
    return new Warehouse(folder, instance, await instance.connect());
  }

  forWriting(): Pool<WarehouseSession> {
    return this;
  }

  async acquireIdle(): Promise<undefined> {}

  async acquire(): Promise<LeasedConnection<WarehouseSession>> {
    const before = this.#turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    await before;
    const connection = new WarehouseSession(this.#connection, this);
    return { connection, spoil: () => undefined, [Symbol.asyncDispose]: async () => resolve() };
  }

  /** Files of the stage as paths that DuckDB reads. The bytes lie in memory until then. */
  read<T>(names: readonly string[], work: (paths: readonly string[]) => Promise<T>): Promise<T> {
    const paths = names.map((name) => {
      const path = join(this.folder, name.replace('/', '-'));
      writeFileSync(path, Buffer.concat(this.stage.get(name) ?? []));
      return path;
    });
    return work(paths).finally(() => paths.map((path) => rmSync(path)));
  }

  async rows(sql: string): Promise<readonly Row[]> {
    return new WarehouseSession(this.#connection, this).query(sql);
  }

  [Symbol.dispose](): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

const asText = (value: unknown): string | null =>
  value === null ? null : typeof value === 'object' ? JSON.stringify(value) : String(value);

export class WarehouseSession implements Session {
  readonly isBroken = false;
  readonly hasAnswered = true;
  readonly warehouse: Warehouse;
  readonly #connection: DuckDBConnection;

  constructor(connection: DuckDBConnection, warehouse: Warehouse) {
    this.#connection = connection;
    this.warehouse = warehouse;
  }

  async query(sql: string, values: readonly (string | null)[] = []): Promise<readonly Row[]> {
    const answer = await this.#said(() => this.#connection.runAndReadAll(sql, [...values]));
    return answer.getRowObjectsJson().map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, asText(value)])));
  }

  async execute(sql: string, values: readonly (string | null)[] = []): Promise<number> {
    return (await this.#said(() => this.#connection.run(sql, [...values]))).rowsChanged;
  }

  async run(statements: string | readonly string[]): Promise<void> {
    await this.#said(() => this.#connection.run(joinedStatements(statements)));
  }

  begin(_of: Transaction): Promise<void> {
    return this.run('begin transaction');
  }

  commit(): Promise<void> {
    return this.run('commit');
  }

  rollback(): Promise<void> {
    return this.run('rollback');
  }

  destroy(): void {}

  async close(): Promise<void> {}

  async #said<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw new DatabaseError((error as Error).message, { code: /^\w+ Error/.exec((error as Error).message)?.[0] ?? '', cause: error });
    }
  }
}
