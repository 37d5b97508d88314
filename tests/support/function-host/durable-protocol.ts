/** What the durable extension and the JavaScript worker say to each other, as far as this host speaks it. Field names are theirs. */

export const eventTypes = {
  ExecutionStarted: 0,
  ExecutionCompleted: 1,
  TaskScheduled: 4,
  TaskCompleted: 5,
  TaskFailed: 6,
  SubOrchestrationInstanceCreated: 7,
  SubOrchestrationInstanceCompleted: 8,
  SubOrchestrationInstanceFailed: 9,
  TimerCreated: 10,
  TimerFired: 11,
  OrchestratorStarted: 12,
  OrchestratorCompleted: 13,
} as const;

export interface HistoryEvent {
  readonly EventType: number;
  /** Of a decision: the id that its completion names; −1 elsewhere. */
  readonly EventId: number;
  readonly IsPlayed: boolean;
  readonly Timestamp: string;
  readonly Name?: string;
  readonly InstanceId?: string;
  /** JSON text. */
  readonly Input?: string;
  /** JSON text. */
  readonly Result?: string;
  readonly Reason?: string;
  readonly Details?: string;
  readonly TaskScheduledId?: number;
  readonly TimerId?: number;
  readonly FireAt?: string;
  readonly OrchestrationStatus?: RuntimeStatus;
}

export type RuntimeStatus = 'Pending' | 'Running' | 'Completed' | 'Failed';

export const actionTypes = {
  CallActivity: 0,
  CallSubOrchestrator: 2,
  CreateTimer: 5,
  WhenAll: 12,
} as const;

export interface Action {
  readonly actionType: number;
  readonly functionName?: string;
  readonly input?: unknown;
  readonly instanceId?: string;
  readonly fireAt?: string;
  readonly compoundActions?: readonly Action[];
}

/** What an orchestrator answers after each replay: everything it did since its start. */
export interface OrchestratorState {
  readonly isDone: boolean;
  readonly actions: readonly (readonly Action[])[];
  readonly output?: unknown;
  readonly error?: string;
  readonly customStatus?: unknown;
  readonly schemaVersion: number;
}

/** Stands before the state in the message of an orchestrator's exception. */
export const outOfProcLabel = '$OutOfProcData$:';

/** A durable timer beyond this is cut into several by the extension; this host refuses it instead. */
export const maximumTimerMs = 6 * 86_400_000;

export function orchestrationTriggerInput(given: {
  readonly history: readonly HistoryEvent[];
  /** JSON text; null: none. */
  readonly input: string | null;
  readonly instanceId: string;
  readonly isReplaying: boolean;
  readonly parentInstanceId: string | undefined;
}): string {
  const { input, parentInstanceId, ...rest } = given;
  return JSON.stringify({
    ...rest,
    ...(input === null ? {} : { input: JSON.parse(input) as unknown }),
    ...(parentInstanceId === undefined ? {} : { parentInstanceId }),
    upperSchemaVersion: 1,
    upperSchemaVersionNew: 2,
    maximumShortTimerDuration: '6.00:00:00',
    longRunningTimerIntervalDuration: '3.00:00:00',
    defaultHttpAsyncRequestSleepTimeMillseconds: 30_000,
  });
}

/** JSON text of an action's input as an activity or a child receives it. */
export function inputText(input: unknown): string {
  return typeof input === 'string' ? input : JSON.stringify(input ?? null);
}
