import { hash } from 'node:crypto';

/** 32 hex digits that are equal for equal texts: names for things without another name. */
export function shortHash(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32);
}
