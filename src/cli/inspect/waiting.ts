import type { SeenFile } from '../../engine/contracts/home.ts';
import type { EnginePorts } from '../../engine/contracts/ports.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import type { WaitingRows } from '../../narrate/commands/status-lines.ts';
import { surveyed } from './look-now.ts';

/** What the next run would find in the source, by its metadata. */
export async function waiting(spec: EntitySpec, ports: EnginePorts): Promise<WaitingRows> {
  const { row, found } = await surveyed(spec, null, ports);
  const mode = found.mode === 'full' ? 'full' : found.byFile ? 'files' : 'incremental';
  const fresh = found.slices.filter(({ boundary, rework }) => !boundary && !rework).map(({ slice }) => slice);
  const rows = fresh.reduce<number | null>((sum, slice) => (sum === null || slice.rows === null ? null : sum + slice.rows), 0);
  const isAtUpper = mode === 'incremental' && found.lower !== null && found.lower.text === found.upper?.text;
  if (isAtUpper || fresh.length === 0) return { mode, rows: 0, exact: true, files: mode === 'files' ? 0 : null };
  // Pieces of a file that hold some rows above the watermark may hold others below it.
  const exact = rows !== null && found.column === null && (found.description.rows?.exact ?? false);
  if (mode !== 'files') return { mode, rows, exact, files: null };
  const ref = row?.settled?.seen;
  const before = ref ? ((await ports.state.getObject(spec, ref)) as unknown as readonly SeenFile[] | undefined) : undefined;
  const changed = found.supersede.what === 'sources' ? found.supersede.sources.length : 0;
  return { mode, rows, exact, files: Math.max(0, (found.seen?.length ?? 0) - (before?.length ?? 0)) + changed };
}
