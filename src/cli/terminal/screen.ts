import type { Narrator } from '../../narrate/run/narrator.ts';
import type { Palette } from '../../narrate/text/palette.ts';
import { columns } from '../../narrate/text/width.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Fit } from './line-fitter.ts';
import type { Stream } from './surroundings.ts';

/** A terminal or a stream on which the narration is shown. */
export interface Screen {
  /** Adds lines that stay on the screen. */
  add(lines: readonly string[]): void;
  /** Writes all waiting output. After that, the cursor is below the output. */
  close(): void;
}

/** Repeats an action until the returned controller aborts. */
function every(ms: number, clock: Pick<Clock, 'sleep'>, work: () => void): AbortController {
  const closed = new AbortController();
  async function tick(): Promise<void> {
    while (!closed.signal.aborted) {
      await clock.sleep(ms, closed.signal);
      work();
    }
  }
  tick().catch(() => {});
  return closed;
}

const lookEveryMs = 5_000;

/** A screen that only adds lines, for a pipe, a file or a simple terminal. */
export function lineScreen(
  stream: Stream,
  look: { readonly narrator: Pick<Narrator, 'still'>; readonly clock: Pick<Clock, 'now' | 'sleep'>; readonly fitted: Fit },
): Screen {
  const { narrator, clock, fitted } = look;
  const add = (lines: readonly string[]): void => {
    if (lines.length > 0) stream.write(`${fitted(lines).join('\n')}\n`);
  };
  const closed = every(lookEveryMs, clock, () => add(narrator.still(Date.parse(clock.now()))));
  return { add, close: () => closed.abort() };
}

const frameMs = 100;
const esc = '\u001b';

/** A screen for a terminal. Finished lines scroll up, and active work is drawn again below them, at most ten times a second. */
export function liveScreen(
  stream: Stream,
  look: { readonly narrator: Narrator; readonly palette: Palette; readonly clock: Clock; readonly fitted: Fit },
): Screen {
  const { narrator, palette, clock, fitted } = look;
  let waiting: string[] = [];
  let drawn: readonly string[] = [];
  let drawnAtMs = Number.NEGATIVE_INFINITY;

  // The terminal may have become narrower since the lines were drawn, so a drawn line may take several rows.
  function erase(): string {
    const width = Math.max(1, stream.size().columns);
    const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(columns(line) / width)), 0);
    return rows === 0 ? '' : `${esc}[${rows}A\r${esc}[J`;
  }

  function draw(live: readonly string[]): void {
    const text = [...waiting, ...live].map((line) => `${line}\n`).join('');
    const before = erase();
    waiting = [];
    drawn = live;
    drawnAtMs = clock.monotonicMs();
    if (before !== '' || text !== '') stream.write(before + text);
  }

  const frame = (): void => draw(narrator.live(Date.parse(clock.now()), { ...stream.size(), palette }));

  const closed = every(frameMs, clock, () => {
    if ((narrator.busy || waiting.length > 0 || drawn.length > 0) && clock.monotonicMs() - drawnAtMs >= frameMs) frame();
  });

  return {
    add(lines) {
      waiting.push(...fitted(lines));
      if (clock.monotonicMs() - drawnAtMs >= frameMs) frame();
    },
    close() {
      if (closed.signal.aborted) return;
      closed.abort();
      draw([]);
    },
  };
}
