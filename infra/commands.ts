import { shellWord } from '../src/errors/as-argument.ts';

/** A word of a command: as it is, or behind `before` what an earlier command answered. */
export type Word = string | { readonly before: string; readonly saved: string };

/** A command as a person types it, and as `hygge deploy` runs it: one source for both. */
export interface Command {
  readonly program: 'az' | 'aws' | 'bash' | 'hygge';
  readonly args: readonly Word[];
  /** What has to be set for it. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What its answer is called by those that come after it. */
  readonly saves?: string;
}

export type StepKind = 'pack' | 'data' | 'network' | 'secrets' | 'apps' | 'aws' | 'config' | 'upload';

/** One step of a deployment. Each may be repeated. */
export interface Step {
  readonly kind: StepKind;
  /** The rendered folder that its command is run in. */
  readonly folder: 'azure' | 'aws';
  /** Null: it is for all of them. */
  readonly app: string | null;
  readonly command: Command;
  /** Of the step that lists secrets: by the name that each has in the vault, what puts it there. */
  readonly secrets?: ReadonlyMap<string, Command>;
}

/** The order of a deployment. A package that can't be made stops it before anything is touched; an app starts with its config there. */
const order: readonly StepKind[] = ['pack', 'data', 'network', 'secrets', 'apps', 'aws', 'config', 'upload'];

export function inOrder(steps: readonly Step[]): readonly Step[] {
  return order.flatMap((kind) => steps.filter((step) => step.kind === kind));
}

/** A command as a shell takes it. */
export function shownCommand({ program, args, saves, variables = {} }: Command): string {
  const set = Object.entries(variables).map(([name, value]) => `${name}=${shellWord(value)}`);
  const line = [...set, program, ...args.map(shownWord)].join(' ');
  return saves === undefined ? line : `${saves}=$(${line})`;
}

/** A step, line by line. Lines that set secrets are comments, since only people know the values. */
export function shownStep({ command, secrets }: Step): readonly string[] {
  const wanted = [...(secrets?.values() ?? [])].map((one) => `# ${shownCommand(one)}`);
  return [shownCommand(command), ...(wanted.length === 0 ? [] : ['# each of these that is not listed:', ...wanted])];
}

function shownWord(word: Word): string {
  return typeof word === 'string' ? shellWord(word) : `${shellWord(word.before)}"$${word.saved}"`;
}
