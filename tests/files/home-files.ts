import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { realClock } from '../../src/adapters/real-clock.ts';
import type { Step } from '../../src/engine/contracts/frame.ts';
import type { Edge, Home, SourceDescription, Window } from '../../src/engine/contracts/home.ts';
import { type FileHomeOptions, fileHome } from '../../src/files/home/home.ts';
import { selectFiles } from '../../src/files/home/selection.ts';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import { parquetFormat } from '../../src/formats/parquet/parquet.ts';
import { describeType } from '../../src/frames/describe-type.ts';
import type { DataType } from '../../src/frames/schema.ts';
import { toArrow } from '../../src/frames/values/from-polars.ts';
import { asPolars } from '../../src/frames/values/polars-frame.ts';
import type { Json } from '../../src/ports/values.ts';
import { duck } from '../support/duck.ts';
import { testFolder, testScratch } from '../support/parquet-files.ts';

export type HomeKeys = Partial<Pick<FileHomeOptions, 'columns' | 'exclude' | 'hivePartitions' | 'differingFiles' | 'pinned' | 'frameRows'>>;

/** A folder of parquet files that DuckDB wrote, a query each; and homes over it. */
export class HomeFiles {
  readonly root: string;
  readonly #open: (keys: HomeKeys) => Home;

  private constructor(root: string, open: (keys: HomeKeys) => Home) {
    this.root = root;
    this.#open = open;
  }

  static async of(queries: Readonly<Record<string, string>>): Promise<HomeFiles> {
    const root = await testFolder();
    const scratch = testScratch(root);
    const files = localFileSystem(join(root, 'in'));
    const chosen = selectFiles({
      files,
      glob: null,
      single: null,
      extensions: ['.parquet'],
      written: 'in',
      display: (path) => `in/${path}`,
    });
    const more = { columns: null, exclude: null, pinned: null, frameRows: 1_000, clock: realClock(), scratch };
    const open = (keys: HomeKeys) => fileHome({ files, selection: chosen, where: 'in', format: parquetFormat({}), ...more, ...keys });
    const made = new HomeFiles(root, open);
    await made.write(queries);
    return made;
  }

  async write(queries: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, query] of Object.entries(queries)) {
      const at = join(this.root, 'in', path);
      mkdirSync(dirname(at), { recursive: true });
      await duck(`copy (${query}) to '${at.replaceAll("'", "''")}' (format parquet)`);
    }
  }

  home(keys: HomeKeys = {}): Home {
    return this.#open(keys);
  }

  async describe(keys: HomeKeys = {}): Promise<SourceDescription> {
    return done(await this.home(keys).describe());
  }

  /** `name: type` of every column. */
  async columns(keys: HomeKeys = {}): Promise<readonly string[]> {
    const { schema } = await this.describe(keys);
    return schema?.columns.map(({ name, type }) => `${name}: ${describeType(type)}`) ?? [];
  }

  /** As a run reads: planned by one home, each slice read by a home of its own that is given what the plan pinned. */
  async read(keys: HomeKeys = {}, window: Window = everything): Promise<readonly string[]> {
    const planner = this.home(keys);
    const { pinned = null } = done(await planner.describe());
    const { slices } = done(await planner.plan(window, { sliceBytes: 1_000_000 }));
    const rows: string[] = [];
    for (const slice of slices) {
      const reader = this.home({ ...keys, pinned: pinned as Json | null });
      for await (const piece of reader.read(slice, window, undefined, new AbortController().signal)) {
        if ('checkpoint' in piece || 'rejected' in piece) continue;
        const found = await rowsIn(piece);
        if (found.length !== piece.rows) throw new Error('a frame that does not have the rows it promises');
        rows.push(...found);
      }
    }
    return rows.sort();
  }
}

async function rowsIn(frame: Parameters<typeof asPolars>[0]): Promise<readonly string[]> {
  const table = await toArrow(await asPolars(frame).collect());
  const nulls = await frame.nullCounts();
  table.schema.fields.forEach((_, i) => {
    if (table.getChildAt(i)?.nullCount !== nulls[i]) throw new Error('a frame that counts its nulls wrongly');
  });
  return table
    .toArray()
    .map((row) => JSON.stringify(row.toJSON(), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)));
}

export const everything: Window = { column: null, lower: null, upper: null, nulls: 'include', seen: null, changedFiles: 'ignore' };

export function windowOn(column: string, type: DataType, edges: { lower?: Edge; upper?: Edge; nulls?: Window['nulls'] }): Window {
  return {
    ...everything,
    column: { column, type },
    lower: edges.lower ?? null,
    upper: edges.upper ?? null,
    nulls: edges.nulls ?? 'exclude',
  };
}

export function done<T>(step: Step<T>): T {
  if ('again' in step) throw new Error('not done');
  return step.done;
}
