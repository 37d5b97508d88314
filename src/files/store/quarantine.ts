/** The rows of an entity that settled apart in a file store, read back. */
import type { Frame } from '../../engine/contracts/frame.ts';
import type { SliceRef } from '../../engine/contracts/home.ts';
import type { Quarantine, QuarantinedPart } from '../../engine/contracts/replacing.ts';
import type { Head } from '../../engine/contracts/store.ts';
import { retry } from '../../ports/retry.ts';
import type { FilesHead } from './head/head-log.ts';
import { FileRework, type ReworkOptions, sliceOfApart } from './rework.ts';

export class FileQuarantine implements Quarantine {
  readonly #options: ReworkOptions;

  constructor(options: ReworkOptions) {
    this.#options = options;
  }

  async parts(): Promise<readonly QuarantinedPart[]> {
    const found = await retry(() => this.#options.log.read());
    const lying = (found?.head.quarantine ?? []).filter(({ correction }) => correction !== true);
    return lying.map((file) => ({
      slice: sliceOfApart(file),
      because: file.broken ? 'rule' : 'unreadable',
      rows: file.rows ?? 0,
      runs: file.run === undefined ? [] : [file.run],
    }));
  }

  async corrections(head: Head): Promise<readonly SliceRef[]> {
    const { quarantine = [] } = head as FilesHead;
    return quarantine.filter(({ correction }) => correction === true).map(sliceOfApart);
  }

  async *read(part: SliceRef, signal: AbortSignal): AsyncGenerator<Frame> {
    yield* new FileRework(this.#options).readOwnColumns(part, signal);
  }
}
