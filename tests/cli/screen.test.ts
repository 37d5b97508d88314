import { describe, expect, it } from 'vitest';
import { lineFitter } from '../../src/cli/terminal/line-fitter.ts';
import { lineScreen, liveScreen } from '../../src/cli/terminal/screen.ts';
import { createNarrator } from '../../src/narrate/run/narrator.ts';
import { color, noColor } from '../../src/narrate/text/palette.ts';
import type { HyggeEvent } from '../../src/ports/events.ts';
import { at, fifty, oneGoodRun, progress } from '../narrate/recordings.ts';
import { handClock } from './clock.ts';
import { fakePipe, fakeTerminal } from './terminal.ts';

function live(columns = 80, rows = 24) {
  const terminal = fakeTerminal(columns, rows);
  const clock = handClock();
  const narrator = createNarrator({ palette: color, live: true, dryRun: false, verbose: false });
  const screen = liveScreen(terminal, { narrator, palette: color, clock, fitted: lineFitter(terminal, {}) });
  const hear = (event: HyggeEvent): void => {
    clock.set(event.ts);
    screen.add(narrator.hear(event));
  };
  return { terminal, clock, screen, hear };
}

describe('a live screen', () => {
  it('redraws at most ten times a second, however much happens', async () => {
    const { terminal, clock, hear, screen } = live();
    for (const event of fifty()) hear(event);
    const before = terminal.writes.length;
    for (let n = 0; n < 100; n++) {
      const event = fifty().find((one) => one.event === 'progress' && one.entity === 'table_20');
      if (event?.event === 'progress')
        hear({ ...event, ts: new Date(Date.parse(at(6)) + n * 10).toISOString(), stage: 'slice_done', rows: n });
      await clock.advance(0);
    }
    expect(terminal.writes.length - before).toBeLessThanOrEqual(11);
    expect(terminal.writes.length - before).toBeGreaterThanOrEqual(1);
    screen.close();
  });

  it('erases a live area that a narrower window has wrapped', async () => {
    const wide = live(80, 24);
    for (const event of fifty()) wide.hear(event);
    const narrow = { ...wide.terminal, size: () => ({ columns: 40, rows: 24 }) };
    const clock = handClock(at(5));
    const narrator = createNarrator({ palette: color, live: true, dryRun: false, verbose: false });
    let size = { columns: 80, rows: 24 };
    const screen = liveScreen({ ...narrow, size: () => size }, { narrator, palette: color, clock, fitted: (lines) => lines });
    for (const event of fifty()) narrator.hear(event);
    await clock.advance(200);
    size = { columns: 30, rows: 24 };
    await clock.advance(200);
    const last = wide.terminal.writes.at(-1) ?? '';
    const up = Number(/\[(\d+)A/.exec(last)?.[1]);
    expect(up).toBeGreaterThan(9);
    screen.close();
    wide.screen.close();
  });

  it('writes nothing after it was closed', async () => {
    const { terminal, clock, hear, screen } = live();
    for (const event of fifty()) hear(event);
    screen.close();
    const writes = terminal.writes.length;
    await clock.advance(1000);
    screen.close();
    expect(terminal.writes).toHaveLength(writes);
  });
});

describe('a pipe', () => {
  it('gets lines without any control character', () => {
    const pipe = fakePipe();
    const narrator = createNarrator({
      palette: { ...color, good: (text) => text, quiet: (text) => text, strong: (text) => text },
      live: false,
      dryRun: false,
      verbose: false,
    });
    const screen = lineScreen(pipe, { narrator, clock: handClock(), fitted: lineFitter(pipe, {}) });
    for (const event of [...oneGoodRun, ...fifty()]) screen.add(narrator.hear(event));
    screen.close();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for exactly these
    expect(pipe.text()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
    expect(pipe.text().endsWith('\n')).toBe(true);
  });

  it('hears after a minute that nothing is new, until it is closed', async () => {
    const pipe = fakePipe();
    const clock = handClock();
    const narrator = createNarrator({ palette: noColor, live: false, dryRun: false, verbose: false });
    const screen = lineScreen(pipe, { narrator, clock, fitted: (lines) => lines });
    screen.add(narrator.hear({ ...progress(0, { flow: 'crm', entity: 'users' }, 'reading', 5), ts: clock.now() }));
    const before = pipe.text();
    for (let seconds = 0; seconds < 55; seconds += 5) await clock.advance(5_000);
    expect(pipe.text()).toBe(before);
    await clock.advance(5_000);
    expect(pipe.text().slice(before.length)).toBe(
      '… crm.users  No progress for 1 m 00 s after 5 rows: waiting for the source or the store.\n',
    );
    screen.close();
    const after = pipe.text();
    for (let seconds = 0; seconds < 120; seconds += 5) await clock.advance(5_000);
    expect(pipe.text()).toBe(after);
  });
});
