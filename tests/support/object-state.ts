import { randomBytes } from 'node:crypto';
import { ContainerClient } from '@azure/storage-blob';
import { stateInObjects } from '../../src/assembly/open-state.ts';
import { azureBlob } from '../../src/files/systems/azure-blob.ts';
import { Secret } from '../../src/ports/secret.ts';
import type { StateStore } from '../../src/ports/state.ts';
import { type Azurite, connectionStringOf } from './azurite.ts';
import { testNetwork } from './test-network.ts';
import { TestWorkspace } from './workspace.ts';

/** A folder for state in a container of its own. */
export interface ObjectPlace {
  /** Of the account, perhaps by way of a proxy. */
  readonly connectionString: string;
  readonly blobUrl: string;
  readonly container: string;
  readonly folder: string;
  /** Past everything of ours. */
  readonly client: ContainerClient;
}

/** @param blobUrl of a proxy in front of the account. */
export async function objectPlace(server: Azurite, blobUrl = server.blobUrl): Promise<ObjectPlace> {
  const container = `s${randomBytes(8).toString('hex')}`;
  const client = new ContainerClient(server.connectionString, container);
  await client.create();
  return { connectionString: connectionStringOf(`BlobEndpoint=${blobUrl};`), blobUrl, container, folder: 'lake/northwind', client };
}

/** As people see it. */
export function urlOf({ blobUrl, container, folder }: ObjectPlace): string {
  return `${blobUrl}/${container}/${folder}`;
}

/** The line of hygge.yml; the connection string comes from `STATE` in the environment. */
export function stateLine(place: ObjectPlace): string {
  return `state: { type: object, path: "${urlOf(place)}", connection_string: "\${STATE}" }\n`;
}

/** A workspace whose state is there. */
export function objectWorkspace(place: ObjectPlace, files: Readonly<Record<string, string>>): TestWorkspace {
  return new TestWorkspace({ ...files, 'hygge.yml': `name: test\n${stateLine(place)}`, '.env': `STATE=${place.connectionString}\n` });
}

export function objectStateAt({ connectionString, blobUrl, container, folder }: ObjectPlace): Promise<StateStore> {
  const config = { account_url: blobUrl, container, connection_string: new Secret(connectionString) };
  return stateInObjects({ type: 'object', system: azureBlob.id, config, folder }, { network: testNetwork });
}

/** What lies there, by path below the folder. */
export async function objectsIn({ client, folder }: ObjectPlace): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of client.listBlobsFlat()) names.push(name.slice(folder.length + 1));
  return names;
}
