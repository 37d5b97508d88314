import { realClock } from '../../adapters/real-clock.ts';
import { readRunLog, runLogsIn } from '../../adapters/run-logs.ts';
import { openStateAlone } from '../../assembly/open-state.ts';
import { StateError } from '../../errors/hygge-error.ts';
import { damageLine, journalLines, runLines } from '../../narrate/commands/journal-lines.ts';
import { createNarrator } from '../../narrate/run/narrator.ts';
import { messageOf } from '../../narrate/text/notes.ts';
import type { HyggeEvent } from '../../ports/events.ts';
import { codeOf } from '../../ports/notes.ts';
import type { JournalFilter, JournalRow } from '../../ports/state.ts';
import { durationMs } from '../../workspace/durations.ts';
import type { Workspace } from '../../workspace/load/load.ts';
import { splitName } from '../select/selection.ts';
import { exit } from '../terminal/exit-code.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import { logFolder } from '../terminal/output.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';

export interface JournalFlags extends CommonFlags {
  readonly run?: string | undefined;
  readonly flow?: string | undefined;
  readonly entity?: string | undefined;
  readonly failed?: true | undefined;
  /** Whether the log of a run is printed line by line. Needs `run`. */
  readonly log?: true | undefined;
  readonly since?: string | undefined;
  readonly limit?: number | undefined;
}

const limitWithoutOne = 20;

/** `hygge journal`: lists the latest entity runs, the newest first. Entities that are no longer in the workspace are included. */
export async function journal(flags: JournalFlags, surroundings: Surroundings): Promise<number> {
  if (flags.log && flags.run === undefined) throw unreadable('--log needs --run.', ['hygge journal --run last --log']);
  const now = realClock().now();
  const since = flags.since === undefined ? undefined : instantOf(flags.since, now);
  const workspace = await openWorkspace(flags, surroundings, { now, looking: true, opens: 'state' });
  await using place = await openStateAlone(workspace, {
    network: surroundings.network,
    onDamage: (damage) => surroundings.err.write(`${damageLine(damage)}\n`),
  });
  const about: JournalFilter = {
    ...(flags.entity === undefined ? (flags.flow === undefined ? {} : { flow: flags.flow }) : splitName(flags.entity)),
    withVerifications: true,
  };
  // The journal itself filters by flow and entity. For other filters, all its rows are read and filtered here.
  const narrowed = flags.run !== undefined || flags.failed === true || since !== undefined;
  const limit = flags.limit ?? (flags.run === undefined ? limitWithoutOne : Number.POSITIVE_INFINITY);
  const found = await place.state.journal(narrowed ? { ...about, ...(since === undefined ? {} : { since }) } : { ...about, limit });
  const matching = found.filter((row) => (!flags.failed || row.status === 'error') && (since === undefined || row.finished_at >= since));
  const rows = (flags.run === undefined ? matching : ofRun(flags.run, matching)).slice(0, limit);
  if (flags.log) return printLog(workspace, { flags, run: flags.run ?? '', found: rows }, surroundings);
  const nowMs = Date.parse(now);
  const filtered = narrowed || flags.flow !== undefined || flags.entity !== undefined;
  printAnswer(surroundings, flags, {
    rows: rows.map(({ notes, ...row }) => ({
      ...row,
      message: messageOf({ ...row, notes }),
      ...(notes ? { codes: notes.map(codeOf) } : {}),
    })),
    lines: (palette, room) =>
      flags.run === undefined ? journalLines(rows, { nowMs, filtered, room }, palette) : runLines(rows, nowMs, palette),
  });
  return flags.run !== undefined && rows.length === 0 ? exit.failed : exit.ok;
}

interface LoggedRun {
  readonly flags: JournalFlags;
  readonly run: string;
  /** The journal rows of the invocation. Empty: the run was killed before it ended. */
  readonly found: readonly JournalRow[];
}

/** Prints the log of an invocation, as people saw it or as events. Exit 1: this machine has no log of the invocation. */
function printLog(workspace: Workspace, { flags, run, found }: LoggedRun, surroundings: Surroundings): number {
  const folder = logFolder(workspace);
  const logs = folder === undefined ? [] : runLogsIn(folder);
  const [row] = found;
  const named = row?.invocation_id ?? (run === 'last' ? logs[0] : logs.find((id) => id.endsWith(run.toUpperCase())));
  if (folder === undefined || named === undefined || !logs.includes(named)) {
    const why =
      folder === undefined
        ? 'Logs are kept only next to state in files, but this state is not in files.'
        : 'The run was on another machine, before logs were kept, or longer ago than `keep`.';
    throw new StateError({
      code: 'HYG-5030',
      what: `There is no log of ${named ?? JSON.stringify(run)} here.`,
      why: [why],
      tryThis: [`See its result: hygge journal --run ${/^\w+$/.test(run) ? run : 'last'}`, 'An app keeps its log in Application Insights'],
    });
  }
  const events = readRunLog(folder, named).flatMap((line): readonly HyggeEvent[] => {
    try {
      return [JSON.parse(line) as HyggeEvent];
    } catch {
      return [];
    }
  });
  printAnswer(surroundings, flags, {
    rows: events,
    lines(palette) {
      const narrator = createNarrator({ palette, live: false, dryRun: false, verbose: flags.verbose === true });
      return events.flatMap((event) => narrator.hear(event));
    },
  });
  return exit.ok;
}

/** The rows of a run, an invocation or an entity run. @param wanted the id, or the end of the id. `last`: the newest invocation. */
function ofRun(wanted: string, rows: readonly JournalRow[]): readonly JournalRow[] {
  if (wanted === 'last') return rows.filter((row) => row.invocation_id === rows[0]?.invocation_id);
  const id = wanted.toUpperCase();
  const ids = ['run_id', 'invocation_id', 'entity_run_id'] as const;
  const exact = rows.filter((row) => ids.some((key) => row[key].toUpperCase() === id));
  if (exact.length > 0) return exact;
  const found = rows.filter((row) => ids.some((key) => row[key].toUpperCase().endsWith(id)));
  const invocations = new Set(found.map((row) => row.invocation_id));
  if (invocations.size <= 1) return found;
  throw unreadable(`${invocations.size} runs have an id that ends in ${wanted}.`, [
    'Write more characters of the id, or the whole id, which --output json shows',
    'The latest: hygge journal --run last',
  ]);
}

/** The instant of a time that a person wrote: a duration such as `2d` or `12h` before now, a date, or a time. Without a zone, the time is in UTC. */
function instantOf(written: string, now: string): string {
  const ms = durationMs(written);
  if (ms !== undefined) return new Date(Date.parse(now) - ms).toISOString();
  const text = written.trim().replace(' ', 'T');
  const zoned = /T.*(Z|[+-]\d\d:?\d\d)$/i.test(text) || !text.includes('T') ? text : `${text}Z`;
  const at = /^\d{4}-\d\d-\d\d(T.*)?$/.test(text) ? Date.parse(zoned) : Number.NaN;
  if (!Number.isNaN(at)) return new Date(at).toISOString();
  throw unreadable(`${JSON.stringify(written)} is not a time to look back to.`, [
    'A time ago: --since 2d, --since 12h, --since 90m',
    'Or a time in UTC: --since 2026-11-20, --since 2026-11-20T08:00',
  ]);
}
