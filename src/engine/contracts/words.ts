import type { DriftTold } from '../../ports/events.ts';
import { codeOf, type DriftFound, isForJournal, type Noted } from '../../ports/notes.ts';

/** Puts facts into sentences, which events carry. `narrate` implements it. */
export interface Wording {
  note(note: Noted): string;
  drift(found: DriftFound): DriftTold;
}

/** The message of an entity's line beside its figures, for people, and its codes, for programs. Empty: there is no message. */
export function messageAndCodes(
  words: Wording,
  { message = null, notes = [] }: { readonly message?: string | null; readonly notes?: readonly Noted[] },
): { readonly message?: string; readonly codes?: readonly string[] } {
  if (message !== null) return { message };
  const told = notes.filter((note) => !isForJournal(note));
  return {
    ...(told.length === 0 ? {} : { message: told.map((note) => words.note(note)).join('; ') }),
    ...(notes.length === 0 ? {} : { codes: notes.map(codeOf) }),
  };
}
