/** After a run that found no rows, asks the source what it has. It asks by metadata, and without the lag and the bounds of the run. */
import { epochMs } from '../../frames/calendar.ts';
import { isTime } from '../../frames/times/future.ts';
import { compareWatermarks } from '../../frames/watermark-text.ts';
import type { SilentSource } from '../../ports/notes.ts';
import { type Home, type SeenFile, usualSliceBytes } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { Plan } from '../contracts/records.ts';
import { untilDone } from '../contracts/steps.ts';
import { detailsOf } from '../errors/details.ts';
import type { SilentRunRequest } from './silent-run.ts';

/** How long a run waits for the answer, in milliseconds. */
const longestMs = 30_000;

/** Asks the source. It never throws: an error is part of the answer. */
export async function probeSource(ports: EnginePorts, request: SilentRunRequest): Promise<SilentSource> {
  const { clock } = ports;
  const done = new AbortController();
  const stop = new AbortController();
  const late = clock.sleep(longestMs, done.signal).then(
    (): SilentSource => ({ kind: 'unknown', error: null }),
    (): SilentSource => ({ kind: 'unknown', error: null }),
  );
  const asking = ask(ports, request, stop.signal).catch(
    (error: unknown): SilentSource => ({ kind: 'unknown', error: detailsOf(error).code }),
  );
  const found = await Promise.race([asking, late]);
  done.abort();
  stop.abort(new Error('late'));
  return found;
}

async function ask(ports: EnginePorts, { spec, plan }: SilentRunRequest, signal: AbortSignal): Promise<SilentSource> {
  if (plan.emptied === true) return { kind: 'files', files: 0, fresh: 0, newest: null };
  const { sharing } = ports;
  if (sharing === undefined) return await sourceOf(await ports.home(spec, plan.pinned, 'anew'), ports, plan, signal);
  // Homes of the run are closed before it publishes, so that they lock no table that the commit alters. So the home is opened again here.
  await using home = await sharing.opener.home(spec, plan.pinned);
  return await sourceOf(home, ports, plan, signal);
}

async function sourceOf(home: Home, ports: EnginePorts, plan: Plan, signal: AbortSignal): Promise<SilentSource> {
  const description = await untilDone(ports.clock, (cursor) => home.describe(cursor), signal);
  if (plan.byFile) return await files(ports, home, plan.seen ?? [], signal);
  const { column } = plan;
  if (column === null || plan.lower === null) return { kind: 'rows', rows: description.rows?.exact === true ? description.rows.n : null };
  const bound = await untilDone(
    ports.clock,
    async (cursor) => home.bound({ column: column.column, lagMs: 0, future: 'take' }, cursor),
    signal,
  );
  if (bound === 'observed') return { kind: 'unknown', error: null };
  const settled = plan.lower.text;
  const isNewer = bound !== undefined && compareWatermarks(bound, plan.lower) > 0;
  const lower = { text: settled, inclusive: false };
  const window = { column, lower, upper: null, nulls: 'exclude', seen: null, changedFiles: 'ignore' } as const;
  const above = isNewer ? ((await home.system?.count(window, signal)) ?? null) : 0;
  const newest = bound?.text ?? null;
  return { kind: 'watermark', column: column.column, newest, age: ageOf(bound, ports.clock.now()), settled, isNewer, above };
}

/** How many seconds ago a time was. A time without a zone is taken as UTC. */
function ageOf(value: Parameters<typeof compareWatermarks>[0] | undefined, now: string): number | null {
  if (value === undefined || !isTime(value.type)) return null;
  const at = epochMs(value.text);
  return at === undefined ? null : Math.round((Date.parse(now) - at) / 1000);
}

async function files({ clock }: EnginePorts, home: Home, seen: readonly SeenFile[], signal: AbortSignal): Promise<SilentSource> {
  const window = { column: null, lower: null, upper: null, nulls: 'include', seen, changedFiles: 'ignore' } as const;
  const { seen: taken, slices } = await untilDone(clock, (cursor) => home.plan(window, { sliceBytes: usualSliceBytes }, cursor), signal);
  const there = taken?.files ?? [];
  const before = new Set(seen.map(({ path }) => path));
  const newest = there
    .map(({ modifiedAt }) => modifiedAt)
    .reduce<string | null>((latest, at) => (latest === null || at > latest ? at : latest), null);
  return {
    kind: 'files',
    files: there.length,
    fresh: slices.length === 0 ? 0 : there.filter(({ path }) => !before.has(path)).length,
    newest,
  };
}
