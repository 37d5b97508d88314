import { describe, expect, it } from 'vitest';
import { driftSentence as told } from '../../src/checks/drift-text.ts';
import { driftBrief, driftLines, remarksOf, shortened } from '../../src/narrate/run/drift-lines.ts';
import { narrate } from '../../src/narrate/run/narrator.ts';
import { color, noColor } from '../../src/narrate/text/palette.ts';
import type { DriftTold, EventBody } from '../../src/ports/events.ts';
import { done, event, progress, summaryOf } from './recordings.ts';

const now = '2026-11-20T08:00:00.000Z';
const email: DriftTold = {
  kind: 'added',
  column: 'email',
  change: 'column email (string) is new',
  now: 'string',
  policy: 'add_columns: auto',
  severity: 'warn',
  outcome: 'it settles from now on; rows settled before have null there',
  since: now,
};
const fax: DriftTold = {
  kind: 'removed',
  column: 'fax',
  change: 'column fax is gone (renamed to phone?)',
  before: 'string',
  renamed_to: 'phone',
  policy: 'remove_columns: warn',
  severity: 'warn',
  outcome: 'it stays, and new rows have null there',
  since: '2026-11-02T03:00:00.000Z',
};
const amount: DriftTold = {
  kind: 'type',
  column: 'amount',
  change: 'column amount was int64 and is string now',
  before: 'int64',
  now: 'string',
  policy: 'type_changes: fail',
  severity: 'fail',
  outcome: 'the run stops',
  since: now,
};
const order: DriftTold = {
  kind: 'reordered',
  column: null,
  change: 'the columns are in another order',
  policy: null,
  severity: 'note',
  outcome: 'columns settle by name, in the order they have',
  since: now,
};

describe('drift in lines', () => {
  it('says what became of a column, since when if that is known, what comes of it, and which policy decided', () => {
    expect(driftLines([email, fax, amount, order], { palette: noColor, now })).toEqual([
      '+ email string: it settles from now on; rows settled before have null there (add_columns: auto)',
      '- fax gone (phone now?) since 2026-11-02: it stays, and new rows have null there (remove_columns: warn)',
      '~ amount int64 → string: the run stops (type_changes: fail)',
      '· the columns in another order: columns settle by name, in the order they have',
    ]);
  });

  it('has a mark coloured by what it means, and says the same without colour', () => {
    const [added, removed, retyped] = driftLines([email, fax, amount], { palette: color, now });
    expect([added, removed, retyped].map((line) => line?.slice(0, 5))).toEqual(['\u001b[32m', '\u001b[33m', '\u001b[31m']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours
    expect(added?.replace(/\u001b\[\d+m/g, '')).toBe(driftLines([email], { palette: noColor, now })[0]);
  });
});

describe('drift in a few words', () => {
  it('names what a person should know, and how much more there is', () => {
    expect(driftBrief([email, fax, order])).toBe('+ email, - fax');
    expect(driftBrief([email, email, email, email, fax])).toBe('+ email, + email, + email and 2 more');
    expect(driftBrief([order])).toBe('');
  });

  it('takes the place of the engine’s own sentences in a message, and nothing else’s', () => {
    const message = `12 rows were skipped; ${told(email)}; ${told(fax)}`;
    expect(shortened(message, [email, fax, order])).toBe('12 rows were skipped; schema: + email, - fax');
    expect(shortened('12 rows were skipped; they stay', [email])).toBe('12 rows were skipped; they stay');
  });

  it('and of its warnings keeps the others', () => {
    const warnings = [told(email, '2026-11-20'), told(fax, '2026-11-02'), 'rows deleted in the source are not seen'];
    expect(remarksOf({ warnings, notes: 1, codes: ['drift', 'drift', 'deletes_unseen'] })).toEqual([
      { text: 'rows deleted in the source are not seen', code: 'deletes_unseen', isNote: true },
    ]);
  });
});

const plan = (drift: readonly DriftTold[]): Extract<EventBody, { readonly event: 'plan' }> => ({
  event: 'plan',
  from: 'in/users.parquet',
  to: 'lake/users',
  mode: 'full',
  window: { column: null, lower: null, upper: null },
  rows: { n: 2, exact: true },
  bytes: 100,
  slices: 1,
  schema: [],
  creates: [],
  replaces: [],
  guarantee: 'readers see the old rows or the new',
  warnings: [...drift.filter(({ severity }) => severity === 'warn').map((one) => told(one, one.since.slice(0, 10)))],
  codes: drift.filter(({ severity }) => severity === 'warn').map(() => 'drift'),
  drift,
});

describe('a run with drift', () => {
  const users = { flow: 'crm', entity: 'users' };
  const ended = summaryOf('crm', 'users', { status: 'warn', rows: 2, message: `${told(email)}; ${told(fax)}` });

  it('tells it below its plan, and at the end only what it was about', () => {
    const start = event(0, { event: 'run_start', workspace: 'w', flows: 1, entities: 1, concurrency: 1 });
    const events = [start, event(1, plan([email, fax, order]), users), progress(2, users, 'reading', 0, { total: 2 }), done(3, ended)];
    const text = narrate(events, { palette: noColor, live: false, dryRun: false, verbose: false });
    expect(text).toContain(`  crm.users  From in/users.parquet to lake/users (full load).
             schema  + email string: it settles from now on; rows settled before have null there (add_columns: auto)
                     - fax gone (phone now?) since 2026-11-02: it stays, and new rows have null there (remove_columns: warn)
`);
    expect(text).toMatch(/\n! crm\.users {2}2 rows settled .* \(schema: \+ email, - fax\)$/);
    expect(text).not.toContain('another order');
    const verbose = narrate(events, { palette: noColor, live: false, dryRun: false, verbose: true });
    expect(verbose).toContain('· the columns in another order');
  });

  it('in a dry run has a row of its own beside from and to, and is not a warning a second time', () => {
    const text = narrate([event(0, plan([email, fax, order]), users)], {
      palette: noColor,
      live: false,
      dryRun: true,
      verbose: false,
      entities: 1,
    });
    expect(text).toContain(`
    schema    + email string: it settles from now on; rows settled before have null there (add_columns: auto)
              - fax gone (phone now?) since 2026-11-02: it stays, and new rows have null there (remove_columns: warn)`);
    expect(text.match(/email/g)).toHaveLength(1);
    expect(text).not.toContain('another order');
  });
});
