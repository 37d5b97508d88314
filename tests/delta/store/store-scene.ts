/** A store that is a Delta table, and another program that writes to the table. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HyggeEvent } from '../../../src/ports/events.ts';
import { OtherCommitter } from '../../support/delta/other-committer.ts';
import { duck } from '../../support/duck.ts';
import type { Run } from '../../support/run-hygge.ts';
import { TestWorkspace } from '../../support/workspace.ts';

export const flowOf = (more = '', store = '', home = 'in.csv') =>
  `home: { path: ${home} }\nstore: { type: local, path: lake/orders, format: delta${store} }\n${more}`;
export const byTime = 'run_type: incremental\nwatermark: { column: at }\n';
const day = (n: number) => `2026-01-${String(n).padStart(2, '0')}T00:00:00Z`;
export const csv = (...rows: readonly (readonly [id: number | string, at: number, name: string])[]) =>
  ['id,at,name', ...rows.map(([id, at, name]) => `${id},${day(at)},${name}`), ''].join('\n');

export class StoreScene implements Disposable {
  readonly workspace: TestWorkspace;
  readonly table: string;
  readonly others: OtherCommitter;

  constructor(flow: string, source = '') {
    this.workspace = new TestWorkspace({ 'flows/f/flow.yml': flow, 'in.csv': source });
    this.table = this.workspace.path('lake/orders');
    this.others = new OtherCommitter(this.table);
  }

  run(...args: readonly string[]): Promise<Run> {
    return this.workspace.run([...args, '--output', 'json']);
  }

  async ids(): Promise<readonly number[]> {
    const files = this.others.state().files.map((file) => `select id from ${this.others.rowsOf(file)}`);
    const rows = files.length === 0 ? [] : await duck(`${files.join(' union all ')} order by id`);
    return rows.map(({ id }) => Number(id));
  }

  /** The rows of the newest version, as texts of some columns. */
  async rows(columns = "id || ' ' || name"): Promise<readonly string[]> {
    const files = this.others.state().files.map((file) => `select * from ${this.others.rowsOf(file)}`);
    const rows = files.length === 0 ? [] : await duck(`select ${columns} as text from (${files.join(' union all by name ')}) order by 1`);
    return rows.map(({ text }) => String(text));
  }

  /** An entry of another program, as it is. @param metrics of the operation, where the program says them. */
  put(operation: string, actions: readonly object[], metrics?: Readonly<Record<string, string>>): void {
    const name = `${String(this.others.state().version + 1).padStart(20, '0')}.json`;
    const lines = [{ commitInfo: { timestamp: Date.now(), operation, ...(metrics && { operationMetrics: metrics }) } }, ...actions].map(
      (line) => `${JSON.stringify(line)}\n`,
    );
    appendFileSync(join(this.table, '_delta_log', name), lines.join(''));
  }

  [Symbol.dispose](): void {
    this.workspace[Symbol.dispose]();
  }
}

export type Listed = ReturnType<OtherCommitter['state']>['files'];
export const added = (files: Listed) => files.map((file) => ({ add: { ...file, dataChange: true, modificationTime: Date.now() } }));
export const removed = (files: Listed) => files.map(({ path }) => ({ remove: { path, deletionTimestamp: Date.now(), dataChange: true } }));

export const errorOf = (run: Run) => run.events.find((event): event is HyggeEvent & { event: 'error' } => event.event === 'error');
export const codeOf = (run: Run) => errorOf(run)?.code;

/** The words behind each `hygge` of an advised line. */
export const commandsIn = (line = ''): readonly (readonly string[])[] =>
  [...line.matchAll(/hygge ([^,]*)/g)].map(([, words = '']) =>
    words
      .split(' ')
      .filter(Boolean)
      .map((word) => word.replaceAll('"', '')),
  );
