import { describe, expect, it } from 'vitest';
import type { SeenFile, Window } from '../../src/engine/contracts/home.ts';
import { chooseFiles } from '../../src/files/home/new-files.ts';
import type { FileInfo } from '../../src/ports/filesystem.ts';

const modifiedAt = '2026-11-20T00:00:00.000Z';
const file = (path: string, more: Partial<FileInfo> = {}): FileInfo => ({
  path,
  bytes: 10,
  etag: '"1"',
  modifiedAt,
  inode: '1:1',
  ...more,
});
const seen: readonly SeenFile[] = [{ ...file('a.csv'), checksum: 'gmac:taken' }];
const window = (changedFiles: Window['changedFiles']): Window => ({
  ...{ column: null, lower: null, upper: null, nulls: 'exclude', seen, changedFiles },
  noteChecksums: true,
});
const now = async () => 'gmac:now';

describe('the list of files that were taken', () => {
  it('keeps what it knows of a file that can not be read for the time being, so that a change shows when it can', async () => {
    const unreadable = async ({ path }: FileInfo) => {
      if (path === 'a.csv') throw new Error('it is in an archive');
      return 'gmac:now';
    };
    const archived = file('a.csv', { inode: '2:2' });
    const first = await chooseFiles([archived, file('b.csv')], window('append'), unreadable);
    expect(first).toMatchObject({ wanted: [{ path: 'b.csv' }], changed: [], unsure: ['a.csv'] });
    expect(first.seen?.find(({ path }) => path === 'a.csv')).toEqual(seen[0]);
    const next = await chooseFiles([archived], { ...window('append'), seen: first.seen ?? [] }, now);
    expect(next).toMatchObject({ wanted: [{ path: 'a.csv' }], changed: ['a.csv'], unsure: [] });
  });

  it.each(['append', 'replace'] as const)('notes the checksum of what is taken, not of what was: changed_files: %s', async (how) => {
    const changed = file('a.csv', { etag: '"2"', inode: '1:2' });
    const first = await chooseFiles([changed], window(how), now);
    expect(first).toMatchObject({ changed: ['a.csv'], seen: [{ path: 'a.csv', etag: '"2"', inode: '1:2', checksum: 'gmac:now' }] });
    // Touched, and the same: its rows would settle twice.
    const next = await chooseFiles([{ ...changed, inode: '1:3' }], { ...window(how), seen: first.seen ?? [] }, now);
    expect(next).toMatchObject({ wanted: [], changed: [], unsure: [] });
  });

  it.each(['append', 'replace', 'fail'] as const)('takes a file that was only touched for unchanged: changed_files: %s', async (how) => {
    const touched = file('a.csv', { etag: '"2"', inode: '1:2' });
    const same = await chooseFiles([touched], window(how), async () => 'gmac:taken');
    expect(same).toMatchObject({ wanted: [], changed: [], seen: [{ etag: '"2"', inode: '1:2', checksum: 'gmac:taken' }] });
    expect(await chooseFiles([touched], window(how), now)).toMatchObject({ changed: ['a.csv'] });
    // Of one that was taken without a checksum, the time tells.
    const noted = [{ ...file('a.csv') }];
    expect(await chooseFiles([touched], { ...window(how), seen: noted }, now)).toMatchObject({ changed: ['a.csv'] });
  });

  it('notes what became of a change: rows of earlier contents stay with append, and the new content does not settle with ignore', async () => {
    const changed = file('a.csv', { etag: '"2"', inode: '1:2' });
    const taken = async (how: Window['changedFiles'], before: readonly SeenFile[] = seen, info = changed) =>
      (await chooseFiles([info], { ...window(how), seen: before }, now)).seen ?? [];
    const changeIn = (files: readonly SeenFile[]) => files[0]?.change;
    expect(changeIn(await taken('append', seen, file('a.csv')))).toBeUndefined();
    expect(changeIn(await taken('replace'))).toBeUndefined();
    const [appended, ignored] = [await taken('append'), await taken('ignore')];
    expect([changeIn(appended), changeIn(ignored)]).toEqual(['append', 'ignore']);
    // Both stay until the rows of the file are replaced.
    for (const policy of ['append', 'ignore', 'fail', 'replace'] as const) {
      expect(changeIn(await taken(policy, appended))).toBe('append');
      expect(changeIn(await taken(policy, ignored))).toBe('ignore');
    }
    const later = file('a.csv', { etag: '"3"', bytes: 11, inode: '1:3' });
    expect(changeIn(await taken('append', ignored, later))).toBe('append');
    expect(changeIn(await taken('replace', ignored, later))).toBeUndefined();
  });
});
