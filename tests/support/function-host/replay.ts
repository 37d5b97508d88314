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
  /** JSON text. */
  readonly continueAsNew: string | null;
  /** Names of external events that it waits for. */
  readonly waitsFor: readonly string[];
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
    continueAsNew: context.continueAsNew,
    waitsFor: [...context.waiting].filter(([, waiters]) => waiters.length > 0).map(([name]) => name),
  };
}

class LiveContext {
  /** Scheduled in this replay and not met in the history yet. */
  readonly undecided = new Map<number, Decision>();
  readonly waiting = new Map<string, { ended: boolean }[]>();
  continueAsNew: string | null = null;
  readonly #open = new Map<number, { ended: boolean }>();
  readonly #buffered = new Map<string, number>();
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
        return this.#decide((id) => ({ what: 'timer', id, fireAt: action.fireAt ?? '' }), action.isCanceled === true);
      case actionTypes.ContinueAsNew:
        this.continueAsNew = inputText(action.input);
        return { hasEnded: () => true };
      case actionTypes.WaitForExternalEvent:
        return this.#wait(action.externalEventName ?? '');
      case actionTypes.WhenAll:
        return both(this.#children(action), (children) => children.every((child) => child.hasEnded()));
      case actionTypes.WhenAny:
        return both(this.#children(action), (children) => children.some((child) => child.hasEnded()));
      default:
        throw new Error(`an action of type ${actionType} is none that this host replays (retries, entities, HTTP calls and locks are not)`);
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
      case eventTypes.EventRaised:
        return this.#raise(event.Name ?? '');
      default:
        return false;
    }
  }

  #decide(make: (id: number) => Decision, ended = false): Awaited {
    const id = this.#nextId++;
    const state = { ended };
    if (!ended) this.#open.set(id, state);
    this.undecided.set(id, make(id));
    return { hasEnded: () => state.ended };
  }

  #children(action: Action): Awaited[] {
    return (action.compoundActions ?? []).map((child) => this.invoke(child));
  }

  #wait(name: string): Awaited {
    const arrived = this.#buffered.get(name) ?? 0;
    const state = { ended: arrived > 0 };
    if (state.ended) this.#buffered.set(name, arrived - 1);
    else this.waiting.set(name, [...(this.waiting.get(name) ?? []), state]);
    return { hasEnded: () => state.ended };
  }

  #raise(name: string): boolean {
    const [first, ...others] = this.waiting.get(name) ?? [];
    if (first === undefined) this.#buffered.set(name, (this.#buffered.get(name) ?? 0) + 1);
    else {
      first.ended = true;
      this.waiting.set(name, others);
    }
    return first !== undefined;
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

function both(children: Awaited[], ended: (children: readonly Awaited[]) => boolean): Awaited {
  return { hasEnded: () => ended(children) };
}
