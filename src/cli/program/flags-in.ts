import type { CommonFlags } from '../terminal/surroundings.ts';

/** The flags about output in a command line. The flags are found by a simple search, since the command line may be invalid. */
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
