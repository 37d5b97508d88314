import { describe, expect, it } from 'vitest';
import { type EntityStatus, statusLines } from '../../src/narrate/commands/status-lines.ts';
import { noColor } from '../../src/narrate/text/palette.ts';

const nowMs = Date.parse('2026-11-20T08:00:00.000Z');
const failed = { code: 'HYG-6501', message: "postgres db/erp can't be reached.", why: [], try: ['Check host and port', 'Run it again'] };

function status(entity: string, of: Partial<EntityStatus>): EntityStatus {
  return {
    ...{ flow: 'erp', entity, last_run: '2026-11-20T02:00:00.000Z', status: 'error', rows: 0, settled_rows: null, error: null },
    ...{ watermark: null, watermark_column: null, behind_seconds: null, settled_at: null, pending: false, full_next: false },
    ...{ held_by: null, schedule: null, next: null, overdue_since: null, stale_since: null, unreadable: null },
    ...of,
  } as EntityStatus;
}

const lines = (...all: readonly EntityStatus[]) => statusLines(all, { nowMs, room: null }, noColor).join('\n');

describe('the status of several entities', () => {
  it('tells of one outage once, and names the entity that has it whole', () => {
    const text = lines(
      status('a', { error: failed }),
      status('b', { error: failed }),
      status('c', { error: { ...failed, code: 'HYG-3506' } }),
    );
    expect(text.split('Check host and port')).toHaveLength(3);
    expect(text).toContain("HYG-6501 postgres db/erp can't be reached.");
    expect(text).toContain('HYG-6501 the same as erp.a');
    expect(text).toContain("HYG-3506 postgres db/erp can't be reached.");
  });

  it('counts as moved the rows that took the place of as many others', () => {
    expect(lines(status('a', { status: 'pass', moved_rows: 2_880, settled_rows: 2_880 }))).toMatch(/erp\.a +pass +6 h ago +2,880 +2,880/);
  });
});
