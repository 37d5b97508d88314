/** Compaction of a file store: small files of a partition are rewritten as full files, with the store's current format and settings. */

import type { Frame } from '../../engine/contracts/frame.ts';
import { everything, type SliceRef } from '../../engine/contracts/home.ts';
import type { Compaction, CompactionPlan, CompactionScope, OpenedPart, PartLeft, ReadBack } from '../../engine/contracts/replacing.ts';
import { groupOfParts } from '../../engine/contracts/replacing.ts';
import type { FrameToStage, Part, StageRequest } from '../../engine/contracts/store.ts';
import { SpilledBytes } from '../../formats/bytes/spilled-bytes.ts';
import type { FileSource } from '../../formats/contract/format.ts';
import { isText } from '../../frames/row-sum/text-family.ts';
import type { Schema } from '../../frames/schema.ts';
import { holds } from '../../frames/widening.ts';
import type { FileSystem } from '../../ports/filesystem.ts';
import type { OwnNote } from '../../ports/notes.ts';
import { retry } from '../../ports/retry.ts';
import { defined } from '../../ports/values.ts';
import type { HeadLog, ListedFile } from './head/head-log.ts';
import { rangeOverlap } from './range.ts';
import { fileOfSlice, type MarkedRows, mustBeWhatSettled, openedFile, rowsOf, settledSource, sliceOf, withMarks } from './rework.ts';
import { rowsAsSettled } from './settled-home.ts';
import { PartWriter, type StagingOptions, stagedParts } from './staging/part-writer.ts';
import { withoutColumns } from './staging/partition-by.ts';

export interface FileCompactionOptions extends StagingOptions {
  readonly files: FileSystem;
  readonly log: Pick<HeadLog, 'read'>;
  readonly where: string;
  readonly marked?: MarkedRows;
}

/** The bounds for the size of a frame. Small target files need small frames, so that a file ends near its target size. */
const frameBytes = { least: 64 * 1024, most: 16 * 1024 * 1024 };

export class FileCompaction implements Compaction {
  readonly frameBytes: number;
  readonly #options: FileCompactionOptions;

  constructor(options: FileCompactionOptions) {
    this.#options = options;
    this.frameBytes = Math.max(frameBytes.least, Math.min(frameBytes.most, options.targetBytes));
  }

  async plan(scope: CompactionScope): Promise<CompactionPlan> {
    const { log, targetBytes, marked } = this.#options;
    const foldable = (await marked?.foldable()) ?? new Set();
    const own = ((await retry(() => log.read()))?.head.files ?? []).filter(({ role, rows }) => role !== 'foreign' && rows !== 0);
    const isFull = ({ name, bytes }: ListedFile) => bytes >= targetBytes / 2 && !foldable.has(name);
    const small = own.filter((file) => mayMove(file) && !isFull(file) && !isReadAgain(file, scope));
    const groups = Map.groupBy(small, ({ partition, source, sources }) =>
      JSON.stringify([partition ?? null, scope.bySource ? (source ?? sources ?? null) : null]),
    );
    const slices = [...groups.values()]
      .filter((files) => files.length > 1 || files.some(({ name }) => foldable.has(name)))
      .map((files) => groupOfParts(files.map((file) => sliceOf(file))));
    return { slices, parts: own.length, small: small.length, targetBytes };
  }

  async open(part: SliceRef, schema: Schema): Promise<OpenedPart> {
    const wanted = withoutColumns(schema, Object.keys(part.partition ?? {}));
    await mustBeWhatSettled(part, this.#options);
    const of = fileOfSlice(part);
    const { name, style } = of;
    const source = await settledSource(part, this.#options);
    const opened = await withMarks(await openedFile(source, { schema: wanted, style }, this.#options), of, this.#options.marked);
    const left = misfit(name, opened.content.schema, wanted);
    if (left !== undefined) return { left };
    const { scratch } = this.#options;
    return {
      read: (signal) => asSettled(rowsOf(opened, { window: everything, columns: null, signal, scratch }), wanted),
    };
  }

  async oldFiles(): Promise<readonly OwnNote[]> {
    return [];
  }

  stage(request: StageRequest, frames: AsyncIterable<FrameToStage>, { signal, readBack }: ReadBack): Promise<readonly Part[]> {
    const { files, scratch, format, where } = this.#options;
    const stage: FileSystem['stage'] = async (names, body) => {
      // The bytes are also kept in scratch, because staged files may not be readable yet.
      await using kept = new SpilledBytes(scratch, format.extension);
      const staged = await files.stage(names, keptIn(kept, body));
      const source: FileSource = {
        ...{ name: `${where}: ${names.final}`, bytes: kept.size, read: (range) => kept.read(range) },
        ...defined({ localPath: kept.path }),
      };
      const opened = await openedFile(source, { schema: request.schema }, { format, scratch });
      const rows = rowsOf(opened, { window: everything, columns: null, signal, scratch });
      for await (const frame of asSettled(rows, request.schema)) await readBack(frame);
      return staged;
    };
    return stagedParts(new PartWriter({ ...this.#options, files: { stage } }, request), frames, signal);
  }
}

async function* keptIn(kept: SpilledBytes, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of body) {
    await kept.append(piece);
    yield piece;
  }
}

/** Whether a file may be compacted. The open boundary group may not, because a later commit replaces exactly its files. */
function mayMove({ role, rows }: ListedFile): boolean {
  return role === 'data' && rows !== null;
}

function isReadAgain(file: ListedFile, { readAgain }: CompactionScope): boolean {
  return readAgain !== null && rangeOverlap(file, readAgain) !== 'none';
}

/** Why a file does not fit the settled schema. A rewrite would lose additional columns of the file, and values that can’t be converted. */
function misfit(name: string, own: Schema, { columns }: Schema): PartLeft | undefined {
  const settled = new Map(columns.map((column) => [column.name, column.type]));
  for (const { name: column, type } of own.columns) {
    const wanted = settled.get(column);
    if (wanted === undefined) return { name, column, why: 'not settled' };
    if (!holds(wanted, type) && !(isText(wanted) && isText(type))) return { name, column, why: 'other type' };
  }
  return undefined;
}

async function* asSettled(rows: AsyncIterable<Frame>, schema: Schema): AsyncGenerator<Frame> {
  for await (const frame of rows) yield await rowsAsSettled(frame, schema);
}
