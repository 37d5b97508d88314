import { spawnSync } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildOnce, hyggeCommand, node } from '../support/run-hygge.ts';
import { exampleWorkspace, hygge } from './workspace.ts';

/** Looked at only: one for all. */
let workspace: Awaited<ReturnType<typeof exampleWorkspace>>;
beforeAll(async () => {
  workspace = await exampleWorkspace();
});
afterAll(() => workspace[Symbol.asyncDispose]());

async function candidates(line: string, directory: string): Promise<readonly string[]> {
  const { code, stdout, stderr } = await hygge(['__complete', '--', ...line.split(' ')], directory);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.split('\n').filter((word) => word !== '');
}

describe('what the word being typed may become', () => {
  it.each([
    ['st', ['status', 'state']],
    ['start -e shop.o', ['shop.orders']],
    ['go -e ', ['shop.customers', 'shop.orders']],
    ['go --flow=s', ['--flow=shop']],
    ['go -f shop,', []],
    ['go s', ['shop', 'shop.customers', 'shop.orders']],
    ['go shop.customers shop.o', ['shop.orders']],
    ['go --exclude shop.', ['shop.customers', 'shop.orders']],
    ['state ', ['show', 'mv', 'import']],
    ['schema diff ', ['shop', 'shop.customers', 'shop.orders']],
    ['schema show shop.orders --h', ['--history', '--help']],
    ['completion ', ['bash', 'zsh', 'fish']],
    ['go --output ', ['text', 'json']],
    ['explain HYG-1001', ['HYG-1001']],
    ['docs incr', ['incremental']],
    ['docs deletes incr', []],
    ['journal --run la', ['last']],
    ['quarantine show shop.orders --output ', ['text', 'json', 'csv']],
    ['quarantine show shop.orders --output=c', ['--output=csv']],
    ['quarantine show shop.orders --t', ['--to', '--target']],
  ])('%j', async (line, expected) => {
    expect(await candidates(line, workspace.root)).toEqual(expected);
  });

  it('are runs, by the end of their ids as the table shows it, the newest first, or whole', async () => {
    await using ran = await exampleWorkspace();
    for (const how of ['-i', '-d']) expect((await hygge(['go', how], ran.root)).code).toBe(0);
    const [last, short = '', older, ...others] = await candidates('journal --run ', ran.root);
    expect([last, others]).toEqual(['last', []]);
    const told = await hygge(['journal', '--run', short, '--output', 'json'], ran.root);
    const { run_id: whole } = JSON.parse(told.stdout.split('\n')[0] ?? '') as { readonly run_id: string };
    expect(whole.endsWith(short)).toBe(true);
    expect((await hygge(['journal'], ran.root)).stdout).toMatch(new RegExp(`${short}[\\s\\S]*${older}`));
    expect(await candidates(`journal --run=${whole.slice(0, -2)}`, ran.root)).toEqual([`--run=${whole}`]);
  });

  it('are targets, wherever the name of one is asked for', async () => {
    await using targeted = await exampleWorkspace();
    await writeFile(join(targeted.root, 'hygge.prod.yml'), 'defaults: {}\n');
    await writeFile(join(targeted.root, 'hygge.dev.yml'), 'defaults: {}\n');
    for (const option of ['--target', '--against', '--confirm'])
      expect(await candidates(`go ${option} `, targeted.root)).toEqual(['dev', 'prod']);
  });

  it('are of the workspace that -C names', async () => {
    expect(await candidates(`-C ${workspace.root} go -f `, '/')).toEqual(['shop']);
  });

  it('are none outside any workspace and in a broken one, without a word of complaint', async () => {
    await using broken = await exampleWorkspace();
    await writeFile(join(broken.root, 'hygge.yml'), 'name: [');
    expect(await candidates('go -e ', broken.root)).toEqual([]);
    expect(await candidates('go -e ', '/')).toEqual([]);
  });
});

/** A bash with `hygge` on its path, which presses Tab after `line`. */
async function tab(line: string, root: string): Promise<readonly string[]> {
  buildOnce();
  const bin = join(root, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'hygge'), `#!/bin/sh\nexec '${node}' '${hyggeCommand}' "$@"\n`);
  await chmod(join(bin, 'hygge'), 0o755);
  const script = `source <(hygge completion bash) || exit 9
complete -p hygge > /dev/null || exit 8
COMP_LINE=$1 COMP_POINT=\${#1}
read -r -a COMP_WORDS <<< "$1"
[[ $1 == *' ' ]] && COMP_WORDS+=("")
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
compopt() { :; }
_hygge
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const run = spawnSync('bash', ['--norc', '-c', script, 'bash', line], {
    cwd: root,
    env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
    encoding: 'utf8',
  });
  expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: '' });
  return run.stdout.split('\n').filter((word) => word !== '');
}

describe('in a real bash', () => {
  it('quotes a name that the shell would split', async () => {
    await using named = await exampleWorkspace();
    await writeFile(join(named.root, 'flows/shop/entities/two words.yml'), 'name: two words\n');
    expect(await tab('hygge preview shop.t', named.root)).toEqual(['shop.two\\ words']);
  });
});

describe('where no hygge is on the path', () => {
  it('the script brings one, that of the clone it comes from', async () => {
    buildOnce();
    const launcher = hyggeCommand.replace(/\.mjs$/, '');
    const script = `eval "$('${launcher}' completion bash)"; hygge list flows --output json; COMP_LINE='hygge jo' COMP_POINT=8 COMP_WORDS=(hygge jo)
compopt() { :; }
_hygge; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const env = { PATH: '/usr/bin:/bin', HOME: workspace.root };
    const run = spawnSync('bash', ['--norc', '-c', script], { cwd: workspace.root, env, encoding: 'utf8' });
    expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: '' });
    expect(run.stdout).toMatch(/"flow":"shop"[\s\S]*\njournal\n$/);
  });
});

describe('the scripts', () => {
  it.each(['bash', 'zsh', 'fish'])('of %s ask hygge, and know no command themselves', async (shell) => {
    const { code, stdout } = await hygge(['completion', shell], '/');
    expect(code).toBe(0);
    expect(stdout).toContain('__complete --');
    expect(stdout).not.toMatch(/journal|preview/);
  });

  it('of another shell ends with 2', async () => {
    expect((await hygge(['completion', 'tcsh'], '/')).stderr).toContain('Allowed choices are bash, zsh, fish.');
  });
});
