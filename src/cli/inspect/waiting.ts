import type { SeenFile } from '../../engine/contracts/home.ts';
import type { EnginePorts } from '../../engine/contracts/ports.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { lastReplication, replicationAnswer } from '../../engine/verify/last-replication.ts';
import { HyggeError } from '../../errors/hygge-error.ts';
import type { EntityStatus, WaitingRows } from '../../narrate/commands/status-lines.ts';
import { surveyed } from './look-now.ts';

/** The number of rows that the next run would find in the source, according to the source’s metadata. */
export async function waiting(spec: EntitySpec, ports: EnginePorts): Promise<WaitingRows> {
  const { row, found } = await surveyed(spec, null, ports);
  const mode = found.mode === 'full' ? 'full' : found.byFile ? 'files' : 'incremental';
  const fresh = found.slices.filter(({ work }) => work.kind === 'read').map(({ slice }) => slice);
  const rows = fresh.reduce<number | null>((sum, slice) => (sum === null || slice.rows === null ? null : sum + slice.rows), 0);
  const isAtUpper = mode === 'incremental' && found.lower !== null && found.lower.text === found.upper?.text;
  if (isAtUpper || fresh.length === 0) return { mode, rows: 0, exact: true, files: mode === 'files' ? 0 : null };
  // The number is exact only without a watermark. With a watermark, a part of a file with rows above the watermark may also have rows below the watermark.
  const exact = rows !== null && found.column === null && (found.description.rows?.exact ?? false);
  if (mode !== 'files') return { mode, rows, exact, files: null };
  const ref = row?.settled?.seen;
  const before = ref ? ((await ports.state.getObject(spec, ref)) as unknown as readonly SeenFile[] | undefined) : undefined;
  const changed = found.supersede.what === 'sources' ? found.supersede.sources.length : 0;
  return { mode, rows, exact, files: Math.max(0, (found.seen?.length ?? 0) - (before?.length ?? 0)) + changed };
}

const longestReplicationMs = 10_000;

/**
 * The share of the settled data that another system, which serves the readers, has applied. A few requests find the share. Undefined:
 * readers see settled rows immediately, or no rows have settled. `unknown`: the other system can not be queried, or takes longer than ten
 * seconds.
 */
export async function replicationNow(spec: EntitySpec, ports: EnginePorts): Promise<EntityStatus['replication'] | 'unknown'> {
  const store = await ports.store(spec);
  const head = store.replica === undefined ? null : await store.head();
  if (head === null || head.nothing) return undefined;
  const before = await lastReplication(ports.state, spec).catch(() => null);
  const stop = new AbortController();
  const asking = (async () => (await store.replica?.of(head, before?.baseline ?? null, 'brief')) ?? 'unknown')().catch((error: unknown) => {
    if (error instanceof HyggeError) return 'unknown' as const;
    throw error;
  });
  const late = ports.clock.sleep(longestReplicationMs, stop.signal).then(
    () => 'unknown' as const,
    () => 'unknown' as const,
  );
  const found = await Promise.race([asking, late]).finally(() => stop.abort());
  if (found === 'unknown') return found;
  const settled = (await ports.state.read(spec))?.row.settled;
  if (settled?.id !== head.id) return 'unknown';
  return { ...replicationAnswer(found, settled, before), settled_since: false };
}
