/** The form of a text, such as a date, an amount, an address, or words. Forms are wider than types, because they only distinguish values from names. */

export type ValueKind =
  /** An empty field, or a word that means a missing value. */
  | 'empty'
  | 'missing'
  | 'number'
  | 'amount'
  | 'date'
  | 'timestamp'
  | 'time'
  /** A year and a part of the year: `2024-01`, `Q1 2024`, `2019/20`. */
  | 'period'
  | 'email'
  /** A URL, or the path of a file. */
  | 'url'
  | 'uuid'
  | 'iban'
  | 'address'
  | 'phone'
  | 'truth'
  | 'document'
  /** Digits with signs or letters between them that have no other kind, such as an article number. */
  | 'code'
  | 'words';

const month =
  '(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch|ts|s)?|märz|apr(?:il)?|may|mai|maj|jun[ei]?|jul[yi]?|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[czs](?:ember)?)\\.?';
const day = [
  '\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}',
  '\\d{1,2}[-/.]\\d{1,2}[-/.](?:\\d{4}|\\d{2})',
  `\\d{1,2}\\.?[ -]${month}[ ,-]+(?:\\d{4}|\\d{2})`,
  `${month} \\d{1,2},? \\d{4}`,
].join('|');
const clock = '\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d+)?)?(?: ?[ap]\\.?m\\.?)?(?: ?(?:z|utc|gmt|[+-]\\d{2}:?(?:\\d{2})?))?';
const digits = "(?:\\d{1,3}(?:[.,' \u00a0\u202f]\\d{3})+(?:[.,]\\d+)?|\\d+(?:[.,]\\d*)?|[.,]\\d+)(?:e[+-]?\\d+)?";
const unit =
  '(?:[$€£¥₹₽%‰]|us\\$|kr\\.?|zł|kč|ft|eur|usd|gbp|dkk|sek|nok|isk|chf|pln|czk|huf|jpy|cny|inr|aud|cad|nzd|brl|mxn|zar|rub|try|sgd|hkd)';

/** The patterns of the kinds, in the order in which they are tried. The first pattern that fits decides. */
const patterns: readonly (readonly [ValueKind, RegExp])[] = [
  ['missing', /^(?:n\/?a\.?|#n\/a|nan|null|nil|none|-+|\?+|\.|\\n|unknown|tbd|missing)$/i],
  ['uuid', /^\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?$/i],
  ['email', /^[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+$/],
  ['url', /^(?:[a-z][a-z0-9+.-]*:\/\/|www\.|mailto:)\S+$|^(?:[a-z]:\\|\.{0,2}\/)\S*\.\w+$/i],
  ['timestamp', new RegExp(`^(?:${day})(?:t|,? +)${clock}$`, 'i')],
  ['date', new RegExp(`^(?:${day})$`, 'i')],
  ['time', new RegExp(`^${clock}$`, 'i')],
  [
    'period',
    new RegExp(
      `^(?:(?:19|20)\\d{2}[-/.](?:\\d{2}|(?:19|20)\\d{2})|(?:q[1-4]|h[12]|fy|w\\d{1,2}|${month})[ -/]?(?:19|20)?\\d{2}|(?:19|20)\\d{2}[ -]?(?:q[1-4]|h[12]|w\\d{1,2}|m\\d{1,2}|${month}))$`,
      'i',
    ),
  ],
  ['address', /^(?:\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d+)?|(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|(?:[0-9a-f]{1,4}:){3,7}[0-9a-f:]{1,4})$/i],
  ['number', new RegExp(`^(?:[-+−]? ?${digits}-?|\\(${digits}\\))$`, 'i')],
  ['amount', new RegExp(`^\\(?[-+−]? ?(?:${unit} ?[-+−]?${digits}|${digits} ?${unit})(?:,?-)?\\)?$`, 'i')],
  ['amount', new RegExp(`^[-+−]?${digits} \\p{L}{1,5}\\.?$`, 'iu')],
  ['iban', /^[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?$/],
  ['phone', /^(?:\+|00)\d[\d ()./-]{5,}\d$|^\(\d{2,5}\) ?\d[\d .-]{4,}\d$|^\d{2,4}(?:[ .-]\d{2,4}){2,4}$|^\d{3}[-.]\d{4}$/],
  ['truth', /^(?:true|false|yes|no|ja|nein|nej|nei|oui|non|on|off)$/i],
  ['document', /^(?:\{.*\}|\[.*\])$/s],
  ['code', /^(?=.*\d)[^\s]+$|^(?=(?:.*\d){2})\S+ \S+$/],
];

/** The patterns for texts without a digit. */
const wordPatterns = patterns.filter(([kind]) => ['missing', 'email', 'url', 'truth', 'document'].includes(kind));

export function kindOf(written: string): ValueKind {
  const text = written.trim();
  if (text === '') return 'empty';
  if (text.length > 80) return /^[{[].*[}\]]$/s.test(text) ? 'document' : 'words';
  const possible = /\d/.test(text) ? patterns : wordPatterns;
  return possible.find(([, pattern]) => pattern.test(text))?.[0] ?? 'words';
}

/** Whether a text is a whole number in the usual range of years. */
export const isYear = (text: string): boolean => /^(?:19|20)\d{2}$/.test(text.trim());

/** Replaces digits by 9 and letters by a or A. Texts of the same shape belong to the same numbering. */
export function shapeOf(text: string): string {
  return text
    .trim()
    .replace(/\d/g, '9')
    .replace(/\p{Lu}/gu, 'A')
    .replace(/\p{Ll}/gu, 'a');
}

/** How the words of a text are written. */
export function styleOf(written: string): 'lower' | 'upper' | 'title' | 'joined' | 'prose' | 'mixed' {
  const text = written.trim();
  if (/^[\p{L}\d]+(?:_[\p{L}\d]+)+$/u.test(text) || /^\p{Ll}+(?:\p{Lu}[\p{Ll}\d]+)+$/u.test(text)) return 'joined';
  if (text.split(/\s+/).length > 4 || text.length > 48) return 'prose';
  if (!/\p{L}/u.test(text)) return 'mixed';
  if (text === text.toLowerCase()) return 'lower';
  if (text === text.toUpperCase()) return 'upper';
  return /^\p{Lu}/u.test(text) ? 'title' : 'mixed';
}
