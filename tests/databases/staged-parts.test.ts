import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/databases/engine.ts';
import { mustHoldAllParts, PartsLost, type StagedSource } from '../../src/databases/store/staging/staged-tables.ts';
import type { Part } from '../../src/engine/contracts/store.ts';

const place = { table: { schema: 'dbo', name: 'e' }, stagingSchema: 's' } as never;

/** What a server counts in a staged table, by tag: rows, and values of its one column. */
type Counted = Readonly<Record<string, readonly [rows: number, values: number]>>;

/** Ways in which engines count: by tag, by tag after writers were locked out, or all and ours at once. */
type Counting = 'by tag' | 'closed' | 'all and ours';

function dialectOf(counted: Counted, counting: Counting) {
  const rowsByTag = async () => Object.entries(counted).map(([tag, [n, n0]]) => ({ tag, n: String(n), n0: String(n0) }));
  const sums = (of: readonly (readonly [number, number])[]) => [0, 1].map((at) => of.reduce((sum, one) => sum + (one[at] ?? 0), 0));
  return {
    quote: (name: string) => name,
    count: (what: string) => `count(${what})`,
    staging: {
      attemptTags: {
        countByTag: rowsByTag,
        ...(counting === 'closed' ? { closeToWritersAndCountByTag: rowsByTag } : {}),
        ...(counting === 'all and ours'
          ? {
              countAllAndOurs: async (_: unknown, __: unknown, ___: unknown, tags: ReadonlyMap<string, number>) => {
                const [n, n0] = sums(Object.values(counted));
                const [ours] = sums(Object.entries(counted).flatMap(([tag, one]) => (tags.has(tag) ? [one] : [])));
                return { n: String(n), ours: String(ours), n0: String(n0) };
              },
            }
          : {}),
      },
    },
  } as never;
}

const partOf = (tag: string, rows: number, nulls: number): Part => ({ rows, nulls: [nulls], ref: { tag } }) as unknown as Part;
/** Two attempts: `a` sent three rows with one null, `b` two rows without one. */
const parts = [partOf('a', 2, 1), partOf('a', 1, 0), partOf('b', 2, 0)];
const source: StagedSource = {
  ...{ name: 't', columns: ['c'], rows: 5, isDeleted: false, isPartial: false },
  tags: new Map([
    ['a', 3],
    ['b', 2],
  ]),
};
const asSent: Counted = { a: [3, 2], b: [2, 2] };

async function outcome(counted: Counted, counting: Counting, compares: 'rows' | 'rows and nulls') {
  const given = { place, source, ...(compares === 'rows' ? {} : { parts }) };
  try {
    return (await mustHoldAllParts({} as Session, dialectOf(counted, counting), given)).others;
  } catch (error) {
    if (error instanceof PartsLost) return 'lost';
    throw error;
  }
}

const countings: readonly Counting[] = ['by tag', 'closed', 'all and ours'];

describe.each(countings)('a staged table whose rows are counted %s', (counting) => {
  test.each<readonly [string, Counted, number | 'lost']>([
    ['all rows as they were sent', asSent, 0],
    ['rows of another attempt next to them', { ...asSent, other: [4, 4] }, 4],
    ['a row too few', { a: [2, 1], b: [2, 2] }, 'lost'],
    ['a row that arrived twice', { a: [4, 3], b: [2, 2] }, 'lost'],
    ['no row of an attempt', { b: [2, 2] }, 'lost'],
    ['nothing', {}, 'lost'],
  ])('with %s', async (_, counted, expected) => {
    for (const compares of ['rows', 'rows and nulls'] as const) expect(await outcome(counted, counting, compares)).toBe(expected);
  });

  test.each<readonly [string, Counted]>([
    ['a value that became null', { a: [3, 1], b: [2, 2] }],
    ['a null that became a value', { a: [3, 3], b: [2, 2] }],
  ])('with %s has lost a part, where the values are counted too', async (_, counted) => {
    expect(await outcome(counted, counting, 'rows')).toBe(0);
    expect(await outcome(counted, counting, 'rows and nulls')).toBe('lost');
  });
});

// Where only all rows of both are counted, a row of the one is as good as a row of the other.
test.each(['by tag', 'closed'] as const)('a row of one attempt makes up for none of another (%s)', async (counting) => {
  expect(await outcome({ a: [4, 3], b: [1, 1] }, counting, 'rows')).toBe('lost');
  expect(await outcome({ a: [2, 1], b: [3, 3] }, counting, 'rows')).toBe('lost');
});

test.each([
  [4, 'lost'],
  [5, 0],
  [6, 'lost'],
])('a table of one attempt alone that holds %i of 5 rows: %s', async (rows, expected) => {
  const session = { query: async () => [{ n: String(rows) }] } as unknown as Session;
  const alone = { place, source: { ...source, tags: new Map<string, number>() } };
  const held = mustHoldAllParts(session, dialectOf({}, 'by tag'), alone).then(
    ({ others }) => others,
    (error: unknown) => (error instanceof PartsLost ? 'lost' : error),
  );
  expect(await held).toBe(expected);
});
