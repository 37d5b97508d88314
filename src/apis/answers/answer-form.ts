/**
 * The form of a list’s answers. It consists of the names of the members next to the records, and of the words and booleans that are the same in each answer. If an
 * answer without records has another form, the API may use that answer to report a failure in its own words.
 */
import type { Found } from './envelope.ts';
import { type Around, isFineText, isStatus, lastName, messageNames, wordsOf } from './failure-signs.ts';

/** Keys: names of members, as in `ignore_members`. Values: the word or boolean that the member has on each page. Null: the value of the member varies, may be absent, or is neither a word nor a boolean. */
export type Form = Readonly<Record<string, string | null>>;

/** A member that an empty page has in another form than pages with records. */
export interface Difference {
  readonly at: string;
  /** The difference as text for people: `mode: degraded, and not live`. */
  readonly shown: string;
}

/** The maximum sizes of a form: it is stored in the schema’s snapshot, and members that vary later are stored in checkpoints, which are small. */
const [mostMembers, longestName, longestWord, mostAdded] = [30, 80, 40, 600];
/** If too many members vary, this name replaces the names of all members, so no member is compared any more. */
const everyMember = '*';

/** Words in the names of members that refer to other pages, or that count. Members with these names differ on the last page and next to an empty list, without a failure. */
const pagingWords = new Set(
  `after before begin complete completed continuation count counts cursor done empty end exists final finished first found from has href index last length
  limit link links max min more next number offset page pages pagination paging per position prev previous remaining results returned rows scroll self size
  skip start to total totals truncated uri url`.split(/\s+/),
);
const pagingName =
  /^(next|prev|previous|has|is|total|record|item|row)(more|next|prev|page|count|url|link|token|results?|records?|items?|rows?|data|empty|last|first)/;
/** Last words in the names of members whose values differ from answer to answer. */
const ownWords = new Set(
  `at date duration elapsed etag guid hash host id ids key node nonce server signature time timestamp token took uuid`.split(/\s+/),
);
const ownName = /(request|trace|correlation|transaction|session)id$|timestamp$/;

export class AnswerForm {
  readonly #isSkipped: (at: string) => boolean;
  /** Undefined: no page with records was read so far. */
  #form: Form | undefined;
  /** Members that vary, although the stored form has a fixed value for them. */
  readonly #added = new Set<string>();
  /** Keys of empty pages that have another form than pages with records, but were received twice. */
  readonly #accepted = new Set<string>();

  /** @param pinned the stored form. @param skipped names of members that the config uses for another purpose, so they are not compared. */
  constructor(pinned: Form | undefined, skipped: readonly string[]) {
    const names = new Set(skipped);
    this.#isSkipped = (at) => names.has(at) || at.length > longestName || isOfPage(at);
    this.#form = pinned;
  }

  /** The form to store with the snapshot. Undefined: no page with records was read. */
  pin(): Form | undefined {
    this.#added.clear();
    return this.#form;
  }

  /** The varying members that are not in the stored form, for a checkpoint. Undefined: no further member varies. */
  get varying(): readonly string[] | undefined {
    if (this.#added.size === 0) return undefined;
    const names = [...this.#added].sort();
    return names.join().length > mostAdded ? [everyMember] : names;
  }

  /** Adds the names of varying members that another reading found. */
  add(names: readonly string[] | undefined): void {
    for (const name of names ?? []) this.#vary(name);
  }

  /** Compares a page with records with the form, and notes the members that vary. */
  learn(around: Around): void {
    if (this.#form !== undefined && everyMember in this.#form) return;
    const now = this.#formOf(around);
    if (this.#form === undefined) {
      this.#form = now;
      return;
    }
    for (const at of new Set([...Object.keys(this.#form), ...Object.keys(now)])) if (this.#form[at] !== now[at]) this.#vary(at);
  }

  /** The members in which an empty page differs from pages with records. @param instead the value that this page has in place of a list. */
  differences(around: Around, instead?: Difference): readonly Difference[] {
    const form = this.#form;
    if (form === undefined || this.#accepted.has(keyOf(around))) return [];
    const first = instead === undefined ? [] : [instead];
    if (everyMember in form) return first;
    const missing = Object.entries(form).flatMap(([at, word]): readonly Difference[] =>
      word === null || around.has(at) || this.#isSkipped(at) ? [] : [{ at, shown: `no ${at}: ${word}` }],
    );
    const others = [...around].flatMap(([at, found]): readonly Difference[] => {
      const before = form[at];
      if (this.#isSkipped(at) || before === null || isNothing(at, found, before)) return [];
      const word = wordOf(at, found);
      if (before === undefined) return [{ at, shown: `${at}: ${shownText(found)}, which no page with records has` }];
      return before === word ? [] : [{ at, shown: `${at}: ${shownText(found)} in place of ${before}` }];
    });
    return [...first, ...missing, ...others];
  }

  /** Accepts the form of an empty page that was received twice, since no row can be missing. */
  accept(around: Around): void {
    this.#accepted.add(keyOf(around));
  }

  #formOf(around: Around): Form {
    const members = [...around].filter(([at]) => !this.#isSkipped(at));
    if (members.length > mostMembers) return { [everyMember]: null };
    return Object.fromEntries(members.map(([at, found]) => [at, wordOf(at, found) ?? null] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #vary(at: string): void {
    const form = this.#form ?? {};
    if (form[at] === null) return;
    this.#form = Object.keys(form).length >= 2 * mostMembers ? { [everyMember]: null } : { ...form, [at]: null };
    this.#added.add(at);
  }
}

/** Whether a member is about the page, and not about the state of the API. */
function isOfPage(at: string): boolean {
  if (isStatus(at)) return false;
  const name = lastName(at);
  const words = wordsOf(at.split('.').at(-1) ?? '').split(' ');
  return words.some((word) => pagingWords.has(word)) || pagingName.test(name) || ownWords.has(words.at(-1) ?? '') || ownName.test(name);
}

/** The word or boolean that is the same in each answer. Undefined: the member may have any value. A number counts as a word if it reports the result of the request, as in `code: 0`. */
function wordOf(at: string, { kind, text }: Found): string | undefined {
  if (kind === 'bool') return text;
  if (kind === 'number') return isStatus(at) ? text : undefined;
  if (kind !== 'string' || text === '') return undefined;
  // The numbers in a message vary, as in “20 records found”.
  const word = messageNames.has(lastName(at)) ? text.replaceAll(/\d+/g, '#') : text;
  return word.length <= longestWord && /^[\p{L}#][\p{L}# ._/-]*$/u.test(word) ? word : undefined;
}

/** Whether the member is empty, or reports no records or no error. @param before the value of the member on other pages. */
function isNothing(at: string, { kind, text }: Found, before: string | undefined): boolean {
  if (kind === 'null') return before === undefined || !(isStatus(at) || before === 'true' || before === 'false');
  if (kind === 'object' || kind === 'array') return !/[^\s[\]{}]/.test(text);
  return kind !== 'bool' && isFineText(text);
}

function shownText({ text }: Found): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** A text that is equal for answers in the same form. */
function keyOf(around: Around): string {
  return JSON.stringify([...around].map(([at, found]) => [at, wordOf(at, found) ?? found.kind]).sort());
}
