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

/** What kind of request it is: the same for the same request of another run, whatever ids and epochs its names hold. */
export function kindOf({ label }: Pick<Call, 'label'>): string {
  const [system = '', operation = ''] = label.split(' ');
  const record =
    /current\.json|commits\/|staging\/|plans\/|receipts\/|intents\/|seen\/|schemas\/|journal|\.state\.yml/.exec(label)?.[0] ?? '';
  const step = /\(\w+\)$/.exec(label)?.[0] ?? '';
  return `${system} ${operation} ${record} ${step}`;
}

/** The file, table or record that it is about. */
export function subjectOf({ label }: Pick<Call, 'label'>): string {
  return (
    label
      .replace(/ \(\w+\)$/, '')
      .split(' ')
      .at(-1) ?? ''
  );
}
