/**
 * Histories as they were recorded by earlier versions of the app. An instance that is in flight while the app is updated goes on with today's
 * orchestrators: they have to come to the same decisions, from any point on.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventTypes, type HistoryEvent, type OrchestratorState, orchestrationTriggerInput, outOfProcLabel } from './durable-protocol.ts';
import { historyLines } from './history-lines.ts';
import type { InstanceView } from './host-messages.ts';
import { type Decision, replay } from './replay.ts';
import type { Answered } from './turn.ts';

export interface RecordedHistory {
  readonly orchestrator: string;
  /** What it shows, for whoever looks for one to replace. */
  readonly shows: string;
  readonly instanceId: string;
  readonly parentInstanceId: string | null;
  readonly input: unknown;
  readonly output: unknown;
  readonly history: readonly HistoryEvent[];
}

export const recordedFolder = join(import.meta.dirname, '..', '..', 'functions-host', 'histories');

export function recordedHistories(): readonly { readonly name: string; readonly recorded: RecordedHistory }[] {
  return readdirSync(recordedFolder)
    .sort()
    .flatMap((version) => readdirSync(join(recordedFolder, version)).map((file) => `${version}/${file}`))
    .map((name) => ({ name, recorded: JSON.parse(readFileSync(join(recordedFolder, name), 'utf8')) as RecordedHistory }));
}

const written = new Set<string>();

/** Of several that show the same, the first. Fails when the version has it already: a release runs with it. */
export function recordHistory(version: string, instance: InstanceView, shows: string): void {
  const { id: instanceId, name: orchestrator, parent, input, output, history } = instance;
  const recorded: RecordedHistory = { orchestrator, shows, instanceId, parentInstanceId: parent, input, output, history };
  const folder = join(recordedFolder, version);
  mkdirSync(folder, { recursive: true });
  const name = `${orchestrator}-${shows.replaceAll(/[^a-z0-9]+/gi, '-')}.json`;
  if (written.has(name)) return;
  written.add(name);
  writeFileSync(join(folder, name), `${JSON.stringify(recorded, null, 2)}\n`, { flag: 'wx' });
}

export type Invoke = (orchestrator: string, triggerInput: string) => Promise<Answered>;

/** Replays every beginning of the history that an instance may be caught at. Answers what differs, in words; null: nothing. */
export async function differenceToday(
  { name, recorded }: { name: string; recorded: RecordedHistory },
  invoke: Invoke,
): Promise<string | null> {
  for (const end of turnEnds(recorded.history)) {
    const turn = recorded.history.slice(0, end);
    const known = turn.filter((event) => !isDecision(event, turn));
    const differs = await differenceAt(recorded, known, turn, invoke);
    if (differs !== null) return advice(name, recorded, differs, turn);
  }
  return null;
}

/** Ends of turns: the history up to there was written by as many replays. */
function turnEnds(history: readonly HistoryEvent[]): readonly number[] {
  return history.flatMap(({ EventType }, i) => (EventType === eventTypes.OrchestratorCompleted ? [i + 1] : []));
}

/** Of the last turn: what today's orchestrator has to come to by itself. */
function isDecision(event: HistoryEvent, turn: readonly HistoryEvent[]): boolean {
  const began = turn.findLastIndex(({ EventType }) => EventType === eventTypes.OrchestratorStarted);
  return turn.indexOf(event) > began && (isScheduled(event) || ends.has(event.EventType));
}

const scheduled = new Set<number>([eventTypes.TaskScheduled, eventTypes.SubOrchestrationInstanceCreated, eventTypes.TimerCreated]);
const ends = new Set<number>([eventTypes.ExecutionCompleted, eventTypes.OrchestratorCompleted]);

function isScheduled({ EventType }: HistoryEvent): boolean {
  return scheduled.has(EventType);
}

async function differenceAt(
  recorded: RecordedHistory,
  known: readonly HistoryEvent[],
  turn: readonly HistoryEvent[],
  invoke: Invoke,
): Promise<string | null> {
  const began = known.findLastIndex(({ EventType }) => EventType === eventTypes.OrchestratorStarted);
  const answer = await invoke(
    recorded.orchestrator,
    orchestrationTriggerInput({
      history: known.map((event, i) => ({ ...event, IsPlayed: i < began })),
      input: JSON.stringify(recorded.input ?? null),
      instanceId: recorded.instanceId,
      isReplaying: began > 0,
      parentInstanceId: recorded.parentInstanceId ?? undefined,
    }),
  );
  if (!answer.ok && !answer.message.includes(outOfProcLabel)) return answer.message;
  const text = answer.ok ? answer.text : answer.message.slice(answer.message.lastIndexOf(outOfProcLabel) + outOfProcLabel.length);
  const state = JSON.parse(text ?? '{}') as OrchestratorState;
  try {
    const replayed = replay(state.actions[0] ?? [], known);
    const now = replayed.decisions.map(asLine);
    const then = turn.filter((event) => isScheduled(event) && !known.includes(event)).map(eventLine);
    if (JSON.stringify(now) !== JSON.stringify(then))
      return `then it decided\n    ${then.join('\n    ') || 'nothing'}\n  now it decides\n    ${now.join('\n    ') || 'nothing'}`;
    const hadEnded = turn.some(({ EventType }) => EventType === eventTypes.ExecutionCompleted);
    const endsNow = replayed.caughtUp && (state.isDone || state.error !== undefined);
    if (hadEnded !== endsNow) return hadEnded ? 'then it ended here, now it continues' : 'now it ends here, then it continued';
    if (hadEnded && JSON.stringify(state.output ?? null) !== JSON.stringify(recorded.output ?? null))
      return `then it came to ${JSON.stringify(recorded.output)}, now to ${JSON.stringify(state.output)}`;
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function asLine(decision: Decision): string {
  switch (decision.what) {
    case 'activity':
      return `${decision.id} calls ${decision.name} ${decision.input}`;
    case 'child':
      return `${decision.id} starts ${decision.name} ${decision.instanceId ?? ''} ${decision.input}`;
    case 'timer':
      return `${decision.id} sleeps until ${decision.fireAt}`;
  }
}

function eventLine(event: HistoryEvent): string {
  if (event.EventType === eventTypes.TimerCreated) return `${event.EventId} sleeps until ${event.FireAt}`;
  const verb = event.EventType === eventTypes.TaskScheduled ? `calls ${event.Name}` : `starts ${event.Name} ${event.InstanceId ?? ''}`;
  return `${event.EventId} ${verb} ${event.Input}`;
}

function advice(name: string, { orchestrator, shows }: RecordedHistory, differs: string, turn: readonly HistoryEvent[]): string {
  return [
    `${name}: ${orchestrator} no longer does what it did (${shows}). After`,
    ...historyLines(turn.slice(-12)).map((line) => `    ${line}`),
    `  ${differs}`,
    'Runs that are in flight while an app is updated would break off at this point. Either keep the order, names and inputs of what it',
    'calls, and add only at the end; or give the changed orchestrator and all that start it a new name, keep the old one for a release, and',
    'record the new one: RECORD_HISTORIES=v<next> npm test -- tests/functions-host. A recorded history is never changed.',
  ].join('\n');
}
