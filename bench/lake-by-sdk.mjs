/**
 * Uploads every file of a folder, or downloads every file below one, with a service's own client at its defaults, one file after another.
 * Called with `upload`, `upload unchecked`, `download` or `download synced`, the folder here and the folder there; HYGGE_LAKE_SDK says where
 * there is. Prints the time and the processor time without the start of the process, in milliseconds.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const [, , doing, here, there] = process.argv;
const where = JSON.parse(process.env.HYGGE_LAKE_SDK);

const clients = {
  async azure_blob({ url, account, key }) {
    const { ContainerClient, StorageSharedKeyCredential } = await import('@azure/storage-blob');
    const container = new ContainerClient(url, new StorageSharedKeyCredential(account, key));
    return {
      list: async () => (await Array.fromAsync(container.listBlobsFlat({ prefix: `${there}/` }))).map(({ name }) => name),
      upload: (name, path) => container.getBlockBlobClient(name).uploadFile(path),
      download: (name, path) => container.getBlobClient(name).downloadToFile(path),
    };
  },
  async adls({ url, filesystem, account, key }) {
    const { DataLakeServiceClient, StorageSharedKeyCredential } = await import('@azure/storage-file-datalake');
    const byKey = () => new StorageSharedKeyCredential(account, key);
    const byIdentity = async () => new (await import('@azure/identity')).DefaultAzureCredential();
    const files = new DataLakeServiceClient(url, key === undefined ? await byIdentity() : byKey()).getFileSystemClient(filesystem);
    return {
      list: async () =>
        (await Array.fromAsync(files.listPaths({ path: there, recursive: true })))
          .filter(({ isDirectory }) => !isDirectory)
          .map(({ name }) => name),
      upload: (name, path) => files.getFileClient(name).uploadFile(path),
      download: (name, path) => files.getFileClient(name).readToFile(path),
    };
  },
  async s3({ endpoint, region, bucket, accessKeyId, secretAccessKey }) {
    const { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
    // By default a stream has its checksum behind it, which radosgw refuses (411 MissingContentLength).
    const checksums = doing === 'upload unchecked' ? { requestChecksumCalculation: 'WHEN_REQUIRED' } : {};
    const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey }, ...checksums });
    const put = async (name, body) => client.send(new PutObjectCommand({ Bucket: bucket, Key: name, ...body }));
    return {
      list: async () =>
        ((await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: `${there}/` }))).Contents ?? []).map(({ Key }) => Key),
      // As AWS's own examples do it.
      upload: async (name, path) => put(name, { Body: await readFile(path) }),
      // The quickest way there is: a stream that nobody signs, and of which nobody compares anything when it arrives.
      'upload unchecked': async (name, path) => put(name, { Body: createReadStream(path), ContentLength: (await stat(path)).size }),
      download: async (name, path) =>
        pipeline((await client.send(new GetObjectCommand({ Bucket: bucket, Key: name }))).Body, createWriteStream(path)),
    };
  },
};

const client = await clients[where.kind](where);
const [startedAt, cpuBefore] = [performance.now(), process.cpuUsage()];
if (!doing.startsWith('download')) {
  const names = (await readdir(here, { recursive: true })).filter((name) => name.endsWith('.parquet'));
  for (const name of names) await client[doing](`${there}/${name}`, join(here, name));
} else {
  for (const name of await client.list()) {
    if (!name.endsWith('.parquet')) continue;
    const path = join(here, name.slice(there.length + 1));
    await mkdir(dirname(path), { recursive: true });
    await client.download(name, path);
    if (doing === 'download synced') await synced(path);
  }
}
const { user, system } = process.cpuUsage(cpuBefore);
process.stdout.write(`${performance.now() - startedAt} ${(user + system) / 1000}`);

/** On the disk, with its name. */
async function synced(path) {
  for (const each of [path, dirname(path)]) {
    const handle = await open(each, 'r');
    await handle.sync();
    await handle.close();
  }
}
