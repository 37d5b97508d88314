import { exampleLines } from '../../src/cli/inspect/explain.ts';
import { anchor } from '../../src/docs/sections.ts';
import { type ExplainedEntry, explainedCatalogue } from '../../src/errors/codes/examples.ts';
import { noColor } from '../../src/narrate/text/palette.ts';
import { fenced, made, page, prose, table } from './markdown.ts';

/** What the codes of a range are about, by the first digit of their numbers. */
const ranges: Readonly<Record<string, string>> = {
  1: 'Config and command line',
  2: 'Runs that stopped',
  3: 'Homes',
  4: 'Stores',
  5: 'State',
  6: 'Systems',
  9: 'Faults in hygge',
};

const digitOf = (code: string): string => code.charAt('HYG-'.length);

/** The name of the page of a range, below docs/: `errors-2000.md`. */
const fileOf = (digit: string): string => `errors-${digit}000.md`;

const entriesOf = (digit: string): readonly ExplainedEntry[] =>
  explainedCatalogue.filter(({ code }) => digitOf(code) === digit).sort((a, b) => (a.code < b.code ? -1 : 1));

/** docs/errors.md: every code, with a link to the page of its range. */
export function errorsIndex(): string {
  return page([
    made,
    '# Error codes',
    'Whatever went wrong, nothing half-done is visible: a run that stops before its decision leaves no trace, and one that stops after it is finished by the next. `hygge explain HYG-2002` prints what these pages say of a code, in your terminal.',
    ...Object.entries(ranges).flatMap(([digit, about]) => [
      `## [${about}: HYG-${digit}000 to HYG-${digit}999](${fileOf(digit)})`,
      table(
        ['code', 'what'],
        entriesOf(digit).map((entry) => [`[${entry.code}](${fileOf(digit)}#${anchor(heading(entry))})`, entry.title]),
      ),
    ]),
  ]);
}

/** The page of each range, by path: meaning, reason, advice and example of each code. */
export const errorsPages: Readonly<Record<string, () => string>> = Object.fromEntries(
  Object.entries(ranges).map(([digit, about]) => [
    `docs/${fileOf(digit)}`,
    () =>
      page([
        made,
        `# Error codes from HYG-${digit}000: ${about.charAt(0).toLowerCase()}${about.slice(1)}`,
        'All codes: [errors.md](errors.md).',
        ...entriesOf(digit).flatMap(section),
      ]),
  ]),
);

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
