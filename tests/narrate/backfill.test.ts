import { describe, expect, it } from 'vitest';
import { createNarrator } from '../../src/narrate/run/narrator.ts';
import { noColor } from '../../src/narrate/text/palette.ts';
import type { BackfillTold, EntitySummary, EventBody, HyggeEvent } from '../../src/ports/events.ts';

const told: BackfillTold = { column: 'seen', from: '2024-01-01T00:00:00.000000', to: '2024-02-01T00:00:00.000000', chunks: 31, done: 0 };
const run: EntitySummary = {
  flow: 'shop',
  entity: 'orders',
  status: 'pass',
  rows: -2,
  rows_read: 1_234,
  entity_run_id: 'r.1',
  watermark: '2024-01-02T00:00:00.000000',
  to: 'lake/orders',
  files: 2,
  bytes: 2_048,
  seconds: 1,
  chunk: { from: '2024-01-01T00:00:00.000000', to: '2024-01-02T12:00:00.000000' },
};

function said(...bodies: readonly EventBody[]): string {
  const narrator = createNarrator({ palette: noColor, live: false, dryRun: false, verbose: false });
  return bodies
    .flatMap((body) =>
      narrator.hear({ v: 1, ts: '2026-11-20T08:00:00.000Z', invocation_id: 'i', flow: 'shop', entity: 'orders', ...body } as HyggeEvent),
    )
    .join('\n');
}

const start = (backfill: BackfillTold): EventBody => ({
  event: 'run_start',
  workspace: 'northwind',
  flows: 1,
  entities: 1,
  concurrency: 1,
  backfill,
});
const end = (backfill: BackfillTold, entities: readonly EntitySummary[]): EventBody => {
  const of = (status: EntitySummary['status']) => entities.filter((one) => one.status === status).length;
  const counts = { pass: of('pass'), warn: of('warn'), error: of('error'), skip: of('skip'), total: entities.length };
  return { event: 'summary', ...counts, rows: entities.reduce((sum, { rows }) => sum + rows, 0), seconds: 2, entities, backfill };
};

describe('a backfill is told', () => {
  it('as a range, in chunks, of which some may be done', () => {
    expect(said(start(told))).toBe('northwind: backfill of seen from 2024-01-01 to before 2024-02-01, in 31 chunks.');
    expect(said(start({ ...told, done: 7 }))).toContain('in 31 chunks, 7 of them done before.');
    expect(said(start({ ...told, chunks: 1 }))).toContain(', in one go.');
    expect(said(start({ ...told, done: 31 }))).toContain(', all of it done before.');
  });

  it('chunk by chunk: what came, and what it changed', () => {
    const line = said({ event: 'entity_done', ...run });
    expect(line).toMatch(
      /^✓ shop\.orders {2}2024-01-01 … 2024-01-02T?.?12:00.* {2}1,234 rows, 2 fewer than before · 2 files, 2\.0 kB · 1\.0 s$/,
    );
    expect(said({ event: 'entity_done', ...run, rows: 0 })).toContain('as many as before');
    expect(said({ event: 'entity_done', ...run, rows: 5 })).toContain('5 more than before');
  });

  it('at the end as a whole, with what to do next', () => {
    expect(said(end({ ...told, chunks: 1, done: 1 }, [run]))).toMatch(/Backfill done: 1,234 rows loaded, 2 rows fewer than before \(/);
    expect(said(end({ ...told, done: 31 }, [run, run]))).toContain('4 rows fewer than before, in 2 chunks');
    expect(said(end({ ...told, done: 31 }, []))).toMatch(/All chunks were done before[\s\S]*--again/);
  });

  it('as stopped, with how far it came, when a chunk fails', () => {
    const failed: EntitySummary = {
      ...run,
      status: 'error',
      rows: 0,
      error: { code: 'HYG-3202', what: 'It is gone.', why: [], tryThis: ['Run it again'] },
    };
    const text = said(end({ ...told, done: 1 }, [run, failed]));
    expect(text).toContain('The backfill stopped; 1 of 31 chunks done. Nothing is half-done.');
    expect(text).toContain('to continue where it stopped');
    expect(text).toContain('Done. PASS=1 WARN=0 ERROR=1 SKIP=0 TOTAL=2');
  });

  it('as held, with how to wait', () => {
    const held: EntitySummary = {
      ...run,
      status: 'error',
      rows: 0,
      error: { code: 'HYG-2001', what: 'It is held.', why: [], tryThis: ['Wait'] },
    };
    const text = said(end(told, [held]));
    expect(text).toContain('Another run is in progress; 0 of 31 chunks done.');
    expect(text).toContain('the same with --wait');
  });
});

describe('a chunk without rows', () => {
  it('says so of itself, not of a time since when', () => {
    const message = 'no rows, neither in the source nor settled';
    const text = said({ event: 'entity_done', ...run, status: 'skip', rows: 0, rows_read: 0, files: 0, bytes: 0, message });
    expect(text).toContain(`${message} · 1.0 s`);
  });
});
