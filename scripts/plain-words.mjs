/**
 * Finds constructions that make a reader read twice, and says what to write in their place.
 *   node scripts/plain-words.mjs                   counts by group and kind
 *   node scripts/plain-words.mjs screen src/cli    the sentences (groups: screen, docs, comments; paths narrow it)
 *   node scripts/plain-words.mjs screen --max 0    exit code 1 if there are more
 * screen: texts in src, functions and infra. docs: Markdown without code. comments: those of src, functions and infra.
 * It finds a part of them only: a sentence without a hit may still be a bad one.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './runtime.mjs';

const longest = 30;
const kinds = [
  [
    'subject',
    /\b(?:one|those|ones|rows|what|whatever) that (?:is|are|has|have|was|were|can|does) (?:none|gone|there|not|no)\b/i,
    'name the thing: "a table that …"',
  ],
  ['subject', /(?:^|[.:;] )(?:One|Those|Ones) (?:that|which|of (?!\$\{)|who)\b/, 'begin with a noun: "A trigger that …"'],
  [
    'subject',
    /(?:^|[.:;] )Of (?!course|these|the following)(?:a|an|the|those|such|what|each|several|all|two)\b/,
    'begin with the subject: "Of X, Y has Z" is "Y of X has Z"',
  ],
  ['subject', /\bwhat (?:of (?:it|them)|stands? (?:in|there)|is there|it has|was there)\b/i, 'name it: "its values", "the existing rows"'],
  ['where=if', /(?:^|[.:;] )Where (?!to\b|from\b|it\b \w+ed\b|[A-Z]|.*\?$)/, '"If …" or "When …"; "where" is for places'],
  ['no', /(?<!\bthere )\b(?:is|are|was|were) no (?!longer|more|less|other|different|better|worse)\w+/i, '"is not a …", "… does not exist"'],
  ['no', /\b(?:is|are) none(?! of)\b/i, '"is not one", "none exists"'],
  ['tell', /\b(?:is|are|was|were|be|been|being) told\b|\btold (?:of|about|by|once|here|there)\b/i, '"is reported", "hygge reports"'],
  ['tell', /\btells? (?:it|them|nothing|this|that|which|what|how|where|whether|the|of|no|people)\b/i, '"shows", "says", "reports"'],
  [
    'stand',
    /\b(?:stands?|stood|standing) (?:in|there|below|above|beside|behind|between|before|apart|at|for|on|alone)\b/i,
    '"is in", "is listed below", "means"',
  ],
  [
    'lie',
    /\b(?:lies|lie|lay|lying) (?:in|there|apart|below|above|beside|behind|between|beneath|under|at|on|outside|inside|below|with)\b/i,
    '"is stored in", "is between"',
  ],
  ['apart', /\b(?:sets?|put|puts|kept|keeps?|lies|lie|settles?|go|goes) (?:\w+ )?apart\b/i, '"goes to quarantine", "is stored separately"'],
  ['go on', /\b(?:go|goes|going|went|gone) on\b/i, '"continues", "resumes"'],
  ['anew', /\banew\b|\bafresh\b/i, '"again", "from scratch"'],
  ['for good', /\bfor good\b/i, '"permanently"'],
  ['ask', /\b(?:is|are|was|were|be|been) asked\b|\bwhat is asked\b/i, '"hygge queries …", "is requested"'],
  ['let', /\blets? (?:in|us in|it in|them in|nobody)\b/i, '"accepts the login", "allows"'],
  ['meant', /\bcan(?:not|’t|'t)? be meant\b|\b(?:is|are) meant(?! to\b)/i, '"is valid", "is ambiguous", "is intended"'],
  ['people', /\b(?:whoever|nobody|somebody|anybody|whom)\b/i, '"another process", "the owner", "no one"; best: who it is'],
  ['stay', /\bas (?:it|they) (?:was|were|stands?|lies?|lie)\b|\bas (?:it|they) (?:is|are)(?=[.,:;)]|$)/i, '"unchanged", "as before"'],
  [
    'theirs',
    /\b(?:of theirs|of ours|others['’] (?:rows|files|data)|files? of others|rows? of others)\b/i,
    '"rows that hygge did not write"',
  ],
  ['beside', /\bbeside\b/i, '"in addition to", "next to", "with"'],
  [
    'take',
    /\btakes? (?:it|them|those|these|that|back|part of it)\b|\bis taken (?:for|as|over|by)\b/i,
    '"accepts", "reads", "is treated as"',
  ],
  ['give', /\bgives? (?:it|them|no|none|nothing|back)\b/i, '"returns", "provides", "add … to it"'],
  ['bring', /\bbrings? (?:no|in|rows|nothing)\b/i, '"reads", "loads"'],
  ['come', /\bcomes? (?:about|along|to it|of it|again|twice|once)\b/i, '"happens", "repeats", "occurs"'],
  ['way out', /\bways? out\b/i, '"remedy", "fix"'],
  [
    'till',
    /\bso (?:long|far) as\b|\bas far as\b|\bfor as long as\b|\bmeanwhile\b|\bin the meantime\b/i,
    '"while", "until", "during the run"',
  ],
];

/** What is not prose, though it has words with blanks between them. */
const notProse =
  /\bimport \{ |\bCONVERT\(|\b(?:SELECT|INSERT INTO|CREATE TABLE|FROM pg_)\b|^\s*(?:select|with|do \$|revoke)\b|\bunion all\b|\bfrom information_schema\b|::text\b|<!doctype|^:root|\w:\w[^ ]*;\w|^\S+ completion for|^#? ?hygge completion|\bresource \w+ '|\bparam \w+ \w+/;
/** Sentences that stay, each with its reason: by the end of a path and the words that they begin with. */
const kept = [
  ['apis/answers/answer-form.ts', 'after before begin', 'a list of words'],
  ['docs/words.ts', 'a about also', 'a list of words'],
  ['files/connectors/config.ts', 'and or not in', 'a list of words of SQL'],
  ['frames/rules/condition.ts', 'abs acos', 'a list of functions of SQL'],
  ['azure/by-hand.ts', 'member, or a pool', 'a shell script'],
  ['azure/by-hand.ts', 'workspace, identity', 'a shell script'],
  ['aws/render.ts', 'audience id', 'a shell script'],
  ['databases/sqlserver/destination.ts', 'EXEC sys.', 'a name that tables already have'],
];

/** What texts have in place of a value. */
const value = '§';

/**
 * Texts and comments of a source. A template is one text, with § in place of each value, and the texts inside of its values are texts of their own.
 * @param {string} code
 * @returns {{ group: 'screen' | 'comments', at: number, text: string }[]}
 */
export function wordsOf(code) {
  const found = [];
  let at = 0;
  /** Reads up to the end, or to the brace that ends a value of a template. */
  const read = (inValue) => {
    let depth = 0;
    let before = '';
    while (at < code.length) {
      const char = code[at];
      if (code.startsWith('//', at) || code.startsWith('/*', at)) comment();
      else if (char === "'" || char === '"') string(char);
      else if (char === '`') template();
      else if (char === '/' && /[(,=:[!&|?{};>]$|\breturn$|^$/.test(before)) regularExpression();
      else if (char === '{') depth += 1;
      else if (char === '}' && depth-- === 0 && inValue) return;
      if (/\S/.test(code[at] ?? '')) before = (before + code[at]).slice(-8);
      at += 1;
    }
  };
  const comment = () => {
    const from = at;
    const isBlock = code[at + 1] === '*';
    const end = isBlock ? code.indexOf('*/', at + 2) + 1 : code.indexOf('\n', at);
    at = end < 1 ? code.length : end;
    found.push({
      group: 'comments',
      at: from,
      text: code
        .slice(from, at)
        .replace(/^\/[*/]+|\*$/g, '')
        .replace(/^\s*\* ?/gm, ''),
    });
  };
  const string = (quote) => {
    const from = at;
    for (at += 1; at < code.length && code[at] !== quote && code[at] !== '\n'; at += 1) if (code[at] === '\\') at += 1;
    found.push({ group: 'screen', at: from, text: code.slice(from + 1, at).replaceAll('\\n', '\n') });
  };
  const template = () => {
    const from = at;
    let text = '';
    for (at += 1; at < code.length && code[at] !== '`'; at += 1) {
      if (code.startsWith('${', at)) {
        at += 2;
        read(true);
        text += value;
      } else {
        if (code[at] === '\\') at += 1;
        text += code[at] === 'n' && code[at - 1] === '\\' ? '\n' : code[at];
      }
    }
    found.push({ group: 'screen', at: from, text });
  };
  const regularExpression = () => {
    let inClass = false;
    for (at += 1; at < code.length && code[at] !== '\n' && (inClass || code[at] !== '/'); at += 1) {
      if (code[at] === '\\') at += 1;
      else if (code[at] === '[') inClass = true;
      else if (code[at] === ']') inClass = false;
    }
  };
  read(false);
  return found;
}

/** Paragraphs, items and cells of Markdown, without code, addresses and tables' bars. */
function wordsOfMarkdown(text) {
  const found = [];
  let fenced = false;
  let block = '';
  let from = 0;
  let at = 0;
  const flush = () => {
    found.push({ group: 'docs', at: from, text: block });
    block = '';
  };
  for (const line of text.split('\n')) {
    const isFence = /^\s*(?:```|~~~)/.test(line);
    if (isFence) fenced = !fenced;
    if (isFence || line.trim() === '' || /^\s*(?:[-*|#<]|\d+\.)/.test(line)) flush();
    if (!isFence && !fenced && !/^\s*</.test(line)) {
      if (block === '') from = at;
      block += ` ${line
        // A link to a test has that test's title.
        .replace(/\[[^\]]*\]\((?:\.\.\/)+tests\/[^)]*\)/g, '§')
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .replace(/^\s*(?:[-*#]+|\d+\.)\s*/, '')
        .replace(/\*\*/g, '')
        .replace(/\s*\|\s*/g, '. ')}`;
    }
    at += line.length + 1;
  }
  flush();
  return found;
}

/** Sentences of a text; a key, an item or a comment of YAML begins one as well. */
const sentences = (text) =>
  text
    .replace(/`[^`]*`/g, value)
    .split(/\n(?=\s*(?:#|-|[\w-]+:)|\s*\n)/)
    .flatMap((part) =>
      part
        .replace(/^\s*#\s*/, '')
        .replace(/\s+/g, ' ')
        .split(/(?<=[.!?])\s+|\s+# /),
    )
    .map((one) => one.trim())
    .filter((one) => /[a-z]+ [a-z]+ [a-z]/i.test(one));

/**
 * Sentences of these files that have to be read twice.
 * @param {readonly { path: string, text: string }[]} sources
 */
export function placesIn(sources) {
  return sources.flatMap(({ path, text }) =>
    (path.endsWith('.md') ? wordsOfMarkdown(text) : wordsOf(text))
      .filter((one) => one.group !== 'screen' || !notProse.test(one.text))
      .flatMap(({ group, at, text: all }) =>
        sentences(all)
          .filter((one) => !kept.some(([end, begin]) => path.endsWith(end) && one.startsWith(begin)))
          .flatMap((sentence) => {
            const hits = kinds.filter(([, pattern]) => pattern.test(sentence)).map(([kind, , instead]) => ({ kind, instead }));
            const count = sentence.split(' ').length;
            if (group !== 'comments' && count > longest) hits.push({ kind: 'long', instead: `${count} words: two sentences` });
            return hits.map((hit) => ({ group, ...hit, where: `${path}:${text.slice(0, at).split('\n').length}`, text: sentence }));
          }),
      ),
  );
}

/** The files below these paths that have words. */
export function filesWithWords(paths) {
  return execFileSync('git', ['ls-files', ...paths], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((path) => /\.(?:ts|md)$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

function main() {
  const args = process.argv.slice(2);
  const at = args.indexOf('--max');
  const max = at < 0 ? Number.POSITIVE_INFINITY : Number(args.splice(at, 2)[1]);
  const groups = args.filter((one) => ['screen', 'docs', 'comments'].includes(one));
  const paths = args.filter((one) => !groups.includes(one));
  const found = placesIn(filesWithWords(paths.length > 0 ? paths : ['src', 'functions', 'infra', 'docs', 'README.md'])).filter(
    ({ group }) => groups.length === 0 || groups.includes(group),
  );
  const counts = new Map();
  for (const { group, kind, instead, where, text } of found) {
    if (groups.length > 0) process.stdout.write(`${where}  ${kind}: ${text}\n    → ${instead}\n`);
    counts.set(`${group}  ${kind}`, (counts.get(`${group}  ${kind}`) ?? 0) + 1);
  }
  for (const [key, count] of [...counts].sort()) process.stdout.write(`${String(count).padStart(6)}  ${key}\n`);
  process.stdout.write(`${found.length} places\n`);
  process.exitCode = found.length > max ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
