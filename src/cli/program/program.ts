import type { Surroundings } from '../terminal/surroundings.ts';
import { addConfig } from './program-config.ts';
import { addInfra } from './program-infra.ts';
import { addLooking } from './program-inspect.ts';
import { addKeeping } from './program-maintain.ts';
import { addQuarantine } from './program-quarantine.ts';
import { addMoving } from './program-run.ts';
import { addSchema } from './program-schema.ts';
import { doingBy, type ExitHandler, type Root, root } from './root.ts';

/** Every command and flag: a public contract. What a command does is loaded when it is called, so that `--help` loads nothing. */
export function program(surroundings: Surroundings, finished: ExitHandler): Root {
  const hygge = root(surroundings);
  const doing = doingBy(finished);
  addMoving(hygge, surroundings, doing);
  addLooking(hygge, surroundings, doing);
  addSchema(hygge, surroundings, doing);
  addQuarantine(hygge, surroundings, doing);
  addKeeping(hygge, surroundings, doing);
  addConfig(hygge, surroundings, doing);
  addInfra(hygge, surroundings, doing);
  return hygge;
}
