import { describe, expect, it } from 'vitest';
import { createNarrator, narrate } from '../../src/narrate/run/narrator.ts';
import { noColor } from '../../src/narrate/text/palette.ts';
import type { HyggeEvent } from '../../src/ports/events.ts';
import { at, done, event, fifty, oneGoodRun, progress, summary, summaryOf, torn } from './recordings.ts';

const plain = { palette: noColor, live: false, dryRun: false, verbose: false };
const users = { flow: 'crm', entity: 'users' };

describe('the story of a run, as a pipe sees it', () => {
  it('tells where it starts, what moves, what settled, and what to run next', () => {
    expect(narrate(oneGoodRun, plain)).toBe(
      `northwind: 2 entities in 1 flow, up to 8 at once.
– flights.airports  nothing new since 2026-11-19 · 0.21 s
  flights.by_time  Copying 3,000,000 rows to the store…
  flights.by_time  2,000,000 of 3,000,000 rows staged (66%, slice 8 of 12, 183k/s).
  flights.by_time  3,000,000 rows staged; counts match. Publishing…
✓ flights.by_time  3,000,000 rows settled in 2 files, 61 MB · 6.2 s → file:///lake/flights

Safe and sound: 3,000,000 rows settled in 12.5 s (240k/s).

next  hygge go        run it again whenever you like: only new rows are copied
      hygge status    to see what is settled, and when each flow runs next

Done. PASS=1 WARN=0 ERROR=0 SKIP=1 TOTAL=2`,
    );
  });

  it('says that nothing was new when every entity was skipped', () => {
    const skipped = summaryOf('crm', 'users', { status: 'skip', rows: 0, files: 0, bytes: 0, seconds: 0.2 });
    const text = narrate([done(1, skipped), summary(1, [skipped])], plain);
    expect(text).toContain('Nothing new: everything has settled already.');
    expect(text.endsWith('Done. PASS=0 WARN=0 ERROR=0 SKIP=1 TOTAL=1')).toBe(true);
  });

  it('does not say that all is in place where settled rows are gone, nor that only new rows are copied of a full load', () => {
    const none = { rows: 0, files: 0, bytes: 0, seconds: 0.2 };
    const emptied = summaryOf('crm', 'users', { ...none, status: 'warn', codes: ['emptied'] });
    expect(narrate([summary(1, [emptied])], plain)).toContain('No row settled, and the settled rows of 1 entity are gone.');
    const [one, whole] = [summaryOf('crm', 'users', { rows: 2, watermark: '5' }), summaryOf('crm', 'teams', { rows: 2, watermark: null })];
    expect(narrate([summary(1, [one, whole])], plain)).toContain('run it again whenever you like: no row is doubled');
  });

  it('repeats a milestone of one entity at most every ten seconds', () => {
    const steps = Array.from({ length: 100 }, (_, n) => progress(n / 10, users, 'slice_done', n * 1000));
    const lines = narrate([progress(0, users, 'reading', 0), ...steps], plain).split('\n');
    expect(lines.filter((line) => line.includes('staged ('))).toHaveLength(0);
    const slow = Array.from({ length: 6 }, (_, n) => progress(n * 10, users, 'slice_done', n * 1000));
    expect(
      narrate([progress(0, users, 'reading', 0), ...slow], plain)
        .split('\n')
        .filter((line) => line.includes('staged (')),
    ).toHaveLength(5);
  });

  it('tells a long pause when it begins, and of short ones in a row one every ten seconds', () => {
    const paused = (seconds: number, forSeconds: number) => ({
      ...progress(seconds, users, 'paused', 0),
      not_before: at(seconds + forSeconds),
    });
    const short = Array.from({ length: 25 }, (_, second) => paused(second, 1) as HyggeEvent);
    expect(narrate(short, plain).match(/Waiting for the source or the store until/g)).toHaveLength(2);
    expect(narrate([paused(0, 3 * 86_400) as HyggeEvent], plain)).toMatch(/until \d{4}-\d\d-\d\d 08:00:00 UTC/);
    expect(narrate([paused(0, 300) as HyggeEvent], plain)).toBe(
      '  crm.users  Waiting for the source or the store until 08:05:00 UTC (5 m 00 s); continues then.',
    );
  });

  it('says what an interrupted run left behind', () => {
    const events = [event(1, { event: 'interrupted', signal: 'SIGINT', message: 'Stopping: giving up staged work.' }), summary(2, [])];
    const text = narrate(events, plain);
    expect(text).toContain('! Stopping: giving up staged work.');
    expect(text).toContain('Settled rows stay settled; all other work was dropped cleanly.');
    expect(text).toContain('hygge go        to continue; nothing has to be repaired first');
  });

  it('says of an interrupted run whose commit was finished that its rows are there', () => {
    const events = [event(1, { event: 'interrupted', signal: 'SIGINT', message: 'Stopping.' }), summary(2, [summaryOf('crm', 'users')])];
    expect(narrate(events, plain)).toContain('after the decided commits were finished: 3,000,000 rows settled.');
    expect(narrate(events, plain)).not.toContain('given up');
  });

  it('does not advise to repair what a later run has taken over', () => {
    const error = { code: 'HYG-2006', what: 'crm.users was claimed by a later run.', why: [], tryThis: ['Nothing'] };
    const text = narrate([summary(2, [summaryOf('crm', 'users', { status: 'error', rows: 0, error })])], plain);
    expect(text).toContain('A later run has taken over and continues.');
    expect(text).not.toContain('hygge debug');
  });

  it('settles nothing where there is nothing to settle', () => {
    const plan = {
      event: 'plan',
      from: 'in',
      to: 'out',
      mode: 'files',
      window: { column: null, lower: null, upper: null },
      rows: { n: 0, exact: true },
      bytes: 0,
      slices: 0,
      schema: [],
      creates: [],
      replaces: [],
      guarantee: '',
      warnings: [],
    } as const;
    const steps = [progress(1, users, 'reading', 0, { total: 0, slices: 0 }), progress(2, users, 'committing', 0, { total: 0, slices: 0 })];
    const text = narrate([event(0, plan, users), ...steps], plain);
    expect(text).toContain('No rows to copy');
    expect(text).not.toMatch(/0 rows/);
    expect(narrate([event(0, plan, users)], { ...plain, dryRun: true })).toContain('crm.users  new files only, nothing is new');
  });

  it('says that it waits for the run that holds an entity, and keeps saying so', () => {
    const held = event(
      1,
      { event: 'warning', code: 'HYG-2001', message: 'crm.users is locked by another run: hygge go on vm, process 7.' },
      users,
    );
    const narrator = createNarrator({ ...plain, live: true });
    expect(narrator.hear(held)).toEqual([expect.stringContaining('process 7. Waiting until it has ended…')]);
    const live = narrator.live(Date.parse(held.ts), { columns: 80, rows: 24, palette: noColor });
    expect(live[0]).toBe('  crm.users     waiting until the other run has ended…');
    expect(narrator.interruption('SIGINT')).toBe(
      'Stopping. Nothing was under way, so nothing changes. Press Ctrl-C again to leave at once.',
    );
    expect(createNarrator(plain).interruption('SIGINT')).toBe('Stopping. Nothing was under way, so nothing changes.');
  });

  it('gives a retry its reason and its wait', () => {
    const retry = event(
      1,
      { event: 'retry', step: 'moveSlice', attempt: 2, wait_ms: 1500, error: { ...torn, what: 'The server is busy.' } },
      users,
    );
    expect(narrate([retry], plain)).toBe('↻ crm.users  The server is busy (HYG-3004). Trying again in 1.5 s, attempt 2.');
  });

  it('gives an outage a line of its own when it begins and when it is over, which names the system and no entity', () => {
    const error = { ...torn, code: 'HYG-6501', what: "postgres db/erp can't be reached." };
    const outage = (more: object, seconds: number) =>
      event(
        seconds,
        { event: 'retry', step: 'slice', attempt: 1, wait_ms: 500, error, outage: { system: 'postgres db/erp', ...more } },
        users,
      );
    expect(narrate([outage({ retry_for_ms: 60_000 }, 1), outage({ over_after_ms: 34_200 }, 35)], plain).split('\n')).toEqual([
      "↻ postgres db/erp can't be reached (HYG-6501). Trying again for up to 1 m 00 s…",
      '✓ postgres db/erp answers again, after 34.2 s.',
    ]);
  });
});

describe('when nothing is new', () => {
  const told = (narrator: ReturnType<typeof createNarrator>, seconds: number) => narrator.still(Date.parse(at(seconds))).join('\n');
  const listening = (live = false) => createNarrator({ ...plain, live });

  it('says so once a minute, as long as it lasts', () => {
    const narrator = listening();
    narrator.hear(progress(0, users, 'reading', 0));
    narrator.hear(progress(10, users, 'reading', 5));
    expect(told(narrator, 69)).toBe('');
    expect(told(narrator, 70)).toBe('… crm.users  No progress for 1 m 00 s after 5 rows: waiting for the source or the store.');
    expect(told(narrator, 129)).toBe('');
    expect(told(narrator, 135)).toContain('o progress for 2 m 05 s');
    narrator.hear(progress(136, users, 'reading', 6));
    expect(told(narrator, 195)).toBe('');
  });

  it('says nothing where it is known what is waited for, or where a live area shows it', () => {
    const retried = listening();
    retried.hear(progress(0, users, 'reading', 5));
    const error = { code: 'HYG-6001', what: 'x', why: [], tryThis: ['y'] };
    retried.hear(event(1, { event: 'retry', step: 'slice', attempt: 1, wait_ms: 120_000, error }, users));
    expect(told(retried, 90)).toBe('');
    const seen = listening(true);
    seen.hear(progress(0, users, 'reading', 5));
    expect(told(seen, 90)).toBe('');
  });

  it('says it in one line of many entities', () => {
    const narrator = listening();
    for (const heard of fifty()) narrator.hear(heard);
    expect(told(narrator, 90)).toMatch(/^… crm\.table_13 {2}No progress for .*store\. \(and \d+ more entities\)$/);
    expect(told(narrator, 91)).toBe('');
  });

  it('and of no entity before anything is known of one', () => {
    const narrator = listening();
    narrator.hear({ ...oneGoodRun[0], ts: at(0) } as HyggeEvent);
    expect(told(narrator, 59)).toBe('');
    expect(told(narrator, 62)).toBe('… Reading metadata; no progress for 1 m 02 s: waiting for a source or a store.');
    expect(told(narrator, 63)).toBe('');
    narrator.hear(summary(64, []));
    expect(told(narrator, 200)).toBe('');
  });
});

describe('entities that were never started', () => {
  const skipped = (n: number, message: string) =>
    done(1, summaryOf('crm', `t${n}`, { status: 'skip', to: '', message, seconds: 0, rows: 0 }));

  it('are told in one line when they are many', () => {
    const text = narrate(
      [...Array.from({ length: 40 }, (_, n) => skipped(n, 'not started: an earlier entity failed')), summary(2, [])],
      plain,
    );
    expect(text).toContain('– 40 entities  not started: an earlier entity failed');
    expect(text).not.toContain('crm.t1');
  });
});

describe('the plan of a live run', () => {
  const plan = (lower: string | null, warnings: readonly string[] = []) =>
    event(
      0,
      {
        event: 'plan',
        from: 'in/*.parquet',
        to: 'lake/users',
        mode: lower === null ? 'full' : 'incremental',
        window: { column: 'at', lower, upper: '2026-02-01' },
        rows: { n: 3_000_000, exact: false },
        bytes: 1,
        slices: 12,
        schema: [],
        creates: [],
        replaces: [],
        guarantee: 'g',
        warnings,
      },
      users,
    );

  it('foretells about how many rows a full load settles, and nothing of an incremental one', () => {
    expect(narrate([plan(null), progress(1, users, 'reading', 0)], plain)).toContain('Copying about 3,000,000 rows to the store…');
    const text = narrate([plan('2026-01-01'), progress(1, users, 'reading', 0), progress(2, users, 'committing', 12)], plain);
    expect(text).toContain('From in/*.parquet');
    expect(text).toContain('to lake/users (new rows only, at from 2026-01-01 to 2026-02-01).');
    expect(text).toContain('Copying new rows to the store…');
    expect(text).toContain('12 rows read; counts match. Comparing with the settled rows…');
  });

  it('keeps its warnings for a run that ends with one', () => {
    const warned = (status: 'pass' | 'warn') =>
      narrate([plan(null, ['adds a full copy']), done(1, summaryOf('crm', 'users', { status }))], plain);
    expect(warned('pass')).not.toContain('adds a full copy');
    expect(warned('warn')).toContain('! crm.users  adds a full copy');
  });

  it('has no exclamation mark before a note, which is told with -v only', () => {
    const noted = { ...plan(null, ['deletes are not seen']), notes: 1 } as never;
    const ended = done(1, summaryOf('crm', 'users', { status: 'warn' }));
    expect(narrate([noted, ended], plain)).not.toContain('deletes are not seen');
    expect(narrate([noted, ended], { ...plain, verbose: true })).toContain('· crm.users  deletes are not seen');
  });
});

describe('errors', () => {
  it('have one headline, why, and what to try', () => {
    expect(narrate([event(1, { event: 'error', ...torn }, users)], plain)).toBe(
      `✗ crm.users  HYG-3004 data/users.parquet ends too early.
    why  Its footer names 12 row groups; the file ends in the 9th.
    try  Copy the file again
         Leave it out: exclude: [users.parquet]`,
    );
  });

  it('are told once, however often they are reported', () => {
    const failed = summaryOf('crm', 'users', { status: 'error', rows: 0, error: torn });
    const text = narrate([event(1, { event: 'error', ...torn }, users), done(1, failed), summary(1, [failed])], plain);
    expect(text.split(torn.what)).toHaveLength(2);
  });

  it('that several entities share are told in full only beside the first', () => {
    const orders = { flow: 'crm', entity: 'orders' };
    const text = narrate([event(1, { event: 'error', ...torn }, users), event(1, { event: 'error', ...torn }, orders)], plain);
    expect(text.split('Copy the file again')).toHaveLength(2);
    expect(text).toContain('✗ crm.orders  the same as crm.users (HYG-3004)');
  });

  it('of the config show the place, the line and a caret', () => {
    const where = { file: 'flows/crm/flow.yml', line: 7, column: 3, text: '  stroe: data/lake' };
    expect(narrate([event(1, { event: 'error', ...torn, why: [], tryThis: ['Did you mean store?'], where })], plain)).toBe(
      `✗ HYG-3004 data/users.parquet ends too early.
    at   flows/crm/flow.yml:7:3
         7 │   stroe: data/lake
               ^
    try  Did you mean store?`,
    );
  });

  it('are listed by name at the end of a run of several entities', () => {
    const failed = summaryOf('crm', 'users', { status: 'error', rows: 0, error: torn });
    const text = narrate([summary(3, [failed, summaryOf('crm', 'orders')])], plain);
    expect(text).toContain('1 entity needs attention. 3,000,000 rows did settle; nothing is half-done.');
    expect(text).toContain('  ✗ crm.users  HYG-3004');
    expect(text.endsWith('Done. PASS=1 WARN=0 ERROR=1 SKIP=0 TOTAL=2')).toBe(true);
  });
});

describe('what came from outside', () => {
  const nasty = { flow: 'crm', entity: 'a"b\n\u001b[31mred\u001b[0m\u202e' };

  it('can neither break a line nor colour it', () => {
    const text = narrate(
      [event(1, { event: 'error', ...torn, what: 'bad\u001b[2J\rnews' }, nasty), done(1, summaryOf(nasty.flow, nasty.entity))],
      plain,
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for exactly these
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(text).toContain('crm."a\\"b\\n\\x1b[31mred\\x1b[0m\\u202e"');
  });
});

describe('in a terminal with many entities', () => {
  it('keeps lines for what is over, and leaves the rest to the live area', () => {
    const narrator = createNarrator({ ...plain, live: true });
    const begin = event(0, { event: 'run_start', workspace: 'w', flows: 1, entities: 50, concurrency: 8 });
    expect(narrator.hear(begin)).toHaveLength(1);
    expect(narrator.hear(progress(1, users, 'reading', 0))).toEqual([]);
    expect(narrator.busy).toBe(true);
    expect(narrator.hear(done(20, summaryOf('crm', 'users')))).toHaveLength(1);
    narrator.hear(summary(21, []));
    expect(narrator.busy).toBe(false);
  });
});
