import { HyggeError } from '../../errors/hygge-error.ts';
import type { PublishOutcome, StagedFile } from '../../ports/filesystem.ts';
import type { Random } from '../../ports/random.ts';
import { OutcomeUnknown } from '../../ports/retry.ts';
import type { Json } from '../../ports/values.ts';
import { pathUsedTwice } from '../../remote/refusals.ts';
import { BlockHashes } from '../remote/block-hashes.ts';
import { type BlockPosition, sendInBlocks } from '../remote/blocks.ts';
import type { Keys } from './keys.ts';
import type { Objects } from './objects.ts';
import { type Body, type Part, type Upload, type Uploads, uploadIn } from './uploads.ts';

/** The minimum size of a part in S3, except for the last part. An upload has at most 10,000 parts, so at most 50 GB. */
const blocks = { blockBytes: 5 * 1024 * 1024, atOnce: 3 };
const markTries = 4;

/** The content of a mark. */
type MarkContent = Pick<Upload, 'final' | 'write'>;
type Begun = Pick<Upload, 'id' | 'twins'>;

interface UploadContext {
  readonly uploads: Uploads;
  readonly objects: Objects;
  readonly tree: Keys;
  readonly url: string;
  readonly random: Random;
  readonly looksFirst: boolean;
}

/** Staged files as open uploads: from the first byte of a file until the file is visible, or can no longer become visible. */
export class StagedUploads {
  readonly #around: UploadContext;

  constructor(around: UploadContext) {
    this.#around = around;
  }

  async stage({ staged, final }: Pick<StagedFile, 'staged' | 'final'>, body: AsyncIterable<Uint8Array>): Promise<StagedFile> {
    const { uploads, objects, tree, random } = this.#around;
    const [mark, key] = [tree.markKey(staged), tree.key(final)];
    const write = random.id();
    await this.#mark(staged, { final, write });
    let begun: Begun | undefined;
    try {
      const { id, twins } = await uploads.open(key, write);
      begun = { id, twins };
      // If a sweep saw the mark before the upload existed, the sweep has removed the mark: see marks.ts.
      if ((await objects.get(mark)) === undefined) throw this.#swept();
      const hashes = new BlockHashes('sha256', blocks.blockBytes);
      const send = (block: Uint8Array, { index }: BlockPosition) => this.#part(key, id, index, { block, sha256: hashes.of(block, index) });
      const poured = await sendInBlocks(body, blocks, send);
      const parts = poured.bytes === 0 ? [await send(new Uint8Array(), { index: 0, offset: 0 })] : poured.answers;
      const upload: Upload = { final, id, write, parts, twins };
      return { staged, final, bytes: poured.bytes, checksum: hashes.whole, handle: upload as unknown as Json };
    } catch (error) {
      // If the removal fails, the next sweep finds the leftovers by the mark.
      await this.#giveUp({ staged, final }, begun, error).catch(() => undefined);
      throw error;
    }
  }

  /** Writes a mark. If the answer is lost, the mark may already exist with our own content. */
  async #mark(staged: string, marked: MarkContent): Promise<void> {
    const { objects, url } = this.#around;
    const key = this.#around.tree.markKey(staged);
    for (let attempt = 1; ; attempt++) {
      try {
        const put = await objects.put(key, new TextEncoder().encode(JSON.stringify(marked)), { ifNoneMatch: '*' });
        if (put !== 'refused') return;
        if ((await this.#markedAt(staged))?.write === marked.write) return;
        throw pathUsedTwice(url, staged);
      } catch (error) {
        if (!(error instanceof OutcomeUnknown) || attempt === markTries) throw error;
      }
    }
  }

  async #markedAt(staged: string): Promise<MarkContent | undefined> {
    const found = await this.#around.objects.get(this.#around.tree.markKey(staged));
    return typeof found === 'object' ? (JSON.parse(new TextDecoder().decode(found.body)) as MarkContent) : undefined;
  }

  async #part(key: string, id: string, index: number, body: Body): Promise<Part> {
    const part = await this.#around.uploads.part(key, id, index + 1, body);
    if (part === 'no upload') throw this.#swept();
    return part;
  }

  #swept(): OutcomeUnknown {
    return new OutcomeUnknown(`unfinished files in ${this.#around.url} were removed during the run: a newer run has begun`);
  }

  async #giveUp({ staged, final }: Pick<StagedFile, 'staged' | 'final'>, begun: Begun | undefined, error: unknown): Promise<void> {
    const { uploads, objects, tree } = this.#around;
    if (begun === undefined || begun.twins) await uploads.abortAll(tree.key(final));
    else await uploads.abort(tree.key(final), begun.id);
    // If the answer to opening the upload was lost, the upload may still appear, so its mark must stay.
    const isOver = begun !== undefined || (error instanceof HyggeError && !error.transient);
    if (isOver) await objects.remove(this.#around.tree.markKey(staged));
  }

  async publish(file: StagedFile): Promise<PublishOutcome> {
    const { uploads, tree, looksFirst } = this.#around;
    const [mark, key] = [this.#around.tree.markKey(file.staged), tree.key(file.final)];
    const upload = uploadIn(file.handle);
    if (upload === undefined) return (await this.#isMine(key, undefined, file)) ? 'already' : 'gone';
    const isThere = looksFirst && (await this.#isMine(key, upload, file));
    const outcome = isThere ? 'already' : await this.#complete(key, upload, file);
    if (outcome === 'gone') return outcome;
    if (upload.twins) await uploads.abortAll(key);
    await this.#around.objects.remove(mark);
    return outcome;
  }

  async #complete(key: string, upload: Upload, file: StagedFile): Promise<PublishOutcome> {
    const { uploads, url } = this.#around;
    let unknown = new OutcomeUnknown(`${url} has not published ${file.final} yet`);
    const completed = await uploads.complete(key, upload).catch((error: unknown) => {
      if (!(error instanceof OutcomeUnknown)) throw error;
      unknown = error;
      return 'unclear' as const;
    });
    if (completed === 'done') return 'published';
    // The upload is checked first, then the object. So if another process completes the upload in between, the second check finds the object.
    const isOver = completed === 'no upload' || !(await uploads.isOpen(key, upload.id));
    if (await this.#isMine(key, upload, file)) return 'already';
    if (isOver) return 'gone';
    throw unknown;
  }

  /** Whether the final name has the object of this upload. Throws HYG-9401 if it has another object. */
  async #isMine(key: string, upload: Upload | undefined, file: StagedFile): Promise<boolean> {
    const seen = await this.#around.uploads.seen(key, upload?.write);
    if (seen === 'other') throw pathUsedTwice(this.#around.url, file.final);
    return seen === 'mine';
  }

  async discard({ staged, handle }: { readonly staged: string; readonly handle?: Json }): Promise<void> {
    const { uploads, objects, tree } = this.#around;
    const mark = this.#around.tree.markKey(staged);
    const upload = uploadIn(handle);
    const final = upload?.final ?? (await this.#markedAt(staged))?.final;
    const isAlone = upload !== undefined && !upload.twins;
    // Without a mark, the staged name belongs to a file that `put` has written, or to no file.
    if (final === undefined) return objects.remove(tree.key(staged));
    if (isAlone) await uploads.abort(tree.key(final), upload.id);
    else await uploads.abortAll(tree.key(final));
    await objects.remove(mark);
    // Ends uploads that were opened between the check and the removal of the mark. Their processes find no mark and stop.
    if (!isAlone) await uploads.abortAll(tree.key(final));
  }
}
