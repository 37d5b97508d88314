/** Texts about a run without rows (checks/silence.ts), and about its source. */
import type { Note, SilentNote, SilentSource } from '../../ports/notes.ts';
import { count, counted } from './figures.ts';
import { shortTime, span } from './times.ts';

/** Names of days by their numbers: 0 is Sunday. */
export const weekdays = ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays'];

export function silenceText(note: SilentNote): string {
  const source = sourceText(note.source);
  return source === null ? expectedText(note) : `${expectedText(note)}; ${source}`;
}

/** The expectation from earlier runs, in words. */
export function expectedText({ by, compared, least, most, weekday, time, zone }: Omit<SilentNote, 'code' | 'source'>): string {
  const rows = least === most ? count(least) : `${count(least)} to ${count(most)}`;
  if (by === 'runs') return `no rows, though all ${count(compared)} earlier runs brought some (${rows})`;
  return `no rows, though the last ${count(compared)} runs on ${weekdays[weekday]} around ${time} ${zone} brought some (${rows})`;
}

/** The facts about the source in words; null: the facts are unknown. */
function sourceText(source: SilentSource): string | null {
  switch (source.kind) {
    case 'watermark': {
      const { column, newest, age, settled, isNewer, above } = source;
      if (newest === null) return `the source has no row with a value in ${column}`;
      if (!isNewer)
        return `the source has no row newer than ${shortTime(newest)}${age === null || age < 0 ? '' : `, ${span(age * 1000)} ago`}`;
      const rows = above === null ? 'rows' : counted(above, 'row');
      return `${rows} above ${shortTime(settled)} ${above === 1 ? 'is there and was' : 'are there and were'} not read; the newest ${column} is ${shortTime(newest)}`;
    }
    case 'files': {
      const { files, fresh, newest } = source;
      if (files === 0) return 'no file matches';
      if (fresh > 0) return `${count(fresh)} of ${counted(files, 'file')} that match ${fresh === 1 ? 'was' : 'were'} not read`;
      const written = newest === null ? '' : `, the newest of ${newest.slice(0, 16).replace('T', ' ')} UTC`;
      return files === 1
        ? `the 1 file that matches was read before${written}`
        : `all of ${counted(files, 'file')} that match were read before${written}`;
    }
    case 'rows':
      if (source.rows === null) return null;
      return source.rows === 0 ? 'the source has no rows' : `the source has ${counted(source.rows, 'row')}`;
    case 'unknown':
      return source.error === null ? 'the source does not report its newest value' : `the source did not answer (${source.error})`;
  }
}

type Standstill = Extract<Note, { readonly code: 'stands_still' }>;

/** The possible reasons for a run without progress. */
export function standstillText({ seconds, step, home, store }: Standstill): string {
  const waitsFor = {
    plan: `an answer of ${home} or ${store}, to a look at both`,
    slice: `rows of ${home}, or for ${store} to accept them`,
    commit: `${store} to publish the staged rows`,
    other: `${home} or ${store}`,
  }[step];
  return `nothing has happened for ${span(seconds * 1000)}: it waits for ${waitsFor}`;
}
