import { didYouMean, levenshtein } from '../errors/did-you-mean.ts';
import { picture } from './readable.ts';
import { cellsOf, inlineText, type Page, type Section } from './sections.ts';
import { otherWords, stemmer, stemOf, stemsOf, synonymsIn, wordsOf } from './words.ts';

/** The best section of a page for a question. */
export interface Hit {
  readonly section: Section;
  /** An excerpt as plain text. The excerpt begins at the sentence that has the most words of the question. */
  readonly excerpt: string;
}

export interface Found {
  /** The best page first. */
  readonly hits: readonly Hit[];
  /** Words of the question that no page has, each with the word that was searched instead. */
  readonly replaced: readonly (readonly [string, string])[];
}

/** Stems of the question with their weights: rare words weigh more, synonyms less. */
type Wanted = readonly { readonly weight: number; readonly stems: ReadonlyMap<string, number> }[];

interface Counted {
  readonly counts: ReadonlyMap<string, number>;
  readonly length: number;
}

interface Indexed extends Counted {
  readonly page: Page;
  readonly sections: readonly IndexedSection[];
}

interface IndexedSection extends Counted {
  readonly section: Section;
  /** Stems of the section’s own heading, and of each alternative question. */
  readonly headings: readonly ReadonlySet<string>[];
  /** Stems of each sentence, item and row. */
  readonly passages: readonly ReadonlySet<string>[];
}

const inTitle = 3;
const inHeading = 3;
const inParents = 2;
/** The weight of a word of the question that matches by a synonym of the glossary. */
const asSynonym = 0.6;
/** The weight of a reference page. The weight is low, because the tables of a reference contain almost all words. */
const ofReference = 0.6;
const ofPage = 0.5;

/** Finds pages by the words of a question. `most`: the largest number of pages. */
export type Search = (question: string, most?: number) => Found;

/** Pages that are not searched: `proofs` only repeats the promises of another page, with their tests. */
const answersNothing: ReadonlySet<string> = new Set(['proofs']);

/**
 * Makes the index of all pages, once for many questions. Ranks pages by BM25 over sections and over whole pages, in which headings count several times,
 * and by words of the question that are next to each other. Pages with more of its words come first. @param glossary the page with the table of other
 * words, in Markdown
 */
export function searchIn(pages: readonly Page[], glossary: string): Search {
  const stems = stemmer();
  const indexed = pages.filter(({ name }) => !answersNothing.has(name)).map((page) => indexOf(page, stems));
  const vocabulary = new Set(indexed.flatMap(({ counts }) => [...counts.keys()]));
  const synonyms = synonymsIn(glossary);
  const average = mean(indexed.flatMap(({ sections }) => sections.map(({ length }) => length)));
  const averagePage = mean(indexed.map(({ length }) => length));
  return (question, most = 5) => {
    const replaced: [string, string][] = [];
    const words = [...new Set(wordsOf(question))].map((word) => {
      if (vocabulary.has(stemOf(word)) || synonyms.has(stemOf(word)) || word.length < 5) return word;
      const near = didYouMean(word, everyWord(pages));
      // A word is replaced only by a very similar word: a name that no page has is not always a misspelling.
      if (near === undefined || levenshtein(word, near) > (word.length < 8 ? 1 : 2)) return word;
      replaced.push([word, near]);
      return near;
    });
    const wanted = wantedOf(words, synonyms, indexed);
    const ranked = indexed.flatMap((one) => {
      const coverage = shareOf(wanted, one.counts);
      if (coverage === 0) return [];
      const scored = one.sections.map((each) => ({
        section: each.section,
        score: scoreOf(wanted, each, average) + headingScore(wanted, each) + passageScore(wanted, each),
      }));
      const best = scored.reduce((first, next) => (next.score > first.score ? next : first));
      const whole = best.score + ofPage * scoreOf(wanted, one, averagePage);
      return [{ section: best.section, score: whole * coverage * (one.page.reference ? ofReference : 1) }];
    });
    const hits = ranked
      .sort((a, b) => b.score - a.score)
      .slice(0, most)
      .map(({ section }) => ({ section, excerpt: excerptOf(section, wanted) }));
    return { hits, replaced };
  };
}

function indexOf(page: Page, stemsOf: ReturnType<typeof stemmer>): Indexed {
  const sections = page.sections
    .filter(({ heading }) => heading !== otherWords)
    .map((section) => {
      const body = stemsOf(inlineText(section.body));
      const passages = passagesOf(section.body).flatMap((sentences) => sentences.map((sentence) => new Set(stemsOf(sentence))));
      const counts = new Map<string, number>();
      add(counts, body, 1);
      const headings = [section.heading, ...section.askedAs].map((text) => new Set(stemsOf(text)));
      add(counts, [...new Set(headings.flatMap((stems) => [...stems]))], inHeading);
      add(counts, stemsOf(section.parents.join(' ')), inParents);
      return { section, headings, passages, counts, length: body.length };
    });
  const counts = new Map<string, number>();
  for (const section of sections) for (const [stem, times] of section.counts) counts.set(stem, (counts.get(stem) ?? 0) + times);
  add(counts, stemsOf(`${page.title} ${page.name}`), inTitle);
  return { page, sections, counts, length: sections.reduce((sum, { length }) => sum + length, 0) };
}

function add(counts: Map<string, number>, stems: readonly string[], weight: number): void {
  for (const stem of stems) counts.set(stem, (counts.get(stem) ?? 0) + weight);
}

function wantedOf(words: readonly string[], synonyms: ReadonlyMap<string, readonly string[]>, indexed: readonly Indexed[]): Wanted {
  const sections = indexed.flatMap((one) => one.sections);
  return words.map((word) => {
    const own = stemOf(word);
    const stems = new Map((synonyms.get(own) ?? []).map((stem) => [stem, asSynonym]));
    stems.set(own, 1);
    const having = (stem: string) => sections.filter(({ counts }) => counts.has(stem)).length;
    // If no page has a word, the word gets the weight of its rarest synonym on the pages.
    const times = having(own) || Math.min(...[...stems.keys()].map(having).filter((n) => n > 0));
    return { weight: Number.isFinite(times) ? Math.log(1 + (sections.length - times + 0.5) / (times + 0.5)) : 0, stems };
  });
}

/** The share of the question's words in a text, between 0 and 1. */
function shareOf(wanted: Wanted, there: { has(stem: string): boolean }): number {
  const total = wanted.reduce((sum, { weight }) => sum + weight, 0);
  const met = wanted.reduce((sum, { weight, stems }) => {
    return sum + weight * Math.max(0, ...[...stems].map(([stem, share]) => (there.has(stem) ? share : 0)));
  }, 0);
  return total === 0 ? 0 : met / total;
}

const saturation = 1.2;
const byLength = 0.5;
const byHeading = 3;
const byPassage = 1.5;

function scoreOf(wanted: Wanted, { counts, length }: Counted, average: number): number {
  const norm = saturation * (1 - byLength + (byLength * length) / average);
  return wanted.reduce((sum, { weight, stems }) => {
    const times = [...stems].reduce((most, [stem, share]) => Math.max(most, share * (counts.get(stem) ?? 0)), 0);
    return sum + (weight * times * (saturation + 1)) / (times + norm);
  }, 0);
}

/** Words of the question in the best heading, with more weight if the heading has few other words. */
function headingScore(wanted: Wanted, { headings }: IndexedSection): number {
  return Math.max(...headings.map((heading) => scoreOfHeading(wanted, heading)));
}

function scoreOfHeading(wanted: Wanted, heading: ReadonlySet<string>): number {
  const met = wanted.flatMap(({ weight, stems }) => {
    const best = Math.max(0, ...[...stems].map(([stem, share]) => (heading.has(stem) ? share : 0)));
    return best === 0 ? [] : [weight * best];
  });
  return met.length === 0 ? 0 : byHeading * met.reduce((sum, one) => sum + one, 0) * Math.sqrt(met.length / heading.size);
}

/** Words of the question that are next to each other, in the sentence with the most such words. */
function passageScore(wanted: Wanted, { passages }: IndexedSection): number {
  const total = wanted.reduce((sum, { weight }) => sum + weight, 0);
  return byPassage * total * Math.max(0, ...passages.map((passage) => shareOf(wanted, passage))) ** 2;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0) / Math.max(1, numbers.length);
}

/** Lower-case words of all pages. */
function everyWord(pages: readonly Page[]): ReadonlySet<string> {
  return new Set(pages.flatMap(({ sections }) => sections.flatMap(({ heading, body }) => wordsOf(`${heading} ${body}`))));
}

/** An excerpt, from the sentence with the most words of the question to the end of its block. */
function excerptOf({ body }: Section, wanted: Wanted): string {
  let best = { score: -1, text: '' };
  for (const sentences of passagesOf(body))
    for (const [at, sentence] of sentences.entries()) {
      const score = shareOf(wanted, new Set(stemsOf(sentence)));
      if (score > best.score) best = { score, text: sentences.slice(at).join(' ') };
    }
  return best.text;
}

/** Whether the line is the separator below the head of a table. */
const isHead = (next: string | undefined): boolean => next !== undefined && /^\|[\s:|-]+\|$/.test(next.trim());

/** Paragraphs, list items and table rows, each as its sentences. Code is left out. */
function passagesOf(body: string): readonly (readonly string[])[] {
  const prose = body.replace(/^```[\s\S]*?^```$/gm, '');
  const blocks = prose.split(/\n\s*\n|\n(?=\s*- |\s*\d+\. |\|)/);
  return blocks.flatMap((block, at) => {
    const line = block.trim().replaceAll(/\s*\n\s*/g, ' ');
    if (line === '' || /^\|[\s:|-]+\|$/.test(line) || picture.test(line) || isHead(blocks[at + 1])) return [];
    if (line.startsWith('|')) return [[inlineText(cellsOf(line).filter(Boolean).join(': '))]];
    const text = inlineText(line.replace(/^(- |\d+\. )/, ''));
    return [text.split(/(?<=[.!?]\)?) (?=[A-Z`(])/)];
  });
}
