import { hash } from 'node:crypto';

/**
 * Computes the hash of each block and the hash of the whole, and reads the bytes only once. The hash of a block is sent with the block, so that the service can compare
 * the received bytes. The hash of the whole is the hash of all block hashes.
 */
export class BlockHashes {
  /** The size of every block except the last. */
  readonly blockBytes: number;
  readonly #algorithm: string;
  readonly #hashes: Buffer[] = [];

  /** @param algorithm the name of a hash algorithm of node:crypto. */
  constructor(algorithm: string, blockBytes: number) {
    this.#algorithm = algorithm;
    this.blockBytes = blockBytes;
  }

  /** The hash of a block. @param index of the block, from 0. */
  of(block: Uint8Array, index: number): Buffer {
    const own = hash(this.#algorithm, block, 'buffer');
    this.#hashes[index] = own;
    return own;
  }

  /** The hash of the whole, `<algorithm>/<block’s bytes>:<hex>`, once the hash of each block was requested. */
  get whole(): string {
    return `${this.#algorithm}/${this.blockBytes}:${hash(this.#algorithm, Buffer.concat(this.#hashes))}`;
  }
}
