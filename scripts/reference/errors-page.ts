import { exampleLines } from '../../src/cli/inspect/explain.ts';
import { besidesExample, type ExplainedEntry, explainedCatalogue } from '../../src/errors/codes/examples.ts';
import { noColor } from '../../src/narrate/text/palette.ts';
import { fenced, made, page, prose, table } from './markdown.ts';
import { isRepeated, untilRepeated } from './repeated.ts';

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

/** The page of each range, by path: the example of each code, and what the catalogue says beyond it. */
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

/** Meaning, reason and advice stand above the example where they say more than it does. */
function section(entry: ExplainedEntry): readonly string[] {
  const { meaning, example } = entry;
  const beside = besidesExample(entry);
  const shown = example === undefined ? [] : [example.what, ...example.why, ...example.tryThis];
  const more = untilRepeated(meaning, [...shown, entry.title], repeated);
  const why = untilRepeated(beside.why ?? '', [...shown, more], repeatedCause);
  const tryThis = beside.tryThis.filter((step) => !isRepeated(step, [...shown, more, why], repeated));
  return [
    `## ${prose(heading(entry))}`,
    prose(more),
    why === '' ? '' : `**Why.** ${prose(why)}`,
    tryThis.length === 0 ? '' : `**Try.**\n\n${tryThis.map((step) => `- ${prose(step)}`).join('\n')}`,
    example === undefined ? '' : fenced(exampleLines(withoutLineOfFlow(entry), noColor).join('\n')),
  ];
}

/** From this share of its words on, a sentence repeats its example. A cause is more seldom in other words there. */
const repeated = 0.5;
const repeatedCause = 0.55;

/** Where a run stops, the line is that of its flow, and the place is enough. A mistake in a file is seen in its line. */
function withoutLineOfFlow(entry: ExplainedEntry): ExplainedEntry {
  const { code, example } = entry;
  if (code.startsWith('HYG-1') || example?.where === undefined) return entry;
  const { file, line, column } = example.where;
  return { ...entry, example: { ...example, where: { file, line, column } } };
}

function heading({ code, title }: ExplainedEntry): string {
  return `${code}: ${title}`;
}
