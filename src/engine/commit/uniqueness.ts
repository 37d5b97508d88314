/** Finds repeated keys among the rows of a run before the commit is decided, in short steps. */

import { HyggeError } from '../../errors/hygge-error.ts';
import { noRepeats, type Repeats } from '../../keys/repeats.ts';
import type { ByteRange } from '../../keys/run-ranges.ts';
import type { Frame } from '../contracts/frame.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { KeyRun, Plan } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Aside, RepeatedKeys, Store } from '../contracts/store.ts';
import { claimedByLaterRun } from '../errors/run.ts';
import { hashesDiffer } from '../errors/validation.ts';
import { compareRuns, findTexts, keyOf, keysToCompare, runsOf, seedOf, surplusIn } from '../keys/key-runs.ts';
import { settlingAgain } from '../move/move-quarantine.ts';
import { SliceReader } from '../move/slice-reader.ts';
import type { GatheredReceipts } from './gather.ts';

/** How far the keys were compared, with an item for each list of columns. A step continues from this JSON, so it has a few hundred bytes. */
export type KeysCompared = readonly Repeats[];

interface ComparedKeysRequest {
  readonly runId: string;
  readonly ports: EnginePorts;
  readonly spec: EntitySpec;
  readonly plan: Plan;
  readonly store: Store;
  readonly gathered: GatheredReceipts;
  /** Lists of columns, as `keyOf` writes them, in which each key certainly occurs once. */
  readonly unique: ReadonlySet<string>;
  readonly so: KeysCompared;
}

/** A step ends after this time, in milliseconds. */
const stepMs = 20_000;
/** The longest time, in milliseconds, for reading rows again to show some of the repeated keys. */
const namingMs = 20_000;
/** The most lists of columns for which keys are shown. With more lists, no keys are shown, since a step’s cursor has to stay small. */
const mostShown = 4;

/** `done`: the repeated keys, by their columns as JSON. `again`: some runs of hashes have yet to be compared. */
export type FoundKeys = { readonly done: ReadonlyMap<string, RepeatedKeys>; readonly so: KeysCompared } | { readonly again: KeysCompared };

export async function repeatedKeysOf(request: ComparedKeysRequest): Promise<FoundKeys> {
  const { ports, spec, store, gathered, unique, so } = request;
  const lists = isJudged(gathered) ? keysToCompare(spec.validation?.checks ?? []) : [];
  const done = new Map<string, RepeatedKeys>();
  if (lists.length === 0) return { done, so };
  const { repeats } = store;
  if (repeats === undefined) return { done, so };
  if (repeats.by === 'store') {
    for (const columns of lists)
      done.set(keyOf(columns), unique.has(keyOf(columns)) ? noneRepeated : await repeatedIn(gathered, columns, store));
    return { done, so };
  }
  const startedMs = ports.clock.monotonicMs();
  const goesOn = () => ports.clock.monotonicMs() - startedMs < stepMs;
  let compared = so;
  for (const [at, columns] of lists.entries()) {
    const before = compared[at] ?? noRepeats;
    const now = before.isOver ? before : await comparedRuns(request, repeats.aside, { columns, before, goesOn });
    compared = [...compared.slice(0, at), at < mostShown ? now : { ...now, found: [] }, ...compared.slice(at + 1)];
    if (!now.isOver || (at + 1 < lists.length && !goesOn())) return { again: compared };
  }
  for (const [at, columns] of lists.entries()) {
    const { keys, rows, found } = compared[at] ?? noRepeats;
    const more = surplusIn(runsOf(gathered.keyRuns, columns));
    done.set(keyOf(columns), { keys, rows: rows + more, examples: keys === 0 ? [] : await examplesOf(request, { columns, found }) });
  }
  return { done, so: compared };
}

const noneRepeated: RepeatedKeys = { keys: 0, rows: 0, examples: [] };

/** The repeated keys among the staged rows, if the store itself compares keys. */
export async function repeatedIn(
  { schema, parts, writing }: GatheredReceipts,
  columns: readonly string[],
  { repeats }: Pick<Store, 'repeats'>,
): Promise<RepeatedKeys> {
  return schema === null || repeats?.by !== 'store' ? noneRepeated : repeats.staged({ columns, schema, parts, mergeKey: writing.key });
}

/** Whether the rows are judged. Only rows that were read to settle are; rows that had settled before are rewritten without a verdict. */
function isJudged({ work }: GatheredReceipts): boolean {
  return work.kind === 'source' || (work.kind === 'quarantine' && work.released.settled > 0);
}

async function comparedRuns(
  { ports: { budget }, spec, gathered }: ComparedKeysRequest,
  aside: Aside,
  { columns, before, goesOn }: { readonly columns: readonly string[]; readonly before: Repeats; readonly goesOn: () => boolean },
): Promise<Repeats> {
  const runs = runsOf(gathered.keyRuns, columns);
  if (new Set(runs.map(({ looks }) => looks)).size > 1) throw hashesDiffer(spec);
  const read = async ({ ref }: KeyRun, range: ByteRange) => (await aside.read(ref, range)) ?? gone(spec);
  return compareRuns({ budget, signal: new AbortController().signal, runs, so: before, goesOn, read });
}

function gone(spec: EntitySpec): never {
  throw claimedByLaterRun(spec);
}

/**
 * Examples of repeated keys. A hash does not show its key, so the slices that have the hash are read again. Examples are found only if the source
 * gives the same rows again, as the quarantine does. Only people see the keys, so nothing else depends on them.
 */
async function examplesOf(
  request: ComparedKeysRequest,
  { columns, found }: { readonly columns: readonly string[]; readonly found: Repeats['found'] },
): Promise<RepeatedKeys['examples']> {
  const { ports, spec, plan, gathered } = request;
  const examples = new Map<string, readonly string[]>();
  const wanted = new Set(found.map(([hash]) => hash));
  const keys = { hashing: ports.frames.wide, seed: seedOf({ entityRunId: plan.run }), columns, wanted };
  const endsMs = ports.clock.monotonicMs() + namingMs;
  const isOver = () => examples.size >= wanted.size || ports.clock.monotonicMs() > endsMs;
  try {
    if (gathered.work.kind !== 'quarantine' && !(await ports.home(spec, plan.pinned)).reading.repeatable) return [];
    for (const [hash, slice] of found) {
      if (examples.has(hash) || isOver()) continue;
      await findTexts(examples, rowsAgain(request, slice), keys, () => examples.has(hash) || isOver());
    }
  } catch (error) {
    if (!(error instanceof HyggeError)) throw error;
  }
  return [...examples.values()];
}

/** The rows of a slice as they would settle. */
async function* rowsAgain({ runId, ports, spec, plan }: ComparedKeysRequest, slice: number): AsyncGenerator<Frame> {
  const planned = plan.slices[slice];
  if (planned === undefined) return;
  const watching = { signal: new AbortController().signal, onRows: () => undefined };
  const { work } = planned;
  const of = { ports, spec, plan, slice: planned.slice, watching };
  if (work.kind === 'replay') yield* settlingAgain(of, work);
  else yield* new SliceReader({ ...of, work }).settling({ runId, budgetMs: namingMs });
}
