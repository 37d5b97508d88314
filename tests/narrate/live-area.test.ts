import { describe, expect, it } from 'vitest';
import { createNarrator } from '../../src/narrate/run/narrator.ts';
import { noColor } from '../../src/narrate/text/palette.ts';
import { columns } from '../../src/narrate/text/width.ts';
import { at, event, fifty, progress } from './recordings.ts';

function listening(): ReturnType<typeof createNarrator> {
  const narrator = createNarrator({ palette: noColor, live: true, dryRun: false, verbose: false });
  for (const heard of fifty()) narrator.hear(heard);
  return narrator;
}

const screen = { columns: 80, rows: 24, palette: noColor };

describe('the live area', () => {
  it('shows fifty entities in nine lines of an 80×24 terminal', () => {
    expect(
      listening()
        .live(Date.parse(at(6)), screen)
        .join('\n'),
    ).toBe(
      `  crm.table_13  publishing 1,300,000 rows…
  crm.table_14  ━━━━━━──────  50%  700,000 of 1,400,000  171k/s
  crm.table_15  ━━━━━━──────  50%  750,000 of 1,500,000  183k/s
  crm.table_16  ━━━━━━──────  50%  800,000 of 1,600,000  195k/s
  crm.table_17  ━━━━━━──────  50%  850,000 of 1,700,000  207k/s
  crm.table_18  ━━━━━━──────  50%  900,000 of 1,800,000  220k/s
  crm.table_19  ━━━━━━──────  50%  950,000 of 1,900,000  232k/s
  and 23 more under way
  12 of 50 done · 49,700,000 rows · 10M/s · 6.0 s`,
    );
  });

  it.each([
    [80, 24],
    [60, 15],
    [40, 10],
    [20, 5],
    [8, 2],
  ])('never outgrows a terminal of %i×%i', (width, height) => {
    const lines = listening().live(Date.parse(at(6)), { columns: width, rows: height, palette: noColor });
    expect(lines.length).toBeLessThanOrEqual(Math.max(2, Math.min(9, height - 3)));
    for (const line of lines) expect(columns(line)).toBeLessThan(width);
  });

  it('counts a retry down', () => {
    const narrator = createNarrator({ palette: noColor, live: true, dryRun: false, verbose: false });
    const users = { flow: 'crm', entity: 'users' };
    narrator.hear(progress(0, users, 'reading', 0));
    narrator.hear(
      event(
        1,
        { event: 'retry', step: 'move', attempt: 3, wait_ms: 5000, error: { code: 'HYG-6001', what: 'x', why: [], tryThis: ['y'] } },
        users,
      ),
    );
    expect(narrator.live(Date.parse(at(2)), screen)[0]).toContain('trying again in 4 s, attempt 3');
    narrator.hear(progress(7, users, 'reading', 10, { total: null }));
    expect(narrator.live(Date.parse(at(8)), screen)[0]).toContain('10 rows so far');
  });

  it.each([
    ['reading', 100, 'crm.users     ━━━━━━──────  50%  50 of 100  no progress for 20 s'],
    ['reading', null, 'crm.users     50 rows so far  no progress for 20 s'],
    ['committing', 100, 'crm.users     publishing 50 rows…  no progress for 20 s'],
    ['settled', 100, 'crm.users     settled 50 rows'],
  ] as const)('says when nothing is new for long: %s, of %s', (stage, total, line) => {
    const narrator = createNarrator({ palette: noColor, live: true, dryRun: false, verbose: false });
    const users = { flow: 'crm', entity: 'users' };
    narrator.hear(progress(0, users, 'reading', 0, { total }));
    narrator.hear(progress(2, users, stage, 50, { total }));
    expect(narrator.live(Date.parse(at(16)), screen)[0]).not.toContain('nothing');
    expect(narrator.live(Date.parse(at(22)), screen)[0]).toBe(`  ${line}`);
    narrator.hear(progress(23, users, stage, 60, { total }));
    expect(narrator.live(Date.parse(at(24)), screen)[0]).not.toContain('nothing');
  });

  it('says so before anything is known of an entity', () => {
    const narrator = createNarrator({ palette: noColor, live: true, dryRun: false, verbose: false });
    narrator.hear(event(0, { event: 'run_start', workspace: 'w', flows: 1, entities: 2, concurrency: 2 }));
    expect(narrator.live(Date.parse(at(14)), screen)).toEqual(['  0 of 2 done · 0 rows · 14.0 s']);
    expect(narrator.live(Date.parse(at(24)), screen)).toEqual(['  0 of 2 done · 0 rows · 24.0 s · no progress for 24 s']);
  });

  it('keeps wide and combining characters inside the screen', () => {
    const narrator = createNarrator({ palette: noColor, live: true, dryRun: false, verbose: false });
    narrator.hear(progress(0, { flow: '数据', entity: '非常に長いテーブルの名前がここにありますよね本当に' }, 'reading', 5));
    for (const line of narrator.live(Date.parse(at(1)), { ...screen, columns: 40 })) expect(columns(line)).toBeLessThan(40);
  });
});
