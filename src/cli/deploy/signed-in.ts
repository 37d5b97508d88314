import type { Command } from '../../../infra/commands.ts';
import type { Target } from '../../workspace/target/read.ts';
import { type Commands, parsed } from './carry-out.ts';
import { answersGarbage, notSignedIn, signedInElsewhere } from './errors.ts';

const azure: Command = { program: 'az', args: ['account', 'show', '--query', 'id', '--output', 'json'] };
const aws: Command = { program: 'aws', args: ['sts', 'get-caller-identity', '--query', 'Account', '--output', 'json'] };

/** What asks who is signed in, in order. */
export function signInCommands({ settings }: Pick<Target, 'settings'>, withAws = true): readonly Command[] {
  return settings.aws === undefined || !withAws ? [azure] : [azure, aws];
}

/** Somebody is signed in, where the target is. Throws HYG-1123, HYG-1124, HYG-1125 and HYG-1127. */
export async function mustBeSignedIn(
  commands: Commands,
  { settings, file }: Target,
  { directory, withAws = true }: { readonly directory: string; readonly withAws?: boolean },
) {
  for (const command of signInCommands({ settings }, withAws)) {
    const program = command === azure ? 'az' : 'aws';
    const { status, stdout, stderr } = await commands.run(command, directory);
    if (status !== 0) {
      commands.mayGoOn();
      throw notSignedIn(program, stderr);
    }
    const found = parsed(stdout);
    if (typeof found !== 'string') throw answersGarbage(command, `the id of ${program === 'az' ? 'a subscription' : 'an account'}`);
    const wanted = program === 'az' ? settings.subscription : (settings.aws?.account ?? '');
    if (found.toLowerCase() !== wanted.toLowerCase()) throw signedInElsewhere(program, { found, wanted, file });
  }
}
