import { isIPv4, isIPv6 } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ipv4Pattern, ipv6Pattern } from '../../../src/frames/rules/addresses.ts';
import { apartOnly, judged } from '../../../src/frames/rules/judge.ts';
import type { TextFormat } from '../../../src/frames/rules/rule.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import { frameOf } from '../../support/parquet-files.ts';
import { SEED } from '../../support/samples.ts';

const schema: Schema = { columns: [{ name: 'text', type: { kind: 'string' }, nullable: true }] };

/** The texts that keep the format, in their order. */
async function kept(format: TextFormat, texts: readonly string[]): Promise<readonly boolean[]> {
  const frame = await frameOf(
    { columns: [...schema.columns, { name: 'i', type: { kind: 'int32' }, nullable: false }] },
    texts.map((text, i) => [text, i]),
  );
  const { kept: rows } = await judged(frame, { rules: [{ name: 'format', column: 'text', what: 'format', format }], ...apartOnly });
  const left = new Set((await rows.collect()).toRecords().map(({ i }) => Number(i)));
  return texts.map((_, i) => left.has(i));
}

/** A text that is almost one of the format: characters are put in, taken out and put in the place of others. */
const nearly = (text: fc.Arbitrary<string>, signs: string) =>
  fc.tuple(text, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 2 }), fc.constantFrom(...signs)), { maxLength: 2 })).map(([start, changes]) =>
    changes.reduce((now, [at, how, sign]) => {
      const i = at % (now.length + 1);
      return now.slice(0, i) + (how === 1 ? '' : sign) + now.slice(how === 0 ? i : i + 1);
    }, start),
  );

const two = (most: number) => fc.nat({ max: most }).map((n) => String(n).padStart(2, '0'));
const dates = fc.tuple(fc.nat({ max: 9999 }), two(13), two(32)).map(([y, m, d]) => `${String(y).padStart(4, '0')}-${m}-${d}`);
const datetimes = fc
  .tuple(
    dates,
    two(24),
    two(60),
    fc.option(two(60)),
    fc.constantFrom('', '.5', '.123456789'),
    fc.constantFrom('', 'Z', '+02:00', '-23:59', '+24:00', '+0200'),
  )
  .map(([d, h, m, s, fraction, zone]) => `${d}T${h}:${m}${s === null ? '' : `:${s}${fraction}`}${zone}`);
const emails = fc.emailAddress();
const guids = fc.uuid().chain((id) => fc.constantFrom(id, id.toUpperCase(), id.replaceAll('-', ''), `{${id}}`));

/** A space for the T and a zone without seconds are ours, and more than nanoseconds are not. */
const takenByOursAlone = /^.{10} |^.{16}[Z+-]|\.[0-9]{10}/;

describe('texts of a format', () => {
  // Zod's patterns are of another hand: that of e-mail addresses is the one of the HTML standard.
  test.each([
    ['email', emails, z.string().regex(z.regexes.html5Email), '@. -_ø+"'],
    ['uuid', guids, z.guid(), '-0gGaF {'],
    ['date', dates, z.iso.date(), '-0139/ T'],
    ['datetime', datetimes, z.iso.datetime({ offset: true, local: true }), '-0159:.TZ '],
  ] as const)('%s are those that another reader takes', async (format, texts, other, signs) => {
    const some = fc
      .sample(fc.oneof(texts, nearly(texts, signs)), { numRuns: 500, seed: SEED })
      .filter((text) => !takenByOursAlone.test(text));
    const ours = await kept(format, some);
    const differ = some.filter((text, i) => ours[i] !== other.safeParse(text).success);
    expect(differ).toEqual([]);
    expect([ours.includes(true), ours.includes(false)]).toEqual([true, true]);
  });

  test('days are those of the calendar, in each year with four digits', async () => {
    const texts: string[] = [];
    for (let year = 0; year <= 9999; year += year % 100 > 4 && year % 100 < 95 ? 9 : 1)
      for (const end of ['02-28', '02-29', '02-30', '12-31']) texts.push(`${String(year).padStart(4, '0')}-${end}`);
    const ours = await kept('date', texts);
    const isDay = (text: string) =>
      !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
    expect(texts.filter((text, i) => ours[i] !== isDay(text))).toEqual([]);
  });

  test('addresses are read by the URL parser of browsers, and those that it makes are taken', async () => {
    const host = fc.oneof(
      fc.domain(),
      fc.ipV4(),
      fc
        .ipV6()
        .filter((ip) => !ip.includes('.'))
        .map((ip) => `[${ip}]`),
      fc.constant('localhost'),
    );
    const urls = fc
      .tuple(
        fc.constantFrom('http', 'https', 'ftp', 'HTTPS'),
        fc.constantFrom('', 'me@', 'me:secret@'),
        host,
        fc.constantFrom('', ':80', ':65535', ':65536'),
        fc.webPath(),
        fc.constantFrom('', '?a=b&c=%20', '#part', '?ø=å'),
      )
      .map(([scheme, user, at, port, path, rest]) => `${scheme}://${user}${at}${port}${path}${rest}`);
    const plain = fc.sample(urls, { numRuns: 300, seed: SEED });
    const some = [...plain, ...fc.sample(nearly(urls, ' :/@[]%?#.x"\\'), { numRuns: 300, seed: SEED })];
    const ours = await kept('url', some);
    expect(some.filter((text, i) => ours[i] && !URL.canParse(text))).toEqual([]);
    expect(plain.filter((text, i) => !ours[i] && URL.canParse(text))).toEqual([]);
    const normal = plain.filter((text) => URL.canParse(text)).map((text) => new URL(text).href);
    expect((await kept('url', normal)).every(Boolean)).toBe(true);
  });

  test('that people write, and that look like them', async () => {
    const told = async (format: TextFormat, right: readonly string[], wrong: readonly string[]) =>
      expect([await kept(format, right), await kept(format, wrong)]).toEqual([right.map(() => true), wrong.map(() => false)]);
    await told('email', ['a@b', "o'neil+x@mail.example.dk"], ['', 'a@', '@b', 'a b@c', 'a@b.', 'a@-b.dk', 'a@b\n', 'æ@b.dk']);
    await told('date', ['2024-02-29', '0000-01-01'], ['2023-02-29', '2024-1-1', '2024-01-01 ', '٢٠٢٤-01-01', '2024-01-01\n', '20240101']);
    await told(
      'datetime',
      ['2024-01-31 10:00', '2024-01-31T10:00:00.123456789Z'],
      ['2024-01-31', '2024-01-31T24:00:00', '2024-01-31T10:00:60', '2024-01-31T10'],
    );
    await told(
      'url',
      ['https://example.com', 'http://[::1]:8080/x?y#z'],
      [
        'example.com',
        '/x',
        'mailto:a@b.dk',
        'javascript:alert(1)',
        'http://',
        'http://a b',
        'http://1.2.3.256',
        'http://a/50%',
        'http://a/%4',
      ],
    );
    await told('uuid', ['00000000-0000-0000-0000-000000000000'], ['0', '00000000000000000000000000000000']);
  });

  test('are asked of no null', async () => {
    const frame = await frameOf(schema, [[null]]);
    const { broken } = await judged(frame, { rules: [{ name: 'format', column: 'text', what: 'format', format: 'email' }], ...apartOnly });
    expect(broken).toBe(null);
  });
});

describe('addresses', () => {
  const hex = fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16));
  const v4 = fc.ipV4();
  const groups = fc.array(hex, { maxLength: 9 }).map((all) => all.join(':'));
  const v6 = fc.oneof(
    fc.ipV6(),
    groups,
    fc.tuple(groups, groups).map(([a, b]) => `${a}::${b}`),
    fc.tuple(groups, groups, v4).map(([a, b, c]) => `${a}::${b}:${c}`),
    fc.tuple(groups, v4).map(([a, b]) => `${a}:${b}`),
  );

  test.each([
    ['4', ipv4Pattern, v4, isIPv4, '0123456789.'],
    ['6', ipv6Pattern, v6, isIPv6, '0123456789abcdefABCDEFg:.'],
  ] as const)('of version %s are those that Node takes for such', async (_, pattern, texts, isAddress, signs) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(texts, nearly(texts, signs)), { minLength: 200, maxLength: 200 }), async (some) => {
        const frame = await frameOf(
          schema,
          some.map((text) => [text]),
        );
        const { kept: rows } = await judged(frame, { rules: [{ name: 'a', column: 'text', what: 'matches', pattern }], ...apartOnly });
        const left = (await rows.collect()).toRecords().map(({ text }) => String(text));
        expect(left).toEqual(some.filter((text) => isAddress(text)));
      }),
      { seed: SEED, numRuns: 2 },
    );
  });
});

test.each<readonly [TextFormat, readonly string[], readonly string[]]>([
  ['email', ['anna@example.com', 'a@b'], ['a@b..c', 'a b@c', 'a@b@c']],
  ['uuid', ['0F8FAD5B-d9cb-469f-A165-70867728950E'], ['{0f8fad5b-d9cb-469f-a165-70867728950e}', '0f8fad5bd9cb469fa16570867728950e']],
  ['url', ['http://a/ü', 'http://[::1]:8080/', 'ftp://a.b'], ['http://ü.de', 'http://a:', 'ssh://a']],
  ['date', ['2024-02-29'], ['2023-02-29', '29.02.2024']],
  [
    'datetime',
    ['2024-02-29T10:00', '2024-02-29 10:00:00.123456789Z', '2024-02-29T10:00:00+02:00'],
    ['2024-02-29t10:00', '2024-02-29T10:00z', '2024-02-29T10:00+0200', '2024-02-29T24:00', '2024-02-29'],
  ],
])('%s takes and refuses what docs/contracts.md says', async (format, right, wrong) => {
  expect(await kept(format, [...right, ...wrong])).toEqual([...right.map(() => true), ...wrong.map(() => false)]);
});
