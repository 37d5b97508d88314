import type { Process } from './process.ts';

/** One request of a simulated process to something outside it: the unit that faults strike. */
export interface Call {
  readonly process: Process;
  readonly label: string;
  readonly kind: 'read' | 'write' | 'sleep';
  /** Which step of the protocol it belongs to, for the coverage report. */
  readonly step: Step | undefined;
  /** Does it, at once. */
  readonly apply: () => unknown;
  /** Leaves what a torn upload leaves; only uploads have it. */
  readonly tear: (() => void) | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export const steps = ['claim', 'stage', 'intend', 'commit', 'settle'] as const;
export type Step = (typeof steps)[number];

export type Request = Pick<Call, 'label' | 'kind' | 'apply'> & Partial<Pick<Call, 'step' | 'tear'>>;
