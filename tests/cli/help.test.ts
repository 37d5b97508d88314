import { describe, expect, it } from 'vitest';
import { program } from '../../src/cli/program/program.ts';
import { fakeSurroundings } from './surroundings.ts';

type Node = Omit<ReturnType<typeof program>, 'action'> & { action(does: () => void): unknown };

/** The command tree with nothing behind it, and what it printed. */
function bare(ran: (name: string) => void = () => {}) {
  const surroundings = fakeSurroundings('/');
  const root = program(surroundings, () => {}) as unknown as Node;
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

async function helpOf(path: readonly string[]): Promise<string> {
  const { root, surroundings } = bare();
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
    const help = await helpOf(path);
    const [before = ''] = help.split(/\nExamples?:\n/);
    for (const line of before.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    for (const line of before.split('\n').filter((one) => /^ {2}-/.test(one))) expect(line).toMatch(/^ {2}\S.* {2}\S/);
  });

  it('does not show what only the shell asks', async () => {
    expect(await helpOf([])).not.toContain('__complete');
  });
});
