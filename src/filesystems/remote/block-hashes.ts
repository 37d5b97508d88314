import { hash } from 'node:crypto';

/**
 * The hash of each block, which is sent with it, and of the whole, which is the hash of theirs: what is sent is read once for both. The service
 * compares each block's with what has come.
 */
export class BlockHashes {
  /** Of every block but the last. */
  readonly blockBytes: number;
  readonly #algorithm: string;
  readonly #hashes: Buffer[] = [];

  /** @param algorithm one of node:crypto's. */
  constructor(algorithm: string, blockBytes: number) {
    this.#algorithm = algorithm;
    this.blockBytes = blockBytes;
  }

  /** @param index from 0. */
  of(block: Uint8Array, index: number): Buffer {
    const own = hash(this.#algorithm, block, 'buffer');
    this.#hashes[index] = own;
    return own;
  }

  /** `<algorithm>/<block's bytes>:<hex>`, once each block has been asked for. */
  get whole(): string {
    return `${this.#algorithm}/${this.blockBytes}:${hash(this.#algorithm, Buffer.concat(this.#hashes))}`;
  }
}
