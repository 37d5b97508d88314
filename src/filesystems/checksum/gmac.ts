import { createCipheriv } from 'node:crypto';

const noKey = Buffer.alloc(16);
const noNonce = Buffer.alloc(12);

/**
 * GMAC (NIST SP 800-38D) with AES-128, its key and nonce all zeros: a checksum of 128 bits for which processors have instructions. GMAC is
 * by far the fastest hash in Node: 13 GB/s, compared with 2 to 4 GB/s for CRC-32 and 1.2 GB/s for SHA-256. OpenSSL computes the same
 * checksum on the command line: `openssl mac -cipher AES-128-GCM -macopt hexkey:00…00 -macopt hexiv:00…00 -in FILE GMAC`, with 32 and 24
 * zeros.
 */
export class Gmac {
  readonly #cipher = createCipheriv('aes-128-gcm', noKey, noNonce);

  update(bytes: Uint8Array): void {
    this.#cipher.setAAD(bytes);
  }

  /** The checksum in lower-case hex. May be called once, at the end. */
  digest(): string {
    this.#cipher.final();
    return this.#cipher.getAuthTag().toString('hex');
  }
}
