import { describe, expect, it } from 'vitest';
import { commandGroups, firstCommands } from '../../src/cli/program/help.ts';
import { program } from '../../src/cli/program/program.ts';
import { run } from '../../src/cli/program/run.ts';
import { fakeSurroundings } from './surroundings.ts';

type Node = Omit<ReturnType<typeof program>, 'action'> & { action(does: () => void): unknown };

/** The command tree with nothing behind it, and what it printed. */
function bare(ran: (name: string) => void = () => {}, all = false) {
  const surroundings = fakeSurroundings('/');
  const root = program(surroundings, () => {}, { all }) as unknown as Node;
  const disarm = (command: Node, path: string): void => {
    for (const child of command.commands as unknown as readonly Node[]) disarm(child, `${path} ${child.name()}`);
    if (command.commands.length === 0) command.action(() => ran(path));
  };
  disarm(root, 'hygge');
  return { root, surroundings };
}

function everyCommand(): readonly (readonly string[])[] {
  const paths = (command: Node, path: readonly string[]): readonly (readonly string[])[] => [
    path,
    ...(command.commands as unknown as readonly Node[])
      .filter((child) => child.name() !== '__complete')
      .flatMap((child) => paths(child, [...path, child.name()])),
  ];
  return paths(bare().root, []);
}

async function helpOf(path: readonly string[], { all = false } = {}): Promise<string> {
  const { root, surroundings } = bare(undefined, all);
  await root.parseAsync([...path, '--help'], { from: 'user' }).catch(() => undefined);
  return surroundings.stdout();
}

/** Command lines below `Examples:`, without what is said of them and without what they are piped into. */
function examplesIn(help: string): readonly string[] {
  const [, below = ''] = help.split(/\nExamples?:\n/);
  const [block = ''] = below.split('\n\n');
  return block
    .split('\n')
    .filter((line) => line.startsWith('  hygge '))
    .map((line) => (line.trim().split(/ {2,}| \| /)[0] ?? '').trim());
}

/** As a shell would, as far as examples need it. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bareWord]) => quoted ?? bareWord ?? '');
}

const commands = everyCommand().map((path) => [path.join(' ') || 'hygge itself', path] as const);

describe('help', () => {
  it('finds commands at every depth', () => {
    const names = commands.map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(['go', 'preview', 'state mv', 'generate entities', 'completion']));
  });

  it.each(commands)('of %s has an example, and each one is a command line that can be read', async (_name, path) => {
    const help = await helpOf(path);
    const examples = examplesIn(help);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      expect(example).toMatch(new RegExp(`^hygge ${path.join(' ')}`));
      const ran: string[] = [];
      await bare((name) => ran.push(name))
        .root.parseAsync([...words(example).slice(1)], { from: 'user' })
        .catch((error: unknown) => {
          if (!(error instanceof Error && 'exitCode' in error && error.exitCode === 0)) throw error;
          ran.push('hygge --help');
        });
      expect(ran, example).toHaveLength(1);
    }
  });

  it.each(commands)('of %s says of every option what it does, in 80 columns', async (_name, path) => {
    const help = await helpOf(path, { all: true });
    const [before = ''] = help.split(/\nExamples?:\n/);
    for (const line of before.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    for (const line of before.split('\n').filter((one) => /^ {2}-/.test(one))) expect(line).toMatch(/^ {2}\S.* {2}\S/);
  });

  it('does not show what only the shell asks', async () => {
    expect(await helpOf([], { all: true })).not.toContain('__complete');
  });

  it('begins with ten commands, on at most 40 lines', async () => {
    const help = await helpOf([]);
    expect(help.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
    const [, commands = ''] = /\nCommands:\n([\s\S]*?)\n\n/.exec(help) ?? [];
    expect(commands.split('\n').map((line) => line.trim().split(' ')[0])).toEqual([
      'init',
      'copy',
      'go',
      'preview',
      'status',
      'verify',
      'query',
      'explain',
      'docs',
      'debug',
    ]);
    for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('has each command in one place', () => {
    const placed = [...Object.keys(firstCommands), ...Object.values(commandGroups).flat()];
    const names = bare().root.commands.map((command) => command.name());
    expect(placed.sort()).toEqual(names.filter((name) => name !== '__complete').sort());
  });

  it.each(commands)('of %s names the way to the options that it leaves out', async (name, path) => {
    const [usual, whole] = [await helpOf(path), await helpOf(path, { all: true })];
    const optionsIn = (help: string) => help.split(/\nGlobal Options:\n|\nExamples?:\n/)[0]?.match(/^ {2}(-\w, )?--[\w-]+/gm) ?? [];
    const leftOut = optionsIn(whole).length - optionsIn(usual).length;
    if (leftOut === 0 || path.length === 0) expect(usual).not.toContain('… and');
    else expect(usual).toContain(`… and ${leftOut} more: hygge ${name} --help --all\n`);
  });

  it('shows everything with --all, of each command', async () => {
    const surroundings = fakeSurroundings('/');
    expect(await run(['go', '--help', '--all'], surroundings)).toBe(0);
    expect(surroundings.stdout()).toContain('--retry-for <duration>');
    expect(surroundings.stdout()).toContain('Global Options:');
  });
});
