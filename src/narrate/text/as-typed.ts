import { shellWord } from '../../errors/as-argument.ts';

/** What it takes here to reach the workspace: the words after a command's name. */
export interface CommandFlags {
  /** As it was given with `-C`; null: the current folder. */
  readonly directory: string | null;
  /** As it was given with `--target`; null: none was. */
  readonly target: string | null;
}

// `hygge go on vm, process 7` is the name of a holder, no command.
const names = [
  'go|start|debug|preview|status|report|journal|reset|init|explain|completion',
  'list (?:flows|entities|connectors)|state (?:show|mv)|schema (?:show|diff|accept)|generate (?:entities|schema)',
  'config (?:push|pull|list|rollback)|pack|deploy|infra (?:explain|init|render|plan|destroy)',
];
const command = new RegExp(`\\bhygge (${names.join('|')})\\b(?! on \\S+, process)(?! -C)`, 'g');
const needsNoWorkspace: ReadonlySet<string> = new Set(['init', 'list connectors', 'explain', 'completion']);

/** A line whose commands can be copied and run as they stand. */
export function asTyped(line: string, { directory, target }: CommandFlags): string {
  const which = target === null || line.includes('--target') ? '' : ` --target ${shellWord(target)}`;
  const where = `${directory === null ? '' : ` -C ${shellWord(directory)}`}${which}`;
  return line.replace(command, (_, name: string) => `hygge ${name}${needsNoWorkspace.has(name) ? '' : where}`);
}
