import type { EntitySummary } from '../../ports/events.ts';
import { messageOf } from '../text/notes.ts';
import { visible } from '../text/visible.ts';
import { live } from './live.ts';
import type { WorkWords } from './work-words.ts';

/** The common words of kinds of work that read only settled rows. The message of a run describes its result. @param without the text for a run without a message */
export function settledWorkWords(lane: string, without: { readonly ended: string; readonly kept: string }) {
  return {
    ...live,
    lane,
    outcome: ({ message = without.ended, to }: EntitySummary, took, { brief }) =>
      `${visible(message)} · ${took}${brief ? '' : ` → ${visible(to)}`}`,
    since: () => '',
    about: () => lane,
    did: (row) => `${lane}, ${row.status === 'error' ? 'nothing changed' : visible(messageOf(row) ?? without.kept)}`,
  } satisfies WorkWords;
}
