import { hash } from 'node:crypto';

/** A hash of a text, as 32 hex digits. Equal texts have equal hashes, so the hash can name something that has no other name. */
export function shortHash(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32);
}
