import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type DeltaCommit, type LogAccess, openLog } from '../../../src/delta/log/log.ts';
import type { DeltaFile, DeltaSnapshot } from '../../../src/delta/table.ts';
import { HyggeError } from '../../../src/errors/hygge-error.ts';
import { localFileSystem } from '../../../src/filesystems/disk/local.ts';
import { describeSuites, missingSuite, suitePath } from '../../support/suites.ts';

interface About {
  readonly broken: boolean;
  readonly edited: boolean;
  readonly version: number | null;
  /** Rows by version; `None`: the newest. A text says why the writer could not read them. */
  readonly rowCounts?: Readonly<Record<string, number | string>>;
  readonly minReaderVersion?: number;
  readonly readerFeatures?: readonly string[];
  readonly writerFeatures?: readonly string[];
  readonly partitionColumns?: readonly string[];
  readonly properties?: Readonly<Record<string, string>>;
  readonly history?: Readonly<Record<string, { readonly operation: string | null; readonly actions: Readonly<Record<string, number>> }>>;
}

const accessTo = (table: string): LogAccess => ({
  files: localFileSystem(suitePath(`delta/${table}/table`)),
  signal: new AbortController().signal,
  table,
});

const aboutTable = (table: string): About => JSON.parse(readFileSync(suitePath(`delta/${table}/about.json`), 'utf8')) as About;

/** `numRecords` of a file; undefined: it has no statistics, or none that can be read. */
function recordsOf({ stats }: DeltaFile): number | undefined {
  try {
    const { numRecords } = JSON.parse(stats ?? '') as { readonly numRecords?: unknown };
    return typeof numRecords === 'number' ? numRecords : undefined;
  } catch {
    return undefined;
  }
}

/** Rows by the log alone; undefined: a file does not say. */
function rowsOf(files: readonly DeltaFile[]): number | undefined {
  const counts = files.map((file) => [recordsOf(file), file.vector?.cardinality ?? 0] as const);
  return counts.some(([records]) => records === undefined)
    ? undefined
    : counts.reduce((sum, [records = 0, deleted]) => sum + records - deleted, 0);
}

/** By path. Statistics are compared by what they say: a checkpoint may have them in columns, or leave them out. */
const comparable = (files: readonly DeltaFile[], withStats: boolean) =>
  [...files]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map((file) => ({ ...file, stats: withStats && recordsOf(file) !== undefined ? (JSON.parse(file.stats ?? '') as unknown) : null }));

/** What the commits made of the files at the version before them. What a commit says was there before was there. */
function applied(files: readonly DeltaFile[], commits: readonly DeltaCommit[]): readonly DeltaFile[] {
  const active = new Map(files.map((file) => [file.path, file]));
  for (const { changes } of commits) {
    for (const { before, after } of changes) {
      const known = active.get((before ?? after)?.path ?? '');
      expect(known && [known.path, known.vector]).toEqual(before === null ? undefined : [before.path, before.vector]);
      if (after === null) active.delete(before?.path ?? '');
      else active.set(after.path, after);
    }
  }
  return [...active.values()];
}

/** Tables whose newest version is refused, with the code. All others are read, and what is broken in them is not in their log. */
const refused: Readonly<Record<string, string>> = {
  'broken-add-remove-one-commit': 'HYG-3707',
  'broken-bad-json-line': 'HYG-3705',
  'broken-checkpoint-cut': 'HYG-3706',
  'broken-checkpoint-gone': 'HYG-3703',
  'broken-dv-no-feature': 'HYG-3707',
  'broken-dv-unknown-storage': 'HYG-3708',
  'broken-last-zero-bytes': 'HYG-3705',
  'broken-log-empty-folder': 'HYG-3701',
  'broken-log-hole': 'HYG-3702',
  'broken-log-no-start': 'HYG-3703',
  'broken-multipart-incomplete': 'HYG-3706',
  'broken-no-metadata': 'HYG-3707',
  'broken-partition-column-unknown': 'HYG-3709',
  'broken-protocol-features-missing': 'HYG-3707',
  'broken-protocol-later': 'HYG-3708',
  'broken-protocol-newer': 'HYG-3708',
  'broken-reader-feature-unknown': 'HYG-3708',
  'broken-schema-no-json': 'HYG-3709',
  'broken-schema-two-cases': 'HYG-3709',
  'broken-sidecar-missing': 'HYG-3706',
  'broken-torn-last': 'HYG-3705',
  'broken-two-metadata': 'HYG-3707',
  'broken-two-protocol': 'HYG-3707',
  'kernel-catalog-managed': 'HYG-3708',
  'types-geo': 'HYG-3708',
  'types-variant-shredded': 'HYG-3708',
};

/** Tables whose statistics do not say how many rows a file has. */
const withoutCounts = new Set(['checkpoint-stats-none', 'edited-stats-garbage', 'kernel-plain', 'stats-off']);

const tables =
  missingSuite('delta') === ''
    ? readdirSync(suitePath('delta'), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name !== 'origin')
        .map(({ name }) => name)
    : [];
const read = tables.filter((table) => refused[table] === undefined);

describeSuites('the log of tables that others wrote', () => {
  test('there are enough of them', () => {
    expect(tables.length).toBeGreaterThan(250);
    expect(Object.keys(refused).filter((table) => !tables.includes(table))).toEqual([]);
  });

  test.each(read)('%s has the rows of each version', async (table) => {
    const { rowCounts = {}, version, minReaderVersion, partitionColumns, readerFeatures = [], properties = {} } = aboutTable(table);
    const log = await openLog(accessTo(table));
    if (version !== null) expect(log.newest).toBe(version);
    for (const [recorded, rows] of Object.entries(rowCounts)) {
      if (typeof rows !== 'number') continue;
      const snapshot = await log.snapshot(recorded === 'None' ? log.newest : Number(recorded));
      const counted = rowsOf(snapshot.files);
      expect(counted === undefined && withoutCounts.has(table) ? rows : counted, `version ${recorded}`).toBe(rows);
    }
    const newest = await log.snapshot();
    expect(newest.protocol.minReaderVersion).toBe(minReaderVersion);
    expect([...(newest.protocol.readerFeatures ?? [])].sort()).toEqual([...readerFeatures].sort());
    expect(newest.metadata.partitionColumns).toEqual(partitionColumns);
    expect(newest.metadata.configuration).toMatchObject(properties);
  });

  test.each(Object.entries(refused))('%s is refused with %s', async (table, code) => {
    const error = await openLog(accessTo(table))
      .then((log) => log.snapshot())
      .catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(HyggeError);
    const { code: given, why, tryThis } = error as HyggeError;
    expect(given).toBe(code);
    expect([why.length > 0, tryThis.length > 0]).toEqual([true, true]);
  });

  test.each(read)('%s: what the commits changed leads from each version to the newest', async (table) => {
    const log = await openLog(accessTo(table));
    const newest = await log.snapshot();
    const { history = {} } = aboutTable(table);
    let earlier: DeltaSnapshot | undefined;
    const [first, middle, last] = [0, Math.floor(log.newest / 2), log.newest - 1];
    for (const version of new Set([first, middle, Math.max(0, last)])) {
      const increment = await log.since(version);
      earlier = await log.snapshot(version).catch(() => undefined);
      if (earlier === undefined || increment.outcome !== 'changes') {
        expect(increment.outcome).not.toBe(earlier === undefined ? 'changes' : '');
        continue;
      }
      expect(increment.commits.map((commit) => commit.version)).toEqual(
        Array.from({ length: log.newest - version }, (_, i) => version + 1 + i),
      );
      const withStats = table !== 'checkpoint-stats-none';
      expect(comparable(applied(earlier.files, increment.commits), withStats)).toEqual(comparable(newest.files, withStats));
      expect(increment.snapshot).toEqual({ ...newest, files: expect.any(Array) });
      for (const { version: changed, operation } of increment.commits)
        if (history[changed] !== undefined) expect(operation).toBe(history[changed]?.operation ?? null);
    }
  });

  test('the newest version may be too new for hygge while older ones are not', async () => {
    const log = await openLog(accessTo('broken-protocol-later'));
    for (const version of [0, 1, 2]) expect((await log.snapshot(version)).version).toBe(version);
  });

  test('in-commit timestamps that begin at a later version: before it, modification times count', async () => {
    const log = await openLog(accessTo('ict-midway'));
    const begun = 1795781542055;
    expect((await log.snapshot(3)).timestamp).toBe(begun);
    expect(await log.find({ timestamp: begun, now: Number.MAX_SAFE_INTEGER })).toBe(3);
    // The files of the suite are newer than its commits, by their modification times.
    await expect(log.find({ timestamp: begun - 1, now: Number.MAX_SAFE_INTEGER })).rejects.toMatchObject({ code: 'HYG-3704' });
  });

  test('each version of a table with in-commit timestamps is found by its own time', async () => {
    const log = await openLog(accessTo('ict-from-start'));
    for (let version = 0; version <= log.newest; version++) {
      const { timestamp } = await log.snapshot(version);
      expect(await log.find({ timestamp: timestamp ?? 0, now: Number.MAX_SAFE_INTEGER })).toBe(version);
      if (version > 0) expect(await log.find({ timestamp: (timestamp ?? 0) - 1, now: Number.MAX_SAFE_INTEGER })).toBe(version - 1);
    }
  });

  test('a commit without its in-commit timestamp can be read, and not be found by time', async () => {
    const log = await openLog(accessTo('broken-ict-missing'));
    expect((await log.snapshot()).timestamp).toBeNull();
    await expect(log.find({ timestamp: 1.9e12, now: Number.MAX_SAFE_INTEGER })).rejects.toMatchObject({ code: 'HYG-3711' });
  });
});
