import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { withWaiting } from '../../src/ports/retry.ts';
import { Secret } from '../../src/ports/secret.ts';
import { type AwsKeys, awsClash } from '../../src/remote/aws/keys.ts';
import { managedIdentity } from '../support/managed-identity.ts';
import { noWaiting } from '../support/no-waiting.ts';
import { type S3Server, startS3Server } from '../support/s3-server/server.ts';
import { bytes, fresh, keysOf, lakeAt, text, thrownBy } from './s3-lake.ts';

const role = 'arn:aws:iam::123456789012:role/hygge';

let server: S3Server;
let folder: string;

beforeAll(async () => {
  server = await startS3Server();
  server.bucket('lake');
  folder = mkdtempSync(join(tmpdir(), 'hygge-aws-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server[Symbol.asyncDispose]();
});
beforeEach(() => {
  // Nothing of the machine that runs the tests.
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE', 'AWS_REGION'])
    vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.roles.trusted.clear();
  server.roles.tokens.clear();
  server.roles.given.length = 0;
  server.roles.lifetimeMs = 3_600_000;
  server.rule(() => undefined);
  expect(server.notTaught).toEqual([]);
});

/** Connections are kept by their identity: a session of its own makes each test's own. */
let sessions = 0;

const as = (keys: AwsKeys) => lakeAt(server, { keys: { sts_endpoint: server.url, role_session_name: `session-${++sessions}`, ...keys } });

async function movesFiles(keys: AwsKeys, files = as(keys)): Promise<void> {
  const tree = await files;
  const path = `file-${++sessions}`;
  expect((await tree.put(path, bytes('x'), fresh)).outcome).toBe('written');
  expect(text(await tree.read(path))).toBe('x');
}

describe('the identity of the process', () => {
  test('is asked of the environment', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', server.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', server.secretAccessKey);
    await movesFiles({}, lakeAt(server, { keys: {} }));
  });

  test('is asked of a profile by its name', async () => {
    const profile = `[mover]\naws_access_key_id = ${server.accessKeyId}\naws_secret_access_key = ${server.secretAccessKey}\n`;
    writeFileSync(join(folder, 'mover'), profile);
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'mover'));
    await movesFiles({}, lakeAt(server, { keys: { profile: 'mover' } }));
  });

  test('is missing: an error that says how to sign in', async () => {
    const files = await lakeAt(server, { keys: { profile: 'nobody-of-that-name' } });
    const error = await thrownBy(() => files.put('a', bytes('x'), fresh));
    expect(error).toMatchObject({
      code: 'HYG-6402',
      tryThis: [expect.stringContaining('aws sso login'), expect.any(String), expect.any(String)],
    });
  });
});

describe('a role', () => {
  test('is taken with keys, by the name of the session and the external id', async () => {
    server.roles.trusted.set(role, 'as agreed');
    await movesFiles({ ...keysOf(server), role_arn: role, external_id: 'as agreed', role_session_name: 'nightly' });
    expect(server.roles.given).toEqual([{ action: 'AssumeRole', role, session: 'nightly' }]);
  });

  test('that does not trust the caller is an error that says what to look at', async () => {
    server.roles.trusted.set(role, 'as agreed');
    const files = await as({ ...keysOf(server), role_arn: role, external_id: 'guessed' });
    const error = await thrownBy(() => files.put('a', bytes('x'), fresh));
    expect(error).toMatchObject({
      code: 'HYG-6402',
      what: expect.stringContaining(role),
      tryThis: [expect.stringContaining('sts:AssumeRole'), expect.any(String)],
    });
  });

  test('is taken again before its keys are over, in the middle of a run', async () => {
    server.roles.trusted.set(role, undefined);
    server.roles.lifetimeMs = 60_000;
    const files = await as({ ...keysOf(server), role_arn: role });
    for (const path of ['r1', 'r2', 'r3']) {
      await files.put(path, bytes('x'), fresh);
      await vi.waitFor(
        async () => {
          await files.stat(path);
          expect(new Set(server.seen.slice(-1).map(({ request }) => request.headers['x-amz-security-token'])).size).toBe(1);
        },
        { timeout: 60_000 },
      );
    }
    expect(server.roles.given.length).toBeGreaterThan(1);
  });

  test('is taken with a token from a file', async () => {
    server.roles.tokens.set(role, (token) => token === 'signed by someone');
    writeFileSync(join(folder, 'token'), 'signed by someone');
    await movesFiles({ role_arn: role, token_file: join(folder, 'token') });
    expect(server.roles.given).toMatchObject([{ action: 'AssumeRoleWithWebIdentity', role }]);
  });

  test('is taken with a token that Entra ID gives to a managed identity: no key of AWS is stored', async () => {
    await using entra = await managedIdentity(() => 'signed by Entra', 3600);
    vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'ManagedIdentityCredential');
    server.roles.tokens.set(role, (token) => token === 'signed by Entra');
    await movesFiles({ role_arn: role, entra_audience: 'api://hygge-aws', entra_client_id: 'an identity of the test' });
    expect(entra.asked).toEqual(['api://hygge-aws']);
    expect(server.roles.given).toMatchObject([{ action: 'AssumeRoleWithWebIdentity', role }]);
  });

  test('that no token of ours opens is an error that says what to look at', async () => {
    writeFileSync(join(folder, 'token'), 'of someone else');
    const files = await as({ role_arn: role, token_file: join(folder, 'token') });
    const error = await thrownBy(() => files.put('a', bytes('x'), fresh));
    expect(error).toMatchObject({
      code: 'HYG-6402',
      tryThis: [expect.stringContaining('sts:AssumeRoleWithWebIdentity'), expect.any(String)],
    });
  });

  test('that cannot be asked for now can be later', async () => {
    writeFileSync(join(folder, 'token'), 'signed by someone');
    server.roles.tokens.set(role, () => true);
    const files = await as({ role_arn: role, token_file: join(folder, 'token') });
    server.rule(({ operation }) => (operation === 'sts' ? { before: { status: 503 } } : undefined));
    expect(await thrownBy(() => withWaiting(noWaiting(), () => files.put('a', bytes('x'), fresh)))).toMatchObject({
      code: 'HYG-6052',
      transient: true,
    });
    server.rule(() => undefined);
    await movesFiles({}, Promise.resolve(files));
  });
});

describe('keys that can not be meant', () => {
  test.each<[string, AwsKeys, string]>([
    ['a secret without its key', { secret_access_key: new Secret('s') }, 'access_key_id'],
    ['a key without its secret', { access_key_id: 'AKIA' }, 'secret_access_key'],
    ['a token without keys', { session_token: new Secret('t'), credential: 'keys' }, 'access_key_id'],
    ['keys and a profile', { access_key_id: 'A', secret_access_key: new Secret('s'), profile: 'p', role_arn: role }, 'profile'],
    ['a role by no name of one', { role_arn: 'hygge' }, 'role_arn'],
    ['a role of no one', { credential: 'assume_role' }, 'role_arn'],
    ['a token without a role', { token_file: 'f' }, 'role_arn'],
    ['two tokens', { role_arn: role, token_file: 'f', entra_audience: 'a' }, 'entra_audience'],
    ['no token', { role_arn: role, credential: 'web_identity' }, 'token_file'],
    ['an identity of Entra without an audience', { role_arn: role, token_file: 'f', entra_client_id: 'c' }, 'entra_client_id'],
    ['an external id with a token', { role_arn: role, token_file: 'f', external_id: 'e' }, 'external_id'],
    ['keys and no one', { credential: 'anonymous', access_key_id: 'A', secret_access_key: new Secret('s') }, 'access_key_id'],
  ])('%s', (_, keys, key) => {
    expect(awsClash(keys)).toMatchObject({ key, needs: expect.stringMatching(/^[A-Z]/) });
  });

  test.each<[string, AwsKeys]>([
    ['nothing at all', {}],
    ['a profile', { profile: 'p' }],
    ['keys', keysOf({ accessKeyId: 'A', secretAccessKey: 's' })],
    ['a role with keys', { ...keysOf({ accessKeyId: 'A', secretAccessKey: 's' }), role_arn: role, external_id: 'e' }],
    ['a role in the government’s cloud', { role_arn: 'arn:aws-us-gov:iam::123456789012:role/path/hygge' }],
    ['a role by a token', { role_arn: role, entra_audience: 'api://hygge', entra_client_id: 'c' }],
  ])('and what can: %s', (_, keys) => {
    expect(awsClash(keys)).toBeUndefined();
  });
});
