import { gunzipSync } from 'node:zlib';
import { TableClient, TableServiceClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import type { Azurite } from '../azurite.ts';

/** Everything that lies in the account: rows of every table, blobs of every container. By the place where it was found. */
export async function everythingIn({ connectionString }: Azurite): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const local = { allowInsecureConnection: true };
  for await (const { name = '' } of TableServiceClient.fromConnectionString(connectionString, local).listTables())
    for await (const row of TableClient.fromConnectionString(connectionString, name, local).listEntities())
      found.set(`table ${name} ${row.partitionKey} ${row.rowKey}`, JSON.stringify(row));
  const blobs = BlobServiceClient.fromConnectionString(connectionString);
  for await (const { name: container } of blobs.listContainers())
    for await (const { name } of blobs.getContainerClient(container).listBlobsFlat()) {
      const bytes = await blobs.getContainerClient(container).getBlockBlobClient(name).downloadToBuffer();
      found.set(`blob ${container}/${name}`, textOf(bytes));
    }
  return found;
}

function textOf(bytes: Buffer): string {
  const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return (isCompressed ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** Where one of the secrets is, as it is or in a coat. */
export function leaksOf(secrets: readonly string[], places: ReadonlyMap<string, string>): readonly string[] {
  return [...places].flatMap(([place, text]) => {
    const worn = secrets.flatMap(coats).find(({ form }) => text.includes(form));
    return worn === undefined ? [] : [`${place} holds ${worn.secret.slice(0, 4)}… ${worn.how}`];
  });
}

function coats(secret: string): readonly { readonly secret: string; readonly how: string; readonly form: string }[] {
  const bytes = Buffer.from(secret);
  const base64 = bytes.toString('base64').replace(/=+$/, '');
  // Within a longer text the edges belong to its neighbours.
  const within = [1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(4, -4),
  );
  return [
    { secret, how: 'as it is', form: secret },
    { secret, how: 'in a URL', form: encodeURIComponent(secret) },
    { secret, how: 'in JSON', form: JSON.stringify(secret).slice(1, -1) },
    ...[base64.slice(0, -2), ...within].map((form) => ({ secret, how: 'in base64', form })),
  ];
}
