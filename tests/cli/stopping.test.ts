import { describe, expect, it } from 'vitest';
import { listenForStops } from '../../src/cli/run/stop-signals.ts';
import { openOutput } from '../../src/cli/terminal/output.ts';
import { Interrupted } from '../../src/errors/hygge-error.ts';
import { done, progress, summaryOf } from '../narrate/recordings.ts';
import { parseEvents } from '../support/run-hygge.ts';
import { handClock } from './clock.ts';
import { fakeSurroundings } from './surroundings.ts';

function listening(form: 'text' | 'json' = 'text') {
  const surroundings = fakeSurroundings('/');
  const output = openOutput(surroundings, { color: false, output: form }, { clock: handClock(), invocationId: 'x', dryRun: false });
  return { surroundings, output, stopping: listenForStops(surroundings, output) };
}

describe('Ctrl-C', () => {
  it('at first asks the engine to stop and says what becomes of the work', () => {
    const { surroundings, output, stopping } = listening();
    output.emit(progress(1, { flow: 'crm', entity: 'users' }, 'reading', 10));
    expect(stopping.asked()).toBeNull();
    surroundings.stop('SIGINT');
    expect(stopping.asked()).toBe('SIGINT');
    expect(stopping.signal.reason).toBeInstanceOf(Interrupted);
    expect(surroundings.stdout()).toContain('dropping staged work: none of it was visible, and nothing was changed');
    expect(surroundings.left()).toBeNull();
  });

  it('names the commit that is finished first', () => {
    const { surroundings, output } = listening();
    output.emit(progress(1, { flow: 'crm', entity: 'users' }, 'committing', 10));
    surroundings.stop('SIGTERM');
    expect(surroundings.stdout()).toContain('finishing the commit that has been decided (crm.users)');
  });

  it('a second time leaves at once, and says that state is intact', () => {
    const { surroundings, stopping } = listening();
    surroundings.stop('SIGTERM');
    surroundings.stop('SIGINT');
    expect(surroundings.left()).toBe(130);
    expect(stopping.asked()).toBe('SIGTERM');
    expect(surroundings.stdout()).toContain('Stopped at once. State is intact');
  });

  it('a second time still ends JSON in a summary, of what is done by then', () => {
    const { surroundings, output } = listening('json');
    output.emit(done(1, summaryOf('crm', 'users')));
    surroundings.stop('SIGINT');
    surroundings.stop('SIGINT');
    const events = parseEvents(surroundings.stdout());
    expect(events.at(-1)).toMatchObject({
      event: 'summary',
      pass: 1,
      error: 0,
      total: 1,
      rows: 3_000_000,
      entities: [{ entity: 'users' }],
    });
    expect(surroundings.stderr()).not.toContain('Done.');
  });

  it('speaks of a signal where no key was pressed', () => {
    const { surroundings, output } = listening();
    output.emit(progress(1, { flow: 'crm', entity: 'users' }, 'reading', 10));
    surroundings.stop('SIGTERM');
    expect(surroundings.stdout()).toContain('A second signal leaves at once.');
    expect(surroundings.stdout()).not.toContain('Ctrl-C');
  });

  it('is no concern of anything once the run is over', () => {
    const { surroundings, stopping } = listening();
    stopping[Symbol.dispose]();
    surroundings.stop('SIGINT');
    expect(stopping.asked()).toBeNull();
    expect(surroundings.stdout()).toBe('');
  });
});
