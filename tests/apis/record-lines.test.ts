import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutListIn } from '../../src/apis/answers/cut-lists.ts';
import { envelopeOf } from '../../src/apis/answers/envelope.ts';
import { linesOf, rowLines } from '../../src/apis/answers/record-lines.ts';
import { cases } from '../support/samples.ts';

const blanks = fc.array(fc.constantFrom(' ', '\n', '\r', '\t'), { maxLength: 3 }).map((all) => all.join(''));
const record = fc.tuple(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(undefined, 2, '\t'));

test('records of a page are a line each, however the page is written', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(record, blanks, blanks), { maxLength: 6 }), fc.nat(5), (records, from) => {
      const texts = records.map(([[value, indent], before, after]) => `${before}${JSON.stringify(value, null, indent)}${after}`);
      const text = `{"next": 1, "data": [${texts.join(',')}]}`;
      const body = { bytes: Buffer.from(`${text}\0`), length: Buffer.byteLength(text) };
      const { records: spans = [] } = envelopeOf(body, ['data'], []);
      const lines = linesOf(body, spans, from).toString().split('\n');
      expect(lines.pop()).toBe('');
      expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(text).data.slice(from));
      // The page stays as it was: it may be read again.
      expect(body.bytes.toString('utf8', 0, body.length)).toBe(text);
      expect(
        rowLines(texts.map((one) => Buffer.from(one)))
          .toString()
          .split('\n').length,
      ).toBe(texts.length + 1);
    }),
    cases(200),
  );
});

test('a record of a long page is looked at for lists that are cut, and no record behind it', () => {
  const list = JSON.stringify({ lines: { data: [{ id: 1 }], has_more: true } });
  const record = JSON.stringify({ note: 'x'.repeat(200) });
  const text = `{"data": [${Array(500).fill(record).join(',')},${list}]}`;
  const bytes = Buffer.from(`${text}\0`);
  const body = { bytes, length: text.length };
  const { records: spans = [] } = envelopeOf(body, ['data'], []);
  // How many bytes it looks through.
  let looked = 0;
  const same = Buffer.from(bytes);
  Object.assign(bytes, {
    subarray: (from = 0, to = same.length) => {
      looked += to - from;
      return same.subarray(from, to);
    },
    includes: (sign: Buffer, from = 0) => {
      looked += same.length - from;
      return same.includes(sign, from);
    },
    indexOf: (sign: Buffer, from = 0) => {
      looked += same.length - from;
      return same.indexOf(sign, from);
    },
  });
  expect(spans.flatMap((span) => cutListIn(body, span) ?? [])).toEqual([{ at: 'lines.data', items: 1 }]);
  expect(looked).toBeLessThan(2 * text.length);
});
