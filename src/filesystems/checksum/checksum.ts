/** Computes, from existing bytes, the checksums that filesystems make when they stage a file (`StagedFile.checksum`). */
import { createHash } from 'node:crypto';
import { crc32c } from '../gcs/crc32c.ts';
import { Gmac } from './gmac.ts';

export interface Checksum {
  update(bytes: Uint8Array): void;
  /** The checksum. May be called once, at the end. */
  digest(): string;
}

/** A hash by the algorithm of another checksum; undefined: the algorithm is unknown. */
export function checksumLike(other: string): Checksum | undefined {
  const [, algorithm = '', blockBytes] = /^([a-z0-9-]+)(?:\/(\d+))?:/.exec(other) ?? [];
  if (algorithm === 'gmac') return gmac();
  if (algorithm === 'crc32c') return castagnoli();
  try {
    createHash(algorithm);
  } catch {
    return undefined;
  }
  return blockBytes === undefined ? whole(algorithm) : ofBlocks(algorithm, Number(blockBytes));
}

/** The checksum of complete bytes, as `gmac:<lower-case hex>`. */
export function gmacOf(bytes: Uint8Array): string {
  const sum = gmac();
  sum.update(bytes);
  return sum.digest();
}

function gmac(): Checksum {
  const all = new Gmac();
  return { update: (bytes) => all.update(bytes), digest: () => `gmac:${all.digest()}` };
}

function castagnoli(): Checksum {
  let all = 0;
  return {
    update(bytes) {
      all = crc32c(bytes, all);
    },
    digest: () => `crc32c:${all.toString(16).padStart(8, '0')}`,
  };
}

function whole(algorithm: string): Checksum {
  const all = createHash(algorithm);
  return { update: (bytes) => void all.update(bytes), digest: () => `${algorithm}:${all.digest('hex')}` };
}

/** A checksum that is the hash of the hashes of all blocks. */
function ofBlocks(algorithm: string, blockBytes: number): Checksum {
  const all = createHash(algorithm);
  let block = createHash(algorithm);
  let filled = 0;
  return {
    update(bytes) {
      for (let at = 0; at < bytes.byteLength; ) {
        const piece = bytes.subarray(at, at + blockBytes - filled);
        block.update(piece);
        at += piece.byteLength;
        filled += piece.byteLength;
        if (filled < blockBytes) continue;
        all.update(block.digest());
        block = createHash(algorithm);
        filled = 0;
      }
    },
    digest() {
      if (filled > 0) all.update(block.digest());
      return `${algorithm}/${blockBytes}:${all.digest('hex')}`;
    },
  };
}
