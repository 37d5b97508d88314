import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { everything, type SeenFile } from '../../../src/engine/contracts/home.ts';
import { HyggeError } from '../../../src/errors/hygge-error.ts';
import { localFileSystem } from '../../../src/filesystems/disk/local.ts';
import { changeTexts, parquetTexts } from '../../support/delta/parquet-rows.ts';
import { diskFolder } from '../../support/delta/writer/folder.ts';
import { difference, rowText, rowTexts, type Version } from '../../support/delta/writer/history.ts';
import { type Life, randomTable } from '../../support/delta/writer/random.ts';
import { testFolder, testScratch } from '../../support/parquet-files.ts';
import { SEED, whole } from '../../support/samples.ts';
import { byLog, type HomeRead, homeOver, readOnce } from './read-home.ts';

/** Lives of tables that others write, read meanwhile: what a run reads is one version, whatever happens between its steps. */
const seedsOf = (count: number) => Array.from({ length: whole ? 1000 : count }, (_, i) => SEED + i);
/** Increments need several; of full loads each is by itself. */
const rounds = { full: whole ? 4 : 2, increments: 4 };
/** Reads that ended with rows, of all lives. */
let ended = 0;
let begun = 0;

interface Scene {
  readonly life: Life;
  readonly folder: string;
  readonly scratch: ReturnType<typeof testScratch>;
}

async function sceneOf(seed: number): Promise<Scene> {
  const folder = await testFolder();
  await mkdir(join(folder, 'table'));
  return { life: await randomTable(seed, diskFolder(join(folder, 'table'))), folder, scratch: testScratch(folder) };
}

/** The version that was read. A table that was dropped meanwhile has another id. */
function versionRead({ life }: Scene, { version, tableId }: HomeRead): Version {
  const found = [...life.table.versions, ...life.table.former.flat()].find((one) => one.version === version && one.id === tableId);
  if (found === undefined) throw new Error(`the table never had version ${version}`);
  return found;
}

/** Stops that are right while others take files or commits away. */
const right: ReadonlySet<string> = new Set(['HYG-3701', 'HYG-3703', 'HYG-3712', 'HYG-3903', 'HYG-3904', 'HYG-3905']);

async function orStop<T>(read: () => Promise<T>): Promise<T | undefined> {
  begun++;
  try {
    const found = await read();
    ended++;
    return found;
  } catch (error) {
    if (error instanceof HyggeError && right.has(error.code)) return undefined;
    throw error;
  }
}

async function runOf(scene: Scene, round: number, how: Pick<Parameters<typeof readOnce>[1], 'window'> & { readonly readsFeed?: boolean }) {
  const { folder, scratch, life } = scene;
  const to = join(folder, `read-${round}`);
  await mkdir(to);
  const files = localFileSystem(join(folder, 'table'));
  const { readsFeed = false, window } = how;
  let steps = 0;
  return orStop(() =>
    readOnce((pinned) => homeOver(files, scratch, { pinned, readsFeed }), {
      ...{ window, to, scratch },
      between: async () => {
        if ((round + steps++) % 2 === 0) await life.step();
      },
    }),
  );
}

const pathsOf = ({ files }: HomeRead) => files.map(({ path }) => path);

it.each(seedsOf(12))('a full load reads the rows of one version: seed %i', async (seed) => {
  const scene = await sceneOf(seed);
  await using life = scene.life;
  for (let round = 0; round < rounds.full; round++) {
    await life.step();
    const read = await runOf(scene, round, { window: everything });
    if (read === undefined) continue;
    const version = versionRead(scene, read);
    expect(difference(await parquetTexts(pathsOf(read), version.columns), rowTexts(version)), life.steps.join('\n')).toBe('');
  }
});

it.each(seedsOf(5))('increments with changed_files: replace keep a copy file by file: seed %i', async (seed) => {
  const scene = await sceneOf(seed);
  await using life = scene.life;
  let seen: readonly SeenFile[] = [];
  let copy = new Map<string, readonly string[]>();
  let columns = '';
  for (let round = 0; round < rounds.increments; round++) {
    await life.step();
    const read = await runOf(scene, round, { window: byLog(seen, 'replace') });
    if (read === undefined) {
      // A full load begins the copy again.
      [seen, copy] = [[], new Map()];
      continue;
    }
    const version = versionRead(scene, read);
    if (columns !== '' && columns !== version.schema && seen.length > 0) {
      [seen, copy, columns] = [[], new Map(), ''];
      continue;
    }
    for (const path of read.plan.changed ?? []) copy.delete(path);
    for (const [source, files] of Map.groupBy(read.files, (file) => file.source)) {
      expect(copy.has(source), `${source} is there already`).toBe(false);
      copy.set(
        source,
        files.map(({ path }) => path),
      );
    }
    expect(difference(await parquetTexts([...copy.values()].flat(), version.columns), rowTexts(version)), life.steps.join('\n')).toBe('');
    [seen, columns] = [read.plan.seen?.files ?? [], version.schema];
  }
});

/** Seeds that found something: a type that was restored, and a table that was made again. */
const found = [1508, 1880];

it.each([...seedsOf(4), ...found.filter((seed) => !seedsOf(4).includes(seed))])(
  'the change feed gives what each version did: seed %i',
  async (seed) => {
    const scene = await sceneOf(seed);
    await using life = scene.life;
    let from: { readonly version: number; readonly id: string } | undefined;
    for (let round = 0; round < rounds.increments; round++) {
      await life.step();
      const lower = from === undefined ? null : { text: String(from.version), inclusive: false };
      const column = { column: '_change_version', type: { kind: 'int64' } } as const;
      const read = await runOf(scene, round, { window: { ...everything, column, lower }, readsFeed: true });
      if (read === undefined) {
        from = undefined;
        continue;
      }
      const version = versionRead(scene, read);
      if (from !== undefined && from.id === version.id) {
        const changed = life.table.versions.filter(
          (one) => one.id === version.id && one.version > (from?.version ?? 0) && one.version <= version.version,
        );
        if (changed.every(({ schema }) => schema === version.schema)) {
          const expected = changed
            .flatMap((one) =>
              (one.feed ?? []).map(({ kind, row }) => `["${one.version} ${deletes.has(kind)}",${rowText(version.columns, row).slice(1)}`),
            )
            .sort();
          const kind = "concat(_change_version, ' ', _deleted)";
          const found = await changeTexts(pathsOf(read), version.columns, { kind });
          expect(difference(found, expected), life.steps.join('\n')).toBe('');
        }
      } else if (from === undefined)
        expect(difference(await parquetTexts(pathsOf(read), version.columns), rowTexts(version)), life.steps.join('\n')).toBe('');
      from = { version: version.version, id: version.id };
    }
  },
);

const deletes: ReadonlySet<string> = new Set(['delete', 'update_preimage']);

/** Half of the tables have no change feed, and others lose files while they are read. */
it('most reads of these lives ended with rows', () => {
  expect(ended / begun).toBeGreaterThan(0.6);
});
