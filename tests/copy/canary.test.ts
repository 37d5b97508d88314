// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPlace } from '../../src/cli/copy/place.ts';
import { quickWaits } from '../support/quick-waits.ts';
import { sampled } from '../support/samples.ts';
import { CopyFolder } from './folder.ts';

/** A password with signs that are encoded in a URL: each spelling of it must stay unseen. */
const canary = 'cAnArY1&ß';
const encoded = encodeURIComponent(canary);
const spellings = ['cAnArY1', canary, encoded, Buffer.from(canary).toString('base64')];

const schemes = ['postgres', 'mysql', 'mssql', 's3', 'gs', 'az', 'abfss', 'https', 'sqlite', 'duckdb', 'md', 'file', 'postgress', 'x'];

const behind = (secret: string): readonly string[] => [
  // The right form, and what a hand makes of it.
  `://u:${secret}@127.0.0.1:9/d#t`,
  `:/u:${secret}@127.0.0.1:9/d#t`,
  `:u:${secret}@127.0.0.1:9/d#t`,
  `:///u:${secret}@127.0.0.1:9/d#t`,
  `:\\\\u:${secret}@127.0.0.1:9\\d`,
  `//u:${secret}@127.0.0.1:9/d#t`,
  `/u:${secret}@127.0.0.1:9/d`,
  ` ://u:${secret}@127.0.0.1:9/d`,
  `://u:${secret}/d`,
  `:/u:${secret}/d`,
  `://u:${secret}@`,
  `://u:${secret}@#t`,
  `://u:${secret}@/d`,
  `://:${secret}@127.0.0.1:9/d`,
  `://u:${secret}@@127.0.0.1:9/d`,
  `://u:a@${secret}@127.0.0.1:9/d`,
  `://u:${secret}/x@127.0.0.1:9/d`,
  `://u:${secret}#x@127.0.0.1:9/d`,
  `://u:${secret}?x@127.0.0.1:9/d`,
  `://u:${secret}%@127.0.0.1:9/d#t`,
  `://u:${secret}@127.0.0.1:99999/d#t`,
  `://u:${secret}@127.0.0.1:port/d#t`,
  `://u:${secret}@[::1/d#t`,
  `://u%3A${secret}@127.0.0.1:9/d#t`,
  `://u@127.0.0.1:9/d?password=${secret}#t`,
  `://u@127.0.0.1:9/d?user=u&Password=${secret}&x=1`,
  `://127.0.0.1:9/d?sv=2024&sig=${secret}`,
  `://127.0.0.1:9/d?X-Amz-Signature=${secret}`,
  `://127.0.0.1:9/d?token=${secret}`,
  `://127.0.0.1:9/d?motherduck_token=${secret}`,
  `:d?motherduck_token=${secret}#t`,
  `://127.0.0.1;User Id=u;Password=${secret};Database=d`,
];

const odd = (secret: string): readonly string[] => [
  `u:${secret}@127.0.0.1:9/d#t`,
  `user:${secret}@127.0.0.1/d`,
  `//u:${secret}@127.0.0.1/d`,
  `/u:${secret}@127.0.0.1/d`,
  `Server=127.0.0.1;Database=d;User Id=u;Password=${secret}`,
  `host=127.0.0.1 user=u password=${secret} dbname=d`,
  `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${secret};EndpointSuffix=core.windows.net`,
];

/** Without an `@` these are paths of files, and their names no passwords. */
const isPath = (place: string) => /^(sqlite|duckdb|md|file|x):[^@]*$/.test(place) && !place.includes('=');

const all = [canary, encoded].flatMap((secret) => [
  ...schemes.flatMap((scheme) => behind(secret).map((rest) => `${scheme}${rest}`)),
  ...odd(secret),
]);

/** Every text of the folder, and every name in it. */
function kept(root: string): string {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .map((one) => `${one.name}\n${one.isFile() ? readFileSync(join(one.parentPath, one.name), 'latin1') : ''}`)
    .join('\n');
}

/** They are tried for seconds at an address where nothing answers. */
const connects = (place: string) => /^(postgres|mysql|mssql):\/\/u?:.*@/.test(place);
/** A signature is what such an address may hold, and what it is for is asked of the account. */
const leavesTheMachine = (place: string) => /^(az|abfss|https|s3|gs):\/\/127.*[?&]sig=/.test(place);

const places = all.filter((place) => !isPath(place) && !leavesTheMachine(place));
const sample = [
  ...sampled(
    places.filter((place) => !connects(place)),
    7,
  ),
  ...sampled(places.filter(connects), 250),
];

it('a file whose name has such signs is copied all the same', async () => {
  using folder = new CopyFolder({ 'u:x@h.csv': 'id\n1\n' });
  expect(await folder.copy('u:x@h.csv', './v:y@h')).toMatchObject({ code: 0 });
  expect(await folder.copy('u:x@h.csv', folder.path('w:z@h.csv'))).toMatchObject({ code: 0 });
});

it('a password in a URL is in no error, no event and no file, however the URL is written', async () => {
  using _ = quickWaits();
  using folder = new CopyFolder({ 'a.csv': 'id\n1\n' });
  const seen: string[] = [];
  for (const place of sample) {
    for (const [n, args] of [
      [place, 'out/x'],
      ['a.csv', place],
    ].entries()) {
      const told = await folder.copy(...args, ...(n === 0 ? [] : ['--output', 'json']));
      const output = `${told.stdout}\n${told.stderr}`;
      if (told.code === 0) seen.push(`${args.join(' → ')} is green`);
      for (const spelling of spellings)
        if (output.includes(spelling))
          seen.push(`${args.join(' → ')}: ${output.slice(Math.max(output.indexOf(spelling) - 80, 0)).slice(0, 120)}`);
    }
  }
  const files = kept(folder.root);
  for (const spelling of spellings)
    if (files.includes(spelling)) seen.push(`a file holds ${files.slice(Math.max(files.indexOf(spelling) - 80, 0)).slice(0, 160)}`);
  expect(seen).toEqual([]);
});

describe('a password with the very signs that an address is cut at', () => {
  it.each([
    ['pa:ss', '', ''],
    ['p@ss', '', ''],
    ['p@ss:wo:rd', ':5432', '#orders'],
    ['pa/ss', '', '#orders'],
    ['pa?ss', '', '?sslmode=require'],
    ['pa#ss', '', '#orders'],
  ])('%s is whole, and no part of the address', async (password, port, rest) => {
    const read = await readPlace(`postgres://me:${password}@host${port}/db${rest}`, '/');
    const { secret, shown, ...place } = { secret: undefined, ...read };
    const from = secret?.from;
    expect(from?.by === 'text' && from.text.reveal()).toBe(password);
    expect(shown).toBe(`postgres://me@host${port}/db${rest}`);
    expect(place).toMatchObject({ address: { key: 'url', value: `postgres://me@host${port}/db${rest.replace(/#.*/, '')}` } });
  });

  it.each([
    ['postgres:/me:p@ssw0rd@host/db', 'postgres://me:***@host/db'],
    ['postgres:/me:pa:ss:w0rd@host/db', 'postgres://me:***@host/db'],
    ['postgres://me%3Ap@ss:w0rd@host/db', 'postgres://me:***@host/db'],
    ['postgres://me:p@ssw0rd@host:port/db', 'postgres://me:***@host:***/db'],
    ['me:p@ss:w0rd@host/db', 'me:***@host/db'],
    ['//me:p@ssw0rd@host/db', '//me:***@host/db'],
    ['md:me:p@ssw0rd@db', 'md:me:***@db'],
    ['s3://me:p@ssw0rd@lake/orders', 's3://me:***@lake/orders'],
    ['s3://me:pa:${SECRET}@lake/orders', 's3://me:***@lake/orders'],
  ])('%s is shown without all of it', async (written, shown) => {
    using folder = new CopyFolder({ 'a.csv': 'id\n1\n' });
    const { code, stdout, stderr } = await folder.copy('a.csv', written);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(shown);
    expect(stderr).toContain('HYG-1310');
    expect(stderr).not.toMatch(/ss:?w0rd|pa:/);
  });
});
