/**
 * The state of a table while its log is replayed. The order of actions in a commit has no meaning.
 *
 * | a commit has                                            | so |
 * | ------------------------------------------------------- | ---------------------------------------------------------------------------------- |
 * | `add` and `remove` of a path with different vectors     | the vector changed |
 * | `add` and `remove` of a path with the same vector       | HYG-3707: readers disagree which of them counts |
 * | two `add` of a path with the same vector                | the file counts once, by the last `add` |
 * | two `add` of a path with different vectors              | HYG-3707 |
 * | `add` of an existing path and vector                    | the file counts once, by the newer `add`: its statistics or tags changed |
 * | `add` of a path that exists with another vector, without its `remove` | HYG-3707: rows would count twice, or deleted rows would return |
 * | `remove` of a missing path or vector                   | no effect; paths are compared as text, so another percent-encoding is another path |
 * | `metaData` or `protocol` twice, equal                   | it counts once |
 * | `metaData` or `protocol` twice, different               | HYG-3707: readers disagree which of them counts |
 */
import { isDeepStrictEqual } from 'node:util';
import type { DeltaFile, DeltaProtocol, DeltaTransaction } from '../table.ts';
import { type Actions, keyOf, type RawMetadata, vectorId } from './actions.ts';
import { Contradiction } from './errors.ts';

/** The effect of a commit on one path. */
export interface PathChange {
  /** The file before the commit; null: its path was not active. */
  readonly before: DeltaFile | null;
  /** The file after the commit; null: the file was removed. */
  readonly after: DeltaFile | null;
  readonly dataChange: boolean;
}

export class TableState {
  /** Files by path: a path is active with at most one vector. */
  readonly files = new Map<string, DeltaFile>();
  readonly transactions = new Map<string, DeltaTransaction>();
  protocol: DeltaProtocol | null = null;
  metadata: RawMetadata | null = null;

  /** Applies the actions of a checkpoint, or of a part of a checkpoint, before any commit. Throws `Contradiction`. */
  begin({ adds, protocols, metadata, transactions }: Actions): void {
    for (const { file } of adds) {
      const other = this.files.get(file.path);
      if (other !== undefined && keyOf(other) !== keyOf(file)) throw new Contradiction(`The log file has ${file.path} with two vectors.`);
      this.files.set(file.path, file);
    }
    for (const [id, transaction] of transactions) this.transactions.set(id, transaction);
    this.#describe(protocols, metadata);
  }

  /**
   * Applies the actions of one commit, or of several combined commits. Throws `Contradiction`.
   * @param changed is called for each path whose file was added, removed or changed.
   */
  apply({ adds, removes, protocols, metadata, transactions }: Actions, changed?: (change: PathChange) => void): void {
    const added = new Map<string, Actions['adds'][number]>();
    for (const add of adds) {
      const other = added.get(add.file.path);
      if (other !== undefined && keyOf(other.file) !== keyOf(add.file))
        throw new Contradiction(`The log file adds ${add.file.path} twice, with two vectors.`);
      added.set(add.file.path, add);
    }
    const removed = new Map<string, PathChange>();
    for (const { path, vector, dataChange } of removes) {
      const add = added.get(path);
      const id = vectorId(vector);
      if (add !== undefined && vectorId(add.file.vector) === id)
        throw new Contradiction(`The log file adds and removes ${path}${id === null ? '' : ' with the same vector'}.`);
      const active = this.files.get(path);
      if (active === undefined || vectorId(active.vector) !== id) continue;
      this.files.delete(path);
      removed.set(path, { before: active, after: null, dataChange });
    }
    for (const { file, dataChange } of added.values()) {
      const gone = removed.get(file.path);
      removed.delete(file.path);
      const active = this.files.get(file.path);
      if (active !== undefined && vectorId(active.vector) !== vectorId(file.vector))
        throw new Contradiction(`The log file adds ${file.path}, which exists with another vector, and does not remove that vector.`);
      this.files.set(file.path, file);
      changed?.({ before: gone?.before ?? active ?? null, after: file, dataChange: dataChange || gone?.dataChange === true });
    }
    if (changed !== undefined) for (const change of removed.values()) changed(change);
    for (const [id, transaction] of transactions) this.transactions.set(id, transaction);
    this.#describe(protocols, metadata);
  }

  #describe(protocols: readonly DeltaProtocol[], metadata: readonly RawMetadata[]): void {
    this.protocol = onlyOne(protocols, 'protocol') ?? this.protocol;
    this.metadata = onlyOne(metadata, 'metaData') ?? this.metadata;
  }
}

function onlyOne<T>(actions: readonly T[], name: string): T | undefined {
  const [first, ...others] = actions;
  if (others.some((other) => !isDeepStrictEqual(other, first)))
    throw new Contradiction(`The log file has ${actions.length} actions ${name} that differ.`);
  return first;
}
