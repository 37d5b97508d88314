/** Patterns of data contracts match the texts that regular expressions of ECMA-262 match. Those of Node are the oracle. */
import { expect, test } from 'vitest';
import { breakingRows } from '../../../src/frames/rules/rule-conditions.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import { asPolars } from '../../../src/frames/values/polars-frame.ts';
import { NotTranslated, rustPattern } from '../../../src/workspace/contracts/ecma-pattern.ts';
import { frameOf } from '../../support/parquet-files.ts';

const schema: Schema = { columns: [{ name: 'text', type: { kind: 'string' }, nullable: true }] };

const values = [
  ...`
    a b z A ab abc aab abab Abc ABC k K s ß é ø æ Σ ς 1 12 123 1234 12345 1a a1 a_1 - -- a-z -1 1-2 _ a.b . .. 1.5 1,5 , [ ] [] [a]
    a] ^ a^ ^a $ a$ { } {} a{ a{,2} aa aaa a{1 x{a} ( ) () | || & && ~ ~~ / a/b * + ? # " ' < > = : [:alpha:] ; @ a@b a@b.de ! % 😀
    a😀 😀😀 漢 漢字 я Я α DE12 2024-02-29 1/2/3 A-1 p{L} pL u{61} true
  `
    .trim()
    .split(/\s+/),
  ...'|\u{212a}|\u{17f}|\u{1e9e}|e\u{301}|\u{130}|\u{131}|\u{663}|\u{ff11}\u{ff12}|\u{a}|a\u{a}|\u{a}a|a\u{a}b|a\u{d}\u{a}|\u{d}|a\u{2028}|\u{2028}|\u{2029}|\u{85}|a\u{85}|\u{9}| |a b| a|a |\u{b}|\u{c}|\u{0}|\u{8}|\u{1}|\u{1a}|\u{7}|\u{f}|\\|a\\b|# a|`|\u{10000}|\u{10ffff}|\u{ffff}|\u{fffd}|\u{e000}|\u{d7ff}|DE12 3456|+49 30'.split(
    '|',
  ),
];
const withoutPairs = values.filter((value) => ![...value].some((sign) => sign.length > 1));

const patterns = [
  ...String.raw`
    a ^a a$ ^a$ ^$ ^ $ $a a^ a|b ^(a|b)$ ^a|b$ | a| () (?:a) (a)(b) ^(?:ab)+$ ^(?<name>ab)+$ (?<größe>a) . ^.$ ^.{2}$ ^.*$ ^.+$ a.
    ^[^]$ ^[^]*$ [] []a a|[] [^] ^a[^] \d ^\d+$ ^\d{4}$ \D ^\D$ \w ^\w+$ \W ^\W$ ^[\w.]+$ ^[\d,]+$ [\D] [^\d] ^[^\w]$ ^[\W\d]$
    ^[^\W]$ [\d\D] [^\d\D] [^\u0000-\uD7FF\uE000-\uFFFF] ^[^\D]+$ ^[\w\-.]+@[\w\-]+\.[a-z]{2,}$ ^\s$ \s a\s ^\S+$ ^[\s\d]+$ ^[^\s]+$ ^[\S]+$ [\s\S] ^[\s\S]$ \ba
    a\b \b ^\b \B ^\B \Ba a\B \B$ é\b \b1 [\b] \b\d+\b a* a+ a? ^a*?$ ^a+?$ ^a??$ a{2} ^a{2}$ ^a{1,2}$ ^a{2,}$ ^a{0}$ ^a{2}?$
    ^(?:a{1,2}){2}$ a{0,1000} a{01} { a{ a{,2} ^a{,2}$ a{1 x{a} ^{}$ } ] ^]$ a] a} ^\{$ ^\}$ ^\[a\]$ [a-c] ^[a-c]+$ [^a-c] ^[^a]$
    [-a] [a-] ^[a-z-9]+$ ^[--/]$ [+--] [\--/] [a\-z] ^[a\-z]$ ^[a\]]$ ^[\[]$ [[] ^[[]$ ^[[a]$ ^[a[]$ [^[] [&&] ^[a&&b]$ [~~]
    ^[a~~b]$ [a&&] ^[!--a]$ [\w&&\d] ^[a^]$ [\^a] [a^b] [.] ^[.*+?()|{}$]$ [#] ^[/]$ ^[\/]$ [$] [|] ^[\w-.]+$ ^[\w-z]+$ ^[a-\d]$
    ^[+-\d]$ ^[\d-]$ ^[\s-a]$ ^[\w-\d]$ \t \n \v \f \r \0 \cA \cz \cJ [\cA] [\0] [\t-\r] \x41 \u0041 \u212A \x0a [\x00-\x1f]
    ^[\u0000-\uFFFF]$ ^[^\u0000-\u007F]+$ [\uE000-\uFFFF] \u{61} ^\u{1F600}$ \u{10FFFF} \u{00061} [\u{1F600}-\u{1F64F}]
    ^\uD83D\uDE00$ [\uD83D\uDE00] \/ a\/b \. \* \+ \? \( \) \| \^ \$ \[ \] \{ \} [\.] [\/] [\\] [\*] \- a\-z \_ \@ a\@b \" \' \< \>
    \= \: \; \, \! \% \& \&\& \~ \# \é [\@] [\_] [\é] [\<] < > && ~~ -- # " = ! % @ : , / é 漢 [漢字] [α-я] 😀 ^😀$ ^😀+$ [😀] ^[😀a]+$ [^😀]
    ^[😀-😂]$ \p{L} ^\p{Lu} ^\P{L}+$ \p{Script=Greek} \p{sc=Cyrl} \p{Letter} \p{General_Category=Decimal_Number} \p{Alphabetic}
    \b{start} \b{end} [\p{L}\p{N}_] ^[^\p{L}]$ ^[\P{L}\d]$ \p{Emoji_Presentation} \p{ASCII} \p{Any} \p{Sc} \p{Lowercase} [\p{Lu}\-]
    ^\d{4}-\d{2}-\d{2}$ ^(?:0|[1-9]\d*)(?:\.\d+)?$ ^[^@\s]+@[^@\s]+\.[^@\s]+$ ^(?:true|false)$ ^[A-Z]-[0-9]$ [---] [+--b]
    ^[a-zb-c]+$ [^a-zb-c] ^[b-ca-z]+$ ^[a-cb-z]+$ ^[a-cd-z]+$ [a-ca-c] ^[\da-z0-3b]+$
  `
    .trim()
    .split(/\s+/),
  ...['', '[ ]', '\\\\', '\\ ', 'a\\ b', '\\`', '# a', ' ', '`', '\n', '[\n]', '\u2028', '^[A-Z]{2}\\d{2}(?: ?\\d{4})*$', '^\\+?[\\d ]+$'],
];

const isValid = (pattern: string, flags: string) => {
  try {
    return new RegExp(pattern, flags) instanceof RegExp;
  } catch {
    return false;
  }
};

/** Of each pattern, the texts that it matches. */
async function matched(all: readonly string[], texts: readonly string[]): Promise<readonly (readonly string[])[]> {
  const frame = await frameOf(
    schema,
    texts.map((text) => [text]),
  );
  const rules = all.map((pattern) => ({ name: pattern, column: 'text', what: 'matches', pattern: rustPattern(pattern) }) as const);
  const { rows, breaks } = await breakingRows((await asPolars(frame).collect()).lazy(), schema, rules);
  const judged = await rows.select(...breaks.map((one, at) => one.alias(`${at}`))).collect();
  const columns = judged.toObject() as Readonly<Record<string, readonly boolean[]>>;
  return all.map((_, at) => texts.filter((_text, row) => columns[`${at}`]?.[row] === false));
}

const matchedByNode = (pattern: string, flags: string, texts: readonly string[]) => {
  const expression = new RegExp(pattern, flags);
  return texts.filter((text) => expression.test(text));
};

// White space beyond ASCII has a test of its own.
const isComparable = (pattern: string, text: string) =>
  !/\\s/i.test(pattern) || ![...text].some((sign) => sign > '~' && sign.trim() === '');

test.each([
  ['with the flag u', 'u', patterns.filter((pattern) => isValid(pattern, 'u')), values],
  ['without it, where it is not valid so', '', patterns.filter((pattern) => !isValid(pattern, 'u')), withoutPairs],
] as const)('each pattern matches the texts that Node’s regular expression matches %s', async (_, flags, some, texts) => {
  expect(some.length).toBeGreaterThan(30);
  const found = await matched(some, texts);
  const differing = some.flatMap((pattern, at) => {
    const compared = texts.filter((text) => isComparable(pattern, text));
    const [ours, nodes] = [new Set(found[at]), new Set(matchedByNode(pattern, flags, texts))];
    const wrong = compared.filter((text) => ours.has(text) !== nodes.has(text));
    return wrong.length === 0 ? [] : [[pattern, rustPattern(pattern), wrong]];
  });
  expect(differing).toEqual([]);
});

test('the flag u changes nothing in patterns that name no character of Unicode', () => {
  const plain = patterns.filter((pattern) => isValid(pattern, '') && isValid(pattern, 'u') && !/\\[pPu]\{|[^\0-\uFFFF]/u.test(pattern));
  for (const pattern of plain) expect(matchedByNode(pattern, '', withoutPairs), pattern).toEqual(matchedByNode(pattern, 'u', withoutPairs));
});

test('\\s knows the white space of ASCII alone, as \\d, \\w and \\b do', async () => {
  const spaces = ['\t', '\n', '\v', '\f', '\r', ' ', '\u00A0', '\uFEFF', '\u2003', '\u2028', '\u0085'];
  const [ascii, others] = [spaces.slice(0, 6), spaces.slice(6)];
  expect(await matched(['^\\s$', '^[\\S]$', '^[^\\s]$'], spaces)).toEqual([ascii, others, others]);
});

/** What the message about a pattern with `(?i)` writes in its place. */
function spelt(pattern: string): string | undefined {
  try {
    rustPattern(`(?i)${pattern}`);
  } catch (error) {
    return /upper and lower case, write `(.*)`$/s.exec(error instanceof NotTranslated ? error.message : '')?.[1];
  }
  throw new Error('it was taken');
}

test('(?i) is no flag of ECMA-262, and the pattern that the message spells out lets the case not matter', async () => {
  const some = [
    '^abc$',
    '^[a-z]+$',
    '[^a]',
    '^\\w+$',
    '^\\W$',
    'k',
    '^(ab|a_1)$',
    '[^K]',
    '^a{2}$',
    '^de\\d{2}',
    '^[A-Fa-c\\d-]+$',
    'a\\.b',
    '(?:a)(b)?',
  ];
  const ascii = values.filter((value) => [...value].every((sign) => sign <= '~'));
  const remedies = some.map((pattern) => spelt(pattern) ?? '');
  expect(await matched(remedies, ascii)).toEqual(some.map((pattern) => matchedByNode(pattern, 'i', ascii)));
});

test.each(['ß', '\\p{Lu}', '(?<n>a)', '(?=a)', '[[:alpha:]]'])('(?i)%s is refused without another spelling', (pattern) => {
  expect(spelt(pattern)).toBeUndefined();
});

test.each([
  ['(?=a)', /looks ahead/],
  ['^(?<=a)b', /behind/],
  ['(?<!a)b', /behind/],
  ['(a)\\1', /refers/],
  ['\\1', /refers/],
  ['[\\1]', /refers/],
  ['(?<n>a)\\k<n>', /refers/],
  ['\\07', /refers/],
  ['(?i)a', /no flag/],
  ['(?i:a)', /no flag/],
  ['(?x) a', /no flag/],
  ['a++', /not valid in ECMA-262/],
  ['(?>a)', /not valid in ECMA-262/],
  ['\\G', /only the letter G/],
  ['\\Qa\\E', /only the letter Q/],
  ['(?P<n>a)', /\(\?<name>…\)/],
  ['\\A a', /only the letter A/],
  ['a\\z', /only the letter z/],
  ['\\pL', /only the letter p/],
  ['\\x{41}', /only the letter x/],
  ['\\c1', /only the letter c/],
  ['[\\c_]', /only the letter c/],
  ['[\\B]', /only the letter B/],
  ['\\p{L}\\_', /flag `u`/],
  ['\\u{61}\\@', /flag `u`/],
  ['[[:alpha:]]', /inside a class/],
  ['[a-z&&[b]]', /inside a class/],
  ['[a-z--[b]]', /inside a class/],
  ['[[]]', /inside a class/],
  ['\\uD83D', /half of a character/],
  ['[\\uD800-\\uDBFF]', /half of a character/],
  ['(', /not valid in ECMA-262/],
  ['[z-a]', /not valid in ECMA-262/],
  ['a{2,1}', /not valid in ECMA-262/],
])('%s is refused', (pattern, why) => {
  expect(() => rustPattern(pattern)).toThrow(NotTranslated);
  expect(() => rustPattern(pattern)).toThrow(why);
});
