/** Said at the top of every page that is made from code. */
export const made = '<!-- Made from the code by `npm run docs`. Change it there. -->';

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}

/** A bar would begin the next cell, and a line break end the row. */
function cell(text: string): string {
  return prose(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** Text in which `<flow>` stays `<flow>`, inside and outside of code. */
export function prose(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((piece) => (piece.startsWith('`') ? piece : piece.replaceAll('<', '&lt;').replaceAll('*', '\\*')))
    .join('');
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function code(text: string): string {
  return `\`${text}\``;
}

/** `a, b and c`. */
export function list(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}

/** Indented blocks would be taken for lists; a fence is not taken for anything. */
export function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}

/** Blocks with a blank line between them, and one line break at the end. */
export function page(blocks: readonly string[]): string {
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
