/** Counts the rows of both sides, in the cheapest way that each side offers. */

import type { Home, Window } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import { untilDone } from '../contracts/steps.ts';
import type { VerifyScope } from './scope.ts';
import type { ReadSide } from './sides.ts';

export interface CountedSide {
  readonly home: Home;
  readonly side: ReadSide;
  /** The window of the rows that count, as the home reads them. Null: only reading shows which rows count. */
  readonly window: Window | null;
}

export interface CountRequest {
  readonly source: CountedSide;
  readonly destination: CountedSide;
  readonly ports: Pick<EnginePorts, 'clock'>;
  readonly signal: AbortSignal;
}

/** Counts both sides. If a rule leaves rows out, or some rows are bad, the home’s own count may be too large. But equal counts are still equal, as long as the other side was read. */
export async function countedSides({
  source,
  destination,
  ports,
  signal,
}: CountRequest): Promise<{ readonly source: number; readonly destination: number }> {
  return { source: await counted(source, ports, signal), destination: await counted(destination, ports, signal) };
}

async function counted({ home, side, window }: CountedSide, { clock }: CountRequest['ports'], signal: AbortSignal): Promise<number> {
  if (window !== null && home.system !== undefined) return home.system.count(window, signal);
  if (window !== null && window.column === null) {
    const { rows } = await untilDone(clock, (cursor) => home.describe(cursor, 'whole'), signal);
    if (rows?.exact) return rows.n;
  }
  let rows = 0;
  for await (const piece of side.read(signal)) if ('frame' in piece && piece.due) rows += piece.frame.rows;
  return rows;
}

/** The rows of the source that are due, as one window. Null: only reading shows which rows are due. */
export function dueWindow(home: Home, { source, end }: Pick<VerifyScope, 'source' | 'end'>): Window | null {
  if (end === null) return source;
  if (home.reading.filter !== 'range' || source.column === null) return null;
  return { ...source, upper: { text: end.at.text, inclusive: end.inclusive } };
}
