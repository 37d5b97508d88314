/** The text of `--help`: ten commands and the usual options. `--help --all` shows all commands and options. */
import { type CommandUnknownOpts, Help, type HelpConfiguration, type Option } from '@commander-js/extra-typings';

/** The commands that the short help shows, in their order, each with its description. */
export const firstCommands: Readonly<Record<string, string>> = {
  init: 'make a workspace, also of a database, files or an API',
  copy: 'copy tables or files, without a workspace',
  go: 'move data: from each home into its store',
  preview: 'show the first rows of an entity',
  status: 'show what is settled, and how far behind it is',
  verify: 'compare settled rows with their source',
  query: 'run a SELECT over settled rows',
  explain: 'explain an error code and its remedy',
  docs: 'search and read the documentation',
  debug: 'check config, connections, rights and state',
};

/** The other commands, grouped by purpose. */
export const commandGroups: Readonly<Record<string, readonly string[]>> = {
  'Every night': ['backfill', 'compact', 'journal', 'report', 'watch', 'quarantine'],
  Changes: ['schema', 'reset', 'state', 'generate', 'apply'],
  Cloud: ['config', 'pack', 'infra', 'deploy'],
  Scripts: ['check', 'list', 'completion', 'version'],
};

/** Options of any command that most people never need. */
const rarelyAnywhere = ['--exclude', '--wait', '--take-over', '--retry-for', '--var', '--confirm'];
/** Options of single commands that most people never need. */
const rarely: Readonly<Record<string, readonly string[]>> = {
  init: ['--views'],
  go: ['--compare-deletes', '--write', '--count', '--limit', '--to', '--against'],
  copy: ['--home', '--store', '--query', '--views'],
  verify: ['--contract', '--columns', '--key', '--rows', '--pause', '--max-snapshot', '--concurrency', '--removes', '--proof'],
  pack: ['--hub', '--with-config'],
  reset: ['--watermark', '--discard'],
  push: ['--allow-secrets'],
  show: ['--unreadable'],
};

function isRare(command: CommandUnknownOpts, { long }: Option): boolean {
  return long != null && (rarelyAnywhere.includes(long) || (rarely[command.name()] ?? []).includes(long));
}

const isRoot = (command: CommandUnknownOpts): boolean => command.parent === null;

/** @param all whether all commands and options are shown. */
export function helpConfiguration(all: boolean): HelpConfiguration {
  return {
    sortSubcommands: false,
    formatHelp(command, helper) {
      // The program proposes similar names only among visible commands, so commands are left out only from the text of the help.
      const shown = all ? helper : withLess(helper);
      const [usage = '', ...sections] = Help.prototype.formatHelp.call(this, command, shown).trimEnd().split('\n\n');
      if (!isRoot(command)) {
        const hidden = helper.visibleOptions(command).length - shown.visibleOptions(command).length;
        const more = hidden === 0 ? '' : `\n  … and ${hidden} more: ${pathOf(command)} --help --all`;
        return `${[usage, ...sections].join('\n\n')}${more}\n`;
      }
      // The section of commands comes before the options.
      const options = sections.filter((section) => section.startsWith('Options:'));
      const others = sections.filter((section) => !section.startsWith('Options:'));
      return `${[usage, ...others, ...(all ? [] : [otherCommands()]), ...options].join('\n\n')}\n`;
    },
    showGlobalOptions: all,
  };
}

/** The help with ten commands, and without the options that most people never need. */
function withLess(helper: Help): Help {
  return Object.assign(Object.create(helper) as Help, {
    visibleOptions: (command: CommandUnknownOpts) => helper.visibleOptions(command).filter((option) => !isRare(command, option)),
    visibleCommands(command: CommandUnknownOpts) {
      const visible = helper.visibleCommands(command);
      if (!isRoot(command)) return visible;
      return Object.keys(firstCommands).flatMap((name) => visible.filter((one) => one.name() === name));
    },
    subcommandTerm: (command: CommandUnknownOpts) => command.name(),
  });
}

function pathOf(command: CommandUnknownOpts): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function otherCommands(): string {
  const widest = Math.max(...Object.keys(commandGroups).map((group) => group.length));
  const lines = Object.entries(commandGroups).map(([group, names]) => `  ${group.padEnd(widest)}  ${names.join(', ')}`);
  return ['More commands:', ...lines].join('\n');
}

/** Adds groups and short descriptions to the commands of the program. */
export function grouped(root: CommandUnknownOpts): void {
  for (const command of root.commands) {
    const name = command.name();
    const group = Object.entries(commandGroups).find(([, names]) => names.includes(name))?.[0];
    const first = firstCommands[name];
    if (first !== undefined) command.summary(first);
    if (group !== undefined) command.helpGroup(`${group}:`);
  }
}
