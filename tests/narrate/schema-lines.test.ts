import { describe, expect, it } from 'vitest';
import { acceptedLines, comparedClosing, comparedLines, type SchemaCompared } from '../../src/narrate/commands/schema-diff-lines.ts';
import { shownLines } from '../../src/narrate/commands/schema-show-lines.ts';
import { noColor } from '../../src/narrate/text/palette.ts';

const compared: SchemaCompared = {
  flow: 'crm',
  entity: 'users',
  against: 'settled',
  settledAt: '2026-11-19T03:00:12.000Z',
  fullNext: false,
  pending: false,
  load: 'incremental',
  columns: 3,
  changes: [],
  accepted: false,
  stop: null,
};

const nullable = {
  kind: 'nullable',
  column: 'name',
  change: 'column name is nullable now',
  before: 'not null',
  now: 'nullable',
  policy: 'nullable_changes: warn',
  severity: 'warn',
  outcome: 'it may settle as null from now on',
  since: '2026-11-02T03:00:00.000Z',
  samples: [],
} as const;

const first = (more: Partial<SchemaCompared>): string | undefined => comparedLines({ ...compared, ...more }, noColor)[0];

describe('columns compared', () => {
  it('say in their first line how a run takes them', () => {
    expect(first({})).toBe('✓ crm.users  3 columns, as settled');
    expect(first({ against: 'expected' })).toBe('✓ crm.users  3 columns, as expected');
    expect(first({ columns: null })).toBe('– crm.users  the source shows its columns only while it is read: a run compares them then');
    expect(first({ against: null, fullNext: true })).toBe(
      '– crm.users  was reset: the next run accepts the columns, and loads everything again',
    );
    expect(first({ changes: [nullable] })).toBe('! crm.users  1 change: a run continues, with 1 warning');
    expect(first({ changes: [{ ...nullable, severity: 'note' }] })).toBe('✓ crm.users  1 change: a run continues');
    expect(first({ changes: [{ ...nullable, severity: 'fail' }] })).toBe('✗ crm.users  1 change: a run stops');
  });

  it('tell since when a change is known, and what it is compared with', () => {
    expect(comparedLines({ ...compared, changes: [nullable] }, noColor).slice(1)).toEqual([
      '    last commit 2026-11-19 03:00 UTC',
      '    ~ name  not null → nullable, since 2026-11-02',
      '            it may settle as null from now on (nullable_changes: warn)',
    ]);
  });

  it('of several entities end with the sum', () => {
    expect(comparedClosing({ total: 1, changed: 1, stopped: 1 }, noColor)).toEqual([]);
    expect(comparedClosing({ total: 9, changed: 2, stopped: 1 }, noColor)).toEqual(['', 'A run stops at 1 of 9 entities.']);
    expect(comparedClosing({ total: 9, changed: 2, stopped: 0 }, noColor)).toEqual(['', '2 of 9 entities changed; nothing stops a run.']);
  });
});

describe('columns accepted', () => {
  it('that are others by now are not said to be', () => {
    expect(acceptedLines(compared, noColor, { already: false })).toEqual([
      '! The source of crm.users has changed again: the change that was shown is accepted, but the new change is not.',
    ]);
  });

  it('name the run that keeps one column, if a type fits no settled value', () => {
    const changed = { ...nullable, kind: 'type', direction: 'incompatible' } as const;
    const lines = (direction: 'incompatible' | 'widened') =>
      acceptedLines({ ...compared, load: 'incremental', accepted: true, changes: [{ ...changed, direction }] }, noColor, {
        already: false,
      });
    expect(lines('incompatible').at(-1)).toMatch(/^ +hygge go -d -e crm\.users +instead: /);
    expect(lines('widened').at(-1)).toBe('next  hygge go -e crm.users');
  });

  it('a second time are said to be so already', () => {
    expect(acceptedLines({ ...compared, accepted: true }, noColor, { already: true })[0]).toMatch(/^✓ Accepted already: /);
  });
});

describe('columns shown', () => {
  const shown = {
    flow: 'crm',
    entity: 'users',
    since: '2026-11-02T03:00:00.000Z',
    run: '01KAAAAAAAAAAAAAAAAAAAAAAB.1',
    settled_at: '2026-11-19T03:00:00.000Z',
    full_next: true,
    columns: [
      { name: 'user_id', type: 'int64', nullable: false, source_name: 'User Id', source_type: 'INT64' },
      { name: 'loaded_at', type: 'timestamp[us, UTC]', nullable: false, source_name: null, source_type: 'start of the run' },
    ],
  };

  it('name their source where it is another, and none where they are added; a reset that waits is told', () => {
    expect(shownLines(shown, { palette: noColor, room: null })).toEqual([
      'crm.users  2 columns since 2026-11-02 03:00 UTC, entity run 01KAAAAAAAAAAAAAAAAAAAAAAB.1',
      'The entity was reset: the next run accepts the columns of the source.',
      '',
      'column     type                null  from     source type',
      'user_id    int64               no    User Id  INT64',
      'loaded_at  timestamp[us, UTC]  no    (none)   start of the run',
    ]);
  });

  it('say of a step without changes that only its reading is another', () => {
    const run = shown.run;
    const history = [
      { at: '2026-11-02T03:00:00.000Z', run, changes: [] },
      { at: '2026-11-03T03:00:00.000Z', run, changes: [] },
    ];
    expect(shownLines({ ...shown, history }, { palette: noColor, room: null }).slice(-4)).toEqual([
      `2026-11-02 03:00 UTC  entity run ${run}`,
      '  the first to settle',
      `2026-11-03 03:00 UTC  entity run ${run}`,
      '  the same columns, read or named in another way',
    ]);
  });
});
