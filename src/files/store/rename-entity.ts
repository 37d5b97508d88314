/** `state mv`: the head moves to the entity’s new name, and the data files stay in their folder. */
import { StoreError } from '../../errors/hygge-error.ts';
import { retry } from '../../ports/retry.ts';
import { type HeadLog, noFiles } from './head/head-log.ts';
import type { FilePlace } from './layout.ts';

/** Moves the head. @param place the new name of the entity, and the folder of its data. */
export async function carryHead(
  { folder, flow, entity }: FilePlace,
  { from, to }: { readonly from: HeadLog; readonly to: HeadLog },
): Promise<'carried' | 'no head' | 'other place'> {
  const old = await retry(() => from.read());
  if (!old) return 'no head';
  const inside = folder === '' ? '' : `${folder}/`;
  if (old.head.files.some((file) => !file.name.startsWith(inside))) return 'other place';
  const carried = { ...old.head, flow, entity };
  if ((await retry(() => to.move(undefined, carried, noFiles))) === 'moved') return 'carried';
  const there = await retry(() => to.read());
  if (there?.head.id === carried.id) return 'carried';
  throw new StoreError({
    code: 'HYG-4104',
    what: `${to.where} is the record of other commits.`,
    why: [`${flow}.${entity} has settled data of its own there.`],
    tryThis: ['Move to a name that has never settled there'],
  });
}
