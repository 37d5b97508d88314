/** Why a settled file can't be taken apart. */
import { StoreError } from '../../errors/hygge-error.ts';

export function notTheSettledFile(name: string, why: string): StoreError {
  return new StoreError({
    code: 'HYG-4110',
    what: `${name} is not the file that settled.`,
    why: [why, 'Without it nobody knows which rows to keep.'],
    tryThis: ['Put the file back as it was', 'Or accept what is there: hygge reset … --adopt', 'Or load everything again: hygge reset …'],
  });
}

export function notThisType(name: string, column: string, types: { readonly is: string; readonly wanted: string }): StoreError {
  return new StoreError({
    code: 'HYG-4110',
    what: `The rows of ${name} can't be told apart by ${column}.`,
    why: [`There it is ${types.is}, and the range is of ${types.wanted}.`],
    tryThis: ['Load everything again once, so that all files have the same type: hygge reset …, then hygge go'],
  });
}
