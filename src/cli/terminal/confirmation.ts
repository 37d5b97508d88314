import { ConfigError } from '../../errors/hygge-error.ts';
import { fitting } from './fitting.ts';
import type { CommonFlags, Surroundings } from './surroundings.ts';

/** Whether the person says yes, beforehand with `--yes` or now. HYG-1905 when nobody is there to answer. `command` is what was typed, `name` its first words. */
export async function confirmed(
  flags: CommonFlags & { readonly yes?: true | undefined },
  surroundings: Surroundings,
  { question, name, command }: { readonly question: string; readonly name: string; readonly command: string },
): Promise<boolean> {
  if (flags.yes) return true;
  if (surroundings.ask === undefined) {
    throw new ConfigError({
      code: 'HYG-1905',
      what: `${name} asks first, and nobody is there to answer.`,
      tryThis: [`Say yes beforehand: ${command} --yes`],
    });
  }
  const asked = fitting(surroundings.err, flags)([question]).join('\n');
  return /^y(es)?$/i.test((await surroundings.ask(asked)).trim());
}
