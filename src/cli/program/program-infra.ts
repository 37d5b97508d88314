import type { Surroundings } from '../terminal/surroundings.ts';
import { examples, flowOption, gather } from './options.ts';
import type { Finished, Root } from './program.ts';

/** Commands about what has to be there for the function app to run, computed from the workspace. */
export function addInfra(hygge: Root, surroundings: Surroundings, finished: Finished): void {
  const infra = hygge
    .command('infra')
    .description('the rights, hosts and secrets that the workspace needs')
    .addHelpText('after', examples('hygge infra explain'));
  infra
    .command('explain')
    .description('which flow may do what where, and which line of the config asks for it; rights that are wider than they need be')
    .option(...flowOption, gather)
    .addHelpText('after', examples('hygge infra explain', 'hygge infra explain --flow crm --output json'))
    .action(async (_options, command) => {
      const { infraExplain } = await import('../infra/explain.ts');
      finished(await infraExplain(command.optsWithGlobals(), surroundings));
    });
}
