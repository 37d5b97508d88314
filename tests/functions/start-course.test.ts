import { expect, test } from 'vitest';
import { afterStart } from '../../functions/start-course.ts';
import type { AppWorker } from '../../src/ports/host.ts';

/** Starts under hosts of one machine, one after the other: `A!` failed under host A. Answers when each worker ends itself, in seconds; null: it stays. */
function ends(starts: string, left?: unknown): readonly (number | null)[] {
  let note: unknown = left;
  return starts.split(' ').map((start) => {
    let endsAfterMs: number | null = null;
    const worker: AppWorker = {
      host: start.replace('!', ''),
      note: () => note,
      leave: (given) => {
        note = JSON.parse(JSON.stringify(given));
      },
      end: (_, afterMs) => {
        endsAfterMs = afterMs;
      },
    };
    afterStart(worker, start.endsWith('!') ? 'why' : undefined);
    return endsAfterMs === null ? null : endsAfterMs / 1000;
  });
}

test.each([
  ['a start that goes well stays', 'A A B', [null, null, null]],
  ['a host without functions loses its workers, good ones too, until it gives up', 'A! A A B', [3, 3, 3, null]],
  ['a worker that fails where functions are listed ends before it gets a step', 'A A! A! A', [null, 0, 0, null]],
  ['the first pause of a host grows to ten minutes', 'A! B! C! D! E! F! G!', [3, 9, 27, 81, 243, 600, 600]],
  ['a good start begins the pauses again', 'A! B! C D!', [3, 9, null, 3]],
  ['the later workers of a host that failed wait no longer than the first question for functions', 'A! B! B! B!', [3, 9, 3, 3]],
  ['a host that does not give up keeps a good worker in the end', 'A! A A A A', [3, 3, 3, null, null]],
])('%s: %s', (_, starts, expected) => {
  expect(ends(starts)).toEqual(expected);
});

test.each([undefined, null, 7, 'text', {}, { version: 2, host: 'A' }])('a note that is none counts as no note: %j', (note) => {
  expect(ends('A! A A', note)).toEqual([3, 3, 3]);
});
