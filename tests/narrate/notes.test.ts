import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { messageOf, words } from '../../src/narrate/text/notes.ts';
import { codeOf, type DriftFound, type Note } from '../../src/ports/notes.ts';

const fax: DriftFound = {
  kind: 'removed',
  column: 'fax',
  before: 'string',
  policy: 'remove_columns: warn',
  severity: 'warn',
  outcome: { code: 'stays_null' },
  since: '2026-11-20T08:00:00.000Z',
};

/** A fact, and what a person reads. */
interface Said {
  readonly note: Note & { readonly code: string };
  readonly text: string;
}

const said: readonly Said[] = parse(readFileSync(join(import.meta.dirname, 'notes.yml'), 'utf8'));

describe('a fact has its sentence', () => {
  test.each(said)('$text', ({ note, text }) => {
    expect(words(note)).toBe(text);
  });

  test('whatever its code', () => {
    const source = readFileSync(join(import.meta.dirname, '..', '..', 'src', 'narrate', 'text', 'notes.ts'), 'utf8');
    const sentences = source.slice(source.indexOf('switch (note.code)'), source.indexOf('\n}\n', source.indexOf('switch (note.code)')));
    const codes = [...sentences.matchAll(/^ {4}case '(\w+)':/gm)].map(([, code]) => code);
    const met = new Set<string | undefined>(said.map(({ note }) => note.code));
    expect(codes.length).toBeGreaterThan(80);
    expect(codes.filter((code) => !met.has(code))).toEqual([]);
  });
});

describe('a home says in its own words', () => {
  test('an unknown code', () => {
    const note: Note = { code: 'erp.partial_month', text: 'November is not closed yet', params: { month: '2026-11' } };
    expect([words(note), codeOf(note)]).toEqual(['November is not closed yet', 'erp.partial_month']);
  });

  test('or without a code', () => {
    expect([words('November is not closed yet'), codeOf('November is not closed yet')]).toEqual(['November is not closed yet', 'text']);
  });
});

describe('what another version wrote', () => {
  test('a later one, of which only the code is known', () => {
    const note = { code: 'moon_phase', is: 'full', days: 2 } as unknown as Note;
    expect(words(note)).toBe('moon_phase (is: full, days: 2)');
  });

  test('an earlier one, whose drift is in sentences', () => {
    expect(words({ code: 'drift', drift: { ...fax, outcome: 'it stays where it is' } })).toBe(
      'column fax is gone: it stays where it is (remove_columns: warn)',
    );
  });
});

test('a journal row says its notes, an error’s words, or the sentence of an earlier version', () => {
  expect(messageOf({ message: null, notes: [{ code: 'nothing_new' }, { code: 'vanished', rows: 3 }] })).toBe(
    'nothing new; the source no longer has the 3 rows at the last watermark, but they stay settled',
  );
  expect(messageOf({ message: 'nothing new' })).toBe('nothing new');
  expect(messageOf({ message: null, notes: [] })).toBeNull();
  expect(messageOf({ message: null })).toBeNull();
});

test('of many broken rules those that most rows break are named', () => {
  const told = Array.from({ length: 45 }, (_, n) => ({ rule: `r${n}`, column: null, rows: n + 1 }));
  const named = 'r44: 45; r43: 44; r42: 43; r41: 42; r40: 41; and 40 more rules';
  expect(words({ code: 'broken_rows', rows: 45, of: 50, rules: {}, told })).toBe(
    `45 rows of 50 break a rule and are in quarantine (${named})`,
  );
  expect(words({ code: 'rules_warn', of: 50, told })).toBe(`rows that settled break a rule (${named}; 50 rows were judged)`);
  expect(words({ code: 'broken_rows', rows: 1, of: 1, kept: false, rules: {}, told: told.slice(0, 1) })).toBe(
    '1 row of 1 breaks a rule (r0: 1)',
  );
});
