/** A merge by copy_on_write rewrites its files in steps, between which the process may be another one. Another program vacuums the table meanwhile. */
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { realClock } from '../../../src/adapters/real-clock.ts';
import { realRandom } from '../../../src/adapters/real-random.ts';
import { realScratch } from '../../../src/adapters/real-scratch.ts';
import type { CommitOutcome, Intent } from '../../../src/engine/contracts/intent.ts';
import type { Writing } from '../../../src/engine/contracts/writing.ts';
import { DefectError } from '../../../src/errors/hygge-error.ts';
import { deltaTools } from '../../../src/files/delta-store/merge/merge-tools.ts';
import { deltaStore } from '../../../src/files/delta-store/store.ts';
import type { FilePlace } from '../../../src/files/store/layout.ts';
import { sortedRuns } from '../../../src/files/store/staging/sorted-runs.ts';
import { localFileSystem } from '../../../src/filesystems/disk/local.ts';
import { parquetFormat } from '../../../src/formats/parquet/parquet.ts';
import { rowsWithin } from '../../../src/frames/row-sum/some-rows.ts';
import type { FileSystem } from '../../../src/ports/filesystem.ts';
import type { Json } from '../../../src/ports/values.ts';
import { but } from '../../support/but.ts';
import { Bench, run } from '../../support/connector-conformance/bench.ts';
import { polarsFrame } from '../../support/connector-conformance/frames.ts';
import { OtherCommitter } from '../../support/delta/other-committer.ts';
import { duck } from '../../support/duck.ts';
import { row } from '../../support/sim/rows.ts';

const plainPlace: FilePlace = { type: 'test', root: 'lake', folder: '', flow: 'f', entity: 'e', layout: 'plain', extension: '.parquet' };
type Way = 'copy_on_write' | 'deletion_vectors';
const byKey: Writing = { mode: 'merge', key: ['id'], why: 'key' };
const files = 3;

/** A table of three files with four rows each, and a merge that changes two rows of each. */
class Table implements AsyncDisposable {
  readonly folder: string;
  readonly others: OtherCommitter;
  readonly files: FileSystem;
  readonly bench: Bench;
  /** The names under which files were published, in order. */
  readonly published: string[] = [];
  /** Called with the name right before a file is published. */
  beforePublish: (name: string) => void | Promise<void> = () => undefined;
  /** As in storage whose files tell who wrote them: a file that is there is another one, whatever is in it. */
  knowsWriters = false;
  /** Called right before an entry of the log is put. */
  beforeEntry: () => void = () => undefined;
  readonly #scratch = realScratch();

  constructor(folder: string, stepBytes: number, merge: Way) {
    const place: FilePlace = { ...plainPlace, ...(merge === 'copy_on_write' ? { merge } : {}) };
    this.folder = folder;
    this.others = new OtherCommitter(folder);
    const plain = localFileSystem(folder);
    this.files = but<FileSystem>(plain, {
      publish: async (file) => {
        await this.beforePublish(file.final);
        const isTaken = (await plain.stat(file.staged)) !== undefined && (await plain.stat(file.final)) !== undefined;
        if (this.knowsWriters && isTaken) throw alreadyThere(file.final);
        const outcome = await plain.publish(file);
        this.published.push(file.final);
        return outcome;
      },
      put: async (path, ...what) => {
        if (path.startsWith('_delta_log/')) this.beforeEntry();
        return plain.put(path, ...what);
      },
    });
    const how = { clock: realClock(), targetBytes: 1_000_000, apart: sortedRuns(), random: realRandom(), scratch: this.#scratch };
    const merging = { tools: deltaTools, within: rowsWithin, stepBytes };
    // A process of its own for each call.
    const open = async (at: FilePlace = place) =>
      deltaStore({ files: this.files, place: at, where: 'lake', format: parquetFormat({}), ...how, merging });
    const of = { frame: polarsFrame, settled: async () => [], [Symbol.asyncDispose]: async () => undefined };
    this.bench = new Bench({ open, at: (at) => open(at as unknown as FilePlace), ...of });
  }

  async filled(): Promise<Intent> {
    for (let n = 0; n < files; n++) await this.bench.settle(n + 1, [{ rows: [0, 1, 2, 3].map((i) => row(10 * n + i, 10 * n + i)) }]);
    const changed = Array.from({ length: files }, (_, n) => [row(10 * n, 100 + n), row(10 * n + 3, 200 + n)]).flat();
    const parts = await this.bench.stage(run(files + 1), [{ rows: changed }]);
    return this.bench.decide(run(files + 1), parts, { what: 'nothing' }, byKey);
  }

  /** One call of a process of its own. */
  async step(intent: Intent, cursor?: Json) {
    return (await this.bench.under.at(intent.place)).commit(intent, cursor);
  }

  /** @returns the outcome, and the number of calls. */
  async committed(intent: Intent, cursor?: Json): Promise<{ readonly outcome: CommitOutcome; readonly calls: number }> {
    let from = cursor;
    for (let calls = 1; ; calls++) {
      const step = await this.step(intent, from);
      if ('done' in step) return { outcome: step.done, calls };
      from = step.again;
    }
  }

  /** The rows of the newest version, and what the log says of its files. */
  async found() {
    const { files: listed } = this.others.state();
    const rows = await duck(listed.map((file) => `select id, mark from ${this.others.rowsOf(file)}`).join(' union all '));
    const asText = rows.map(({ id, mark }) => `${String(id)}@${String(mark)}`).sort();
    return { rows: asText, stats: listed.map(({ stats, size }) => `${size} ${stats}`).sort() };
  }

  /** Whether an entry of the log names a file. */
  everNamed(name: string): boolean {
    const log = join(this.folder, '_delta_log');
    return readdirSync(log).some((entry) => entry.endsWith('.json') && readFileSync(join(log, entry), 'utf8').includes(name));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scratch[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const alreadyThere = (name: string) =>
  new DefectError({ code: 'HYG-9401', what: `${name} is already there with other content.`, tryThis: ['Report this'] });

const tableOf = async (stepBytes: number, merge: Way = 'copy_on_write') =>
  new Table(join(await mkdtemp(join(tmpdir(), 'hygge-steps-')), 'lake'), stepBytes, merge);

/** The rows and the files after a merge in one step. */
let oneStep: Awaited<ReturnType<Table['found']>>;
beforeAll(async () => {
  await using table = await tableOf(1_000_000);
  const { outcome, calls } = await table.committed(await table.filled());
  expect([calls, outcome]).toEqual([1, { outcome: 'committed', counts: { inserted: 0, updated: 2 * files, deleted: 0 } }]);
  oneStep = await table.found();
});

it('rewrites each file once in steps of other processes, and says of them what one step says', async () => {
  await using table = await tableOf(1);
  const intent = await table.filled();
  table.published.length = 0;
  const { outcome, calls } = await table.committed(intent);
  expect([calls, outcome]).toEqual([files, { outcome: 'committed', counts: { inserted: 0, updated: 2 * files, deleted: 0 } }]);
  expect(await table.found()).toEqual(oneStep);
  expect(new Set(table.published).size).toBe(table.published.length);
  expect(table.published).toHaveLength(files + 1);
});

it('stopped at any file, a merge continues in another process, without a lost or doubled row', async () => {
  for (let at = 1; at <= files; at++) {
    await using table = await tableOf(1_000_000);
    const intent = await table.filled();
    const first = table.published.length;
    table.beforePublish = () => {
      if (table.published.length === first + at) throw new Error('stopped here');
    };
    await expect(table.step(intent)).rejects.toThrow('stopped here');
    table.beforePublish = () => undefined;
    await table.committed(intent);
    expect(await table.found()).toEqual(oneStep);
    // The part of the run comes first, and each call makes sure of it.
    const [part, ...rewritten] = table.published.slice(first);
    expect(rewritten.filter((name) => name !== part)).toHaveLength(files);
  }
});

describe.each(['copy_on_write', 'deletion_vectors'] as const)('the change feed of a merge by %s', (merge) => {
  /** A merge into the table, which has a feed by now. */
  async function withFeed(table: Table): Promise<Intent> {
    const intent = await table.filled();
    table.others.configure({ 'delta.enableChangeDataFeed': 'true' });
    return intent;
  }

  /** What the newest entry says of the feed, and the rows that it names. */
  async function changes(table: Table): Promise<readonly string[]> {
    const entry = readFileSync(join(table.folder, '_delta_log', `${String(table.others.state().version).padStart(20, '0')}.json`), 'utf8');
    const paths = entry.split('\n').flatMap((line) => (line === '' ? [] : ((JSON.parse(line) as Entry).cdc?.path ?? [])));
    const of = paths.map((path) => `'${join(table.folder, path)}'`).join(', ');
    const rows = await duck(`select _change_type as kind, id, mark from read_parquet([${of}])`);
    expect(readdirSync(join(table.folder, '_change_data'))).toHaveLength(paths.length);
    return rows.map(({ kind, id, mark }) => `${String(kind)} ${String(id)}@${String(mark)}`).sort();
  }
  interface Entry {
    readonly cdc?: { readonly path: string };
  }

  const wanted = Array.from({ length: files }, (_, n) => [
    ...[`update_preimage ${10 * n}@${10 * n}`, `update_preimage ${10 * n + 3}@${10 * n + 3}`],
    ...[`update_postimage ${10 * n}@${100 + n}`, `update_postimage ${10 * n + 3}@${200 + n}`],
  ])
    .flat()
    .sort();

  it('is written in steps of other processes, each file once', async () => {
    await using table = await tableOf(1, merge);
    const intent = await withFeed(table);
    table.published.length = 0;
    const { outcome, calls } = await table.committed(intent);
    expect(outcome).toEqual({ outcome: 'committed', counts: { inserted: 0, updated: 2 * files, deleted: 0 } });
    expect(calls).toBeGreaterThan(files);
    expect(await changes(table)).toEqual(wanted);
    expect(new Set(table.published).size).toBe(table.published.length);
    expect((await table.found()).rows).toEqual(oneStep.rows);
  });

  it('is whole after a stop at the first or the last of its files', async () => {
    for (const at of [1, files + 1]) {
      await using table = await tableOf(1_000_000, merge);
      const intent = await withFeed(table);
      let seen = 0;
      table.beforePublish = (name) => {
        if (name.startsWith('_change_data/') && ++seen === at) throw new Error('stopped here');
      };
      await expect(table.step(intent)).rejects.toThrow('stopped here');
      table.beforePublish = () => undefined;
      await table.committed(intent);
      expect(await changes(table)).toEqual(wanted);
    }
  });

  it('and each file that the entry names are there, though another program removed the one before the last', async () => {
    await using table = await tableOf(1_000_000, merge);
    const intent = await withFeed(table);
    let isGone = false;
    const first = table.published.length;
    table.beforePublish = (name) => {
      // The first one is the part of the run.
      if (isGone || !name.startsWith('_change_data/') || table.published.length <= first + 1) return;
      isGone = true;
      rmSync(join(table.folder, table.published.at(-1) ?? ''));
    };
    await table.committed(intent);
    expect(isGone).toBe(true);
    expect(await changes(table)).toEqual(wanted);
    expect((await table.found()).rows).toEqual(oneStep.rows);
  });

  it('has no file that another process wrote for a try that did not count', async () => {
    await using table = await tableOf(1, merge);
    const intent = await withFeed(table);
    let step = await table.step(intent);
    while ('again' in step && !existsSync(join(table.folder, '_change_data'))) step = await table.step(intent, step.again);
    table.others.drop(table.others.state().files[0]?.path ?? '');
    if ('again' in step) await table.committed(intent, step.again);
    expect((await changes(table)).filter((text) => text.startsWith('update_preimage'))).toHaveLength(2 * files - 2);
  });

  it('has no file of a try that another program overtook', async () => {
    await using table = await tableOf(1_000_000, merge);
    const intent = await withFeed(table);
    table.beforeEntry = () => {
      table.beforeEntry = () => undefined;
      table.others.drop(table.others.state().files[0]?.path ?? '');
    };
    await table.committed(intent);
    const left = (await changes(table)).filter((text) => text.startsWith('update_preimage'));
    expect(left).toHaveLength(2 * files - 2);
  });

  it('is written again where the vacuum of another program removed its files between two steps', async () => {
    await using table = await tableOf(1, merge);
    const intent = await withFeed(table);
    let step = await table.step(intent);
    while ('again' in step && !existsSync(join(table.folder, '_change_data'))) step = await table.step(intent, step.again);
    rmSync(join(table.folder, '_change_data'), { recursive: true });
    if ('again' in step) await table.committed(intent, step.again);
    expect(await changes(table)).toEqual(wanted);
  });
});

it('two finishers side by side end well where storage knows the writer of a file', async () => {
  await using table = await tableOf(1);
  const intent = await table.filled();
  table.knowsWriters = true;
  const first = table.published.length;
  table.beforePublish = async () => {
    if (table.published.length !== first + 1) return;
    table.beforePublish = () => undefined;
    // The other one writes the file that this one is about to publish.
    await table.step(intent);
  };
  const { outcome } = await table.committed(intent);
  expect(outcome).toEqual({ outcome: 'committed', counts: { inserted: 0, updated: 2 * files, deleted: 0 } });
  expect(await table.found()).toEqual(oneStep);
});

it('files that another program puts together and removes while they are rewritten are found again by the next step', async () => {
  await using table = await tableOf(1_000_000);
  const intent = await table.filled();
  const [first, sources] = [table.published.length, table.others.state().files];
  table.beforePublish = async () => {
    if (table.published.length !== first + 1) return;
    table.beforePublish = () => undefined;
    await table.others.optimize();
    for (const { path } of sources) rmSync(join(table.folder, path));
  };
  const { calls, outcome } = await table.committed(intent);
  expect([calls, outcome]).toEqual([2, { outcome: 'committed', counts: { inserted: 0, updated: 2 * files, deleted: 0 } }]);
  expect((await table.found()).rows).toEqual(oneStep.rows);
});

it('a file of the table that is gone while it is rewritten, and stays so, is refused', async () => {
  await using table = await tableOf(1_000_000);
  const intent = await table.filled();
  const [first, sources] = [table.published.length, table.others.state().files];
  table.beforePublish = () => {
    if (table.published.length === first + 1) for (const { path } of sources) rmSync(join(table.folder, path), { force: true });
  };
  const process = await table.bench.under.at(intent.place);
  expect(await process.commit(intent)).toHaveProperty('again');
  expect(await process.commit(intent)).toMatchObject({ done: { outcome: 'refused', because: { code: 'HYG-3922' } } });
});

/** Stopped behind the first file that was rewritten, of which nothing is known but the file itself. */
async function stoppedBehindOne(table: Table): Promise<{ readonly intent: Intent; readonly rewritten: string }> {
  const intent = await table.filled();
  const first = table.published.length;
  await table.step(intent);
  const [, rewritten = ''] = table.published.slice(first);
  rmSync(join(table.folder, '_hygge/f/e/commits', String(files + 1).padStart(20, '0'), `${rewritten}.json`));
  return { intent, rewritten };
}

it('a file that another process wrote for a try that did not count is removed', async () => {
  await using table = await tableOf(1);
  const intent = await table.filled();
  await table.step(intent);
  // The first file has other rows from now on, so the one that was rewritten is not what is left of them.
  await table.others.delete('id = 1');
  await table.committed(intent);
  const named = new Set(table.published.filter((name) => table.everNamed(name)));
  expect(readdirSync(table.folder).filter((name) => name.endsWith('.parquet') && !name.startsWith('other'))).toEqual([...named].sort());
});

it('a file that was rewritten by a version of hygge that kept nothing of it is taken by its rows', async () => {
  await using table = await tableOf(1);
  const { intent, rewritten } = await stoppedBehindOne(table);
  await table.committed(intent);
  expect((await table.found()).rows).toEqual(oneStep.rows);
  expect(table.others.state().files.find(({ path }) => path === rewritten)?.stats).toBe('{"numRecords":2}');
});

it('a file of such a name with other rows is refused, and the table stays as it is', async () => {
  await using table = await tableOf(1);
  const { intent, rewritten } = await stoppedBehindOne(table);
  const { version } = table.others.state();
  copyFileSync(join(table.folder, table.published[0] as string), join(table.folder, rewritten));
  const { outcome } = await table.committed(intent);
  expect(outcome).toMatchObject({ outcome: 'refused', because: { code: 'HYG-3922', why: [expect.stringContaining('has 4 rows, but')] } });
  expect(table.others.state().version).toBe(version);
});

it('files that the vacuum of another program removed between two steps are written again', async () => {
  await using table = await tableOf(1);
  const intent = await table.filled();
  const first = table.published.length;
  const step = await table.step(intent);
  const [, rewritten = ''] = table.published.slice(first);
  rmSync(join(table.folder, rewritten));
  await table.committed(intent, 'again' in step ? step.again : undefined);
  expect(await table.found()).toEqual(oneStep);
});

it('a file that goes while the last step looks at the others is written again before an entry names it', async () => {
  await using table = await tableOf(1_000_000);
  const intent = await table.filled();
  const first = table.published.length;
  table.beforePublish = () => {
    // The vacuum runs before the last of the files comes.
    if (table.published.length === first + files) rmSync(join(table.folder, table.published[first + 1] as string));
  };
  const { calls } = await table.committed(intent);
  expect(calls).toBe(2);
  expect(await table.found()).toEqual(oneStep);
});

it('vectors that the vacuum of another program removes right before the entry that names them are written again', async () => {
  await using table = await tableOf(1, 'deletion_vectors');
  const intent = await table.filled();
  let removed = 0;
  table.beforeEntry = () => {
    for (const name of readdirSync(table.folder)) {
      if (!name.endsWith('.bin')) continue;
      rmSync(join(table.folder, name));
      removed++;
    }
  };
  await table.committed(intent);
  expect(removed).toBe(1);
  expect((await table.found()).rows).toEqual(oneStep.rows);
});
