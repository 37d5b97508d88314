import { expect, test } from 'vitest';
import { drawBugs } from '../support/planted/draw.ts';
import { sourceWith } from '../support/planted/near-bug.ts';

const text = `
type Small = 1 | 2;
export async function first(rows: readonly number[]): Promise<number> {
  if (rows.length === 0) return 0;
  await settled(rows);
  count(rows);
  const twice: Small = 2;
  return rows.length < twice ? 1 : 10;
}

export async function second(rows: readonly number[]): Promise<number> {
  if (rows.length === 0) return 0;
  return 10;
}
`;
const sources = [{ path: 'src/a.ts', text }];
const drawn = (again: readonly string[] = []) => drawBugs(40, 7, again, sources).map((bug) => ({ ...bug, text: sourceWith(bug, text) }));

test('a machine turns comparisons, moves boundaries and leaves out statements and awaits, each at one place of a source', () => {
  const made = drawn();
  const changes = [
    /length !== 0/,
    /rows\.length > twice/,
    /rows\.length <= twice/,
    /Small = [13];/,
    /[ :n] (9|11);/,
    /^ {2}settled\(rows\);/m,
  ];
  for (const change of changes) expect(made.filter((bug) => change.test(bug.text)).length, String(change)).toBeGreaterThan(0);
  expect(made.some((bug) => !bug.text.includes('count(rows)'))).toBe(true);
  // What exists for the compiler alone is no place.
  expect(made.every((bug) => bug.text.includes('type Small = 1 | 2'))).toBe(true);
  expect(new Set(made.map(({ id }) => id)).size).toBe(40);
});

test('a seed draws the same bugs again, and another place only for a bug that has to be drawn again', () => {
  const made = drawn();
  expect(drawn()).toEqual(made);
  const anew = drawn(['made-003', 'made-003', 'made-005']);
  expect(made.filter(({ id }) => !['made-003', 'made-005'].includes(id))).toEqual(
    anew.filter(({ id }) => !['made-003', 'made-005'].includes(id)),
  );
});
