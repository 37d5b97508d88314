import type { Command } from '../../../infra/commands.ts';
import { parsedJson } from '../../ports/values.ts';
import type { InfraTarget } from '../../workspace/target/read.ts';
import type { Commands } from './carry-out.ts';
import { answersGarbage, notSignedIn, signedInElsewhere } from './errors.ts';

const azure: Command = { program: 'az', args: ['account', 'show', '--query', 'id', '--output', 'json'] };
const aws: Command = { program: 'aws', args: ['sts', 'get-caller-identity', '--query', 'Account', '--output', 'json'] };

/** The audiences for which a deployment needs tokens in addition to that of the platform, named as in Entra ID: vault, config storage, directory. */
const audiences = { vault: 'https://vault.azure.net', storage: 'https://storage.azure.com', directory: 'https://graph.microsoft.com' };

/**
 * A command by which az fetches a token for an audience, and keeps the token for an hour. The proof of identity of a pipeline is valid for ten minutes, and
 * a deployment takes longer. After these ten minutes, az can not sign in to a new audience (https://github.com/Azure/azure-cli/issues/28708). The token
 * itself is not read.
 */
const fetching = (audience: string, subscription: string): Command => ({
  program: 'az',
  args: ['account', 'get-access-token', '--subscription', subscription, '--resource', audience, '--query', 'expiresOn', '--output', 'tsv'],
});

/** The commands that show who is signed in, in their order. @param isDeployment true for a deployment, false for a removal. */
export function signInCommands({ settings }: Pick<InfraTarget, 'settings'>, isDeployment = true): readonly Command[] {
  if (!isDeployment) return [azure];
  const { vault, storage, directory } = audiences;
  const isInAws = settings.aws !== undefined;
  const tokens = [vault, storage, ...(isInAws ? [directory] : [])].map((one) => fetching(one, settings.subscription));
  return [azure, ...tokens, ...(isInAws ? [aws] : [])];
}

/** Checks that an account is signed in to the target's subscription or account. Throws HYG-1123, HYG-1124, HYG-1125 and HYG-1127. */
export async function mustBeSignedIn(
  commands: Commands,
  { settings, file }: InfraTarget,
  { directory, isDeployment = true }: { readonly directory: string; readonly isDeployment?: boolean },
) {
  for (const command of signInCommands({ settings }, isDeployment)) {
    const program = command === aws ? 'aws' : 'az';
    const { status, stdout, stderr } = await commands.run(command, directory);
    if (status !== 0) {
      commands.mayGoOn();
      throw notSignedIn(program, stderr);
    }
    if (command !== azure && command !== aws) continue;
    const found = parsedJson(stdout);
    if (typeof found !== 'string') throw answersGarbage(command, `the id of ${program === 'az' ? 'a subscription' : 'an account'}`);
    const wanted = program === 'az' ? settings.subscription : (settings.aws?.account ?? '');
    if (found.toLowerCase() !== wanted.toLowerCase()) throw signedInElsewhere(program, { found, wanted, file });
  }
}
