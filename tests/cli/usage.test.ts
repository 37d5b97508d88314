import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program/run.ts';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { fakeSurroundings } from './surroundings.ts';

async function hygge(...args: string[]) {
  const surroundings = fakeSurroundings('/');
  const code = await run(args, surroundings);
  return { code, stdout: surroundings.stdout(), stderr: surroundings.stderr() };
}

describe('help', () => {
  it.each([[[]], [['--help']], [['-h']], [['help']]])('%j is on stdout, exit 0', async (args) => {
    const { code, stdout, stderr } = await hygge(...args);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    for (const command of ['init', 'go', 'debug', 'status']) expect(stdout).toContain(`\n  ${command}`);
    expect(stdout).toContain('Exit codes:');
  });
});

describe('a value that is in the wrong place is in no message', () => {
  const secret = 'CANARY7longSecret';
  it.each([
    [['go', '--var', secret]],
    [['go', '--var', `flow.shop.home.password:${secret}`]],
    [['go', '--var', `flow.shop.${secret}`]],
    [['go', '--var', 'flow.shop.home.password', secret]],
    [['go', `--password=${secret}`]],
    [['copy', 'a.csv', 'b.csv', '--home', `${secret}==`]],
    [['copy', 'a.csv', 'b.csv', '--store', `${secret.toLowerCase()}==`]],
    [['copy', 'a.csv', 'b.csv', '--store', `password:${secret}`]],
  ])('%j', async (args) => {
    using workspace = new TestWorkspace();
    workspace.write({ 'flows/shop/flow.yml': 'home: data\nstore: lake\nentities: [orders]\n', 'a.csv': 'id\n1\n' });
    for (const more of [[], ['--output', 'json']]) {
      const ran = await inProcess([...args, ...more], workspace.root, {});
      expect([ran.code, `${ran.stdout}${ran.stderr}`.toLowerCase().includes(secret.toLowerCase())]).toEqual([2, false]);
    }
  });
});

describe('wrong usage ends with 2, one headline, and what to try', () => {
  it.each([
    [['go', '--flw', 'x'], "Unknown option '--flw'.", 'Did you mean --flow?'],
    [['goo'], "Unknown command 'goo'.", 'Did you mean go?'],
    [['jornal'], "Unknown command 'jornal'.", 'Did you mean journal?'],
    [['go', '--retry-fr', '1h'], "Unknown option '--retry-fr'.", 'Did you mean --retry-for?'],
    [['copy', 'a.csv', 'b', '--mode', 'append'], "Unknown option '--mode'.", '--watermark updated_at'],
    [['copy', '--src-conn', 'A', '--tgt-conn', 'B'], "Unknown option '--src-conn'.", 'hygge copy'],
    [['copy', 'a.csv', 'b', '--primary-key=id'], "Unknown option '--primary-key'.", '--key id'],
    [['copy', 'a.csv', 'b', '--incremental-key', 'at'], "Unknown option '--incremental-key'.", '--watermark'],
    [['go', '--full-refresh'], "Unknown option '--full-refresh'.", 'hygge go -d'],
    [['go', '-t', 'prod'], "Unknown option '-t'.", '--target prod'],
    [['run', '-t', 'prod'], "Unknown command 'run'.", 'hygge go'],
    [['go', '-i', '-d'], "Option '-i, --incremental' cannot be used with option '-d, --full-drop'.", 'See hygge go --help'],
    [['go', '-c', '0'], 'A whole number from 1 on is expected.', 'See hygge go --help'],
    [['preview', 'crm.users', 'crm.orders'], 'Too many arguments', 'See hygge preview --help'],
    [['go', '--count'], '--count is for --dry-run.', 'hygge go --dry-run --count'],
    [['reset', '--discard'], 'Name what to reset', 'hygge reset --all'],
    [['--output', 'xml', 'go'], 'Allowed choices are text, json.', 'See hygge go --help'],
    [['reset', 'a.b', '--watermark', '5'], '--watermark is for --adopt.', '--adopt --watermark'],
  ])('%j', async (args, what, tryThis) => {
    const { code, stdout, stderr } = await hygge(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(what);
    expect(stderr).toContain(`try  `);
    expect(stderr).toContain(tryThis);
    expect(stderr.split(what)).toHaveLength(2);
  });

  it('in JSON is an error event and a summary, with the words on stderr', async () => {
    const { code, stdout, stderr } = await hygge('go', '--output', 'json', '--nope');
    expect(code).toBe(2);
    const events = stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(events).toMatchObject([
      { event: 'error', v: 1, code: 'HYG-1901', tryThis: ['See hygge go --help'] },
      { event: 'summary', v: 1, total: 0 },
    ]);
    expect(stderr).toContain("Unknown option '--nope'.");
  });
});
