/** For `debug`: can hygge do in this place everything that a commit needs? Leaves nothing behind. */
import type { Finding } from '../engine/connector.ts';
import { HyggeError } from '../errors/hygge-error.ts';
import type { FileSystem } from '../ports/filesystem.ts';

export async function probeStore(files: FileSystem, nonce: string): Promise<readonly Finding[]> {
  const folder = '_hygge/probe';
  const staged = `${folder}/staging/${nonce}`;
  const final = `${folder}/${nonce}`;
  try {
    const file = await files.stage({ staged, final }, once(nonce));
    if ((await files.publish(file)) !== 'published') return [{ ok: false, what: `a staged file could not be published in ${files.url}` }];
    const record = `${folder}/${nonce}.json`;
    const put = await files.put(record, new TextEncoder().encode(nonce), { ifNoneMatch: '*' });
    const again = await files.put(record, new TextEncoder().encode(nonce), { ifNoneMatch: '*' });
    await files.remove(record);
    await files.remove(final);
    if (put.outcome !== 'written' || again.outcome !== 'refused') {
      return [
        {
          ok: false,
          what: `${files.url} does not keep its word on conditional writes`,
          tryThis: ['Settle on a local disk or a supported store'],
        },
      ];
    }
    return [{ ok: true, what: `stages, publishes, writes conditionally and removes in ${files.url}` }];
  } catch (error) {
    await files.discard({ staged }).catch(() => undefined);
    if (error instanceof HyggeError) return [{ ok: false, what: error.what, tryThis: error.tryThis }];
    throw error;
  }
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}
