import { ProcessNetwork } from '../../src/adapters/process-network.ts';
import type { StopSignal, Surroundings } from '../../src/cli/terminal/surroundings.ts';
import { fakePipe } from './terminal.ts';

export interface FakeSurroundings extends Surroundings {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** The exit code, when the process was left at once. */
  readonly left: () => number | null;
  stop(signal: StopSignal): void;
}

/** A process that is not one: pipes on both sides, signals by hand. */
export function fakeSurroundings(directory: string, more: Partial<Surroundings> = {}): FakeSurroundings {
  const out = fakePipe();
  const err = fakePipe();
  const listeners = new Set<(signal: StopSignal) => void>();
  let left: number | null = null;
  return {
    directory,
    program: '/opt/hygge/bin/hygge',
    environment: {},
    out,
    err,
    network: new ProcessNetwork(),
    ask: undefined,
    onStop(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    leave: (code) => {
      left = code;
    },
    stdout: () => out.text(),
    stderr: () => err.text(),
    left: () => left,
    stop: (signal) => {
      for (const listener of [...listeners]) listener(signal);
    },
    ...more,
  };
}
