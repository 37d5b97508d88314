import { CommanderError } from '@commander-js/extra-typings';
import { exit } from '../terminal/exit-code.ts';
import { withoutSecretsOnScreen } from '../terminal/exits.ts';
import { StoppedAtQuestion, type Surroundings } from '../terminal/surroundings.ts';
import { flagsIn } from './flags-in.ts';
import { program } from './program.ts';

/** Runs a command line, without the name of the program, and returns the exit code. Never throws. */
export async function run(args: readonly string[], given: Surroundings): Promise<number> {
  const surroundings = withoutSecretsOnScreen(given);
  let code: number = exit.ok;
  const finished = (ended: number) => {
    code = ended;
  };
  const hygge = program(surroundings, finished, { all: args.includes('--all') });
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
    // The command line has options but no command, so the help was already printed on stderr.
    if (error instanceof CommanderError && error.code === 'commander.help') return exit.usage;
    const { fail, asUsageError } = await import('../terminal/failure.ts');
    const commands = hygge.commands.flatMap((command) => [command.name(), ...command.aliases()]);
    const failure = error instanceof CommanderError ? asUsageError(error.message, args, commands) : error;
    return fail(failure, surroundings, flagsIn(args));
  }
}
