import { eventNames, phases } from '../../../src/engine/protocol/protocol.ts';
import { type Call, steps } from './call.ts';
import type { Process } from './process.ts';

export const hazards = ['crash', 'lost', 'duplicate', 'race'] as const;

/** What a set of runs has visited: cells of the transition table, and steps of the protocol × hazards. */
export class Coverage {
  readonly cells = new Map<string, number>();
  readonly hazards = new Map<string, number>();
  readonly #staged = new Map<string, Process>();

  /** One transition that was tried on a state row. */
  transition(phase: string, event: string, outcome: string): void {
    this.#count(this.cells, `${phase} × ${event}`);
    this.#count(this.cells, `${phase} × ${event} → ${outcome}`);
    const step = event === 'claim' || event === 'intend' || event === 'settle' ? event : undefined;
    if (!step) return;
    if (outcome === 'already') this.hazard(step, 'duplicate');
    else if (outcome !== 'write') this.hazard(step, 'race');
  }

  fault(call: Call, fault: string): void {
    if (!call.step) return;
    if (fault === 'crash' || fault === 'crash after') this.#count(this.hazards, `${call.step} × crash`);
    if (fault === 'lost' || fault === 'delay') this.#count(this.hazards, `${call.step} × lost`);
  }

  /** A conditional write that found somebody else's work is a race; the same step delivered twice is a duplicate. */
  applied(call: Call, value: unknown): void {
    if (!call.step) return;
    const { step, process } = call;
    if (isRefusal(value)) this.hazard(step, 'race');
    if (step === 'commit' && outcomeOf(value) === 'already') this.hazard('commit', 'duplicate');
    if (step !== 'stage' || process.delivers === undefined) return;
    // Parts of one run, staged by two deliveries of its steps.
    const first = this.#staged.get(process.delivers);
    if (first !== undefined && first !== process) this.hazard('stage', 'duplicate');
    this.#staged.set(process.delivers, process);
  }

  hazard(step: (typeof steps)[number], hazard: (typeof hazards)[number]): void {
    this.#count(this.hazards, `${step} × ${hazard}`);
  }

  add(other: Coverage): void {
    for (const [name, n] of other.cells) this.cells.set(name, (this.cells.get(name) ?? 0) + n);
    for (const [name, n] of other.hazards) this.hazards.set(name, (this.hazards.get(name) ?? 0) + n);
  }

  /** Cells of the whole table that were never visited. */
  missingCells(): string[] {
    return phases.flatMap((phase) => eventNames.map((event) => `${phase} × ${event}`)).filter((cell) => !this.cells.has(cell));
  }

  missingHazards(): string[] {
    return steps.flatMap((step) => hazards.map((hazard) => `${step} × ${hazard}`)).filter((cell) => !this.hazards.has(cell));
  }

  #count(counts: Map<string, number>, name: string): void {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
}

function isRefusal(value: unknown): boolean {
  const outcome = outcomeOf(value);
  return outcome === 'moved' || outcome === 'already' || outcome === 'gone' || outcome === 'fenced' || outcome === 'refused';
}

function outcomeOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'outcome' in value ? value.outcome : value;
}
