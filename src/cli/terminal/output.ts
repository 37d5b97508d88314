import { resolve } from 'node:path';
import { openRunLog, type RunLog } from '../../adapters/run-logs.ts';
import { asCopied, type CopyRun, namedAsTyped, type TryOut } from '../../narrate/run/copy-lines.ts';
import { createNarrator, type Narrator } from '../../narrate/run/narrator.ts';
import type { RepeatCommands } from '../../narrate/run/summary-lines.ts';
import { jsonLine } from '../../narrate/text/json-lines.ts';
import { color, noColor, type Palette } from '../../narrate/text/palette.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Emit, EntitySummary, EventBody, HyggeEvent } from '../../ports/events.ts';
import { secretValuesOf } from '../../ports/secrets/values.ts';
import { defined } from '../../ports/values.ts';
import type { Workspace } from '../../workspace/load/load.ts';
import { lineFitter } from './line-fitter.ts';
import { lineScreen, liveScreen, type Screen } from './screen.ts';
import type { CommonFlags, Stream, Surroundings } from './surroundings.ts';

/** The output of a command in both forms: events as JSON lines for machines, and narration for people. */
export interface Output {
  readonly emit: Emit;
  readonly narrator: Narrator;
  readonly palette: Palette;
  readonly invocationId: string;
  /** Emits an event of the command line itself. */
  say(body: EventBody): void;
  /** Prints lines that do not belong to an event, for people only. */
  note(lines: readonly string[]): void;
  /** The summary of the entities that are done so far, for a run that was interrupted. */
  soFar(): EventBody;
  /** Emits an event that only machines see. */
  record(body: EventBody): void;
  close(): void;
}

/** The colours of a stream. Only terminals have colours, unless their owner has switched off colours (no-color.org). */
export function paletteFor(stream: Stream, surroundings: Surroundings, flags: Pick<CommonFlags, 'color'>): Palette {
  const { NO_COLOR, TERM } = surroundings.environment;
  const wanted = flags.color && stream.terminal && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
  return wanted ? color : noColor;
}

/** The stream for narration. With JSON output, stdout contains only events, so the narration goes to stderr. */
export function narrationStream(surroundings: Surroundings, flags: Pick<CommonFlags, 'output'>): Stream {
  return flags.output === 'json' ? surroundings.err : surroundings.out;
}

export function openOutput(
  surroundings: Surroundings,
  flags: CommonFlags,
  run: {
    readonly clock: Clock;
    readonly invocationId: string;
    readonly dryRun: boolean;
    readonly entities?: number;
    readonly tryOut?: TryOut;
    readonly copied?: CopyRun;
    readonly typed?: RepeatCommands;
    /** The workspace whose log is written, if its state is in files. Absent: no log is written. */
    readonly logged?: LoggedWorkspace;
  },
): Output {
  const stream = narrationStream(surroundings, flags);
  const palette = paletteFor(stream, surroundings, flags);
  const fitted = lineFitter(stream, flags);
  const live = stream.terminal && surroundings.environment.TERM !== 'dumb' && !run.dryRun;
  const narrator = createNarrator({
    palette,
    live,
    dryRun: run.dryRun,
    ...(run.entities === undefined ? {} : { entities: run.entities }),
    verbose: flags.verbose === true,
    ...defined({ tryOut: run.tryOut, copied: run.copied, typed: run.typed }),
  });
  const look = { narrator, palette, clock: run.clock, fitted };
  const screen: Screen = live ? liveScreen(stream, look) : lineScreen(stream, look);
  const done = doneSoFar(run.clock);
  const log = run.logged && logOf(run.logged, run.invocationId, run.clock);
  const write: Emit = (event) => {
    log?.add(jsonLine(event));
    if (flags.output === 'json') surroundings.out.write(jsonLine(event));
  };
  const { copied } = run;
  const values = secretValuesOf(surroundings.network);
  const emit: Emit = (heard) => {
    // Secrets are hidden before a line is cut to the width of a terminal, because the rest of a cut secret would not be recognized as a secret.
    const event = values.hiddenIn(copied === undefined ? heard : forCopy(heard, copied));
    done.hear(event);
    write(event);
    screen.add(narrator.hear(event));
  };
  const stamped = (body: EventBody): HyggeEvent => ({ v: 1, ts: run.clock.now(), invocation_id: run.invocationId, ...body });
  return {
    emit,
    narrator,
    palette,
    invocationId: run.invocationId,
    say: (body) => emit(stamped(body)),
    soFar: () => done.summary(),
    record: (body) => write(values.hiddenIn(stamped(body))),
    note: (lines) => screen.add(lines.map((line) => values.hidden(line))),
    close: () => {
      screen.close();
      log?.[Symbol.dispose]();
    },
  };
}

type LoggedWorkspace = Pick<Workspace, 'root' | 'state' | 'flows'>;

const keptMs = 90 * 86_400_000;

/** The folder for the logs of a workspace. Undefined: the journal is not in files, so no logs are written. */
export function logFolder({ root, state }: Pick<LoggedWorkspace, 'root' | 'state'>): string | undefined {
  return state.type === 'files' ? resolve(root, state.folder, 'logs') : undefined;
}

/** The log of an invocation. Logs are kept as long as the journal. */
function logOf(workspace: LoggedWorkspace, invocation: string, clock: Pick<Clock, 'now'>): RunLog | undefined {
  const folder = logFolder(workspace);
  const keeps = workspace.flows.flatMap(({ entities }) => entities.map(({ keepMs }) => keepMs));
  const before = Date.parse(clock.now()) - Math.min(...(keeps.length === 0 ? [keptMs] : keeps));
  return folder === undefined ? undefined : openRunLog(folder, { invocation, before });
}

/** An event of a copy. Its errors get advice for a person without a workspace. */
function forCopy(event: HyggeEvent, copied: CopyRun): HyggeEvent {
  switch (event.event) {
    case 'error':
      return namedAsTyped(asCopied(event, copied), event, copied);
    case 'entity_done':
      return event.error === undefined ? event : { ...event, error: namedAsTyped(asCopied(event.error, copied), event, copied) };
    case 'summary':
      return {
        ...event,
        entities: event.entities.map((one) =>
          one.error === undefined ? one : { ...one, error: namedAsTyped(asCopied(one.error, copied), one, copied) },
        ),
      };
    default:
      return event;
  }
}

/** Remembers the results of entities, so that a run that was interrupted can still print a correct summary. */
function doneSoFar(clock: Pick<Clock, 'monotonicMs'>) {
  const startedMs = clock.monotonicMs();
  const done: EntitySummary[] = [];
  return {
    hear(event: HyggeEvent): void {
      if (event.event !== 'entity_done') return;
      const { event: _, v, ts, invocation_id, run_id, ...entity } = event;
      done.push(entity);
    },
    summary(): EventBody {
      const of = (status: EntitySummary['status']): number => done.filter((entity) => entity.status === status).length;
      return {
        event: 'summary',
        pass: of('pass'),
        warn: of('warn'),
        error: of('error'),
        skip: of('skip'),
        total: done.length,
        rows: done.reduce((sum, entity) => sum + entity.rows, 0),
        seconds: Math.round(clock.monotonicMs() - startedMs) / 1000,
        entities: done,
      };
    },
  };
}
