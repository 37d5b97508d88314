import { hash } from 'node:crypto';

/**
 * The hash of each block, which is sent with the block, and the hash of the whole, which is the hash of the block hashes: the bytes are read once for both. The service
 * compares the hash of each block with the received bytes.
 */
export class BlockHashes {
  /** The size of every block except the last. */
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

  /** `<algorithm>/<block's bytes>:<hex>`, once the hash of each block was requested. */
  get whole(): string {
    return `${this.#algorithm}/${this.blockBytes}:${hash(this.#algorithm, Buffer.concat(this.#hashes))}`;
  }
}
