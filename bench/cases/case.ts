import type { PairsResult } from '../pairs.ts';

export interface Scale {
  /** Small data and few pairs: shows that it works, claims nothing. */
  readonly quick: boolean;
  /** How often the sides run; undefined: as often as the case needs. */
  readonly pairs: number | undefined;
  readonly folder: string;
  say(line: string): void;
}

/** A figure that has to stay on one side of a limit. */
export interface Check {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: string;
  readonly met: boolean;
}

export interface CaseResult {
  readonly name: string;
  readonly what: string;
  readonly pairs?: PairsResult;
  readonly checks: readonly Check[];
  readonly notes: readonly string[];
}

export interface BenchCase {
  /** As on the command line. */
  readonly name: string;
  /** Why it can't run here, and what to do; '': it can. */
  absent?(): string;
  run(scale: Scale): Promise<CaseResult>;
}

export function atMost(what: string, value: number, limit: number, unit: string): Check {
  return { what, value, limit, unit, met: value <= limit };
}
