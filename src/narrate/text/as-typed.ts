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
  'go|start|debug|check|preview|status|watch|report|verify|journal|query|backfill|compact|reset|copy|apply|pack|deploy|init|docs|explain|completion|version',
  'list (?:flows|entities|connectors)|state (?:show|mv|import)|schema (?:show|diff|accept)|generate (?:ddl|entities|contract|schema)',
  'quarantine (?:list|show|replay|corrections|drop-correction|drop)|config (?:push|pull|list|rollback)|infra (?:explain|init|render|plan|destroy)',
].join('|');
const command = new RegExp(`\\bhygge (${names})\\b(?! on \\S+, process)(?! -C)`, 'g');
const needsNoWorkspace: ReadonlySet<string> = new Set(['init', 'list connectors', 'docs', 'explain', 'completion', 'version']);

const tools = `hygge (?:${names})|npm (?:install|run)|az(?: [a-z-]+)+(?= --)`;
const quoted = `'[^']*'|"[^"]*"`;
/** In a sentence, only what is none of its words belongs to a command: an option with its value, a name with a dot, a quoted text. */
const argument = `--?[\\w-]+(?:[= ](?:${quoted}|[^\\s\`;-][^\\s\`;]*))?|${quoted}|[^\\s\`;]*[./=:*#0-9A-Z][^\\s\`;]*|[^\\s\`;]+(?=$| {2}|;)`;

/** Commands of hygge, and of the tools that it advises to run, as they stand in a line: alone up to a gap or a punctuation mark, or in a sentence. */
export const commandText = new RegExp(
  `(?<=^|\\s{2}|: |\`)(?:${tools})(?: (?:${quoted}|[^\\s\`;'"])+(?<![,.])(?=[\\s\`;]|$))*|\\b(?:${tools})\\b(?! on \\S+, process)(?: (?:${argument}))*`,
  'g',
);

/** A line whose commands can be copied and run as they stand. */
export function asTyped(line: string, { directory, target }: CommandFlags): string {
  const which = target === null || line.includes('--target') ? '' : ` --target ${shellWord(target)}`;
  const where = `${directory === null ? '' : ` -C ${shellWord(directory)}`}${which}`;
  return line.replace(command, (_, name: string) => `hygge ${name}${needsNoWorkspace.has(name) ? '' : where}`);
}
