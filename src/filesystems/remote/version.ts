import type { FileSystem } from '../../ports/filesystem.ts';
import { FileReplaced } from '../../ports/filesystem.ts';

/**
 * Throws `FileReplaced` when an answer is of another version of a file than the one that was meant. Some gateways name a version otherwise in
 * answers than in listings: where the two differ, the request that answers both alike is sent.
 * @param etags `meant`, undefined: any; `told` by the answer, undefined: it does not say.
 */
export async function mustBe(
  files: Pick<FileSystem, 'stat'>,
  path: string,
  etags: { readonly meant: string | undefined; readonly told: string | undefined },
): Promise<void> {
  const { meant, told } = etags;
  if (meant === undefined || told === meant) return;
  if ((await files.stat(path))?.etag !== meant) throw new FileReplaced(path);
}
