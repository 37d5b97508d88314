/** Positions of entities in a flow’s list, as a text that stays short even for many positions: `0-4,7`. */
export type PositionRangesText = string;

export function rangesOf(positions: readonly number[]): PositionRangesText {
  const sorted = [...new Set(positions)].sort((a, b) => a - b);
  const ranges: string[] = [];
  for (let i = 0; i < sorted.length; ) {
    const from = sorted[i] ?? 0;
    let to = from;
    while (sorted[i + 1] === to + 1) {
      to++;
      i++;
    }
    ranges.push(from === to ? `${from}` : `${from}-${to}`);
    i++;
  }
  return ranges.join(',');
}

/** The positions in at most `mostChars` characters. If the text would be longer, positions between the others are added. */
export function shortenedRanges(positions: readonly number[], mostChars: number): PositionRangesText {
  const sorted = [...new Set(positions)].sort((a, b) => a - b);
  for (let gap = 1; ; gap *= 2) {
    const filled = sorted.flatMap((position, i) => {
      const next = sorted[i + 1];
      if (next === undefined || next - position > gap) return [position];
      return Array.from({ length: next - position }, (_, k) => position + k);
    });
    const ranges = rangesOf(filled);
    if (ranges.length <= mostChars || gap > (sorted.at(-1) ?? 0)) return ranges;
  }
}

/** The positions in rising order. */
export function positionsIn(ranges: PositionRangesText): readonly number[] {
  if (ranges === '') return [];
  return ranges.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}
