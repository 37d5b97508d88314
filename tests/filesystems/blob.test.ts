import { describe } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import { blobFileSystem } from '../../src/filesystems/blob/blob.ts';
import { Secret } from '../../src/ports/secret.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { collect } from '../support/collect.ts';
import { type FileSystemUnderTest, filesystemConformance } from '../support/filesystem-conformance.ts';
import { testNetwork } from '../support/test-network.ts';
import { type BlobContainer, blobContainer, filesIn } from './blob-account.ts';

const random = realRandom();
const azurite = sharedAzurite();
let made: Promise<BlobContainer> | undefined;

async function inAzurite(): Promise<FileSystemUnderTest> {
  made ??= azurite().then(blobContainer);
  const place = await made;
  const folder = `t/${random.nonce()}`;
  const [files, another] = await Promise.all([filesIn(place, folder), filesIn(place, folder)]);
  return { files, another, [Symbol.asyncDispose]: async () => undefined };
}

filesystemConformance('blobs of Azurite', inAzurite);

/** `https://<account>.blob.core.windows.net/<container>`, with a SAS behind it or as whoever is signed in. */
const real = process.env.HYGGE_TEST_AZURE_BLOB;

async function inRealContainer(): Promise<FileSystemUnderTest> {
  const { origin, pathname, search } = new URL(real ?? '');
  const folder = `hygge-test-${random.nonce()}`;
  const keys = search === '' ? {} : { sas_token: new Secret(search) };
  const open = () =>
    blobFileSystem({ accountUrl: origin, container: pathname.slice(1), folder, keys, url: 'az://real', random, network: testNetwork });
  const files = await open();
  return {
    files,
    another: await open(),
    async [Symbol.asyncDispose]() {
      for (const { path } of await collect(files.list(''))) await files.remove(path);
      for (const staged of await collect(files.staged(''))) await files.discard(staged);
    },
  };
}

describe.skipIf(real === undefined)('HYGGE_TEST_AZURE_BLOB names no container', () => {
  filesystemConformance('blobs of a real account', inRealContainer);
});
