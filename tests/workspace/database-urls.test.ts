// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { execFileSync } from 'node:child_process';
import { describe, expect, it, test } from 'vitest';
import { endingOf } from '../../src/workspace/read/database-urls.ts';
import { TestWorkspace } from '../support/workspace.ts';

describe.each(['postgres', 'postgresql', 'mysql', 'mariadb', 'sqlserver', 'mssql'])('the URL of %s', (scheme) => {
  it.each(['/', '?', '#'])('that ends at a %s of its password is found', (sign) => {
    expect(endingOf(`${scheme}://me:pass${sign}word@host:5432/db`)).toEqual([sign]);
    expect(endingOf(`${scheme}://me:${sign}@host`)).toEqual([sign]);
  });

  it.each(['me:pass@word@host/db', 'me@corp.example:word@host', 'me:@@host'])('with %s has an @ too many', (rest) =>
    expect(endingOf(`${scheme}://${rest}`)).toEqual(['@']),
  );

  it.each(['me:password', 'me:password/db', 'me:123456?a=b', 'host:'])('with %s has no host', (rest) =>
    expect(endingOf(`${scheme}://${rest}`)).toEqual([]),
  );

  it.each([
    '${HOST}:${PORT}/db',
    'me:pass%40word@host/db',
    'me:pass%2Fword@host/db',
    'me@host/a@b',
    'host:5432/db?user=a@b',
    'a:1,b:2/db?user=a@b',
    '[::1]:5432/db?user=a@b',
    'host/db?user=a@b',
    'host:5432/db',
    'me:p:a:s@host/d',
  ])('with %s is whole', (rest) => expect(endingOf(`${scheme}://${rest}`)).toBeUndefined());
});

const secret = 'CANARY7q/xCANARY8';

test.each([
  ['connection_string of a variable', 'home: { type: postgres, connection_string: "${PGURL}", table: t }\nstore: lake\n'],
  ['url of a variable', 'home: { type: postgres, url: "${PGURL}", table: t }\nstore: lake\n'],
  ['url in the file', `home: { type: postgres, url: "postgres://me:${secret}@127.0.0.1:1/d", table: t }\nstore: lake\n`],
  ['url of a store', 'home: { type: parquet, path: in }\nstore: { type: postgres, url: "${PGURL}", table: t }\n'],
  ['a place in short', `home: { type: parquet, path: in }\nstore: "postgres://me:${secret}@127.0.0.1:1/d"\n`],
])('a password with a slash is refused and shown nowhere: %s', async (_, flow) => {
  using workspace = new TestWorkspace({ 'hygge.yml': 'name: w\n', 'flows/f/flow.yml': flow });
  const env = { PGURL: `postgres://me:${secret}@127.0.0.1:1/d` };
  for (const command of [['check'], ['go'], ['go', '--output', 'json', '-v'], ['debug']]) {
    const { code, stdout, stderr } = await workspace.run(command, { env });
    expect(code).toBe(2);
    expect(stdout + stderr).toContain('HYG-1140');
    expect(stdout + stderr).toContain('%2F in place of /');
    expect(stdout + stderr).not.toMatch(/CANARY/i);
  }
});

test.each([
  ['an @ in the password', 'postgres://me:a@CANARY7qx@127.0.0.1:1/d', '%40 in place of @'],
  ['an @ in the user', 'postgres://me@corp.example:CANARY7qx@127.0.0.1:1/d', '%40 in place of @'],
  ['no host', 'postgres://me:CANARY7qx', 'postgres://user:password@host:5432/database'],
])('a URL with %s is refused and shown nowhere', async (_, url, advice) => {
  const flow = (written: string) => `home: { type: postgres, url: "${written}", table: t }\nstore: lake\n`;
  using workspace = new TestWorkspace({ 'hygge.yml': 'name: w\n' });
  for (const written of ['${PGURL}', url]) {
    workspace.write({ 'flows/f/flow.yml': flow(written) });
    const { code, stdout, stderr } = await workspace.run(['go', '--output', 'json', '-v'], { env: { PGURL: url } });
    expect(code).toBe(2);
    expect(stdout + stderr).toContain('HYG-1140');
    expect(stdout + stderr).toContain(advice);
    expect(stdout + stderr).not.toMatch(/CANARY/i);
  }
});

test('the command that the error prints encodes the password, and the URL is then taken', async () => {
  using workspace = new TestWorkspace({
    'hygge.yml': 'name: w\n',
    'flows/f/flow.yml': 'home: { type: postgres, connection_string: "${PGURL}", table: t }\nstore: lake\n',
  });
  const urlWith = (password: string) => ({ env: { PGURL: `postgres://me:${password}@127.0.0.1:1/d` } });
  const { stderr } = await workspace.run(['check'], urlWith(secret));
  const [, script = ''] = /node -p "([^"]+)"/.exec(stderr.replaceAll(/\s+/g, ' ')) ?? [];
  const encoded = execFileSync(process.execPath, ['-p', script.replace('<password>', secret)], { encoding: 'utf8' }).trim();
  expect(encoded).toBe('CANARY7q%2FxCANARY8');
  expect(await workspace.run(['check'], urlWith(encoded))).toMatchObject({ code: 0 });
});

test.each([
  '*CANARY7x',
  '"*CANARY7x',
  '&CANARY7x',
  '!CANARY7x y',
  '{CANARY7x}',
  '[CANARY7x',
  '"CANARY7x',
  "'CANARY7x",
  '%CANARY7x',
  '@CANARY7x',
  '`CANARY7x',
  'CANARY7x: y',
  '|CANARY7x',
  '>CANARY7x',
  '- CANARY7x',
  '? CANARY7x',
  ', CANARY7x',
  '{ *CANARY7x',
  '[*CANARY7x]',
  '{ a: *CANARY7x }',
])('a password that YAML reads as something else is in no message: %s', async (password) => {
  using workspace = new TestWorkspace({
    'hygge.yml': `name: w\nconnections:\n  c:\n    type: postgres\n    host: 127.0.0.1\n    password: ${password}\n`,
    'flows/f/flow.yml': 'home: { connection: c, table: t }\nstore: lake\n',
  });
  const { stdout, stderr } = await workspace.run(['check']);
  expect(stdout + stderr).not.toMatch(/CANARY/i);
});
