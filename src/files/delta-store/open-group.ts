/**
 * The rows of the open boundary group, which another program may have written into files with other rows. hygge removes rows of the group from such a file only if
 * they are exactly the settled rows. The head keeps the fingerprint of the settled rows for this comparison.
 */

import type { Frame } from '../../engine/contracts/frame.ts';
import { type Checkpoint, isFrame, type SliceRef } from '../../engine/contracts/home.ts';
import type { PreparedRows, PrepareRequest } from '../../engine/contracts/intent.ts';
import type { ReworkScope } from '../../engine/contracts/replacing.ts';
import type { FrameToStage, Part, StageRequest } from '../../engine/contracts/store.ts';
import { addFingerprints, emptyFingerprint, type Fingerprint, sameFingerprint } from '../../frames/watermark.ts';
import { retry } from '../../ports/retry.ts';
import type { Json } from '../../ports/values.ts';
import type { FileChanges } from '../store/head/next-head.ts';
import { FileRework, fileOfSlice, type ReworkOptions, sliceOf } from '../store/rework.ts';
import { rowsAsSettled } from '../store/settled-home.ts';
import { type StagedGroup, stagedFile } from '../store/staging/staged-parts.ts';
import { groupChanged } from '../store/store.ts';
import type { DeltaHead } from './head.ts';

export class OpenGroup {
  readonly #head: DeltaHead;
  readonly #parts: FileRework;
  readonly #where: string;

  constructor(head: DeltaHead, options: Omit<ReworkOptions, 'log'>) {
    this.#head = head;
    this.#parts = new FileRework({ ...options, log: head });
    this.#where = options.where;
  }

  /** Stages the rows of a run. The fingerprint of the group’s rows is kept with the first part of these rows. */
  async staged(
    { schema: { columns } }: StageRequest,
    frames: AsyncIterable<FrameToStage>,
    stage: (frames: AsyncIterable<FrameToStage>) => Promise<readonly Part[]>,
  ): Promise<readonly Part[]> {
    let group = emptyFingerprint;
    const parts = await stage(
      (async function* () {
        for await (const one of frames) {
          if (one.role === 'boundary') group = addFingerprints(group, await fingerprintIn(one.frame, { columns }));
          yield one;
        }
      })(),
    );
    const first = parts.findIndex(({ role }) => role === 'boundary');
    return parts.map((part, at) =>
      at === first ? { ...part, ref: { ...stagedFile(part), group: { ...group, columns } } as unknown as Json } : part,
    );
  }

  /** The fingerprint of the part’s rows that are in the group. Undefined: the range is not the group, or the head has no fingerprint. */
  async inPart(slice: SliceRef, { range }: ReworkScope, signal: AbortSignal): Promise<Fingerprint | undefined> {
    if (range === null || range.group === 'rows' || slice.apart) return undefined;
    const group = (await retry(() => this.#head.read()))?.record.head.group;
    return group && sumOf(this.#parts.readRanges(slice, range, signal), { group, slice });
  }

  /** Throws StoreError HYG-3925 if the rows of the group are not exactly the settled rows. If all rows of the group are in parts without other rows, these parts are removed whole without a comparison. */
  async mustBeAsSettled({ supersede, reworked, run }: PrepareRequest, { target }: PreparedRows): Promise<void> {
    if (supersede.what !== 'boundary' || reworked.length === 0) return;
    const found = await retry(() => this.#head.read());
    const group = found?.record.head.group;
    if (found === undefined || group === undefined) return;
    // Parts that an earlier version has read have no fingerprint.
    if (reworked.some(({ dropped, fingerprint }) => dropped > 0 && fingerprint === undefined)) return;
    const takenApart = new Set(reworked.map(({ slice }) => fileOfSlice(slice).name));
    const removes = new Set((target as unknown as FileChanges).removes);
    let sum = reworked.reduce((all, { fingerprint = emptyFingerprint }) => addFingerprints(all, fingerprint), emptyFingerprint);
    for (const file of found.head.files) {
      if (!removes.has(file.name) || takenApart.has(file.name)) continue;
      const slice = sliceOf(file);
      const { signal } = new AbortController();
      const frames = this.#parts.readAsItIs(slice, { range: null, retyped: [] }, undefined, signal);
      sum = addFingerprints(sum, await sumOf(frames, { group, slice }));
    }
    if (!sameFingerprint(sum, group)) throw groupChanged(run, `${this.#where} has other rows there than the settled ones`);
  }
}

async function sumOf(
  frames: AsyncIterable<Frame | Checkpoint>,
  { group, slice }: { readonly group: Pick<StagedGroup, 'columns'>; readonly slice: SliceRef },
): Promise<Fingerprint> {
  let sum = emptyFingerprint;
  for await (const frame of frames)
    if (isFrame(frame))
      sum = addFingerprints(sum, await fingerprintIn(frame, { columns: group.columns, partition: slice.partition ?? {} }));
  return sum;
}

/** The fingerprint of rows, in the settled columns and types, because each writer of files may use another order of columns and other physical types. */
async function fingerprintIn(
  frame: Frame,
  { columns, partition = {} }: Pick<StagedGroup, 'columns'> & { readonly partition?: Readonly<Record<string, string | null>> },
): Promise<Fingerprint> {
  return (await rowsAsSettled(frame, { columns }, partition)).fingerprint();
}
