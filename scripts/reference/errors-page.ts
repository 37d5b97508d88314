import { exampleLines } from '../../src/cli/inspect/explain.ts';
import { anchor } from '../../src/docs/sections.ts';
import { type ExplainedEntry, explainedCatalogue } from '../../src/errors/codes/examples.ts';
import { noColor } from '../../src/narrate/text/palette.ts';
import { fenced, made, page, prose, table } from './markdown.ts';

const kinds: Readonly<Record<string, string>> = {
  ConfigError: 'Config and command line',
  FlowError: 'Runs that stopped',
  HomeError: 'Homes',
  StoreError: 'Stores',
  StateError: 'State',
  ConnectionError: 'Systems',
  DefectError: 'Faults in hygge',
};

/** docs/errors.md */
export function errorsPage(): string {
  return page([
    made,
    '# Error codes',
    'Whatever went wrong, nothing half-done is visible: a run that stops before its decision leaves no trace, and one that stops after it is finished by the next. `hygge explain HYG-2002` says the same as this page, in your terminal.',
    ...Object.keys(kinds).flatMap(contents),
    ...explainedCatalogue.flatMap(section),
  ]);
}

function contents(kind: string): readonly string[] {
  const entries = explainedCatalogue.filter((entry) => entry.kind === kind);
  if (entries.length === 0) return [];
  return [
    `**${kinds[kind]}** (\`${kind}\`)`,
    table(
      ['code', 'what'],
      entries.map((entry) => [`[${entry.code}](#${anchor(heading(entry))})`, entry.title]),
    ),
  ];
}

function section(entry: ExplainedEntry): readonly string[] {
  const { meaning, why, tryThis, example } = entry;
  return [
    `## ${prose(heading(entry))}`,
    prose(meaning),
    why === undefined ? '' : `**Why it happens.** ${prose(why)}`,
    `**What to try.**\n\n${tryThis.map((step) => `- ${prose(step)}`).join('\n')}`,
    example === undefined ? '' : fenced(exampleLines(entry, noColor).join('\n')),
  ];
}

function heading({ code, title }: ExplainedEntry): string {
  return `${code}: ${title}`;
}
