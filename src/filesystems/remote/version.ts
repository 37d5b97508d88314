import type { FileInfo } from '../../ports/filesystem.ts';
import { FileReplaced } from '../../ports/outcome.ts';

/**
 * Throws `FileReplaced` when an answer is of another version of a file than the one that was meant. Some gateways name a version otherwise in
 * answers than in listings: where the two differ, whoever tells both alike is asked.
 * @param meant its etag; undefined: any. @param told by the answer; undefined: it does not say.
 */
export async function mustBe(
  meant: string | undefined,
  told: string | undefined,
  file: { readonly path: string; readonly stat: () => Promise<FileInfo | undefined> },
): Promise<void> {
  if (meant === undefined || told === meant) return;
  if ((await file.stat())?.etag !== meant) throw new FileReplaced(file.path);
}
