import { execFileSync } from 'node:child_process';
import { chmod, lstat, mkdir, open, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openerOn } from '../../src/cli/inspect/report.ts';
import { run } from '../../src/cli/program/run.ts';
import { duck } from '../support/duck.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { fakeSurroundings } from './surroundings.ts';
import { advised, exampleWorkspace, hygge } from './workspace.ts';

it('writes the page, replaces an earlier one whole, and says how the night was', async () => {
  await using workspace = await exampleWorkspace();
  await hygge(['go'], workspace.root);
  await writeFile(join(workspace.root, 'page.html'), 'an earlier one');
  const { code, stdout } = await hygge(['report', '--out', 'page.html'], workspace.root);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^✓ The night went well\.\npage {2}page\.html {2}2 entities, [\d.]+ kB\n$/);
  const html = await readFile(join(workspace.root, 'page.html'), 'utf8');
  expect(html).toMatch(/^<!doctype html>[\s\S]*shop[\s\S]*<\/html>\n$/);
  expect((await readdir(workspace.root)).filter((name) => name.includes('page.html'))).toEqual(['page.html']);
  const [told] = (await hygge(['report', '--out', 'page.html', '-e', 'shop.orders', '--output', 'json'], workspace.root)).stdout.split(
    '\n',
  );
  expect(JSON.parse(told ?? '')).toEqual({
    file: 'page.html',
    bytes: (await stat(join(workspace.root, 'page.html'))).size,
    entities: 1,
    level: 'good',
    headline: 'The night went well.',
  });
  expect((await hygge(['report', '--out', '-'], workspace.root)).stdout).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
});

it.skipIf(process.platform === 'win32')('writes into a pipe or a device, which stays one', async () => {
  await using workspace = await exampleWorkspace();
  const [pipe, link] = ['pipe', 'link'].map((name) => join(workspace.root, name)) as [string, string];
  execFileSync('mkfifo', [pipe]);
  await symlink(pipe, link);
  for (const [name, file] of Object.entries({ pipe, link })) {
    // For both ways, so that opening it waits for nobody.
    await using reader = await open(pipe, 'r+');
    expect((await hygge(['report', '--out', name], workspace.root)).code).toBe(0);
    expect((await stat(file)).isFIFO()).toBe(true);
    const { buffer, bytesRead } = await reader.read(Buffer.alloc(65_536));
    expect(buffer.toString('utf8', 0, bytesRead)).toMatch(/^<!doctype html>/);
  }
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
});

it('says why a page cannot be written, and leaves nothing half-written', async () => {
  await using workspace = await exampleWorkspace();
  await mkdir(join(workspace.root, 'folder'));
  expect((await hygge(['report', '--out', 'for/readers/page.html'], workspace.root)).code).toBe(0);
  const inFile = await hygge(['report', '--out', 'hygge.yml/page.html'], workspace.root);
  expect(inFile.code).toBe(2);
  expect(inFile.stderr).toMatch(/HYG-1908[\s\S]*hygge\.yml\/page\.html[\s\S]*A file is where its folder should be\./);
  expect((await hygge(['report', '--out', 'folder'], workspace.root)).stderr).toMatch(/HYG-1908[\s\S]*It is a folder\./);
  expect((await readdir(workspace.root)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  expect((await hygge(['report'], workspace.root)).code).toBe(2);
  for (const command of ['report --out report.html', 'report --out -'])
    expect((await hygge(command.split(' '), workspace.root)).code).toBe(0);
});

it('advises only commands that can be run from there', async () => {
  await using workspace = await exampleWorkspace();
  const orders = (rows: number, id = 'range'): Promise<unknown> =>
    duck(
      `copy (select ${id} as order_id, timestamp '2026-01-01' + interval (range) hour as placed_at from range(${rows})) to '${workspace.root}/data/inbox/orders.parquet' (format parquet)`,
    );
  await orders(400);
  await hygge(['go'], workspace.root);
  const fromThere = async (headline: string): Promise<readonly string[]> => {
    const { stdout: html } = await hygge(['report', '--out', '-'], workspace.root);
    expect(html).toContain(`<h1>${headline}</h1>`);
    const commands = advised(html).filter(([command]) => command !== 'report');
    for (const words of commands) {
      const { code, stdout, stderr } = await hygge(words[1] === 'accept' ? [...words, '--yes'] : words, workspace.root);
      expect([words.join(' '), code]).toEqual([words.join(' '), words[1] === 'diff' ? 1 : 0]);
      expect(stdout + stderr).toContain(words[0] === 'preview' ? 'placed_at' : 'shop.orders');
    }
    return commands.map((words) => words.slice(0, 2).join(' '));
  };
  await orders(500, "'n' || range");
  expect((await hygge(['go', '-e', 'shop.orders'], workspace.root)).code).toBe(1);
  expect(await fromThere('1 of 2 entities needs you.')).toEqual(['schema diff', 'schema accept', 'journal --run']);
});

it('tells of a journal that cannot be read on the page, and ends with 1', async () => {
  using workspace = new TestWorkspace({ 'flows/till/flow.yml': 'home: data/*.csv\nstore: lake\n', 'data/a.csv': 'id\n1\n' });
  await hygge(['go'], workspace.root);
  const [month = ''] = await readdir(join(workspace.root, '.hygge/journal'));
  await writeFile(join(workspace.root, '.hygge/journal', month), '{"version":99}\n');
  const { code, stdout } = await hygge(['report', '--out', 'page.html'], workspace.root);
  expect([code, stdout]).toEqual([1, expect.stringContaining('✗ ')]);
  expect(await readFile(join(workspace.root, 'page.html'), 'utf8')).toContain('HYG-5002');
});

it('status --open keeps one page, and shows it in the browser that the person has', async () => {
  await using workspace = await exampleWorkspace();
  const browser = join(workspace.root, 'browser');
  await writeFile(
    browser,
    `#!/bin/sh\necho "$1" > "${workspace.root}/opened.new" && mv "${workspace.root}/opened.new" "${workspace.root}/opened"\n`,
  );
  await chmod(browser, 0o755);
  const asked = fakeSurroundings(workspace.root, { environment: { BROWSER: browser, PATH: process.env.PATH } });
  expect(await run(['status', '--open'], asked)).toBe(0);
  expect(asked.stdout()).toContain('never run');
  const url = `file://${workspace.root}/.hygge/status.html`;
  expect(asked.stderr()).toContain(`The page is open in your browser: ${url}`);
  await expect.poll(() => readFile(join(workspace.root, 'opened'), 'utf8').catch(() => '')).toBe(`${url}\n`);
  expect(await readFile(join(workspace.root, '.hygge/status.html'), 'utf8')).toContain('Nothing has run yet.');
  const nowhere = fakeSurroundings(workspace.root, { environment: { BROWSER: join(workspace.root, 'no-such') } });
  expect(await run(['status', '--open'], nowhere)).toBe(0);
  expect(nowhere.stderr()).toContain(`Open the page in a browser: ${url}`);
});

it.each([
  ['darwin', {}, 'open'],
  ['win32', {}, 'rundll32'],
  ['linux', { DISPLAY: ':0' }, 'xdg-open'],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 'xdg-open'],
  ['linux', { BROWSER: 'firefox' }, 'firefox'],
  ['linux', { BROWSER: 'firefox %s:lynx', DISPLAY: ':0' }, 'xdg-open'],
  ['linux', {}, undefined],
])('on %s with %j a page is opened by %s', (platform, environment, program) => {
  expect(openerOn(platform, environment)?.program).toBe(program);
});
