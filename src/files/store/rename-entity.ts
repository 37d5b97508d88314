/** `state mv`: the head goes over to the entity's new name; the data stays where it is. */
import { StoreError } from '../../errors/hygge-error.ts';
import type { FileSystem } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';
import { type FilePlace, headPath } from './layout.ts';
import { encodeManifest, readManifest } from './manifest.ts';

export async function carryHead(
  files: FileSystem,
  { from, to }: { readonly from: FilePlace; readonly to: FilePlace },
): Promise<'carried' | 'no head' | 'other place'> {
  const old = await retry(() => readManifest(files, from));
  if (!old) return 'no head';
  const inside = to.folder === '' ? '' : `${to.folder}/`;
  if (old.manifest.files.some((file) => !file.name.startsWith(inside))) return 'other place';
  const carried = { ...old.manifest, flow: to.flow, entity: to.entity };
  const put = await retry(() => files.put(headPath(to), encodeManifest(carried), { ifNoneMatch: '*' }));
  if (put.outcome === 'written') return 'carried';
  const there = await retry(() => readManifest(files, to));
  if (there?.manifest.id === carried.id) return 'carried';
  throw new StoreError({
    code: 'HYG-4104',
    what: `${files.url}/${headPath(to)} is the record of other commits.`,
    why: [`${to.flow}.${to.entity} has settled data of its own there.`],
    tryThis: ['Move to a name that has never settled there'],
  });
}
