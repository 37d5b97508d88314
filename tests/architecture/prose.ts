import { runningCode, type Source } from './sources.ts';

/** Strings of running code, as esbuild prints it; regular expressions are matched so that their quotes open nothing. */
const literals =
  /(?<=[(,=:[!&|?{};]\s*|return )\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n[])+\/[a-z]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;

const wordPair = /[a-z]{2,}[,;:]? [a-z]{2,}/i;

/** `errors/fit.ts`, `errors.ts`: what makes a room's errors. */
const makesErrors = /(^|\/)errors(\/|\.ts$)/;

/** A fault of ours that nobody is to see: `new Error(…)` in one line. */
const isDefect = (line: string) => /\bnew (?:Range|Type)?Error\(/.test(line);

function stringsOf(code: string): readonly { readonly text: string; readonly line: string }[] {
  return [...code.matchAll(literals)]
    .filter(([literal]) => !literal.startsWith('/'))
    .map(({ 0: literal, index }) => {
      const from = code.lastIndexOf('\n', index) + 1;
      const to = code.indexOf('\n', index);
      return { text: literal.slice(1, -1).replace(/\$\{[^{}`]*\}/g, '…'), line: code.slice(from, to < 0 ? undefined : to) };
    });
}

/** Strings that stand in a type: codes, however many words they have. */
function codesIn(sources: readonly Source[]): ReadonlySet<string> {
  const inType = /(?<!\|)\|\s*'([^'\n]+)'|'([^'\n]+)'(?=\s*\|(?!\|))|readonly \w+\??: '([^'\n]+)'/g;
  return new Set(
    sources.flatMap(({ text }) => [...text.matchAll(inType)].flatMap(([, ...found]) => found.filter((one) => one !== undefined))),
  );
}

/** Sentences and phrases below `folder` that are not an error's: facts belong there, and their words to `narrate`. */
export function proseIn(folder: string, sources: readonly Source[]): readonly string[] {
  const codes = codesIn(sources);
  return sources
    .filter(({ path }) => path.startsWith(folder) && !makesErrors.test(path.slice(folder.length)))
    .flatMap((source) =>
      stringsOf(runningCode(source))
        .filter(({ text, line }) => wordPair.test(text) && !codes.has(text) && !isDefect(line))
        .map(({ text }) => `${source.path} says “${text}”`),
    );
}
