import { StateError } from '../errors/hygge-error.ts';
import type { Condition, FileSystem } from '../ports/filesystem.ts';

/**
 * Tests with a new file, which is removed afterwards, whether a tree writes, replaces, rejects and removes files as the state needs. If the service ignores
 * conditions, two runs could both succeed, so StateError HYG-5010 is thrown.
 */
export async function mustKeepConditions(files: FileSystem, path: string): Promise<void> {
  const put = async (text: string, condition: Condition) => (await files.put(path, new TextEncoder().encode(text), condition)).outcome;
  await put('first\n', { ifNoneMatch: '*' });
  if ((await put('second\n', { ifNoneMatch: '*' })) === 'written') throw ignored(files, path, 'An existing file was created again.');
  // On a disk, hygge’s own code tests the condition, so no test is needed. The lock file of a test would stay.
  if (files.localPath === undefined) await mustReplace(files, path, put);
  await files.remove(path);
}

async function mustReplace(
  files: FileSystem,
  path: string,
  put: (text: string, condition: Condition) => Promise<'written' | 'refused'>,
): Promise<void> {
  const first = await files.get(path);
  if (first === undefined) throw ignored(files, path, 'A file that was just written does not exist.');
  await put(`after ${first.etag}\n`, { ifMatch: first.etag });
  if ((await put('too late\n', { ifMatch: first.etag })) === 'written')
    throw ignored(files, path, 'A file was replaced by a writer that had seen an older version.');
}

function ignored(files: FileSystem, path: string, why: string): StateError {
  return new StateError({
    code: 'HYG-5010',
    what: `${files.url} ignores the conditions of writes, so state cannot be kept there.`,
    why: [why, 'Two runs at the same time would both claim the same entity.'],
    tryThis: [
      'Keep the state elsewhere: state: { type: table_storage }, or state: { type: files } for one machine',
      `If the service was updated during the run, try again; ${path} may be removed`,
    ],
  });
}
