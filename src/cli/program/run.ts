import { CommanderError } from '@commander-js/extra-typings';
import { exit } from '../terminal/exit-code.ts';
import { type CommonFlags, StoppedAtQuestion, type Surroundings } from '../terminal/surroundings.ts';
import { program } from './program.ts';

/** Runs one command line (without the program's name) and answers the exit code. Never throws. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  let code: number = exit.ok;
  const hygge = program(surroundings, (finished) => {
    code = finished;
  });
  if (args.length === 0) {
    hygge.outputHelp();
    return exit.ok;
  }
  try {
    await hygge.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exit.ok;
    if (error instanceof StoppedAtQuestion) {
      surroundings.err.write('Stopped at the question: nothing was done.\n');
      return exit.SIGINT;
    }
    // Options but no command: the help is on stderr already.
    if (error instanceof CommanderError && error.code === 'commander.help') return exit.usage;
    const { fail, asUsageError } = await import('../terminal/failure.ts');
    const commands = hygge.commands.flatMap((command) => [command.name(), ...command.aliases()]);
    const failure = error instanceof CommanderError ? asUsageError(error.message, args, commands) : error;
    return fail(failure, surroundings, flagsIn(args));
  }
}

/** The flags that shape output, read by eye: the command line may be the very thing that could not be parsed. */
export function flagsIn(args: readonly string[]): CommonFlags {
  const form = args.indexOf('--output');
  const json = args.includes('--output=json') || (form >= 0 && args[form + 1] === 'json');
  return {
    directory: givenFor(args, '-C') ?? givenFor(args, '--directory'),
    target: givenFor(args, '--target'),
    writesTarget: args.some((word) => word === 'deploy' || word === 'infra'),
    color: !args.includes('--no-color'),
    output: json ? 'json' : 'text',
    verbose: args.includes('-v') || args.includes('--verbose'),
  };
}

function givenFor(args: readonly string[], option: string): string | undefined {
  const place = args.indexOf(option);
  return place >= 0 ? args[place + 1] : args.find((arg) => arg.startsWith(`${option}=`))?.slice(option.length + 1);
}
