import type { DriftTold } from '../../ports/events.ts';
import { codeOf, type DriftFound, isForJournal, type Noted } from '../../ports/notes.ts';
import { defined, filled } from '../../ports/values.ts';

/** Puts facts into sentences for events. `narrate` implements this interface. */
export interface Wording {
  note(note: Noted): string;
  drift(found: DriftFound): DriftTold;
}

/** The message beside the figures of an entity’s line, for people, and the codes of the message, for programs. Empty: the line has no message. */
export function messageAndCodes(
  words: Wording,
  { message = null, notes = [] }: { readonly message?: string | null; readonly notes?: readonly Noted[] },
): { readonly message?: string; readonly codes?: readonly string[] } {
  if (message !== null) return { message };
  const told = notes.filter((note) => !isForJournal(note));
  return {
    ...defined({ message: told.length === 0 ? undefined : told.map((note) => words.note(note)).join('; ') }),
    ...filled({ codes: notes.map(codeOf) }),
  };
}
