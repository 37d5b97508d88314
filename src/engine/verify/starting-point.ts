/** What a comparison starts from: the settled rows, and how the source describes itself. */
import type { NotToldBecause, Settled, StateRow } from '../../ports/state.ts';
import type { Instant, Json } from '../../ports/values.ts';
import type { Home, SourceDescription } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { describeNewest, type FreshDescription, inspectTarget, untilDone } from '../contracts/steps.ts';
import type { Head, Store, Target } from '../contracts/store.ts';
import { stateMustMatchDestination } from '../plan/agreement.ts';
import { homeOfRun } from '../plan/deletes.ts';
import { readRow } from '../protocol/row.ts';
import type { SourceSince } from './rows/comparison.ts';

/** The settled rows, and from which head and state they are read. */
export interface Standing {
  readonly store: Store;
  readonly row: StateRow;
  readonly settled: Settled;
  readonly head: Head;
  readonly target: Extract<Target, { readonly content: 'ours' }>;
}

export async function standingOf(spec: EntitySpec, ports: EnginePorts): Promise<Standing | { readonly because: NotToldBecause }> {
  const store = await ports.store(spec);
  const { row } = await readRow(ports, spec);
  if (row?.pending) return { because: 'unfinished' };
  const target = await inspectTarget(ports, store);
  await stateMustMatchDestination(ports, { spec, store, row }, target);
  const settled = row?.settled;
  if (row === undefined || !settled || settled.nothing || target.content !== 'ours') return { because: 'nothing settled' };
  if (row.fullNext) return { because: 'reset' };
  if (spec.watermark && spec.runType === 'incremental' && settled.watermark === null) return { because: 'unsettled watermark' };
  return { store, row, settled, head: target.head, target };
}

interface SourceOpening {
  readonly ports: EnginePorts;
  readonly pinned: Json | null;
}

interface SourceLook extends SourceOpening {
  readonly signal: AbortSignal;
  /** How a comparison that begins waits for newer rows. `later`: it continues with the rows that are shown, without knowing how old they are. */
  readonly refresh: 'later' | { readonly onPause: (until: Instant, waitsFor?: string) => void };
}

/** Opens a home that no other entity shares, because each comparison has to look at the source again. The caller disposes of the home. */
export async function openSource(spec: EntitySpec, store: Store, { ports, pinned }: SourceOpening): Promise<Home> {
  const opener = ports.sharing?.opener ?? ports;
  return homeOfRun(spec, store, await opener.home(spec, pinned));
}

export interface DescribedSource {
  readonly home: Home;
  readonly description: FreshDescription;
  readonly pinned: Json | null;
}

/** The source as it is now. If the source keeps its earlier versions, it is described as it was when its rows settled. */
export async function describedSource(
  spec: EntitySpec,
  store: Store,
  { ports, pinned, signal, refresh }: SourceLook,
): Promise<DescribedSource> {
  const home = await openSource(spec, store, { ports, pinned });
  home.past?.goBack();
  try {
    const description =
      refresh === 'later'
        ? { ...(await untilDone(ports.clock, (cursor) => home.describe(cursor, 'whole'), signal)), isBehind: false }
        : await untilDone(ports.clock, (cursor) => describeNewest(home, cursor, 'whole'), signal, refresh.onPause);
    return { home, description, pinned: description.pinned ?? pinned };
  } catch (error) {
    await home[Symbol.asyncDispose]();
    throw error;
  }
}

export async function sourceSince(now: DescribedSource, before: DescribedSource): Promise<SourceSince> {
  await now.home[Symbol.asyncDispose]();
  const [one, other] = [now.description.version, before.description.version];
  return one === undefined || other === undefined ? 'unknown' : one === other ? 'same' : 'changed';
}

export function asSettled({ sourceVersion }: Settled, { version }: SourceDescription): boolean | null {
  return sourceVersion === null || version === undefined ? null : sourceVersion === version;
}
