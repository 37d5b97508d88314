/** Loaded into a thread before anything else: writes down every statement that SQLite is given there, a line each, with what it is first bound to. */
import { appendFileSync } from 'node:fs';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';

const { record } = workerData as { readonly record: string };

const note = (sql: string, values: readonly unknown[] = []): void => {
  const shown = values.map((value) => {
    if (typeof value === 'bigint') return Number(value);
    return value instanceof Uint8Array ? `bytes ${Buffer.from(value).toString('hex')}` : value;
  });
  appendFileSync(record, `${JSON.stringify({ sql, values: shown })}\n`);
};

const { exec, prepare } = DatabaseSync.prototype;
DatabaseSync.prototype.exec = function (sql) {
  note(sql);
  return exec.call(this, sql);
};

/** Prepared, and not yet carried out. */
const prepared = new WeakMap<StatementSync, string>();
DatabaseSync.prototype.prepare = function (sql, ...more) {
  const statement = prepare.call(this, sql, ...more);
  prepared.set(statement, sql);
  return statement;
};

type Method = (this: StatementSync, ...values: unknown[]) => unknown;
const statements = StatementSync.prototype as unknown as Record<string, Method>;
for (const name of ['all', 'get', 'iterate', 'run', 'columns']) {
  const original = statements[name] as Method;
  statements[name] = function (...values) {
    const sql = prepared.get(this);
    if (sql !== undefined) note(sql, values);
    // Rows that go in one by one are one statement.
    prepared.delete(this);
    return original.apply(this, values);
  };
}
