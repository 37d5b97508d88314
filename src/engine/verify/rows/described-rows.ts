/** Describes rows that differ, with the values of both sides. */
import type { DifferingRow, DifferingValue } from '../../../ports/answers/comparison.ts';
import type { ComparedSides } from './comparison.ts';
import { type DifferingKey, leftOver } from './row-differences.ts';

type DescribedSides = Pick<ComparedSides, 'key' | 'columns' | 'hidesValues'> & { readonly how: { readonly keyed: boolean } };

/** The differing rows of a key, and the texts of these rows by their hashes. */
export interface LookedAtRows {
  readonly now: Pick<DifferingKey, 'source' | 'destination'>;
  readonly texts: ReadonlyMap<bigint, readonly (string | null)[]>;
}

export function described(sides: DescribedSides, { now, texts }: LookedAtRows): readonly DifferingRow[] {
  const left = leftOver(now);
  const [source, destination] = [[...left.source], [...left.destination]];
  const rows: DifferingRow[] = [];
  while (sides.how.keyed && source.length > 0 && destination.length > 0) {
    const [one, other] = [texts.get(source.shift() as bigint), texts.get(destination.shift() as bigint)];
    if (one === undefined || other === undefined) continue;
    const columns = sides.columns.flatMap(({ name }, at) => (one[at] === other[at] ? [] : [value(sides, name, one[at], other[at])]));
    rows.push({ found: 'changed', key: keyOf(sides, one), times: 1, columns });
  }
  const alone = (found: DifferingRow['found'], all: readonly bigint[]) => {
    for (const [row, same] of Map.groupBy(all, (row) => row)) {
      const text = texts.get(row);
      if (text === undefined) continue;
      const isSource = found === 'only in the source';
      const columns = sides.how.keyed
        ? []
        : sides.columns.map(({ name }, at) => value(sides, name, isSource ? text[at] : null, isSource ? null : text[at]));
      rows.push({ found, key: keyOf(sides, text), times: same.length, columns });
    }
  };
  alone('only in the source', source);
  alone('only in the destination', destination);
  return rows;
}

function value(
  { hidesValues }: DescribedSides,
  column: string,
  source: string | null | undefined,
  destination: string | null | undefined,
): DifferingValue {
  return hidesValues ? { column, source: null, destination: null } : { column, source: source ?? null, destination: destination ?? null };
}

function keyOf({ key, columns, hidesValues }: DescribedSides, texts: readonly (string | null)[]): DifferingRow['key'] {
  if (key.length === 0 || hidesValues) return null;
  return Object.fromEntries(key.map(({ name }) => [name, texts[columns.findIndex((column) => column.name === name)] ?? null]));
}
