import type { DriftTold } from '../../ports/events.ts';
import { codeOf, type DriftFound, type Noted } from '../../ports/notes.ts';

/** Sentences of facts: `narrate` makes them, events carry them. */
export interface Wording {
  note(note: Noted): string;
  drift(found: DriftFound): DriftTold;
}

/** What the line of an entity says beside its figures, for people and for programs. Empty: nothing. */
export function said(
  words: Wording,
  { message = null, notes = [] }: { readonly message?: string | null; readonly notes?: readonly Noted[] },
): { readonly message?: string; readonly codes?: readonly string[] } {
  if (message !== null) return { message };
  return notes.length === 0 ? {} : { message: notes.map((note) => words.note(note)).join('; '), codes: notes.map(codeOf) };
}
