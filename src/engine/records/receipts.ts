/** The record of one attempt at a slice, in memory and in the form in which the state keeps it. */

import type { ExpectedColumn } from '../../checks/destination.ts';
import { type Measures, noMeasures } from '../../frames/rules/measures.ts';
import type { Samples } from '../../frames/rules/sample.ts';
import type { Schema } from '../../frames/schema.ts';
import type { AsNull } from '../../frames/values/rejected-rows.ts';
import { emptyFingerprint, type Fingerprint } from '../../frames/watermark.ts';
import { defined, filled, type Instant, type Json } from '../../ports/values.ts';
import type { PlannedChange } from '../contracts/catalog.ts';
import type { AskedOfSource, MissedParents } from '../contracts/home.ts';
import type { CompactedParts, ComparedKeys, KeyRun, Plan, ReleasedRows, RewrittenPart } from '../contracts/records.ts';
import type { Part } from '../contracts/store.ts';
import { unusual } from './unusual.ts';

/** What an attempt at a slice staged and counted. */
export interface Moved {
  readonly parts: readonly Part[];
  readonly rowsRead: number;
  /** The columns of the rows that settle; null: none were read, or they settled before. */
  readonly schema: Schema | null;
  /** `Writing.key`, as it was read. */
  readonly key: readonly string[];
  /** The hashes of the rows' keys that were left aside. Empty if the store compares keys by itself. */
  readonly keyRuns: readonly KeyRun[];
  /** Counts of rows, of broken rules and of the columns' values. They add up over receipts. */
  readonly measures: Measures;
  readonly found: Found;
}

/** The part of a receipt that only slices of one kind of work have. */
export type Found = FoundInSource | FoundInPart | FoundByKeys | FoundInGroupOfParts | FoundInQuarantine;

/** The findings of slices that read the source (`readsSource`). */
export interface FoundInSource {
  readonly kind: 'source';
  /** `JudgedFrame.samples`. */
  readonly samples: Samples;
  /** The number of rows that wait until their time comes, and their latest value; null: none, or the source reported them before it was read. */
  readonly ahead: { readonly rows: number; readonly latest: string } | null;
  /** The smallest and the largest watermark read, as the source has it, if rows must ascend; null: they need not, or there was no watermark. */
  readonly ascends: { readonly from: string; readonly to: string } | null;
  /** How many rows were left out because they can't be read, and how many of those settle as quarantine. */
  readonly rejected: number;
  readonly quarantined: number;
  /** How many of the left-out rows have an unknown watermark. */
  readonly undated: number;
  /** Rows that had a standing correction. */
  readonly corrected: number;
  /** The places of the first rows that were left out, and what is wrong with them. */
  readonly firstRejected: readonly string[];
  /** Columns of the contract that a file of the slice lacks, with the first such file. */
  readonly lacking: Readonly<Record<string, string>>;
  /** The parents whose rows could not be read, each item as the home gave it. */
  readonly missed: readonly MissedParents[];
  /** The requests to the source; null: the home does not count them. */
  readonly asked: AskedOfSource | null;
  /** How many values were read as null and are not null in the source. */
  readonly asNull: AsNull;
  /** The fingerprint of the boundary group's rows (slices of the group only). */
  readonly group: Fingerprint;
  /** The fingerprint of the rows that settle as the new open boundary group. */
  readonly boundary: Fingerprint;
  /** The watermark's column and type as they were read. If the source shows them only while it is read, the plan has no type. */
  readonly column: Plan['column'];
  /** `Plan.expects` and `Plan.changes` as they were read, if the plan does not have them. */
  readonly expects: readonly ExpectedColumn[] | null;
  readonly changes: readonly PlannedChange[] | null;
  /** `Checkpoint.token`; null: the source gave none. */
  readonly token: string | null;
}

/** The findings of a slice that writes a settled part again. */
export interface FoundInPart {
  readonly kind: 'part';
  /** The number of rows that were staged again. */
  readonly kept: number;
  /** The number of rows in the replaced range, which were not staged. This member and `anew` are only in the slice's first receipt. */
  readonly dropped: number;
  /** `ReworkCount.fingerprint`. Null: the store gave none. It is in the slice's first receipt only. */
  readonly fingerprint: Fingerprint | null;
  /** `ReworkResult.anew`. */
  readonly anew: boolean;
}

/** The findings of a comparison of keys. */
export interface FoundByKeys {
  readonly kind: 'keys';
  readonly compared: ComparedKeys;
  /** The settled parts that `parts` replaces, in a store that can't change single rows; null: the rows of `parts` are merged. */
  readonly rewritten: readonly RewrittenPart[] | null;
}

/** The findings of a compaction. */
export interface FoundInGroupOfParts {
  readonly kind: 'group of parts';
  readonly compacted: CompactedParts;
  readonly rewritten: readonly RewrittenPart[];
}

/** The findings in a part of the quarantine. */
export interface FoundInQuarantine {
  readonly kind: 'quarantine';
  readonly released: ReleasedRows;
}

/** What the slices of a run found together, by its kind of work. */
export type GatheredWork =
  | { readonly kind: 'source' }
  | { readonly kind: 'keys'; readonly compared: ComparedKeys }
  | { readonly kind: 'group of parts'; readonly compacted: CompactedParts }
  | { readonly kind: 'quarantine'; readonly released: ReleasedRows };

/** The record of one attempt at a slice. Parts without a receipt that the driver recorded are debris. */
export interface Receipt extends Moved {
  readonly slice: number;
  readonly attempt: number;
  /** Where the step began, as the receipt before it says in `cursor`; `at` null: at the slice's start. Null: an earlier version read the slice. */
  readonly begun: { readonly at: Json } | null;
  /** Where the next attempt continues; null: the slice is complete. */
  readonly cursor: Json;
  /** The earliest time of the next attempt, which the source asked for; null: it continues at once. */
  readonly notBefore: Instant | null;
}

/** A receipt of a slice that read the source. */
export type ReceiptOfSource = Receipt & { readonly found: FoundInSource };

export function isOfSource(receipt: Receipt): receipt is ReceiptOfSource {
  return receipt.found.kind === 'source';
}

/** What the slices of one kind found. */
export function foundOf<Kind extends Found['kind']>(receipts: readonly Receipt[], kind: Kind): readonly Extract<Found, { kind: Kind }>[] {
  return receipts.map(({ found }) => found).filter((found): found is Extract<Found, { kind: Kind }> => found.kind === kind);
}

/** The settled parts that a receipt's parts replace, for slices that stage settled rows again without a range; undefined: its parts have other rows. */
export function rewrittenIn({ found }: Receipt): readonly RewrittenPart[] | undefined {
  return (found.kind === 'keys' || found.kind === 'group of parts' ? found.rewritten : null) ?? undefined;
}

/** Members that a receipt of an earlier version may lack. */
const addedSince = {
  ...{ samples: {}, ahead: null, ascends: null, undated: 0, firstRejected: [], lacking: {}, missed: [] },
  ...{ asked: null, asNull: {}, changes: null, token: null, corrected: 0 },
} as const satisfies Partial<FoundInSource>;

const nothingInSource: Omit<FoundInSource, 'kind'> = {
  ...addedSince,
  ...{ rejected: 0, quarantined: 0, group: emptyFingerprint, boundary: emptyFingerprint, column: null, expects: null },
};

/** The default for attempts that count little. */
export const nothingMoved = { parts: [], rowsRead: 0, schema: null, key: [], keyRuns: [], measures: noMeasures } as const satisfies Omit<
  Moved,
  'found'
>;

/** What a slice of the source has found before it reads. */
export function foundInSource(column: Plan['column']): FoundInSource {
  return { ...nothingInSource, kind: 'source', column };
}

// ---- in the state: one flat object, whose members show its kind. Members with their usual value are left out, as in earlier versions.

type StoredReleased = Omit<ReleasedRows, 'uncorrected'> & Partial<Pick<ReleasedRows, 'uncorrected'>>;

type StoredReceipt = Partial<Omit<Moved, 'found'> & Omit<FoundInSource, 'kind'>> &
  Pick<Moved, 'parts'> &
  Pick<Receipt, 'slice' | 'attempt' | 'cursor'> & {
    readonly from?: Json;
    readonly notBefore?: Instant;
    readonly reworked?: { readonly kept: number; readonly dropped: number; readonly anew?: true; readonly fingerprint?: Fingerprint };
    readonly compared?: ComparedKeys;
    readonly compacted?: CompactedParts;
    readonly rewritten?: readonly RewrittenPart[];
    readonly released?: StoredReleased;
  };

export function storedReceipt({ found, begun, notBefore, slice, attempt, cursor, ...moved }: Receipt): Json {
  const { kind: _, ...source } = found.kind === 'source' ? found : { ...nothingInSource, kind: null };
  const stored = {
    ...{ version: 1, kind: 'receipt', slice, attempt, cursor },
    ...unusual({ ...moved, ...source }, { keyRuns: [], measures: noMeasures, ...addedSince }),
    ...defined({ from: begun?.at, notBefore: notBefore ?? undefined }),
    ...ofKind(found),
  };
  return stored as unknown as Json;
}

function ofKind(found: Found): Partial<StoredReceipt> {
  switch (found.kind) {
    case 'source':
      return {};
    case 'part':
      return {
        reworked: {
          kept: found.kept,
          dropped: found.dropped,
          ...filled({ anew: found.anew }),
          ...defined({ fingerprint: found.fingerprint ?? undefined }),
        },
      };
    case 'keys':
      return { compared: found.compared, ...defined({ rewritten: found.rewritten ?? undefined }) };
    case 'group of parts':
      return { compacted: found.compacted, rewritten: found.rewritten };
    case 'quarantine':
      return { released: storedReleased(found.released) };
  }
}

const storedReleased = ({ uncorrected, ...rows }: ReleasedRows): StoredReleased => ({ ...rows, ...filled({ uncorrected }) });

export function receiptIn(json: Json): Receipt {
  const stored = json as unknown as StoredReceipt;
  const { slice, attempt, cursor, parts, from, notBefore = null } = stored;
  const { rowsRead, schema, key, keyRuns, measures } = { ...nothingMoved, ...stored };
  const begun = from === undefined ? null : { at: from };
  return { slice, attempt, cursor, begun, notBefore, parts, rowsRead, schema, key, keyRuns, measures, found: foundIn(stored) };
}

function foundIn(stored: StoredReceipt): Found {
  const { reworked, compared, compacted, released, rewritten } = stored;
  if (reworked !== undefined) {
    const { kept, dropped, anew = false, fingerprint = null } = reworked;
    return { kind: 'part', kept, dropped, anew, fingerprint };
  }
  if (compared !== undefined) return { kind: 'keys', compared, rewritten: rewritten ?? null };
  if (compacted !== undefined) return { kind: 'group of parts', compacted, rewritten: rewritten ?? [] };
  if (released !== undefined) return { kind: 'quarantine', released: { uncorrected: 0, ...released } };
  const names = Object.keys(nothingInSource) as readonly (keyof typeof nothingInSource)[];
  const known = Object.fromEntries(names.map((name) => [name, stored[name] ?? nothingInSource[name]]));
  return { kind: 'source', ...(known as unknown as Omit<FoundInSource, 'kind'>) };
}
