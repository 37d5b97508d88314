import { ConfigError } from '../../errors/hygge-error.ts';
import type { Workspace } from '../../workspace/load/load.ts';
import { lineFitter } from './line-fitter.ts';
import type { CommonFlags, Surroundings } from './surroundings.ts';

/** Whether the person agrees, by `--yes` or by an answer now. Throws HYG-1905 if no person can answer. @param command the typed command. @param name the first words of the command. */
export async function askToConfirm(
  flags: CommonFlags & { readonly yes?: true | undefined },
  surroundings: Surroundings,
  { question, name, command }: { readonly question: string; readonly name: string; readonly command: string },
): Promise<boolean> {
  if (flags.yes) return true;
  if (surroundings.ask === undefined) {
    throw new ConfigError({
      code: 'HYG-1905',
      what: `${name} asks for confirmation, and this is not an interactive terminal.`,
      tryThis: [`Confirm it in the command: ${command} --yes`],
    });
  }
  const asked = lineFitter(surroundings.err, flags)([question]).join('\n');
  return /^y(es)?$/i.test((await surroundings.ask(asked)).trim());
}

/** The name that the person typed, as an answer or as an option. Null: no person can answer. */
export async function nameTyped(
  given: string | undefined,
  question: string,
  surroundings: Pick<Surroundings, 'ask' | 'err'>,
): Promise<string | null> {
  if (given !== undefined) return given;
  if (surroundings.ask === undefined) return null;
  return (await surroundings.ask(lineFitter(surroundings.err, {})([question]).join('\n'))).trim();
}

/** Asks for the name of the target, if the target has `protected: true`. Throws HYG-1909 if the name is wrong or missing. */
export async function mustConfirmTarget(
  flags: CommonFlags & { readonly confirm?: string | undefined },
  { target, name }: Pick<Workspace, 'target' | 'name'>,
  surroundings: Pick<Surroundings, 'ask' | 'err'>,
): Promise<void> {
  if (flags.confirm !== undefined && target?.name !== flags.confirm)
    throw notThatTarget(flags.confirm, target === null ? null : target.name);
  if (target === null || !target.isProtected) return;
  const question = `${target.name} of ${name} is protected. Type its name to continue: `;
  const typed = await nameTyped(flags.confirm, question, surroundings);
  if (typed !== target.name) throw notThatTarget(typed, target.name);
}

function notThatTarget(typed: string | null, target: string | null): ConfigError {
  return new ConfigError({
    code: 'HYG-1909',
    what:
      target === null
        ? `--confirm ${JSON.stringify(typed)} is the name of a target, but this workspace has no targets.`
        : typed === null
          ? `The target ${target} is protected, and its name cannot be typed: this is not an interactive terminal.`
          : `${JSON.stringify(typed)} is not ${target}: nothing was moved.`,
    tryThis: target === null ? ['Leave it out.'] : [`Name it in the command: --target ${target} --confirm ${target}`],
  });
}
