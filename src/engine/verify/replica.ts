/** If another system takes over the settled rows, its table is compared. That table lags behind, so a row that is missing because of the lag is not a difference. */
import { HyggeError } from '../../errors/hygge-error.ts';
import type { ComparedReplica, Comparison } from '../../ports/answers/comparison.ts';
import type { NotToldBecause } from '../../ports/state.ts';
import { everything, type Home, isFrame, usualSliceBytes } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { readSliceInOneStep, untilDone } from '../contracts/steps.ts';
import type { Head, ReplicatedRows, Store } from '../contracts/store.ts';
import { replicationBaseline } from './last-replication.ts';

/** The home from which a comparison reads the settled rows. */
export interface ReadableRows {
  readonly home: Home;
  /** The rows of the other system. Null: the store’s own rows are read. */
  readonly replica: ReplicatedRows | null;
}

export async function readableRows(
  store: Store,
  head: Head,
): Promise<ReadableRows | (Pick<Comparison, 'replica'> & { readonly because: NotToldBecause })> {
  if (store.settled?.gives === 'rows') return { home: await store.settled.open(head), replica: null };
  if (store.replica === undefined) return { because: 'no way back', replica: null };
  const replica = await store.replica.rows(head);
  if (replica === null) return { because: 'not replicated', replica: { version: null, has_all: false, missing: null } };
  return { home: replica.home, replica };
}

/** What the rows of a version show. `because`: why they show nothing, since the version lacks rows. */
export type ReplicaSays = 'moved' | { readonly because: NotToldBecause | null; readonly replica: ComparedReplica };

/** What the rows show. Called if the rows differ, and if they were only counted, because an update changes no count. */
export async function replicaSays(spec: EntitySpec, { version, standing }: ReplicatedRows, ports: EnginePorts): Promise<ReplicaSays> {
  const { standing: found, said } = await standing(await replicationBaseline(ports.state, spec));
  switch (found) {
    case 'moved':
      return 'moved';
    case 'replicated':
      return { because: null, replica: { version, has_all: true, missing: null } };
    case 'behind':
      return { because: 'not replicated', replica: { version, has_all: false, missing: said } };
    case 'unfinished':
      return { because: 'unfinished', replica: { version, has_all: false, missing: said } };
  }
}

/** How many rows there should be, by their known keys. The head can’t be used, because it counts a row each time that the row was published. Null: the keys of some rows are not known. */
export async function knownRows(
  { settled }: Store,
  head: Head,
  { ports, signal }: { readonly ports: Pick<EnginePorts, 'clock'>; readonly signal: AbortSignal },
): Promise<number | null> {
  if (settled?.gives !== 'keys') return null;
  try {
    await using keys = await settled.open(head);
    const { slices } = await untilDone(ports.clock, (cursor) => keys.plan(everything, { sliceBytes: usualSliceBytes }, cursor));
    let rows = 0;
    for (const slice of slices)
      for await (const item of readSliceInOneStep(ports.clock, keys, slice, { window: everything, signal }))
        if (isFrame(item)) rows += item.rows;
    return rows;
  } catch (error) {
    if (error instanceof HyggeError && !error.transient) return null;
    throw error;
  }
}
