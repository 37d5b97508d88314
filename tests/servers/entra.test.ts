import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  type TokenCredential,
  WorkloadIdentityCredential,
} from '@azure/identity';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Azure, client, machine, startAzure, tenant } from '../support/azure-hosts/azure.ts';
import { selfSigned } from '../support/azure-hosts/certificates.ts';
import { run } from './run.ts';

const certificate = selfSigned('a client');
const certified = { id: '88888888-8888-4888-8888-888888888888', principal: '99999999-9999-4999-8999-999999999999' };
const scope = 'https://storage.azure.com/.default';
const folder = mkdtempSync(join(tmpdir(), 'hygge-entra-'));
let azure: Azure;
let inProcess: Disposable;

beforeAll(async () => {
  azure = await startAzure({ clients: [client, { ...certified, certificate: certificate.certificate }] });
  inProcess = azure.hosts.inProcess();
});
afterEach(() => {
  azure.entra.lifetime = 86_400;
  azure.entra.outage = undefined;
});
afterAll(async () => {
  inProcess[Symbol.dispose]();
  rmSync(folder, { recursive: true });
  await azure[Symbol.asyncDispose]();
});

async function principalOf(credential: TokenCredential): Promise<string | undefined> {
  const token = await credential.getToken(scope);
  return azure.entra.bearer(token?.token ?? '')?.principal;
}

const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

describe('an application signs in', () => {
  test('by its secret', async () => {
    expect(await principalOf(new ClientSecretCredential(tenant, client.id, client.secret ?? ''))).toBe(client.principal);
  });

  test.each([
    ['with another secret', tenant, client.id, 'wrong', 'AADSTS7000215'],
    ['that nobody knows', tenant, machine.id, 'wrong', 'AADSTS700016'],
    ['of a tenant that is not there', machine.id, client.id, client.secret ?? '', 'AADSTS90002'],
  ])('but not one %s', async (_, inTenant, id, secret, code) => {
    await expect(new ClientSecretCredential(inTenant, id, secret).getToken(scope)).rejects.toThrow(code);
  });

  test('by its certificate', async () => {
    const path = file('client.pem', certificate.key + certificate.certificate);
    expect(await principalOf(new ClientCertificateCredential(tenant, certified.id, path))).toBe(certified.principal);
  });

  test('but not by another certificate', async () => {
    const other = selfSigned('somebody else');
    const path = file('other.pem', other.key + other.certificate);
    await expect(new ClientCertificateCredential(tenant, certified.id, path).getToken(scope)).rejects.toThrow('AADSTS');
  });

  test('by a token that it is federated with', async () => {
    const tokenFilePath = file('token', client.federated ?? '');
    expect(await principalOf(new WorkloadIdentityCredential({ tenantId: tenant, clientId: client.id, tokenFilePath }))).toBe(
      client.principal,
    );
    const other = new ClientAssertionCredential(tenant, client.id, async () => 'another.token.x');
    await expect(other.getToken(scope)).rejects.toThrow('AADSTS');
  });
});

// A client keeps for its whole process where a machine's identity came from: these ask in processes of their own.
describe('a machine has an identity', () => {
  const asking = (options: string): string => `
    import { ManagedIdentityCredential } from '@azure/identity';
    const answer = await new ManagedIdentityCredential(${options}).getToken('${scope}').catch(() => undefined);
    console.log(answer?.token ?? 'no token');
  `;
  const asked = async (options: string, env: Readonly<Record<string, string>>): Promise<string | undefined> =>
    azure.entra.bearer(await run(asking(options), { ...azure.hosts.env, ...env }))?.principal;

  test('by the endpoint of App Service', async () => {
    expect(await asked('', azure.entra.identityEnv)).toBe(machine.principal);
    expect(azure.entra.issued.at(-1)?.how).toBe('app service');
  });

  test('by its client id, and not by one it does not have', async () => {
    const { identityEnv } = azure.entra;
    expect(await asked(`{ clientId: '${machine.id}' }`, identityEnv)).toBe(machine.principal);
    expect(await asked(`{ clientId: '${client.id}' }`, identityEnv)).toBeUndefined();
  });

  test('but only for a caller that knows the word', async () => {
    expect(await asked('', { ...azure.entra.identityEnv, IDENTITY_HEADER: 'wrong' })).toBeUndefined();
  });

  test('by the address that every machine has', async () => {
    expect(await asked('', {})).toBe(machine.principal);
    expect(azure.entra.issued.at(-1)?.how).toBe('imds');
  });
});

test('a token that is about to be over is asked for again', async () => {
  azure.entra.lifetime = 60;
  const credential = new ClientSecretCredential(tenant, client.id, client.secret ?? '');
  const before = azure.entra.issued.length;
  await credential.getToken(scope);
  await credential.getToken(scope);
  expect(azure.entra.issued.length - before).toBe(2);
});

test('an outage is told', async () => {
  azure.entra.outage = { status: 400, error: 'temporarily_unavailable' };
  const credential = new ClientSecretCredential(tenant, client.id, client.secret ?? '', { retryOptions: { maxRetries: 0 } });
  await expect(credential.getToken(scope)).rejects.toThrow('temporarily_unavailable');
});
