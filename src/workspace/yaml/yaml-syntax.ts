import type { Document, YAMLError } from 'yaml';
import { type Problem, quoted } from './problems.ts';
import { lineStart, type SourceText } from './source.ts';

/** The syntax errors of a YAML text: every duplicate key, and the first part that could not be parsed, because later errors only follow from the first. */
export function explainSyntax(source: SourceText, document: Document.Parsed): readonly Problem[] {
  const doubles = document.errors.filter((error) => error.code === 'DUPLICATE_KEY');
  const tabs = document.errors.filter((error) => error.code === 'TAB_AS_INDENT').slice(0, 1);
  const others = [...document.errors, ...document.warnings].filter((error) => !doubles.includes(error)).slice(0, 1);
  return [
    ...doubles.map((error) => double(source, error)),
    ...(tabs.length > 0 ? tabs.map((error) => tab(source, error)) : others.map((error) => syntax(source, error))),
  ];
}

function double(source: SourceText, error: YAMLError): Problem {
  const key = /^["']?([^"':\n]*)/.exec(source.text.slice(error.pos[0]))?.[1]?.trim() ?? '';
  return {
    code: 'HYG-1006',
    what: `The key ${quoted(key)} occurs twice.`,
    why: ['YAML would keep one of the two values and lose the other.'],
    tryThis: ['Remove or rename one of the two.'],
    spot: { source, offset: error.pos[0] },
  };
}

function tab(source: SourceText, error: YAMLError): Problem {
  return {
    code: 'HYG-1007',
    what: 'There is a tab in the indentation.',
    why: ['YAML is indented with spaces only.'],
    tryThis: ['Replace the tab by two spaces, and let your editor insert spaces in YAML files.'],
    spot: { source, offset: error.pos[0] },
  };
}

function syntax(source: SourceText, error: YAMLError): Problem {
  const offset = error.pos[0];
  const [what, tryThis] = inWords(source, error, valueAt(source.text, offset));
  return { code: 'HYG-1005', what, tryThis: [tryThis], spot: { source, offset } };
}

function inWords(source: SourceText, error: YAMLError, value: string): readonly [string, string] {
  if (/^\{\w+\}/.test(value) || /[{,]\s*[\w-]+:\s*[^"'\s,{}][^"'\n,{}]*\{\w+\}/.test(lineOf(source.text, error.pos[0]))) {
    return ['YAML reads a `{` here as the start of a map.', 'Put the value in quotes: `path: "{entity}/raw"`.'];
  }
  switch (error.code) {
    case 'BAD_SCALAR_START':
      return [`A value cannot begin with ${quoted(source.text[error.pos[0]] ?? '')} in YAML.`, 'Put the value in quotes.'];
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return /:\s/.test(value)
        ? ['There is a second key inside a value.', 'If the value contains `: `, put the value in quotes.']
        : ['The next line is indented deeper, so YAML reads it as a part of this value.', 'Begin all keys of one map in the same column.'];
    case 'MISSING_CHAR':
      return /quote/.test(error.message)
        ? ['A quote is opened, but not closed.', "Add the closing quote. Inside single quotes, write `''` for a quote."]
        : [
            'This line is neither a key with a value nor an item of a list.',
            'Write `key: value` (with a space after the colon) or `- item`.',
          ];
    case 'BAD_INDENT':
      return /Flow/.test(error.message)
        ? ['A `[` or `{` is opened, but not closed.', 'Add the closing bracket.']
        : ['The indentation does not fit the lines above.', 'Begin all keys of one map in the same column; use two spaces for each level.'];
    case 'MULTIPLE_DOCS':
      return ['The file contains several YAML documents.', 'Remove the `---` line, or put each document in its own file.'];
    case 'TAG_RESOLVE_FAILED':
      return ['Tags (`!name`) mean nothing here.', `Remove the tag; a variable of the environment is \`\${NAME}\`.`];
    case 'BAD_DQ_ESCAPE':
      return ['In double quotes a `\\` begins an escape.', "Use single quotes: 'C:\\data'."];
    default:
      return [
        'The text continues where YAML expects a new line.',
        'Check quotes and indentation here and in the line above; put values with special characters in quotes.',
      ];
  }
}

function lineOf(text: string, offset: number): string {
  const start = lineStart(text, offset);
  const end = text.indexOf('\n', offset);
  return text.slice(start, end === -1 ? text.length : end);
}

/** The value on the line of `offset`: the text after the first colon. */
function valueAt(text: string, offset: number): string {
  return /^[^:]*:\s+(.*)$/.exec(lineOf(text, offset))?.[1] ?? '';
}
