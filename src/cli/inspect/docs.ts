import { type Handbook, readHandbook } from '../../docs/pages.ts';
import { excerptLines, readableSection } from '../../docs/readable.ts';
import { searchIn } from '../../docs/search.ts';
import { inlineText, type Page, type Section } from '../../docs/sections.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import type { Palette } from '../../narrate/text/palette.ts';
import { filled, hanging } from '../../narrate/text/width.ts';
import { ownFolder } from '../../pack/home.ts';
import { exit } from '../terminal/exit-code.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { explain } from './explain.ts';

export interface DocsFlags extends CommonFlags {
  /** The name of a page, a page with a section, an error code, or the words of a question. Empty: all pages are listed. */
  readonly words: readonly string[];
}

/** The width of a printed page if the width of the terminal is unknown. */
const usualRoom = 80;
/** The maximum width of a printed page, since longer lines are hard to read. */
const mostRoom = 100;

/** `hygge docs`: lists, searches or prints the pages that come with hygge. The command needs no workspace and no network. */
export async function docs(flags: DocsFlags, surroundings: Surroundings): Promise<number> {
  const question = flags.words.join(' ').trim();
  if (/^hyg-?\d{4}$/i.test(question)) return await explain({ ...flags, code: question }, surroundings);
  const handbook = readHandbook(ownFolder());
  const named = flags.words.length === 1 ? placeOf(question, handbook) : undefined;
  if (question === '') list(handbook, flags, surroundings);
  else if (named !== undefined) show(named, flags, surroundings);
  else find(question, handbook, flags, surroundings);
  return exit.ok;
}

const within = (room: number | null): number => Math.min(room ?? usualRoom, mostRoom);

function list({ listed }: Handbook, flags: CommonFlags, surroundings: Surroundings): void {
  const widest = Math.max(...listed.map(({ page }) => page.length));
  const chapters = [...new Set(listed.map(({ chapter }) => chapter))];
  printAnswer(surroundings, flags, {
    rows: listed.map(({ chapter, page, about }) => ({ chapter, page, about: inlineText(about), read: `hygge docs ${page}` })),
    lines: (palette, room) => [
      ...chapters.flatMap((chapter) => [
        palette.strong(chapter),
        ...listed
          .filter((one) => one.chapter === chapter)
          .flatMap(({ page, about }) => hanging(inlineText(about), `  ${page.padEnd(widest)}  `, within(room))),
        '',
      ]),
      `${palette.quiet('next')}  hygge docs state              read a page`,
      '      hygge docs deletes in source  find pages by the words of a question',
    ],
    verbatim: true,
  });
}

/** The sections that a single word names: all sections of a page, or one section with its subsections. Undefined: the word is part of a question. */
function placeOf(word: string, handbook: Handbook): readonly Section[] | undefined {
  const [, name = '', hash] = /^(?:docs\/)?(?:building\/)?([\w-]+?)(?:\.md)?(?:#([\w-]*))?$/.exec(word) ?? [];
  const page = handbook.page(name.toLowerCase());
  if (page === undefined) return undefined;
  if (hash === undefined || hash === '') return page.sections;
  const first = page.sections.findIndex(({ anchor }) => anchor === hash);
  const at = first >= 0 ? first : page.sections.findIndex(({ anchor }) => anchor.startsWith(hash));
  const section = page.sections[at];
  if (section === undefined) throw noSection(page, hash);
  const rest = page.sections.slice(at + 1);
  const end = rest.findIndex(({ level }) => level <= section.level);
  return [section, ...(section.level === 1 ? [] : end < 0 ? rest : rest.slice(0, end))];
}

function noSection(page: Page, hash: string): ConfigError {
  return new ConfigError({
    code: 'HYG-1943',
    what: `The page ${page.name} has no section ${hash}.`,
    why: [`Its sections are ${page.sections.map(({ anchor }) => anchor).join(', ')}.`],
    tryThis: [`Read the whole page: hygge docs ${page.name}`],
  });
}

function show(sections: readonly Section[], flags: CommonFlags, surroundings: Surroundings): void {
  printAnswer(surroundings, flags, {
    rows: sections.map(({ page, heading, anchor, body }) => ({ page, section: heading, anchor, text: body })),
    lines: (palette, room) => sections.flatMap((section) => readableSection(section, palette, within(room))).slice(0, -1),
    verbatim: true,
  });
}

function find(question: string, { pages, glossary }: Handbook, flags: CommonFlags, surroundings: Surroundings): void {
  const { hits, replaced } = searchIn(pages, glossary)(question);
  if (hits.length === 0) throw nothingFound(question);
  const rows = hits.flatMap(({ section, excerpt }) => {
    const page = pages.find(({ name }) => name === section.page);
    return page === undefined
      ? []
      : [{ page: page.name, title: page.title, section: section.heading, excerpt, read: readCommand(section, page) }];
  });
  printAnswer(surroundings, flags, {
    rows,
    lines: (palette, room) => [
      ...replaced.flatMap(([word, near]) => [`No page has “${word}”; these have “${near}”.`, '']),
      ...rows.flatMap((row) => [...hitLines(row, palette, within(room)), '']).slice(0, -1),
    ],
    verbatim: true,
  });
}

/** A section that the search found. */
interface FoundRow {
  readonly title: string;
  readonly section: string;
  readonly excerpt: string;
  readonly read: string;
}

function hitLines({ title, section, excerpt, read }: FoundRow, palette: Palette, room: number): readonly string[] {
  const where = section === title ? title : `${title} › ${section}`;
  return [...filled(where, room).map(palette.strong), ...excerptLines(excerpt, room), `  ${palette.quiet('read')}  ${read}`];
}

/** The command that prints a section. A long name of a section is cut after a word, if the cut name still identifies the section. So the command fits on one line of 80 columns. */
function readCommand({ page, anchor, level }: Section, { sections }: Page): string {
  const whole = `hygge docs ${page}${level === 1 ? '' : `#${anchor}`}`;
  if (level === 1 || whole.length <= usualRoom - 8) return whole;
  const cut = whole.slice(0, usualRoom - 8).replace(/-[^-]*$/, '');
  const start = cut.slice(cut.indexOf('#') + 1);
  return sections.filter((one) => one.anchor.startsWith(start)).length === 1 ? cut : whole;
}

function nothingFound(question: string): ConfigError {
  return new ConfigError({
    code: 'HYG-1944',
    what: `No page has any of these words: ${question}.`,
    tryThis: ['Use other words, in English, such as: hygge docs deletes in source', 'See all pages: hygge docs'],
  });
}
