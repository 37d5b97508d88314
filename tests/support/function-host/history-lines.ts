import { eventTypes, type HistoryEvent } from './durable-protocol.ts';

const names = new Map<number, string>(Object.entries(eventTypes).map(([name, number]) => [number, name]));

/** A history for people, a line for each event. */
export function historyLines(history: readonly HistoryEvent[]): readonly string[] {
  return history.map((event) => {
    const task = event.TaskScheduledId ?? event.TimerId ?? (event.EventId >= 0 ? event.EventId : undefined);
    const parts = [
      names.get(event.EventType) ?? String(event.EventType),
      ...(task === undefined ? [] : [`#${task}`]),
      ...[event.Name, event.InstanceId, event.FireAt, event.OrchestrationStatus].filter((part) => part !== undefined),
      ...[event.Input, event.Result, event.Reason].filter((part) => part !== undefined).map((text) => text.slice(0, 160)),
    ];
    return parts.join(' ');
  });
}
