import { ConnectionError, StateError } from '../../errors/hygge-error.ts';
import type { ConfigBlob, ConfigBlobs } from '../../ports/config-blobs.ts';
import { OutcomeUnknown, retry } from '../../ports/retry.ts';
import { decodeVersion, shortId } from './content.ts';
import { decodeMove, historyFolder, type Move } from './pointer.ts';

export const versionsFolder = 'versions/';

export function versionName(id: string): string {
  return `${versionsFolder}${id}.json`;
}

const tries = 8;
const atOnce = 16;

/**
 * Ensures that a version is stored and not removed. An existing version is written again unchanged, so it gets a new etag and age, and a simultaneous
 * removal of old versions can’t remove it.
 */
export async function keepVersion(blobs: ConfigBlobs, id: string, body: Uint8Array): Promise<void> {
  const name = versionName(id);
  for (let attempt = 1; attempt <= tries; attempt++) {
    if ((await answered(name, () => blobs.put(name, body, { ifNoneMatch: '*' }))).outcome === 'written') return;
    const there = await answered(name, () => blobs.get(name));
    // The version was removed between the read and the write, so it is written like a new version.
    if (there === undefined) continue;
    decodeVersion(id, there.body);
    const again = await answered(name, () => blobs.put(name, there.body, { ifMatch: there.etag }));
    if (again.outcome === 'written') return;
  }
  throw restless(name);
}

/** Another process keeps writing the same blob. */
export function restless(name: string): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6301',
    what: `The storage of the config returned no clear answer about ${name}.`,
    why: [`The blob was requested ${tries} times. The storage did not answer, or returned something else each time.`],
    tryThis: ['See which version is current: hygge config list', 'Then run the same command again: nothing is done twice.'],
    transient: true,
  });
}

/** Like `retry`, but a write or read without an answer becomes an error. */
export async function answered<T>(name: string, call: () => Promise<T>): Promise<T> {
  try {
    return await retry(call);
  } catch (error) {
    throw error instanceof OutcomeUnknown ? restless(name) : error;
  }
}

export interface StoredMove {
  readonly blob: ConfigBlob;
  readonly move: Move;
}

/** All moves except the current one, the newest first. */
export async function moves(blobs: ConfigBlobs): Promise<readonly StoredMove[]> {
  const listed: ConfigBlob[] = [];
  for await (const blob of blobs.list(historyFolder)) listed.push(blob);
  const found: StoredMove[] = [];
  for (let at = 0; at < listed.length; at += atOnce) {
    const some = await Promise.all(listed.slice(at, at + atOnce).map((blob) => readMove(blobs, blob)));
    found.push(...some.filter((one) => one !== undefined));
  }
  return found;
}

async function readMove(blobs: ConfigBlobs, blob: ConfigBlob): Promise<StoredMove | undefined> {
  const held = await answered(blob.name, () => blobs.get(blob.name));
  return held === undefined ? undefined : { blob, move: decodeMove(blob.name, held.body) };
}

export function noSuchVersion(id: string, blobs: ConfigBlobs): StateError {
  return new StateError({
    code: 'HYG-5303',
    what: `There is no version ${JSON.stringify(shortId(id))} of the config.`,
    why: [`Looked in ${blobs.url}. Versions that were not current for long are removed (\`keep\`).`],
    tryThis: ['See all versions: hygge config list'],
  });
}
