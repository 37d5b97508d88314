import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import { run } from '../../src/cli/program/run.ts';
import type { Azurite } from '../support/azurite.ts';
import { fakeSurroundings } from './surroundings.ts';
import { exampleWorkspace } from './workspace.ts';

let containers = 0;

/** The example workspace, a container of its own, and hygge with the settings of the function app. */
export async function configHome({ connectionString, blobUrl }: Azurite) {
  const workspace = await exampleWorkspace();
  containers += 1;
  const url = `${blobUrl}/hygge-config-${process.pid}-${containers}`;
  const environment = { AzureWebJobsStorage: connectionString, HYGGE_CONFIG: url, USER: 'anna' };
  const hygge = async (args: readonly string[], more: Readonly<Record<string, string | undefined>> = {}, directory = workspace.root) => {
    const surroundings = fakeSurroundings(directory, { environment: { ...environment, ...more } });
    const code = await run(args, surroundings);
    return { code, stdout: surroundings.stdout(), stderr: surroundings.stderr() };
  };
  /** What a command says in JSON, a line each. */
  const rows = async (...args: readonly string[]) => {
    const { stdout } = await hygge([...args, '--output', 'json']);
    const lines = stdout.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  };
  return {
    ...workspace,
    url,
    environment,
    hygge,
    rows,
    container: () => BlobServiceClient.fromConnectionString(connectionString).getContainerClient(url.slice(blobUrl.length + 1)),
    write: (path: string, text: string) => writeFile(join(workspace.root, path), text),
  };
}
