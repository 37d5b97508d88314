import type { HyggeEvent } from '../../src/ports/events.ts';
import { inProcess } from './in-process.ts';
import { parseEvents } from './run-hygge.ts';
import type { TestWorkspace } from './workspace.ts';

export interface RunHere {
  readonly code: number;
  readonly events: readonly HyggeEvent[];
  readonly summary: Extract<HyggeEvent, { event: 'summary' }>;
  /** The first error's. */
  readonly error: string | undefined;
}

/** `hygge … --output json` in this very process: much quicker than starting one. */
export async function here(workspace: TestWorkspace, ...args: readonly string[]): Promise<RunHere> {
  const { code, stdout, stderr } = await inProcess([...args, '--output', 'json'], workspace.root, {});
  const events = parseEvents(stdout);
  const summary = events.at(-1);
  if (summary?.event !== 'summary') throw new Error(stdout + stderr);
  const failed = events.find((event) => event.event === 'error');
  return { code, events, summary, error: failed?.event === 'error' ? failed.code : undefined };
}

export async function settledIds(workspace: TestWorkspace): Promise<readonly number[]> {
  return (await workspace.settled('lake', 'f', 'f')).map((row) => Number(row.id)).sort((a, b) => a - b);
}
