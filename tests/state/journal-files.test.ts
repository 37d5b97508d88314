import { expect, test } from 'vitest';
import { JournalFiles } from '../../src/state/journal-files.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { journalRowOf } from '../support/state-rows.ts';

const row = (n: number) => journalRowOf(`run ${n}`, '2026-01-05T00:00:00.000Z');

test.each([
  ['from where its file ended before', (from: number) => ({ file: '2026-01.ndjson', from })],
  [
    'from the beginning, where the state has another name of the file',
    (from: number) => ({ file: 'journal/2026-01.ndjson', from: from * 2 }),
  ],
])('a row of the journal is looked for %s', async (_, where) => {
  const files = new MemoryFileSystem();
  const journal = new JournalFiles(files, 'journal');
  await journal.append(await journal.entry(row(1)));
  const entry = await journal.entry(row(2));
  expect([entry.file, entry.from > 0]).toEqual(['2026-01.ndjson', true]);
  await journal.append(entry);
  expect(await journal.holds({ ...entry, ...where(entry.from) })).toBe(true);
  expect(await journal.holds({ ...entry, ...where(entry.from), row: row(3) })).toBe(false);
});

test('a row that stands before the place where it is looked for is not found: it is another run of the same id', async () => {
  const journal = new JournalFiles(new MemoryFileSystem(), 'journal');
  await journal.append(await journal.entry(row(1)));
  expect(await journal.holds(await journal.entry(row(1)))).toBe(false);
});
