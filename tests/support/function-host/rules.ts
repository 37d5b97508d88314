/** What would go wrong in the cloud, or only at times, goes wrong here at once. */
import { maximumTimerMs } from './durable-protocol.ts';
import type { Decision } from './replay.ts';

export type Rule =
  | 'non-determinism'
  | 'stuck'
  | 'payload'
  | 'custom status'
  | 'instance id'
  | 'reserved name'
  | 'bare string'
  | 'timer'
  | 'orchestrator'
  | 'functions'
  | 'worker';

export interface Violation {
  readonly rule: Rule;
  readonly instance: string | null;
  readonly what: string;
  /** The history of the instance, a line for each event. */
  readonly history: readonly string[];
}

/** In bytes: input or output of an activity, those of an orchestration, and its custom status. */
export const caps = { activity: 4_096, orchestration: 10_000, customStatus: 16_000 };

type Finding = Pick<Violation, 'rule' | 'what'>;

export function bytesOf(text: string | null | undefined): number {
  return text == null ? 0 : Buffer.byteLength(text);
}

export function tooLarge(what: string, text: string | null, cap: number, rule: Rule = 'payload'): readonly Finding[] {
  const bytes = bytesOf(text);
  return bytes <= cap ? [] : [{ rule, what: `${what} is ${bytes} bytes long, allowed are ${cap}: ${text?.slice(0, 300)}…` }];
}

function aboutId(id: string): readonly Finding[] {
  if (id.length < 100 && !/[/\\#?]/.test(id)) return [];
  return [{ rule: 'instance id', what: `${JSON.stringify(id)} is no instance id: under 100 characters, none of / \\ # ?` }];
}

/** The worker's SDK makes a Date of every property of this name, at any depth. */
function aboutNames(what: string, text: string | null): readonly Finding[] {
  return text?.includes('"Timestamp":') === true
    ? [{ rule: 'reserved name', what: `${what} has a property named Timestamp, which arrives as a Date: ${text.slice(0, 300)}` }]
    : [];
}

export function aboutStart({ id, name, input }: Readonly<Record<'id' | 'name' | 'input', string>>): readonly Finding[] {
  const what = `the input of ${name}`;
  return [...aboutId(id), ...tooLarge(what, input, caps.orchestration), ...aboutNames(what, input)];
}

export function aboutDecision(decision: Decision, nowMs: number): readonly Finding[] {
  if (decision.what === 'timer') {
    const waitMs = Date.parse(decision.fireAt) - nowMs;
    if (waitMs <= maximumTimerMs) return [];
    return [{ rule: 'timer', what: `a timer of ${waitMs} ms: over six days the extension cuts it up, which this host does not replay` }];
  }
  const what = `the input of ${decision.name}`;
  const cap = decision.what === 'activity' ? caps.activity : caps.orchestration;
  const id = decision.what === 'child' && decision.instanceId !== undefined ? aboutId(decision.instanceId) : [];
  return [...tooLarge(what, decision.input, cap), ...aboutNames(what, decision.input), ...id];
}

export function aboutResult(name: string, text: string): readonly Finding[] {
  const what = `the output of ${name}`;
  const bare = text.startsWith('"') ? [{ rule: 'bare string' as const, what: `${what} is a bare string: activities answer objects` }] : [];
  return [...tooLarge(what, text, caps.activity), ...aboutNames(what, text), ...bare];
}
