/** UUIDs computed from texts: each process that makes the same thing computes the same name. */
import { hash } from 'node:crypto';

/** The UUID of a text, in the form of version 4. */
export const uuidOf = (text: string): string => uuidText(uuidBytes(text));

/** The 16 bytes of `uuidOf`. */
export function uuidBytes(text: string): Uint8Array {
  const bytes = Uint8Array.from(hash('sha256', text, 'buffer').subarray(0, 16));
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes;
}

/** A UUID as text: groups of 8, 4, 4, 4 and 12 digits. @param bytes 16 bytes. */
export const uuidText = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
