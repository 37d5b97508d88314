import { describe, expect, it } from 'vitest';
import { openOutput, paletteFor } from '../../src/cli/terminal/output.ts';
import { color, noColor } from '../../src/narrate/text/palette.ts';
import { oneGoodRun } from '../narrate/recordings.ts';
import { handClock } from './clock.ts';
import { fakeSurroundings } from './surroundings.ts';
import { fakePipe, fakeTerminal } from './terminal.ts';

const run = { invocationId: '01KAAAAAAAAAAAAAAAAAAAAAAA', dryRun: false };

describe('colour', () => {
  it.each([
    ['a terminal', {}, true, true, color],
    ['a pipe', {}, true, false, noColor],
    ['--no-color', {}, false, true, noColor],
    ['NO_COLOR', { NO_COLOR: '1' }, true, true, noColor],
    ['an empty NO_COLOR, which says nothing', { NO_COLOR: '' }, true, true, color],
    ['a dumb terminal', { TERM: 'dumb' }, true, true, noColor],
  ])('in %s', (_name, environment, wanted, terminal, palette) => {
    const stream = terminal ? fakeTerminal() : fakePipe();
    expect(paletteFor(stream, fakeSurroundings('/', { environment }), { color: wanted })).toBe(palette);
  });
});

describe('text', () => {
  it('has no control character in a pipe, nor in a dumb terminal', () => {
    for (const out of [fakePipe(), Object.assign(fakePipe(), { terminal: true })]) {
      const surroundings = fakeSurroundings('/', { out, environment: { TERM: 'dumb' } });
      const output = openOutput(surroundings, { color: true, output: 'text' }, { ...run, clock: handClock() });
      for (const event of oneGoodRun) output.emit(event);
      output.close();
      // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for exactly these
      expect(out.text()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
      expect(out.text()).toContain('Done. PASS=1');
    }
  });

  it('in a terminal without colour still redraws, and never colours', () => {
    const out = fakeTerminal();
    const output = openOutput(fakeSurroundings('/', { out }), { color: false, output: 'text' }, { ...run, clock: handClock() });
    for (const event of oneGoodRun) output.emit(event);
    output.close();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for exactly these
    expect(out.writes.join('')).not.toMatch(/\u001b\[\d+m/);
    expect(
      out
        .lines()
        .filter((line) => line !== '')
        .at(-1),
    ).toBe('Done. PASS=1 WARN=0 ERROR=0 SKIP=1 TOTAL=2');
  });
});

describe('JSON', () => {
  it('has stdout for itself: one event a line, names first; people read stderr', () => {
    const surroundings = fakeSurroundings('/');
    const output = openOutput(surroundings, { color: true, output: 'json' }, { ...run, clock: handClock() });
    for (const event of oneGoodRun) output.emit(event);
    output.note(['a note for people']);
    output.close();
    const lines = surroundings.stdout().trim().split('\n');
    expect(lines).toHaveLength(oneGoodRun.length);
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual(oneGoodRun);
    for (const line of lines) expect(line).toMatch(/^\{"event":"\w+","v":1,"ts":"[^"]+","invocation_id":/);
    expect(surroundings.stderr()).toContain('a note for people');
    expect(surroundings.stderr()).toContain('Done. PASS=1');
  });
});
