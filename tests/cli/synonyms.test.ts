import { expect, it } from 'vitest';
import { program } from '../../src/cli/program/program.ts';
import { everyHint, hintForCommand, hintForOption } from '../../src/cli/terminal/synonyms.ts';
import { fakeSurroundings } from './surroundings.ts';

const hygge = program(fakeSurroundings('/'), () => {});

/** Options of a command, and those that every command has. */
function optionsOf(command: string): readonly string[] {
  const found = hygge.commands.find((one) => one.name() === command);
  return [...hygge.options, ...(found?.options ?? [])].flatMap(({ short, long }) => [short, long]).filter((one) => one != null);
}

it.each(everyHint)('names commands and options that there are: %s', (hint) => {
  const typed = [...hint.matchAll(/hygge ([a-z]+)([^;,:]*)/g)];
  for (const [, command = '', rest = ''] of typed) {
    expect(hygge.commands.map((one) => one.name())).toContain(command);
    for (const [option] of rest.matchAll(/(?<= )--?[a-z][a-z-]*/g)) expect(optionsOf(command)).toContain(option);
  }
  const bare = hint.replace(/hygge [a-z]+[^;,:]*/g, '');
  const all = hygge.commands.flatMap((one) => optionsOf(one.name()));
  for (const [option] of bare.matchAll(/(?<= )--?[a-z][a-z-]*/g)) expect(all).toContain(option);
});

it('says nothing of a word that is a command or an option here', () => {
  for (const command of hygge.commands) {
    expect(hintForCommand(command.name())).toBeUndefined();
    for (const alias of command.aliases()) expect(hintForCommand(alias)).toBeUndefined();
  }
  for (const option of ['copy', 'go'].flatMap(optionsOf))
    expect([option, hintForOption(option, 'copy')]).toEqual([
      option,
      ['--to', '--limit'].includes(option) ? expect.any(String) : undefined,
    ]);
});

it('knows how the rows of a preview are limited, and that no option makes a run silent', () => {
  expect(hintForOption('--limit', 'preview')).toContain('hygge preview shop.orders -n 3');
  expect(hintForOption('--quiet', 'go')).toContain('hygge go > go.log');
});
