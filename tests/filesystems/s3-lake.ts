import { realRandom } from '../../src/adapters/real-random.ts';
import { type S3Options, s3FileSystem } from '../../src/filesystems/s3/s3.ts';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import { Secret } from '../../src/ports/secret.ts';
import type { AwsKeys } from '../../src/remote/aws/keys.ts';
import { noWaiting } from '../support/no-waiting.ts';
import type { S3Server } from '../support/s3-server/server.ts';
import { testNetwork } from '../support/test-network.ts';

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (body: Uint8Array | undefined): string => new TextDecoder().decode(body);
export const fresh = { ifNoneMatch: '*' } as const;

export async function* streamOf(...pieces: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield typeof piece === 'string' ? bytes(piece) : piece;
}

export const keysOf = ({ accessKeyId, secretAccessKey }: Pick<S3Server, 'accessKeyId' | 'secretAccessKey'>): AwsKeys => ({
  access_key_id: accessKeyId,
  secret_access_key: new Secret(secretAccessKey),
});

/** A tree in the bucket `lake` that waits for nothing; how long it would have waited is noted. */
export function lakeAt(
  server: S3Server,
  { waits = [], ...more }: Partial<S3Options> & { readonly waits?: number[] } = {},
): Promise<FileSystem> {
  const place = { bucket: 'lake', region: 'us-east-1', endpoint: server.url, pathStyle: true, keys: keysOf(server), folder: 'raw' };
  return s3FileSystem({ ...place, random: realRandom(), network: testNetwork, waiting: noWaiting(waits), ...more });
}

export async function thrownBy(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
