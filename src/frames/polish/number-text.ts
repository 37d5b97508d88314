/** Numbers as plain decimal text: no exponent, no plus, no zeros that say nothing. The same for the same number, whatever type it came in. */

/** A float by its shortest digits that read back as the same float; a whole one by all its digits. */
export function float64Text(value: number): string {
  return special(value) ?? plain(String(value));
}

/** The same for a float of 32 bits, whose shortest digits are fewer. */
export function float32Text(value: number): string {
  const known = special(value);
  if (known !== undefined) return known;
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return plain(text);
  }
  return plain(value.toPrecision(9));
}

function special(value: number): string | undefined {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  // Above 2^53 the shortest digits of a whole number are not its digits.
  return Number.isInteger(value) ? BigInt(value).toString() : undefined;
}

/** `1.5e-7` → `0.00000015`. */
function plain(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(text) ?? [];
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const at = Math.max(point, 1);
  return sign + trimmed(`${padded.slice(0, at)}.${padded.slice(at)}`);
}

/** Without the zeros at the end of a fraction, and without a point that has none behind it. The text must have a point. */
export function trimmed(text: string): string {
  let end = text.length;
  while (text.charCodeAt(end - 1) === 48) end--;
  return text.slice(0, text.charCodeAt(end - 1) === 46 ? end - 1 : end);
}
