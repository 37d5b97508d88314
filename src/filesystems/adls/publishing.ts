import type { PublishOutcome, StagedFile } from '../../ports/filesystem.ts';
import type { Json } from '../../ports/values.ts';
import type { Answer } from '../../remote/azure/answer.ts';
import { notReached, pathUsedTwice } from '../../remote/refusals.ts';
import { download } from '../azure/download.ts';
import { quoted } from '../azure/etags.ts';
import { crossedAt, isCrossed, isTaken } from '../azure/refusals.ts';
import { checksumLike } from '../checksum/checksum.ts';
import type { Account } from './account.ts';
import { look, type WrittenFile } from './version-check.ts';

/** The identity of a staged file. Its etag stays when it is renamed: https://issues.apache.org/jira/browse/HADOOP-17981 */
export interface Handle {
  readonly write: string;
  readonly etag: string;
}

export interface PublishRequest {
  readonly account: Account;
  /** The URL of the tree, for messages. */
  readonly url: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Publishes by one rename, which never replaces a file. After a refusal or a lost answer, two checks show the outcome: first of the source, then of the
 * target. If the target were checked first, and another process published the file between the checks, both checks would find nothing.
 */
export async function publish({ account, url, from, to }: PublishRequest, file: StagedFile): Promise<PublishOutcome> {
  const ours = handleIn(file.handle);
  let etag = ours?.etag;
  for (let attempt = 1; attempt <= 8; attempt++) {
    const refused = await rename(account, { from, to, etag });
    if (refused === 'done') return 'published';
    if (isCrossed(refused)) throw crossedAt(url, file.final);
    const waiting = await look(account, from, file.staged);
    const settled = await look(account, to, file.final);
    if (settled) {
      if (await isOurs(account, to, settled, file)) return 'already';
      throw pathUsedTwice(url, file.final);
    }
    if (!waiting || !(await isOurs(account, from, waiting, file))) return 'gone';
    // A flush that was sent twice may have changed the etag.
    etag = waiting.etag;
    const made = refused.status === 404 ? await makeFolder(account, to.slice(0, Math.max(0, to.lastIndexOf('/')))) : 'there';
    if (made === 'crossed') throw crossedAt(url, file.final);
  }
  throw notReached({ url, doing: 'publish', status: undefined, code: 'every rename was refused' }, { transient: true });
}

/** Whether a file is the staged file. Its writer is compared, or else its etag. If the service keeps neither the writer nor the etag at a rename, the content is compared. */
async function isOurs(account: Account, key: string, seen: WrittenFile, { bytes, checksum, handle }: StagedFile): Promise<boolean> {
  const ours = handleIn(handle);
  if (seen.bytes !== bytes) return false;
  if (ours && (seen.write === ours.write || seen.etag === ours.etag)) return true;
  return seen.write === undefined && (await checksumOf(account, key, { bytes, checksum })) === checksum;
}

/** The number of bytes per read when the content of a file is compared. */
const readBytes = 4 * 1024 * 1024;

async function checksumOf(
  { requests, blobs }: Account,
  key: string,
  { bytes, checksum }: Pick<StagedFile, 'bytes' | 'checksum'>,
): Promise<string | undefined> {
  const blob = blobs.getBlobClient(key);
  const found = checksumLike(checksum);
  for (let start = 0; start < bytes; start += readBytes) {
    const read = await download(requests, blob, { range: { start, end: Math.min(bytes, start + readBytes) } });
    if (typeof read === 'string') return undefined;
    found?.update(read.body);
  }
  return found?.digest();
}

interface Rename {
  readonly from: string;
  readonly to: string;
  readonly etag: string | undefined;
}

function rename({ files, filesystem, requests }: Account, { from, to, etag }: Rename): Promise<Answer | 'done'> {
  const source = files.getFileClient(from);
  // The SDK expects the target as written in the URL.
  const target = to.split('/').map(encodeURIComponent).join('/');
  return requests.send<Answer | 'done'>({
    doing: 'publish',
    once: to,
    expected: (answer) => (requests.isAbsent(answer) || isTaken(answer) || answer.status === 409 ? answer : undefined),
    async ask({ abortSignal }) {
      await source.move(filesystem, target, {
        abortSignal,
        ...(etag === undefined ? {} : { conditions: { ifMatch: quoted(etag) } }),
        destinationConditions: { ifNoneMatch: '*' },
      });
      return 'done';
    },
  });
}

/** Creates a folder and the folders above it. An existing folder is left unchanged. */
async function makeFolder({ files, requests }: Account, folder: string): Promise<'there' | 'crossed'> {
  if (folder === '') return 'there';
  const directory = files.getDirectoryClient(folder);
  return requests.send<'there' | 'crossed'>({
    doing: 'publish',
    expected: (answer) => (isCrossed(answer) ? 'crossed' : isTaken(answer) ? 'there' : undefined),
    async ask({ abortSignal }) {
      await directory.create({ abortSignal, conditions: { ifNoneMatch: '*' } });
      return 'there';
    },
  });
}

function handleIn(handle: Json | undefined): Handle | undefined {
  if (typeof handle !== 'object' || handle === null || !('write' in handle) || !('etag' in handle)) return undefined;
  const { write, etag } = handle;
  return typeof write === 'string' && typeof etag === 'string' ? { write, etag } : undefined;
}
