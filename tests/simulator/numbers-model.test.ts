import { describe, expect, it } from 'vitest';
import { explore } from './numbers-model.ts';

describe('the numbers of a mirrored table, of which Fabric removes those that it took', () => {
  it('have one content each, whoever stops where, and a commit that cannot be told is made anew', () => {
    const { states, wrong, trace, ends } = explore();
    expect({ wrong, trace }).toEqual({ wrong: null, trace: [] });
    expect(states).toBeGreaterThan(1_000);
    expect([...ends].sort()).toEqual(['before', 'commit', 'given up', 'made anew']);
  });

  it.each([
    ['no record', 'it is said that nothing was published, and a number was'],
    ['recorded after the rename', 'it is said that nothing was published, and a number was'],
    ['a number that may be there counts as unused', 'it is said that nothing was published, and a number was'],
    ['the age is looked at before the folder', 'a number has two contents'],
    ['a token that was staged counts as unused', 'a number has two contents'],
  ] as const)('go wrong without the rule: %s', (off, expected) => {
    const { wrong, trace } = explore([off]);
    expect(wrong).toBe(expected);
    expect(trace.join('; ')).toMatch(/Fabric removes 1/);
  });
});
