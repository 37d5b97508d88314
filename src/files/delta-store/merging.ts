/** How a store that is a Delta table merges, and how its readers leave marked rows out. */
import type { PrepareRequest } from '../../engine/contracts/intent.ts';
import { isData, type Part } from '../../engine/contracts/store.ts';
import { rowsWithin } from '../../frames/row-sum/some-rows.ts';
import type { FileSystem } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';
import type { FilePlace } from '../store/layout.ts';
import type { MergeWork } from '../store/merge-work.ts';
import type { MarkedRows } from '../store/rework.ts';
import { stagedFile } from '../store/staging/staged-parts.ts';
import type { DeltaHead } from './head.ts';
import { Merge } from './merge.ts';
import { deltaTools, type MergeTools } from './merge-tools.ts';
import type { DeltaStoreOptions } from './store.ts';

export class Merging {
  readonly #options: DeltaStoreOptions;

  constructor(options: DeltaStoreOptions) {
    this.#options = options;
  }

  /** @param files the root is the table's folder. */
  open(files: FileSystem, place: FilePlace): Merge {
    const { scratch, where } = this.#options;
    return new Merge({ tools: this.#tools(files), place, scratch, where });
  }

  /**
   * What the intent keeps; undefined: the rows have no key. Throws StoreError HYG-4016 where staged rows can be read: of others the commit finds it, before anything is
   * visible.
   */
  async work({ run, writing, parts, carried, schema }: PrepareRequest, head: Pick<DeltaHead, 'described'>): Promise<MergeWork | undefined> {
    const { mode, key, keepsNewer } = writing;
    if (key.length === 0) return undefined;
    const { files, place } = this.#options;
    const watermark = parts.map((part) => stagedFile(part).watermark ?? null).find((column) => column !== null) ?? null;
    const names = carried.filter(isData).map((part) => stagedFile(part).final);
    const work = { mode, key, watermark, keepsNewer: keepsNewer === true, carried: names, isUnique: false };
    const isReadable = parts.every((part) => stagedFile(part).handle === undefined);
    const isUnique =
      isReadable &&
      (await this.open(files, place)
        .isUnique(parts, { work, run, schema, table: await retry(() => head.described()) })
        .catch((error: unknown) => this.#ifGone(parts, error)));
    return { ...work, isUnique };
  }

  /** A later run that has claimed the entity discards what is staged. The commit of this one finds it. */
  async #ifGone(parts: readonly Part[], error: unknown): Promise<false> {
    const { files } = this.#options;
    for (const part of parts) if ((await retry(() => files.stat(stagedFile(part).staged))) === undefined) return false;
    throw error;
  }

  marked(head: Pick<DeltaHead, 'table'>): MarkedRows {
    const tools = this.#tools(this.#options.files);
    return {
      deletedIn: async (name, rows) => {
        const vector = (await retry(() => head.table()))?.active.get(name)?.vector ?? null;
        return vector === null ? null : tools.readVector({ vector, rows, name });
      },
      within: this.#options.merging?.within ?? rowsWithin,
    };
  }

  #tools(files: FileSystem): MergeTools {
    const { scratch, where, merging } = this.#options;
    return (merging?.tools ?? deltaTools)({ files, scratch, where });
  }
}
