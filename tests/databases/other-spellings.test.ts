/** Where the database itself finds what may be an earlier spelling, hygge reads no other key of it. */
import { expect, test } from 'vitest';
import type { Row } from '../../src/databases/engine.ts';
import { removeOtherSpellings } from '../../src/databases/store/commit/other-spellings.ts';
import type { StoreContext } from '../../src/databases/store/context.ts';
import type { KeyEquality } from '../../src/frames/row-sum/key-equality.ts';

async function removed(letters: KeyEquality['letters'], knowsSmallText: boolean) {
  const tables = new Map<string, string>();
  const rows: Readonly<Record<string, readonly Row[]>> = {
    '#new keys': [{ k0: 'ANN', n: '1' }],
    '#settled keys': [
      { k0: 'ann', n: '7' },
      { k0: 'anna', n: '8' },
    ],
  };
  const conditions: string[] = [];
  const context = {
    session: {
      query: async (sql: string) => (/hygge_row > 0 /.test(sql) ? (rows[/#\w+ keys/.exec(sql)?.[0] ?? ''] ?? []) : []),
      run: async () => undefined,
    },
    dialect: {
      quote: (name: string) => `"${name}"`,
      nameOf: () => 'e',
      merge: {
        dropTemporary: (name: string) => `drop ${name}`,
        ...(knowsSmallText ? { smallText: (text: string) => `lower(${text})` } : {}),
      },
    },
    place: { table: { schema: '', name: 'e' } },
  } as unknown as StoreContext;
  const count = await removeOtherSpellings(
    context,
    {
      ...{ rows: 'staged', key: ['id'], on: 'hygge_now.id = hygge_new.id', mine: null, equalities: { id: { letters, isPadded: false } } },
      async keep(name, select) {
        tables.set(name, select);
        return `#${name}`;
      },
    },
    async (condition) => conditions.push(condition),
  );
  return { count, settled: tables.get('settled keys') ?? '', conditions };
}

const found = ` and lower(hygge_now."id") in (select lower(hygge_new."id") from #new keys hygge_new)`;

test.each([
  ['letters of ASCII', 'ascii', true, true],
  ['blanks alone', 'unknown', true, true],
  ['letters of other alphabets, which a database may not know', 'case', true, false],
  ['letters with accents', 'accents', true, false],
  ['a database that folds no text', 'ascii', false, false],
] as const)('%s', async (_, letters, knows, isAsked) => {
  const { count, settled, conditions } = await removed(letters, knows);
  expect(settled.includes(found)).toBe(isAsked);
  expect(conditions).toEqual(letters === 'unknown' ? [] : [expect.stringContaining('hygge_new.hygge_row in (7)')]);
  expect(count).toBe(letters === 'unknown' ? 0 : 1);
});
