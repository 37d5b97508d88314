import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeSegment, encodeSegment, entityNameProblem, flowNameProblem, nameKey } from '../../src/workspace/names.ts';
import { SEED } from '../support/samples.ts';

const anyName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...'._ %/\\:*?"<>|~a=A0\n'), maxLength: 12 }),
  fc.constantFrom('CON', 'con', 'nul.txt', 'LPT1', 'COM9.', 'aux', '..', '.', '', ' ', '_', '%', '%25', 'a.', 'a ', 'CONIN$'),
);

describe('an entity name as a segment of a path', () => {
  test('can be read back, unless it had to be shortened', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const segment = encodeSegment(name);
        expect(decodeSegment(segment)).toBe(segment.includes('%.') ? undefined : name);
      }),
      { seed: SEED, numRuns: 1_000 },
    );
  });

  test('is one segment that every system takes and no reader skips', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const segment = encodeSegment(name);
        expect(segment).toMatch(/^[A-Za-z0-9%-][A-Za-z0-9%. _-]*$/);
        expect(segment).not.toMatch(/[ .]$/);
        expect(segment.length).toBeLessThanOrEqual(180);
        expect(segment).not.toMatch(/^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i);
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });

  test('is shared by two names, where case is ignored, only when the names are equal ignoring case', () => {
    fc.assert(
      fc.property(anyName, anyName, (a, b) => {
        fc.pre(nameKey(a) !== nameKey(b));
        expect(encodeSegment(a).toLowerCase()).not.toBe(encodeSegment(b).toLowerCase());
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });

  test.each([
    ['Account', 'Account'],
    ['.git', '%2Egit'],
    ['../../etc/passwd', '%2E.%2F..%2Fetc%2Fpasswd'],
    ['a.', 'a%2E'],
    [' a ', '%20a%20'],
    ['CON', '%43ON'],
    ['100%', '100%25'],
    ['a*b?', 'a%2Ab%3F'],
    ['Straße', 'Stra%C3%9Fe'],
    ['', '%'],
  ])('%j becomes %j', (name, segment) => {
    expect(encodeSegment(name)).toBe(segment);
  });

  test('stays different when it is shortened and only the end differs', () => {
    const [a, b] = ['x', 'y'].map((end) => encodeSegment('受注明細'.repeat(20) + end));
    expect(a).not.toBe(b);
    expect(a).toHaveLength(a?.length ?? 0);
    expect(decodeSegment(a ?? '')).toBeUndefined();
  });

  test('what hygge did not write is not a name', () => {
    expect(['_hygge', 'a%2', 'a%2f', 'a%41', 'a b.', '%zz'].map(decodeSegment)).toEqual(Array(6).fill(undefined));
  });
});

describe('names', () => {
  test.each(['crm', 'C', 'a-b_c9', 'x'.repeat(60)])('%j names a flow', (name) => {
    expect(flowNameProblem(name)).toBeUndefined();
  });

  test.each(['', '9a', '-a', 'a.b', 'a b', 'é', 'x'.repeat(61), 'a\n'])('%j names no flow', (name) => {
    expect(flowNameProblem(name)).toEqual(expect.any(String));
  });

  test.each(['a', 'dbo.Orders', '受注', "it's", 'a/b', '😀'.repeat(200)])('%j names an entity', (name) => {
    expect(entityNameProblem(name)).toBeUndefined();
  });

  test.each(['', '  ', 'a\nb', 'a\u0000', 'a\u007f', 'x'.repeat(201), '\ud800'])('%j names no entity', (name) => {
    expect(entityNameProblem(name)).toEqual(expect.any(String));
  });

  test('are the same ignoring case and Unicode form', () => {
    expect(nameKey('STRASSE')).toBe(nameKey('straße'));
    expect(nameKey('caf\u00e9')).toBe(nameKey('CAFE\u0301'));
    expect(nameKey('a')).not.toBe(nameKey('b'));
  });
});
