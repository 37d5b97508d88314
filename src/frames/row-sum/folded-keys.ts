/** Hashes that are equal for keys that some system treats as equal. The hashes are for searches that must find all rows, and in which an extra row does no harm. */
import { hash } from 'node:crypto';
import type { Frame } from '../../engine/contracts/frame.ts';
import type { Column } from '../schema.ts';
import { eachRowsTexts } from './row-hashes.ts';

/** For each row, in the frame’s order, the hash of the folded texts of these columns. Throws a DefectError if the frame lacks one of the columns. */
export async function foldedHashes(frame: Frame, columns: readonly Pick<Column, 'name' | 'type'>[]): Promise<BigInt64Array> {
  const hashes = new BigInt64Array(frame.rows);
  let at = 0;
  for await (const texts of eachRowsTexts(frame, columns)) hashes[at++] = hashOf(texts);
  return hashes;
}

function hashOf(texts: readonly (string | null)[]): bigint {
  const row = texts.map((text) => (text === null ? '-' : `${foldedKey(text).length}:${foldedKey(text)}`)).join('');
  return hash('md5', row, 'buffer').readBigInt64BE();
}

const plain = /^[\x21-\x7e]*$/;

/**
 * The text without the differences that collations ignore: case, accents, blanks at the end, signs without a width, the kind of kana, and
 * the width of a sign. All characters beyond the first 65,536 become the same character, because an old collation treats them as equal.
 */
export function foldedKey(text: string): string {
  if (plain.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{Cf}\p{Cc}]/gu, '')
    .replaceAll(/[\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[\u3041-\u3096]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + 0x60))
    .replaceAll(/[æœø]/g, (one) => ({ æ: 'ae', œ: 'oe', ø: 'o' })[one] ?? one)
    .trimEnd();
}
