/**
 * A frame counts with all its bytes for V8, whose own heap is small: it looks for garbage after each one or two of them, at a seventh of all
 * processor time. What is set here holds for the process, and is set where collections are dear.
 */
import { setFlagsFromString } from 'node:v8';

/** Flags that are set, and each as it usually is. */
const set = new Map<string, string>();

function once(flag: string, usual: string): void {
  if (!set.has(flag)) setFlagsFromString(flag);
  set.set(flag, usual);
}

/** At the end of the process: what V8 compiled in it is kept for the next one under the flags that it began with (`bin/run-whole.mjs`). */
export function collectAsUsual(): void {
  for (const usual of set.values()) setFlagsFromString(usual);
}

/** For those who make frames that others keep: the heap may grow further before a collection. */
export function fewerCollections(): void {
  once('--heap-growing-percent=200', '--heap-growing-percent=0');
}

/** Versions of V8 that know the flag below (Node 24 to 26); others would complain on stderr. */
const knowing: ReadonlySet<string> = new Set(['13', '14']);
const withTheHeap = 'external-memory-accounted-in-global-limit';

let kept = false;

/**
 * For those who let go of each frame (`letGo`), or have none: what is left to collect is small, whatever it counts for. Answers whether it is so
 * for the process: not with frames that nobody lets go of, which would stay too long.
 */
export function framesAreLetGo(v8 = process.versions.v8): boolean {
  const isSo = !kept && isKnown(v8);
  if (isSo) once(`--${withTheHeap}`, `--no-${withTheHeap}`);
  return isSo;
}

/** For those whose frames wait for the collector: from now on it comes as often as it ever did. */
export function framesAreKept(): void {
  if (!kept && isKnown(process.versions.v8)) setFlagsFromString(`--no-${withTheHeap}`);
  kept = true;
}

function isKnown(v8: string): boolean {
  return knowing.has(v8.split('.')[0] ?? '');
}
