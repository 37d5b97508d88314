import { type GcsServer, startGcsServer } from '../gcs-server/server.ts';
import type { LakeKind, LakePlace, TestLake } from './lake.ts';
import { writeDown } from './write-down.ts';

const usual = 'lake';

/** A new bucket. @param address where hygge finds the service, if not where it is: a proxy's. */
export function lakeInGcs(server: GcsServer, name = usual, address = server.url): LakePlace {
  const bucket = server.bucket(name);
  return {
    side: (path, more) =>
      `{ type: gcs, bucket: ${name}, endpoint: "${address}", key_file: "${server.keyFile}", path: "${path}"${more === undefined ? '' : `, ${more}`} }`,
    env: {},
    sdk: { kind: 'gcs', endpoint: server.url, bucket: name, keyFile: server.keyFile },
    download: (folder, to) =>
      writeDown(
        [...bucket.objects].map(([path, { body }]) => [path, body] as const),
        folder,
        to,
      ),
    unfinished: async () => [],
    async empty() {
      bucket.objects.clear();
    },
  };
}

async function start(): Promise<TestLake> {
  const server = await startGcsServer();
  return {
    ...lakeInGcs(server),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      if (server.notTaught.length > 0) throw new Error(`the server was not taught ${server.notTaught.join(', ')}`);
    },
  };
}

/** Cloud Storage, played by a server of ours. An upload that was not finished is nothing there: the service forgets it. */
export const gcsLake: LakeKind = { name: 'gcs', start };
