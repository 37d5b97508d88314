import fc from 'fast-check';
import { expect, test } from 'vitest';
import { putUuidBytes, putUuidText } from '../../../src/frames/bytes/uuids.ts';
import { cases } from '../../support/samples.ts';

const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 });

/** Its text by Node's own hex. */
function textOf(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function bytesOf(text: string): Buffer | undefined {
  const source = Buffer.from(`--${text}--`);
  const into = Buffer.alloc(20, 7);
  if (!putUuidBytes(into, 2, source, 2, source.length - 2)) return undefined;
  expect([into[0], into[1], into[18], into[19]]).toEqual([7, 7, 7, 7]);
  return into.subarray(2, 18);
}

test('sixteen bytes are the text that people write, and that text those bytes', () => {
  fc.assert(
    fc.property(sixteen, fc.nat(9), (bytes, before) => {
      const into = Buffer.alloc(before + 36 + 1, 7);
      putUuidText(into, before, Buffer.concat([Buffer.alloc(before), bytes, Buffer.alloc(3)]), before);
      expect(into.toString('latin1', before, before + 36)).toBe(textOf(bytes));
      expect([...into.subarray(0, before), into[before + 36]].every((byte) => byte === 7)).toBe(true);
      expect(bytesOf(textOf(bytes))).toEqual(Buffer.from(bytes));
    }),
    cases(2000),
  );
});

const spelling = fc.record({ bytes: sixteen, capitals: fc.array(fc.boolean(), { minLength: 36, maxLength: 36 }), hyphens: fc.nat(3) });

test('capitals and hyphens in any place change nothing', () => {
  fc.assert(
    fc.property(spelling, ({ bytes, capitals, hyphens }) => {
      const mixed = [...textOf(bytes)].map((sign, at) => (capitals[at] ? sign.toUpperCase() : sign)).join('');
      for (const text of [mixed, mixed.replaceAll('-', ''), `${'-'.repeat(hyphens)}${mixed}${'-'.repeat(hyphens)}`])
        expect(bytesOf(text)).toEqual(Buffer.from(bytes));
    }),
    cases(1000),
  );
});

test('any other text is none, as by the rule in words: 32 digits of hex, hyphens apart', () => {
  const sign = fc.constantFrom(...'0123456789abcdefABCDEF-', 'g', 'ü', ' ', '{', '}', '\0', '/', ':', '@', '`');
  const nearly = fc.tuple(sixteen, fc.nat(36), sign).map(([bytes, at, one]) => {
    const text = textOf(bytes);
    return text.slice(0, at) + one + text.slice(at + 1);
  });
  const cut = fc.tuple(sixteen, fc.nat(40)).map(([bytes, length]) => (textOf(bytes) + textOf(bytes)).slice(0, length));
  fc.assert(
    fc.property(
      fc.oneof(
        nearly,
        cut,
        fc.array(sign, { maxLength: 40 }).map((signs) => signs.join('')),
      ),
      (text) => {
        const hex = text.replaceAll('-', '');
        expect(bytesOf(text)).toEqual(/^[0-9a-f]{32}$/i.test(hex) ? Buffer.from(hex, 'hex') : undefined);
      },
    ),
    cases(5000),
  );
});

test('nothing is read or written beyond its memory', () => {
  expect(() => putUuidText(new Uint8Array(35), 0, new Uint8Array(16), 0)).toThrow(RangeError);
  expect(() => putUuidText(new Uint8Array(36), 1, new Uint8Array(16), 0)).toThrow(RangeError);
  expect(() => putUuidText(new Uint8Array(36), 0, new Uint8Array(16), 1)).toThrow(RangeError);
  expect(() => putUuidText(new Uint8Array(36), 0, new Uint8Array(16), -1)).toThrow(RangeError);
  const text = Buffer.from(textOf(new Uint8Array(16)));
  expect(() => putUuidBytes(new Uint8Array(15), 0, text, 0, 36)).toThrow(RangeError);
  expect(() => putUuidBytes(new Uint8Array(16), 1, text, 0, 36)).toThrow(RangeError);
  expect(() => putUuidBytes(new Uint8Array(16), 0, text, 0, 37)).toThrow(RangeError);
});
