import { besidesExample, codesNear, type ExplainedEntry, entryInFull, entryOf, explainedCatalogue } from '../../errors/codes/examples.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { errorBody, headline } from '../../narrate/text/error-lines.ts';
import type { Palette } from '../../narrate/text/palette.ts';
import { table } from '../../narrate/text/table.ts';
import { explain as explainConfig } from '../../workspace/check/explain.ts';
import { exit } from '../terminal/exit-code.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';

export interface ExplainFlags extends CommonFlags {
  /** The code as the person typed it. Undefined: all codes are listed. */
  readonly code?: string | undefined;
}

/** `hygge explain HYG-2002`: shows the meaning of a code, its cause, and what to do. No workspace is needed. `hygge explain shop.orders`: shows the contract of an entity. */
export async function explain(flags: ExplainFlags, surroundings: Surroundings): Promise<number> {
  if (flags.code !== undefined && !/^hyg-?\d*$/i.test(flags.code) && flags.code.includes('.'))
    return (await import('../config/contract.ts')).explainContract(flags.code, flags, surroundings);
  const entries = flags.code === undefined ? explainedCatalogue : [found(flags.code)];
  printAnswer(surroundings, flags, {
    rows: entries.map(entryInFull),
    lines: (palette) => (flags.code === undefined ? listOf(entries, palette) : entries.flatMap((entry) => explained(entry, palette))),
  });
  return exit.ok;
}

function found(typed: string): ExplainedEntry {
  const entry = entryOf(typed);
  if (entry !== undefined) return entry;
  const near = codesNear(typed);
  throw unreadable(`There is no error code ${typed}.`, [
    ...(near.length === 0 ? [] : [`The codes near it are ${near.join(', ')}`]),
    'See all: hygge explain',
  ]);
}

function listOf(entries: readonly ExplainedEntry[], palette: Palette): readonly string[] {
  return [
    ...table(
      [{ title: 'code' }, { title: 'what' }],
      entries.map(({ code, title }) => [code, title]),
      palette,
    ),
    '',
    `${palette.quiet('next')}  hygge explain ${entries[0]?.code ?? ''}    what it means, and what to do`,
  ];
}

function explained(entry: ExplainedEntry, palette: Palette): readonly string[] {
  const { code, title, meaning, example } = entry;
  const { why, tryThis } = besidesExample(entry);
  const labelled = (label: string, texts: readonly string[]) =>
    texts.map((text, nth) => `${palette.quiet((nth === 0 ? label : '').padEnd(5))} ${text}`);
  return [
    `${palette.strong(code)} ${palette.strong(title)}`,
    '',
    ...labelled('what', [meaning]),
    ...labelled('why', why === undefined ? [] : [why]),
    ...labelled('try', tryThis),
    ...(example === undefined ? [] : ['', palette.quiet('As it looks:'), '', ...exampleLines(entry, palette)]),
  ];
}

/** The lines of a code’s example, printed by the same functions that print real errors. */
export function exampleLines({ code, example }: ExplainedEntry, palette: Palette): readonly string[] {
  if (example === undefined) return [];
  // An error in a file of the workspace is printed with the wrong line of the file.
  if (example.where !== undefined && code.startsWith('HYG-1'))
    return explainConfig([new ConfigError({ code, ...example })])
      .trimEnd()
      .split('\n');
  return [`${palette.bad('✗')} ${headline({ code, ...example }, palette)}`, ...errorBody({ code, ...example }, palette)];
}
