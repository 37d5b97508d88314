/** What settled lies otherwise than new rows would: told alike by whoever plans a run and by a store that prepares a commit. */
import { asArgument } from '../errors/as-argument.ts';
import { StoreError } from '../errors/hygge-error.ts';

/** How what settled lies, and how new rows would, by the key of the config that changed. */
export interface Unlike {
  readonly key: 'partition_by' | 'format';
  readonly settled: string;
  readonly now: string;
}

export function otherLayout({ key, settled, now, where, name }: Unlike & { readonly where: string; readonly name: string }): StoreError {
  const isFormat = key === 'format';
  return new StoreError({
    code: 'HYG-4109',
    what: isFormat
      ? `What settled in ${where} is in ${settled} files, and new rows would be in ${now} files.`
      : `What settled in ${where} is ${settled}, and new rows would be ${now}.`,
    why: [
      isFormat
        ? 'Whoever reads the one kind would not see the rows of the other, and rows at the watermark would go from the one to the other.'
        : 'Readers can not read files of both layouts together.',
    ],
    tryThis: [
      `Load everything again once, in the new ${isFormat ? 'format' : 'layout'}: hygge go -d -e ${asArgument(name)}`,
      isFormat ? 'Or set format and compression of the store back to what they were' : 'Or set partition_by back to what it was',
    ],
  });
}
