import { expect, test } from 'vitest';
import type { LandedNumbers } from '../../src/files/landing-zone/numbers.ts';
import { missingRows } from '../../src/files/landing-zone/waiting-rows.ts';
import type { FilesHead } from '../../src/files/store/head/head-log.ts';

const publishedAt = '2026-11-20T02:00:00.000Z';
const later = Date.parse(publishedAt) + 1;

interface Case {
  readonly head?: Partial<FilesHead>;
  readonly landed?: Partial<LandedNumbers>;
  readonly rows?: number | null;
  readonly committedMs?: number | null;
}

/** Of a table without a key, which has ten rows. */
function missing({ head = {}, landed = {}, rows = 10, committedMs = later }: Case): Promise<string | null> {
  const files = { get: async () => undefined };
  const none = { numbers: [1], taken: new Set<number>(), twice: [], others: [], hasMetadata: true };
  return missingRows({ table: { files, folder: 'LandingZone/t' }, where: 't', format: null, scratch: null } as never, {
    head: { rows: 10, nextNumber: 2, firstNumber: 1, schema: { columns: [] }, ...head } as unknown as FilesHead,
    landed: { ...none, ...landed },
    mirrored: { version: 3, committedMs, rows, home: null as never },
    publishedAt,
  });
}

test.each<{ readonly what: string; readonly of: Case; readonly said: RegExp | null }>([
  { what: 'every file was moved away', of: { landed: { taken: new Set([1]) }, rows: 3 }, said: null },
  { what: 'a later commit waits', of: { landed: { numbers: [1, 2], taken: new Set([1]) }, rows: 3 }, said: null },
  { what: 'as many rows as were published', of: {}, said: null },
  { what: 'more of them', of: { rows: 11 }, said: null },
  { what: 'fewer of them', of: { rows: 9 }, said: /version 3 of the mirrored table has 9 rows of the 10/ },
  { what: 'a log without counts', of: { rows: null }, said: /nothing shows whether version 3/ },
  { what: 'another publisher came first', of: { head: { firstNumber: 4 } }, said: /nothing shows/ },
  { what: 'the table was loaded again before', of: { head: { anewEpoch: 2 } }, said: null },
  {
    what: 'the old table may still be there',
    of: { head: { isAnew: true }, committedMs: later - 1 },
    said: /the table before/,
  },
  {
    what: 'nothing says when it was committed',
    of: { head: { anewEpoch: 2 }, committedMs: null },
    said: /the table before/,
  },
  {
    what: 'the first file of the new table was moved',
    of: { head: { isAnew: true }, landed: { taken: new Set([1]) }, committedMs: null },
    said: null,
  },
  { what: 'an earlier version settled', of: { head: { schema: null } }, said: /nothing shows/ },
])('$what', async ({ of, said }) => {
  const found = await missing(of);
  if (said === null) expect(found).toBeNull();
  else expect(found).toMatch(said);
});
