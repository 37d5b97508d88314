import { shellWord } from '../../errors/as-argument.ts';

/** The options after a command’s name that make the command find the workspace from the current folder. */
export interface CommandFlags {
  /** The folder given with `-C`; null: the current folder. */
  readonly directory: string | null;
  /** The target given with `--target`; null: none. */
  readonly target: string | null;
}

// `hygge go on vm, process 7` is the name of a holder, not a command.
const names = [
  'go|start|debug|check|preview|status|watch|report|verify|journal|query|backfill|compact|reset|copy|apply|pack|deploy|init|docs|explain|completion|version',
  'list (?:flows|entities|connectors)|state (?:show|mv|import)|schema (?:show|diff|accept)|generate (?:ddl|entities|contract|schema)',
  'quarantine (?:list|show|replay|corrections|drop-correction|drop)|config (?:push|pull|list|rollback)|infra (?:explain|init|render|plan|destroy)',
].join('|');
const command = new RegExp(`\\bhygge (${names})\\b(?! on \\S+, process)(?! -C)`, 'g');
const needsNoWorkspace: ReadonlySet<string> = new Set(['init', 'list connectors', 'docs', 'explain', 'completion', 'version']);

const tools = `hygge (?:${names})|npm (?:install|run)|az(?: [a-z-]+)+(?= --)`;
const quoted = `'[^']*'|"[^"]*"`;
/** In a sentence, a command ends before the first ordinary word. An option with its value, a name with a dot, or a quoted text is part of the command. */
const argument = `--?[\\w-]+(?:[= ](?:${quoted}|[^\\s\`;-][^\\s\`;]*))?|${quoted}|[^\\s\`;]*[./=:*#0-9A-Z][^\\s\`;]*|[^\\s\`;]+(?=$| {2}|;)`;

/** Commands of hygge and of advised tools inside a line. A command outside a sentence ends at a gap or a punctuation mark. */
export const commandText = new RegExp(
  `(?<=^|\\s{2}|: |\`)(?:${tools})(?: (?:${quoted}|[^\\s\`;'"])+(?<![,.])(?=[\\s\`;]|$))*|\\b(?:${tools})\\b(?! on \\S+, process)(?: (?:${argument}))*`,
  'g',
);

/** A line with complete commands, which can be copied and run unchanged. */
export function asTyped(line: string, { directory, target }: CommandFlags): string {
  const which = target === null || line.includes('--target') ? '' : ` --target ${shellWord(target)}`;
  const where = `${directory === null ? '' : ` -C ${shellWord(directory)}`}${which}`;
  return line.replace(command, (_, name: string) => `hygge ${name}${needsNoWorkspace.has(name) ? '' : where}`);
}
