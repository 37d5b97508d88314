import { didYouMean } from '../errors/did-you-mean.ts';
import { namePattern } from './name-pattern.ts';

/** A name and its other spellings: a table with its schema, a file with its ending. */
export interface Called {
  readonly name: string;
  readonly also: readonly string[];
}

const namedAtMost = 3;

/**
 * The names that `word` was most likely meant for, the likeliest first. `word` may be misspelt by a few letters, in another number (`salary`,
 * `salaries`), with another schema or ending, several names in one text (`salary, bonus`), or one word of a name (`salary`, `salary_2024`).
 */
export function resembling(word: string, candidates: readonly Called[]): readonly string[] {
  const ways = [sameLetters, misspelt, wordsInCommon];
  const words = [word, ...word.split(/[,;|]/)]
    .map((part) => part.trim())
    .filter((part, at, all) => part !== '' && all.indexOf(part) === at);
  const found = ways.flatMap((way) => words.flatMap((part) => way(part, candidates)));
  return [...new Set(found)].slice(0, namedAtMost);
}

function sameLetters(word: string, candidates: readonly Called[]): readonly string[] {
  const forms = new Set(formsOf(word));
  return candidates.flatMap(({ name, also }) =>
    [name, ...also].some((one) => formsOf(one).some((form) => forms.has(form))) ? [name] : [],
  );
}

function misspelt(word: string, candidates: readonly Called[]): readonly string[] {
  const texts = new Map(candidates.flatMap(({ name, also }) => [...also, name].map((text) => [text, name] as const)));
  const near = didYouMean(word, texts.keys());
  if (near !== undefined) return [texts.get(near) ?? near];
  if (word.length < 5) return [];
  // Singulars are compared: `salry` and `salary` differ in one letter, but `salry` and `salaries` differ in more.
  const singulars = new Map([...texts].map(([text, name]) => [singular(letters(text)), name]));
  const ofNumber = didYouMean(singular(letters(word)), singulars.keys());
  return ofNumber === undefined ? [] : [singulars.get(ofNumber) ?? ofNumber];
}

function wordsInCommon(word: string, candidates: readonly Called[]): readonly string[] {
  const wanted = wordsOf(word);
  if (wanted.join('').length < 4) return [];
  const isWithin = (inner: readonly string[], outer: readonly string[]) =>
    inner.length > 0 && outer.some((_, at) => inner.every((one, nth) => one === outer[at + nth]));
  return candidates.flatMap(({ name }) => (isWithin(wanted, wordsOf(name)) ? [name] : []));
}

/** The name without schema, ending and plural, and its last part in the same way: `hr.salaries`, `data/salaries.csv`. */
function formsOf(text: string): readonly string[] {
  const bare = text.replace(fileEnding, '');
  return [text, bare, bare.split(/[./\\]/).at(-1) ?? ''].map((part) => singular(letters(part))).filter((form) => form.length > 2);
}

const fileEnding = /(\.(parquet|csv|tsv|txt|jsonl?|ndjson|xml|xlsx?|gz|zst))+$/i;

const wordsOf = (text: string): readonly string[] =>
  text
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .map((part) => singular(letters(part)))
    .filter((part) => part !== '');

const letters = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');

/** The singular of a word, by the rules of English spelling. */
function singular(word: string): string {
  if (word.length < 4) return word;
  return word
    .replace(/ies$/, 'y')
    .replace(/(s|x|z|ch|sh)es$/, '$1')
    .replace(/([^s])s$/, '$1');
}

/** The `*` pattern for a pattern of SQL (`sal%`) or a regular expression (`^sal.*$`). Undefined: the text is neither. */
export function patternMeant(written: string): string | undefined {
  const pattern = written
    .replace(/^\/(.*)\/i?$/, '$1')
    .replace(/^\^/, '')
    .replace(/\$$/, '')
    .replaceAll(/\.[*+]|%/g, '*')
    .replaceAll(/\\(.)/g, '$1');
  return pattern === written || /^\**$/.test(pattern) ? undefined : pattern;
}

/** A pattern that matches the name, but no existing name. Undefined: no simple pattern exists. */
export function patternFor(name: string, there: readonly string[]): string | undefined {
  const characters = [...name];
  const patterns = [`${name}*`, `*${name}`, `${characters.slice(0, -1).join('')}?`, `?${characters.slice(1).join('')}`];
  return patterns.find((pattern) => !there.some((one) => namePattern(pattern, 'iu').test(one)));
}
