// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { namesSecret, Secret } from '../../src/ports/secret.ts';
import { NotUtf8 } from '../../src/ports/workspace-files.ts';
import { explain } from '../../src/workspace/check/explain.ts';
import { configOf, filesOf, load, mistakes, onlyEntity, type Texts } from './shop.ts';

const crm = (home: string, others: Texts = {}): Texts => ({
  'hygge.yml': 'name: "${NAME:-shop}"\n',
  'flows/crm/flow.yml': `home: ${home}\nstore: out\n`,
  ...others,
});
const path = async (home: string, env: Readonly<Record<string, string>>, others: Texts = {}) =>
  configOf((await onlyEntity(crm(home, others), { env })).home).path;

const files = filesOf(crm('in'));
const brokenDotEnv = { ...files, read: (path: string) => (path.endsWith('/.env') ? Promise.reject(new NotUtf8(path)) : files.read(path)) };

describe('variables', () => {
  test('are filled in anywhere in a text', async () => {
    expect(await path('"/a/${B}/c${D}"', { B: 'b', D: 'd' })).toBe('/a/b/cd');
    expect((await load(crm('in'), { env: { NAME: 'market' } })).name).toBe('market');
  });

  test('have a default for when they are not set; set but empty is set', async () => {
    expect(await path('"/a/${B:-x:y}"', {})).toBe('/a/x:y');
    expect(await path('"/a/${B:-}/c"', {})).toBe('/a/c');
    expect(await path('"/a/${B:-x}"', { B: '' })).toBe('/a');
  });

  test('are not set when only JavaScript knows the name', async () => {
    expect(await path('"/a/${constructor:-x}/${__proto__:-y}"', {})).toBe('/a/x/y');
  });

  test('of a path whose extension only JavaScript knows change nothing', async () => {
    expect(await path('"/a/b.${X}"', { X: 'constructor' })).toBe('/a/b.constructor');
  });

  test('come from the environment first, then from .env', async () => {
    const dotEnv = { '.env': '# ours\nexport B="from file"\nC=\'c\' # comment\r\n' };
    expect(await path('"/${B}/${C}"', {}, dotEnv)).toBe('/from file/c');
    expect(await path('"/${B}/${C}"', { B: 'real' }, dotEnv)).toBe('/real/c');
  });

  test('of an .env that is not text are told of', async () => {
    const [error] = await mistakes({}, { files: brokenDotEnv });
    expect(`${error?.where?.file} ${error?.code}`).toBe('.env HYG-1003');
  });

  test('a value is never filled in a second time, nor read as YAML', async () => {
    expect(await path('"/${B}"', { B: '${C}' })).toBe('/${C}');
    expect(await path('"/${B}"', { B: 'x: [y' })).toBe('/x: [y');
  });

  test('a doubled dollar is a dollar', async () => {
    expect(await path('"/$${B}"', {})).toBe('/${B}');
  });

  test('give a number or a truth value where one is needed', async () => {
    const home = '{ type: warehouse, server: "${S}", port: "${PORT}", trust: "${TRUST}" }';
    const entity = await onlyEntity(crm(home), { env: { S: '10', PORT: '1433', TRUST: 'TRUE' } });
    expect(configOf(entity.home)).toMatchObject({ server: '10', port: 1433, trust: true });
  });

  test('that give no number are shown by name, never by value', async () => {
    const [error] = await mistakes(crm('{ type: warehouse, server: s, port: "${PORT}" }'), { env: { PORT: 'hunter2' } });
    expect(error?.what).toBe('`home.port` needs a number, but it is text (`${PORT}`).');
    expect(JSON.stringify(error?.toDetails())).not.toContain('hunter2');
  });

  test('all that are not set are reported at once, each in its own place', async () => {
    const errors = await mistakes(crm('"${A}/${B}"', { 'flows/other/flow.yml': 'home: "${C}"\nstore: x\n' }));
    expect(errors.map(({ what, where }) => `${where?.file}:${where?.column} ${what}`)).toEqual([
      'flows/crm/flow.yml:8 The variable `A` is not set.',
      'flows/crm/flow.yml:13 The variable `B` is not set.',
      'flows/other/flow.yml:8 The variable `C` is not set.',
    ]);
  });
});

describe('a secret', () => {
  const home = '{ type: warehouse, server: s, password: "${PW}" }';

  test('is there for the one call that needs it, and prints as ***', async () => {
    const entity = await onlyEntity(crm(home), { env: { PW: 'hunter2' } });
    const { password } = configOf(entity.home);
    if (!(password instanceof Secret)) throw new Error('the password is not wrapped');
    expect(password.reveal()).toBe('hunter2');
    for (const shown of [
      JSON.stringify(entity),
      inspect(entity, { depth: 9, showHidden: true }),
      `${password}`,
      `${[password]}`,
      inspect(password),
    ]) {
      expect(shown).not.toContain('hunter2');
      expect(shown).toContain('***');
    }
  });

  test('is never taken for a template', async () => {
    const { password } = configOf((await onlyEntity(crm(home), { env: { PW: 'x{date}y' } })).home);
    expect(password instanceof Secret && password.reveal()).toBe('x{date}y');
  });

  test('that is written out is warned of, without showing it', async () => {
    const { warnings } = await load(crm(home.replace('${PW}', 'hunter2')));
    expect(warnings.map(({ message }) => message)).toEqual([
      '`password` is written out in the file. A variable keeps it out of version control: `password: ${PASSWORD}`.',
    ]);
    expect(JSON.stringify(warnings)).not.toContain('hunter2');
    expect((await load(crm(home), { env: { PW: 'x' } })).warnings).toEqual([]);
  });

  test('is wrapped when it is written out, too', async () => {
    expect(JSON.stringify(await onlyEntity(crm(home.replace('${PW}', 'hunter2'))))).not.toContain('hunter2');
  });

  test.each([
    ['an unknown key next to it', '{ type: warehouse, pasword: hunter2, server: s }'],
    ['a misspelt key', '{ type: warehouse, server: s, pasword: hunter2 }'],
    ['a wrong kind of value', '{ type: warehouse, server: s, password: [hunter2] }'],
    ['another mistake in the same line', '{ type: warehouse, password: hunter2, srver: s }'],
    ['a user in a URL', '"s3://ana:hunter2@host/x"'],
  ])('is not shown with %s', async (_, written) => {
    const errors = await mistakes(crm(written));
    expect(explain(errors)).not.toContain('hunter2');
    expect(JSON.stringify(errors.map((error) => error.toDetails()))).not.toContain('hunter2');
  });

  test('is not shown from a --var', async () => {
    const errors = await mistakes(crm(home), {
      env: { PW: 'x' },
      vars: ['flow.crm.home.password=[hunter2]', 'flow.crm.home.pasword=hunter2'],
    });
    expect(explain(errors)).not.toContain('hunter2');
  });

  test.each([
    'password',
    'client_secret',
    'sas',
    'sas_token',
    'connectionString',
    'storage_account_key',
    'API-KEY',
    'credentials',
    'secret_access_key',
    'session_token',
    'service_account_json',
  ])('is what %s holds', (key) => {
    expect(namesSecret(key)).toBe(true);
  });

  test.each([
    'key',
    'key_columns',
    'path',
    'basis',
    'table',
    'column',
    'credential',
    'access_key_id',
    'token_file',
    'client_certificate_path',
  ])('is not what %s holds', (key) => {
    expect(namesSecret(key)).toBe(false);
  });
});
