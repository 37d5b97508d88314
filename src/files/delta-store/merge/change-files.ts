/**
 * The change feed of a merge: files in `_change_data` with the rows before and after it, and the kind of change of each row. A table has change files if `delta.enableChangeDataFeed`
 * is true. For a version with change files, readers of the feed use only these files, so they contain each row that the merge deletes, updates or inserts. The name of a file is
 * computed from the commit and the file’s rows, so each finisher of the commit finds the files of other finishers.
 *
 * Commits that only add files, or remove whole files, write no change files, because their feed follows from the log.
 */

import { hash } from 'node:crypto';
import { vectorId } from '../../../delta/log/log.ts';
import { changeTypeColumn } from '../../../delta/values/change-feed.ts';
import type { ChangeFile } from '../../../delta/write/entry.ts';
import { bitmapsOf } from '../../../delta/write/roaring.ts';
import type { Frame } from '../../../engine/contracts/frame.ts';
import type { Column } from '../../../frames/schema.ts';
import { asColumn, asConstant } from '../../../frames/values/conforms.ts';
import { mapConcurrent } from '../../../ports/map-concurrent.ts';
import { retry } from '../../../ports/retry.ts';
import { finalPath, lastSegment, partOwner } from '../../store/layout.ts';
import { changedUnder } from '../errors.ts';
import { mustBeWritable } from './file-rewriter.ts';
import type { ChangedRows } from './merge.ts';
import { type Commit, GoneFiles, noSlice, publishedBefore, type RowsOfFilesOptions, stagedRows, usualStep } from './staged-rows.ts';

const folder = '_change_data';
const kindColumn: Column = { name: changeTypeColumn, type: { kind: 'string' }, nullable: true };

/** The kinds of change for updated rows, and for other rows. */
const kindsOf = {
  before: { updated: 'update_preimage', other: 'delete' },
  after: { updated: 'update_postimage', other: 'insert' },
} as const;

export class ChangeFiles {
  readonly #options: RowsOfFilesOptions;
  readonly #gone: GoneFiles;
  #commit = '';

  constructor(options: RowsOfFilesOptions) {
    this.#options = options;
    this.#gone = new GoneFiles(options.where);
  }

  /**
   * The files with the changes of a commit. `unfinished`: the step has written enough or a file was missing, so a later step writes the remaining files. Throws
   * StoreError HYG-3921 for a column whose values would change in a file that hygge writes, and HYG-3922 if a file has other rows than before.
   */
  async of(changes: readonly ChangedRows[], to: Commit): Promise<readonly ChangeFile[] | 'unfinished'> {
    const { stepBytes = usualStep } = this.#options;
    if (this.#commit !== to.id) this.#gone.clear();
    this.#commit = to.id;
    const files: ChangeFile[] = [];
    let bytes = 0;
    for (const one of changes) {
      const digest = digestOf(one, to);
      const name = this.#nameOf(digest, to);
      const found = await retry(() => this.#options.files.stat(name));
      if (found === undefined && bytes > 0 && bytes + one.of.file.bytes > stepBytes) return 'unfinished';
      const size = found?.bytes ?? (await this.#write(one, { to, name, digest }).catch((error: unknown) => this.#gone.onceMore(error)));
      if (size === undefined) return 'unfinished';
      if (found === undefined) bytes += Math.max(1, one.of.file.bytes);
      files.push({ name, bytes: size, partitionValues: one.of.file.partitionValues });
    }
    return files;
  }

  /** The path of a change file. Its last segment marks the file as the entity’s, like the name of a data file. */
  #nameOf(digest: string, { epoch, lineage }: Commit): string {
    const of = { epoch, lineage, slice: noSlice, part: 0, nonce: digest.slice(0, 32) };
    return `${folder}/${lastSegment(finalPath({ ...this.#options.place, layout: 'plain' }, of))}`;
  }

  /** Whether the files still exist, just before an entry names them; see `FileRewriter.areThere`. */
  async areThere(written: readonly ChangeFile[]): Promise<boolean> {
    const found = await mapConcurrent(
      written,
      async ({ name, bytes }) => (await retry(() => this.#options.files.stat(name)))?.bytes === bytes,
    );
    return !found.includes(false);
  }

  /** Removes the files of tries of the commit that did not count, from any process. Called once the head has moved to the commit. */
  async removeUnused({ epoch, lineage }: Pick<Commit, 'epoch' | 'lineage'>, used: readonly ChangeFile[]): Promise<void> {
    const { files, place } = this.#options;
    const names = new Set(used.map(({ name }) => name));
    const unused: string[] = [];
    for await (const { path } of files.list(folder)) {
      const owner = partOwner(place, path);
      if (owner?.epoch === epoch && owner.lineage === lineage && !names.has(path)) unused.push(path);
    }
    await mapConcurrent(unused, (path) => retry(() => files.remove(path)));
  }

  async #write(one: ChangedRows, target: { readonly to: Commit; readonly name: string; readonly digest: string }): Promise<number> {
    const { files, where } = this.#options;
    const { of, some, updated, when } = one;
    mustBeWritable(of.table.metadata, { where, because: 'its change feed' });
    const kinds = kindsOf[when];
    const rowsOf = async (frame: Frame, first: number) => {
      const pick = (isWanted: (row: number) => boolean) =>
        frame.pick(Uint8Array.from({ length: frame.rows }, (_, i) => Number(some.isDeleted(first + i) && isWanted(first + i))));
      return [
        await withKind(await pick((row) => updated.isDeleted(row)), kinds.updated),
        await withKind(await pick((row) => !updated.isDeleted(row)), kinds.other),
      ];
    };
    const { part } = await stagedRows(this.#options, { of, ...target, more: [kindColumn], rowsOf });
    if (part.rows !== some.count) throw changedUnder(where, `${of.name} has other rows than it had when the merge began.`);
    const published = await publishedBefore(this.#options, part, () => retry(() => files.stat(target.name)));
    return (published ?? part).bytes;
  }
}

const digestOf = ({ of, some, updated, when }: ChangedRows, { id }: Commit): string =>
  hash(
    'sha256',
    JSON.stringify([
      ...[id, when, of.file.path, vectorId(of.file.vector) ?? ''],
      ...[some, updated].map((rows) => (rows.count === 0 ? '' : hash('sha256', bitmapsOf(rows)))),
    ]),
  );

async function withKind(frame: Frame, kind: string): Promise<Frame> {
  const own = frame.schema.columns;
  return frame.conform({
    schema: { columns: [...own, kindColumn] },
    columns: [...own.map((column) => asColumn(column)), asConstant(kindColumn, kind)],
    samples: 'show',
  });
}
