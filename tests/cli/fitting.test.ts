import { describe, expect, it } from 'vitest';
import { lineFitter } from '../../src/cli/terminal/line-fitter.ts';
import { fakePipe, fakeTerminal } from './terminal.ts';

const narrow = fakeTerminal(40);

describe('lines for a terminal', () => {
  it('break between words, and hang below what follows the label', () => {
    expect(lineFitter(narrow, {})(['    try  Give the folder back to its owner, then run again'])).toEqual([
      '    try  Give the folder back to its',
      '         owner, then run again',
    ]);
  });

  it('leave a quoted line of a file above its caret', () => {
    const quoted = ['    3 │ run_typ: incremental       # only what is new moves', '      │ ^'];
    expect(lineFitter(narrow, {})(quoted)).toEqual(quoted);
  });
});

describe('lines for a pipe', () => {
  it('stay whole', () => {
    const long = 'a word '.repeat(40);
    expect(lineFitter(fakePipe(), {})([long])).toEqual([long]);
  });
});

describe('commands in lines', () => {
  it('are of the workspace that was named', () => {
    expect(lineFitter(fakePipe(), { directory: 'demo' })(['next  hygge go'])).toEqual(['next  hygge go -C demo']);
  });
});
