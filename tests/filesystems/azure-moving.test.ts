import type { BlobClient } from '@azure/storage-blob';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type BlockUpload, sendBlocks } from '../../src/filesystems/azure/block-upload.ts';
import { download } from '../../src/filesystems/azure/download.ts';
import { AzureRequests } from '../../src/filesystems/azure/requests.ts';
import { noWaiting } from '../support/no-waiting.ts';
import { testNetwork } from '../support/test-network.ts';

const quietMs = 120_000;
const at = { url: 'az://tests', place: 'container c', credential: 'anonymous' } as const;
const requests = new AzureRequests('https://moving', at, { network: testNetwork, quietMs, waiting: noWaiting() });

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** Of a request that nobody answers, as an SDK ends it. */
function untilCut(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(Object.assign(new Error('cut'), { name: 'AbortError' })));
  });
}

async function* body(bytes: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes; i += 1_000_000) yield new Uint8Array(Math.min(1_000_000, bytes - i)).fill(i / 1_000_000);
}

/** Takes what is sent, piece by piece, so much time before each. */
async function taken({ body, options }: BlockUpload, beforeMs: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of body()) {
    await vi.advanceTimersByTimeAsync(beforeMs);
    expect(options.abortSignal.aborted).toBe(false);
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces);
}

/** A blob whose body comes piece by piece, so much time before each. */
function slowBlob(pieces: readonly Uint8Array[], beforeMs: number, cut: (signal: AbortSignal) => void = () => undefined): BlobClient {
  return {
    async download(_from: number, _count: number | undefined, { abortSignal }: { readonly abortSignal: AbortSignal }) {
      async function* stream(): AsyncGenerator<Uint8Array> {
        for (const piece of pieces) {
          await vi.advanceTimersByTimeAsync(beforeMs);
          cut(abortSignal);
          yield piece.slice();
        }
      }
      const contentLength = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
      return { contentLength, etag: '"1"', metadata: {}, readableStreamBody: stream() };
    },
  } as unknown as BlobClient;
}

describe('a request that is slow but moves is not cut', () => {
  test('an upload of a block that takes seven times as long as silence may', async () => {
    const sent: Buffer[] = [];
    const { bytes } = await sendBlocks(requests, body(4_000_000), {
      send: async (block) => void sent.push(await taken(block, quietMs * 0.45)),
    });
    expect(bytes).toBe(4_000_000);
    expect(sent).toHaveLength(1);
    for (const i of [0, 1, 2, 3]) expect(new Set(sent[0]?.subarray(i * 1_000_000, (i + 1) * 1_000_000))).toEqual(new Set([i]));
  });

  test('a download that takes ten times as long', async () => {
    const pieces = Array.from({ length: 10 }, (_, i) => new Uint8Array(3).fill(i));
    const signals = new Set<AbortSignal>();
    const read = await download(
      requests,
      slowBlob(pieces, quietMs - 1, (signal) => signals.add(signal)),
      {},
    );
    expect(read).toMatchObject({ body: new Uint8Array(Buffer.concat(pieces)) });
    expect([...signals].map(({ aborted }) => aborted)).toEqual([false]);
  });
});

describe('a request that does not move', () => {
  test('is cut, and sent again where that is safe', async () => {
    let sent = 0;
    const doing = requests.send({
      doing: 'read',
      ask: ({ abortSignal }) => (sent++ === 0 ? untilCut(abortSignal) : Promise.resolve('answered')),
    });
    await vi.advanceTimersByTimeAsync(quietMs);
    expect(await doing).toBe('answered');
    expect(sent).toBe(2);
  });

  test('is cut though it had moved before', async () => {
    let signal: AbortSignal | undefined;
    const doing = requests.send({
      doing: 'write',
      once: 'a',
      async ask({ abortSignal, moved }) {
        signal = abortSignal;
        await vi.advanceTimersByTimeAsync(quietMs - 1);
        moved();
        return untilCut(abortSignal);
      },
    });
    const failed = expect(doing).rejects.toThrow('no clear answer');
    await vi.advanceTimersByTimeAsync(quietMs - 1);
    expect(signal?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await failed;
  });
});

test('no timer outlives its request, and none is begun by bytes that come too late', async () => {
  let late = (): void => undefined;
  await requests.send({
    doing: 'read',
    async ask({ moved }) {
      late = moved;
      expect(vi.getTimerCount()).toBe(1);
    },
  });
  late();
  expect(vi.getTimerCount()).toBe(0);
});
