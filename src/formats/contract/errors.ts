/** The errors of reading a file, in any format, that stop a run. */
import { HomeError } from '../../errors/hygge-error.ts';

export function changedWhileRead(name: string): HomeError {
  return new HomeError({
    code: 'HYG-3203',
    what: `${name} changed while it was being read.`,
    why: ['Rows of two versions of a file must not settle together.'],
    tryThis: ['Run it again when the file is complete', 'Have writers rename finished files into the folder'],
  });
}
