/**
 * The extension's half of a replay: it plays the history against the whole list of actions that the worker answered, one action after the
 * other, with ids from one counter; Task.all ends when every child has ended, whatever the orchestrator made of a failure before.
 */
import { type Action, actionTypes, eventTypes, type HistoryEvent, inputText } from './durable-protocol.ts';

export type Decision =
  | { readonly what: 'activity'; readonly id: number; readonly name: string; readonly input: string }
  | { readonly what: 'child'; readonly id: number; readonly name: string; readonly instanceId: string | undefined; readonly input: string }
  | { readonly what: 'timer'; readonly id: number; readonly fireAt: string };

export interface Replayed {
  /** What the history does not have yet. */
  readonly decisions: readonly Decision[];
  /** Every action has ended: only then the extension looks whether the orchestrator is done. */
  readonly caughtUp: boolean;
}

/** The orchestrator did another thing than what its history says. */
export class NonDeterminism extends Error {
  override readonly name = 'NonDeterminism';
}

interface Awaited {
  readonly hasEnded: () => boolean;
}

export function replay(actions: readonly Action[], history: readonly HistoryEvent[]): Replayed {
  const context = new LiveContext();
  let index = 0;
  let current: Awaited | undefined;
  const advance = (): void => {
    for (;;) {
      if (current !== undefined && !current.hasEnded()) return;
      const action = actions[index];
      current = undefined;
      if (action === undefined) return;
      index += 1;
      current = context.invoke(action);
    }
  };
  for (const event of history) if (context.take(event)) advance();
  return {
    decisions: [...context.undecided.values()],
    caughtUp: index === actions.length && current === undefined,
  };
}

class LiveContext {
  /** Scheduled in this replay and not met in the history yet. */
  readonly undecided = new Map<number, Decision>();
  readonly #open = new Map<number, { ended: boolean }>();
  #nextId = 0;

  invoke(action: Action): Awaited {
    const { actionType } = action;
    switch (actionType) {
      case actionTypes.CallActivity:
        return this.#decide((id) => ({ what: 'activity', id, name: action.functionName ?? '', input: inputText(action.input) }));
      case actionTypes.CallSubOrchestrator:
        return this.#decide((id) => ({
          what: 'child',
          id,
          name: action.functionName ?? '',
          instanceId: action.instanceId,
          input: inputText(action.input),
        }));
      case actionTypes.CreateTimer:
        return this.#decide((id) => ({ what: 'timer', id, fireAt: action.fireAt ?? '' }));
      case actionTypes.WhenAll: {
        const children = (action.compoundActions ?? []).map((child) => this.invoke(child));
        return { hasEnded: () => children.every((child) => child.hasEnded()) };
      }
      default:
        throw new Error(`an action of type ${actionType} is none that this host replays: what no orchestrator of hygge asks for is not`);
    }
  }

  /** Answers whether user code may go on after it. */
  take(event: HistoryEvent): boolean {
    switch (event.EventType) {
      case eventTypes.ExecutionStarted:
        return true;
      case eventTypes.TaskScheduled:
        this.#confirm(event, 'activity');
        return false;
      case eventTypes.SubOrchestrationInstanceCreated:
        this.#confirm(event, 'child');
        return false;
      case eventTypes.TimerCreated:
        this.#confirm(event, 'timer');
        return false;
      case eventTypes.TaskCompleted:
      case eventTypes.TaskFailed:
      case eventTypes.SubOrchestrationInstanceCompleted:
      case eventTypes.SubOrchestrationInstanceFailed:
        return this.#end(event.TaskScheduledId);
      case eventTypes.TimerFired:
        return this.#end(event.TimerId);
      default:
        return false;
    }
  }

  #decide(make: (id: number) => Decision): Awaited {
    const id = this.#nextId++;
    const state = { ended: false };
    this.#open.set(id, state);
    this.undecided.set(id, make(id));
    return { hasEnded: () => state.ended };
  }

  #end(id: number | undefined): boolean {
    const state = id === undefined ? undefined : this.#open.get(id);
    if (state === undefined || id === undefined) return false; // a second answer
    this.#open.delete(id);
    state.ended = true;
    return true;
  }

  #confirm(event: HistoryEvent, what: Decision['what']): void {
    const decision = this.undecided.get(event.EventId);
    const recorded = `${what} ${event.Name ?? event.FireAt} with id ${event.EventId}`;
    if (decision === undefined) throw new NonDeterminism(`the history has ${recorded}, this replay has not come to it`);
    const replayed = `${decision.what} ${decision.what === 'timer' ? decision.fireAt : decision.name} with id ${decision.id}`;
    if (replayed !== recorded) throw new NonDeterminism(`the history has ${recorded}, this replay has ${replayed}`);
    if (decision.what !== 'timer' && event.Input !== decision.input)
      throw new NonDeterminism(`${recorded} was given ${event.Input} before and ${decision.input} in this replay`);
    this.undecided.delete(event.EventId);
  }
}
