import { createHash } from 'node:crypto';

/** Small letters and digits with single dashes between them, a letter first. */
export function slug(text: string, most: number): string {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  const cut = (/^[a-z]/.test(plain) ? plain : `w${plain}`).slice(0, most).replace(/-+$/, '');
  return cut === '' ? 'w' : cut;
}

/** A hash in base 36, of letters and digits. Twelve characters have 62 bits. */
export function hash(text: string): string {
  return BigInt(`0x${createHash('sha256').update(text).digest('hex')}`)
    .toString(36)
    .padStart(50, '0')
    .slice(1);
}
