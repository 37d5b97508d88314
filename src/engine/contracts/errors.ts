/** What stores find out when they prepare a commit: nothing of it may surface after the decision. */
import { asArgument } from '../../errors/as-argument.ts';
import { FlowError, StoreError } from '../../errors/hygge-error.ts';
import type { Unlike } from './store.ts';

const rowsOf = (count: number) => (count === 1 ? '1 row' : `${count.toLocaleString('en-US')} rows`);

/** Thrown by stores that delete by value. */
export function boundaryChanged(
  where: string,
  group: { readonly column: string; readonly text: string; readonly rows: number; readonly found: number },
): FlowError {
  return new FlowError({
    code: 'HYG-2075',
    what: `${rowsOf(group.found)} in ${where} ${group.found === 1 ? 'has' : 'have'} ${group.column} ${group.text}, and ${group.rows.toLocaleString('en-US')} settled with it.`,
    why: [
      'The rows at the watermark were to be replaced: by value, since nothing else tells them from others. What others added or changed must not go with them. Nothing was committed.',
    ],
    tryThis: [
      'Take away what others put there with that value, or put back what they took',
      'Or let a column tell whose rows are whose, store: { mark_column: … }, and load everything again once',
    ],
  });
}

/** Between `prepare` and the commit somebody else wrote into the table: the transaction is rolled back, and the commit refused for good. */
export function othersWrote(where: string, { found, prepared }: { readonly found: number; readonly prepared: number }): FlowError {
  return new FlowError({
    code: 'HYG-2075',
    what: `${rowsOf(found)} in ${where} would have been deleted, and not the ${prepared.toLocaleString('en-US')} that settled.`,
    why: ['Others wrote into the table while the commit waited. It was rolled back.'],
    tryThis: ['Let nobody else write there while hygge does, or let a column tell whose rows are whose: store: { mark_column: … }'],
  });
}

/** Thrown by stores that merge, before anything is decided. */
export function keyTwice(where: string, { key, example }: { readonly key: readonly string[]; readonly example: string }): StoreError {
  return new StoreError({
    code: 'HYG-4016',
    what: `Two different rows for ${where} have the same ${key.join(', ')}: ${example}.`,
    why: ['The watermark does not tell which of them is the newer one, so the key does not tell rows apart. Nothing was committed.'],
    tryThis: ['Name more columns in watermark.key, until they tell every row from all others', 'Or correct the rows in the source'],
  });
}

/** What settled lies otherwise than new rows would: told alike by a plan and by a store that prepares a commit. */
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
