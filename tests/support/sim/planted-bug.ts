import type { FieldName } from './sample.ts';

/** One change of a source text; white space counts as any white space, and the text must be there exactly once. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** A rule of the protocol switched off in the real code. The simulator must notice. */
export interface PlantedBug {
  readonly name: string;
  /** The hole it opens, as docs/protocol.md counts them. */
  readonly hole: string;
  readonly edits: readonly Edit[];
  /** Hunted with the runs of that field. */
  readonly in?: FieldName;
  /** Without a sweep staged files stay for good: noticing only that would be too easy. */
  readonly ignoresStaging?: true;
}

/** `find` becomes `replace`; absent: it goes. */
export const edit = (file: string, find: string, replace = ''): Edit => ({ file, find, replace });

export const planted = (bug: Omit<PlantedBug, 'edits'>, ...edits: readonly Edit[]): PlantedBug => ({ ...bug, edits });
