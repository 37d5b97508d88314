// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { readFileSync } from 'node:fs';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program/run.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { fakeSurroundings } from './surroundings.ts';

const azurite = sharedAzurite();
const blob = (at: string) => `type: azure_blob, container: ${at}, connection_string: "\${LAKE}"`;

/** A container of its own, and how a command line is run beside it. */
async function lake(name: string) {
  const { connectionString } = await azurite();
  const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient(name);
  await container.create();
  const hygge = async (workspace: TestWorkspace, ...args: readonly string[]) => {
    const surroundings = fakeSurroundings(workspace.root, { environment: { LAKE: connectionString } });
    const code = await run(args, surroundings);
    return { code, stdout: surroundings.stdout(), stderr: surroundings.stderr() };
  };
  return { container, hygge, connectionString };
}

async function namesIn(container: ContainerClient): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of container.listBlobsFlat()) names.push(name);
  return names;
}

async function put(container: ContainerClient, workspace: TestWorkspace, ...names: readonly string[]): Promise<void> {
  await workspace.parquet('one.parquet', 'select 1 as id, 2 as n');
  const body = readFileSync(workspace.path('one.parquet'));
  for (const name of names) await container.getBlockBlobClient(name).upload(body, body.byteLength);
}

describe('hygge debug, of a flow from one folder of a container to another', () => {
  it('tries every right once for a place, reads the home, lists what is needed, and leaves nothing behind', async () => {
    const { container, hygge } = await lake('debugged');
    using workspace = new TestWorkspace({
      'flows/crm/flow.yml': `home: { ${blob('debugged')}, path: in }\nstore: { ${blob('debugged')}, path: out }\nentities: [a, b]\n`,
    });
    await put(container, workspace, 'in/a/1.parquet', 'in/b/1.parquet');
    const before = await namesIn(container);
    const { code, stdout } = await hygge(workspace, 'debug');
    expect(stdout).toContain('You are ready');
    expect(code).toBe(0);
    expect(stdout).toMatch(/✓ home: reads 1 file in http.*\/debugged\/in\/a\n/);
    for (const deed of [
      'lists files in http',
      'stages files',
      'publishes them once',
      'reads them back',
      'discards staged files permanently',
      'writes a record only if',
      'removes files',
    ]) {
      expect(stdout.split(`✓ store: ${deed}`)).toHaveLength(2);
    }
    expect(stdout).toContain('✓ store: the same place as that of crm.a\n');
    expect(stdout).toMatch(
      /\nneeds\n {2}secret {4}(\w+ \()?connection_string\)? {2}for crm\.a and 1 more, flows\/crm\/flow.yml:1\n {2}host {6}127\.0\.0\.1:\d+ {2}for crm\.a and 1 more, flows\/crm\/flow.yml:1\n/,
    );
    expect(await namesIn(container)).toEqual(before);
    const json = (await hygge(workspace, 'debug', '--output', 'json')).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(json.filter(({ event }) => event === 'needs')).toEqual([
      expect.objectContaining({ event: 'needs', v: 1, need: 'secret', name: 'connection_string', by: ['crm.a', 'crm.b'] }),
      expect.objectContaining({ event: 'needs', v: 1, need: 'host', name: expect.stringContaining('127.0.0.1'), by: ['crm.a', 'crm.b'] }),
    ]);
  });

  it('says once what is wrong with the place, without the key', async () => {
    const { hygge, connectionString } = await lake('refusing');
    const canary = Buffer.from('canary-8d1c').toString('base64');
    const wrong = connectionString.replace(/AccountKey=[^;]+/, `AccountKey=${canary}`);
    using workspace = new TestWorkspace({
      'flows/crm/flow.yml': `home: in\nstore: { ${blob('refusing').replace('${LAKE}', '${WRONG}')}, path: out }\nentities: [a, b]\n`,
      '.env': `WRONG=${wrong}\n`,
    });
    for (const name of ['a', 'b']) await workspace.parquet(`in/${name}/1.parquet`, 'select 1 as id');
    const text = await hygge(workspace, 'debug');
    expect(text.code).toBe(1);
    expect(text.stdout).toMatch(/✗ store: HYG-640[12] .*\n {6}why/);
    expect(text.stdout).toContain('✗ store: the same place as that of crm.a, which has a problem');
    const outputs = [
      text,
      await hygge(workspace, 'debug', '--output', 'json'),
      await hygge(workspace, 'go', '-v'),
      await hygge(workspace, 'go', '--output', 'json'),
      await hygge(workspace, 'report', '--out', '-', '--messages'),
    ];
    for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toMatch(/canary-8d1c|Y2FuYXJ5LThkMWM/);
  });
});

describe('hygge generate entities, of a home in a container', () => {
  it('makes one of each folder and file there, and what it makes runs', async () => {
    const { container, hygge } = await lake('generated');
    using workspace = new TestWorkspace({ 'flows/crm/flow.yml': `home: { ${blob('generated')}, path: in }\nstore: lake\n` });
    await put(container, workspace, 'in/orders/2024/1.parquet', 'in/customers.parquet', 'in/_tmp/x.parquet', 'inside/y.parquet');
    const made = await hygge(workspace, 'generate', 'entities', '--flow', 'crm');
    expect(made.stdout).toContain('+ flows/crm/entities/customers.yml\n+ flows/crm/entities/orders.yml\n');
    expect(made.stdout).not.toMatch(/tmp|inside|side\.yml/);
    expect((await hygge(workspace, 'go')).stdout).toContain('PASS=2');
    const listed = await hygge(workspace, 'list', 'entities');
    expect(listed.stdout).toMatch(/crm\.orders .*\/generated\/in\/orders +lake\/orders/);
  });
});

describe('what is no place for a URL', () => {
  it('--to of a try-out says so', async () => {
    const { hygge } = await lake('tried');
    using workspace = new TestWorkspace({ 'flows/crm/flow.yml': 'home: in\nstore: lake\n' });
    const { code, stderr } = await hygge(workspace, 'go', '--limit', '5', '--to', 's3://lake/try');
    expect(code).toBe(2);
    expect(stderr).toContain('--to needs a folder of this machine, but this is a URL.');
  });
});

describe('a try-out of a flow that settles in a container', () => {
  it('settles in a folder of this machine, and never touches the container', async () => {
    const { container, hygge } = await lake('untouched');
    using workspace = new TestWorkspace({
      'flows/crm/flow.yml': `home: { ${blob('untouched')}, path: in }\nstore: { ${blob('untouched')}, path: out }\n`,
    });
    await put(container, workspace, 'in/1.parquet');
    const before = await namesIn(container);
    expect((await hygge(workspace, 'go', '--limit', '5', '--to', 'try')).stdout).toContain('PASS=1');
    expect(await namesIn(container)).toEqual(before);
    expect(await workspace.settled('try/crm/crm', 'crm', 'crm', 'try')).toEqual([{ id: 1, n: 2 }]);
  });
});
