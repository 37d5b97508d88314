import { exampleLines } from '../../src/cli/inspect/explain.ts';
import { besidesExample, type ExplainedEntry, explainedCatalogue } from '../../src/errors/codes/examples.ts';
import { noColor } from '../../src/narrate/text/palette.ts';
import { fenced, made, page, prose, table } from './markdown.ts';

/** What the codes of a range are about, by its first number. A range ends where the next one begins. */
const ranges: readonly (readonly [first: number, about: string])[] = [
  [1000, 'Config'],
  [1300, 'Copies, commands and requests'],
  [2000, 'Runs that stopped'],
  [3000, 'Homes of files and databases'],
  [3600, 'Homes of APIs'],
  [3700, 'Homes that are Delta tables'],
  [4000, 'Stores'],
  [5000, 'State'],
  [6000, 'Systems'],
  [9000, 'Faults in hygge'],
];

const numberOf = (code: string): number => Number(code.slice('HYG-'.length));

/** The name of the page of a range, below docs/: `errors-2000.md`. */
const fileOf = (first: number): string => `errors-${first}.md`;

const lastOf = (first: number): number => (ranges.find(([next]) => next > first)?.[0] ?? 10_000) - 1;

const entriesOf = (first: number): readonly ExplainedEntry[] =>
  explainedCatalogue
    .filter(({ code }) => numberOf(code) >= first && numberOf(code) <= lastOf(first))
    .sort((a, b) => (a.code < b.code ? -1 : 1));

/** docs/errors.md: the ranges, with a link to the page of each. */
export function errorsIndex(): string {
  return page([
    made,
    '# Error codes',
    'An error leaves nothing half-done visible. A run that stops before its decision leaves no trace, and the next run finishes one that stops after it. `hygge explain HYG-2002` prints the text of a code in your terminal, and `hygge docs HYG-2002` its section.',
    table(
      ['codes', 'about', 'number of codes'],
      ranges.map(([first, about]) => [`[HYG-${first} to HYG-${lastOf(first)}](${fileOf(first)})`, about, String(entriesOf(first).length)]),
    ),
  ]);
}

/** The page of each range, by path: meaning, reason, advice and example of each code. */
export const errorsPages: Readonly<Record<string, () => string>> = Object.fromEntries(
  ranges.map(([first, about]) => [
    `docs/${fileOf(first)}`,
    () =>
      page([
        made,
        `# Error codes from HYG-${first}: ${about.charAt(0).toLowerCase()}${about.slice(1)}`,
        'All codes: [errors.md](errors.md).',
        ...entriesOf(first).flatMap(section),
      ]),
  ]),
);

function section(entry: ExplainedEntry): readonly string[] {
  const { meaning, example } = entry;
  const { why, tryThis } = besidesExample(entry);
  return [
    `## ${prose(heading(entry))}`,
    prose(meaning),
    why === undefined ? '' : `**Why it happens.** ${prose(why)}`,
    tryThis.length === 0 ? '' : `**What to try.**\n\n${tryThis.map((step) => `- ${prose(step)}`).join('\n')}`,
    example === undefined ? '' : fenced(exampleLines(entry, noColor).join('\n')),
  ];
}

function heading({ code, title }: ExplainedEntry): string {
  return `${code}: ${title}`;
}
