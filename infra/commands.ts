import { shellWord } from '../src/errors/as-argument.ts';

/** A word of a command: fixed text, or `before` followed by the answer of an earlier command. */
export type Word = string | { readonly before: string; readonly saved: string };

/** A command that a person can type, and that `hygge deploy` runs. */
export interface Command {
  readonly program: 'az' | 'aws' | 'bash' | 'hygge';
  readonly args: readonly Word[];
  /** Environment variables that the command needs. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The name under which later commands use the command’s answer. */
  readonly saves?: string;
}

export type StepKind = 'pack' | 'data' | 'network' | 'secrets' | 'apps' | 'aws' | 'config' | 'upload';

/** One step of a deployment. Each step may be repeated. */
export interface Step {
  readonly kind: StepKind;
  /** The rendered folder in which the step’s command runs. */
  readonly folder: 'azure' | 'aws';
  /** The app of the step; null: all apps. */
  readonly app: string | null;
  readonly command: Command;
  /** For the step that lists secrets: the command that stores each secret, by its name in the vault. */
  readonly secrets?: ReadonlyMap<string, Command>;
}

/** The order of a deployment. A failed package stops the deployment before any change. The config is pushed before an app starts. */
const order: readonly StepKind[] = ['pack', 'data', 'network', 'secrets', 'apps', 'aws', 'config', 'upload'];

export function inOrder(steps: readonly Step[]): readonly Step[] {
  return order.flatMap((kind) => steps.filter((step) => step.kind === kind));
}

/** A command as a line for a shell. */
export function shownCommand({ program, args, saves, variables = {} }: Command): string {
  const set = Object.entries(variables).map(([name, value]) => `${name}=${shellWord(value)}`);
  const line = [...set, program, ...args.map(shownWord)].join(' ');
  return saves === undefined ? line : `${saves}=$(${line})`;
}

/** A step, line by line. Lines that set secrets are comments, because only people know the values. */
export function shownStep({ command, secrets }: Step): readonly string[] {
  const wanted = [...(secrets?.values() ?? [])].map((one) => `# ${shownCommand(one)}`);
  return [shownCommand(command), ...(wanted.length === 0 ? [] : ['# each of these that is not listed:', ...wanted])];
}

function shownWord(word: Word): string {
  return typeof word === 'string' ? shellWord(word) : `${shellWord(word.before)}"$${word.saved}"`;
}
