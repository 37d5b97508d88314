import type { Pick } from './explore.ts';
import type { Process } from './process.ts';
import type { Option } from './scheduler.ts';

/** One process runs until it has done a call that matches (or until it ends); then it is the next one's turn. */
export interface Move {
  readonly process: string;
  readonly until?: RegExp;
  /** Or until its next call is one that matches. */
  readonly before?: RegExp;
  /** So many more calls after that one. */
  readonly more?: number;
  /** What happens before the process goes on: the clock jumps, its next call is delayed, or what was delayed lands. Or it dies at that call. */
  readonly first?: 'jump' | 'delay' | 'land' | 'crash' | 'crash after';
}

/** Follows the moves, then the normal course. */
export function directing(moves: readonly Move[]): Pick {
  let at = 0;
  let done = '';
  let seen = false;
  let more = 0;
  let begun = false;
  const met = new Map<string, Process>();
  const next = () => {
    at++;
    seen = false;
    begun = false;
    done = '';
  };
  return (options, _, call) => {
    met.set(call.process.name, call.process);
    for (const option of options) if (option.what === 'switch') met.set(option.to.name, option.to);
    for (;;) {
      const move = moves[at];
      if (!move) return 0;
      const life = met.get(move.process)?.life;
      if (life === 'done' || life === 'dead') {
        next();
        continue;
      }
      const turn = options.findIndex((option) => option.what === 'switch' && option.to.name === move.process);
      if (turn > 0) {
        // What happens to the world happens at once and asks nothing more.
        if (isAtomic(options[turn])) next();
        return turn;
      }
      if (call.process.name !== move.process) return 0;
      if (move.first && !begun) {
        begun = true;
        return options.findIndex((option) => option.what === move.first || (option.what === 'fault' && option.fault === move.first));
      }
      if (seen) more--;
      if (!seen && (move.until?.test(done) || move.before?.test(call.label))) {
        seen = true;
        more = move.more ?? 0;
      }
      if (!seen || more > 0) {
        done = call.label;
        return 0;
      }
      next();
    }
  };
}

function isAtomic(option: Option | undefined): boolean {
  return option?.what === 'switch' && option.to.atomic;
}
