import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Hmac, hexBytes } from '../../../src/frames/polish/hmac.ts';
import { cases } from '../../support/samples.ts';

const ofNode = (key: string, text: Uint8Array): string => createHmac('sha256', key).update(text).digest('hex');

function own(hmac: Hmac, text: Uint8Array): string {
  const into = Buffer.alloc(hexBytes + 2, '-');
  hmac.hex(text, into, 1);
  const written = into.toString('latin1');
  expect([written[0], written.at(-1)]).toEqual(['-', '-']);
  return written.slice(1, -1);
}

it('is what Node makes of texts of every length up to four blocks, by one key', () => {
  const hmac = new Hmac('a key');
  for (let length = 0; length <= 260; length++) {
    const text = Uint8Array.from({ length }, (_, at) => (at * 7 + length) & 255);
    expect(own(hmac, text)).toBe(ofNode('a key', text));
  }
});

it('is what Node makes with keys that are empty, of one block, longer, and not of ASCII', () => {
  for (const key of ['', 'k'.repeat(63), 'k'.repeat(64), 'k'.repeat(65), 'k'.repeat(1000), 'Schlüssel €'])
    expect(own(new Hmac(key), Buffer.from('s4:Åse;'))).toBe(ofNode(key, Buffer.from('s4:Åse;')));
});

it('is what Node makes of any text, wherever it lies in memory', () => {
  const texts = fc.tuple(fc.string(), fc.uint8Array({ maxLength: 700 }), fc.nat(99));
  fc.assert(
    fc.property(texts, ([key, bytes, from]) => {
      const text = bytes.subarray(Math.min(from, bytes.length));
      expect(own(new Hmac(key), text)).toBe(ofNode(key, text));
    }),
    cases(500),
  );
});
