/** What MySQL's own JSON makes of a document: its numbers are whole ones of 64 bits, or doubles, and of two values by one name it keeps the last. */
import { repeatedName } from '../repeated-names.ts';

const wholeNumber = /^-?\d{1,20}$/;
const [least, most] = [-(2n ** 63n), 2n ** 64n - 1n];

/** A number as digits without a point and a power of ten: `1.10` and `11e-1` are the same. */
function plainNumber(text: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const plain = digits.replace(/0+$/, '');
  return plain === '' ? '0' : `${sign}${plain}e${Number(power) - fraction.length + digits.length - plain.length}`;
}

function numberKept(text: string): boolean {
  if (wholeNumber.test(text)) {
    const value = BigInt(text);
    if (value >= least && value <= most) return true;
  }
  const value = Number(text);
  return Number.isFinite(value) && plainNumber(String(value)) === plainNumber(text);
}

/** Strings, whose digits are none, and numbers. */
const strings = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;

/** What would be lost of a valid document, in words that follow the name of its column; undefined: nothing. */
export function lostInJson(document: string): string | undefined {
  const name = repeatedName(document);
  if (name !== undefined)
    return `holds a document with two values by the name ${JSON.stringify(name)}, of which the json of MySQL keeps one`;
  for (const [token] of document.matchAll(strings))
    if (!token.startsWith('"') && !numberKept(token)) return `holds the number ${token}, which the json of MySQL keeps as ${Number(token)}`;
  return undefined;
}
