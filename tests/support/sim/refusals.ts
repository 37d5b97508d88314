import { ConnectionError, type HyggeError, StoreError } from '../../../src/errors/hygge-error.ts';
import { type Call, kindOf, subjectOf } from './call.ts';

/** How far a refusal reaches: this file or record, every request of this kind, all that is written to the system, or all of the system. */
export const reaches = ['name', 'kind', 'writes', 'system'] as const;
export type Reach = (typeof reaches)[number];

interface Refusal {
  readonly meets: (call: Call) => boolean;
  readonly error: (label: string) => HyggeError;
}

type Cause = 'EACCES' | 'ENOSPC' | 'EXDEV' | '403';

/** Every system says no in words of its own; none of them goes away when it is asked again. */
const causes: ReadonlyArray<{ readonly name: Cause; readonly error: (label: string) => HyggeError }> = [
  { name: 'EACCES', error: (label) => new StoreError({ code: 'HYG-4003', what: `No permission: ${label}.`, tryThis: ['Give it'] }) },
  { name: 'ENOSPC', error: (label) => new StoreError({ code: 'HYG-4002', what: `The disk is full: ${label}.`, tryThis: ['Free some'] }) },
  { name: 'EXDEV', error: (label) => new StoreError({ code: 'HYG-4012', what: `Another mount: ${label}.`, tryThis: ['Have one'] }) },
  { name: '403', error: (label) => new ConnectionError({ code: 'HYG-6401', what: `Forbidden: ${label}.`, tryThis: ['Ask for it'] }) },
];

/** Those that are permanent, as the systems of the simulator say of themselves. A full disk is none of them. */
export const permanent: ReadonlySet<string> = new Set(['HYG-4003', 'HYG-4012', 'HYG-6401']);

/** Refusals that stay: what they meet is refused from a moment on, to every process, until somebody lifts them. */
export class Refusals {
  #inForce: readonly Refusal[] = [];
  #count = 0;

  get any(): boolean {
    return this.#inForce.length > 0;
  }

  /** Some run has met one, at any time. */
  get ever(): boolean {
    return this.#count > 0;
  }

  /** From this call on. Answers what it is about. */
  begin(call: Call, reach: Reach): string {
    return `${this.refuse(met(call, reach))} for ${aboutOf(call, reach)}`;
  }

  /** @param how by one cause after the other, unless one is named. */
  refuse(meets: Refusal['meets'], { by }: { readonly by?: Cause } = {}): string {
    const turn = this.#count++ % causes.length;
    const cause = causes.find(({ name }, i) => (by === undefined ? i === turn : name === by));
    if (cause === undefined) throw new Error('no cause');
    this.#inForce = [...this.#inForce, { meets, error: cause.error }];
    return cause.name;
  }

  lift(): void {
    this.#inForce = [];
  }

  of(call: Call): HyggeError | undefined {
    return this.#inForce.find(({ meets }) => meets(call))?.error(call.label);
  }
}

const systemOf = ({ label }: Call) => label.split(' ')[0];

function met(call: Call, reach: Reach): (other: Call) => boolean {
  const [kind, subject, system] = [kindOf(call), subjectOf(call), systemOf(call)];
  switch (reach) {
    case 'name':
      return (other) => kindOf(other) === kind && subjectOf(other) === subject;
    case 'kind':
      return (other) => kindOf(other) === kind;
    case 'writes':
      return (other) => other.kind === 'write' && systemOf(other) === system;
    case 'system':
      return (other) => other.kind !== 'sleep' && systemOf(other) === system;
  }
}

function aboutOf(call: Call, reach: Reach): string {
  if (reach === 'name') return call.label;
  if (reach === 'kind') return `every '${kindOf(call).trim()}'`;
  return reach === 'writes' ? `all that is written to ${systemOf(call)}` : `all of ${systemOf(call)}`;
}
