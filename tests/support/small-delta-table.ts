/** Small Delta tables, written by hand as the published protocol has them. */
import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { duck } from './duck.ts';

interface Commit {
  /** The rows of new files, as SELECTs, by the file's name. */
  readonly adds?: Readonly<Record<string, string>>;
  readonly removes?: readonly string[];
}

export interface SmallTable {
  /** Types of the protocol by name. */
  readonly columns: Readonly<Record<string, string>>;
  readonly commits: readonly Commit[];
  /** A feature that readers need. */
  readonly readerFeature?: string;
  readonly configuration?: Readonly<Record<string, string>>;
}

/** Two rows at version 0, three at version 1, and a file whose rows are deleted. */
export const orders: SmallTable = {
  columns: { id: 'integer', name: 'string' },
  commits: [
    { adds: { 'a.parquet': "select 1::int as id, 'ada' as name", 'old.parquet': "select 9::int as id, 'gone' as name" } },
    { adds: { 'b.parquet': "select * from (values (2::int, 'bo'), (3, 'cy')) t(id, name)" }, removes: ['old.parquet'] },
  ],
};

/** A table of no rows. */
export const noRows: SmallTable = { columns: { id: 'integer' }, commits: [{}] };

export const commitName = (version: number): string => `${String(version).padStart(20, '0')}.json`;

/** @param folder absolute. */
export async function writeDeltaTable(folder: string, table: SmallTable = orders): Promise<void> {
  const log = join(folder, '_delta_log');
  mkdirSync(log, { recursive: true });
  const feature = table.readerFeature;
  const protocol =
    feature === undefined
      ? { minReaderVersion: 1, minWriterVersion: 2 }
      : { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: [feature], writerFeatures: [feature] };
  const fields = Object.entries(table.columns).map(([name, type]) => ({ name, type, nullable: true, metadata: {} }));
  const metaData = {
    ...{ id: '6b1f5b6e-0000-4000-8000-000000000001', format: { provider: 'parquet', options: {} } },
    ...{ schemaString: JSON.stringify({ type: 'struct', fields }), partitionColumns: [], configuration: table.configuration ?? {} },
  };
  for (const [version, { adds = {}, removes = [] }] of table.commits.entries()) {
    const actions: unknown[] = version === 0 ? [{ protocol }, { metaData }] : [];
    for (const [path, rows] of Object.entries(adds)) {
      const file = join(folder, path);
      await duck(`copy (${rows}) to '${file.replaceAll("'", "''")}' (format parquet)`);
      const time = Date.UTC(2026, 0, 1 + version);
      actions.push({ add: { path, size: statSync(file).size, partitionValues: {}, modificationTime: time, dataChange: true } });
    }
    for (const path of removes) actions.push({ remove: { path, deletionTimestamp: Date.UTC(2026, 0, 1 + version), dataChange: true } });
    const commitInfo = { timestamp: Date.UTC(2026, 0, 1 + version), operation: 'WRITE' };
    const lines = [{ commitInfo }, ...actions].map((action) => `${JSON.stringify(action)}\n`);
    const commit = join(log, commitName(version));
    writeFileSync(commit, lines.join(''));
    // The time of a version is that of its file.
    const at = new Date(Date.UTC(2026, 0, 1 + version));
    utimesSync(commit, at, at);
  }
}
