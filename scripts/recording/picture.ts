import type { Colour, Stretch } from './screen.ts';

/** Widths and heights in pixels, for a font of 14. */
const cell = { width: 8.43, height: 20 };
const margin = 18;
const bar = 34;

const paint: Readonly<Record<Colour, string>> = {
  red: '#ff7b72',
  green: '#56d364',
  yellow: '#e3b341',
  blue: '#79c0ff',
  magenta: '#d2a8ff',
  cyan: '#76e3ea',
};

/**
 * Lines of a terminal as an SVG. It brings its own dark background, so that it reads alike on a light page and on a dark one, and it loads
 * nothing: the font is the reader's own of fixed width. Text stays text, which can be searched and read aloud.
 */
export function pictureOf(lines: readonly (readonly Stretch[])[], title: string): string {
  const columns = Math.max(...lines.map((line) => line.reduce((sum, { text }) => sum + text.length, 0)));
  const [width, height] = [Math.ceil(2 * margin + columns * cell.width), bar + lines.length * cell.height + margin];
  const texts = lines.flatMap((line, at) => (line.length === 0 ? [] : [textOf(line, bar + (at + 0.75) * cell.height)]));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `  <title>${escaped(title)}</title>`,
    '  <style>',
    '    text { font: 14px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #e6edf3; white-space: pre }',
    '    .bold { font-weight: 700 }',
    '    .dim { fill: #9da7b1 }',
    ...Object.entries(paint).map(([name, colour]) => `    .${name} { fill: ${colour} }`),
    '  </style>',
    `  <rect width="${width}" height="${height}" rx="8" fill="#161b22" stroke="#6e7681"/>`,
    ...['#ff7b72', '#e3b341', '#56d364'].map((colour, at) => `  <circle cx="${margin + 4 + at * 18}" cy="18" r="5" fill="${colour}"/>`),
    ...texts,
    '</svg>',
    '',
  ].join('\n');
}

/** Each stretch is placed and stretched to the columns that it takes, whatever the width of the reader's font. */
function textOf(line: readonly Stretch[], y: number): string {
  let column = 0;
  const spans = line.map(({ text, bold, dim, colour }) => {
    const at = margin + column * cell.width;
    column += text.length;
    const classes = [bold ? 'bold' : '', dim ? 'dim' : '', colour ?? ''].filter(Boolean).join(' ');
    const length = (text.length * cell.width).toFixed(1);
    return text.trim() === ''
      ? ''
      : `<tspan x="${at.toFixed(1)}" textLength="${length}"${classes && ` class="${classes}"`}>${escaped(text)}</tspan>`;
  });
  return `  <text y="${y}" xml:space="preserve">${spans.join('')}</text>`;
}

/** The lines that a picture shows, without their colours. */
export function linesIn(picture: string): readonly string[] {
  const texts = [...picture.matchAll(/<text y="([\d.]+)"[^>]*>(.*)<\/text>/g)];
  return texts.map(([, , spans = '']) => {
    let line = '';
    for (const [, x = '', text = ''] of spans.matchAll(/<tspan x="([\d.]+)"[^>]*>([^<]*)<\/tspan>/g))
      line = line.padEnd(Math.round((Number(x) - margin) / cell.width)) + unescaped(text);
    return line;
  });
}

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (one) => entities[one as keyof typeof entities]);
}

function unescaped(text: string): string {
  return Object.entries(entities).reduceRight((whole, [plain, written]) => whole.replaceAll(written, plain), text);
}
