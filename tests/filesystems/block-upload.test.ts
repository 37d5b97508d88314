import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type BlockUpload, sendBlocks } from '../../src/filesystems/azure/block-upload.ts';
import { AzureRequests } from '../../src/filesystems/azure/requests.ts';
import { Gmac } from '../../src/filesystems/checksum/gmac.ts';
import { testNetwork } from '../support/test-network.ts';

const at = { url: 'az://tests', place: 'container c', credential: 'anonymous' } as const;
const content = Buffer.alloc(4 * 1024 * 1024 + 3, 'content');

async function sentOver(accountUrl: string) {
  const requests = new AzureRequests(accountUrl, at, { network: testNetwork });
  const blocks: BlockUpload[] = [];
  async function* body(): AsyncGenerator<Uint8Array> {
    yield content;
  }
  const { checksum } = await sendBlocks(requests, body(), { send: async (block) => void blocks.push(block) });
  return { checksum, hashes: blocks.map(({ options }) => options.transactionalContentMD5) };
}

test('blocks have a hash each over HTTP and none over HTTPS, and the whole has the checksum of files on a disk', async () => {
  const whole = new Gmac();
  whole.update(content);
  const checksum = `gmac:${whole.digest()}`;
  expect(await sentOver('https://lake')).toEqual({ checksum, hashes: [undefined, undefined] });
  const hashes = [content.subarray(0, -3), content.subarray(-3)].map((block) => hash('md5', block, 'buffer'));
  expect(await sentOver('http://127.0.0.1:10000/lake')).toEqual({ checksum, hashes });
});
