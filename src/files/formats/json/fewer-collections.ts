import { setFlagsFromString } from 'node:v8';

let isSet = false;

/**
 * A frame counts with all its bytes for V8, whose heap is small: it would look for garbage after each one or two of them, at a seventh of all
 * processor time. It may grow further than V8 lets it where it finds collections dear.
 */
export function fewerCollections(): void {
  if (!isSet) setFlagsFromString('--heap-growing-percent=200');
  isSet = true;
}
