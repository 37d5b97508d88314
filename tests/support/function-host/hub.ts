/** The task hub: instances, their histories and inboxes, and what waits to be run. It is the sum of its records, and of nothing else. */
import { eventTypes, type HistoryEvent, type RuntimeStatus } from './durable-protocol.ts';
import { bytesOf } from './rules.ts';

/** JSON text of a value, as inputs and outputs travel. */
export type JsonText = string;

export interface Parent {
  readonly id: string;
  readonly generation: number;
  readonly taskId: number;
}

export type Unstamped = Omit<HistoryEvent, 'EventId' | 'IsPlayed' | 'Timestamp'> & { readonly EventId?: number };

/** One line of the journal. */
export type HubRecord =
  | { readonly is: 'created'; readonly id: string; readonly name: string; readonly input: JsonText; readonly at: string }
  | { readonly is: 'message'; readonly to: string; readonly generation: number | null; readonly event: Unstamped; readonly at: string }
  | {
      readonly is: 'turn';
      readonly id: string;
      readonly at: string;
      /** Messages of the inbox that this turn took. */
      readonly took: number;
      readonly events: readonly HistoryEvent[];
      /** Of actions that are new in this turn. */
      readonly digests: readonly string[];
      readonly customStatus: JsonText | null;
      readonly end: { readonly status: RuntimeStatus; readonly output: JsonText; readonly reason: string | null } | null;
    }
  | { readonly is: 'purged'; readonly id: string }
  | { readonly is: 'clock'; readonly offsetMs: number };

export interface Message {
  /** Results belong to the generation that asked for them; null: whatever it is. */
  readonly generation: number | null;
  readonly event: Unstamped;
}

export interface Instance {
  readonly id: string;
  readonly name: string;
  readonly parent: Parent | null;
  readonly createdAt: string;
  readonly input: JsonText;
  /** Counts instances that had this id before. */
  readonly generation: number;
  updatedAt: string;
  status: RuntimeStatus;
  customStatus: JsonText;
  output: JsonText;
  history: HistoryEvent[];
  historyBytes: number;
  inbox: Message[];
  digests: string[];
}

export interface PendingActivity {
  readonly key: string;
  readonly id: string;
  readonly generation: number;
  readonly taskId: number;
  readonly name: string;
  readonly input: JsonText;
}

export interface PendingTimer {
  readonly key: string;
  readonly id: string;
  readonly generation: number;
  readonly taskId: number;
  readonly fireAt: string;
}

export interface Largest {
  readonly name: string;
  readonly events: number;
  readonly bytes: number;
}

export class Hub {
  readonly instances = new Map<string, Instance>();
  readonly activities = new Map<string, PendingActivity>();
  readonly timers = new Map<string, PendingTimer>();
  /** The longest history of each orchestrator so far, instances of one id apart. */
  readonly largest = new Map<string, Largest>();
  offsetMs = 0;

  apply(record: HubRecord): void {
    switch (record.is) {
      case 'created':
        this.#create(record, null);
        return;
      case 'message':
        this.#deliver(record.to, { generation: record.generation, event: record.event });
        this.#forget(record);
        return;
      case 'turn':
        this.#turn(record);
        return;
      case 'purged':
        this.instances.delete(record.id);
        return;
      case 'clock':
        this.offsetMs = record.offsetMs;
        return;
    }
  }

  /** Of open children, by id. */
  openChildren(instance: Instance): readonly string[] {
    return [...this.instances.values()]
      .filter(({ parent }) => parent?.id === instance.id && parent.generation === instance.generation)
      .filter((child) => !hasEnded(child))
      .map(({ id }) => id);
  }

  #create(given: { id: string; name: string; input: JsonText; at: string }, parent: Parent | null): void {
    const { id, name, input, at } = given;
    const start: Unstamped = { EventType: eventTypes.ExecutionStarted, Name: name, InstanceId: id, Input: input };
    // What is still on its way to an earlier instance of this id is not for this one.
    const generation = (this.instances.get(id)?.generation ?? -1) + 1;
    this.instances.set(id, {
      id,
      name,
      parent,
      createdAt: at,
      input,
      generation,
      updatedAt: at,
      status: 'Pending',
      customStatus: 'null',
      output: 'null',
      history: [],
      historyBytes: 0,
      inbox: [{ generation: null, event: start }],
      digests: [],
    });
  }

  /** Its answer has come: whoever asked need not ask again. */
  #forget({ to, generation, event }: Extract<HubRecord, { is: 'message' }>): void {
    if (event.TaskScheduledId !== undefined) this.activities.delete(keyOf(to, generation ?? 0, event.TaskScheduledId));
    if (event.TimerId !== undefined) this.timers.delete(keyOf(to, generation ?? 0, event.TimerId));
  }

  #turn(turn: Extract<HubRecord, { is: 'turn' }>): void {
    const instance = this.instances.get(turn.id);
    if (instance === undefined) return;
    instance.inbox.splice(0, turn.took);
    instance.history.push(...turn.events);
    instance.digests.push(...turn.digests);
    instance.updatedAt = turn.at;
    instance.status = 'Running';
    if (turn.customStatus !== null) instance.customStatus = turn.customStatus;
    for (const event of turn.events) this.#schedule(instance, event);
    this.#measure(instance, turn.events);
    if (turn.end !== null) this.#end(instance, turn.end);
  }

  #schedule(instance: Instance, event: HistoryEvent): void {
    const { id, generation } = instance;
    const key = keyOf(id, generation, event.EventId);
    const task = { key, id, generation, taskId: event.EventId };
    if (event.EventType === eventTypes.TaskScheduled)
      this.activities.set(key, { ...task, name: event.Name ?? '', input: event.Input ?? 'null' });
    if (event.EventType === eventTypes.TimerCreated) this.timers.set(key, { ...task, fireAt: event.FireAt ?? '' });
    if (event.EventType !== eventTypes.SubOrchestrationInstanceCreated) return;
    const child = { id: event.InstanceId ?? '', name: event.Name ?? '', input: event.Input ?? 'null', at: event.Timestamp };
    this.#create(child, { id, generation, taskId: event.EventId });
  }

  #end(instance: Instance, end: { status: RuntimeStatus; output: JsonText; reason: string | null }): void {
    this.#dropTimers(instance);
    instance.status = end.status;
    instance.output = end.output;
    instance.inbox = [];
    const { parent } = instance;
    if (parent === null) return;
    const event: Unstamped =
      end.status === 'Completed'
        ? { EventType: eventTypes.SubOrchestrationInstanceCompleted, TaskScheduledId: parent.taskId, Result: end.output }
        : {
            EventType: eventTypes.SubOrchestrationInstanceFailed,
            TaskScheduledId: parent.taskId,
            Reason: end.reason ?? end.status,
            Details: end.reason ?? end.status,
          };
    this.#deliver(parent.id, { generation: parent.generation, event });
  }

  /** What nobody asks for any more goes nowhere. */
  #deliver(to: string, message: Message): void {
    const instance = this.instances.get(to);
    if (instance === undefined || hasEnded(instance)) return;
    if (message.generation === null || message.generation === instance.generation) instance.inbox.push(message);
  }

  #dropTimers({ id, generation }: Instance): void {
    for (const [key, timer] of this.timers) if (timer.id === id && timer.generation === generation) this.timers.delete(key);
  }

  #measure(instance: Instance, added: readonly HistoryEvent[]): void {
    instance.historyBytes += bytesOf(JSON.stringify(added));
    const { name, history, historyBytes: bytes } = instance;
    if (bytes > (this.largest.get(name)?.bytes ?? 0)) this.largest.set(name, { name, events: history.length, bytes });
  }
}

export function hasEnded({ status }: Instance): boolean {
  return status === 'Completed' || status === 'Failed';
}

export function keyOf(id: string, generation: number, taskId: number): string {
  return `${id}|${generation}|${taskId}`;
}
