/** The smallest length in bytes of a name that PostgreSQL may have cut. PostgreSQL cuts longer names at 63 bytes without an error. If byte 63 is inside a letter of several bytes, the cut is before this letter. */
const shortestCut = 60;

/** The candidate that was most likely meant by `word`. Undefined: no candidate is similar to `word`. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const all = [...candidates];
  const cut = all.find((candidate) => Buffer.byteLength(candidate) >= shortestCut && word.startsWith(candidate));
  if (cut !== undefined) return cut;
  const plain = bare(word);
  const most = allowed(plain.length);
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of all) {
    // Candidates of a very different length are skipped before the comparison, because a word may be as long as a whole request.
    if (Math.abs(bare(candidate).length - plain.length) > most) continue;
    const distance = bare(candidate) === plain ? 0 : levenshtein(plain, bare(candidate));
    if (best === undefined || distance < best.distance) best = { candidate, distance };
  }
  return best !== undefined && best.distance <= most ? best.candidate : undefined;
}

/** The candidates that are similar to `word`, the most similar candidate first. */
export function nearest(word: string, candidates: readonly string[], most = 3): readonly string[] {
  const plain = bare(word);
  return candidates
    .map((candidate) => ({ candidate, distance: levenshtein(plain, bare(candidate)), inside: bare(candidate).includes(plain) }))
    .filter(({ candidate, distance, inside }) => inside || distance <= Math.ceil(Math.max(plain.length, bare(candidate).length) / 2))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** A word without capitals and separators, since `batchSize`, `batch-size` and `BATCH_SIZE` all mean `batch_size`. */
function bare(word: string): string {
  return word.toLowerCase().replace(/[-_\s]/g, '');
}

function allowed(length: number): number {
  if (length <= 2) return 0;
  return length <= 4 ? 1 : Math.min(3, Math.ceil(length / 3));
}

/** The number of insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. */
export function levenshtein(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, at(before, j - 2) + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? 0;
}
