import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { factsOf } from '../../src/report/facts.ts';
import { pageOf } from '../../src/report/page.ts';
import { hiddenProgram } from '../support/optional-programs.ts';
import { nightsOf, now } from './nights.ts';

const root = join(import.meta.dirname, '..', '..');
const engine = join(root, 'node_modules/axe-core/axe.min.js');
const browsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map((name) => `/usr/bin/${name}`);
const browser = hiddenProgram('chromium') === '' ? browsers.find((path) => existsSync(path)) : undefined;

interface Found {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
  readonly passes: readonly unknown[];
  readonly width: number;
}

/** A telephone's width, which the window of a browser does not go down to. */
const narrow = 360;

/** The page in a frame, with an accessibility engine in it, and without the policy that would refuse it. Its answer takes the frame's place. */
function withEngine(html: string, axe: string): string {
  const ask = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations, passes }) => {
    const found = { violations, passes: passes.map(({ id }) => id), width: document.documentElement.scrollWidth };
    parent.document.body.textContent = 'FOUND' + btoa(unescape(encodeURIComponent(JSON.stringify(found)))) + 'END';
  });`;
  const page = html
    .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '')
    .replace('</body>', () => `<script>${axe}</script><script>${ask}</script></body>`);
  const quoted = page.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<!doctype html><meta charset="utf-8"><iframe style="width:${narrow}px;height:800px;border:0" srcdoc="${quoted}"></iframe>`;
}

test('in a browser as narrow as a telephone nothing runs over its edge, and an accessibility engine finds nothing', async ({ skip }) => {
  skip(browser === undefined, 'there is no Chromium on this machine: apt-get install chromium');
  skip(!existsSync(engine), 'axe-core is not installed: npm ci');
  const entities = ['orders', 'x'.repeat(200), '<b>', '\u05d0\u05d1\u05d2', 'held'].map((entity) => ({
    flow: 'shop',
    entity,
    schedule: '0 0 2 * * *',
  }));
  const owner = {
    run: 'x.1',
    until: '2026-11-23T09:00:00.000Z',
    holder: { host: 'kitchen', boot: 'b', pid: 1, started: '1', program: 'hygge go' },
  };
  const state = await nightsOf({
    entities,
    special: ({ entity }, ago) =>
      ago > 0
        ? {}
        : entity === 'orders'
          ? { status: 'skip', rows: 0 }
          : entity === 'held'
            ? { status: 'warn' }
            : { status: 'error', rows: 0, error_code: 'HYG-2012', message: 'm' },
    states: ({ entity }) => (entity === 'held' ? { owner } : {}),
  });
  const facts = await factsOf(
    { workspace: 'northwind', entities, broken: [], now, version: '1.0.0' },
    { state, host: { fate: async () => 'alive' } },
  );
  const folder = await mkdtemp(join(tmpdir(), 'hygge-page-'));
  try {
    const file = join(folder, 'page.html');
    await writeFile(file, withEngine(pageOf(facts, { messages: true }).html, await readFile(engine, 'utf8')));
    const { stdout } = await promisify(execFile)(
      browser ?? '',
      [
        ...['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${join(folder, 'profile')}`, '--window-size=500,900'],
        ...['--virtual-time-budget=60000', '--dump-dom', pathToFileURL(file).href],
      ],
      { maxBuffer: 64 * 1024 * 1024 },
    );
    const [, answer = ''] = /FOUND([\w+/=]*)END/.exec(stdout) ?? [];
    const found = JSON.parse(Buffer.from(answer, 'base64').toString('utf8')) as Found;
    expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`)).toEqual([]);
    expect(found.passes.length).toBeGreaterThan(20);
    expect(found.width).toBeLessThanOrEqual(narrow);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});
