import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { ProcessNetwork } from '../../src/adapters/process-network.ts';
import { program } from '../../src/cli/program/program.ts';
import type { Surroundings } from '../../src/cli/terminal/surroundings.ts';
import { anchor } from '../../src/docs/sections.ts';
import { capital, code, fenced, made, page, table } from './markdown.ts';

/** Every command that does something, with the words that lead to it. */
export interface Leaf {
  /** `hygge state show` */
  readonly name: string;
  readonly command: CommandUnknownOpts;
}

/** The command tree, with nothing behind it that could run. */
export function commandTree(): CommandUnknownOpts {
  return program(nowhere, () => {}, { all: true });
}

export function leaves(command: CommandUnknownOpts, before = ''): readonly Leaf[] {
  const name = `${before}${command.name()}`;
  // What help leaves out is not for people.
  const below = command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== 'help');
  return below.length === 0 ? [{ name, command }] : below.flatMap((one) => leaves(one, `${name} `));
}

/** The example lines of a command's help: `hygge go   every flow`. */
export function examplesOf(command: CommandUnknownOpts): readonly string[] {
  const lines = wholeHelp(command).split('\n');
  const start = lines.findIndex((line) => /^Examples?:$/.test(line));
  if (start < 0) return [];
  const after = lines.slice(start + 1);
  const end = after.findIndex((line) => line.trim() === '');
  return (end < 0 ? after : after.slice(0, end)).map((line) => line.replace(/^ {2}/, ''));
}

/** docs/cli.md */
export function cliPage(): string {
  const root = commandTree();
  const commands = leaves(root);
  const shared = sharedOptions(commands);
  return page([
    made,
    '# Command line reference',
    'What every command takes. [operating.md](operating.md) says when to use which.',
    commands.map(({ name }) => `[${code(name)}](#${anchor(name)})`).join(', '),
    '## Options of every command',
    options(root.options),
    `## ${ofSeveral}`,
    'The section of a command names those that it takes.',
    options(shared),
    ...commands.flatMap((leaf) => section(leaf, shared)),
  ]);
}

const ofSeveral = 'Options of several commands';

/** The options that three commands or more have in the same words. */
function sharedOptions(commands: readonly Leaf[]): readonly Option[] {
  const groups = Map.groupBy(
    commands.flatMap(({ command }) => shown(command.options)),
    rowText,
  );
  return [...groups.values()].flatMap((same) => (same.length < 3 ? [] : same.slice(0, 1)));
}

function section({ name, command }: Leaf, shared: readonly Option[]): readonly string[] {
  const sharedTexts = new Set(shared.map(rowText));
  const own = shown(command.options).filter((option) => !sharedTexts.has(rowText(option)));
  const others = shown(command.options).filter((option) => sharedTexts.has(rowText(option)));
  const aliases = command.aliases().map((alias) => code(`hygge ${alias}`));
  const taken = command.registeredArguments.map((argument) => [
    code(argument.required ? `<${argument.name()}>` : `[${argument.name()}]`),
    sentence([argument.description, choices(argument.argChoices)]),
    byDefault(argument.defaultValue),
  ]);
  const examples = examplesOf(command);
  return [
    `## ${name}`,
    `${capital(command.description())}.${aliases.length === 0 ? '' : ` Also ${aliases.join(', ')}.`}`,
    fenced(`${name} ${command.usage()}`),
    taken.length === 0 ? '' : table(['argument', 'what it is', 'default'], taken),
    own.length === 0 ? '' : options(own),
    others.length === 0
      ? ''
      : `Of [several commands](#${anchor(ofSeveral)}): ${others.map(({ long, flags }) => code(long ?? flags)).join(', ')}.`,
    examples.length === 0 ? '' : fenced(examples.join('\n')),
  ];
}

function options(all: readonly Option[]): string {
  return table(['option', 'what it does', 'default'], shown(all).map(rowOf));
}

const shown = (all: readonly Option[]): readonly Option[] => all.filter((option) => !option.hidden);

const rowOf = (option: Option): readonly string[] => [
  code(option.flags),
  sentence([option.description, choices(option.argChoices)]),
  option.negate ? '' : byDefault(option.defaultValue),
];

const rowText = (option: Option): string => JSON.stringify(rowOf(option));

function choices(all: readonly string[] | undefined): string {
  return all === undefined ? '' : `One of ${all.map(code).join(', ')}`;
}

function byDefault(value: unknown): string {
  return value === undefined || value === false ? '' : code(String(value));
}

function sentence(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('. ');
}

/** What `--help` prints, with what is added before and after it. */
function wholeHelp(command: CommandUnknownOpts): string {
  let text = '';
  command.configureOutput({
    ...command.configureOutput(),
    writeOut: (written) => {
      text += written;
    },
    getOutHelpWidth: () => 200,
  });
  command.outputHelp();
  return text;
}

const silent = { write: () => {}, terminal: false, size: () => ({ columns: 200, rows: 50 }) };

const nowhere: Surroundings = {
  directory: '/',
  program: 'hygge',
  environment: {},
  out: silent,
  err: silent,
  network: new ProcessNetwork(),
  ask: undefined,
  onStop: () => () => {},
  leave: () => {},
};
