/** The record of one attempt at a slice, in memory and as the state keeps it. */

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

/** What an attempt at a slice moved: its staged parts and its counts. */
export interface Moved {
  readonly parts: readonly Part[];
  readonly rowsRead: number;
  /** The columns of the rows that settle. Null: no rows were read, or the rows had settled before. */
  readonly schema: Schema | null;
  /** `Writing.key`, as reading showed it. */
  readonly key: readonly string[];
  /** The hashes of the rows’ keys that the attempt left aside. Empty if the store itself compares keys. */
  readonly keyRuns: readonly KeyRun[];
  /** Counts of rows, of broken rules and of the columns’ values. Counts of several receipts add up. */
  readonly measures: Measures;
  readonly found: Found;
}

/** The findings in a receipt. Each kind of work has its own. */
export type Found = FoundInSource | FoundInPart | FoundByKeys | FoundInGroupOfParts | FoundInQuarantine;

/** The findings of slices that read the source (`readsSource`). */
export interface FoundInSource {
  readonly kind: 'source';
  /** `JudgedFrame.samples`: examples of broken values. */
  readonly samples: Samples;
  /** How many rows wait until their time comes, and their latest value. Null: no row waits, or the source reported such rows before it was read. */
  readonly ahead: { readonly rows: number; readonly latest: string } | null;
  /** The smallest and the largest watermark that was read, as the source writes it. Null: the rows need not ascend, or no row has a watermark. */
  readonly ascends: { readonly from: string; readonly to: string } | null;
  /** How many rows were left out because they can’t be read. */
  readonly rejected: number;
  readonly quarantined: number;
  /** How many of the rows that can’t be read have an unknown watermark. */
  readonly undated: number;
  /** How many rows had a standing correction. */
  readonly corrected: number;
  /** Where the first rows are that can’t be read, and what is wrong with each. */
  readonly firstRejected: readonly string[];
  /** The columns of the contract that a file of the slice lacks. Each has the name of the first such file. */
  readonly lacking: Readonly<Record<string, string>>;
  /** The parents whose rows could not be read, as the home reported them. */
  readonly missed: readonly MissedParents[];
  /** The requests to the source. Null: the home does not count its requests. */
  readonly asked: AskedOfSource | null;
  /** How many values were read as null, but are not null in the source. */
  readonly asNull: AsNull;
  /** The fingerprint of the boundary group’s rows. Only slices of the group have it. */
  readonly group: Fingerprint;
  /** The fingerprint of the rows that settle as the new open boundary group. */
  readonly boundary: Fingerprint;
  /** The watermark’s column and type, as reading showed them. If the source shows them only while it is read, the plan has no type. */
  readonly column: Plan['column'];
  /** `Plan.expects`, as reading showed it. Null: the plan already has it. */
  readonly expects: readonly ExpectedColumn[] | null;
  readonly changes: readonly PlannedChange[] | null;
  /** `Checkpoint.token`. Null: the source gave no token. */
  readonly token: string | null;
}

/** The findings of a slice that writes a settled part again. */
export interface FoundInPart {
  readonly kind: 'part';
  /** How many rows were staged again. */
  readonly kept: number;
  /** How many rows are in the replaced range, so that they were not staged. Only the slice’s first receipt has this number and `anew`. */
  readonly dropped: number;
  /** `ReworkCount.fingerprint`. Null: the store computed none. Only the slice’s first receipt has it. */
  readonly fingerprint: Fingerprint | null;
  /** `ReworkResult.anew`: whether a column gets another type. */
  readonly anew: boolean;
}

/** The findings of a comparison of keys. */
export interface FoundByKeys {
  readonly kind: 'keys';
  readonly compared: ComparedKeys;
  /** The settled parts that `parts` replace, in a store that can’t change single rows. Null: the rows of `parts` are merged. */
  readonly rewritten: readonly RewrittenPart[] | null;
}

/** The findings of a compaction. */
export interface FoundInGroupOfParts {
  readonly kind: 'group of parts';
  readonly compacted: CompactedParts;
  readonly rewritten: readonly RewrittenPart[];
}

/** The findings of a slice that takes rows of a part out of quarantine. */
export interface FoundInQuarantine {
  readonly kind: 'quarantine';
  readonly released: ReleasedRows;
}

/** The findings of all slices of a run together, by the kind of their work. */
export type GatheredWork =
  | { readonly kind: 'source' }
  | { readonly kind: 'keys'; readonly compared: ComparedKeys }
  | { readonly kind: 'group of parts'; readonly compacted: CompactedParts }
  | { readonly kind: 'quarantine'; readonly released: ReleasedRows };

/** The record of one attempt at a slice. If the driver has not recorded a receipt, its parts are debris. */
export interface Receipt extends Moved {
  readonly slice: number;
  readonly attempt: number;
  /** Where the step began: the `cursor` of the previous receipt. If `at` is null, it began at the start of the slice. Null: an older hygge read the slice. */
  readonly begun: { readonly at: Json } | null;
  /** Where the next attempt continues. Null: the slice is complete. */
  readonly cursor: Json;
  /** The earliest time of the next attempt, if the source asked for a pause. Null: it continues at once. */
  readonly notBefore: Instant | null;
}

/** A receipt of a slice that read the source. */
export type ReceiptOfSource = Receipt & { readonly found: FoundInSource };

export function isOfSource(receipt: Receipt): receipt is ReceiptOfSource {
  return receipt.found.kind === 'source';
}

/** The findings of all slices with this kind of work. */
export function foundOf<Kind extends Found['kind']>(receipts: readonly Receipt[], kind: Kind): readonly Extract<Found, { kind: Kind }>[] {
  return receipts.map(({ found }) => found).filter((found): found is Extract<Found, { kind: Kind }> => found.kind === kind);
}

/** The settled parts that the receipt’s parts replace, for a slice that stages settled rows again without a range. Undefined: the parts have other rows. */
export function rewrittenIn({ found }: Receipt): readonly RewrittenPart[] | undefined {
  return (found.kind === 'keys' || found.kind === 'group of parts' ? found.rewritten : null) ?? undefined;
}

/** Members that a receipt of an older hygge may lack. */
const addedSince = {
  ...{ samples: {}, ahead: null, ascends: null, undated: 0, firstRejected: [], lacking: {}, missed: [] },
  ...{ asked: null, asNull: {}, changes: null, token: null, corrected: 0 },
} as const satisfies Partial<FoundInSource>;

const nothingInSource: Omit<FoundInSource, 'kind'> = {
  ...addedSince,
  ...{ rejected: 0, quarantined: 0, group: emptyFingerprint, boundary: emptyFingerprint, column: null, expects: null },
};

/** The values for attempts that count only a few things. */
export const nothingMoved = { parts: [], rowsRead: 0, schema: null, key: [], keyRuns: [], measures: noMeasures } as const satisfies Omit<
  Moved,
  'found'
>;

/** The findings of a slice of the source before its first row is read. */
export function foundInSource(column: Plan['column']): FoundInSource {
  return { ...nothingInSource, kind: 'source', column };
}

// ---- receipts in the state: one flat object, whose members show the kind of its findings. Members with their usual value are left out, as in older versions

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
