import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { EntityKey } from '../../src/ports/values.ts';
import { chartsOf } from '../../src/report/charts.ts';
import { factsOf, type ReportRequest } from '../../src/report/facts.ts';
import type { DayFacts } from '../../src/report/history.ts';
import { needsOf } from '../../src/report/needs.ts';
import { type Page, pageOf } from '../../src/report/page.ts';
import { pageStyle } from '../../src/report/style.ts';
import { slowness } from '../support/machine-speed.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { columnsAdded, type Nights, nightsOf, now, type Special } from './nights.ts';

const orders = { flow: 'shop', entity: 'orders' };
const customers = { flow: 'shop', entity: 'customers' };
const shop = [orders, customers, { flow: 'crm', entity: 'accounts' }];

interface Asked extends Partial<Nights>, Partial<Pick<ReportRequest, 'broken'>> {
  readonly schedule?: string;
  readonly fate?: 'alive' | 'dead';
}

async function facts({ entities = shop, schedule, broken = [], fate = 'alive', ...nights }: Asked = {}) {
  const state = await nightsOf({ entities, ...nights });
  const request = {
    workspace: 'northwind',
    entities: entities.map((key) => ({ ...key, schedule: schedule ?? null })),
    broken,
    now,
    version: '1.0.0',
  };
  return await factsOf(request, { state, host: { fate: async () => fate } });
}

async function page(asked: Asked = {}, messages = false): Promise<Page> {
  return pageOf(await facts(asked), { messages });
}

const is = (one: EntityKey, other: EntityKey) => one.flow === other.flow && one.entity === other.entity;
const failed = { status: 'error', rows: 0, watermark_to: null } as const;

/** What a person reads. */
function words({ html }: Page): string {
  const shown = html.slice(html.indexOf('<body>')).replace(/<[^>]*>/g, ' ');
  return shown
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ');
}

describe('the first sentence', () => {
  test('says that a night went well', async () => {
    const told = await page();
    expect([told.level, told.headline]).toEqual(['good', 'The night went well.']);
    expect(words(told)).toContain('Of 3 entities, none failed; the last run ended 5 h ago.');
  });

  test('says of a night in which all failed and a later run mended it what happened', async () => {
    const after = await facts();
    const failedFirst = after.night.map((row) => ({ ...row, ...failed, entity_run_id: `${row.entity_run_id}0` }));
    const told = pageOf({ ...after, night: [...after.night, ...failedFirst] }, { messages: false });
    expect([told.level, told.headline]).toEqual(['good', 'All is well again: 3 entities failed in the last 24 hours and passed since.']);
    expect(words(told)).toContain('Of 3 entities, none fails now;');
  });

  test('names what is silent before anything that failed', async () => {
    const special: Special = (key, ago) =>
      ago > 1 ? {} : is(key, orders) ? { status: 'skip', rows: 0 } : is(key, customers) ? { ...failed, error_code: 'HYG-6001' } : {};
    const told = await page({ special });
    expect(told.headline).toBe('No rows in shop.orders, although there always were some before.');
    expect(words(told)).toContain('2 of 3 entities need you.');
    expect(words(told)).toMatch(
      /shop\.orders : none in 2 runs since 2026-11-22 02:00 UTC; [\d,]+ to [\d,]+ rows in the last 5 runs on Sundays around 01:59 UTC/,
    );
    expect(needsOf(await facts({ special }), { messages: false }).map(({ title }) => title)).toEqual([
      'Silent: no rows, although there always were some before',
      'A system did not answer',
    ]);
    const replaced: Special = (key, ago) =>
      ago === 0 && is(key, orders) ? { status: 'warn', rows: 0, notes: [{ code: 'emptied', rows: 9 }] } : {};
    expect(needsOf(await facts({ special: replaced }), { messages: false })).toHaveLength(1);
    expect(words(await page({ special: replaced }))).toMatch(
      /shop\.orders : none .* on Mondays around 01:59 UTC; the 9 rows that had settled are gone/,
    );
  });

  test('says of rows that an earlier run moved that they are not of the one that failed', async () => {
    const rows = 500;
    const told = words(
      await page({ entities: [orders], special: (_, ago) => (ago === 0 ? { ...failed, error_code: 'HYG-6001' } : { rows }) }),
    );
    expect(told).toContain('moved before 500 rows');
    expect(words(await page({ entities: [orders], special: () => ({ rows }) }))).toContain('moved 500 rows');
  });

  test('counts what is updated by key as moved', async () => {
    const special: Special = () => ({ rows: 0, rows_settled: 500, rows_replaced: 500, rows_updated: 500 });
    const told = await page({ entities: [orders], special });
    expect(told.level).toBe('good');
    expect(words(told)).toContain('moved 500 rows the last 5: 500');
  });

  test('is calm where nothing ran lately, and where nothing has run', async () => {
    expect((await page({ special: (_, ago) => (ago < 3 ? null : {}) })).headline).toBe('All is settled.');
    expect((await page({ days: 0 })).headline).toBe('Nothing has run yet.');
    expect((await page({ entities: [] })).headline).toBe('There is nothing here yet.');
  });

  test.each<[string, Asked, string, string]>([
    [
      'one that has not run is not silent, among others that have',
      { special: (key) => (is(key, customers) ? null : {}) },
      'The night went well, with 1 thing to know.',
      'It has not run yet',
    ],
    [
      'a failure that is not in the journal any more is none that went well',
      { states: (key, { last }) => (is(key, orders) && last ? { last: { ...last, run: 'gone.1', status: 'error' } } : {}) },
      '1 of 3 entities needs you.',
      'Its last run failed',
    ],
    [
      'rows that stopped coming are told where the run after was stopped by a person',
      {
        special: (key, ago) =>
          ago > 2 || !is(key, orders) ? {} : { status: 'skip', rows: 0, ...(ago === 0 ? { reason: 'interrupted' as const } : {}) },
      },
      'No rows in shop.orders, although there always were some before.',
      'Silent: no rows, although there always were some before',
    ],
  ])('%s', async (_, asked, headline, first) => {
    expect((await page(asked)).headline).toBe(headline);
    expect(needsOf(await facts(asked), { messages: false })[0]?.title).toBe(first);
  });
});

describe('what to look at', () => {
  test('is reported once for all that have it, with what the catalogue says to try', async () => {
    const told = await page({ special: (_, ago) => (ago < 3 ? { ...failed, error_code: 'HYG-6001' } : {}) });
    expect(told.html.match(/A system did not answer <small>HYG-6001/g)).toHaveLength(1);
    expect(words(told)).toContain('crm.accounts : failing since 2026-11-21 02:00 UTC, 3 runs one after another');
    expect(words(told)).toContain('Run it again');
  });

  test('has a warning, an overdue run, one that a person stopped, one whose process is gone, and a backfill that failed', async () => {
    const titles = async (asked: Asked) =>
      needsOf(await facts({ entities: [orders], ...asked }), { messages: false }).map(({ title, level }) => `${level}: ${title}`);
    const last =
      (over: object): Special =>
      (_, ago) =>
        ago === 0 ? over : {};
    expect(await titles({ special: last({ status: 'warn', notes: [{ code: 'strays', where: 'x', first: 'y', files: 2 }] }) })).toEqual([
      'caution: Passed with a warning',
    ]);
    expect(await titles({ schedule: '0 0 * * * *' })).toEqual(['bad: Overdue: nothing has started the run']);
    expect(await titles({ special: last({ status: 'skip', reason: 'interrupted', rows: 0 }) })).toEqual([
      'caution: Stopped before it was done',
    ]);
    expect(await titles({ special: last({ ...failed, error_code: 'HYG-2020' }) })).toEqual(['caution: Stopped before it was done']);
    const owner = {
      run: 'x.1',
      until: '2026-11-23T09:00:00.000Z',
      holder: { host: 'kitchen', boot: 'b', pid: 1, started: '1', program: 'hygge go' },
    };
    expect(await titles({ states: () => ({ owner }), fate: 'dead' })).toEqual(['caution: Broken off: the next run takes over']);
    expect(await titles({ states: () => ({ owner }) })).toEqual([]);
    expect(await titles({ special: last({ ...failed, lane: 'backfill:1..2', error_code: 'HYG-6001' }) })).toEqual([
      'bad: A system did not answer',
    ]);
    for (const [lane, kind] of [
      ['backfill:1..2', 'backfill, '],
      ['compact', 'compact, '],
    ] as const) {
      const told = words(await page({ entities: [orders], special: last({ ...failed, lane, error_code: 'HYG-6001' }) }));
      expect(told).toContain(kind);
    }
    // Without a compaction all rows are where they were, and one that passed mends no backfill.
    expect(await titles({ special: last({ ...failed, lane: 'compact', error_code: 'HYG-6001' }) })).toEqual([
      'caution: A system did not answer',
    ]);
    const before =
      (over: object, then: object): Special =>
      (_, ago) =>
        ago === 1 ? over : ago === 0 ? then : {};
    const backfill = { ...failed, lane: 'backfill:1..2', error_code: 'HYG-6001' };
    expect(await titles({ special: before(backfill, { lane: 'compact' }) })).toContain('bad: A system did not answer');
    const broken = ['torn', 'shop'].map((flow) => ({ flow, errors: [{ code: 'HYG-1010' }] }));
    expect(await titles({ broken })).toHaveLength(1);
    expect((await page({ entities: [orders], broken })).headline).toBe('2 flows cannot run.');
    expect(words(await page({ entities: [orders], broken }))).toContain('shop 1 entity ✗ cannot run');
  });

  test('leaves out what quotes the data, unless messages are asked for', async () => {
    const secret = 'Bo Berg, Elmegade 12';
    const special: Special = (key, ago) => {
      if (ago > 0) return is(key, orders) ? { watermark_type: 'string', watermark_to: secret } : {};
      const error = { code: 'HYG-3201', what: secret, why: [secret], tryThis: [secret] };
      if (is(key, orders)) return { ...failed, error_code: 'HYG-3201', message: secret, error, bad_rows: [secret] };
      return { status: 'warn', notes: [{ code: 'bad_rows', rows: 1, kept: false, first: secret }, secret], message: secret };
    };
    const states: NonNullable<Nights['states']> = (key, { settled }) =>
      is(key, orders) && settled ? { settled: { ...settled, watermark: { column: 'name', type: { kind: 'string' }, text: secret } } } : {};
    const { html } = await page({ special, states });
    expect(html).not.toContain('Elmegade');
    expect((await page({ special, states }, true)).html.match(/Elmegade 12/g)?.length).toBeGreaterThan(3);
  });

  test('tells of a state that cannot be read without quoting it', async () => {
    const files = new MemoryFileSystem();
    const state = await nightsOf({ entities: [orders, customers], files });
    const path = '.hygge/state/shop/orders.state.yml';
    const file = await files.get(path);
    await files.put(path, new TextEncoder().encode('watermark: [Elmegade\n'), { ifMatch: file?.etag ?? '' });
    const request = {
      workspace: 'n',
      entities: [orders, customers].map((key) => ({ ...key, schedule: null })),
      broken: [],
      now,
      version: '1',
    };
    const known = await factsOf(request, { state, host: { fate: async () => 'alive' } });
    const told = pageOf(known, { messages: false });
    expect([told.level, told.headline]).toEqual(['bad', '1 of 2 entities needs you.']);
    expect(words(told)).toContain('HYG-5003');
    expect(words(told)).toContain('See what is wrong with the state: hygge status -e shop.orders');
    expect(told.html).not.toContain('Elmegade');
  });

  test('says which columns changed', async () => {
    const asked = { workspace: 'n', entities: [{ ...orders, schedule: null }], broken: [], now, version: '1' };
    const settledBy: NonNullable<Nights['states']> = (_, { settled }) =>
      settled ? { settled: { ...settled, snapshot: 'schemas/2-b' } } : {};
    const state = await nightsOf({ entities: [orders], states: settledBy });
    await columnsAdded(state, orders, 'loyalty_tier', '2026-11-20T02:00:10.000Z');
    const told = pageOf(await factsOf(asked, { state, host: { fate: async () => 'alive' } }), { messages: false });
    expect(words(told)).toContain('2026-11-20 shop.orders + loyalty_tier string : it settles from now on');
    const old = await factsOf({ ...asked, now: '2027-06-01T00:00:00.000Z' }, { state, host: { fate: async () => 'alive' } });
    expect(old.changes).toEqual([]);
  });
});

describe('one file', () => {
  test('loads nothing, runs nothing, and its policy says so', async () => {
    const { html } = await page({ special: (_, ago) => (ago === 0 ? { ...failed, error_code: 'HYG-3201' } : {}) });
    expect(html).toContain(
      `content="default-src 'none'; style-src 'sha256-${createHash('sha256').update(pageStyle).digest('base64')}'; img-src data:;`,
    );
    expect(/<style>([\s\S]*)<\/style>/.exec(html)?.[1]).toBe(pageStyle);
    const addresses = [...html.matchAll(/(?:href|src|srcset|action|data|url)\s*[=(]\s*["']?([^"')\s>]*)/g)].map(([, to = '']) => to);
    expect(addresses.filter((to) => !/^(#|data:image\/svg)/.test(to))).toEqual([]);
    expect(html).not.toMatch(/<(script|iframe|object|embed|form|link rel="(?!icon))|\son\w+=|@import|url\(|style="/i);
    expect(html.match(/https?:\/\/[^'"\s]*/g)).toEqual(['http://www.w3.org/2000/svg']); // a name, in the picture of the tab
  });

  test('has every name as text, whatever is in it', async () => {
    const names = ['<script>alert(1)</script>', 'a"onload="x', 'pay\u202Eslcz\u2066', 'x'.repeat(200), "it's", '\u05d0\u05d1', '`rm -rf`'];
    const entities = names.map((entity) => ({ flow: 'odd', entity }));
    const { html } = await page({ entities, special: (_, ago) => (ago === 0 ? { ...failed, error_code: 'HYG-2012' } : {}) });
    expect(html).not.toMatch(/<script|"onload|[\u202a-\u202e\u2066-\u2069]/i);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).toContain('\\u202eslcz\\u2066');
    expect(html.match(/<article /g)).toHaveLength(names.length);
    for (const tag of ['article', 'section', 'li', 'ul', 'dl', 'figure', 'details', 'code', 'small'])
      expect([tag, html.match(new RegExp(`<${tag}[ >]`, 'g'))?.length]).toEqual([tag, html.match(new RegExp(`</${tag}>`, 'g'))?.length]);
    const ids = [...html.matchAll(/ id="(\w+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, to] of html.matchAll(/href="#(\w+)"/g)) expect(ids).toContain(to);
  });

  test('of a journal that a newer version wrote says so, and says what the state knows', async () => {
    const files = new MemoryFileSystem();
    const state = await nightsOf({ entities: [orders], files });
    await files.append('.hygge/journal/2026-11.ndjson', new TextEncoder().encode('{"version":99}'));
    const request = { workspace: 'n', entities: [{ ...orders, schedule: null }], broken: [], now, version: '1' };
    const told = pageOf(await factsOf(request, { state, host: { fate: async () => 'alive' } }), { messages: false });
    expect(told.level).toBe('bad');
    expect(words(told)).toContain('HYG-5002');
    expect(words(told)).toContain('settled 1,000,000 rows');
  });

  test('of a code that a newer version raised has the code', async () => {
    const told = await page({ entities: [orders], special: (_, ago) => (ago === 0 ? { ...failed, error_code: 'HYG-2999' } : {}) });
    expect(words(told)).toContain('HYG-2999 This version of hygge does not know the code: a newer one wrote it.');
  });

  test('where clocks disagree puts the run of tomorrow on today, says so, and goes by the state for the last run', async () => {
    const special: Special = (_, ago) =>
      ago === 1
        ? {
            ...failed,
            error_code: 'HYG-6001',
            finished_at: '2026-11-24T02:00:00.000Z',
            started_at: '2026-11-24T03:00:00.000Z',
            seconds: -4,
          }
        : {};
    const told = await page({ entities: [orders], special });
    expect(told.level).toBe('good');
    expect(words(told)).toContain('The clocks of two machines disagree: 1 run ended up to 18 h after this page was made');
    expect(words(told)).toContain('days 88 well, 1 failed');
    expect(told.html).not.toMatch(/NaN|undefined|Infinity|v--|≤ -/);
  });
});

describe('charts', () => {
  const day = (over: Partial<DayFacts>): DayFacts => ({ rows: 0, seconds: 0, lag: null, level: null, ...over });

  test('are steps from the baseline to the highest day, and say it in words', () => {
    const days = [
      day({ rows: 50, seconds: 2, level: 'good' }),
      day({ rows: 100, seconds: 2, level: 'bad' }),
      day({ level: 'caution', rows: 1 }),
    ];
    const [rows, time, lag, outcome] = chartsOf(days).split('</figure>');
    expect(rows).toContain('rows <b>max 100 rows/day</b>');
    expect(rows).toContain('d="M0 20v-10h1v-10h1v19h1V20z"');
    expect(time).toContain('d="M0 20v-20h2v20h1V20z"');
    expect(lag).toContain('lag <b>not known</b>');
    expect(outcome).toContain('1 well, 1 not quite, 1 failed');
    expect(outcome).toContain('<path class="bad" d="M1 20v-20h1v20z"/>');
  });
});

test('every ink can be read on every ground it is on, by day and by night', () => {
  const [day, night] = [...pageStyle.matchAll(/:root\{(?:color-scheme:light dark;)?([^}]*--ground[^}]*)\}/g)].map(
    ([, text = '']) => new Map([...text.matchAll(/--(\w+):#(\w{6})/g)].map(([, name = '', hex = '']) => [name, hex])),
  );
  for (const colours of [day, night]) {
    const ratio = (a: string, b: string) => contrast(colours?.get(a) ?? '', colours?.get(b) ?? '');
    const inks = ['ink', 'quiet', 'good', 'caution', 'bad'];
    const texts = inks.flatMap((ink) => ['ground', 'card'].map((ground) => ({ of: `${ink} on ${ground}`, ratio: ratio(ink, ground) })));
    const washes = ['goodly', 'cautiously', 'badly'].map((wash) => ({ of: `ink on ${wash}`, ratio: ratio('ink', wash) }));
    expect([...texts, ...washes].filter((one) => !(one.ratio >= 4.5))).toEqual([]);
    expect(ratio('chart', 'card')).toBeGreaterThanOrEqual(3);
  }
});

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(a: string, b: string): number {
  const light = (hex: string): number => {
    const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
      const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [high = 0, low = 0] = [light(a), light(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

test('200 entities and 90 days of each take under a second of the processor, and under 500 kB', async () => {
  const entities = Array.from({ length: 200 }, (_, n) => ({ flow: `flow_${String(n % 12).padStart(2, '0')}`, entity: `entity_${n}` }));
  const sorted = entities.toSorted((a, b) => (a.flow < b.flow ? -1 : a.flow > b.flow ? 1 : 0));
  const special: Special = ({ entity }, ago) => (entity.endsWith('7') && ago === 0 ? { ...failed, error_code: 'HYG-6001' } : {});
  const state = await nightsOf({ entities: sorted, special });
  const request = {
    workspace: 'northwind',
    entities: sorted.map((key) => ({ ...key, schedule: '0 0 2 * * *' })),
    broken: [],
    now,
    version: '1.0.0',
  };
  const began = process.threadCpuUsage();
  const { html } = pageOf(await factsOf(request, { state, host: { fate: async () => 'alive' } }), { messages: false });
  const { user, system } = process.threadCpuUsage(began);
  expect((user + system) / 1000).toBeLessThan(1000 * slowness());
  expect(Buffer.byteLength(html)).toBeLessThan(500_000);
  expect(html.match(/<svg /g)).toHaveLength(800);
});
