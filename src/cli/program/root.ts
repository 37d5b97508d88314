import { Command, type CommandUnknownOpts, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { version } from '../../assembly/version.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import { helpConfiguration } from './help.ts';

/** Called with the exit code of the command that ran. */
export type ExitHandler = (code: number) => void;

/** Makes the action of a command. The action gets the flags and arguments of the command, and returns the exit code. */
export type Doing = ReturnType<typeof doingBy>;

export function doingBy(finished: ExitHandler) {
  return <Args extends unknown[], Flags>(act: (flags: Flags, ...args: Args) => Promise<number>) =>
    async (...given: [...Args, unknown, { optsWithGlobals(): Flags }]): Promise<void> => {
      const command = given.at(-1) as { optsWithGlobals(): Flags };
      finished(await act(command.optsWithGlobals(), ...(given.slice(0, -2) as Args)));
    };
}

/** The program without its commands, with the flags that each command has. */
export type Root = ReturnType<typeof root>;

const outputForms = ['text', 'json'] as const;
const allowedForms = `Allowed choices are ${outputForms.join(', ')}.`;

/** Whether a command can print rows as CSV, which only `quarantine show` can. */
export const mayBeCsv = (command: CommandUnknownOpts): boolean => command.name() === 'show' && command.parent?.name() === 'quarantine';

/** @param all whether `--help` shows all commands and options. */
export function root(surroundings: Surroundings, all: boolean) {
  return new Command('hygge')
    .description('Extract and load that feels like home.')
    .version(version, '--version', 'show the version')
    .helpOption('-h, --help', 'show this help; with --all, the whole help')
    .option('-C, --directory <dir>', 'work in this folder')
    .option('--target <name>', 'the target of the workspace, such as dev or prod')
    .option('--no-color', 'write plain text (as NO_COLOR does)')
    .option('-v, --verbose', 'show details, and the stacks of errors')
    .addOption(
      new Option('--output <form>', 'the format of stdout')
        .choices(outputForms)
        .argParser((form): (typeof outputForms)[number] => {
          if (form !== 'csv' && !(outputForms as readonly string[]).includes(form)) throw new InvalidArgumentError(allowedForms);
          return form as (typeof outputForms)[number];
        })
        .default('text' as const),
    )
    .hook('preAction', (program, command) => {
      if ((program.opts().output as string) === 'csv' && !mayBeCsv(command as unknown as CommandUnknownOpts))
        program.error(`error: option '--output <form>' argument 'csv' is invalid. ${allowedForms}`, { code: 'commander.invalidArgument' });
    })
    .configureHelp(helpConfiguration(all))
    .addHelpText('after', footer)
    .configureOutput({
      writeOut: (text) => surroundings.out.write(text),
      writeErr: (text) => surroundings.err.write(text),
      // The parser prints no error: the caller of the program catches the error, and reports it in the form of hygge.
      outputError: () => {},
      getOutHelpWidth: () => surroundings.out.size().columns,
      getErrHelpWidth: () => surroundings.err.size().columns,
    })
    .exitOverride();
}

const footer = `
Examples:
  hygge init my-lake --example    a small workspace that runs at once
  hygge go -C my-lake             move its data
  hygge go --help                 the usage of one command

Exit codes: 0 success · 1 a run or check failed · 2 wrong usage or config
            3 locked by another run · 130 and 143 stopped by a signal`;
