import { describe, expect, it } from 'vitest';
import { fitting } from '../../src/cli/fitting.ts';
import { fakeSurroundings } from './surroundings.ts';
import { fakePipe, fakeTerminal } from './terminal.ts';

const narrow = fakeTerminal(40);

describe('lines for a terminal', () => {
  it('break between words, and hang below what follows the label', () => {
    expect(fitting(narrow, fakeSurroundings('/'), {})(['    try  Give the folder back to its owner, then run again'])).toEqual([
      '    try  Give the folder back to its',
      '         owner, then run again',
    ]);
  });

  it('leave a quoted line of a file above its caret', () => {
    const quoted = ['    3 │ run_typ: incremental       # only what is new moves', '      │ ^'];
    expect(fitting(narrow, fakeSurroundings('/'), {})(quoted)).toEqual(quoted);
  });
});

describe('lines for a pipe', () => {
  it('stay whole', () => {
    const long = 'a word '.repeat(40);
    expect(fitting(fakePipe(), fakeSurroundings('/'), {})([long])).toEqual([long]);
  });
});

describe('commands in lines', () => {
  it('come by npx where hygge was called by npx, and not where npx called something else', () => {
    const by = (script: string) => fakeSurroundings('/', { environment: { npm_command: 'exec', npm_lifecycle_script: script } });
    expect(fitting(fakePipe(), by("'hygge'"), { directory: 'demo' })(['next  hygge go'])).toEqual(['next  npx hygge go -C demo']);
    expect(fitting(fakePipe(), by('vitest'), {})(['next  hygge go'])).toEqual(['next  hygge go']);
  });
});
