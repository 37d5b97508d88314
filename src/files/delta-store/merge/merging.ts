/** Merges for a store that is a Delta table, and the vectors for readers of its files. */
import type { DeltaFile } from '../../../delta/table.ts';
import { boundsOf } from '../../../delta/values/pruning.ts';
import { numRecords } from '../../../delta/values/statistics.ts';
import type { PrepareRequest } from '../../../engine/contracts/intent.ts';
import { isData, type Part } from '../../../engine/contracts/store.ts';
import { rowsWithin } from '../../../frames/row-sum/some-rows.ts';
import type { FileSystem } from '../../../ports/filesystem.ts';
import { retry } from '../../../ports/retry.ts';
import { defined } from '../../../ports/values.ts';
import type { FilePlace } from '../../store/layout.ts';
import type { BoundsOfParts, MergeWork } from '../../store/merge-work.ts';
import type { MarkedRows } from '../../store/rework.ts';
import { stagedFile } from '../../store/staging/staged-parts.ts';
import type { DeltaHead } from '../head.ts';
import type { DeltaStoreOptions } from '../store.ts';
import { ChangeFiles } from './change-files.ts';
import { FileRewriter } from './file-rewriter.ts';
import { Merge } from './merge.ts';
import { deltaTools, type MergeTools } from './merge-tools.ts';

/** The merge of a commit, and the number of rows that do not settle because newer rows have settled. The number is known only if staged rows can be read. */
export interface PreparedMerge {
  readonly work: MergeWork;
  readonly older: number;
  readonly bounds: BoundsOfParts;
}

interface WorkOptions {
  readonly head: Pick<DeltaHead, 'described' | 'read' | 'table'>;
  /** The files that the commit removes. */
  readonly removes: readonly string[];
}

/** The usual limit for the share of marked rows in a file. Above it, a compaction rewrites the file. */
const usualShare = 0.2;

/** The final names of parts whose rows had settled before. */
export const carriedNames = ({ carried }: Pick<PrepareRequest, 'carried'>): readonly string[] =>
  carried.filter(isData).map((part) => stagedFile(part).final);

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

  /** The writer of rows of files into other files. @param files the root is the table's folder. */
  writers(files: FileSystem, place: FilePlace): { readonly rewriter: FileRewriter; readonly changes: ChangeFiles } {
    const { scratch, where, format, random, merging } = this.#options;
    const how = { files, place, format, scratch, random, where, tools: this.#tools(files), ...defined({ stepBytes: merging?.stepBytes }) };
    return { rewriter: new FileRewriter(how), changes: new ChangeFiles(how) };
  }

  /**
   * The merge work for the intent; undefined: the rows have no key. Throws StoreError HYG-4016 here if staged rows can be read; if they can’t be read, the
   * commit throws HYG-4016 before any row is visible.
   */
  async work(request: PrepareRequest, { head, removes }: WorkOptions): Promise<PreparedMerge | undefined> {
    const { run, writing, parts, schema } = request;
    const { mode, key, keepsNewer, keyEqualities: equalities = {} } = writing;
    if (key.length === 0) return undefined;
    const { files, place } = this.#options;
    const watermark = parts.map((part) => stagedFile(part).watermark ?? null).find((column) => column !== null) ?? null;
    const work = { mode, key, watermark, keepsNewer: keepsNewer === true, equalities, carried: carriedNames(request), isUnique: false };
    const isReadable = parts.every((part) => stagedFile(part).handle === undefined);
    const found =
      isReadable &&
      (await this.open(files, place)
        .staged(parts, { work, run, schema, table: await retry(() => head.described()) })
        .catch((error: unknown) => this.#ifGone(parts, error)));
    const { isUnique, bounds } = found === false ? { isUnique: false, bounds: {} } : found;
    const older = isReadable && work.keepsNewer && work.mode === 'merge' ? await this.#older(request, { head, removes, work }) : 0;
    return { work: { ...work, isUnique }, older, bounds };
  }

  /** The bounds of rows that a compaction moves, for the columns that have bounds in the statistics of files. */
  async carriedBounds({ run, schema, carried }: PrepareRequest, { head, removes }: WorkOptions): Promise<BoundsOfParts> {
    const { files, place } = this.#options;
    const parts = carried.filter(isData);
    const table = parts.length === 0 ? undefined : await retry(() => head.table());
    if (table === undefined || parts.some((part) => stagedFile(part).handle !== undefined)) return {};
    const gone = removes.flatMap((name) => table.active.get(name) ?? []);
    const isBounded = (name: string) => gone.every((file) => boundsOf(file, name, table.snapshot).max.kind !== 'unknown');
    // The watermark is left out, because the parts already have its bounds.
    const watermark = (await retry(() => head.read()))?.head.watermark?.column;
    const key = schema.columns.map(({ name }) => name).filter((name) => name !== watermark && gone.length > 0 && isBounded(name));
    if (key.length === 0) return {};
    const work = { mode: 'merge', key, watermark: null, keepsNewer: false, equalities: {}, carried: [], isUnique: false } as const;
    const found = await this.open(files, place)
      .boundsIn(parts, { work, run, schema, table: table.snapshot })
      .catch((error: unknown) => this.#ifGone(parts, error));
    return found === false ? {} : found;
  }

  /** The number of rows that would not settle at the table's current version. */
  async #older(
    { run, parts, schema }: PrepareRequest,
    {
      head,
      removes,
      work,
    }: { readonly head: Pick<DeltaHead, 'read' | 'table'>; readonly removes: readonly string[]; readonly work: MergeWork },
  ): Promise<number> {
    const { files, place } = this.#options;
    const before = await retry(() => head.read());
    const table = before?.found ?? (await retry(() => head.table()));
    const to = { id: '', lineage: run.lineage, epoch: run.epoch, schema, ...defined({ earlier: before?.head.earlier }) };
    const merged = await this.open(files, place)
      .at({ table, before: before?.head, to, files: { parts, removes }, work, isStaged: true })
      .catch((error: unknown) => this.#ifGone(parts, error));
    return merged === false ? 0 : merged.older;
  }

  /** Ignores a missing staged file. A later run that has claimed the entity may have discarded the file; then the commit of this run notices the later run. */
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
      foldable: async () => {
        const { compactDeleted = usualShare } = this.#options;
        const active = (await retry(() => head.table()))?.active ?? new Map<string, DeltaFile>();
        const isFoldable = (file: DeltaFile) =>
          file.vector !== null && file.vector.cardinality > compactDeleted * (numRecords(file) ?? Number.POSITIVE_INFINITY);
        return new Set([...active].flatMap(([name, file]) => (isFoldable(file) ? [name] : [])));
      },
      within: this.#options.merging?.within ?? rowsWithin,
    };
  }

  #tools(files: FileSystem): MergeTools {
    const { scratch, where, merging } = this.#options;
    return (merging?.tools ?? deltaTools)({ files, scratch, where });
  }
}
