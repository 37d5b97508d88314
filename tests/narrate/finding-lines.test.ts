import { describe, expect, test } from 'vitest';
import { type CheckResult, findingLines, type ShownFindings } from '../../src/narrate/commands/finding-lines.ts';
import { noColor } from '../../src/narrate/text/palette.ts';

const passed = (what: string): Omit<CheckResult, 'about'> => ({ ok: true, what, tryThis: [] });
const failed = (what: string, why = 'No answer.'): Omit<CheckResult, 'about'> => ({ ok: false, what, why: [why], tryThis: ['Start it'] });

/** What `hygge debug` prints of some entities, one after the other. */
function printed(entities: Readonly<Record<string, readonly Omit<CheckResult, 'about'>[]>>): readonly string[] {
  const shown: ShownFindings = new Map();
  return Object.entries(entities).flatMap(([about, findings]) =>
    findingLines(
      about,
      findings.map((finding) => ({ about, ...finding })),
      noColor,
      shown,
    ),
  );
}

describe('what hygge debug prints', () => {
  test('has a result that several entities share in full once, and counts it for the others', () => {
    const shared = [passed('home: the server answers'), passed('store: can stage')];
    expect(printed({ 's.a': [...shared, passed('next run: 2 rows')], 's.b': [...shared, passed('next run: 3 rows')] })).toEqual([
      ...['', 's.a', '  ✓ home: the server answers', '  ✓ store: can stage', '  ✓ next run: 2 rows'],
      ...['', 's.b', '  ✓ next run: 3 rows', '  ✓ 2 checks as for s.a'],
    ]);
  });

  test('names each entity that fails, with the reason and the remedy once', () => {
    expect(
      printed({ 's.a': [failed('home: no server')], 's.b': [failed('home: no server')], 's.c': [failed('home: no server', 'No right.')] }),
    ).toEqual([
      ...['', 's.a', '  ✗ home: no server', '      why  No answer.', '      try  Start it'],
      ...['', 's.b', '  ✗ home: no server (as for s.a)'],
      ...['', 's.c', '  ✗ home: no server', '      why  No right.', '      try  Start it'],
    ]);
  });

  test('shows equal results of one entity each time', () => {
    expect(printed({ 's.a': [passed('can read'), passed('can read')] })).toEqual(['', 's.a', '  ✓ can read', '  ✓ can read']);
  });
});
