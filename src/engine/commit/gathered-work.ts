/** The findings of all slices by the kind of their work, and the notes of a commit about these findings. */

import type { Note } from '../../ports/notes.ts';
import { compactionName, quarantineName } from '../../ports/state.ts';
import { filled } from '../../ports/values.ts';
import type { PreparedRows } from '../contracts/intent.ts';
import type { CompactedParts, Plan, ReleasedRows } from '../contracts/records.ts';
import type { Part } from '../contracts/store.ts';
import { foundOf, type GatheredWork, type Receipt } from '../records/receipts.ts';

export function workIn({ lane }: Plan, receipts: readonly Receipt[]): GatheredWork {
  if (lane === compactionName) return { kind: 'group of parts', compacted: compactedIn(receipts) };
  if (lane === quarantineName) return { kind: 'quarantine', released: releasedIn(receipts) };
  const [keys] = foundOf(receipts, 'keys');
  return keys === undefined ? { kind: 'source' } : { kind: 'keys', compared: keys.compared };
}

function compactedIn(receipts: readonly Receipt[]): CompactedParts {
  const all = foundOf(receipts, 'group of parts').map(({ compacted }) => compacted);
  return {
    files: sumOf(all, ({ files }) => files),
    bytes: sumOf(all, ({ bytes }) => bytes),
    left: all.flatMap(({ left }) => left),
  };
}

function releasedIn(receipts: readonly Receipt[]): ReleasedRows {
  const all = foundOf(receipts, 'quarantine').map(({ released }) => released);
  const sum = (of: 'settled' | 'stay' | 'dropped' | 'uncorrected') => sumOf(all, (one) => one[of]);
  const rows = { settled: sum('settled'), stay: sum('stay'), dropped: sum('dropped'), uncorrected: sum('uncorrected') };
  return { ...rows, ...filled({ mended: all.some((one) => one.mended) }) };
}

export const sumOf = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((sum, one) => sum + of(one), 0);

/** The notes about what a committed run did. They include the rows that stay, and the rows that did not settle because newer versions had settled. */
export function notesOnWork(
  { work, keptParts }: { readonly work: GatheredWork; readonly keptParts: readonly Part[] },
  { older, lastGood }: Pick<PreparedRows, 'older' | 'lastGood'>,
): readonly Note[] {
  switch (work.kind) {
    case 'source':
      return [
        ...(older > 0 ? [{ code: 'kept_newer', rows: older } as const] : []),
        ...(lastGood === null
          ? []
          : [{ code: 'kept_last_good', rows: lastGood.rows, ...filled({ unknown: !lastGood.areKnown }) } as const]),
      ];
    case 'keys':
      return [comparedNote(work)];
    case 'group of parts':
      return compactionNotes(work, keptParts);
    case 'quarantine': {
      const { settled, stay, dropped, uncorrected } = work.released;
      if (uncorrected > 0) return [{ code: 'uncorrected', corrections: uncorrected }];
      return [{ code: 'released', settled: settled - older, stay, dropped, ...filled({ older }) }];
    }
  }
}

/** Why a run on settled rows commits nothing. Null: the run reads rows of the source. */
export function whyNoWorkIsDone(
  plan: Plan,
  { work, keptParts }: { readonly work: GatheredWork; readonly keptParts: readonly Part[] },
): Note | null {
  switch (work.kind) {
    case 'source':
      return null;
    case 'keys':
      return comparedNote(work);
    case 'group of parts':
      return compactionNotes(work, keptParts)[0] ?? null;
    case 'quarantine':
      return { code: 'nothing_in_quarantine', ...plan.leaves };
  }
}

type Of<Kind extends GatheredWork['kind']> = Extract<GatheredWork, { readonly kind: Kind }>;

/** The notes about gone rows that are older than all rows of the source. Each comparison repeats these notes until the config says whether such rows are to be removed. */
export function olderNotes(work: GatheredWork): readonly Note[] {
  return work.kind === 'keys' && work.compared.older > 0 ? [{ code: 'keys_older', rows: work.compared.older }] : [];
}

function comparedNote({ compared }: Of<'keys'>): Note {
  const { source, settled, gone, stay } = compared;
  return { code: 'keys_compared', source, settled, gone, stay };
}

/** The notes about a compaction. A note names the first file that stays unchanged, and the reason. */
function compactionNotes({ compacted }: Of<'group of parts'>, keptParts: readonly Part[]): readonly Note[] {
  const { files, bytes, left } = compacted;
  const into = keptParts.reduce((sum, part) => sum + part.bytes, 0);
  const [first] = left;
  return [
    files === 0 ? { code: 'nothing_to_compact' } : { code: 'compacted', files, bytes, into: { files: keptParts.length, bytes: into } },
    ...(first === undefined ? [] : [{ code: 'not_compacted' as const, ...first, more: left.length - 1 }]),
  ];
}
