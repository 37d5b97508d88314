/** One turn of an orchestration: the new messages, a replay in the worker, the same replay here, and what is decided by both. */
import { createHash } from 'node:crypto';
import {
  type Action,
  eventTypes,
  type HistoryEvent,
  type OrchestratorState,
  orchestrationTriggerInput,
  outOfProcLabel,
} from './durable-protocol.ts';
import { type Hub, type HubRecord, hasEnded, type Instance, type Unstamped } from './hub.ts';
import { type Decision, NonDeterminism, type Replayed, replay } from './replay.ts';
import { aboutDecision, caps, tooLarge, type Violation } from './rules.ts';

export type Turn = Extract<HubRecord, { is: 'turn' }>;

export interface Taken {
  readonly record: Turn;
  readonly findings: readonly Pick<Violation, 'rule' | 'what'>[];
}

export type Answered = { readonly ok: true; readonly text: string | null } | { readonly ok: false; readonly message: string };

interface Given {
  readonly hub: Hub;
  readonly instance: Instance;
  /** Of the host's clock. */
  readonly nowMs: number;
  readonly invoke: (name: string, triggerInput: string) => Promise<Answered>;
}

export async function takeTurn(given: Given): Promise<Taken> {
  const { instance, nowMs } = given;
  const at = new Date(nowMs).toISOString();
  const took = instance.inbox.length;
  const messages = unanswered(instance);
  const base = { is: 'turn' as const, id: instance.id, at, took, digests: [], customStatus: null, end: null };
  if (messages.length === 0) return { record: { ...base, events: [] }, findings: [] };
  const arrived = [{ EventType: eventTypes.OrchestratorStarted }, ...messages].map((event) => stamp(event, at));
  const answer = await given.invoke(instance.name, triggerInput(instance, arrived));
  return decide(given, { ...base, events: arrived }, answer);
}

function decide(given: Given, turn: Turn, answer: Answered): Taken {
  const { instance, hub } = given;
  try {
    const state = stateOf(answer);
    const actions = actionsOf(state);
    const digests = actions.map(digestOf);
    mustStartWith(digests, instance.digests);
    const replayed = replay(actions, [...instance.history, ...turn.events]);
    const decisions = replayed.decisions.map((decision) => stamp(eventOf(decision, instance), turn.at));
    const end = endOf(state, replayed);
    const customStatus = state.customStatus === undefined ? null : JSON.stringify(state.customStatus);
    const record: Turn = {
      ...turn,
      events: closed([...turn.events, ...decisions], turn.at, end),
      digests: digests.slice(instance.digests.length),
      customStatus,
      end,
    };
    const findings = [
      ...replayed.decisions.flatMap((decision) => aboutDecision(decision, given.nowMs)),
      ...childrenInUse(decisions, hub),
      ...tooLarge(`the custom status of ${instance.name}`, customStatus, caps.customStatus, 'custom status'),
      ...(end === null ? [] : tooLarge(`the output of ${instance.name}`, end.output, caps.orchestration)),
    ];
    return { record, findings };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    const end = { status: 'Failed' as const, output: JSON.stringify(what), reason: what };
    const rule = error instanceof NonDeterminism ? 'non-determinism' : 'orchestrator';
    return { record: { ...turn, events: closed(turn.events, turn.at, end), end }, findings: [{ rule, what }] };
  }
}

/** New messages without those that answer a task that has its answer. */
function unanswered(instance: Instance): readonly Unstamped[] {
  const answered = new Set(instance.history.map(taskOf).filter((task) => task !== undefined));
  return instance.inbox.flatMap(({ generation, event }) => {
    if (generation !== null && generation !== instance.generation) return [];
    const task = taskOf(event);
    if (task === undefined) return [event];
    if (answered.has(task)) return [];
    answered.add(task);
    return [event];
  });
}

function taskOf(event: Unstamped): number | undefined {
  return event.TaskScheduledId ?? event.TimerId;
}

function triggerInput(instance: Instance, arrived: readonly HistoryEvent[]): string {
  return orchestrationTriggerInput({
    history: [...instance.history.map((event) => ({ ...event, IsPlayed: true })), ...arrived],
    input: instance.input,
    instanceId: instance.id,
    isReplaying: instance.history.length > 0,
    parentInstanceId: instance.parent?.id,
  });
}

function stateOf(answer: Answered): OrchestratorState {
  if (answer.ok) {
    if (answer.text === null) throw new Error('the orchestrator answered nothing');
    return JSON.parse(answer.text) as OrchestratorState;
  }
  const at = answer.message.lastIndexOf(outOfProcLabel);
  if (at < 0) throw new Error(answer.message);
  return JSON.parse(answer.message.slice(at + outOfProcLabel.length)) as OrchestratorState;
}

function actionsOf(state: OrchestratorState): readonly Action[] {
  const [actions, ...more] = state.actions;
  if ((state.schemaVersion !== 1 && state.schemaVersion !== 2) || actions === undefined || more.length > 0)
    throw new Error(`the worker answered in schema ${state.schemaVersion} with ${state.actions.length} lists of actions`);
  return actions;
}

/** What was done once is done again, or it is another orchestrator. */
function digestOf(action: Action): string {
  return createHash('sha256').update(JSON.stringify(action)).digest('base64url').slice(0, 16);
}

function mustStartWith(digests: readonly string[], known: readonly string[]): void {
  const index = known.findIndex((digest, i) => digests[i] !== digest);
  if (index < 0) return;
  throw new NonDeterminism(`action ${index + 1} of this replay is not what it was in the replay before (of ${known.length})`);
}

/** Only when every action has ended does the extension look at what the orchestrator made of it. */
function endOf(state: OrchestratorState, replayed: Replayed): Turn['end'] {
  if (!replayed.caughtUp) return null;
  if (state.error !== undefined && state.error !== '')
    return { status: 'Failed', output: JSON.stringify(state.error), reason: state.error };
  if (!state.isDone) return null;
  return { status: 'Completed', output: JSON.stringify(state.output ?? null), reason: null };
}

function eventOf(decision: Decision, instance: Instance): Unstamped {
  const { id } = decision;
  switch (decision.what) {
    case 'activity':
      return { EventType: eventTypes.TaskScheduled, EventId: id, Name: decision.name, Input: decision.input };
    case 'timer':
      return { EventType: eventTypes.TimerCreated, EventId: id, FireAt: decision.fireAt };
    case 'child': {
      const InstanceId = decision.instanceId ?? `${instance.id}:${instance.generation}:${id}`;
      return { EventType: eventTypes.SubOrchestrationInstanceCreated, EventId: id, Name: decision.name, InstanceId, Input: decision.input };
    }
  }
}

function childrenInUse(decisions: readonly HistoryEvent[], hub: Hub): Taken['findings'] {
  return decisions.flatMap(({ InstanceId }) => {
    const other = InstanceId === undefined ? undefined : hub.instances.get(InstanceId);
    if (other === undefined || hasEnded(other)) return [];
    return [{ rule: 'instance id', what: `a child was given the id ${InstanceId}, whose instance is still running` }];
  });
}

function closed(events: readonly HistoryEvent[], at: string, end: Turn['end']): readonly HistoryEvent[] {
  const completed: Unstamped[] =
    end !== null ? [{ EventType: eventTypes.ExecutionCompleted, OrchestrationStatus: end.status, Result: end.output }] : [];
  return [...events, ...[...completed, { EventType: eventTypes.OrchestratorCompleted }].map((event) => stamp(event, at))];
}

function stamp(event: Unstamped, at: string): HistoryEvent {
  return { EventId: -1, ...event, IsPlayed: false, Timestamp: at };
}
