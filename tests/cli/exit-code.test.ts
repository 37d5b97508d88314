import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/cli/terminal/exit-code.ts';
import { summaryOf, torn } from '../narrate/recordings.ts';

const held = { ...torn, code: 'HYG-2001' };
const pass = summaryOf('f', 'a');
const warn = summaryOf('f', 'b', { status: 'warn' });
const skip = summaryOf('f', 'c', { status: 'skip' });
const failed = summaryOf('f', 'd', { status: 'error', error: torn });
const waits = summaryOf('f', 'e', { status: 'skip', reason: 'held', error: held });

describe('the exit code', () => {
  it.each([
    ['0 when all passed', [pass, pass], null, 0],
    ['0 with warnings and skips', [pass, warn, skip], null, 0],
    ['0 for nothing at all', [], null, 0],
    ['1 when one failed', [pass, failed], null, 1],
    ['3 when being held is the only reason', [pass, waits], null, 3],
    ['1 when one is held and another failed', [waits, failed], null, 1],
    ['130 after SIGINT, whatever came of it', [pass], 'SIGINT' as const, 130],
    ['143 after SIGTERM', [failed], 'SIGTERM' as const, 143],
  ])('is %s', (_name, entities, stopped, code) => {
    expect(exitCodeOf(entities, stopped)).toBe(code);
  });
});
