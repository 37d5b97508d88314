import { DefectError } from '../../errors/hygge-error.ts';
import { schemaChanges } from '../../frames/compare.ts';
import type { Schema } from '../../frames/schema.ts';

/** The error for a state of an encoder that should be impossible. */
export function encoderDefect(what: string, why: readonly string[] = []): DefectError {
  return new DefectError({
    code: 'HYG-9001',
    what,
    why: why.slice(0, 6),
    tryThis: ['Run again. If the error stays, report it with the schema of the source: this should not be possible'],
  });
}

/** Throws a defect if the schema of the frame differs from the schema of the file. */
export function mustBeOf(schema: Schema, frame: { readonly schema: Schema }): void {
  const changes = schemaChanges(schema, frame.schema);
  if (changes.length > 0) throw encoderDefect('The schema of a frame differs from the schema of its file.', changes);
}
