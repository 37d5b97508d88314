import { hash } from 'node:crypto';

/** The first 64 bits of MD5, as a signed integer: the hash of a text in row-sum/1. `text`: a string stands for its UTF-8. */
export function hashOf(text: string | Uint8Array): bigint {
  return BigInt.asIntN(64, BigInt(`0x${hash('md5', text, 'hex').slice(0, 16)}`));
}
