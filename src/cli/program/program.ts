import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Surroundings } from '../terminal/surroundings.ts';
import { grouped } from './help.ts';
import { addConfig } from './program-config.ts';
import { addInfra } from './program-infra.ts';
import { addLooking } from './program-inspect.ts';
import { addKeeping } from './program-maintain.ts';
import { addQuarantine } from './program-quarantine.ts';
import { addMoving } from './program-run.ts';
import { addSchema } from './program-schema.ts';
import { doingBy, type ExitHandler, type Root, root } from './root.ts';

/**
 * The program with all its commands and flags, which are a public contract. The code of a command is loaded only when the command is
 * called, so `--help` is fast.
 * @param all whether `--help` shows all commands and options.
 */
export function program(surroundings: Surroundings, finished: ExitHandler, { all = false } = {}): Root {
  const hygge = root(surroundings, all);
  const doing = doingBy(finished);
  addMoving(hygge, surroundings, doing);
  addLooking(hygge, surroundings, doing);
  addSchema(hygge, surroundings, doing);
  addQuarantine(hygge, surroundings, doing);
  addKeeping(hygge, surroundings, doing);
  addConfig(hygge, surroundings, doing);
  addInfra(hygge, surroundings, doing);
  grouped(hygge as unknown as CommandUnknownOpts);
  return hygge;
}
