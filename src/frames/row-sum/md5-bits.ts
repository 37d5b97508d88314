import { Md5 } from './md5.ts';

/** The hash of a text in row-sum/1: the first 64 bits of MD5, as a signed integer. `text`: a string is hashed as UTF-8. */
export function hashOf(text: string | Uint8Array): bigint {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const md5 = new Md5();
  md5.reserve(bytes.length);
  md5.bytes.set(bytes);
  const hash = new BigInt64Array(1);
  md5.hash(bytes.length, new Int32Array(hash.buffer), 0);
  return hash[0] as bigint;
}
